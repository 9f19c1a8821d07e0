"""How a robot lowers itself: knees and ankles bend, and the trunk leans so that its weight stays over the soles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import ControlModel, sole_of
from ironworks.robot.control.glide import Glide

__all__ = ["Crouch", "Squat"]

Floats = NDArray[np.float64]

#: Poses that are computed between standing and the deepest one; what an ankle keeps from its stop, and the steepest
#: thigh [rad]; the most that a trunk leans [rad].
_POSES, _KEPT, _STEEPEST, _MOST_LEAN = 12, 0.1, 1.35, 0.9
#: How fast and how abruptly a robot lowers and raises itself [m/s, m/s2].
_SPEED, _HURRY = 0.25, 0.8


@dataclass(frozen=True, eq=False)
class Crouch:
    """One pose: `height` [m] of the centre of mass over the soles, trunk's `lean` [rad], angles (J,) [rad]."""

    height: float
    lean: float
    angle: Floats


class Squat:
    """The lowered poses of one robot, and the way between them.

    Standing is the design's own pose; all others keep the centre of mass where it is over the soles there.
    """

    def __init__(self, model: ControlModel) -> None:
        self._model, self._data = model, mujoco.MjData(model.model)
        parts = ("hip_pitch", "knee", "ankle_pitch")
        self._rows = {part: [i for i, name in enumerate(model.joints) if name.endswith(part)] for part in parts}
        self._soles = [sole_of(model, foot)[0] for foot in model.feet]
        ankle, thigh = (float(model.stand[self._rows[part][0]]) for part in ("ankle_pitch", "hip_pitch"))
        most = float(model.high[self._rows["ankle_pitch"][0]]) - _KEPT
        ahead, height = self._over(0.0, ankle, thigh)
        found = [(height, 0.0, model.stand.copy())]
        for share in np.linspace(0.0, 1.0, _POSES)[1:].tolist():
            bent = ankle + min(1.0, 2.0 * share) * (most - ankle)
            steep = thigh + share * (_STEEPEST - thigh)
            lean = self._lean(bent, steep, ahead)
            angles = self._data.qpos[7:]
            if lean > _MOST_LEAN or ((angles < model.low) | (angles > model.high)).any():
                break
            found.append((self._over(lean, bent, steep)[1], lean, self._data.qpos[7:].copy()))
        # Lowest first, as interpolation wants it.
        self._heights = np.array([one[0] for one in reversed(found)])
        self._leans = np.array([one[1] for one in reversed(found)])
        self._angles = np.array([one[2] for one in reversed(found)])
        self._stands = Crouch(height, 0.0, model.stand)
        self.begin(height)

    def begin(self, height: float) -> None:
        """Begin at a height of the centre of mass over the soles [m], at rest."""
        self._glide = Glide(1, _SPEED, _HURRY)
        self._drop = self.standing - height

    def step(self, wanted: float) -> tuple[Crouch, Floats]:
        """One tick on the way to a height above that of standing [m]: the pose now, and how its height

        differs from that of standing, its rate and its change (3,) [m, m/s, m/s2].
        """
        goal = min(max(-wanted, 0.0), self.lowest)
        if self._drop == goal == 0.0 and self._glide.still:
            return self._stands, np.zeros(3)
        self._drop += float(self._glide.step(np.array([goal - self._drop]))[0])
        if self._drop == goal == 0.0:
            return self._stands, np.zeros(3)
        moved = self._drop, float(self._glide.velocity[0]), float(self._glide.acceleration[0])
        return self.at(self._drop), -np.array(moved)

    @property
    def standing(self) -> float:
        """Height of the centre of mass over the soles in the standing pose [m]."""
        return float(self._heights[-1])

    @property
    def lowest(self) -> float:
        """How far the centre of mass can be lowered [m]."""
        return float(self._heights[-1] - self._heights[0])

    def at(self, drop: float) -> Crouch:
        """The pose whose centre of mass is so far below that of standing [m]; the nearest one there is."""
        height = min(max(self.standing - drop, float(self._heights[0])), self.standing)
        above = min(max(int(np.searchsorted(self._heights, height)), 1), len(self._heights) - 1)
        low, high = self._heights[above - 1 : above + 1].tolist()
        share = (height - low) / (high - low)
        lean, angle = (of[above - 1] + share * (of[above] - of[above - 1]) for of in (self._leans, self._angles))
        return Crouch(height, float(lean), angle)

    def _over(self, lean: float, ankle: float, thigh: float) -> tuple[float, float]:
        """How far ahead of the soles the centre of mass is and how high over them [m], with both legs alike."""
        data, rows = self._data, self._rows
        data.qpos[:3] = 0.0
        data.qpos[3:7] = math.cos(0.5 * lean), 0.0, math.sin(0.5 * lean), 0.0
        data.qpos[7:] = self._model.stand
        for part, angle in (("hip_pitch", thigh + lean), ("knee", thigh + ankle), ("ankle_pitch", ankle)):
            data.qpos[7 + np.array(rows[part])] = angle
        model = self._model.model
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        feet = [data.body(foot) for foot in self._model.feet]
        under = np.mean([f.xpos + f.xmat.reshape(3, 3) @ s for f, s in zip(feet, self._soles, strict=True)], axis=0)
        away = data.subtree_com[1] - under
        return float(away[0]), float(away[2])

    def _lean(self, ankle: float, thigh: float, ahead: float) -> float:
        """The lean [rad] that brings the centre of mass so far ahead of the soles [m]; beyond the most: too much."""
        low, high = -0.2, 2.0 * _MOST_LEAN
        for _ in range(30):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._over(middle, ankle, thigh)[0] < ahead else (low, middle)
        self._over(low, ankle, thigh)
        return low
