"""Runs one replication of a model on the event kernel and reads the tables back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ironworks.factory.flow._records import Records
from ironworks.factory.flow._tables import micro
from ironworks.factory.flow.encode import Encoded, encode
from ironworks.factory.flow.explain import explain
from ironworks.factory.flow.kernels import event
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.model import Model
from ironworks.factory.flow.result import Floats, Ints, Outcome, Replication
from ironworks.factory.flow.validate import validate

#: Events, and items, that are in memory at one time to begin with.
_ROOM = 65536


def run_once(
    model: Model,
    until: float,
    *,
    seed: int = 1,
    replication: int = 0,
    edges: Iterable[float] | None = None,
    warmup: float = 0.0,
    trace: tuple[float, float] | None = None,
    scale: Mapping[str, float] | None = None,
) -> Replication:
    """Simulate a plant from time 0 to `until` [s].

    `edges`: ends of the bins in which results are given (default: one bin from `warmup` to `until`; bins that end
    before `warmup` are left out). `trace`: window [s] whose events are logged. `scale`: factor on all rates
    (process, up, repair, set-up) of a station, for elasticities; draws stay the same.
    Raises ModelError with all faults of the model, ValueError on times out of order
    and on stations to scale that are not there.
    """
    validate(model)
    if not 0 <= warmup < until:
        raise ValueError(f"warmup {warmup} s must be at least 0 and before until {until} s")
    stations = [s.name for s in model.stations]
    if unknown := [name for name in scale or () if name not in stations]:
        raise ValueError(f"scale: no station {', '.join(map(repr, unknown))}; there are: {', '.join(stations)}")
    inner = sorted({float(e) for e in (() if edges is None else edges) if warmup < e < until})
    bins = [*([warmup] if warmup > 0 else []), *inner, float(until)]
    room = _ROOM
    while True:
        encoded = encode(model, seed, replication, trace, scale, room)
        status, records = _run(encoded, bins)
        if status != f.ROOM:
            return _read(model, encoded, status, records, seed, replication, warmup, bins)
        # Draws depend on no history, so a run that starts over with more room is the same run.
        room *= 4


def _run(encoded: Encoded, bins: Sequence[float]) -> tuple[int, Records]:
    """Run from bin to bin; what is kept at the end of each."""
    records = Records()
    status = f.FINISHED
    for until in bins:
        status = int(event.run(encoded.m, encoded.x, micro(until)))
        if status == f.ROOM:
            break
        records.add(encoded.m)
        if status == f.DEADLOCK:
            break
    return status, records


def _per_bin(cumulative: Ints, skip: int) -> Ints:
    """Differences from bin to bin of a cumulative table; the warm-up bin is left out."""
    return np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1]))[skip:]


def _read(
    model: Model,
    e: Encoded,
    status: int,
    kept: Records,
    seed: int,
    replication: int,
    warmup: float,
    bins: Sequence[float],
) -> Replication:
    g, names = e.m, e.names
    outcome = Outcome.DEADLOCK if status == f.DEADLOCK else Outcome.COMPLETED
    stopped = float(g[f.G_NOW]) / 1e6 if outcome is Outcome.DEADLOCK else float(bins[-1])
    skip = 1 if warmup > 0 else 0
    # A plant that locks keeps its last bin, cut at the time of the lock.
    ends = np.array([*bins[: len(kept) - 1], min(stopped, bins[len(kept) - 1])], np.float64)
    begin = np.concatenate([[0.0], ends])[skip:]
    width = np.maximum(np.diff(begin), 1e-12)[:, None] * 1e6
    now = (ends * 1e6).round().astype(np.int64)[:, None]

    def count(kind: int, column: int) -> Ints:
        return _per_bin(kept.column(kind, column), skip)

    def integral(kind: int, area: int, level: Ints, since: int) -> Floats:
        total: Floats = _per_bin(kept.column(kind, area) + level * (now - kept.column(kind, since)), skip) / 1e6
        return total

    def mean(kind: int, area: int, level: Ints, since: int) -> Floats:
        return integral(kind, area, level, since) * 1e6 / width

    places = g[g[f.G_PLACE0] : g[f.G_OP0]].reshape(-1, f.E_WIDTH)
    by_station = kept.states((places[:, f.PL_STATION] - g[f.G_ST0]) // f.E_WIDTH, len(names.stations))
    st, so, op, rt, sk, df = f.G_ST0, f.G_STORE0, f.G_OP0, f.G_RT0, f.G_SK0, f.G_DF0
    waiting = kept.column(st, f.ST_LEN0) + kept.column(st, f.ST_LEN1)
    wip, stock = kept.column(rt, f.RT_WIP), kept.column(so, f.SO_LEVEL)
    lacking = np.where(kept.column(so, f.SO_WAITERS) > 0, now - kept.column(so, f.SO_SHORT_SINCE), 0)
    short = kept.column(so, f.SO_SHORT) + lacking
    finished = count(rt, f.RT_FINISHED)
    with np.errstate(invalid="ignore", divide="ignore"):
        lead_time = np.where(finished > 0, count(rt, f.RT_LEAD) / finished / 1e6, np.nan)
    fin = g[g[f.G_LOG_END] : g[f.G_FIN]].reshape(-1, 2)
    by_routing, finish = np.ascontiguousarray(fin[:, 0]), fin[:, 1] / 1e6
    log = g[g[f.G_LOG0] : g[f.G_LOG]].reshape(-1, 8).copy()
    for column, first in ((3, g[f.G_RT0]), (4, g[f.G_ST0]), (6, g[f.G_OP0]), (5, g[f.G_RT0])):
        # What is no place in memory is a number already: a store, a place of a station, none.
        counted = log[:, column] < first
        log[:, column] = np.where(counted, log[:, column], (log[:, column] - first) // f.E_WIDTH)
    return Replication(
        names=names,
        seed=seed,
        replication=replication,
        outcome=outcome,
        explanation=explain(e.m, names) if outcome is Outcome.DEADLOCK else "",
        edges=begin,
        states=_per_bin(by_station, skip) / 1e6,
        released=count(rt, f.RT_RELEASED),
        finished=finished,
        scrapped=count(rt, f.RT_SCRAPPED),
        lost=count(rt, f.RT_LOST),
        wip=wip[skip:],
        wip_start=wip[0] if skip else np.zeros(len(names.routings), np.int64),
        wip_mean=mean(rt, f.RT_AREA, wip, f.RT_SINCE),
        queue_mean=mean(st, f.ST_AREA, waiting, f.ST_SINCE),
        lead_time=lead_time,
        starts=count(op, f.OP_STARTS),
        rejects=count(op, f.OP_REJECTS),
        first_tests=count(op, f.OP_FIRST),
        first_passes=count(op, f.OP_PASSED),
        found=count(df, f.DF_FOUND),
        escaped=count(df, f.DF_ESCAPED),
        stock=stock[skip:],
        stock_mean=mean(so, f.SO_AREA, stock, f.SO_SINCE),
        consumed=count(so, f.SO_CONSUMED),
        delivered=count(so, f.SO_DELIVERED),
        ordered=count(so, f.SO_ORDERED),
        short=_per_bin(short, skip) / 1e6,
        operators=count(sk, f.SK_AREA) / 1e6,
        finish_times={
            r.name: finish[by_routing == g[f.G_RT0] + i * f.E_WIDTH] for i, r in enumerate(model.routings) if r.record
        },
        log=log,
        events=int(g[f.G_OPS]),
        stopped=stopped,
    )
