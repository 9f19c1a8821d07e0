"""What holds the output back: elasticities of candidate stations by common random numbers, and one traced week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ironworks.chain import Job, Progress, replicate
from ironworks.factory.calendar import WEEK, seconds
from ironworks.factory.flow.bottleneck import bottlenecks
from ironworks.factory.flow.result import State
from ironworks.factory.flow.statistics import paired
from ironworks.outcome import Elasticities, Outcome, Traced

__all__ = ["CANDIDATES", "CHANGE", "REPLICATIONS", "candidates", "explain", "quarters"]

Floats = NDArray[np.float64]

CANDIDATES = 5
CHANGE = 0.1
REPLICATIONS = 12


def explain(
    outcome: Outcome,
    *,
    stations: Sequence[str] | None = None,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """The outcome with elasticities of the candidate stations and a traced week of the first replication.

    All rates of one station (process, up, repair, set-up) are raised by CHANGE while every draw stays the same; the
    elasticity of a quarter is the relative change of its output over CHANGE, with a paired 95 % interval.
    """
    chosen = tuple(stations) if stations is not None else tuple(candidates(outcome))
    count = min(replications, len(outcome.replications))
    window = traced_window(outcome)
    jobs = [Job(outcome.seed, 0, window=window)]
    jobs += [Job(outcome.seed, i, {name: 1 + CHANGE}, output_only=True) for name in chosen for i in range(count)]
    done = replicate(
        outcome.scenario, jobs, verdicts=outcome.verdicts, ways=outcome.ways, workers=workers, on_progress=on_progress
    )
    seen = done[0].run
    assert seen is not None
    spans = quarters(outcome)
    edges = np.array([begin for _, begin, _ in spans] + [spans[-1][2]])
    base = np.stack([_output(outcome, i, edges) for i in range(count)])
    raised = np.stack([np.histogram(one.times, edges)[0] for one in done[1:]]).astype(float)
    raised = raised.reshape(len(chosen), count, len(spans))
    quarterly = np.stack([_elasticity(base[:, p], raised[:, :, p]) for p in range(len(spans))], axis=1)
    overall = _elasticity(base.sum(axis=1), raised.sum(axis=2))
    result = Elasticities(
        stations=chosen,
        periods=tuple((begin, end) for _, begin, end in spans),
        labels=tuple(label for label, _, _ in spans),
        mean=quarterly[:, :, 0],
        low=quarterly[:, :, 1],
        high=quarterly[:, :, 2],
        overall=overall,
        change=CHANGE,
        replications=count,
    )
    return replace(outcome, elasticities=result, traced=Traced(seen, window, bottlenecks(seen, window)))


def candidates(outcome: Outcome, most: int = CANDIDATES) -> list[str]:
    """Stations that most often hold the plant by the arrow method, weighted by what the week made or should have made.

    Where the arrows name too few, those that wait least (blocked or starved) of what they stand follow.
    """
    runs = outcome.replications
    names = runs[0].names.stations
    relevant = _relevant(outcome)
    weekly = outcome.output().mean(axis=0)
    score = np.where(relevant, (weekly + weekly.mean() * 0.1) @ outcome.arrows, 0.0)
    order = [i for i in np.argsort(-score, kind="stable").tolist() if score[i] > 0][:most]
    states = sum(run.states.sum(axis=0) for run in runs)
    on = states.sum(axis=1) - states[:, State.NOT_INSTALLED] - states[:, State.OFF_SHIFT]
    waits = states[:, State.BLOCKED] + states[:, State.STARVED]
    busy = np.where(relevant & (on > 0), 1.0 - waits / np.where(on > 0, on, 1.0), -1.0)
    order += [i for i in np.argsort(-busy, kind="stable").tolist() if i not in order and busy[i] > 0]
    return [names[i] for i in order[:most]]


def quarters(outcome: Outcome) -> list[tuple[str, float, float]]:
    """Calendar quarters of the horizon: (label, begin, end) in seconds; the ends cut to the horizon."""
    horizon = float(outcome.edges[-1])
    spans = []
    day = date(outcome.start.year, 3 * ((outcome.start.month - 1) // 3) + 1, 1)
    while seconds(outcome.start, day) < horizon:
        following = date(day.year + (day.month == 10), (day.month + 2) % 12 + 1, 1)
        begin, end = max(0.0, seconds(outcome.start, day)), min(horizon, seconds(outcome.start, following))
        spans.append((f"{day.year} Q{(day.month + 2) // 3}", begin, end))
        day = following
    return spans


def traced_window(outcome: Outcome) -> tuple[float, float]:
    """The week with the most output of the first replication among those of the first half of its units [s].

    In it everything is in use and still being learnt; a whole ramp would be tens of gigabytes of events.
    """
    weekly = outcome.output()[0]
    total = weekly.cumsum()
    half = np.flatnonzero(total >= total[-1] / 2)
    last = int(half[0]) if len(half) and total[-1] > 0 else len(weekly) - 1
    week = int(np.argmax(weekly[: last + 1]))
    begin = float(outcome.edges[week])
    return begin, min(begin + WEEK, float(outcome.edges[-1]))


def _relevant(outcome: Outcome) -> NDArray[np.bool_]:
    """Stations of routes that make the product or anything in it, or ship it."""
    made = {route.item for route in outcome.scenario.routes if route.route in outcome.routes + outcome.shipments}
    consumed = {
        route.item: {p for o in outcome.scenario.operations if o.route == route.route for p, _ in o.consumes}
        for route in outcome.scenario.routes
    }
    frontier = set(made)
    while frontier:
        frontier = {part for item in frontier for part in consumed.get(item, ())} - made
        made |= frontier
    routes = {route.route for route in outcome.scenario.routes if route.item in made}
    used = {o.station for o in outcome.scenario.operations if o.route in routes}
    return np.array([name in used for name in outcome.replications[0].names.stations])


def _output(outcome: Outcome, i: int, edges: Floats) -> Floats:
    run = outcome.replications[i]
    times = np.concatenate([np.repeat(run.finish_times[name], outcome.pieces[name]) for name in outcome.routes])
    return np.histogram(times, edges)[0].astype(float)


def _elasticity(base: Floats, raised: Floats) -> Floats:
    """(C, 3) mean, low, high of the elasticities of output: base (n,), raised (C, n); nan where nothing is made."""
    mean = float(base.mean())
    if mean == 0:
        return np.full((len(raised), 3), np.nan)
    found = [paired(base, one) for one in raised]
    return np.array([[x.mean, x.low, x.high] for x in found]).reshape(len(raised), 3) / (CHANGE * mean)
