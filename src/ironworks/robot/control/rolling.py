"""A rod rolls between the thumb and the fingers that hold it: pads go opposite ways along it, as far as joints tell.

Where the rod touches each last link, and how far it has turned, follows from the links' own motion, since what rolls
has the speed of both surfaces; skin says where it touches. The turn goes on until that reckoning has reached it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.grasp import Grasp
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.control.hand_simulation import HandObservation
from ironworks.robot.control.interface import TICK, JointCommand

__all__ = ["Rolling"]

Floats = NDArray[np.float64]

#: Rate of turning [rad/s]; how fast what is missing is made up for [1/s].
_RATE, _CATCH_UP = 0.4, 3.0
#: Damping of joints' rates against what the pads are to do [m/rad]; speed at which joints may be sent [rad/s].
_EASE, _FASTEST = 0.006, 1.0
#: Share of what skin says of the rod's place that is believed at each reading; how fast the rod is kept level [1/s].
_TRUST, _LEVEL = 0.05, 2.0
#: How near to the goal the turn is done [rad].
_NEAR = np.radians(1.0)
#: How much a commanded angle may lead the measured one [rad].
_LEAD = 0.25


class Rolling:
    """Turns a rod of a told radius [m], which a grasp holds across its axis, in the hand.

    `turned` [rad]: how far it has come by the hand's own reckoning, positive about `axis` (3,), in palm axes.
    """

    def __init__(self, grasp: Grasp, hand: HandKinematics, radius: float) -> None:
        self._grasp, self._hand, self._radius = grasp, hand, radius
        self.turned, self._wanted, self._goal = 0.0, 0.0, 0.0
        self._kept: Floats | None = None

    def begin(self, goal: float) -> None:
        """Turn by `goal` [rad] from now on."""
        self._goal = self.turned + goal
        self._grasp.rolls = True

    @property
    def is_done(self) -> bool:
        """Whether the reckoning has come within a degree of the goal."""
        return bool(abs(self._goal - self.turned) < _NEAR)

    def step(self, seen: HandObservation) -> JointCommand:
        """What the hand's drives are asked for."""
        command = self._grasp.step(seen)
        hand = self._hand
        angle = hand.angle(seen.angle)
        hand.pose(angle)
        kept = self._kept if self._kept is not None else self._take_over(hand.angle(command.angle))
        self._reckon(seen.fresh)
        ahead = np.clip(self._goal - self._wanted, -_RATE * TICK, _RATE * TICK)
        self._wanted += float(ahead)
        rate = float(ahead) / TICK + _CATCH_UP * (self._wanted - self.turned)
        kept = np.clip(kept + TICK * self._rates(rate), angle - _LEAD, angle + _LEAD)
        self._kept = kept.clip(hand.low, hand.high)
        return replace(command, angle=hand.reading(self._kept), torque=self._pull())

    def _take_over(self, kept: Floats) -> Floats:
        """Where the rod lies: across the told way, and where skin feels it; angles (J,) as they were commanded."""
        shape = self._grasp.shape
        self._fingers = shape.fingers
        self._across = shape.across
        self._up = shape.up - (shape.up @ self._across) * self._across
        self._up = self._up / np.linalg.norm(self._up)
        self.axis = np.cross(self._across, self._up)
        self._heights, self._centre = self._feel()
        self._level, self._rest = self._heights, self._centre
        self._mark()
        return kept

    def _feel(self) -> tuple[Floats, Floats]:
        """Heights of the rod's middle at each finger but the thumb, along up [m], and its middle (3,), by skin."""
        hand, felt = self._hand, self._grasp.centres()
        middles: list[Floats] = []
        for n, k in enumerate(self._fingers):
            _, turn = hand.last(k)
            normal = np.cross(turn[:, 2], self.axis)
            normal /= np.linalg.norm(normal)
            normal *= np.sign(normal @ self._across) * (-1.0 if n == 0 else 1.0)
            middles.append(hand.on(k, felt[k]) + (hand.radius[k] + self._radius) * normal)
        others = np.array(middles[1:])
        # A thumb that holds with its bare side feels nothing.
        thumb = middles[0] if felt[self._fingers[0]] > 0.0 else others.mean(axis=0)
        return others @ self._up, 0.5 * (thumb + others.mean(axis=0))

    def _mark(self) -> None:
        """Remember the points of the links that touch the rod now, in each link's own axes."""
        hand = self._hand
        self._local = []
        for k in self._fingers:
            place, turn = hand.last(k)
            along = -turn[:, 2]
            apart = self._centre - place
            # The rod touches where its axis passes the link's.
            level = along - (along @ self.axis) * self.axis
            share = float((apart @ level) / (level @ level))
            on = place + share * along
            towards = self._centre - on
            towards -= (towards @ self.axis) * self.axis
            surface = on + hand.radius[k] * towards / np.linalg.norm(towards)
            self._local.append((turn.T @ (surface - place), turn.T @ (on - place)))
        self._surfaces = self._touching()

    def _touching(self) -> list[Floats]:
        found = []
        for k, (surface, _) in zip(self._fingers, self._local, strict=True):
            place, turn = self._hand.last(k)
            found.append(place + turn @ surface)
        return found

    def _reckon(self, fresh: bool) -> None:
        """The rod rolls on both surfaces: its middle moves as their mean, it turns by their difference."""
        moved = [now - before for now, before in zip(self._touching(), self._surfaces, strict=True)]
        thumb, others = moved[0], np.mean(moved[1:], axis=0)
        self._centre = self._centre + 0.5 * (thumb + others)
        self.turned += float((thumb - others) @ self._up) / (2.0 * self._radius)
        if fresh:
            # Skin says where the rod is, links how it moves.
            heights, centre = self._feel()
            self._heights = self._heights + _TRUST * (heights - self._heights)
            off = _TRUST * (centre - self._centre)
            self._centre = self._centre + (off @ self._up) * self._up + (off @ self._across) * self._across
        self._mark()

    def _rates(self, rate: float) -> Floats:
        """Joint speeds (J,) [rad/s] at which the pads turn the rod at `rate` [rad/s] and leave it where it is."""
        hand, found = self._hand, np.zeros(len(self._hand.joints))
        for n, (k, (surface, _)) in enumerate(zip(self._fingers, self._local, strict=True)):
            sign = 1.0 if n == 0 else -1.0
            columns = hand.columns[k]
            jacobian = hand.jacobian(k, surface)[:, columns]
            sinks = float((self._rest - self._centre) @ self._up)
            if n:
                sinks += self._level[n - 1] - self._heights[n - 1] - float((self._level - self._heights).mean())
            wanted = (sign * self._radius * rate + _LEVEL * sinks) * self._up
            square = jacobian.T @ jacobian + _EASE**2 * np.eye(len(columns))
            found[columns] = np.linalg.solve(square, jacobian.T @ wanted)
        return found.clip(-_FASTEST, _FASTEST)

    def _pull(self) -> Floats:
        """Torques (J,) that press the links against the rod where they touch it, along the line between them."""
        hand, force = self._hand, self._grasp.force
        thumb, *others = self._surfaces
        line = np.mean(others, axis=0) - thumb
        line /= np.linalg.norm(line)
        torque = np.zeros(len(hand.joints))
        for n, (k, (_, on)) in enumerate(zip(self._fingers, self._local, strict=True)):
            share = force if n == 0 else -force / len(others)
            torque += hand.jacobian(k, on).T @ (share * line)
        return torque
