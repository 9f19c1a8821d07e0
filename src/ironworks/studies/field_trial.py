"""Verdicts of units on their legs, which follow those of the bench in the plant; and a picture of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ironworks.robot.acceptance.walking.field_trial import FIELD_TRIAL, field_trials
from ironworks.scenario import Scenario
from ironworks.studies.acceptance import SEED, SHIPPED, Setup, kept_or_made, table
from ironworks.studies.walking import filmed, walking_bench
from ironworks.verdicts import Verdicts

__all__ = [
    "SCALES",
    "SHIPPED_UNITS",
    "UNITS",
    "field_trial_picture",
    "followed",
    "is_named",
    "made",
    "setup_of",
    "ship",
]

Progress = Callable[[int, int], None]

UNITS, SCALES = 20, (1.4, 1.0, 0.5)
"""Units at each scale of a table. No scale beyond these: of larger spreads the bench passes hardly a unit."""
SHIPPED_UNITS = 20
"""Units of the table that comes with the package."""
_KIND = "field-trial"
#: Seconds between two pictures, of which the last of each course is kept.
_APART = 0.5


def followed(
    scenario: Scenario,
    bench: Verdicts,
    *,
    units: int = UNITS,
    workers: int | None = None,
    on_progress: Progress | None = None,
    on_warning: Callable[[str], None] | None = None,
) -> Verdicts:
    """The verdicts of the bench, followed by those of the field trial where bench.csv names any of its procedures.

    Kept and found as those of the bench are. Raises what `studies.acceptance.verdicts_for` raises.
    """
    if not is_named(scenario):
        return bench
    setup = setup_of(scenario, units)
    found = kept_or_made(setup, lambda: made(scenario, units, workers, on_progress), on_warning, _KIND)
    return bench.followed_by(found)


def is_named(scenario: Scenario) -> bool:
    """Whether bench.csv names any procedure of the field trial."""
    names = {procedure.name for procedure in FIELD_TRIAL}
    return any(row.procedure in names for row in scenario.bench)


def setup_of(scenario: Scenario, units: int) -> Setup:
    """What a scenario's table of so many units is made of."""
    setup, _, _ = walking_bench(scenario, seed=SEED, programme=FIELD_TRIAL)
    return replace(setup, settings={"units": units, "scales": SCALES})


def made(scenario: Scenario, units: int, workers: int | None = None, on_progress: Progress | None = None) -> Verdicts:
    """A new table. Raises RuntimeError where the result contradicts itself."""
    _, bench, before = walking_bench(scenario, seed=SEED, programme=FIELD_TRIAL)
    result = field_trials(bench, before, units, SCALES, workers, on_progress)
    if faults := result.check():
        raise RuntimeError("the field trial contradicts itself:\n" + "\n".join(faults[:5]))
    return table(setup_of(scenario, units), result)


def ship(scenario: Scenario, workers: int | None = None, on_progress: Progress | None = None) -> list[Path]:
    """Make the table of a built-in scenario and the picture beside it; their files. Raises CannotRender."""
    path = SHIPPED / f"{scenario.name}-{_KIND}.parquet"
    film, _ = filmed(scenario, seed=SEED, programme=FIELD_TRIAL, every=_APART)
    picture = path.with_suffix(".png")
    made(scenario, SHIPPED_UNITS, workers, on_progress).write(path)
    picture.write_bytes(film.sheet())
    return [path, picture]


def field_trial_picture(verdicts: Verdicts) -> bytes | None:
    """A unit of the table at each procedure, as PNG; None for a table that does not come with the package."""
    scenario = verdicts.meta.get("later", {}).get("scenario", "")
    path = SHIPPED / f"{scenario}-{_KIND}.parquet"
    if not path.is_file() or not verdicts.key.endswith(f"+{Verdicts.read(path).key}"):
        return None
    picture = path.with_suffix(".png")
    return picture.read_bytes() if picture.is_file() else None
