"""`ironworks run`: one scenario end to end, its report and its result files."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks import chain
from ironworks.commands._bench_verdicts import bench_verdicts
from ironworks.commands._progress import progress
from ironworks.commands._results import result_folder, summary, write_results
from ironworks.commands._screen import outcome_tables
from ironworks.factory.flow.kernels import cold
from ironworks.faults import Fault, ScenarioFaults
from ironworks.report.page import write_report
from ironworks.scenario import read_scenario
from ironworks.settings import MOST_SEED
from ironworks.studies import bottleneck, line_balance

__all__ = ["DEADLOCK", "announced_warm_up", "deadlocks_explained", "overrides_of", "progress", "run", "show"]

DEADLOCK = 3

ScenarioArgument = Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A built-in name or a folder.")]
Replications = Annotated[int | None, typer.Option(min=1, help="How many; default: the scenario's own number.")]
Seed = Annotated[
    int | None, typer.Option(min=0, max=MOST_SEED, help="Of all random numbers; default: the scenario's own.")
]
WorkerCount = Annotated[
    int | None, typer.Option(min=1, help="Processes; default: one per core. The result is the same.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change one cell: table.row.column, figure.ID or section.key. Repeatable."
    ),
]


Bench = Annotated[bool, typer.Option(help="Take yields from units on the bench, where the scenario has one.")]
BenchUnits = Annotated[
    int | None, typer.Option(min=2, help="Units to test at each scale where no verdicts of this bench are at hand.")
]


def run(
    scenario: ScenarioArgument = "tianhe",
    replications: Replications = None,
    seed: Seed = None,
    workers: WorkerCount = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: out/SCENARIO[-VARIANT].")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON instead of tables.")] = False,
    variant: Annotated[str | None, typer.Option(help="A variant of the scenario's variants.csv.")] = None,
    changes: Sets = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="End earlier (or later) than the scenario.")] = None,
    elasticities: Annotated[
        bool, typer.Option(help="Also measure what raising each bottleneck would give, and balance the line.")
    ] = True,
    bench: Bench = True,
    bench_units: BenchUnits = None,
) -> None:
    """Simulate a scenario: targets with probabilities, bottlenecks, costs, and a report to open in a browser.

    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 3 a deadlock in the plant, 130 interrupted.
    Nothing half-written is left in any case.
    """
    read = read_scenario(scenario, overrides_of(changes, until), variant=variant)
    folder = out or Path("out") / (read.name + (f"-{variant}" if variant else ""))
    console = Console(stderr=True, highlight=False)
    for warning in read.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    with result_folder(folder) as temporary, deadlocks_explained(console):
        announced_warm_up(console)
        verdicts = bench_verdicts(read, console, workers=workers, units=bench_units) if bench else None
        begun = time.perf_counter()
        with progress(console, f"{read.name}: replications") as advance:
            outcome = chain.run(
                read,
                verdicts=verdicts,
                workers=workers,
                replications=replications,
                seed=seed,
                variant=variant or "",
                on_progress=advance,
            )
        if elasticities:
            with progress(console, f"{read.name}: bottlenecks") as advance:
                outcome = bottleneck.explain(outcome, workers=workers, on_progress=advance)
            with progress(console, f"{read.name}: the line balanced") as advance:
                outcome = line_balance.balance_line(outcome, workers=workers, on_progress=advance)
        spent = time.perf_counter() - begun
        with console.status("writing the report"):
            if verdicts is not None:
                # MuJoCo is loaded by those alone who need it.
                from ironworks.studies.field_trial import field_trial_picture
                from ironworks.studies.unit_picture import unit_picture

                outcome = replace(
                    outcome, unit_picture=unit_picture(read), field_trial_picture=field_trial_picture(verdicts)
                )
            write_results(outcome, temporary)
            for plan in outcome.floors:
                for finding in plan.findings:
                    console.print(Text(f"no floor plan of {plan.site} on {plan.day}: {finding}", style="yellow"))
            write_report(outcome, temporary / "report.html")
    if as_json:
        sys.stdout.write(json.dumps(summary(outcome), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        show(outcome_tables(outcome))
    console.print(f"{len(outcome.replications)} replications and their bottlenecks in {spent:.0f} s")
    console.print(Text(f"report: {folder / 'report.html'}", style="bold"))


def overrides_of(changes: list[str] | None, until: str | None = None) -> Mapping[str, str]:
    """`--set` and `--until` as the reader takes them. Raises ScenarioFaults for what has no `=`."""
    found: dict[str, str] = {}
    faults = []
    for change in changes or ():
        key, equals, value = change.partition("=")
        if not equals or not key.strip():
            faults.append(
                Fault("--set", 0, change[:80], "is not KEY=VALUE", (), "write for example figure.motor_lead='6 week'")
            )
        found[key.strip()] = value.strip()
    if faults:
        raise ScenarioFaults(faults)
    if until is not None:
        found["scenario.end"] = until
    return found


def announced_warm_up(console: Console) -> None:
    """Compile the kernels ahead of everything that is timed, saying so."""
    if not cold():
        return
    begun = time.perf_counter()
    with console.status("compiling the simulation, once for this version (up to a minute)"):
        chain.warm_up()
    console.print(f"compiled the simulation in {time.perf_counter() - begun:.0f} s; it is kept for the next runs")


def show(tables: Iterable[Table]) -> None:
    """Print tables; into a file or pipe they are as wide as they need."""
    screen = Console(highlight=False)
    if not screen.is_terminal:
        screen.width = 140
    for table in tables:
        screen.print(table)


@contextmanager
def deadlocks_explained(console: Console) -> Iterator[None]:
    """Turn a deadlock into its explanation and exit code."""
    try:
        yield
    except chain.Stopped as stopped:
        console.print(Text(str(stopped), style="red"))
        console.print('A plant that locks has too few buffer places in a loop; or set [control] deadlock = "swap".')
        raise typer.Exit(DEADLOCK) from None
