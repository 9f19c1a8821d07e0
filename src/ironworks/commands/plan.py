"""`ironworks plan`: from a target and a probability to a plan that was simulated, or to what stands in its way."""

from __future__ import annotations

import csv
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ironworks.commands._bench_verdicts import bench_verdicts
from ironworks.commands._results import SUMMARY, plain, result_folder
from ironworks.commands.run import (
    Bench,
    BenchUnits,
    Seed,
    Sets,
    WorkerCount,
    announced_warm_up,
    deadlocks_explained,
    overrides_of,
    show,
)
from ironworks.faults import Fault, ScenarioFaults
from ironworks.report.plan import said, write_plan_report
from ironworks.studies.plan import Effort, PlanResult, read_aimed, write_scenario
from ironworks.studies.plan import plan as make_plan

__all__ = ["NO_PLAN", "plan"]

NO_PLAN = 4


def plan(
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A built-in name or a folder.")] = "tianhe",
    target: Annotated[
        str, typer.Option(help="`10000/yr by 2027-12-31`, `6000 shipped in 2027`, or a name of targets.csv.")
    ] = "",
    probability: Annotated[float, typer.Option(min=0.01, max=0.99, help="With which it has to be met.")] = 0.9,
    budget: Annotated[
        float | None, typer.Option(min=0.0, help="Most to be spent on equipment and wages until then [currency].")
    ] = None,
    seed: Seed = None,
    workers: WorkerCount = None,
    confirm: Annotated[int, typer.Option(min=50, help="Fresh replications that confirm the plan.")] = 400,
    most: Annotated[
        int | None,
        typer.Option(min=100, help="Replications of the search at most; default: 1500, fewer for very many pieces."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: out/plan-SCENARIO.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON instead of tables.")] = False,
    variant: Annotated[str | None, typer.Option(help="A variant of the scenario's variants.csv.")] = None,
    changes: Sets = None,
    bench: Bench = True,
    bench_units: BenchUnits = None,
) -> None:
    """Plan places, people, stocks, shifts and dates for a target, at least outlay, confirmed on fresh replications.

    The plan is written as a scenario of its own, to be run, changed and compared. Where no plan is found, the answer
    says what stands in the way and the least that would make it possible.
    Exit codes: 0 a plan, 4 no plan, 1 the machine refused, 2 faults in what was given, 3 a deadlock, 130 interrupted.
    """
    if not target.strip():
        raise ScenarioFaults([Fault("--target", 0, "", "is missing", (), "write for example `10000/yr by 2027-12-31`")])
    aimed, aim = read_aimed(scenario, target, overrides_of(changes), variant)
    folder = out or Path("out") / f"plan-{aimed.name}"
    console = Console(stderr=True, highlight=False)
    with result_folder(folder) as temporary, deadlocks_explained(console):
        announced_warm_up(console)
        verdicts = bench_verdicts(aimed, console, workers=workers, units=bench_units) if bench else None
        begun = time.perf_counter()
        with console.status("planning") as status:

            def tell(words: str) -> None:
                status.update(Text(f"planning: {words}"))
                # A file or pipe shows no status that moves.
                if not console.is_terminal:
                    console.print(Text(f"{time.perf_counter() - begun:.0f} s: {words}"))

            result = make_plan(
                scenario,
                aimed,
                aim,
                probability,
                verdicts=verdicts,
                budget=budget,
                seed=aimed.settings.run.seed if seed is None else seed,
                workers=workers,
                effort=Effort(confirm=confirm, most=most),
                tell=tell,
            )
        spent = time.perf_counter() - begun
        text = json.dumps(plain(_summary(result)), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (temporary / SUMMARY).write_text(text, encoding="utf-8")
        if result.chosen is not None:
            _write_tried(result, temporary / "tried.csv")
            (temporary / "scenario").mkdir()
            write_scenario(aimed, result.chosen.tried.plan, aim, temporary / "scenario")
        write_plan_report(result, temporary / "report.html")
    if as_json:
        sys.stdout.write(text)
    else:
        _print(result)
    console.print(f"{result.replications} replications in {spent:.0f} s")
    if result.chosen is not None:
        console.print(Text(f"scenario: {folder / 'scenario'} (ironworks run {folder / 'scenario'} --until {aim.day})"))
    console.print(Text(f"report: {folder / 'report.html'}", style="bold"))
    if result.refusal is not None or result.broken:
        raise typer.Exit(NO_PLAN)


def _print(result: PlanResult) -> None:
    screen = Console(highlight=False)
    screen.print(Text(f"Wanted: {result.aim.words()}, with {result.probability:.0%}", style="bold"))
    for sentence in said(result):
        screen.print(Text(sentence))
    currency = result.scenario.settings.scenario.currency
    if result.refusal is not None and result.refusal.reliefs:
        table = Table("relief", "money", "probability", "enough", title="What would make it possible", box=None)
        for one in result.refusal.reliefs:
            money = "no price" if one.money is None else f"{one.money:,.0f}"
            table.add_row(one.text, money, f"{one.probability.mean:.0%}", "yes" if one.suffices else "no")
        show([table])
    if result.front:
        table = Table("equipment", "wages", "probability", "plan", title=f"Plans that none beats, {currency}", box=None)
        for point in result.front:
            table.add_row(
                f"{point.outlay.investment:,.0f}",
                f"{point.outlay.wages:,.0f}",
                f"{point.tried.probability.mean:.0%}",
                point.knobs.text,
            )
        show([table])


def _summary(result: PlanResult) -> dict[str, Any]:
    aim, chosen, confirmed = result.aim, result.chosen, result.confirmed
    found: dict[str, Any] = {
        "target": {"text": aim.text, "kind": aim.kind, "item": aim.item, "quantity": aim.quantity, "day": aim.day},
        "probability": result.probability,
        "seed": result.seed,
        "planned": chosen is not None and result.refusal is None,
        "answer": list(said(result)),
        "bounds": [
            {
                "kind": one.kind,
                "name": one.name,
                "strict": one.strict,
                "suffices_in": one.chance,
                "factor": one.factor(result.probability),
            }
            for one in result.bounds
        ],
        "replications": result.replications,
        "attempts": result.attempts,
        "own": {"outlay": result.hand_outlay.total, "investment": result.hand_outlay.investment},
    }
    if result.hand is not None:
        found["own"] |= {"probability": _interval(result.hand.probability), "replications": len(result.hand.values)}
    if chosen is not None and confirmed is not None:
        found["plan"] = {
            "investment": chosen.outlay.investment,
            "wages": chosen.outlay.wages,
            "outlay": chosen.outlay.total,
            "probability": _interval(confirmed.probability),
            "replications": len(confirmed.values),
            "in_short": chosen.knobs.text,
            "places": chosen.tried.plan.places,
            "people": chosen.tried.plan.people,
            "programme": chosen.tried.plan.programme,
        }
        found["front"] = [
            {"outlay": one.outlay.total, "probability": _interval(one.tried.probability), "in_short": one.knobs.text}
            for one in result.front
        ]
        found["worth"] = [
            {
                "change": one.change,
                "gain": [one.gain.mean, one.gain.low, one.gain.high],
                "probability": one.probability,
                "outlay": one.outlay,
            }
            for one in result.marginals
        ]
    if result.refusal is not None:
        found["refusal"] = {
            "reached": result.refusal.reached,
            "reliefs": [
                {
                    "text": one.text,
                    "money": one.money,
                    "probability": _interval(one.probability),
                    "suffices": one.suffices,
                }
                for one in result.refusal.reliefs
            ],
            "later": None if result.refusal.later is None else result.refusal.later[0],
        }
    return found


def _interval(interval: Any) -> list[float]:
    return [interval.mean, interval.low, interval.high]


def _write_tried(result: PlanResult, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["investment", "wages", "replications", "met", "reached_with_the_probability", "plan"])
        for one in sorted(result.points, key=lambda point: point.outlay.total):
            tried = one.tried
            writer.writerow(
                [
                    round(one.outlay.investment),
                    round(one.outlay.wages),
                    len(tried.values),
                    int(tried.met.sum()),
                    f"{tried.reached(result.probability):.4f}",
                    one.knobs.text,
                ]
            )
