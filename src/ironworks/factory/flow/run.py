"""Runs one replication of a model on the event kernel and reads the tables back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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
    encoded = encode(model, bins, seed, replication, trace, scale)
    status, world = _run(encoded.world)
    return _read(model, Encoded(world, encoded.names), status, seed, replication, warmup, bins)


def _grow(table: Ints) -> Ints:
    return np.concatenate([table, np.zeros_like(table)])


def _run(world: World) -> tuple[int, World]:
    while True:
        status = int(event.run(world))
        if status == -1:
            raise RuntimeError("the event log or the list of finish times ran over within one instant")
        if status != f.ROOM:
            return status, world
        world = world._replace(
            heap=_grow(world.heap) if 2 * world.g[f.G_HEAP] > len(world.heap) else world.heap,
            it=_grow(world.it) if 2 * world.g[f.G_ITEM_HIGH] > len(world.it) else world.it,
            log=_grow(world.log) if 2 * world.g[f.G_LOG] > len(world.log) else world.log,
            fin=_grow(world.fin) if 2 * world.g[f.G_FIN] > len(world.fin) else world.fin,
        )


def _per_bin(cumulative: Ints, skip: int) -> Ints:
    """Differences from bin to bin of a cumulative table; the warm-up bin is left out."""
    return np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1]))[skip:]


def _read(
    model: Model, e: Encoded, status: int, seed: int, replication: int, warmup: float, bins: Sequence[float]
) -> Replication:
    w, names = e.world, e.names
    done = int(w.g[f.G_BIN])
    skip = 1 if warmup > 0 else 0
    ends = np.array(bins[:done], np.float64)
    begin = np.concatenate([[0.0], ends])[skip:] if done else np.array([0.0])
    width = np.maximum(np.diff(begin), 1e-12)[:, None] * 1e6

    def mean(area: Ints) -> Floats:
        result: Floats = area / width
        return result

    brt, bst, bop, bso = w.brt[:done], w.bst[:done], w.bop[:done], w.bso[:done]
    finished = _per_bin(brt[:, :, 1], skip)
    lead = _per_bin(brt[:, :, 6], skip)
    with np.errstate(invalid="ignore", divide="ignore"):
        lead_time = np.where(finished > 0, lead / finished / 1e6, np.nan)
    fin = w.fin[: w.g[f.G_FIN]]
    outcome = Outcome.DEADLOCK if status == f.DEADLOCK else Outcome.COMPLETED
    starts = _per_bin(bop[:, :, 0], skip)
    return Replication(
        names=names,
        seed=seed,
        replication=replication,
        outcome=outcome,
        explanation=explain(w, names) if outcome is Outcome.DEADLOCK else "",
        edges=begin,
        states=_per_bin(bst[:, :, : f.S_N], skip) / 1e6,
        released=_per_bin(brt[:, :, 0], skip),
        finished=finished,
        scrapped=_per_bin(brt[:, :, 2], skip),
        lost=_per_bin(brt[:, :, 3], skip),
        wip=brt[skip:, :, 4].copy(),
        wip_start=brt[0, :, 4].copy() if skip and done else np.zeros(len(names.routings), np.int64),
        wip_mean=mean(_per_bin(brt[:, :, 5], skip)),
        queue_mean=mean(_per_bin(bst[:, :, f.S_N], skip)),
        lead_time=lead_time,
        starts=starts,
        rejects=_per_bin(bop[:, :, 1], skip),
        first_tests=_per_bin(bop[:, :, 2], skip),
        first_passes=_per_bin(bop[:, :, 3], skip),
        found=_per_bin(w.bdf[:done, :, 0], skip),
        escaped=_per_bin(w.bdf[:done, :, 1], skip),
        stock=bso[skip:, :, 0].copy(),
        stock_mean=mean(_per_bin(bso[:, :, 1], skip)),
        consumed=_per_bin(bso[:, :, 2], skip),
        delivered=_per_bin(bso[:, :, 3], skip),
        ordered=_per_bin(bso[:, :, 4], skip),
        short=_per_bin(bso[:, :, 5], skip) / 1e6,
        operators=_per_bin(w.bsk[:done], skip) / 1e6,
        finish_times={
            r.name: fin[fin[:, 0] == i, 1] / 1e6 for i, r in enumerate(model.routings) if r.record
        },
        log=w.log[: w.g[f.G_LOG]].copy(),
        events=int(w.g[f.G_OPS]),
        stopped=float(w.g[f.G_NOW]) / 1e6 if outcome is Outcome.DEADLOCK else float(bins[-1]),
    )
