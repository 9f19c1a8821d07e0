"""Inverse kinematics: joint angles that bring hands to wanted poses, within the joints' limits.

Steps of a quadratic programme each: the least weighed miss of all targets, a little pull to a rest posture, no joint
beyond its stops and none faster than a step's most. What is out of reach is told, never cut off silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import daqp
import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.kernels.attitude import turn_to

__all__ = ["Reached", "Target", "arm_joints", "reach"]

Floats = NDArray[np.float64]

#: Most of a joint's move in one step [rad]; damping; pull to rest; steps; from when on a step brings nothing [rad].
_MOST, _DAMPING, _REST, _STEPS, _STILL = 0.25, 1e-5, 1e-5, 120, 1e-5
#: A turn of 1 rad counts as much as so many metres.
_LEVER = 0.2
#: A joint closer than this to its stop is named as what holds back [rad].
_AT_STOP = 1e-4
_SPINE = ("lumbar", "thoracic")
_ARM = ("girdle", "shoulder", "elbow", "wrist")


@dataclass(frozen=True, eq=False)
class Target:
    """A wanted pose of a link: its point `at` (3,) [m] in its axes comes to `place` (3,) [m] in the world.

    `turn` (3, 3): wanted axes of the link in the world; None leaves them free.
    """

    link: str
    place: Floats
    turn: Floats | None = None
    at: Floats | None = None


@dataclass(frozen=True, eq=False)
class Reached:
    """Angles (J,) [rad] of all joints of the model; what each target (T,) is missed by [m] and [rad].

    `stopped`: the moved joints that stand at a stop. `is_within` tells whether every target is met.
    """

    angle: Floats
    miss: Floats
    tilt: Floats
    stopped: tuple[str, ...]

    def is_within(self, metres: float = 1e-3, radians: float = 0.01) -> bool:
        """Whether all targets are met so closely."""
        return bool((self.miss <= metres).all() and (self.tilt <= radians).all())


def arm_joints(model: ControlModel, sides: Sequence[str] = ("left", "right"), spine: bool = False) -> tuple[str, ...]:
    """Names of the arms' joints on these sides, girdle to wrist, with those of the spine where asked."""
    return tuple(
        name
        for name in model.joints
        if any(name.startswith(f"{side}_") and name.removeprefix(f"{side}_").startswith(_ARM) for side in sides)
        or (spine and name.startswith(_SPINE))
    )


def reach(
    model: ControlModel,
    position: Floats,
    targets: Sequence[Target],
    joints: Sequence[str],
    rest: Floats | None = None,
    margin: float = 0.02,
) -> Reached:
    """Move `joints` from a state `position` (7 + J,) towards the targets; the root and other joints stay.

    `rest` (J,): the posture preferred where there is a choice, the design's stand by default; `margin`: kept from
    every stop [rad]. Raises ValueError for a joint or link that the model has not.
    """
    unknown = [name for name in joints if name not in model.joints]
    if unknown:
        raise ValueError(f"no joint {', '.join(unknown)}; choose among: {', '.join(model.joints)}")
    links = {model.model.body(i).name for i in range(model.model.nbody)}
    for target in targets:
        if target.link not in links:
            raise ValueError(f"no link `{target.link}`; choose among: {', '.join(sorted(links))}")
    data = mujoco.MjData(model.model)
    rows = np.array([model.joints.index(name) for name in joints], dtype=np.int64)
    low, high = model.low[rows] + margin, model.high[rows] - margin
    wish = (model.stand if rest is None else rest)[rows].clip(low, high)
    data.qpos[:] = position
    data.qpos[7 + rows] = data.qpos[7 + rows].clip(low, high)
    best, least = data.qpos[7:].copy(), np.inf
    for _ in range(_STEPS):
        error, jacobian = _errors(model.model, data, targets, rows)
        angle = data.qpos[7 + rows]
        cost = float(error @ error)
        if cost < least - 1e-12:
            best, least = data.qpos[7:].copy(), cost
        hessian = jacobian.T @ jacobian + (_DAMPING + _REST) * np.eye(len(rows))
        gradient = -jacobian.T @ error - _REST * (wish - angle)
        above, below = np.minimum(high - angle, _MOST), np.maximum(low - angle, -_MOST)
        move, _, status, _ = daqp.solve(
            hessian, gradient, np.eye(len(rows)), above, below, np.zeros(len(rows), dtype=np.int32)
        )
        if status <= 0 or np.abs(move).max() < _STILL:
            break
        data.qpos[7 + rows] = angle + move
    data.qpos[7:] = best
    mujoco.mj_kinematics(model.model, data)
    left = [_left(model.model, data, target) for target in targets]
    miss, tilt = (np.array([float(np.linalg.norm(part[k])) for part in left]) for k in (0, 1))
    angle = best[rows]
    ends = (angle < low + _AT_STOP) | (angle > high - _AT_STOP)
    return Reached(best, miss, tilt, tuple(np.array(joints)[ends].tolist()))


def _errors(
    model: mujoco.MjModel, data: mujoco.MjData, targets: Sequence[Target], rows: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """What is left of all targets (n,), and its jacobian by the moved joints (n, M)."""
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    errors, parts = [], []
    for target in targets:
        body = model.body(target.link).id
        away, turn = _left(model, data, target)
        both = np.empty((6, model.nv))
        mujoco.mj_jac(model, data, both[:3], both[3:], target.place - away, body)
        errors.append(away)
        parts.append(both[:3, 6 + rows])
        if target.turn is not None:
            errors.append(_LEVER * turn)
            parts.append(_LEVER * both[3:, 6 + rows])
    return np.concatenate(errors), np.concatenate(parts)


def _left(model: mujoco.MjModel, data: mujoco.MjData, target: Target) -> tuple[Floats, Floats]:
    """What a target is still away (3,) [m] and turned (3,) [rad]."""
    body = model.body(target.link).id
    turn = data.xmat[body].reshape(3, 3)
    place = data.xpos[body] + (0.0 if target.at is None else turn @ target.at)
    return target.place - place, np.zeros(3) if target.turn is None else turn_to(target.turn, turn)
