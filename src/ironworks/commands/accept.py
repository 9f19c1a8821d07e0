"""`ironworks accept`: a sample of units on the bench, or the log of a real one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    from ironworks.studies.acceptance import Accepted

__all__ = ["accept"]

_FURTHER = (("sweep", "which spread matters"), ("seeded", "which procedure catches each gross fault"))


def accept(
    scenario: ScenarioArgument = "tianhe",
    units: Annotated[int, typer.Option(min=1, help="How many units.")] = 64,
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
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: out/accept-SCENARIO.")] = None,
    html: Annotated[bool, typer.Option("--html", help="Also write a page to open in a browser.")] = False,
    changes: Sets = None,
    log: Annotated[Path | None, typer.Option(help="Read the CSV log of a real bench instead.")] = None,
) -> None:
    """Test a sample of units: first-pass yields, causes, capability, wrong decisions, and what they cost.

    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 130 interrupted.
    """
    from ironworks.commands._bench_screen import accepted_tables, log_tables, read_log

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
    from ironworks.studies.acceptance import run_sample, setup_of

    read = read_scenario(scenario, overrides_of(changes))
    folder = out or Path("out") / f"accept-{read.name}"
    console = Console(stderr=True, highlight=False)
    for warning in read.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    luck = read.settings.run.seed if seed is None else seed
    setup = setup_of(read, seed=luck, scale=scale, procedures=_chosen(only), units=units)
    with result_folder(folder) as temporary:
        with progress(console, f"{read.name}: bench") as advance:
            accepted = run_sample(
                setup, units, scale=scale, sweep=sweep, seeded=seeded, workers=workers, on_progress=advance
            )
        _write(accepted, temporary)
        if html:
            from ironworks.report.acceptance import write_acceptance_report

            write_acceptance_report(accepted, temporary / "report.html")
    show(accepted_tables(accepted))
    console.print(f"{units} units in {accepted.result.seconds:.0f} s; results: {folder}")
    if html:
        console.print(Text(f"report: {folder / 'report.html'}", style="bold"))
    more = [
        f"--{name} N shows {what}" for (name, what), asked in zip(_FURTHER, (sweep, seeded), strict=True) if not asked
    ]
    if more:
        console.print("; ".join(more), soft_wrap=True)


def _chosen(only: Sequence[str] | None) -> Sequence[Procedure]:
    from ironworks.robot.acceptance.procedures import PROCEDURES

    names = tuple(procedure.name for procedure in PROCEDURES)
    faults = [
        Fault("--only", 0, name[:80], "is no procedure", names, closest(name, names))
        for name in only or ()
        if name not in names
    ]
    if faults:
        raise ScenarioFaults(faults)
    return tuple(p for p in PROCEDURES if not only or p.name in only)


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
        "verdicts": pa_parquet.read_table(folder / "verdicts.parquet"),
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
