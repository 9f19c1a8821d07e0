"""What `ironworks accept --programme walking` prints: tables for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from ironworks.commands._bench_screen import accepted_tables
from ironworks.robot.acceptance.walking import ContactTest, WalkingSample, fit_speeds
from ironworks.studies.walking import Walked

__all__ = ["turned_away", "walked_tables"]


def walked_tables(walked: Walked) -> Iterator[Table]:
    """What the bench prints of any sample, then falls, units turned away, and the sweep where there is one."""
    yield from accepted_tables(walked)
    yield _falls(walked)
    if any(isinstance(procedure, ContactTest) for procedure in walked.sample.procedures):
        yield _fit(walked)
    yield from turned_away(walked.sample)
    if walked.grown is not None:
        yield _sweep(walked)


def _falls(walked: Walked) -> Table:
    sample = walked.sample
    title = (
        f"{sample.fallen} of {sample.walked} units fell, {sample.in_a_row} in a row did not: with 95 % confidence at "
        f"least {sample.proven:.1%} of all stay on their feet through {sample.simulated:.0f} s"
    )
    table = Table(title=title, title_justify="left", box=None)
    for column in ("unit", "procedure", "leg", "after, s", "at, m", "told after, s", "why"):
        table.add_column(column, justify="right" if column == "after, s" else "left")
    for serial, fell in sample.falls:
        table.add_row(
            str(serial), fell.procedure, fell.leg, f"{fell.time:.1f}", f"{fell.place[0]:.1f}, {fell.place[1]:.1f}",
            f"{fell.told:.1f}", fell.cause,
        )  # fmt: skip
    return table


def _fit(walked: Walked) -> Table:
    """What each unit is fit for near people: the least speed of its contacts, and each one's."""
    names = [procedure.name for procedure in walked.sample.procedures if isinstance(procedure, ContactTest)]
    table = Table(title="Fit for so many m/s near people, and by each contact", title_justify="left", box=None)
    for column in ("unit", "fit for", *names):
        table.add_column(column.removeprefix("contact_"), justify="right")
    for journey in walked.result.journeys:
        speeds = fit_speeds(journey)
        table.add_row(str(journey.serial), f"{min(speeds.values()):g}", *(f"{speeds[name]:g}" for name in names))
    return table


def turned_away(sample: WalkingSample) -> Iterator[Table]:
    """Units that the bench before a programme turned away, where there are some."""
    if not any(visit.turned_away for visit in sample.visits):
        return
    table = Table(title="Turned away by the bench before", title_justify="left", box=None)
    for column in ("unit", "why"):
        table.add_column(column)
    for visit in sample.visits:
        if visit.turned_away:
            table.add_row(str(visit.serial), visit.turned_away)
    yield table


def _sweep(walked: Walked) -> Table:
    grown = walked.grown
    assert grown is not None
    table = Table(
        title=f"Units of {grown.units} that pass with a deviation that their controllers do not know, by its size",
        title_justify="left",
        box=None,
    )
    table.add_column("deviation, times its spread")
    for factor in grown.factors:
        table.add_column(f"{factor:g}", justify="right")
    counts = grown.counts()
    for i, name in enumerate(grown.deviations):
        table.add_row(name, *(str(count) for count in counts[i]))
    return table
