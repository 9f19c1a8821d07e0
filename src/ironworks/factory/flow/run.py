"""Runs one replication of a model on the event kernel and reads the tables back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ironworks.factory.flow._tables import micro
from ironworks.factory.flow.encode import Encoded, encode
from ironworks.factory.flow.explain import explain
from ironworks.factory.flow.kernels import event
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.world import World
from ironworks.factory.flow.model import Model
from ironworks.factory.flow.result import Floats, Ints, Outcome, Replication
from ironworks.factory.flow.validate import validate


def run_once(
    model: Model,
    until: float,
    *,
    seed: int = 1,
    replication: int = 0,
    edges: Sequence[float] | None = None,
    warmup: float = 0.0,
    trace: tuple[float, float] | None = None,
    scale: Mapping[str, float] | None = None,
) -> Replication:
    """Simulate a plant from time 0 to `until` [s].

    `edges`: ends of the bins in which results are given (default: one bin from `warmup` to `until`; bins that end
    before `warmup` are left out). `trace`: window [s] whose events are logged. `scale`: factor on all rates
    (process, up, repair, set-up) of a station, for elasticities; draws stay the same.
    Raises ModelError with all faults of the model, ValueError on times out of order.
    """
    validate(model)
    if not 0 <= warmup < until:
        raise ValueError(f"warmup {warmup} s must be at least 0 and before until {until} s")
    inner = sorted({float(e) for e in (edges or ()) if warmup < e < until})
    bins = [*([warmup] if warmup > 0 else []), *inner, float(until)]
    encoded = encode(model, seed, replication, trace, scale)
    world, status, snapshots = _run(encoded.world, bins)
    return _read(model, Encoded(world, encoded.names), status, snapshots, seed, replication, warmup, bins)


def _grow(table: Ints) -> Ints:
    return np.concatenate([table, np.zeros_like(table)])


def _run(world: World, bins: Sequence[float]) -> tuple[World, int, Ints]:
    """Run from bin to bin; the table of entities at the end of each, (B, entities, columns)."""
    snapshots = []
    status = f.FINISHED
    for end in bins:
        while (status := int(event.run(world, micro(end)))) == f.ROOM:
            world = world._replace(
                heap=_grow(world.heap) if 2 * world.g[f.G_HEAP] > len(world.heap) else world.heap,
                it=_grow(world.it) if 2 * world.g[f.G_ITEM_HIGH] > len(world.it) else world.it,
                log=_grow(world.log) if 2 * world.g[f.G_LOG] > len(world.log) else world.log,
                fin=_grow(world.fin) if 2 * world.g[f.G_FIN] > len(world.fin) else world.fin,
            )
        if status == -1:
            raise RuntimeError("the event log or the list of finish times ran over within one instant")
        snapshots.append(world.e.copy())
        if status == f.DEADLOCK:
            break
    return world, status, np.array(snapshots)


def _per_bin(cumulative: Ints, skip: int) -> Ints:
    """Differences from bin to bin of a cumulative table; the warm-up bin is left out."""
    return np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1]))[skip:]


def _read(
    model: Model, e: Encoded, status: int, shots: Ints, seed: int, replication: int, warmup: float, bins: Sequence[float]
) -> Replication:
    w, names, g = e.world, e.names, e.world.g
    outcome = Outcome.DEADLOCK if status == f.DEADLOCK else Outcome.COMPLETED
    stopped = float(g[f.G_NOW]) / 1e6 if outcome is Outcome.DEADLOCK else float(bins[-1])
    skip = 1 if warmup > 0 else 0
    # A plant that locks keeps its last bin, cut at the time of the lock.
    ends = np.array([*bins[: len(shots) - 1], min(stopped, bins[len(shots) - 1])], np.float64)
    begin = np.concatenate([[0.0], ends])[skip:]
    width = np.maximum(np.diff(begin), 1e-12)[:, None] * 1e6
    now = (ends * 1e6).round().astype(np.int64)[:, None]
    st = shots[:, : g[f.G_STORE0]]
    so = shots[:, g[f.G_STORE0] : g[f.G_PLACE0]]
    pl = shots[:, g[f.G_PLACE0] : g[f.G_OP0]]
    op = shots[:, g[f.G_OP0] : g[f.G_RT0]]
    rt = shots[:, g[f.G_RT0] : g[f.G_CAL0]]
    sk = shots[:, g[f.G_SK0] : g[f.G_FL0]]
    df = shots[:, g[f.G_DF0] : g[f.G_SU0]]

    def count(table: Ints, column: int) -> Ints:
        return _per_bin(table[:, :, column], skip)

    def integral(table: Ints, area: int, level: Ints, since: int) -> Floats:
        total: Floats = _per_bin(table[:, :, area] + level * (now - table[:, :, since]), skip) / 1e6
        return total

    def mean(table: Ints, area: int, level: Ints, since: int) -> Floats:
        return integral(table, area, level, since) * 1e6 / width

    by_station = np.zeros((len(shots), st.shape[1], f.S_N), np.int64)
    np.add.at(by_station, (slice(None), pl[0, :, f.PL_STATION]), pl[:, :, f.PL_ACC : f.PL_ACC + f.S_N])
    waiting = so[:, :, f.SO_WAITERS] > 0
    short = so[:, :, f.SO_SHORT] + np.where(waiting, now - so[:, :, f.SO_SHORT_SINCE], 0)
    finished = count(rt, f.RT_FINISHED)
    with np.errstate(invalid="ignore", divide="ignore"):
        lead_time = np.where(finished > 0, count(rt, f.RT_LEAD) / finished / 1e6, np.nan)
    fin = w.fin[: g[f.G_FIN]]
    log = w.log[: g[f.G_LOG]].copy()
    for column, first in ((3, g[f.G_RT0]), (6, g[f.G_OP0])):
        log[:, column] = np.where(log[:, column] >= 0, log[:, column] - first, -1)
    return Replication(
        names=names,
        seed=seed,
        replication=replication,
        outcome=outcome,
        explanation=explain(w, names) if outcome is Outcome.DEADLOCK else "",
        edges=begin,
        states=_per_bin(by_station, skip) / 1e6,
        released=count(rt, f.RT_RELEASED),
        finished=finished,
        scrapped=count(rt, f.RT_SCRAPPED),
        lost=count(rt, f.RT_LOST),
        wip=rt[skip:, :, f.RT_WIP].copy(),
        wip_start=rt[0, :, f.RT_WIP].copy() if skip else np.zeros(len(names.routings), np.int64),
        wip_mean=mean(rt, f.RT_AREA, rt[:, :, f.RT_WIP], f.RT_SINCE),
        queue_mean=mean(st, f.ST_AREA, st[:, :, f.ST_LEN0] + st[:, :, f.ST_LEN1], f.ST_SINCE),
        lead_time=lead_time,
        starts=count(op, f.OP_STARTS),
        rejects=count(op, f.OP_REJECTS),
        first_tests=count(op, f.OP_FIRST),
        first_passes=count(op, f.OP_PASSED),
        found=count(df, f.DF_FOUND),
        escaped=count(df, f.DF_ESCAPED),
        stock=so[skip:, :, f.SO_LEVEL].copy(),
        stock_mean=mean(so, f.SO_AREA, so[:, :, f.SO_LEVEL], f.SO_SINCE),
        consumed=count(so, f.SO_CONSUMED),
        delivered=count(so, f.SO_DELIVERED),
        ordered=count(so, f.SO_ORDERED),
        short=_per_bin(short, skip) / 1e6,
        operators=integral(sk, f.SK_AREA, sk[:, :, f.SK_USED], f.SK_SINCE),
        finish_times={
            r.name: fin[fin[:, 0] == g[f.G_RT0] + i, 1] / 1e6 for i, r in enumerate(model.routings) if r.record
        },
        log=log,
        events=int(g[f.G_OPS]),
        stopped=stopped,
    )
