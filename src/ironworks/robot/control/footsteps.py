"""Commanded footsteps: when they are taken on, and the motion that leads from each through all that come after it.

The divergent motion at a landing follows from the footholds that are still to come, last one first: it ends between
the last two soles, and each landing's is the one that runs there with the pressure under the middle of every standing
sole (Englsberger, Ott and Albu-Schaeffer, IEEE Transactions on Robotics 31, 2015).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import level_axes
from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.footing import Footing
from ironworks.robot.control.footstep_reach import FootPlace, FootShape, Reach, faults
from ironworks.robot.control.interface import Command, Footstep
from ironworks.robot.control.step_planner import Gait, Step, planned_step

__all__ = ["FootstepReport", "FootstepState", "Footsteps", "Landing"]

Floats = NDArray[np.float64]

#: Share of the pressure's reach that a landing's motion may be off before the foot lands elsewhere than it was told.
_BEARS = 0.8
#: A place that would give way by more, ahead or aside, is off by a push [m].
_PUSHED = np.array([0.12, 0.045])
#: The same of the way between the soles, after the last landing.
_BETWEEN = 0.3
#: Shortest step [s]; the fastest turn of the trunk [rad/s], and from how near to a landing it turns no more [s].
_SHORTEST, _FASTEST_TURN, _TURNED = 0.36, 1.2, 0.02
#: The weight is over a foot once the motion has come so near to where its step begins [m]; gain of the pressure.
_OVER, _CATCH = 0.005, 2.0
#: How exactly a robot that stands knows where its soles are [m].
_EXACT = 0.005
#: A growth of the motion so little above 1 is not waited for.
_NEARLY = 0.15
#: By so much a standing foot may miss its foothold before the ones that follow are checked anew, and by how much
#: farther than told beforehand they may then be [m].
_ASTRAY, _GIVES = 0.03, 0.05


class FootstepState(Enum):
    """What becomes of commanded footsteps."""

    NONE = "none commanded"
    WAITING = "waits until the robot stands"
    STEPPING = "steps"
    DONE = "stands on the last one"
    REFUSED = "refused before anything moved"
    LEFT = "left before the last one"


@dataclass(frozen=True)
class Landing:
    """How far from its commanded place a foot landed, as the robot believes: (ahead, left) [m] in that place's axes.

    `yielded` [m]: by how much balance had moved the place; 0 where nothing pushes.
    """

    off: tuple[float, float]
    yielded: float


@dataclass(frozen=True)
class FootstepReport:
    """What became of the last commanded footsteps, why, and how those landed that have."""

    state: FootstepState = FootstepState.NONE
    reason: str = ""
    landed: tuple[Landing, ...] = ()


class Footsteps:
    """The commanded footsteps of one robot, whose pressure goes `reach` (2,) [m] from the middle of a sole."""

    def __init__(self, shape: FootShape, reach: Floats, limits: Reach, footing: Footing) -> None:
        self._shape, self._reach, self._footing, self.limits = shape, reach, footing, limits
        self.report = FootstepReport()
        self._wanted: tuple[Footstep, ...] | None = None
        self._places: list[FootPlace] = []
        self._next, self._yielded = 0, 0.0

    @property
    def active(self) -> bool:
        """Whether a foot is on its way to a foothold, or about to be."""
        return self.report.state is FootstepState.STEPPING

    @property
    def done(self) -> bool:
        """Whether the last foot has landed."""
        return self.report.state is FootstepState.DONE

    @property
    def stance(self) -> int:
        """The foot that stands during the next step."""
        assert self._wanted is not None
        return 1 if self._wanted[self._next].side == "left" else 0

    def obey(
        self, command: Command, feet: Sequence[PointMotion], stance: int | None, heading: float, left: float
    ) -> Command:
        """The command whose velocities and `walk` do what its footsteps ask for; the same where it has none.

        `stance`: the foot that stands alone, None where both do; `left` [s]: until the next landing.
        """
        if command.footsteps is None and self._wanted is None:
            return command
        if command.footsteps != self._wanted:
            self._wanted = command.footsteps
            self.report = FootstepReport(FootstepState.WAITING if self._wanted else FootstepState.NONE)
        if self._wanted is None:
            return command
        if self.report.state is FootstepState.WAITING and stance is None:
            self._begin(self._wanted, feet)
        elif self.done and stance is not None:
            self._end(FootstepState.LEFT, "it stepped off the last one to keep its balance")
        elif self.active and stance is not None and stance != self.stance:
            self._end(FootstepState.LEFT, "it stepped with the other foot to keep its balance")
        if not self.active:
            return replace(command, forward=0.0, left=0.0, turn=0.0, walk=False)
        away = math.remainder(self._places[self._next].heading - heading, 2.0 * math.pi)
        turn = away / left if left > _TURNED else 0.0
        turn = min(max(turn, -_FASTEST_TURN), _FASTEST_TURN)
        return replace(command, forward=0.0, left=0.0, turn=turn, walk=True)

    def _begin(self, steps: tuple[Footstep, ...], feet: Sequence[PointMotion]) -> None:
        """Place the footsteps from where both soles stand; refuse them where one is out of reach."""
        soles = [FootPlace.of(foot) for foot in feet]
        apart = math.remainder(soles[1].heading - soles[0].heading, 2.0 * math.pi)
        origin, heading = 0.5 * (soles[0].middle + soles[1].middle), soles[0].heading + 0.5 * apart
        axes = level_axes(heading)[:2, :2]
        self._places = [FootPlace(origin + axes @ step.place, heading + step.turn) for step in steps]
        self._next, self._yielded = 0, 0.0
        found = faults(steps, self._places, soles, self._shape, self.limits, _EXACT)
        if self._footing.known:
            found += self._uneven(steps)
        if found:
            self._end(FootstepState.REFUSED, "; ".join(found))
        else:
            self.report = FootstepReport(FootstepState.STEPPING)

    def _uneven(self, steps: Sequence[Footstep]) -> Iterator[str]:
        """Where a mapped floor bears no whole sole."""
        for number, (step, place) in enumerate(zip(steps, self._places, strict=True), 1):
            hold = self._footing.hold(place.middle, place.heading)
            if hold.moved:
                ahead = float(place.seen(hold.place[:2])[0])
                yield f"footstep {number} ({step.side}) lands on no even floor: the nearest is {ahead:+.2f} m ahead"

    def _end(self, state: FootstepState, reason: str) -> None:
        self.report = replace(self.report, state=state, reason=reason)

    def _motions(self, under: Floats, omega: float, time: float) -> tuple[Floats, Floats]:
        """The divergent motion at the begin and at the end of the next step (2,) [m] from the sole at `under`."""
        soles = [under, *(place.middle for place in self._places[self._next :])]
        motion = 0.5 * (soles[-2] + soles[-1])
        shrinks = math.exp(-omega * time)
        for sole in reversed(soles[1:-1]):
            motion = sole + (motion - sole) * shrinks
        return under + (motion - under) * shrinks, motion

    def weigh_over(
        self, feet: Sequence[PointMotion], divergent: Floats, axes: Floats, omega: float, time: float
    ) -> tuple[Floats, bool]:
        """Pressure (2,) [m] that brings the weight of a robot that stands over one foot, and whether it is there."""
        stance = self.stance
        under, other = feet[stance].place[:2], feet[1 - stance].place[:2]
        begins, _ = self._motions(under, omega, time)
        away = axes.T @ (divergent - begins)
        pressure = axes.T @ (other - begins)
        half = 0.5 * abs(float((axes.T @ (other - under))[0])) + self._reach[0]
        middle = float((axes.T @ (0.5 * (other + under) - begins))[0])
        pressure[0] = min(max(float(away[0]) * _CATCH, middle - half), middle + half)
        side = 1.0 if stance == 0 else -1.0
        # What takes longer is waited for, with all that the soles can do.
        most = middle - half if away[0] < 0.0 else middle + half
        along, across = _growth(float(away[0]), most), _growth(float(away[1]), float(pressure[1]))
        if along > max(across, 1.0 + _NEARLY):
            pressure[1] = away[1]
        return begins + axes @ pressure, bool(side * away[1] > -_OVER and along <= 1.0 + _NEARLY)

    def step(self, under: Floats, axes: Floats, time: float, omega: float) -> Step:
        """The next step of `time` [s] from the sole at `under` (2,) [m], in `axes` (2, 2)."""
        place = axes.T @ (self._places[self._next].middle - under)
        _, motion = self._motions(under, omega, time)
        return Step(place, time, axes.T @ (motion - under) - place)

    def planned(self, gait: Gait, nominal: Step, away: Floats, elapsed: float, side: int, omega: float) -> Step:
        """The step to the commanded place, in a time that suits the motion; see `planned_step`.

        The place gives way by what of the motion the pressure under the landed sole could not bring back; to a push,
        as any step does.
        """
        ahead, aside = float(nominal.place[0]), side * float(nominal.place[1])
        kept = replace(gait, back=-ahead, ahead=ahead, narrowest=aside, widest=aside, shortest=_SHORTEST)
        found = planned_step(kept, nominal, away, elapsed, side, omega)
        bears = _BEARS * self._reach
        if self._next == len(self._places) - 1:
            # Two soles stand after the last one: the motion may end anywhere well between them.
            bears = bears + _BETWEEN * np.abs(nominal.place)
        off = found.offset - nominal.offset
        gives = off - np.clip(off, -bears, bears)
        if (np.abs(gives) > _PUSHED).any():
            found = planned_step(gait, nominal, away, elapsed, side, omega)
            gives = found.place - nominal.place
        else:
            found = replace(found, place=found.place + gives, offset=found.offset - gives)
        self._yielded = float(np.linalg.norm(gives))
        return found

    def land(self, feet: Sequence[PointMotion]) -> None:
        """Take that the next foot has landed, and see whether the rest can be done from there."""
        assert self._wanted is not None
        foot = 1 - self.stance
        off = self._places[self._next].seen(feet[foot].place[:2])
        landing = Landing((float(off[0]), float(off[1])), self._yielded)
        self.report = replace(self.report, landed=(*self.report.landed, landing))
        self._next += 1
        if self._next == len(self._places):
            self._end(FootstepState.DONE, "")
        elif float(np.linalg.norm(off)) > _ASTRAY:
            soles = [FootPlace.of(one) for one in feet]
            rest = slice(self._next, None)
            found = faults(
                self._wanted[rest], self._places[rest], soles, self._shape, self.limits, _GIVES, 1 + self._next
            )
            if found:
                self._end(FootstepState.LEFT, f"from where the last foot landed, {'; '.join(found)}")


def _growth(away: float, pressure: float) -> float:
    """By how much a motion must grow from its pressure to come from `away` to 0; 1 where it is there or beyond."""
    return max(pressure / (pressure - away), 1.0) if pressure * (pressure - away) > 0.0 else 1.0
