"""`ironworks scenario`: list, check, copy and exchange scenarios."""

import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks.faults import Fault, ScenarioFaults
from ironworks.figures import Figure
from ironworks.rows import KINDS, TABLES
from ironworks.scenario import Scenario, builtin_scenarios, read_scenario, scenario_path
from ironworks.schema import settings_schema, tables_schema
from ironworks.spreadsheet import export_workbook, import_workbook, new_folder

app = typer.Typer(help="Scenarios: list, check, copy, exchange with a spreadsheet.", no_args_is_help=True)

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="A built-in name or a folder.")]


@app.command("list")
def list_scenarios() -> None:
    """List the built-in scenarios."""
    table = Table("name", "title", "horizon", "figures", box=None)
    for name in builtin_scenarios():
        scenario = read_scenario(name)
        general = scenario.settings.scenario
        table.add_row(name, general.title, f"{general.start} to {general.end}", str(len(list(scenario.all_figures()))))
    Console().print(table)


@app.command()
def check(path: ScenarioArgument) -> None:
    """Read a scenario and each of its variants; list every fault with file, line and mend. Exit code 2 on faults."""
    scenario = read_scenario(path)
    faults: list[Fault] = []
    for variant in dict.fromkeys(row.variant for row in scenario.variants):
        try:
            read_scenario(path, variant=variant)
        except ScenarioFaults as found:
            faults += found.faults
    if faults:
        raise ScenarioFaults(faults, scenario.warnings)
    console = Console()
    for warning in scenario.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
    console.print(_summary(scenario))


def _summary(scenario: Scenario) -> Text:
    rows = sum(len(scenario.table(name)) for name in TABLES)
    figures = list(scenario.all_figures())
    uncertain = sum(figure.is_uncertain and figure.role == "input" for figure in figures)
    variants = len({row.variant for row in scenario.variants})
    said = f"{scenario.name}: sound. {rows} rows, {len(figures)} figures ({uncertain} uncertain), {variants} variants"
    return Text(said + (f", {len(scenario.warnings)} warnings" if scenario.warnings else ""), style="green")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must not exist yet.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="A built-in name or a folder.")] = "tianhe",
) -> None:
    """Make a scenario of your own as a copy of another."""
    read_scenario(source)
    with new_folder(folder) as temporary:
        shutil.copytree(scenario_path(source), temporary, dirs_exist_ok=True)
    Console().print(Text(f"{folder}: a copy of {source}. Next: ironworks scenario check {folder}"))


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option(help="Write settings.schema.json and tables.schema.json into this folder.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Print the schema of the tables, not of scenario.toml.")
    ] = False,
) -> None:
    """Print the JSON Schema of scenario.toml (or of the tables) for completion in editors."""
    if out is None:
        print_json(tables_schema() if tables else settings_schema())
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (("settings", settings_schema()), ("tables", tables_schema())):
        (out / f"{name}.schema.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def print_json(content: object) -> None:
    """Print JSON for a program to read: no colours, no wrapped lines."""
    Console(no_color=True, soft_wrap=True, markup=False, highlight=False).print(json.dumps(content, indent=2))


@app.command()
def sources(path: ScenarioArgument = "tianhe") -> None:
    """Print each figure with its range and source, and counts by kind."""
    scenario = read_scenario(path)
    figures = list(scenario.all_figures())
    table = Table(box=None)
    for name in ("figure", "what", "value", "kind", "role", "source"):
        table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_row(
            *(
                Text(cell)
                for cell in (figure.id, figure.quantity, _range(figure), figure.kind, figure.role, figure.source)
            )
        )
    # A pipe has no width of its own; a line of a table should stay one line there.
    console = Console() if sys.stdout.isatty() else Console(width=400)
    console.print(table)
    counts = Counter(figure.kind for figure in figures)
    total = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    console.print(Text(f"\n{len(figures)} figures: {total}"))


def _range(figure: Figure) -> str:
    span = f" [{figure.low:g}, {figure.high:g}]" if figure.low is not None and figure.high is not None else ""
    value = f"{figure.value:g}" if figure.value is not None else figure.text
    return f"{value}{span} {figure.unit}".strip()


@app.command()
def export(
    path: ScenarioArgument,
    workbook: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write.")],
) -> None:
    """Write a scenario into one workbook, a sheet for each table. Faulty scenarios are written too, to be mended."""
    export_workbook(scenario_path(path), workbook)
    Console().print(Text(f"{workbook}: written. Back: ironworks scenario import {workbook} FOLDER"))


@app.command("import")
def import_(
    workbook: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A workbook as `export` writes it.")],
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must not exist yet.")],
) -> None:
    """Make a scenario's folder from a workbook."""
    files = import_workbook(workbook, folder)
    Console().print(Text(f"{folder}: {len(files)} files. Next: ironworks scenario check {folder}"))
