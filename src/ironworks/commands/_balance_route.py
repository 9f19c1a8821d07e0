"""`ironworks balance SCENARIO`: a route of a plant, with places, teams and equipment."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from ironworks import chain
from ironworks.commands._results import SUMMARY, result_folder
from ironworks.factory.balance import BalanceError, GeneralBalanced, cheapest_line
from ironworks.factory.balancing import BayLoad, bay_loads, line_of_route
from ironworks.factory.calendar import YEAR
from ironworks.factory.plant import Plant
from ironworks.faults import Fault, ScenarioFaults, closest
from ironworks.report.plots.bay_loads import plot_bay_loads
from ironworks.report.plots.theme import RC
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.line_balance import write_line

__all__ = ["balance_route"]


def balance_route(
    name: str,
    yearly: float,
    route: str | None,
    unit: float,
    most_load: float,
    moves: int | None,
    seconds: float,
    out: Path | None,
) -> None:
    """Balance a route of a scenario for `yearly` pieces at experience `unit`, print it and write its folder.

    At most `moves` elements leave their station of today, where it is given.
    """
    scenario = read_scenario(name)
    plant = Plant(scenario)
    chosen = _route(scenario, plant, route)
    console = Console(stderr=True, highlight=False)
    try:
        free = line_of_route(plant, chosen, yearly / YEAR, unit, most_load, scenario.mode())
        line = replace(free, moves=moves)
        with console.status(f"searching the cheapest stations of {chosen} for {yearly:,.0f} a year"):
            found = cheapest_line(line, seconds)
    except BalanceError as error:
        raise ScenarioFaults([Fault(scenario.name, 0, chosen, problem) for problem in error.problems]) from None
    takt = line.takts[0][1] / most_load
    loads = bay_loads(plant, chosen, found.assignment, takt)
    folder = out or Path("out") / f"balance-{scenario.name}-{chosen}"
    with result_folder(folder) as temporary:
        _write(temporary, chosen, yearly, unit, takt, found, loads)
        (temporary / "scenario").mkdir()
        write_line(plant, chosen, found.assignment, f"for {yearly:,.0f} a year", temporary / "scenario")
    screen = Console(highlight=False)
    screen.print(_table(loads))
    currency = scenario.settings.scenario.currency
    places, planned = sum(one.places for one in loads), sum(one.planned for one in loads)
    screen.print(f"takt {takt / 60:.1f} min on shift; {places} places; {planned} are planned there in the end")
    screen.print(
        f"{found.assignment.cost:,.0f} {currency} a year of people and equipment: "
        + ("proven cheapest" if found.proven else f"not proven, at least {found.least:,.0f}")
    )
    screen.print(f"a sum at the figures' values, no simulation; the line is in {folder}", soft_wrap=True)
    screen.print(f"as a scenario: {folder / 'scenario'} (ironworks run {folder / 'scenario'})", soft_wrap=True)


def _route(scenario: Scenario, plant: Plant, route: str | None) -> str:
    routes = [one for one in plant.process.routes if plant.process.operations[one]]
    if route is None:
        return plant.process.routes_of(chain.final_item(scenario))[-1].route
    if route not in routes:
        raise ScenarioFaults([Fault("--route", 0, route, "is no route", tuple(routes), closest(route, routes))])
    return route


def _table(loads: Sequence[BayLoad]) -> Table:
    table = Table("station", "operations", box=None)
    models = list(loads[0].models) if loads else []
    for column in ("places", "planned", "load", *models):
        table.add_column(column, justify="right")
    for one in loads:
        counts = (str(one.places), str(one.planned), *(f"{each:.0%}" for each in (one.load, *one.models.values())))
        table.add_row(one.bay, " ".join(one.operations), *counts)
    return table


def _write(
    folder: Path, route: str, yearly: float, unit: float, takt: float, found: GeneralBalanced, loads: Sequence[BayLoad]
) -> None:
    with (folder / "assignment.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["station", "element", "places", "planned", "load"])
        for one in loads:
            writer.writerows([one.bay, name, one.places, one.planned, f"{one.load:.4f}"] for name in one.elements)
    told = {
        "route": route, "yearly": yearly, "at_unit": unit, "takt": takt, "cost": found.assignment.cost,
        "least": found.least, "proven": found.proven, "seconds": found.seconds,
        "places": {one.bay: one.places for one in loads},
        "models": {one.bay: dict(one.models) for one in loads if one.models},
    }  # fmt: skip
    (folder / SUMMARY).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    figure = plot_bay_loads(loads, takt).get_figure()
    assert isinstance(figure, Figure)
    with mpl.rc_context(RC):
        for suffix in ("png", "svg"):
            figure.savefig(folder / f"line.{suffix}", dpi=150, facecolor="white", bbox_inches="tight")
