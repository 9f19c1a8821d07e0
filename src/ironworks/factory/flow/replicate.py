"""Many replications of a model, on several processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from ironworks.factory.flow.model import Model
from ironworks.factory.flow.result import Replication
from ironworks.factory.flow.run import run_once


def replicate(
    model: Model | Callable[[int], Model],
    replications: int,
    until: float,
    *,
    seed: int = 1,
    workers: int = 1,
    edges: Sequence[float] | None = None,
    warmup: float = 0.0,
    scale: Mapping[str, float] | None = None,
) -> list[Replication]:
    """Run replications 0 to n - 1 up to `until` [s]; the results are the same whatever the number of `workers`.

    `model`: a plant, or a function that makes the plant of a replication (for uncertain figures; with more than one
    worker it must be importable, not a lambda). The other arguments are those of `run_once`, which also says what
    is raised. Raises ValueError when replications or workers are below 1.
    """
    if replications < 1 or workers < 1:
        raise ValueError(f"replications {replications} and workers {workers} must both be at least 1")
    one = partial(_one, model, until=until, seed=seed, edges=edges, warmup=warmup, scale=scale)
    if workers == 1:
        return [one(i) for i in range(replications)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(one, range(replications)))


def _one(
    model: Model | Callable[[int], Model],
    replication: int,
    *,
    until: float,
    seed: int,
    edges: Sequence[float] | None,
    warmup: float,
    scale: Mapping[str, float] | None,
) -> Replication:
    plant = model if isinstance(model, Model) else model(replication)
    return run_once(plant, until, seed=seed, replication=replication, edges=edges, warmup=warmup, scale=scale)
