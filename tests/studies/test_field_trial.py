"""Verdicts on legs follow those of the bench where the scenario names them, and are kept as those are."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.test_verdicts import table

from ironworks.scenario import Scenario, read_scenario
from ironworks.studies import acceptance, field_trial
from ironworks.verdicts import PASS, Verdicts


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Nobody walks: every unit passes one procedure. Counts the tables that were made."""
    counted: list[int] = []

    def make(scenario: Scenario, units: int, *_: object) -> Verdicts:
        counted.append(units)
        setup = field_trial.setup_of(scenario, units)
        meta = {"scenario": scenario.name, "made_of": setup.made_of, "scales": [1.0], "units": units}
        return table([(1.0, 7, "robot", "push", 1, PASS, "", 2.0)], key=setup.key, meta=meta)

    monkeypatch.setattr(field_trial, "made", make)
    for module in (acceptance, field_trial):
        monkeypatch.setattr(module, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("IRONWORKS_CACHE", str(tmp_path / "cache"))
    return counted


def with_trial(changes: dict[str, str] | None = None) -> Scenario:
    """The default scenario, whose trial runs one procedure of the field trial."""
    scenario = read_scenario("tianhe", changes or {})
    bench = [row for row in scenario.bench if row.operation != "trial"]
    pushed = bench[-1].model_copy(update={"procedure": "push", "operation": "trial", "defect": "gait_fault"})
    return replace(scenario, bench=[*bench, pushed])


def test_they_follow_once_made_and_then_kept(made: list[int]) -> None:
    scenario = with_trial()
    for _ in range(2):
        found = field_trial.followed(scenario, table(), units=3)
        assert found.procedures("robot") == ("range", "torque", "push")
        assert found.meta["later"]["units"] == 3
    assert made == [3]


def test_a_scenario_that_names_none_of_them_keeps_its_assumed_yields(made: list[int]) -> None:
    scenario = with_trial()
    bench = [row for row in scenario.bench if row.operation != "trial"]
    plain = table()
    assert field_trial.followed(replace(scenario, bench=bench), plain) is plain
    assert made == []


def test_a_picture_comes_with_the_shipped_table_alone(made: list[int], tmp_path: Path) -> None:
    scenario = with_trial()
    (tmp_path / "shipped").mkdir()
    path = field_trial.made(scenario, 30).write(tmp_path / "shipped" / "tianhe-field-trial.parquet")
    path.with_suffix(".png").write_bytes(b"a picture")
    assert field_trial.field_trial_picture(field_trial.followed(scenario, table())) == b"a picture"
    changed = with_trial({"spreads.backlash.sigma": "20 percent"})
    assert field_trial.field_trial_picture(field_trial.followed(changed, table())) is None
    assert made == [30, field_trial.UNITS]
