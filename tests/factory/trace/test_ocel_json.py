"""The JSON form, against the schema that the standard publishes."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker

from ironworks.factory.trace import Ocel, write_ocel_json

SCHEMA = json.loads((Path(__file__).parent / "ocel20_schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker())


@pytest.fixture
def document(log: Ocel, tmp_path: Path) -> dict:
    write_ocel_json(log, tmp_path / "log.json")
    return json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))


def test_json_validates_against_the_published_schema(document: dict) -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert list(VALIDATOR.iter_errors(document)) == []


def test_the_schema_would_catch_a_wrong_log(document: dict) -> None:
    def number(broken: dict) -> None:
        broken["events"][0]["attributes"][0]["value"] = 12

    def no_qualifier(broken: dict) -> None:
        del broken["events"][0]["relationships"][0]["qualifier"]

    def no_objects(broken: dict) -> None:
        del broken["objects"]

    def no_time(broken: dict) -> None:
        del broken["objects"][0]["attributes"][0]["time"]

    for spoil in (number, no_qualifier, no_objects, no_time):
        broken = copy.deepcopy(document)
        spoil(broken)
        assert list(VALIDATOR.iter_errors(broken)), spoil.__name__


def test_json_says_what_the_log_says(log: Ocel, document: dict) -> None:
    assert [e["id"] for e in document["events"]] == [e.id for e in log.events]
    measured = next(e for e in document["events"] if e["type"] == "measured")
    assert measured["time"] == "2026-11-30T08:01:02.000000Z"
    assert {"name": "value", "value": "1.25"} in measured["attributes"]
    assert {"name": "passed", "value": "false"} in measured["attributes"]
    types = next(t for t in document["eventTypes"] if t["name"] == "measured")
    assert {"name": "value", "type": "float"} in types["attributes"]
    robot = next(o for o in document["objects"] if o["type"] == "robot")
    assert robot["attributes"][0] == {"name": "status", "value": "not made yet", "time": "1970-01-01T00:00:00.000000Z"}
    assert {"objectId": "actuator lot:actuator-000204", "qualifier": "holds"} in robot["relationships"]


def test_an_empty_log_is_valid_too(tmp_path: Path) -> None:
    write_ocel_json(Ocel({}, {}, [], []), tmp_path / "log.json")
    assert list(VALIDATOR.iter_errors(json.loads((tmp_path / "log.json").read_text()))) == []


def test_a_failure_leaves_the_old_file_whole(log: Ocel, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text("old")
    log.events[-1].attributes["actor"] = object()  # type: ignore[assignment]
    log.events[-1].time = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        write_ocel_json(log, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
