"""The postures that a unit goes through on the gantry: spread over the ranges of its joints, free of collisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.body import body_spec

__all__ = ["Programme", "programme_of"]

Floats = NDArray[np.float64]

#: Known weights of the second half [kg], on the sensor of each side.
_LOADS = {"palm_ball": 2.0, "sole_ball": 4.0}
#: Postures keep this share of a joint's range away from its stops; looks at a path; postures that are tried.
_MARGIN, _STEPS, _TRIES = 0.08, 12, 20_000


@dataclass(frozen=True, eq=False)
class Programme:
    """Postures `angles` (P, J) [rad] of `joints`, from which one goes to the next in a straight line without touching.

    `frozen`: joints that are held (fingers have a bench of their own). From posture `loaded` on, known weights hang on
    `loads` (sensor -> kg). `leans`: attitudes of the gantry (roll, pitch) [rad] at which inertial sensors are read.
    """

    joints: tuple[str, ...]
    frozen: frozenset[str]
    angles: Floats
    loaded: int
    loads: Mapping[str, float]
    leans: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.35, 0.0), (0.0, 0.35), (-0.35, 0.0), (0.0, -0.35))
    settle: float = 0.45

    def seconds(self, start: Floats, end: Floats) -> float:
        """Time of a move [s]: as the root of its longest way, so that accelerations stay alike."""
        return max(0.8, 1.25 * float(np.sqrt(np.abs(end - start).max())))


def programme_of(
    design: Design, masses: Mapping[str, Mass], *, postures: int = 36, seed: int = 1, held_out: bool = False
) -> Programme:
    """A programme of so many postures; `held_out` draws others, which no calibration has seen.

    Raises ValueError where no path without collisions is found.
    """
    frozen = frozenset(
        joint.name
        for joint in design.joints
        if joint.drive is None or joint.drive.family == "micro_harmonic" or not np.isfinite(joint.low)
    )
    moving = [joint for joint in design.joints if joint.name not in frozen]
    low, high = np.array([joint.low for joint in moving]), np.array([joint.high for joint in moving])
    span = high - low
    spec = body_spec(design, masses, frozen=frozen)
    if design.free:
        spec.delete(spec.joint("root"))
    model = spec.compile()
    data = mujoco.MjData(model)
    at = np.array([model.joint(joint.name).qposadr[0] for joint in moving])
    rng = np.random.default_rng([seed, 7 if held_out else 3])
    here = np.clip(np.array([design.stand.get(joint.name, 0.0) for joint in moving]), low, high)
    # Fingers that are held straight may touch one another in any posture; that is no collision of the body.
    data.qpos[at] = here
    always = _touching(model, data)
    found: list[Floats] = []
    limbs = _limbs(design, [joint.name for joint in moving])
    for _ in range(_TRIES):
        if len(found) == postures:
            break
        there = here.copy()
        # Limb by limb, so that one arm that would touch does not spoil the posture of all others.
        for limb in limbs:
            for _ in range(4):
                tried = there.copy()
                tried[limb] = rng.uniform(low + _MARGIN * span, high - _MARGIN * span)[limb]
                if _free(model, data, at, here, tried, always):
                    there = tried
                    break
        if np.abs(there - here).max() > 0.2 and _free(model, data, at, here, there, always):
            found.append(there)
            here = there
    if len(found) < postures:
        raise ValueError(f"{design.name}: only {len(found)} of {postures} postures are free of collisions")
    loads = {f"{side}{name}": kg for name, kg in _LOADS.items() for side in ("left_", "right_")}
    known = {site.name for site in spec.sites}
    return Programme(
        tuple(joint.name for joint in moving),
        frozen,
        np.array(found),
        postures // 2,
        {name: kg for name, kg in loads.items() if name in known},
    )


def _limbs(design: Design, joints: list[str]) -> list[NDArray[np.int64]]:
    """Columns of the joints, one group for each side of each branch of the tree."""
    groups: dict[str, list[int]] = {}
    branch: dict[str, str] = {}
    children: dict[str, int] = {}
    for link in design.links:
        children[link.parent] = children.get(link.parent, 0) + 1
    for link in design.links:
        begins = not link.parent or children[link.parent] > 1
        branch[link.name] = link.name if begins else branch[link.parent]
        if link.joint is not None and link.joint.name in joints:
            groups.setdefault(branch[link.name], []).append(joints.index(link.joint.name))
    return [np.array(group) for group in groups.values()]


def _free(
    model: mujoco.MjModel,
    data: mujoco.MjData,
    at: NDArray[np.int64],
    start: Floats,
    end: Floats,
    always: set[tuple[int, int]],
) -> bool:
    for share in np.linspace(0.0, 1.0, _STEPS + 1)[1:]:
        data.qpos[at] = start + share * (end - start)
        if _touching(model, data) - always:
            return False
    return True


def _touching(model: mujoco.MjModel, data: mujoco.MjData) -> set[tuple[int, int]]:
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    mujoco.mj_collision(model, data)
    return {(int(contact.geom[0]), int(contact.geom[1])) for contact in data.contact[: data.ncon]}
