"""Verdicts of a scenario: where they come from, and what makes them stale."""

from dataclasses import replace
from pathlib import Path

import pytest

from ironworks.robot.acceptance.procedures import PROCEDURES
from ironworks.scenario import read_scenario
from ironworks.studies import acceptance
from ironworks.studies.acceptance import Setup, sampled, setup_of, table, verdicts_for
from ironworks.verdicts import Verdicts

QUICK = tuple(p for p in PROCEDURES if p.name in ("torque_constant", "gear_play"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Tests with two fast procedures, with folders of its own; counts the samples that were tested."""
    counted: list[int] = []
    whole, slow = acceptance.setup_of, acceptance.sampled

    def setup(scenario: object, **settings: object) -> Setup:
        return replace(whole(scenario, **settings), procedures=QUICK)  # type: ignore[arg-type]

    def sample(*given: object, **named: object) -> object:
        counted.append(1)
        return slow(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(acceptance, "setup_of", setup)
    monkeypatch.setattr(acceptance, "sampled", sample)
    monkeypatch.setattr(acceptance, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setenv("IRONWORKS_CACHE", str(tmp_path / "cache"))
    return counted


def test_a_table_is_made_once_and_then_found_in_the_cache(quick: list[int], tmp_path: Path) -> None:
    scenario = read_scenario("tianhe")
    first = verdicts_for(scenario, units=2, scales=(1.0,), workers=1)
    again = verdicts_for(scenario, units=2, scales=(1.0,), workers=1)
    assert (len(quick), first.key) == (1, again.key)
    assert [path.suffix for path in (tmp_path / "cache" / "acceptance").iterdir()] == [".parquet"]
    changed = read_scenario("tianhe", {"spreads.backlash.sigma": "20 percent"})
    other = verdicts_for(changed, units=2, scales=(1.0,), workers=1)
    assert (len(quick), other.key == first.key) == (2, False)


def test_a_shipped_table_is_taken_and_a_stale_one_is_told_of(quick: list[int], tmp_path: Path) -> None:
    scenario = read_scenario("tianhe")
    setup = acceptance.setup_of(scenario, units=2, scales=(1.0,))
    (tmp_path / "shipped").mkdir()
    made = table(setup, sampled(setup, 2, workers=1))
    path = made.write(tmp_path / "shipped" / "tianhe.parquet")
    said: list[str] = []
    assert verdicts_for(scenario, units=2, scales=(1.0,), on_warning=said.append).key == setup.key
    assert said == []
    old = {**made.meta, "made_of": {**made.meta["made_of"], "mujoco": "3.9.9"}}
    Verdicts(**{name: getattr(made, name) for name in _COLUMNS}, key="old", meta=old).write(path)
    assert verdicts_for(scenario, units=2, scales=(1.0,), on_warning=said.append).key == "old"
    assert len(said) == 1
    assert "mujoco" in said[0]
    assert "make acceptance-data" in said[0]
    assert quick == []


_COLUMNS = ("scale", "unit", "item", "procedure", "attempt", "verdict", "cause", "minutes")


def test_the_key_knows_what_a_table_was_made_of() -> None:
    scenario = read_scenario("tianhe")
    made_of = setup_of(scenario, units=2).made_of

    def differ(**changes: str) -> set[str]:
        changed = read_scenario("tianhe", {key.replace("__", "."): value for key, value in changes.items()})
        other = setup_of(changed, units=2).made_of
        return {name for name, value in other.items() if made_of[name] != value}

    assert differ() == set()
    assert differ(spreads__backlash__sigma="20 percent") == {"spreads"}
    assert differ(gross_faults__weak_cell__rate="0.5") == {"gross faults"}
    assert "sources" in {n for n, v in replace(setup_of(scenario), procedures=QUICK).made_of.items() if made_of[n] != v}
