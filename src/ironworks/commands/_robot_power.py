"""`ironworks robot power` and `ironworks robot compute`: what a robot's electronics take, and whether they keep up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks.product.battery.pack import Pack
from ironworks.product.battery.read import pack_of
from ironworks.product.compute.chip import CASES, Computer
from ironworks.product.compute.read import computer_of, workloads_of
from ironworks.product.compute.relief import reliefs
from ironworks.product.compute.schedule import Schedule, plan
from ironworks.product.design import bill_of, read_design
from ironworks.product.design.loads import Load, loads_of

if TYPE_CHECKING:
    from ironworks.robot.duty import Duty

DesignArgument = Annotated[str, typer.Argument(metavar="DESIGN", help="A built-in name or a folder.")]
ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", help="The scenario whose bill of materials builds it (default: its own).")
]
_AIR = (-10.0, 25.0, 40.0)
_ZERO = 273.15
_HALF = 0.5


def power(design: DesignArgument = "humanoid", scenario: ScenarioOption = None) -> None:
    """Show what motors, chips and the rest take under each load, and how long the pack bears it."""
    from ironworks.robot.duty import Fallen, measure
    from ironworks.robot.endurance import endurance
    from ironworks.robot.energy import electronics_of

    robot = read_design(design)
    pack, loads = pack_of(robot), loads_of(robot)
    electronics = electronics_of(robot, _bus(pack))
    masses = robot.weigh(bill_of(robot, scenario).masses)
    chips = plan(computer_of(robot), workloads_of(robot), "mode").power()
    console = Console()
    console.print(Text(robot.title, style="bold"))
    console.print(
        f"pack: {pack.series} x {pack.parallel} cells, {pack.energy / 3.6e6:.2f} kWh, {electronics.voltage:.1f} V; "
        "the same robot in air of different temperature"
    )
    table = Table("load", "motors, W", "chips, W", "rest, W", "in all, W", "peak, W", box=None)
    for air in _AIR:
        table.add_column(f"h at {air:g} degC", justify="right")
    table.add_column("ends at")
    table.add_column("cells warm by", justify="right")
    duties: dict[str, Duty] = {}
    for load in loads:
        try:
            watts, peak = _given(load), 0.0
            cells = [f"{watts:.0f}", ""]
            if load.power is None:
                duties[load.name] = duty = measure(robot, masses, load, electronics).warmed(3600.0)
                motors = float(duty.mean.sum())
                watts, peak = motors + chips + electronics.base, duty.peak + chips + electronics.base
                cells = [f"{watts:.0f}", f"{peak:.0f}"]
        except Fallen as error:
            table.add_row(load.name, Text(str(error), style="red"))
            continue
        ends = [endurance(pack, watts, peak=peak, ambient=air + _ZERO) for air in _AIR]
        split = ("given", "", "") if load.power else (f"{motors:.0f}", f"{chips:.0f}", f"{electronics.base:.0f}")
        kinds = ", ".join(dict.fromkeys(end.kind for end in ends))
        rise = max(end.cell_temperature - air - _ZERO for end, air in zip(ends, _AIR, strict=True))
        hours = [f"{end.hours:.2f}" for end in ends]
        table.add_row(load.name, *split, *cells, *hours, kinds, f"{rise:.1f} K")
    console.print(table)
    for load in loads:
        if load.power is not None:
            low, value, high = load.power.bounds()
            most, least = (endurance(pack, watts).hours for watts in (low, high))
            span = f"{low:g} to {high:g} W give {most:.1f} to {least:.1f} h at 25 degC"
            console.print(f"{load.name}: {value:g} W is {load.power.kind}, {span}; {load.power.note}")
    _groups(console, duties)
    for name, duty in duties.items():
        heat = duty.warm(3600.0)
        i = int((heat.winding - [d.winding_limit for d in duty.motors.drives]).argmax())
        limit = duty.motors.drives[i].winding_limit
        over = "ABOVE its limit of" if heat.winding[i] > limit else "limit"
        said = f"{duty.motors.names[i]} at {heat.winding[i] - _ZERO:.0f} degC, {over} {limit - _ZERO:.0f}"
        console.print(f"{name}, after an hour in air of 25 degC: nearest to its limit is the winding of {said}")


def _groups(console: Console, duties: Mapping[str, Duty]) -> None:
    rows = {name: duty.by_group() for name, duty in duties.items()}
    if not rows:
        return
    table = Table("motors with drivers, W", *rows, box=None)
    groups = dict.fromkeys(group for row in rows.values() for group in row)
    for group in sorted(groups, key=lambda g: -max(row[g] for row in rows.values())):
        table.add_row(group, *(f"{row[group]:.1f}" for row in rows.values()))
    console.print(table)


def _given(load: Load) -> float:
    return load.power.bounds()[1] if load.power is not None else 0.0


def _bus(pack: Pack) -> float:
    """Voltage of the pack at half its charge, without load [V]."""
    state = pack.at_rest(_HALF)
    return float(pack.split(state, 0.0)[0].sum())


def compute(
    design: DesignArgument = "humanoid",
    chips: Annotated[int | None, typer.Option(min=1, max=8, help="Chips instead of the design's.")] = None,
) -> None:
    """Show whether the computer meets its deadlines, at the fast end, the mode and the slow end of its figures."""
    robot = read_design(design)
    computer, workloads = computer_of(robot, chips), workloads_of(robot)
    console = Console()
    console.print(Text(robot.title, style="bold"))
    for case in CASES:
        _schedule(console, computer, plan(computer, workloads, case))


def _schedule(console: Console, computer: Computer, schedule: Schedule) -> None:
    verdict = "every deadline is met" if schedule.meets else "deadlines are missed"
    console.print(Text(f"\n{schedule.case}: {verdict}; {schedule.power():.0f} W of chips", style="bold"))
    loads, memory = schedule.utilisation(), schedule.memory()
    table = Table("workload", "rate, Hz", "worst response, ms", "deadline, ms", "late by, ms", "runs on", box=None)
    for response in schedule.responses:
        late = f"{1e3 * response.lateness:.1f}" if not response.meets else ""
        if response.response == math.inf:
            # Without a bound there is no lateness: how much more work than time there is says what is missing.
            full = max((loads[chip] for chip in schedule.chips_of(response.workload)), default=0.0)
            late = f"no bound: {100 * full:.0f} % of a chip" if full else "no chip fits it"
        table.add_row(
            response.workload,
            f"{1.0 / response.period:.4g}",
            "" if response.response == math.inf else f"{1e3 * response.response:.2f}",
            f"{1e3 * response.deadline:.1f}",
            Text(late, style="red"),
            ", ".join(schedule.chips_of(response.workload)),
        )
    console.print(table)
    console.print(
        "; ".join(
            f"{chip.name} works {100 * loads[chip.name]:.0f} %, holds {memory[chip.name] / 1e9:.2g} GB"
            for chip in computer.chips
        )
    )
    for relief in () if schedule.meets else reliefs(schedule):
        whom = f"{relief.workload}: " if relief.workload else ""
        effect = "meets every deadline"
        if not relief.cures:
            effect = f"still late: {', '.join(relief.missed)}" if relief.helps else "does not help"
        console.print(f"  {whom}{relief.kind} ({relief.change}): {effect}")
