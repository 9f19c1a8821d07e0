"""A window of a real replication, from the kernel's log to a file that the published schema accepts."""

import json
from datetime import UTC, datetime
from pathlib import Path

from jsonschema import Draft7Validator

from ironworks.factory.flow import (
    Arising,
    Constant,
    Conwip,
    Defect,
    Exponential,
    Model,
    Operation,
    Routing,
    Station,
    Store,
    run_once,
)
from ironworks.factory.trace import Kind, ocel_log, simulated_events, write_ocel_json

SCHEMA = json.loads((Path(__file__).parent / "ocel20_schema.json").read_text(encoding="utf-8"))


def plant() -> Model:
    made = Routing("hand", [Operation("build", "bench", Exponential(300.0))], release=Conwip(3), output="hand")
    robot = Routing(
        "robot",
        [
            Operation(
                "join", "line", Constant(600.0), consumes={"hand": 2, "screw": 8}, arises=[Arising("loose", 0.5)]
            ),
            Operation("test", "stand", Constant(120.0), finds={"loose": 0.9}),
        ],
    )
    defect = Defect("loose", Operation("tighten", "desk", Constant(60.0)), "robot.test")
    stations = [Station("bench", 2), Station("line"), Station("stand"), Station("desk")]
    return Model(stations, [made, robot], [Store("hand", capacity=6), Store("screw", initial=1000)], [defect])


def test_window_of_a_replication_validates_against_the_published_schema(tmp_path: Path) -> None:
    run = run_once(plant(), 8 * 3600.0, trace=(3600.0, 4 * 3600.0))
    log = ocel_log(simulated_events(run), datetime(2026, 7, 1, tzinfo=UTC))
    assert log.faults() == []
    write_ocel_json(log, tmp_path / "log.json")
    document = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    assert list(Draft7Validator(SCHEMA).iter_errors(document)) == []
    kinds = {event["type"] for event in document["events"]}
    assert {kind.value for kind in (Kind.COMPONENT_INSTALLED, Kind.MEASURED, Kind.NONCONFORMANCE_CLOSED)} <= kinds


def test_installed_hands_are_the_hands_that_were_made() -> None:
    run = run_once(plant(), 4 * 3600.0, trace=(0.0, 4 * 3600.0))
    events = list(simulated_events(run))
    made = {event.unit for event in events if event.kind is Kind.UNIT_FINISHED and event.unit.type == "hand"}
    installed = [e.component for e in events if e.kind is Kind.COMPONENT_INSTALLED and e.component.type == "hand"]
    assert installed
    assert set(installed) <= made
    assert len(set(installed)) == len(installed)
