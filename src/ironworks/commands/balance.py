"""`ironworks balance`: fewest stations for a cycle, or the shortest cycle for stations."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import matplotlib as mpl
import typer
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from ironworks.commands._balance_route import balance_route
from ironworks.commands._results import SUMMARY, result_folder
from ironworks.factory.balance import (
    SUFFIXES,
    Assignment,
    BalanceError,
    LineInstance,
    fewest_stations,
    read_instance,
    shortest_cycle,
)
from ironworks.faults import Fault, ScenarioFaults
from ironworks.report.plots.line_loads import plot_line_loads
from ironworks.report.plots.precedence import plot_precedence
from ironworks.report.plots.theme import RC

__all__ = ["balance"]

#: Stations that the screen lists; the rest stands in the table of the folder.
_LISTED = 30


def balance(
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="A line's file (.alb, .IN2), or a scenario with --yearly.")
    ],
    cycle: Annotated[
        int | None, typer.Option(min=1, help="Cycle time in the file's unit: fewest stations. Default: the file's own.")
    ] = None,
    stations: Annotated[
        int | None, typer.Option(min=1, help="Number of stations: shortest cycle time instead.")
    ] = None,
    yearly: Annotated[
        float | None, typer.Option(min=0.001, help="Of a scenario: pieces a year; the cheapest stations and places.")
    ] = None,
    route: Annotated[
        str | None, typer.Option(help="Of a scenario: which route; default: the last one of its final product.")
    ] = None,
    at_unit: Annotated[
        float | None, typer.Option(min=1.0, help="Of a scenario: experience that counts; default: a year's pieces.")
    ] = None,
    most_load: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Of a scenario: share of takt that a station is loaded to at most.")
    ] = 0.85,
    moves: Annotated[
        int | None, typer.Option(min=0, help="Of a scenario: at most so many elements leave their station of today.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.0, help="How long to search at most.")] = 60.0,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: out/balance-LINE.")] = None,
) -> None:
    """Balance a line: which station does which task, proven best where time suffices; pictures of loads and precedence.

    Ctrl-C ends the search for stations, not the command: the best line so far is told with its bound.
    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 130 interrupted.
    """
    path = Path(line)
    if path.suffix.lower() in SUFFIXES:
        _no_more(
            {"--yearly": yearly, "--route": route, "--at-unit": at_unit, "--moves": moves},
            "of a scenario, and this is a file",
        )
        _balance_file(path, cycle, stations, seconds, out)
        return
    _no_more({"--cycle": cycle, "--stations": stations}, "of a file; a scenario takes --yearly")
    if yearly is None:
        raise ScenarioFaults([Fault("--yearly", 0, "", "is missing", (), "say how many pieces a year the line is for")])
    balance_route(line, yearly, route, at_unit or max(yearly, 1.0), most_load, moves, seconds, out)


def _no_more(given: dict[str, object], why: str) -> None:
    faults = [Fault(name, 0, "", f"is {why}", (), "leave it out") for name, value in given.items() if value is not None]
    if faults:
        raise ScenarioFaults(faults)


def _balance_file(line: Path, cycle: int | None, stations: int | None, seconds: float, out: Path | None) -> None:
    instance, told = read_instance(line)
    if cycle is not None and stations is not None:
        raise ScenarioFaults([Fault("--stations", 0, "", "and --cycle were both given", (), "leave one of them out")])
    console = Console(stderr=True, highlight=False)
    try:
        if stations is not None:
            with console.status(f"searching the shortest cycle for {stations} stations"):
                paced = shortest_cycle(instance, stations, seconds)
            assignment, least, proven, spent = paced.assignment, paced.least, paced.proven, paced.seconds
            said = f"cycle {assignment.cycle}, at least {least}"
        else:
            wanted = cycle or told
            if wanted is None:
                raise ScenarioFaults(
                    [Fault(str(line), 0, "cycle time", "is not told", (), "add --cycle or --stations")]
                )
            with console.status(f"searching the fewest stations for a cycle of {wanted}") as status:
                found = fewest_stations(
                    instance, wanted, seconds,
                    told=lambda best, bound: status.update(f"{best} stations, at least {bound}"),
                )  # fmt: skip
            assignment, least, proven, spent = found.assignment, found.least, found.proven, found.seconds
            said = f"{assignment.stations} stations, at least {least}"
    except BalanceError as error:
        raise ScenarioFaults([Fault(str(line), 0, "", problem) for problem in error.problems]) from None
    folder = out or Path("out") / f"balance-{line.stem}"
    with result_folder(folder) as temporary:
        _write(temporary, assignment, least, proven, spent)
    screen = Console(highlight=False)
    screen.print(_table(assignment))
    screen.print(f"{said}: {'proven best' if proven else 'not proven'}")
    idle = 100 * (1 - assignment.efficiency)
    screen.print(f"{idle:.1f} % idle, found in {spent:.2f} s; the line is in {folder}", soft_wrap=True)


def _table(assignment: Assignment) -> Table:
    table = Table("station", "load", "tasks", box=None)
    for station, load in enumerate(assignment.loads[:_LISTED]):
        table.add_row(str(1 + station), str(load), " ".join(assignment.tasks(station)))
    if assignment.stations > _LISTED:
        table.add_row("...", "", f"{assignment.stations - _LISTED} more in assignment.csv")
    return table


def _write(folder: Path, assignment: Assignment, least: int, proven: bool, seconds: float) -> None:
    line: LineInstance = assignment.instance
    with (folder / "assignment.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["station", "task", "time"])
        time = dict(zip(line.names, line.times.tolist(), strict=True))
        for station in range(assignment.stations):
            writer.writerows([1 + station, task, time[task]] for task in assignment.tasks(station))
    told = {
        "tasks": len(line), "order_strength": line.order_strength, "cycle": assignment.cycle,
        "stations": assignment.stations, "least": least, "proven": proven, "efficiency": assignment.efficiency,
        "loads": assignment.loads.tolist(), "seconds": seconds,
    }  # fmt: skip
    (folder / SUMMARY).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    for name, axes in (("line", _drawn_loads(assignment)), ("precedence", plot_precedence(assignment, None))):
        figure = axes.get_figure()
        assert isinstance(figure, Figure)
        with mpl.rc_context(RC):
            for suffix in ("png", "svg"):
                figure.savefig(folder / f"{name}.{suffix}", dpi=150, facecolor="white", bbox_inches="tight")


def _drawn_loads(assignment: Assignment) -> Axes:
    return plot_line_loads(assignment, "time")
