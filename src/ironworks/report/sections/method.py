"""How to read the report, what it rests on, how to run it again."""

from __future__ import annotations

import shlex

import ironworks
from ironworks.factory.flow.result import Outcome as Ending
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text

WORDS = (
    (
        "Replication",
        "One run of the plant over the whole horizon, with its own draw of every uncertain figure and of "
        "every chance event.",
    ),
    (
        "P10, P50, P90",
        "In 10, 50, 90 % of the replications the value lies below. Each week has its own quantiles: a band "
        "is not the path of one run.",
    ),
    (
        "Probability and its interval",
        "The share of replications that met the target, with Wilson's 95 % interval for the number of "
        "replications. It holds if the scenario's ranges hold.",
    ),
    ("First-pass yield (FPY)", "The share of units that pass a test at the first attempt."),
    ("Rolled throughput yield", "The product of the first-pass yields of all tests of an item."),
    ("Elasticity", "Percent more output for one percent more rate of a station."),
    ("Blocked, starved", "A place is blocked when it is done and cannot hand on; starved when nothing comes in."),
    ("Work in process (WIP)", "Units that are released and neither finished nor scrapped."),
    (
        "Start of production (SOP)",
        "The first saleable unit from a released line that then sustains its output for some weeks.",
    ),
    ("Lot", "Small identical parts move as one unit of flow; a lot of actuators can be a robot's set."),
    ("Lead time", "From release to finish, on the calendar."),
)


def method(outcome: Outcome) -> Section:
    """Definitions, limits, run data and the command that makes this report again."""
    n = len(outcome.replications)
    rows = [
        ("Scenario", outcome.scenario.name + (f", variant {outcome.variant}" if outcome.variant else "")),
        (
            "Horizon",
            f"{words.day(outcome.start)} to "
            f"{words.day(outcome.date_at(float(outcome.edges[-1]) - 1.0).date())}, in weeks",
        ),
        ("Replications", words.number(n)),
        ("Seed", str(outcome.seed)),
        ("Simulated operations", words.big(float(sum(run.events for run in outcome.replications)))),
        ("Time taken", words.span(outcome.seconds) if outcome.seconds else "not recorded"),
        ("Version", f"ironworks {_version()}"),
        ("Changed figures", ", ".join(f"{key} = {value}" for key, value in outcome.overrides) or "none"),
        ("Run again with", command(outcome)),
    ]
    faults = [fault for run in outcome.replications for fault in run.check()]
    ended = [run for run in outcome.replications if run.outcome != Ending.COMPLETED]
    blocks: list[Block] = [
        Table("Words", ("Word", "Meaning"), WORDS),
        Table("This run", ("", ""), rows),
        Text(_verdict(n, faults, len(ended)), "warning" if faults or ended else "plain"),
        Text(
            f"What the bands hold: chance on the shop floor, and the ranges of {len(outcome.draws.ids)} "
            "figures. What they do not hold: events that the scenario does not know, "
            "from a changed design to a closed border; and errors of the model itself. "
            f"With {n} replications a quantile in the tail rests on few runs: read P10 and P90 as rough, and "
            "nothing beyond them.",
            "note",
        ),
    ]
    blocks += [Text(f"Warning of the scenario's checks: {fault}", "warning") for fault in outcome.scenario.warnings]
    return Section("method", "Method", "How to read this, and how to run it again", blocks)


def command(outcome: Outcome) -> str:
    """The command line that gives the same numbers."""
    words_of = [
        "ironworks",
        "run",
        outcome.scenario.name,
        "--replications",
        str(len(outcome.replications)),
        "--seed",
        str(outcome.seed),
    ]
    if outcome.variant:
        words_of += ["--variant", outcome.variant]
    for key, value in outcome.overrides:
        words_of += ["--set", f"{key}={value}"]
    return shlex.join(words_of)


def _version() -> str:
    return getattr(ironworks, "__version__", "") or _installed()


def _installed() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("ironworks")
    except PackageNotFoundError:
        return "(not installed)"


def _verdict(n: int, faults: list[str], broken: int) -> str:
    if broken:
        return (
            f"{broken} of {n} replications ended early, in a deadlock or without anything left to do: "
            "their later weeks hold no output."
        )
    if faults:
        return f"The balance of units does not close in {len(faults)} cases: {faults[0]}"
    return (
        f"Checked after the run: in all {n} replications, released = finished + scrapped + in process, for every "
        "routing, and the states of every station make up the calendar."
    )
