"""A box on a stand before a robot: what the robot is told of it, where it truly is, and what becomes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.manipulation.grasp_trial import PLACE_ERROR, TURN_ERROR
from ironworks.robot.control import SimulatedRobot
from ironworks.robot.control.hand_tasks import palms_of

__all__ = ["Box"]

Floats = NDArray[np.float64]

#: The stand: by how much its top is smaller than the box, its thickness, and half the breadth of its column [m].
_SMALLER, _TOP, _COLUMN = 0.06, 0.03, 0.06
#: Radius of a palm's contact [m], over which it resists turning; friction of cardboard on the stand.
_PATCH, _ON_STAND = 0.01, 0.5
#: Contact of soft skin, as `Thing` has it.
_SKIN, _FIRM = [0.006, 1.0], [0.9, 0.97, 0.001, 0.5, 2.0]
#: Iterations that end the creep of regularised friction, in a scene where something is held by friction alone.
_NO_SLIP = 4
#: Links whose skin presses it, without their side.
_SKINNED = [[part] for part in ("hand", "thumb", "index", "middle", "ring", "little")]
_SIDES = ("left", "right")


@dataclass(frozen=True)
class Box:
    """A full box of a mass [kg] with `sides` [m] ahead, across and up, its middle so far `ahead` of that of the soles

    [m], on a stand of a height [m]. `friction`: of skin on it. It may slide on its stand, tilt and fall: nothing but
    contacts holds it.
    """

    mass: float = 5.0
    sides: tuple[float, float, float] = (0.30, 0.40, 0.25)
    ahead: float = 0.36
    stand: float = 0.70
    friction: float = 0.7

    def __post_init__(self) -> None:
        if min(self.mass, *self.sides, self.ahead, self.stand, self.friction) <= 0.0:
            raise ValueError("mass, sides, places and friction of a box are above 0")

    @property
    def middle(self) -> float:
        """Height of its middle while it stands [m]."""
        return self.stand + 0.5 * self.sides[2]

    def scene(self, spec: mujoco.MjSpec, rng: np.random.Generator) -> None:
        """Put it on its stand before a robot that stands at the origin, as far off as it is seen wrongly."""
        across, aside = PLACE_ERROR * rng.standard_normal(2), TURN_ERROR * rng.standard_normal()
        soles = float(np.mean([g.pos[0] for g in spec.geoms if g.name.endswith("foot.sole")]))
        x, y = soles + self.ahead + float(across[0]), float(across[1])
        length, width, height = self.sides
        world, kind = spec.worldbody, mujoco.mjtGeom.mjGEOM_BOX
        looks = {"contype": 1, "conaffinity": 1, "rgba": [0.55, 0.57, 0.6, 1.0]}
        top = [0.5 * (length - _SMALLER), 0.5 * (width - _SMALLER), 0.5 * _TOP]
        world.add_geom(name="stand", type=kind, pos=[x, y, self.stand - 0.5 * _TOP], size=top, **looks)
        below = 0.5 * (self.stand - _TOP)
        world.add_geom(type=kind, pos=[x, y, below], size=[_COLUMN, _COLUMN, below], **looks)
        turn = [math.cos(0.5 * aside), 0.0, 0.0, math.sin(0.5 * aside)]
        body = world.add_body(name="box", pos=[x, y, self.middle], quat=turn)
        body.add_freejoint(name="box")
        body.add_geom(
            name="box", type=kind, size=[0.5 * length, 0.5 * width, 0.5 * height], mass=self.mass, contype=1,
            conaffinity=1, priority=1, friction=[_ON_STAND, 0.005, 1e-4], rgba=[0.72, 0.56, 0.38, 1.0],
        )  # fmt: skip
        mu = self.friction
        skin = [g.name for g in spec.geoms if g.conaffinity and g.name.partition(".")[0].split("_")[1:2] in _SKINNED]
        for name in skin:
            spec.add_pair(
                name=f"{name}|box", geomname1=name, geomname2="box", condim=4,
                friction=[mu, mu, mu * _PATCH * 2.0 / 3.0, 1e-4, 1e-4], solref=_SKIN, solimp=_FIRM,
            )  # fmt: skip
        spec.option.noslip_iterations = _NO_SLIP
        spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC

    def seen(self, robot: SimulatedRobot) -> Floats:
        """Its place (3) [m], how far it is tilted [rad], where the left and the right palm are in its axes (6) [m], and

        how hard the left and the right limb press it (2) [N].
        """
        data = robot.data
        box = data.body("box")
        turn = box.xmat.reshape(3, 3)
        palms = []
        for link, at in palms_of(robot.design).values():
            hand = data.body(link)
            palms.append(turn.T @ (hand.xpos + hand.xmat.reshape(3, 3) @ at - box.xpos))
        tilt = math.acos(min(1.0, max(-1.0, float(turn[2, 2]))))
        return np.array([*box.xpos, tilt, *palms[0], *palms[1], *_pressed(robot)])


def _pressed(robot: SimulatedRobot) -> Floats:
    """Normal forces on the box by limbs of the left and of the right side (2,) [N]."""
    model, data = robot.model, robot.data
    found, wrench, box = np.zeros(2), np.zeros(6), model.geom("box").id
    for i in np.flatnonzero((data.contact.geom == box).any(axis=1)).tolist():
        one, other = data.contact.geom[i].tolist()
        side = model.body(model.geom_bodyid[one if other == box else other]).name.partition("_")[0]
        if side in _SIDES:
            mujoco.mj_contactForce(model, data, i, wrench)
            found[_SIDES.index(side)] += wrench[0]
    return found
