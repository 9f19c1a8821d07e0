"""Which shapes of a robot can meet one another, found by sampling postures: all against all meets what never can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import mujoco
import numpy as np

from ironworks.product.design import Design, Mass
from ironworks.robot.body import body_spec, stand_on_floor

__all__ = ["MOST_PAIRS", "find_pairs"]

MOST_PAIRS = 150
#: Shapes that overlap in more than this share of postures belong to one another, as a thigh and its hip do.
_ALWAYS = 0.5


def find_pairs(
    design: Design, masses: Mapping[str, Mass], *, seed: int, postures: int = 4000, most: int = MOST_PAIRS
) -> list[tuple[str, str, float]]:
    """Pairs of shapes with the share of postures in which they meet, most often first, at most `most`.

    Postures are uniform within the ranges of the joints. Left out: links that a joint connects or whose common parent
    is next to both, shapes that touch while standing, shapes that nearly always overlap. A pair and its mirror image
    count together, so that both sides are treated alike.
    """
    spec = body_spec(design, masses, pairs=False)
    for geom in spec.geoms:
        geom.contype = geom.conaffinity
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    standing = _met(model, data)
    touching = standing | {_mirrored(pair) for pair in standing}
    rng = np.random.default_rng(seed)
    low = np.array([max(joint.low, -np.pi) for joint in design.joints])
    high = np.array([min(joint.high, np.pi) for joint in design.joints])
    at = [model.joint(joint.name).qposadr[0] for joint in design.joints]
    place = {joint.name: i for i, joint in enumerate(design.joints)}
    counts: Counter[tuple[str, str]] = Counter()
    for _ in range(postures):
        angles = rng.uniform(low, high)
        for i, joint in enumerate(design.joints):
            if joint.follow is not None:
                angles[i] = joint.follow.gain * angles[place[joint.follow.joint]]
        data.qpos[at] = angles
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_collision(model, data)
        counts.update(_met(model, data))
    seen = {one for pair in counts for one in (pair, _mirrored(pair))}
    share = {pair: (counts[pair] + counts[_mirrored(pair)]) / 2.0 / postures for pair in seen}
    kept = [
        pair
        for pair in share
        if pair not in touching and share[pair] <= _ALWAYS and not _near(design, *map(_link, pair))
    ]
    # Mirror images stand side by side, and the cut at the end parts none of them.
    kept.sort(key=lambda pair: (-share[pair], min(pair, _mirrored(pair)), pair))
    if len(kept) > most and _mirrored(kept[most - 1]) == kept[most]:
        most -= 1
    return [(*pair, share[pair]) for pair in kept[:most]]


def _met(model: mujoco.MjModel, data: mujoco.MjData) -> set[tuple[str, str]]:
    found = set()
    for contact in data.contact[: data.ncon]:
        first, second = sorted(model.geom(int(geom)).name for geom in contact.geom)
        found.add((first, second))
    return found


def _link(shape: str) -> str:
    return shape.partition(".")[0]


def _mirrored(pair: tuple[str, str]) -> tuple[str, str]:
    swap = {"left_": "right_", "right_": "left_"}
    names = []
    for name in pair:
        side = next((side for side in swap if name.startswith(side)), "")
        names.append(swap[side] + name.removeprefix(side) if side else name)
    first, second = sorted(names)
    return first, second


def _near(design: Design, one: str, other: str) -> bool:
    """Whether at most two joints are between two links."""
    above = [_ancestors(design, one), _ancestors(design, other)]
    common = next(name for name in above[0] if name in above[1])
    return above[0].index(common) + above[1].index(common) <= 2


def _ancestors(design: Design, name: str) -> list[str]:
    found = [name]
    while design.by_name[found[-1]].parent:
        found.append(design.by_name[found[-1]].parent)
    return found
