"""Standing and walking: steps that catch the divergent motion, and whole-body control that does them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion, sole_of
from ironworks.robot.control.footing import Footing, Footings, choose
from ironworks.robot.control.interface import TICK, Command, JointCommand, Observation
from ironworks.robot.control.kernels.attitude import turn_to_level
from ironworks.robot.control.leg_guard import LegGuard
from ironworks.robot.control.registration import Registration
from ironworks.robot.control.speed_loop import SpeedLoop
from ironworks.robot.control.step_planner import Gait, Step, nominal_step, planned_step
from ironworks.robot.control.swing import HighSwing, Swing
from ironworks.robot.control.whole_body import Foothold, Posture, Task, WholeBody

__all__ = ["StateSource", "Walking"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights of the tasks.
_HEIGHT, _UPRIGHT, _SWING, _ATTITUDE, _POSTURE = (60.0, 14.0), (120.0, 22.0), (600.0, 45.0), (400.0, 36.0), (60.0, 14.0)
_PELVIS_WEIGHT, _CHEST_WEIGHT, _SWING_WEIGHT, _ATTITUDE_WEIGHT = 20.0, 10.0, 40.0, 10.0
_LEG_WEIGHT, _UPPER_WEIGHT = 0.02, 0.5
#: Pressure centre: gain on the divergent motion walking and standing, and how far from the sole's middle [m].
_CATCH, _STEADY = 2.0, 3.0
#: Seconds in which a foot is relieved, force of a touch [N], most of a sole [N], share of a step before a touch counts.
_RELIEVE, _TOUCH, _PRESS, _BLIND = 0.05, 40.0, 1500.0, 0.5
#: Seconds after which a foot that felt no floor is taken to stand; rim of a sole that presses nothing [m].
_LATE, _RIM = 0.25, np.array([0.008, 0.006])
#: Share of a landing's delay by which the next swing of this foot ends earlier, and at most [s].
_PUNCTUAL, _MOST_AHEAD = 0.3, 0.03
#: How much of a new plan is taken each tick; plans stand still shortly before landing [s].
_FOLLOW, _SETTLED = 0.25, 0.06
#: Share of the soles' reach at which a robot that stands takes a step.
_ESCAPE = 0.85
#: A step catches a push where its plan leaves so much of the divergent motion's offset over [m].
_STEADY_STEP = 0.02
#: Share of the sole's reach that brakes: the rest is kept for balance.
_BRAKE = 0.7
#: Feet stand side by side within this [m].
_BESIDE = 0.05
#: Seconds before the first step, in which the weight goes over to one foot.
_READY = 0.4
#: Without a solution: stiffness and damping of joints over their torque [1/rad, s/rad]; ticks until it stays so.
_SOFT, _SINK, _GIVES_UP = 0.1, 0.06, 25
#: Ticks between two looks at the map; an edge so high is stepped over, so far over it [m].
_LOOKS, _EDGE, _CLEAR = 5, 0.012, 0.05
#: By how much a leg may be longer at landing than where it stands [m].
_STRETCH = 0.01
_LEGS = ("hip", "knee", "ankle")


class StateSource(Protocol):
    """Tells the root's state from observations: an estimator, or the truth in a test."""

    def reset(self, model: ControlModel) -> None:
        """Begin anew."""

    def update(self, observation: Observation) -> tuple[Floats, Floats]:
        """Position (7 + J,) and velocity (6 + J,) as `ControlModel.update` takes them."""
        ...


@dataclass
class _Phase:
    """The step that is being made: which foot stands, since when, and what is planned."""

    stance: int
    begun: float
    swing: Swing | HighSwing
    floor: float
    plan: Step | None = None
    nominal: Step | None = None
    footing: Footing | None = None


