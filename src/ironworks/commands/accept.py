"""`ironworks accept`: a sample of units on the bench, or the log of a real one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from ironworks.commands._progress import progress
from ironworks.commands._results import SUMMARY, plain, result_folder
from ironworks.commands.run import ScenarioArgument, Sets, WorkerCount, overrides_of, show
from ironworks.faults import Fault, ScenarioFaults, closest
from ironworks.scenario import read_scenario
from ironworks.settings import MOST_SEED

if TYPE_CHECKING:
    from ironworks.robot.acceptance.procedure import Procedure
    from ironworks.robot.acceptance.walking import WalkingTest
    from ironworks.scenario import Scenario
    from ironworks.studies.acceptance import Accepted

__all__ = ["Programme", "accept"]


class Programme(StrEnum):
    """What units go through."""

    BENCH = "bench"
    WALKING = "walking"
    TERRAIN = "terrain"
    MANIPULATION = "manipulation"
    SAFETY = "safety"
    GRASP = "grasp"


UNITS = 64
"""Units of a sample on the bench."""
Chosen = TypeVar("Chosen", bound="Procedure")
_FURTHER = (("sweep", "which spread matters"), ("seeded", "which procedure catches each gross fault"))


def accept(
    scenario: ScenarioArgument = "tianhe",
    units: Annotated[
        int | None, typer.Option(min=1, help="How many units; default: 64, 59 that walk, 4 that grasp.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=MOST_SEED, help="Of units and noise; default: the scenario's own.")
    ] = None,
    scale: Annotated[float, typer.Option(min=0.001, help="Multiple of all spreads and fault rates.")] = 1.0,
    workers: WorkerCount = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="PROCEDURE", help="Run this procedure alone. Repeatable.")
    ] = None,
    sweep: Annotated[
        int, typer.Option(min=0, metavar="N", help="Sweep each spread on so many units; 0: no sweep.")
    ] = 0,
    seeded: Annotated[
        int, typer.Option(min=0, metavar="N", help="Seed each gross fault on so many units; 0: none.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; default: out/accept-SCENARIO, or PROGRAMME-SCENARIO.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Also write a page to open in a browser.")] = False,
    changes: Sets = None,
    programme: Annotated[
        Programme,
        typer.Option(help="The bench; or units that passed it: walking, terrain, manipulation, safety, grasp."),
    ] = Programme.BENCH,
    video: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Film the first unit that walks into this .webp or .gif.")
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Read the CSV log of a real bench instead.")] = None,
) -> None:
    """Test a sample of units: first-pass yields, causes, capability, wrong decisions, and what they cost.

    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 130 interrupted.
    """
    from ironworks.commands._bench_screen import log_tables, read_log

    if log is not None:
        logged = read_log(log)
        errors = Console(stderr=True, highlight=False, soft_wrap=True)
        for warning in logged.warnings:
            errors.print(Text(f"warning: {warning}", style="yellow"))
        for part in log_tables(logged):
            if isinstance(part, str):
                typer.echo(part)
            else:
                show([part])
        return
    read = read_scenario(scenario, overrides_of(changes))
    walks = programme is not Programme.BENCH
    folder = out or Path("out") / f"{programme.value if walks else 'accept'}-{read.name}"
    console = Console(stderr=True, highlight=False)
    for warning in read.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    luck = read.settings.run.seed if seed is None else seed
    if programme is Programme.GRASP:
        found = _grasp(read, folder, console, units, luck, scale, workers, only, sweep, seeded, html, video)
    elif walks:
        found = _walk(programme, read, folder, console, units, luck, scale, workers, only, sweep, seeded, html, video)
    else:
        if video is not None:
            raise ScenarioFaults([Fault("--video", 0, "", "shows units that walk", mend="add --programme walking")])
        found = _bench(read, folder, console, units or UNITS, luck, scale, workers, only, sweep, seeded, html)
    console.print(f"{len(found.result.journeys)} units in {found.result.seconds:.0f} s; results: {folder}")
    if html:
        console.print(Text(f"report: {folder / 'report.html'}", style="bold"))
    asked = {"sweep": sweep, "seeded": seeded}
    further = _FURTHER if not walks else _FURTHER[:1] if programme is Programme.WALKING else ()
    more = [f"--{name} N shows {what}" for name, what in further if not asked[name]]
    if more:
        console.print("; ".join(more), soft_wrap=True)


def _bench(
    read: Scenario, folder: Path, console: Console, units: int, seed: int, scale: float, workers: int | None,
    only: Sequence[str] | None, sweep: int, seeded: int, html: bool,
) -> Accepted:  # fmt: skip
    from ironworks.commands._bench_screen import accepted_tables
    from ironworks.robot.acceptance.procedures import PROCEDURES
    from ironworks.studies.acceptance import run_sample, setup_of

    setup = setup_of(read, seed=seed, scale=scale, procedures=_chosen(only, PROCEDURES), units=units)
    with result_folder(folder) as temporary:
        with progress(console, f"{read.name}: bench") as advance:
            accepted = run_sample(
                setup, units, scale=scale, sweep=sweep, seeded=seeded, workers=workers, on_progress=advance
            )
        _keep(accepted, temporary, html)
    show(accepted_tables(accepted))
    return accepted


def _walk(
    programme: Programme, read: Scenario, folder: Path, console: Console, units: int | None, seed: int, scale: float,
    workers: int | None,
    only: Sequence[str] | None, sweep: int, seeded: int, html: bool, video: Path | None,
) -> Accepted:  # fmt: skip
    from ironworks.commands._walking_screen import walked_tables
    from ironworks.robot.acceptance.manipulation import MANIPULATION
    from ironworks.robot.acceptance.walking import SAFETY, TERRAIN, WALKING
    from ironworks.robot.acceptance.walking.film import SUFFIXES
    from ironworks.studies.walking import UNITS as ROW
    from ironworks.studies.walking import film_unit, run_walking

    faults = []
    if seeded:
        what = "belongs to the bench, which catches gross faults before units walk"
        faults.append(Fault("--seeded", 0, "", what, mend="leave --programme walking out"))
    if sweep and programme is not Programme.WALKING:
        what = "varies the units of the walking programme"
        faults.append(Fault("--sweep", 0, "", what, mend="take --programme walking"))
    if video is not None and video.suffix not in SUFFIXES:
        faults.append(Fault("--video", 0, str(video)[:80], "is no film that this can write", SUFFIXES))
    if faults:
        raise ScenarioFaults(faults)
    courses: dict[Programme, tuple[WalkingTest, ...]] = {
        Programme.TERRAIN: TERRAIN,
        Programme.MANIPULATION: MANIPULATION,
        Programme.SAFETY: SAFETY,
    }
    chosen = _chosen(only, courses.get(programme, WALKING))
    with result_folder(folder) as temporary:
        with progress(console, f"{read.name}: {programme.value}") as advance:
            walked = run_walking(
                read, units or ROW, seed=seed, scale=scale, programme=chosen, sweep=sweep, workers=workers,
                on_progress=advance,
            )  # fmt: skip
        _keep(walked, temporary, html)
    show(walked_tables(walked))
    if video is not None:
        begun = video.with_name(f".{video.name}.partial")
        begun.parent.mkdir(parents=True, exist_ok=True)
        try:
            with progress(console, f"{read.name}: film") as advance:
                film_unit(read, begun, video.suffix, seed=seed, scale=scale, programme=chosen, on_progress=advance)
            begun.replace(video)
        finally:
            begun.unlink(missing_ok=True)
        console.print(f"film: {video}")
    return walked


def _grasp(
    read: Scenario, folder: Path, console: Console, units: int | None, seed: int, scale: float, workers: int | None,
    only: Sequence[str] | None, sweep: int, seeded: int, html: bool, video: Path | None,
) -> Accepted:  # fmt: skip
    from ironworks.commands._grasp_screen import grasped_tables
    from ironworks.robot.acceptance.manipulation import GRASP
    from ironworks.studies.grasping import UNITS as SOME
    from ironworks.studies.grasping import run_grasps

    given = {"--sweep": sweep, "--seeded": seeded, "--video": video}
    faults = [
        Fault(name, 0, "", "does not go with hands", mend="leave --programme grasp out, or this")
        for name, value in given.items()
        if value
    ]
    if faults:
        raise ScenarioFaults(faults)
    chosen = _chosen(only, GRASP)
    with result_folder(folder) as temporary:
        with progress(console, f"{read.name}: grasp") as advance:
            grasped = run_grasps(
                read, units or SOME, seed=seed, scale=scale, programme=chosen, workers=workers, on_progress=advance
            )
        _keep(grasped, temporary, html)
    show(grasped_tables(grasped))
    return grasped


def _keep(accepted: Accepted, folder: Path, html: bool) -> None:
    _write(accepted, folder)
    if html:
        from ironworks.report.acceptance import write_acceptance_report

        write_acceptance_report(accepted, folder / "report.html")


def _chosen(only: Sequence[str] | None, procedures: Sequence[Chosen]) -> tuple[Chosen, ...]:
    names = tuple(procedure.name for procedure in procedures)
    faults = [
        Fault("--only", 0, name[:80], "is no procedure", names, closest(name, names))
        for name in only or ()
        if name not in names
    ]
    if faults:
        raise ScenarioFaults(faults)
    return tuple(p for p in procedures if not only or p.name in only)


def _write(accepted: Accepted, folder: Path) -> None:
    """results.json, and the tables as Parquet and CSV."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pa_parquet

    text = json.dumps(plain(_summary(accepted)), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")
    accepted.verdicts.write(folder / "verdicts.parquet")
    readings = pa.table(accepted.result.readings())
    pa_parquet.write_table(readings, folder / "readings.parquet", compression="zstd")
    tables = {
        "verdicts": pa_parquet.read_table(folder / "verdicts.parquet", use_threads=False),
        "readings": readings,
        "yields": pa.Table.from_pylist([_flat(asdict(row)) for row in accepted.yields]),
        "capability": pa.Table.from_pylist([_flat(asdict(row)) for row in accepted.capabilities]),
    }
    for name, table in tables.items():
        plain_columns = [
            column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table
        ]
        pa_csv.write_csv(pa.table(plain_columns, names=table.column_names), folder / f"{name}.csv")


def _summary(accepted: Accepted) -> dict[str, Any]:
    from ironworks.commands._legs_summary import on_legs

    result, sweep = accepted.result, accepted.sweep
    return {
        "ironworks": version("ironworks"),
        "scenario": accepted.setup.scenario.name,
        "design": accepted.setup.design.name,
        "key": accepted.verdicts.key,
        "seed": result.seed,
        "scale": accepted.scale,
        "units": len(result.journeys),
        "yields": [asdict(row) for row in accepted.yields],
        "causes": result.causes(accepted.scale),
        "replaced": result.replaced(accepted.scale),
        "capability": [asdict(row) for row in accepted.capabilities],
        "studies": [
            {
                **asdict(study),
                "percent_grr": study.components.percent_grr if study.components else None,
                "ndc": study.components.ndc if study.components else None,
            }
            for study in result.studied()
        ],
        "coverage": [{**asdict(row), "level": row.level} for row in accepted.coverage],
        "sensitivity": None
        if sweep is None
        else {
            "units": sweep.units,
            "factors": list(sweep.factors),
            "passed": {name: sweep.passed[i].tolist() for i, name in enumerate(sweep.deviations)},
            "runs": sweep.runs,
            "seconds": sweep.seconds,
        },
        "on_legs": on_legs(accepted),
        "seconds": result.seconds,
    }


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    """One level of columns from nested dictionaries."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{before}{name}_"))
        else:
            flat[before + name] = value
    return flat
