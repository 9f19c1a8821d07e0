"""Verdicts of a scenario's bench: they come with the package, lie in the user's cache, or are made by a sample."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ironworks.faults import Fault, ScenarioFaults
from ironworks.product.battery.read import pack_of
from ironworks.product.bom import Bom
from ironworks.product.design import Design, Mass, bill_of, read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.coverage import Caught, coverage
from ironworks.robot.acceptance.key import ingredients, key_of
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.procedures import PROCEDURES
from ironworks.robot.acceptance.result import AcceptanceResult, Capable, Yield
from ironworks.robot.acceptance.sample import accept
from ironworks.robot.acceptance.sensitivity import Sensitivity, sensitivity
from ironworks.robot.asbuilt import Places, Population, population_of
from ironworks.robot.hand_design import hands_of
from ironworks.scenario import Scenario, builtin_scenarios
from ironworks.verdicts import Verdicts

__all__ = [
    "COMMAND",
    "SCALES",
    "SEED",
    "SETTLED",
    "SHIPPED",
    "SHIPPED_UNITS",
    "UNITS",
    "Accepted",
    "Setup",
    "kept_or_made",
    "run_sample",
    "sampled",
    "saved",
    "setup_of",
    "table",
    "verdicts_for",
]  # fmt: skip

Progress = Callable[[int, int], None]

UNITS, SCALES, SEED = 30, (4.0, 2.0, 1.4, 1.0, 0.5), 1
"""What the plant's table is made of: units (a third from scale 2 on), scales, and the seed, which is not the run's.

