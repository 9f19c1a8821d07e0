"""Where everything stands, and what halls have of what it needs."""

from __future__ import annotations

import re

from markupsafe import Markup

from ironworks.factory.floor_plan import FloorPlan
from ironworks.factory.layout.drawing import draw_plan
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Folded, Partial, Section, Table, Text

_QUESTION = "Where does everything stand, and does the building bear it?"
_SIZE = re.compile(r' width="[^"]*" height="[^"]*"', re.ASCII)
#: Pixels per metre of the drawing; the page scales it.
_SCALE = 9.0
_WENT_ON = "The run went on with the travel times of operations.csv."


def floor(outcome: Outcome) -> Section:
    """The plan of each site with halls, needs against what each hall has, and what carriers drive."""
    if not outcome.floors:
        told = (
            "No floor plan is drawn: the scenario has no halls (halls.csv). Floor and power are sums over stations, "
            "and transport takes the times of operations.csv."
        )
        return Section("floor-plan", "Floor", _QUESTION, (Text(told, "note"),))
    plans = sorted(outcome.floors, key=lambda plan: -sum(hall.area for hall in plan.premises.halls))
    blocks: list[Block] = []
    for number, plan in enumerate(plans):
        shown = plan_blocks(plan, len(outcome.replications))
        blocks += shown if number == 0 or plan.findings else [Folded(plan.premises.name, shown)]
    blocks += _ways(outcome)
    return Section("floor-plan", "Floor", _QUESTION, blocks)


def plan_blocks(plan: FloorPlan, draws: int, then: str = _WENT_ON) -> list[Block]:
    """The drawing of one site with its needs, or what it lacks; `draws`: in how many its chance was counted.

    `then`: what follows where there is no drawing, a sentence.
    """
    day = words.day(plan.day)
    blocks: list[Block] = []
    if plan.layout is None:
        blocks.append(
            Text(
                f"{plan.premises.name}: what is planned for {day} finds no place. {'. '.join(plan.findings)}. {then}",
                "warning",
            )
        )
    else:
        halls = len({place.hall for place in plan.layout.places})
        caption = (
            f"{plan.premises.name} on {day}, the day with most floor under its stations: {len(plan.layout.places)} "
            f"places in {halls} hall{'s' if halls > 1 else ''}. The thick side of a place is its front, the dashed "
            "line what must stay free for service; arrows are as wide as trips a day. Checked rectangle by rectangle: "
            f"no rule is broken. {words.number(plan.layout.work / 1e3)} km a day are driven with loads."
        )
        svg = Markup(_SIZE.sub("", draw_plan(plan.layout, _SCALE), count=1))  # our own drawing, its words escaped
        data: dict[str, object] = {"svg": svg, "title": f"Floor plan: {plan.premises.name}", "caption": caption}
        blocks.append(Partial("floor.html.j2", data))
    blocks += [_needs(plan)] if plan.needs else []
    chance = (
        f"The maker has the floor that stands there, aisles included, in {words.percent(plan.chance)} of {draws} draws."
    )
    return [*blocks, Text(chance, "note")]


def _needs(plan: FloorPlan) -> Table:
    kinds = list(dict.fromkeys(need.kind for need in plan.needs))
    columns = ["Hall", *(f"{kind.capitalize()}, {_unit(plan, kind)}" for kind in kinds)]
    cells = {(need.halls, need.kind): need for need in plan.needs}
    rows = []
    ready = {hall.name: words.day(hall.ready) for hall in plan.premises.halls}
    for halls in dict.fromkeys(need.halls for need in plan.needs):
        row = [" or ".join(f"{hall} (from {ready[hall]})" for hall in halls)]
        for kind in kinds:
            need, has = cells[halls, kind].shown()
            row.append(f"{words.number(need)} of {words.number(has)}" + (" ▲" if cells[halls, kind].short else ""))
        rows.append(row)
    note = (
        "Needed of what there is. Floor, power, heat and air are sums, with everything at work at once; floor load, "
        "height, crane and noise are those of the most demanding place. ▲ too little. Footprints, clearances and "
        "weights by type of station are planner's assumptions."
    )
    if plan.layout is None:
        note += " Without a plan: what may stand in these halls alone, aisles included."
    return Table(f"What halls bear on {words.day(plan.day)}", columns, rows, range(1, len(columns)), note)


def _unit(plan: FloorPlan, kind: str) -> str:
    return next(need.unit for need in plan.needs if need.kind == kind).replace("m2", "m²").replace("m3", "m³")


def _ways(outcome: Outcome) -> list[Block]:
    if not outcome.ways:
        return [Text("Carriers took the travel times of operations.csv.", "note")]
    mode = outcome.scenario.mode()
    fleets = {fleet.fleet: fleet for fleet in outcome.scenario.fleets}
    rows = []
    for row in outcome.scenario.operations:
        metres = outcome.ways.get((row.route, row.operation))
        fleet = fleets.get(row.fleet or "")
        if metres is not None and fleet is not None and fleet.speed is not None:
            seconds = mode(fleet.handling) + metres / mode(fleet.speed)
            before = words.span(mode(row.travel))
            name = words.plain(f"{row.route}/{row.operation}")
            rows.append((name, words.number(round(metres)), words.span(seconds), before))
    note = (
        "Mean way along aisles and lifts to where lots go next; loading and driving at the carriers' figures. "
        "These times ran in the simulation."
    )
    columns = ("After", "Way, m", "Takes", "In operations.csv")
    return [Table("What carriers drive", columns, rows, (1, 2, 3), note)]
