"""`ironworks layout`: the floor plan of a scenario's site on a day, as a drawing, for CAD and for maps."""

from __future__ import annotations

import csv
import importlib.util
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks.commands._floor_summary import floor_summary
from ironworks.commands._results import SUMMARY, plain, result_folder
from ironworks.commands.run import ScenarioArgument, Sets, overrides_of, show
from ironworks.factory.floor_plan import FloorPlan, floor_plan, fullest_day, ways_of
from ironworks.factory.layout import Layout
from ironworks.factory.layout.drawing import draw_plan, geojson, write_dxf
from ironworks.factory.plant import Plant
from ironworks.factory.premises import sites_with_halls
from ironworks.faults import Fault, ScenarioFaults
from ironworks.scenario import Scenario, read_scenario

__all__ = ["layout"]


def layout(
    scenario: ScenarioArgument = "tianhe",
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="Which day; default: when most floor is planned.")
    ] = None,
    site: Annotated[str | None, typer.Option(help="Which site; default: the one with most floor of halls.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: out/layout-SCENARIO-SITE.")] = None,
    variant: Annotated[str | None, typer.Option(help="A variant of the scenario's variants.csv.")] = None,
    changes: Sets = None,
) -> None:
    """Place the stations and stores of a day in the halls of a site, check everything, and draw the plan.

    What halls lack is told, and does not end the command with a fault.
    Exit codes: 0 done, 1 the machine refused, 2 faults in what was given, 130 interrupted.
    """
    read = read_scenario(scenario, overrides_of(changes), variant=variant)
    console = Console(stderr=True, highlight=False)
    for warning in read.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    plant = Plant(read)
    name = _site(read, scenario, site)
    when = _day(plant, day) if day is not None else fullest_day(plant, name)
    run = read.settings.run
    with console.status(f"placing what stands at {name} on {when}"):
        plan = floor_plan(plant, name, when, [read.draw(run.seed, i) for i in range(run.replications)])
    folder = out or Path("out") / f"layout-{read.name}-{name}"
    with result_folder(folder) as temporary:
        _write(temporary, read, plan)
    show([*([_needs(plan)] if plan.needs else []), *([_carried(read, plan)] if ways_of(read, [plan]) else [])])
    _tell(read, plan, folder)


def _site(read: Scenario, given: str, site: str | None) -> str:
    names = sites_with_halls(read)
    if not names:
        mend = "add its halls to halls.csv"
        raise ScenarioFaults([Fault("halls.csv", 0, "", f"{given} has no halls to place anything in", (), mend)])
    if site is not None and site not in names:
        raise ScenarioFaults([Fault("--site", 0, site[:60], "has no halls", names, "name one of them")])
    bays = {name: sum(hall.bays_x * hall.bays_y for hall in read.halls if hall.site == name) for name in names}
    return site or max(names, key=lambda name: bays[name])


def _day(plant: Plant, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        mend = "write year-month-day, as 2028-06-01"
        raise ScenarioFaults([Fault("--date", 0, text[:60], "is not a date", (), mend)]) from None
    last = plant.start + timedelta(days=plant.days - 1)
    if not plant.start <= day <= last:
        mend = f"write a day from {plant.start} to {last}"
        raise ScenarioFaults([Fault("--date", 0, text, "is outside the horizon", (), mend)])
    return day


def _write(folder: Path, read: Scenario, plan: FloorPlan) -> None:
    found = plan.layout
    if found is not None:
        (folder / "plan.svg").write_text(draw_plan(found), encoding="utf-8")
        (folder / "plan.geojson").write_text(geojson(found), encoding="utf-8")
        if _has_cad():
            write_dxf(found, folder / "plan.dxf")
        _write_places(folder / "places.csv", found)
    told = {"scenario": read.name, **floor_summary(plan), "broken": list(found.broken) if found else []}
    text = json.dumps({key: plain(value) for key, value in told.items()}, indent=2, ensure_ascii=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")


def _write_places(path: Path, found: Layout) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["department", "number", "hall", "x_m", "y_m", "width_m", "depth_m", "front"])
        for place in found.places:
            space, front = place.space, "north" if place.up else "south"
            sides = (place.x, place.y, space.width, space.depth)
            writer.writerow([place.department, place.number, place.hall, *(f"{side:.3f}" for side in sides), front])


def _needs(plan: FloorPlan) -> Table:
    kinds = list(dict.fromkeys(need.kind for need in plan.needs))
    units = {need.kind: need.unit for need in plan.needs}
    head = [f"{kind}, {units[kind]}" for kind in kinds]
    title = f"What stands at {plan.site} on {plan.day} needs, of what its halls have"
    table = Table("hall", *head, title=title, title_justify="left", box=None)
    for halls in dict.fromkeys(need.halls for need in plan.needs):
        cells = []
        for kind in kinds:
            need = next(one for one in plan.needs if (one.halls, one.kind) == (halls, kind))
            taken, has = need.shown()
            cells.append(Text(f"{_short(taken)} of {_short(has)}", style="red" if need.short else ""))
        table.add_row(" or ".join(halls), *cells)
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _carried(read: Scenario, plan: FloorPlan) -> Table:
    table = Table("route", "after", "metres", title="What carriers drive with a lot", title_justify="left", box=None)
    for (route, operation), metres in ways_of(read, [plan]).items():
        table.add_row(route, operation, f"{metres:.0f}")
    return table


def _tell(read: Scenario, plan: FloorPlan, folder: Path) -> None:
    screen = Console(highlight=False, soft_wrap=True)
    for finding in plan.findings:
        screen.print(Text(finding, style="red"))
    screen.print(
        f"the maker has the floor that is needed in {plan.chance:.0%} of {read.settings.run.replications} draws"
    )
    if plan.layout is None:
        screen.print(
            f"no plan: {len(plan.findings)} finding{'s' if len(plan.findings) > 1 else ''}; {folder} says them"
        )
        return
    row = next(row for row in read.sites if row.site == plan.site)
    if row.longitude is None or row.latitude is None:
        screen.print("plan.geojson counts from 0 degrees: sites.csv has no longitude and latitude of the site")
    if not _has_cad():
        screen.print("no plan.dxf: that needs the package ezdxf, the extra `cad`")
    halls = len({place.hall for place in plan.layout.places})
    screen.print(f"{len(plan.layout.places)} places in {halls} hall{'s' if halls > 1 else ''}; no rule is broken")
    screen.print(f"{plan.layout.work / 1e3:,.1f} km a day with loads; the plan is in {folder}")


def _has_cad() -> bool:
    return importlib.util.find_spec("ezdxf") is not None
