"""`ironworks robot`: what a design is, as a table, as files and as a picture."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import threading
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks.commands._result_file import check_result_file, result_file
from ironworks.commands._results import result_folder
from ironworks.commands._robot_power import compute, power
from ironworks.faults import Fault, ScenarioFaults, closest
from ironworks.product.design import Bill, Design, Mass, bill_of, builtin_designs, face_of, read_design
from ironworks.settings import MOST_SEED

Thing = TypeVar("Thing")

app = typer.Typer(help="Robots: show a design, export it, draw it.", no_args_is_help=True)
app.command()(power)
app.command()(compute)

DesignArgument = Annotated[str, typer.Argument(metavar="DESIGN", help="A built-in name or a folder.")]
ScenarioOption = Annotated[
    str | None, typer.Option("--scenario", help="The scenario whose bill of materials builds it (default: its own).")
]


@app.command("list")
def list_designs() -> None:
    """List the built-in designs."""
    table = Table("name", "title", "DoF", box=None)
    for name in builtin_designs():
        design = read_design(name)
        table.add_row(name, design.title, str(design.degrees_of_freedom))
    Console().print(table)


@app.command()
def show(design: DesignArgument = "humanoid", scenario: ScenarioOption = None) -> None:
    """Show joints, torques, masses and cost."""
    robot, bill, weights = _weighed(design, scenario)
    console = Console()
    console.print(Text(robot.title, style="bold"))
    motors = sum(joint.drive is not None for joint in robot.joints)
    passive = sum(joint.is_passive for joint in robot.joints)
    console.print(
        f"{robot.degrees_of_freedom} DoF, {motors} motors, {passive} passive joints; {bill.mass:.2f} kg, "
        f"{bill.cost:,.0f} {bill.currency} of material"
    )
    table = Table("joint", "", "range, deg", "drive", "N m", "rad/s", "kg m2", box=None)
    table.columns[0].no_wrap = True
    for name, joint in _both_sides({joint.name: joint for joint in robot.joints}):
        span = f"{_degrees(joint.low)} to {_degrees(joint.high)}" if abs(joint.low) < 1e3 else "turns freely"
        if joint.drive is not None:
            drive = joint.drive
            cells = (drive.name, f"{drive.torque:g}", f"{drive.speed:g}", f"{drive.armature:.2g}")
        elif joint.follow is not None:
            cells = (f"{joint.follow.gain:g} of {_no_side(joint.follow.joint)}", "", "", "")
        else:
            cells = (f"spring {joint.stiffness:g} N m/rad", "", "", "")
        table.add_row(*name, span, *cells)
    console.print(table)
    console.print("N m, rad/s: the most that the drive gives; kg m2: of its rotor, at the joint")
    table = Table("link", "", "mass, kg", "heaviest parts besides actuators", box=None)
    for name, link in _both_sides(robot.by_name):
        largest = sorted(link.mounts, key=lambda mount: -mount.pieces * bill.masses[mount.part])[:3]
        table.add_row(*name, f"{weights[link.name].mass:.3f}", ", ".join(mount.part for mount in largest))
    console.print(table)


def _both_sides(named: Mapping[str, Thing]) -> Iterator[tuple[tuple[str, str], Thing]]:
    """One of each mirrored pair: ((name without side, `x 2`), thing); the others as they are."""
    for name, thing in named.items():
        if name.startswith("left_"):
            yield (_no_side(name), "x 2"), thing
        elif not name.startswith("right_"):
            yield (name, ""), thing


def _no_side(name: str) -> str:
    return name.removeprefix("left_").removeprefix("right_")


@app.command()
def export(
    design: DesignArgument = "humanoid",
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("out/robot"),
    scenario: ScenarioOption = None,
) -> None:
    """Write MJCF, URDF, their meshes and the parts table."""
    from ironworks.robot.body import body_spec
    from ironworks.robot.mjcf import write_mjcf
    from ironworks.robot.urdf import write_urdf

    robot, bill, weights = _weighed(design, scenario)
    with result_folder(out) as folder:
        write_mjcf(robot, body_spec(robot, weights), folder)
        write_urdf(robot, weights, folder)
        _write_parts(bill, folder / "parts.csv")
        # Marks the folder as one that may be written anew.
        summary = {"design": robot.name, "mass_kg": bill.mass, "degrees_of_freedom": robot.degrees_of_freedom}
        (folder / "results.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    Console().print(f"{robot.name}: MJCF, URDF, meshes and parts.csv in {out}")


@app.command()
def render(
    design: DesignArgument = "humanoid",
    out: Annotated[Path, typer.Option(help="The picture to write, a PNG.")] = Path("robot.png"),
    view: Annotated[
        str, typer.Option(help="Where to look from: threequarter, front, side, back or face.")
    ] = "threequarter",
    width: Annotated[
        int | None, typer.Option(min=64, max=4096, help="Pixels (default: as suits the robot's outline).")
    ] = None,
    height: Annotated[
        int | None, typer.Option(min=64, max=4096, help="Pixels (default: as suits the robot's outline).")
    ] = None,
    scenario: ScenarioOption = None,
) -> None:
    """Draw the robot in its standing pose, without a screen."""
    from ironworks.robot.body import body_spec
    from ironworks.robot.render import CannotRender, picture, save_picture, views

    check_result_file(out, ".png")
    if view not in views():
        raise ScenarioFaults([Fault("--view", 0, view, "is no view", views(), closest(view, views()))])
    robot, _, weights = _weighed(design, scenario)
    if view == "face" and face_of(robot) is None:
        raise ScenarioFaults([Fault("--view", 0, view, "needs a face", (), "add [face] to design.toml")])
    try:
        image = picture(robot, body_spec(robot, weights), view, width, height)
    except CannotRender as error:
        Console(stderr=True).print(Text(str(error), style="red"))
        raise typer.Exit(1) from error
    with result_file(out) as temporary:
        save_picture(image, temporary)
    Console().print(f"{robot.title}: {out}")


@app.command()
def view(
    design: DesignArgument = "humanoid",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of the viewer; the next free one if taken.")] = 8080,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,
    scenario: ScenarioOption = None,
) -> None:
    """Show the robot in the browser, with its joints on sliders; Ctrl-C ends it."""
    try:
        from ironworks.robot.view import RobotViewer
    except ModuleNotFoundError as error:
        said = f"the viewer needs {error.name}: pip install 'ironworks[view]' (`make view-packages` does)"
        Console(stderr=True, soft_wrap=True).print(Text(said, style="red"))
        raise typer.Exit(1) from error

    robot, bill, weights = _weighed(design, scenario)
    viewer = RobotViewer(robot, bill, weights, port=port)
    # A viewer has no other end than an interruption, so that this is its good end, with exit code 0.
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(viewer):
        Console(soft_wrap=True).print(f"{robot.title}: {viewer.url} (Ctrl-C ends it)")
        if not no_browser:
            webbrowser.open(viewer.url)
        threading.Event().wait()


@app.command()
def pairs(
    design: DesignArgument = "humanoid",
    out: Annotated[Path, typer.Option(help="The table to write.")] = Path("pairs.csv"),
    postures: Annotated[int, typer.Option(min=1, help="Random postures to try.")] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Of the postures.")] = 1,
    scenario: ScenarioOption = None,
) -> None:
    """Find which shapes can meet one another, as the table pairs.csv of a design."""
    from ironworks.robot.collisions import find_pairs

    check_result_file(out, ".csv")
    robot, _, weights = _weighed(design, scenario)
    found = find_pairs(robot, weights, seed=seed, postures=postures)
    lines = ["one,other,share", *(f"{one},{other},{share:.4f}" for one, other, share in found)]
    with result_file(out) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Console().print(f"{robot.name}: {len(found)} pairs from {postures} postures in {out}")


def _weighed(name: str, scenario: str | None) -> tuple[Design, Bill, dict[str, Mass]]:
    design = read_design(name)
    bill = bill_of(design, scenario)
    return design, bill, design.weigh(bill.masses)


def _degrees(angle: float) -> str:
    return f"{math.degrees(angle):.0f}"


def _write_parts(bill: Bill, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("part", "pieces", "mass_kg", "total_mass_kg", f"cost_{bill.currency}", f"total_cost_{bill.currency}")
        )
        for part, n in sorted(bill.pieces.items()):
            mass, cost = bill.masses[part], bill.costs[part]
            writer.writerow((part, f"{n:g}", f"{mass:g}", f"{n * mass:g}", f"{cost:g}", f"{n * cost:g}"))
