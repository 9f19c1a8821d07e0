"""The skin-map test: known pushes onto taxels give each patch its dead taxels and its gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ironworks.robot.acceptance.measurement import Limits, Verdict, judge
from ironworks.robot.skin.spread import Spread
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels

__all__ = ["SKIN_LIMITS", "Indenter", "PatchMap", "judge_map", "map_skin", "tabulate"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What a patch must keep. Assumed: no maker has published limits of a robot's skin.
SKIN_LIMITS: Mapping[str, Limits] = {
    "dead_share": Limits(None, 0.05),
    "hole": Limits(None, 1.0),
    "gain_mean": Limits(0.9, 1.1),
    "gain_spread": Limits(None, 0.15),
}


@dataclass(frozen=True)
class Indenter:
    """What presses: its force [N], the standard deviation of that as a share of it, presses on each taxel.

    A taxel whose gain is found below `dead_below` counts as dead.
    """

    force: float = 5.0
    accuracy: float = 0.01
    presses: int = 1
    dead_below: float = 0.2

    def __post_init__(self) -> None:
        if self.force <= 0.0 or self.accuracy < 0.0 or self.presses < 1:
            raise ValueError("an indenter needs a force above 0, an accuracy of at least 0 and at least one press")


@dataclass(frozen=True)
class PatchMap:
    """What was found on one patch: of the taxels pressed, the share that is dead; gains of the live ones.

    `hole`: taxels in the largest group of dead ones side by side. Gains are NaN where all are dead.
    """

    patch: str
    taxels: int
    pressed: int
    dead_share: float
    hole: int
    gain_mean: float
    gain_spread: float


def map_skin(
    taxels: Taxels,
    state: SkinState,
    rng: np.random.Generator,
    *,
    indenter: Indenter | None = None,
    every: int = 1,
) -> tuple[PatchMap, ...]:
    """Press every taxel of a unit (or each `every`-th of a patch) and tell what each patch is like.

    Raises ValueError where the push is beyond half a taxel's full scale: a gain above 1 could not be told from it.
    """
    tool = indenter or Indenter()
    columns = np.array([patch.columns for patch in taxels.patches], dtype=np.int64)[taxels.patch]
    chosen = np.flatnonzero((taxels.row * columns + taxels.column) % every == 0)
    pushed = tool.force * Spread(taxels).onto(chosen)
    own = pushed[np.arange(len(chosen)), chosen]
    strong = own > taxels.full_scale[chosen] / 2.0
    if strong.any():
        names = ", ".join(sorted({taxels.patches[taxels.patch[i]].name for i in chosen[strong]}))
        raise ValueError(f"{tool.force:g} N is beyond half the full scale of {names}; press less")
    said = np.zeros(len(chosen))
    for _ in range(tool.presses):
        force = pushed * (1.0 + tool.accuracy * rng.standard_normal((len(chosen), 1)))
        said += state.read(taxels, force, rng).force[np.arange(len(chosen)), chosen] / tool.presses
    gains = np.full(len(taxels), np.nan)
    gains[chosen] = said / own
    return tabulate(taxels, gains, tool.dead_below)


def tabulate(taxels: Taxels, gains: Floats, dead_below: float = 0.2) -> tuple[PatchMap, ...]:
    """The table of measured gains (T,), NaN where nothing was pressed; below `dead_below` a taxel is dead."""
    pressed = ~np.isnan(gains)
    dead = pressed & (np.where(pressed, gains, 1.0) < dead_below)
    group = _groups(taxels, dead)
    found = []
    for patch in taxels.patches:
        here = taxels.slices[patch.name]
        live = gains[here][pressed[here] & ~dead[here]]
        count = int(pressed[here].sum())
        sizes = np.bincount(group[here][dead[here]]) if dead[here].any() else np.zeros(1, dtype=np.int64)
        found.append(
            PatchMap(
                patch=patch.name,
                taxels=patch.taxels,
                pressed=count,
                dead_share=float(dead[here].sum() / count) if count else float("nan"),
                hole=int(sizes.max()),
                gain_mean=float(live.mean()) if len(live) else float("nan"),
                gain_spread=float(live.std(ddof=1)) if len(live) > 1 else float("nan"),
            )
        )
    return tuple(found)


def judge_map(rows: Sequence[PatchMap], limits: Mapping[str, Limits] = SKIN_LIMITS) -> dict[str, Verdict]:
    """The verdict on each patch: the worst of its measurements, by their names in `PatchMap`."""
    return {row.patch: max(judge(limit, float(getattr(row, name))) for name, limit in limits.items()) for row in rows}


def _groups(taxels: Taxels, dead: NDArray[np.bool_]) -> Ints:
    """Which dead taxels hang together (T,)."""
    if len(taxels) == 0:
        return np.zeros(0, dtype=np.int64)
    pairs = taxels.neighbours
    pairs = pairs[dead[pairs].all(axis=1)]
    shape = (len(taxels), len(taxels))
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