class Walking:
    """A Controller of a robot on two feet."""

    def __init__(self, source: StateSource, gait: Gait | None = None) -> None:
        self._source, self.gait = source, gait or Gait()

    def reset(self, model: ControlModel) -> None:
        """Begin anew, standing, with a unit's identified model."""
        self._model = model
        self._source.reset(model)
        soles = [sole_of(model, foot) for foot in model.feet]
        self._soles = [sole for sole, _ in soles]
        length, width = soles[0][1] - _RIM
        corners = np.array([[a * length, b * width, 0.0] for a in (1, -1) for b in (1, -1)])
        self._reach = np.array([0.9 * length, 0.85 * width])
        self._body = WholeBody(model, corners)
        self._guard = LegGuard(model)
        self._footings, self._registration = Footings(soles[0][1], _toe(model)), Registration()
        legs = np.array([any(part in name for part in _LEGS) for name in model.joints])
        weight = np.where(legs, _LEG_WEIGHT, _UPPER_WEIGHT)
        self._posture_weight = weight
        self._phase: _Phase | None = None
        self._height, self._heading, self._began = math.nan, math.nan, math.nan
        self._speed, self._ahead = SpeedLoop(), [0.0, 0.0]
        self._unsolved = 0
        #: Whether the robot has given up and lowers itself, until it begins anew.
        self.failed = False

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the drives are asked for."""
        model = self._model
        position, velocity = self._source.update(observation)
        model.update(position, velocity)
        feet = [model.point(foot, sole) for foot, sole in zip(model.feet, self._soles, strict=True)]
        com, speed = model.com, model.com_velocity
        if observation.terrain is not None:
            self._registration.take(observation.terrain, position[:3])
        if math.isnan(self._height):
            self._height = float(com[2] - 0.5 * (feet[0].place[2] + feet[1].place[2]))
            turn = model.data.xmat[1].reshape(3, 3)
            self._heading = math.atan2(turn[1, 0], turn[0, 0])
            self._began = observation.time
        self._omega = math.sqrt(GRAVITY / self._height)
        self._heading += command.turn * TICK if self._phase else 0.0
        divergent = com[:2] + speed[:2] / self._omega
        most = [_PRESS, _PRESS]
        tasks: list[Task] = []
        self._climb = 0.0
        if self._phase is None:
            middle = 0.5 * (feet[0].place + feet[1].place)
            self._floor = float(middle[2])
            pressure, floor = self._balance(observation.time, command, feet, divergent, middle)
        else:
            pressure, floor = self._walk(observation, command, feet, divergent, most, tasks)
        wanted = np.zeros(3)
        wanted[:2] = self._omega**2 * (com[:2] - pressure)
        wanted[2] = _HEIGHT[0] * (floor + self._height - com[2]) + _HEIGHT[1] * (self._climb - speed[2])
        tasks += self._upright(command)
        angle, rate = position[7:], velocity[6:]
        posture = Posture(_POSTURE[0] * (model.stand - angle) - _POSTURE[1] * rate, self._posture_weight)
        holds = [Foothold(*pair) for pair in zip(feet, most, strict=True)]
        guards = self._guard.limits()
        found = self._body.solve(wanted, holds, tasks, posture, guards)
        if found is None and guards:
            # Better to touch the other leg than to fall.
            found = self._body.solve(wanted, holds, tasks, posture)
        zeros = np.zeros(len(angle))
        self._unsolved = 0 if found else self._unsolved + 1
        self.failed |= self._unsolved >= _GIVES_UP
        if found is None or self.failed:
            # Too soft to stand, damped enough to sink: the robot lowers itself.
            limit = model.torque_limit
            return JointCommand(model.stand, zeros, _SOFT * limit, _SINK * limit, zeros).through(model.constant)
        there = rate + found.acceleration[6:] * TICK
        asked = JointCommand(angle, there, zeros, 0.01 * model.torque_limit, found.torque)
        return asked.through(model.constant)

    def _balance(
        self, now: float, command: Command, feet: list[PointMotion], divergent: Floats, middle: Floats
    ) -> tuple[Floats, float]:
        escapes = self._escapes(feet, divergent)
        if escapes is not None:
            self._lift(escapes, now, feet)
            return feet[escapes].place[:2], float(middle[2])
        if not command.walk:
            self._began = now
        if now - self._began < _READY:
            return middle[:2] + _STEADY * (divergent - middle[:2]), float(middle[2])
        # The weight goes to the right foot: the pressure stays under the left one until the motion will get there.
        across = (self._axes().T @ (divergent - feet[1].place[:2]))[1]
        if across < self.gait.width / (1.0 + math.exp(self._omega * self.gait.time)) * 1.05:
            self._lift(1, now, feet)
        return feet[0].place[:2], float(middle[2])

    def _escapes(self, feet: list[PointMotion], divergent: Floats) -> int | None:
        """The foot to stand on when the divergent motion leaves both soles, so that only a step catches it."""
        axes = self._axes()
        left, right = (axes.T @ (divergent - foot.place[:2]) for foot in feet)
        length, width = _ESCAPE * self._reach
        behind, ahead = max(left[0], right[0]), min(left[0], right[0])
        if -length < behind and ahead < length and left[1] < width and right[1] > -width:
            return None
        # The foot on the side to which it moves steps out: the other one stands.
        return 1 if left[1] + right[1] > 0.0 else 0

    def _axes(self, heading: float | None = None) -> Floats:
        return _level(self._heading if heading is None else heading)[:2, :2]

    def _lift(self, stance: int, now: float, feet: list[PointMotion]) -> None:
        swing = feet[1 - stance]
        self._ground = float(feet[stance].place[2])
        self._phase = _Phase(stance, now, Swing(swing.place, self.gait.lift), self._floor)

    def _walk(
        self, observation: Observation, command: Command, feet: list[PointMotion], divergent: Floats,
        most: list[float], tasks: list[Task],
    ) -> tuple[Floats, float]:  # fmt: skip
        phase, gait, omega = self._phase, self.gait, self._omega
        assert phase is not None
        now, stance = observation.time, phase.stance
        swinging = 1 - stance
        side = 1 if swinging == 0 else -1
        elapsed = now - phase.begun
        under = feet[stance].place[:2]
        left = max((phase.plan.time if phase.plan else gait.time) - elapsed, 0.0)
        landing = self._heading + command.turn * left
        axes = self._axes(landing)
        pivot = under if command.walk else under + axes @ self._brake(axes.T @ (divergent - under), left)
        if phase.plan is None or elapsed < phase.plan.time - _SETTLED:
            # What was learnt at a speed is of no use to a robot that is to stop.
            trim = self._speed.trim if command.walk else np.zeros(2)
            ahead, across = trim + [command.forward, command.left]
            nominal = nominal_step(gait, float(ahead), float(across), command.turn, side, omega)
            if observation.terrain is not None:
                if phase.footing is None or round(elapsed / TICK) % _LOOKS == 0:
                    start = float((axes.T @ (phase.swing.start[:2] - under))[0])
                    found = self._footings.find(
                        self._registration.map, feet[stance].place, axes, nominal.place, start
                    )
                    phase.footing = choose(
                        found, phase.footing, elapsed >= _RELIEVE, gait, np.array([ahead, across]), command.turn,
                        axes.T @ (divergent - pivot), elapsed, side, omega,
                    )  # fmt: skip
                gait, ahead = phase.footing.suited(gait, float(ahead))
                nominal = nominal_step(gait, ahead, float(across), command.turn, side, omega)
            phase.nominal = nominal
            new = planned_step(gait, nominal, axes.T @ (divergent - pivot), elapsed, side, omega)
            new = replace(new, place=new.place + axes.T @ (pivot - under))
            old = phase.plan or new
            share = _FOLLOW
            phase.plan = replace(
                new, place=old.place + share * (new.place - old.place), time=old.time + share * (new.time - old.time)
            )
        plan = phase.plan
        place = under + axes @ plan.place
        end = np.array([*place, self._ground])
        floor = self._ground
        if phase.footing is not None:
            rise = phase.footing.height(float(plan.place[0]))
            end[2] += rise
            # At landing the lower leg must still reach its ground.
            goal = self._ground + min(0.5 * rise, min(rise, 0.0) + _STRETCH)
            share = min(elapsed / plan.time, 1.0)
            floor = phase.floor + (goal - phase.floor) * share
            self._climb = (goal - phase.floor) / plan.time if share < 1.0 else 0.0
        self._floor = floor
        if elapsed < _RELIEVE:
            half = 0.5 * self._model.mass * GRAVITY
            most[swinging] = max(1.0, half * (1.0 - elapsed / _RELIEVE))
            phase.swing = self._swing(feet[swinging].place, phase.footing)
        else:
            most[swinging] = 0.0
            tasks.append(self._swing_task(feet[swinging], phase, end, plan.time, elapsed, landing))
        # The pressure works towards the nominal step; what it cannot do, the planned step takes on.
        aim = phase.nominal if phase.nominal is not None and command.walk else plan
        target = under + axes @ (aim.place + plan.offset)
        reference = pivot + (target - pivot) * math.exp(-omega * max(plan.time - elapsed, 0.0))
        away = feet[stance].turn[:2, :2].T @ (pivot - under + _CATCH * (divergent - reference))
        pressure = under + feet[stance].turn[:2, :2] @ np.clip(away, -self._reach, self._reach)
        touched = elapsed > _BLIND * plan.time and observation.soles[swinging, 2] > _TOUCH
        if touched or elapsed > plan.time + _LATE:
            missed = plan.offset - phase.nominal.offset if phase.nominal else np.zeros(2)
            if not command.walk or np.abs(missed).max() > _STEADY_STEP:
                self._speed.pause()
            else:
                # A landing 15 ms early takes a sixth off the speed.
                late = self._ahead[swinging] + _PUNCTUAL * (elapsed - plan.time)
                self._ahead[swinging] = min(max(late, -_MOST_AHEAD), _MOST_AHEAD)
                wanted = np.array([command.forward, command.left])
                self._speed.step_ended(now, self._model.com[:2], self._axes(), wanted)
            if not command.walk and self._can_stop(feet, divergent):
                self._phase, self._began = None, now
                self._speed = SpeedLoop()
            else:
                self._lift(swinging, now, feet)
        return pressure, floor

    def _swing(self, start: Floats, footing: Footing | None) -> Swing | HighSwing:
        if footing is None or footing.edge < _EDGE:
            return Swing(start, self.gait.lift)
        return HighSwing(start, max(float(start[2]), self._ground + footing.top) + _CLEAR)

    def _brake(self, away: Floats, left: float) -> Floats:
        """Where a robot that is to stop presses the floor (2,), from the sole: so that the next foot lands beside it.

        `away` (2,): the divergent motion from the sole; it grows for `left` [s] more.
        """
        most = _BRAKE * self._reach[0]
        beside = float(away[0]) / -math.expm1(-self._omega * max(left, TICK))
        return np.array([min(max(beside, -most), most), 0.0])

    def _can_stop(self, feet: list[PointMotion], divergent: Floats) -> bool:
        """Whether the divergent motion ends between two feet that stand side by side."""
        apart = self._axes().T @ (feet[0].place[:2] - feet[1].place[:2])
        off = self._axes().T @ (divergent - 0.5 * (feet[0].place[:2] + feet[1].place[:2]))
        return bool(abs(apart[0]) < _BESIDE and abs(off[0]) < self._reach[0] and abs(off[1]) < 0.5 * abs(apart[1]))

    def _swing_task(
        self, foot: PointMotion, phase: _Phase, end: Floats, time: float, elapsed: float, heading: float
    ) -> Task:
        place, velocity, acceleration = phase.swing.at(
            end, time - _RELIEVE - self._ahead[1 - phase.stance], elapsed - _RELIEVE
        )
        along = acceleration + _SWING[0] * (place - foot.place) + _SWING[1] * (velocity - foot.velocity[:3])
        about = _ATTITUDE[0] * _turn_to_ground(heading, foot.turn, phase.footing) - _ATTITUDE[1] * foot.velocity[3:]
        weight = np.array([_SWING_WEIGHT] * 3 + [_ATTITUDE_WEIGHT] * 3)
        jacobian, wanted = foot.jacobian, np.concatenate([along, about]) - foot.drift
        if isinstance(phase.swing, HighSwing):
            # A foot that is lifted behind the robot hangs down: no ankle keeps it level there.
            level = _level(heading)
            jacobian = np.concatenate([jacobian[:3], level.T @ jacobian[3:]])
            wanted[3:] = level.T @ wanted[3:]
            weight[4] *= phase.swing.level((elapsed - _RELIEVE) / (time - _RELIEVE))
        return Task(jacobian, wanted, weight)

    def _upright(self, command: Command) -> list[Task]:
        spin = np.array([0.0, 0.0, command.turn if self._phase else 0.0])
        tasks = []
        for link, weight in (("pelvis", _PELVIS_WEIGHT), ("chest", _CHEST_WEIGHT)):
            turn, rate, jacobian, drift = self._model.spin(link)
            wanted = _UPRIGHT[0] * turn_to_level(self._heading, turn) + _UPRIGHT[1] * (spin - rate)
            tasks.append(Task(jacobian, wanted - drift, np.full(3, weight)))
        return tasks


def _level(heading: float) -> Floats:
    """Axes (3, 3) of a level body that heads there [rad]."""
    c, s = math.cos(heading), math.sin(heading)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _turn_to_ground(heading: float, turn: Floats, footing: Footing | None) -> Floats:
    """As `turn_to_level`, but to axes whose third is the ground's normal."""
    if footing is None:
        return turn_to_level(heading, turn)
    x, y, z = footing.normal
    # The least turn that takes up to the normal, in the heading's axes and then the world's.
    tilt = np.array([[1.0 - x * x / (1.0 + z), -x * y / (1.0 + z), x],
                     [-x * y / (1.0 + z), 1.0 - y * y / (1.0 + z), y], [-x, -y, z]])  # fmt: skip
    level = _level(heading)
    tilt = level @ tilt @ level.T
    return tilt @ turn_to_level(heading, np.ascontiguousarray(tilt.T @ turn))


def _toe(model: ControlModel) -> float:
    """How far a foot goes on beyond its sole [m]."""
    design, foot = model.built, model.feet[0]
    sole = next(shape for shape in design.by_name[foot].shapes if shape.collides)
    front = float(sole.centre[0] + sole.size[0])
    for toe in design.links:
        if toe.parent == foot:
            tip = next(shape for shape in toe.shapes if shape.collides)
            return max(float(toe.origin[0] + tip.centre[0] + tip.size[0]) - front, 0.0)
    return 0.0