Limits lie five to six standard deviations away, so yields fall from nearly all to none between scales 1 and 2: one more
scale lies there.
"""
SHIPPED_UNITS = 30
"""Units of the tables that come with the package."""
COMMAND = "make acceptance-data"
SETTLED = ("sources", "mujoco", "numpy")
"""Ingredients that are the program's, not the scenario's: where only these differ, a shipped table is stale."""

SHIPPED = Path(__file__).parents[1] / "acceptance_data"
#: Parts of the bill whose pieces are places where something deviates.
_CELL, _CHIP = "cell", "turing_chip"
#: Items of procedures, and the kind of places that they look at.
_LOOKED_AT = {"pack": "cell", "computer": "chip", "skin": "taxel", "head": "camera"}


@dataclass(frozen=True, eq=False)
class Setup:
    """What a scenario brings to the bench."""

    scenario: Scenario
    design: Design
    masses: Mapping[str, Mass]
    population: Population
    procedures: tuple[Procedure, ...] = PROCEDURES
    settings: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def made_of(self) -> dict[str, str]:
        """Hashes of what a table of this setup depends on, by name."""
        files = {path.name: path.read_bytes() for path in sorted(self.design.folder.glob("*")) if path.is_file()}
        return ingredients(
            self.population, self.design, self.masses, self.procedures, design_files=files, settings=self.settings
        )

    @property
    def key(self) -> str:
        """One short text for all of them."""
        return key_of(self.made_of)


def setup_of(
    scenario: Scenario,
    *,
    seed: int = SEED,
    scale: float = 1.0,
    procedures: Sequence[Procedure] = PROCEDURES,
    **settings: object,
) -> Setup:
    """The design that the scenario's [acceptance] names (else `humanoid`), weighed by its bill, and its population.

    Procedures of what the design or the bill does not have (hands, cells, chips, a skin, cameras) are left out.
    Raises ScenarioFaults where design, bill or spreads do not fit, or where the scenario has no spreads.
    """
    chosen = scenario.settings.acceptance
    if not scenario.spreads:
        lacks = "spreads.csv" if chosen is not None else "[acceptance] and spreads.csv"
        having = tuple(name for name, folder in builtin_scenarios().items() if (folder / "spreads.csv").is_file())
        mend = "a copy of one of them, by `ironworks scenario new`, shows what to write"
        raise ScenarioFaults([Fault(scenario.name, 0, "", f"has no bench: it lacks {lacks}", having, mend)])
    design = read_design(chosen.design if chosen is not None else "humanoid")
    masses = design.weigh(bill_of(design, scenario).masses)
    pieces = Bom.of(scenario).explode(design.item)
    places = Places.of(
        design,
        cells=round(pieces.get(_CELL, 0)),
        taxels=[patch.name for patch in patches_of(design) for _ in range(patch.taxels)],
        chips=round(pieces.get(_CHIP, 0)),
    )
    population = population_of(scenario, places, seed=seed, scale=scale)
    cells, groups = len(places.names["cell"]), pack_of(design).series if places.names["cell"] else 1
    if cells % groups:
        what = f"{cells} of `{_CELL}` do not fill the pack's {groups} groups in series of {design.name} evenly"
        raise ScenarioFaults([Fault("bom.csv", 0, _CELL, what, mend=f"take a multiple of {groups}")])
    # A test with nothing to look at would pass every unit.
    there = {item: bool(places.names[kind]) for item, kind in _LOOKED_AT.items()}
    there["hand"] = bool(hands_of(design, masses))
    due = tuple(procedure for procedure in procedures if there.get(procedure.item, True))
    if not due:
        what = f"has nothing of what {', '.join(procedure.name for procedure in procedures)} look at"
        raise ScenarioFaults([Fault("the design", 0, design.name, what, mend="choose other procedures")])
    return Setup(scenario, design, masses, population, due, settings)


def verdicts_for(
    scenario: Scenario,
    *,
    units: int = UNITS,
    scales: Sequence[float] = SCALES,
    workers: int | None = None,
    on_progress: Progress | None = None,
    on_warning: Callable[[str], None] | None = None,
) -> Verdicts:
    """The table of verdicts that a run of the scenario resamples.

    From the package where it holds one of the same design, masses, spreads and rates, whatever the scenario is called;
    where the program has changed since, with a warning that names the command which makes it anew. Else from the
    user's cache; else a sample of `units` at each scale is tested, which takes long, and kept there. Raises
    ScenarioFaults for a scenario without spreads, JobFailed where a procedure raises.
    """
    setup = setup_of(scenario, units=units, scales=tuple(scales))

    def make() -> Verdicts:
        return table(setup, sampled(setup, units, scales=scales, workers=workers, on_progress=on_progress))

    return kept_or_made(setup, make, on_warning)


def kept_or_made(
    setup: Setup, make: Callable[[], Verdicts], on_warning: Callable[[str], None] | None = None, kind: str = "bench"
) -> Verdicts:
    """The table of a setup: from the package, else from the user's cache, else made and kept there.

    `kind`: which of a scenario's tables it is, for the file's name and for warnings.
    """
    shipped = saved(setup, SETTLED + ("settings",))
    if shipped is not None:
        stale = [name for name in SETTLED if shipped.meta["made_of"].get(name) != setup.made_of[name]]
        if stale:
            said = (
                f"verdicts of the {kind} that come with {shipped.meta['scenario']} were made with other "
                f"{' and '.join(stale)}: `{COMMAND}` makes them anew"
            )
            (on_warning or _warn)(said)
        return shipped
    path = _cached(f"{setup.scenario.name}-{kind}-{setup.key}.parquet")
    if path is not None and path.is_file():
        try:
            found = Verdicts.read(path)
        except (OSError, ScenarioFaults):
            path.unlink(missing_ok=True)
        else:
            if found.key == setup.key:
                return found
    verdicts = make()
    if path is not None:
        try:
            verdicts.write(path)
        except OSError as error:
            # Half an hour of tests is not lost for a full disk.
            (on_warning or _warn)(f"verdicts of the {kind} could not be kept in {path.parent}: {error}")
    return verdicts


def sampled(
    setup: Setup,
    units: int,
    *,
    scales: Sequence[float] = (1.0,),
    workers: int | None = None,
    on_progress: Progress | None = None,
    plan: Plan | None = None,
) -> AcceptanceResult:
    """Test a sample of a setup. Raises RuntimeError where the result contradicts itself."""
    result = accept(
        setup.population, setup.design, setup.masses, units, setup.procedures, workers, on_progress, scales=scales,
        plan=plan,
    )  # fmt: skip
    if faults := result.check():
        raise RuntimeError("the sample contradicts itself:\n" + "\n".join(faults[:5]))
    return result


@dataclass(frozen=True, eq=False)
class Accepted:
    """A sample at one scale with what was derived from it; `sweep` and `coverage` where they were asked for."""

    setup: Setup
    scale: float
    result: AcceptanceResult
    verdicts: Verdicts
    coverage: tuple[Caught, ...]
    sweep: Sensitivity | None

    @cached_property
    def yields(self) -> list[Yield]:
        """Of procedures, then of items."""
        return self.result.yields(self.scale)

    @cached_property
    def capabilities(self) -> list[Capable]:
        """Of all measurements."""
        return self.result.capabilities(self.scale)


def run_sample(
    setup: Setup,
    units: int,
    *,
    scale: float = 1.0,
    sweep: int = 0,
    seeded: int = 0,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Accepted:
    """A sample of `units` at one scale; each spread swept on `sweep` units, each gross fault seeded on `seeded`.

    The limits that the shipped table was judged by are taken where nothing but units and scales differs. Raises what
    `sampled` raises.
    """
    shipped = saved(setup, ("settings", "seed", "scale"))
    plan = Plan.from_json(shipped.meta["plan"]) if shipped is not None else None
    result = sampled(setup, units, scales=(scale,), workers=workers, on_progress=on_progress, plan=plan)
    given = (setup.population, setup.design, setup.masses)
    swept = sensitivity(*given, sweep, setup.procedures, workers, on_progress, plan=result.plan) if sweep else None
    caught = coverage(*given, seeded, setup.procedures, workers, on_progress, plan=result.plan) if seeded else []
    return Accepted(setup, scale, result, table(setup, result), tuple(caught), swept)


def table(setup: Setup, result: AcceptanceResult) -> Verdicts:
    """The verdicts of a result with the key of its setup; what it was made of, and the plan, in `meta`."""
    meta = {
        "scenario": setup.scenario.name,
        "design": setup.design.name,
        "made_of": setup.made_of,
        "units": len({journey.serial for journey in result.journeys}),
        "scales": list(result.scales),
        "plan": result.plan.as_json(),
    }
    return result.verdicts(setup.key, meta)


def saved(setup: Setup, whatever: Sequence[str] = (), folder: Path | None = None) -> Verdicts | None:
    """A table in a folder of tables (those that come with the package) that is made of what the setup is.

    Ingredients named in `whatever` may differ. None without one.
    """
    for path in sorted((folder or SHIPPED).glob("*.parquet")):
        found = Verdicts.read(path)
        made = found.meta["made_of"]
        if all(made.get(name) == value for name, value in setup.made_of.items() if name not in whatever):
            return found
    return None


def _warn(said: str) -> None:
    warnings.warn(said, UserWarning, stacklevel=3)


def _cached(name: str) -> Path | None:
    """A file in the user's cache folder; None where nothing can be written."""
    if chosen := os.environ.get("IRONWORKS_CACHE"):
        folder = Path(chosen).expanduser()
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ironworks"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "ironworks"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ironworks"
    try:
        (folder / "acceptance").mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "acceptance" / name
