"""`ironworks compare`: two scenarios on the same random numbers."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from ironworks import chain
from ironworks.commands._bench_verdicts import bench_verdicts
from ironworks.commands._progress import progress
from ironworks.commands._screen import comparison_tables
from ironworks.commands.run import (
    Bench,
    BenchUnits,
    Replications,
    Seed,
    Sets,
    WorkerCount,
    announced_warm_up,
    deadlocks_explained,
    overrides_of,
    show,
)
from ironworks.factory.flow.statistics import Interval
from ironworks.faults import Fault, ScenarioFaults
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario
from ironworks.studies.compare import Comparison
from ironworks.studies.compare import compare as compare_outcomes

__all__ = ["compare"]

Side = Annotated[str, typer.Argument(help="A built-in name or a folder, with :VARIANT for one of its variants.")]


def compare(
    a: Side,
    b: Side,
    replications: Replications = None,
    seed: Seed = None,
    workers: WorkerCount = None,
    changes: Sets = None,
    bench: Bench = True,
    bench_units: BenchUnits = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON instead of tables.")] = False,
) -> None:
    """Compare two scenarios replication by replication on the same random numbers; --set changes B alone.

    Differences are B - A with paired 95 % intervals. Exit codes as for `run`.
    """
    console = Console(stderr=True, highlight=False)
    (name_a, variant_a), (name_b, variant_b) = _named(a), _named(b)
    first = read_scenario(name_a, variant=variant_a)
    second = read_scenario(name_b, overrides_of(changes), variant=variant_b)
    count = replications or first.settings.run.replications
    key = first.settings.run.seed if seed is None else seed
    outcomes: list[Outcome] = []
    with deadlocks_explained(console):
        announced_warm_up(console)
        for side, scenario, name in (("A", first, a), ("B", second, b)):
            verdicts = bench_verdicts(scenario, console, workers=workers, units=bench_units) if bench else None
            with progress(console, f"{side}: {name}") as advance:
                outcomes.append(
                    chain.run(
                        scenario,
                        verdicts=verdicts,
                        workers=workers,
                        replications=count,
                        seed=key,
                        on_progress=advance,
                    )
                )
    try:
        found = compare_outcomes(*outcomes)
    except ValueError as error:
        raise ScenarioFaults([Fault(b, 0, "", str(error), (), f"make it agree with {a}")]) from None
    if as_json:
        sys.stdout.write(json.dumps(_summary(found), indent=2, ensure_ascii=False) + "\n")
        return
    show(comparison_tables(found))


def _named(side: str) -> tuple[str, str | None]:
    name, _, variant = side.partition(":")
    return name, variant or None


def _summary(found: Comparison) -> dict[str, object]:
    return {
        "seed": found.a.seed,
        "replications": len(found.a.replications),
        "targets": [
            {
                "name": row.a.name,
                "probability_a": row.a.probability,
                "probability_b": row.b.probability,
                "difference": _interval(row.chance),
                "value_difference": None if row.value is None else _interval(row.value),
            }
            for row in found.targets
        ],
        "output_per_quarter": {
            label: {"a": of_a, "b": of_b, "difference": _interval(gap)}
            for label, of_a, of_b, gap in zip(
                found.labels, found.output_a.tolist(), found.output_b.tolist(), found.output, strict=True
            )
        },
        "output": _interval(found.total),
        "cost": _interval(found.cost),
    }


def _interval(interval: Interval) -> list[float]:
    return [interval.mean, interval.low, interval.high]
