"""Outcomes made by hand, for tests of the report: a built-in scenario's names with an invented ramp."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ironworks.factory.balancing import BayLoad
from ironworks.factory.flow.bottleneck import bottlenecks
from ironworks.factory.flow.result import Names, Replication, State
from ironworks.factory.flow.result import Outcome as Ending
from ironworks.factory.flow.statistics import wilson
from ironworks.outcome import (
    CapacityCheck,
    Cause,
    Draws,
    Elasticities,
    Line,
    Milestone,
    Miss,
    OrderBy,
    Outcome,
    TargetResult,
    Traced,
    YearCost,
)
from ironworks.scenario import Scenario, read_scenario, scenario_path

WEEK = 604_800.0
DAY = 86_400.0


@pytest.fixture(scope="session")
def build() -> Callable[..., Outcome]:
    """Makes outcomes: `build(n=4)`."""
    return made_up


def made_up(name: str = "tiny", n: int = 4, traced: bool = True, measured: bool = True) -> Outcome:
    """An outcome of `n` replications of the built-in scenario `name`; without a trace or elasticities if so wished."""
    scenario = read_scenario(scenario_path(name))
    general = scenario.settings.scenario
    weeks = -(-((general.end - general.start).days + 1) // 7)
    edges = np.arange(weeks + 1) * WEEK
    names = _names(scenario)
    item = next(row.item for row in scenario.items if row.final)
    routes = tuple(route.route for route in scenario.routes if route.item == item)[-1:]
    runs = tuple(_replication(names, edges, routes, k) for k in range(n))
    ids = tuple(figure.id for figure in scenario.all_figures() if figure.role == "input" and figure.is_uncertain)
    values = np.random.default_rng(5).random((n, len(ids)))
    lots = {row.item: row.lot for row in scenario.items}
    bench = BayLoad("bench", ("assemble",), 3, 3, 0.5)
    made = Outcome(
        scenario=scenario,
        line=Line("robot", 1000.0, 600.0, (bench,), (replace(bench, places=2, load=0.75),), 2e5, 2e5),
        variant="",
        overrides=(),
        seed=1,
        start=general.start,
        item=item,
        routes=routes,
        shipments=(),
        pieces=dict.fromkeys(routes, lots[item]),
        replications=runs,
        targets=(),
        milestones=(),
        draws=Draws(ids, values),
        costs=tuple(_costs(general.start, weeks, k) for k in range(n)),
        orders=_orders(scenario),
        capacity=tuple(
            CapacityCheck(s.station, year, 1e6 * (1 + i % 4), 2.2e6)
            for i, s in enumerate(scenario.stations)
            for year in {general.start.year, general.end.year}
        ),
        misses=(),
        assumed=tuple(
            figure.id for figure in scenario.all_figures() if figure.role == "input" and figure.kind == "assumed"
        ),
        arrows=_arrows(weeks, len(names.stations)),
        seconds=12.0,
    )
    total = made.output().sum(axis=1)
    targets = _targets(made, total)
    counts = (1, 10, 100, 1000, 10_000)
    milestones = tuple(_milestone(made, count) for count in counts)
    window = (7 * WEEK if weeks > 8 else WEEK, 7 * WEEK + WEEK if weeks > 8 else 2 * WEEK)
    film = _traced(runs[0], window) if traced else None
    fields = {field: getattr(made, field) for field in made.__dataclass_fields__}
    fields |= {"targets": targets, "milestones": milestones, "misses": _misses(made, targets), "traced": film}
    if measured:
        fields["elasticities"] = _elasticities(names.stations, edges)
    return Outcome(**fields)


def _names(scenario: Scenario) -> Names:
    operations = [f"{o.route}.{o.operation}" for o in scenario.operations]
    operations += [f"{d.defect}.{d.repair}" for d in scenario.defects if d.repair]
    return Names(
        stations=tuple(s.station for s in scenario.stations),
        routings=tuple(r.route for r in scenario.routes),
        stores=tuple(p.part for p in scenario.parts),
        operations=tuple(dict.fromkeys(operations)),
        defects=tuple(dict.fromkeys(d.defect for d in scenario.defects)),
        skills=tuple(s.skill for s in scenario.skills),
        crews=tuple(c.crew for c in scenario.crews),
        fleets=(),
    )


def _replication(names: Names, edges: np.ndarray, routes: Sequence[str], k: int) -> Replication:
    g = np.random.default_rng(100 + k)
    b, s, r = len(edges) - 1, len(names.stations), len(names.routings)
    o, d, t = len(names.operations), len(names.defects), len(names.stores)
    ramp = (0.5 + 0.3 * g.random()) * 30 / (1 + np.exp(-(np.arange(b) - b * (0.5 + 0.1 * g.random())) / (b / 10)))
    finished = g.poisson(ramp[:, None].repeat(r, axis=1))
    scrapped = g.binomial(finished, 0.02)
    wip = np.full((b, r), 5)
    released = finished + scrapped
    released[0] += 5
    states = g.dirichlet(np.array([0.01, 4, 0.4, 0.2, 0.2, 4, 0.5, 1.5, 0.5, 0.7]), size=(b, s)) * WEEK
    installed = (np.arange(b)[:, None] * 3 // b >= np.arange(s) % 3)[:, :, None]
    away = np.zeros(10)
    away[State.NOT_INSTALLED] = WEEK
    tests = np.zeros((b, o), dtype=np.int64)
    tests[:, [i for i, name in enumerate(names.operations) if "test" in name or "inspect" in name]] = 30
    share = np.clip(0.98 - 0.3 * np.exp(-np.arange(b) / (b / 4)), 0, 1)[:, None]
    passes = g.binomial(tests, share)
    short = g.random((b, t)) * WEEK * (g.random((b, t)) < 0.1)
    return Replication(
        names=names, seed=1, replication=k, outcome=Ending.COMPLETED, explanation="", edges=edges,
        states=np.where(installed, states, away), released=released, finished=finished, scrapped=scrapped,
        lost=np.zeros((b, r), dtype=np.int64), wip_start=np.zeros(r, dtype=np.int64), stopped=0.0,
        wip=wip, wip_mean=wip + g.random((b, r)), queue_mean=g.random((b, s)) * 4,
        lead_time=np.where(finished > 0, DAY * (2 + g.random((b, r))), np.nan), starts=tests, rejects=tests - passes,
        first_tests=tests, first_passes=passes, found=g.poisson(2, (b, d)), escaped=g.poisson(0.1, (b, d)),
        stock=g.poisson(40, (b, t)), stock_mean=g.random((b, t)) * 40, consumed=g.poisson(30, (b, t)),
        delivered=g.poisson(30, (b, t)), ordered=g.poisson(30, (b, t)), short=short,
        operators=g.random((b, len(names.skills))) * 2 * 40 * 3600, finish_times={},
        log=np.zeros((0, 8), dtype=np.int64),
        events=int(finished.sum()) * o,
    )  # fmt: skip


def _targets(made: Outcome, total: np.ndarray) -> tuple[TargetResult, ...]:
    results = []
    for row in made.scenario.targets:
        at = row.at or row.to or made.scenario.settings.scenario.end
        ends = ((at - made.start).days + 1) * DAY
        begins = max(0, (row.from_ - made.start).days) * DAY if row.from_ else 0.0
        if row.kind == "sop":
            values = ends + np.linspace(-9, 5, len(total)) * DAY
            values[0] = np.inf
            wanted, met, unit = ends, values <= ends, "s"
        elif row.kind == "rate":
            wanted, values, unit = 0.9 * total.mean() / 40 / WEEK, total / 40 / WEEK, "1/s"
            met = values >= wanted
        else:
            wanted, values, unit = float(total.mean()), total, "pieces"
            met = values >= wanted
        interval = wilson(int(met.sum()), len(met))
        low, middle, high = (float(q) for q in np.quantile(values, (0.1, 0.5, 0.9), method="nearest"))
        results.append(
            TargetResult(
                row.target, row.text, row.kind, row.item, float(wanted), unit, begins, ends, values, met,
                float(met.mean()), interval.low, interval.high, (low, middle, high),
            )
        )  # fmt: skip
    return tuple(results)


def _milestone(made: Outcome, count: int) -> Milestone:
    reached = [np.flatnonzero(run >= count) for run in made.output().cumsum(axis=1)]
    times = np.array([made.edges[hits[0] + 1] if len(hits) else np.inf for hits in reached])
    low, middle, high = (float(np.quantile(times, q, method="nearest")) for q in (0.1, 0.5, 0.9))
    return Milestone(count, times, (low, middle, high), float(np.isfinite(times).mean()))


def _misses(made: Outcome, targets: Sequence[TargetResult]) -> tuple[Miss, ...]:
    missed = [target for target in targets if not target.met.all() and target.kind != "sop"]
    station = made.replications[0].names.stations[0]
    cause = Cause("capacity", station, 12.0, WEEK, 3 * WEEK, f"{station} had less time than the plan needs.")
    part = Cause("part", made.scenario.parts[0].part, 5.0, 2 * WEEK, 4 * WEEK, "A delivery came three weeks late.")
    figures = tuple((name, 0.97) for name in made.draws.ids[:2])
    return tuple(
        Miss(
            int(np.argmin(target.values)),
            target.name,
            17.0,
            "pieces",
            (cause, part),
            "Too few places, then parts.",
            figures,
        )
        for target in missed
    )


def _costs(start: date, weeks: int, k: int) -> tuple[YearCost, ...]:
    years = range(start.year, (start + timedelta(weeks=weeks)).year + 1)
    return tuple(
        YearCost(year, 50.0 * 3**i + k, 1e7, 2e6, 6e6, 4e5, 5e4 * 3**i * 50, 1e6, 1e11 * 3**i)
        for i, year in enumerate(years)
    )


def _orders(scenario: Scenario) -> tuple[OrderBy, ...]:
    start = scenario.settings.scenario.start
    rows = []
    for i, station in enumerate(scenario.stations):
        needed = start + timedelta(days=25 * i)
        order = needed - timedelta(days=60)
        rows.append(
            OrderBy(station.station, "equipment", 1 + i % 3, "places", needed, order, 60 * DAY, 4e5, order < start)
        )
    part = scenario.parts[0].part
    rows.append(OrderBy(part, "part", 500, "pieces", start + timedelta(days=90), start, 90 * DAY, 0.0, False))
    return tuple(rows)


def _arrows(weeks: int, stations: int) -> np.ndarray:
    weight = np.zeros((weeks, stations))
    weight[np.arange(weeks), np.arange(weeks) * min(stations, 5) // weeks] = 0.7
    weight[:, 0] += 0.3
    return weight


def _elasticities(stations: Sequence[str], edges: np.ndarray) -> Elasticities:
    chosen = tuple(stations[:5])
    cuts = np.linspace(edges[0], edges[-1], 5)
    mean = np.random.default_rng(3).dirichlet(np.full(len(chosen), 0.5), 4).T
    overall = mean.mean(axis=1)
    return Elasticities(
        chosen, tuple(itertools.pairwise(cuts)), tuple(f"part {i + 1}" for i in range(4)), mean, mean - 0.1,
        mean + 0.1, np.stack([overall, overall - 0.05, overall + 0.05], axis=1), 0.05, 6,
    )  # fmt: skip


def _traced(run: Replication, window: tuple[float, float]) -> Traced:
    """A log in which units pass the stations in turn, one hour each."""
    rows = []
    stations = len(run.names.stations)
    for s in range(stations):
        rows.append((window[0], 10, -1, -1, s, 0, -1, State.STARVED))
    for unit in range(60):
        for s in range(stations):
            at = window[0] + (unit + s) * 3600.0
            rows.append((at, 13 if s else 0, unit, 0, s, -1, -1, -1))
            rows.append((at + 60, 1, unit, 0, s, 0, s % len(run.names.operations), -1))
            rows.append((at + 60, 10, -1, -1, s, 0, -1, State.WORKING))
            rows.append((at + 3500, 10, -1, -1, s, 0, -1, State.STARVED if unit % 5 else State.DOWN))
        rows.append((window[0] + (unit + stations) * 3600.0, 11, unit, 0, -1, -1, -1, -1))
    log = np.array([(round(row[0] * 1e6), *row[1:]) for row in sorted(rows) if row[0] <= window[1]], dtype=np.int64)
    kept = {field: getattr(run, field) for field in run.__dataclass_fields__} | {"log": log}
    logged = Replication(**kept)
    return Traced(logged, window, bottlenecks(logged, window))
