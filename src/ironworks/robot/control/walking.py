"""Standing and walking: steps that catch the divergent motion, and whole-body control that does them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import level_axes
from ironworks.robot.control.climbing import ClimbingLean
from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion, sole_of, toe_of
from ironworks.robot.control.footing import Footing, Hold
from ironworks.robot.control.footstep_reach import FootShape, Reach
from ironworks.robot.control.footsteps import FootstepReport, Footsteps
from ironworks.robot.control.gait_style import HUMAN, LINKS, GaitStyle, StyleMotion
from ironworks.robot.control.gaze_aim import GazeAim, GazeReport
from ironworks.robot.control.hand_tasks import HandTasks
from ironworks.robot.control.interface import TICK, Command, JointCommand, Observation
from ironworks.robot.control.kernels.gait import servo, smooth
from ironworks.robot.control.kernels.pendulum import left_over, press
from ironworks.robot.control.leg_guard import LegGuard
from ironworks.robot.control.speed_loop import SpeedLoop
from ironworks.robot.control.squat import Squat
from ironworks.robot.control.state_source import StateSource
from ironworks.robot.control.step_planner import Gait, Step, nominal_step, planned_step
from ironworks.robot.control.stopping import brake, can_stop, escapes
from ironworks.robot.control.swing import STEEP, Swing
from ironworks.robot.control.swing_task import swing_task
from ironworks.robot.control.trunk import trunk_tasks
from ironworks.robot.control.unseen_floor import hurried, misses, stood_on
from ironworks.robot.control.whole_body import Foothold, Posture, Task, WholeBody

__all__ = ["Walking"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights of the tasks.
_HEIGHT, _POSTURE = (60.0, 14.0), (60.0, 14.0)
_LEG_WEIGHT, _UPPER_WEIGHT = 0.02, 0.5
#: Weights of the centre of mass: fast swings need it to give way, over edges it must not.
_MOMENTUM, _CLIMBS = 10.0, 30.0
#: Pressure centre: gain on the divergent motion walking and standing, and how far from the sole's middle [m].
_CATCH, _STEADY = 2.0, 3.0
#: Share of the sole's reach that is counted on to bring the divergent motion to the nominal step.
_UNDOES = 0.5
#: Seconds in which a foot is relieved, force of a touch [N], most of a sole [N], share of a step before a touch counts.
_RELIEVE, _TOUCH, _PRESS, _BLIND = 0.05, 40.0, 1500.0, 0.5
#: Seconds after which a foot that felt no floor is taken to stand; rim of a sole that presses nothing [m].
_LATE, _RIM = 0.25, np.array([0.008, 0.006])
#: Share of a landing's delay by which the next swing of this foot ends earlier, and at most [s].
_PUNCTUAL, _MOST_AHEAD = 0.3, 0.03
#: How much of a new plan is taken each tick; plans stand still shortly before landing [s].
_FOLLOW, _SETTLED = 0.25, 0.06
#: A step catches a push where its plan leaves so much of the divergent motion's offset over [m].
_STEADY_STEP = 0.02
#: Least height of a pendulum, and below what height a foot over edges is believed to touch [m].
_LEAST_HEIGHT, _NEAR = 0.4, 0.04
#: Seconds between two looks for a hold; time of a step where edges are
#: near, the shortest one over an edge, and by how much one step may last longer than the one before [s].
_SEEKS, _STEEP_TIME, _LEAST_TIME, _PACE = 0.032, 0.65, 0.5, 0.05
#: By so much farther the motion may be from the soles of a robot that is about to take a long step.
_LEANS = 1.5
#: Seconds before the first step, in which the weight goes over to one foot.
_READY = 0.4
#: Without a solution: stiffness and damping of joints over their torque [1/rad, s/rad]; ticks until it stays so.
_SOFT, _SINK, _GIVES_UP = 0.1, 0.06, 25
_LEGS = ("hip", "knee", "ankle")


@dataclass
class _Phase:
    """The step that is being made: which foot stands, since when, and what is planned.

    `floor`: height [m] over which the centre of mass was at its begin; `hold`: where the foot is to land on a mapped
    floor, looked for at the time `sought`; since `missed` the foot is below the floor that it was to meet.
    """

    stance: int
    begun: float
    swing: Swing
    floor: float
    plan: Step | None = None
    nominal: Step | None = None
    hold: Hold | None = None
    sought: float = -math.inf
    missed: float = math.inf


class Walking:
    """A Controller of a robot on two feet; a gait of one's own has its own width, whatever the style's is."""

    def __init__(self, source: StateSource, gait: Gait | None = None, style: GaitStyle = HUMAN) -> None:
        self._source, self.gait, self.style = source, gait or Gait(width=style.width), style

    def reset(self, model: ControlModel) -> None:
        """Begin anew, standing, with a unit's identified model."""
        self._model = model
        self._source.reset(model)
        soles = [sole_of(model, foot) for foot in model.feet]
        spots = [(foot, middle) for foot, (middle, _) in zip(model.feet, soles, strict=True)]
        self._spots = model.spots(spots + [(link, np.zeros(3)) for link in LINKS])
        length, width = soles[0][1] - _RIM
        corners = np.array([[a * length, b * width, 0.0] for a in (1, -1) for b in (1, -1)])
        self._reach = np.array([0.9 * length, 0.85 * width])
        self._body, self._climbing = (WholeBody(model, corners, momentum=weight) for weight in (_MOMENTUM, _CLIMBS))
        half, toe = soles[0][1], toe_of(model.built, model.feet[0]) - float(soles[0][0][0])
        self._footing = Footing(half, toe)
        self._footsteps = Footsteps(FootShape(float(half[1]), float(half[0]), toe), self._reach, Reach(), self._footing)
        self._guard = LegGuard(model)
        self._squat, self._hands, self._gaze = Squat(model), HandTasks(model), GazeAim(model)
        self._motion, self._climb = StyleMotion(self.style, model.joints), ClimbingLean()
        legs = np.array([any(part in name for part in _LEGS) for name in model.joints])
        self._posture_weight = np.where(legs, _LEG_WEIGHT, _UPPER_WEIGHT)
        self._phase: _Phase | None = None
        self._height, self._heading, self._began = math.nan, math.nan, math.nan
        self._ground = self._below = 0.0
        self._paced, self._stepped = self.gait, False
        self._speed, self._ahead = SpeedLoop(), [0.0, 0.0]
        self._unsolved = 0
        #: Whether the robot has given up and lowers itself, until it begins anew; how far its trunk is to lean [rad].
        self.failed, self.lean = False, 0.0

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the drives are asked for."""
        model = self._model
        position, velocity = self._source.update(observation)
        model.update(position, velocity)
        soles, links = model.motions(self._spots).parted(2)
        feet = soles.points
        if math.isnan(self._height):
            self._height = float(model.com[2] - 0.5 * (feet[0].place[2] + feet[1].place[2]))
            self._heading = model.heading
            self._began = observation.time
            if command.height is not None:
                # It may begin in a squat.
                self._squat.begin(self._height)
                self._height = self._squat.standing
        command = self._obeyed(command, feet, observation.time)
        crouch, sinks = self._squat.step(command.height or 0.0)
        self.lean, sinks = crouch.lean, sinks + self._motion.height
        self._hands.update(command.hands, self._heading, feet, observation.soles, self._phase is not None)
        com, speed = self._hands.laden(model.com, model.com_velocity)
        self._omega = math.sqrt(GRAVITY / (self._height + float(sinks[0])))
        self._heading += command.turn * TICK if self._phase else 0.0
        divergent = com[:2] + speed[:2] / self._omega
        if observation.floor is not None:
            self._footing.register(observation.floor, position[:3], model.heading)
        most = [_PRESS, _PRESS]
        tasks: list[Task] = []
        if self._phase is None:
            middle = 0.5 * (feet[0].place + feet[1].place)
            pressure, floor = self._balance(observation.time, command, feet, divergent, middle)
        else:
            pressure, floor = self._walk(observation, command, feet, divergent, most, tasks)
        self._in_style(observation.time, command)
        x, y, z = com.tolist()
        over, sinking, change = (floor + sinks).tolist()
        rises = change + _HEIGHT[0] * (over + self._height - z) + _HEIGHT[1] * (sinking - float(speed[2]))
        # Over an edge the pendulum is shorter, and pushed up.
        stiff = self._omega**2
        if self._phase and self._stepped:
            stiff = (GRAVITY + rises) / max(z - self._ground, _LEAST_HEIGHT)
        wanted = np.array([stiff * (x - float(pressure[0])), stiff * (y - float(pressure[1])), rises])
        turning = command.turn if self._phase else 0.0
        self._gaze.update(command.gaze, self._heading, turning, feet)
        style = self._climb.step(self._rises(command), self._motion.links)
        trunk = trunk_tasks(links, self._heading, self.lean, turning, style)
        tasks += [*trunk, *self._hands.tasks, *self._gaze.tasks]
        off, swing, push = self._motion.joints
        rest, weight = self._hands.posture(crouch.angle + off, self._posture_weight)
        angle, rate = position[7:], velocity[6:]
        posture = Posture(servo(angle, rate, rest, swing, push, *_POSTURE), weight)
        holds = [Foothold(*pair) for pair in zip(feet, most, strict=True)]
        guards = self._guard.limits()
        body = self._climbing if self._phase and self._stepped else self._body
        wanted = self._hands.pressed(wanted)
        found = body.solve(wanted, holds, tasks, posture, guards)
        if found is None and guards:
            # Better to touch the other leg than to fall.
            found = body.solve(wanted, holds, tasks, posture)
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

    @property
    def footsteps(self) -> FootstepReport:
        """What became of the last commanded footsteps."""
        return self._footsteps.report

    @property
    def gaze(self) -> GazeReport:
        """What became of the commanded gaze."""
        return self._gaze.report

    def _obeyed(self, command: Command, feet: list[PointMotion], now: float) -> Command:
        """The command whose velocities do what its footsteps ask for."""
        phase = self._phase
        stance, left = (phase.stance, self._left(phase, now)) if phase else (None, self._paced.time)
        return self._footsteps.obey(command, feet, stance, self._heading, left)

    def _left(self, phase: _Phase, now: float) -> float:
        """Seconds until the landing."""
        return max((phase.plan.time if phase.plan else self._paced.time) - (now - phase.begun), 0.0)

    def _in_style(self, now: float, command: Command) -> None:
        """Take the style on with the steps; none where the robot stands, has edges near or its hands full."""
        phase, stride, time = self._phase, None, self._paced.time
        if phase is not None and not self._stepped and not self._hands.busy and command.height is None:
            time = phase.plan.time if phase.plan else time
            stride = math.pi * (phase.stance + min((now - phase.begun) / time, 1.0))
        self._motion.advance(stride, time, command.forward, TICK)

    def _rises(self, command: Command) -> float:
        """How far above the standing foot the swinging one will stand [m]; 0 where no edges are, or hands are full."""
        hold = self._phase.hold if self._phase is not None else None
        if hold is None or not self._stepped or self._hands.busy or command.height is not None:
            return 0.0
        rise = float(hold.place[2]) - self._ground
        return rise if rise > STEEP else 0.0

    def _balance(
        self, now: float, command: Command, feet: list[PointMotion], divergent: Floats, middle: Floats
    ) -> tuple[Floats, Floats]:
        floor = np.array([middle[2], 0.0, 0.0])
        leans = _LEANS if self._footsteps.active else 1.0
        stance = escapes(feet, divergent, self._axes(), leans * self._reach)
        if stance is not None:
            self._lift(stance, now, feet)
            return feet[stance].place[:2], floor
        if not command.walk:
            self._began = now
        if now - self._began < _READY:
            return middle[:2] + _STEADY * (divergent - middle[:2]), floor
        if self._footsteps.active:
            pressure, over = self._footsteps.weigh_over(feet, divergent, self._axes(), self._omega, self._paced.time)
            if over:
                self._lift(self._footsteps.stance, now, feet)
            return pressure, floor
        # The weight goes to the right foot: the pressure stays under the left one until the motion will get there.
        across = (self._axes().T @ (divergent - feet[1].place[:2]))[1]
        if across < self.gait.width / (1.0 + math.exp(self._omega * self.gait.time)) * 1.05:
            self._lift(1, now, feet)
        return feet[0].place[:2], floor

    def _axes(self, heading: float | None = None) -> Floats:
        return level_axes(self._heading if heading is None else heading)[:2, :2]

    def _lift(self, stance: int, now: float, feet: list[PointMotion]) -> None:
        swing = feet[1 - stance]
        ground = float(feet[stance].place[2])
        below = self._below if self._footing.known and self._phase else ground
        self._phase = _Phase(stance, now, Swing(swing.place, self.gait.lift), below)
        self._ground = self._below = ground
        self._stepped = self._footing.known and self._footing.stepped(feet[stance].place[:2], self._heading)
        wanted = _STEEP_TIME if self._stepped else self.gait.time
        time = self._paced.time
        self._paced = replace(self.gait, time=time + min(max(wanted - time, -_PACE), _PACE))

    def _walk(
        self, observation: Observation, command: Command, feet: list[PointMotion], divergent: Floats,
        most: list[float], tasks: list[Task],
    ) -> tuple[Floats, Floats]:  # fmt: skip
        phase, gait, omega = self._phase, self._paced, self._omega
        assert phase is not None
        now, stance, swinging = observation.time, phase.stance, 1 - phase.stance
        side = 1 if swinging == 0 else -1
        elapsed = now - phase.begun
        under = feet[stance].place[:2]
        if not self._footing.known:
            self._ground = stood_on(self._ground, float(feet[stance].place[2]))
        left, told = self._left(phase, now), self._footsteps.active
        landing = self._heading + command.turn * left
        axes = self._axes(landing)
        pivot = under if command.walk else under + axes @ brake(axes.T @ (divergent - under), left, self._reach, omega)
        if phase.plan is None or elapsed < phase.plan.time - _SETTLED:
            # What was learnt at a speed is of no use to a robot that is to stop.
            trim = self._speed.trim if command.walk else np.zeros(2)
            ahead, across = trim + [command.forward, command.left]
            nominal = nominal_step(gait, float(ahead), float(across), command.turn, side, omega)
            if told:
                nominal = self._footsteps.step(under, axes, gait.time, omega)
                if self._footing.known:
                    self._seek(phase, under + axes @ nominal.place, now, under, landing)
            elif self._footing.known:
                nominal, gait = self._on_hold(phase, gait, nominal, now, under, axes, landing, float(ahead))
            phase.nominal = nominal
            # What the pressure can undo until then is not a reason for another step.
            rest = math.exp(-omega * max(nominal.time - elapsed, 0.0))
            undoes = _UNDOES * self._reach if command.walk else np.zeros(2)
            away = left_over(divergent, pivot, axes, nominal.place, nominal.offset, rest, undoes)
            if told:
                new = self._footsteps.planned(gait, nominal, away, elapsed, side, omega)
            else:
                new = planned_step(gait, nominal, away, elapsed, side, omega)
            landing_place = new.place + axes.T @ (pivot - under)
            old, share = phase.plan, _FOLLOW
            if old is None:
                phase.plan = Step(landing_place, new.time, new.offset)
            else:
                there = old.place + share * (landing_place - old.place)
                phase.plan = Step(there, old.time + share * (new.time - old.time), new.offset)
        plan = phase.plan
        place = under + axes @ plan.place
        end = np.array([*place, phase.hold.height(place) if phase.hold else self._ground])
        if elapsed < _RELIEVE:
            half = 0.5 * self._model.mass * GRAVITY
            most[swinging] = max(1.0, half * (1.0 - elapsed / _RELIEVE))
            start = feet[swinging].place
            edge = self._footing.edge(start[:2], place) if self._footing.known else 0.0
            phase.swing = Swing(start, gait.lift, edge)
        else:
            most[swinging] = 0.0
            lands = plan.time - _RELIEVE - self._ahead[swinging]
            overdue = elapsed - _RELIEVE > lands and not self._footing.known
            if overdue and misses(float(feet[swinging].place[2]), float(end[2])):
                phase.missed = min(phase.missed, now)
            way = hurried(phase.swing.at(end, lands, elapsed - _RELIEVE), now - phase.missed)
            tasks.append(swing_task(feet[swinging], way, phase.hold, landing))
        # The pressure works towards the nominal step; what it cannot do, the planned step takes on.
        aim = phase.nominal if phase.nominal is not None and command.walk else plan
        rest = math.exp(-omega * max((plan if told else aim).time - elapsed, 0.0))
        pressure = press(
            under, feet[stance].turn, self._reach, pivot, divergent, axes, aim.place,
            aim.offset if told else plan.offset, rest, _CATCH,
        )  # fmt: skip
        touched = elapsed > _BLIND * plan.time and observation.soles[swinging, 2] > _TOUCH
        if touched and phase.swing.edge > STEEP:
            # A foot that is thrown up over an edge feels its own inertia.
            sole = feet[swinging].place
            touched = float(sole[2]) - float(self._footing.heights(sole[:2])) < _NEAR
        if touched or elapsed > plan.time + _LATE:
            missed = plan.offset - phase.nominal.offset if phase.nominal else np.zeros(2)
            if told:
                self._footsteps.land(feet)
            if told or not command.walk or np.abs(missed).max() > _STEADY_STEP or (phase.hold and phase.hold.moved):
                self._speed.pause()
            else:
                # A landing 15 ms early takes a sixth off the speed.
                late = self._ahead[swinging] + _PUNCTUAL * (elapsed - plan.time)
                self._ahead[swinging] = min(max(late, -_MOST_AHEAD), _MOST_AHEAD)
                wanted = np.array([command.forward, command.left])
                self._speed.step_ended(now, self._model.com[:2], self._axes(), wanted)
            done = self._footsteps.done
            if (done or not command.walk) and can_stop(feet, divergent, self._axes(), self._reach, apart=done):
                self._phase, self._began = None, now
                self._speed = SpeedLoop()
            else:
                self._lift(swinging, now, feet)
        return pressure, self._floor(phase, elapsed, float(end[2]))

    def _floor(self, phase: _Phase, elapsed: float, landing: float) -> Floats:
        """Height over which the centre of mass is to be, its rate and its change (3,) [m, m/s, m/s2].

        `landing`: height [m] at which the foot will stand.
        """
        if phase.hold is None or phase.plan is None:
            return np.array([self._ground, 0.0, 0.0])
        # Up over the upper foot that stands, down before the lower one lands.
        rise = min(self._ground, landing) - phase.floor
        time = phase.plan.time
        found = rise * np.array(smooth(elapsed / time)) / (1.0, time, time**2)
        found[0] += phase.floor
        self._below = float(found[0])
        return found

    def _seek(self, phase: _Phase, place: Floats, now: float, under: Floats, heading: float) -> Hold:
        """Where a sole finds a hold near a place (2,) [m]."""
        if phase.hold is None or now - phase.sought >= _SEEKS:
            found = self._footing.hold(place, heading)
            # The foot that stands tells how high the map lies.
            off = np.array([0.0, 0.0, self._ground - float(self._footing.heights(under))])
            phase.hold = replace(found, place=found.place + off)
            phase.sought = now
        return phase.hold

    def _on_hold(
        self, phase: _Phase, gait: Gait, nominal: Step, now: float, under: Floats, axes: Floats, heading: float,
        ahead: float,
    ) -> tuple[Step, Gait]:  # fmt: skip
        """The nominal step to where the floor is even, and the gait that keeps to it."""
        footing, time = self._footing, gait.time
        hold = self._seek(phase, under + axes @ nominal.place, now, under, heading)
        if not hold.moved and phase.swing.edge <= STEEP:
            return nominal, gait
        # The next step begins where this one ends: its own hold tells how far it will go.
        beyond = footing.hold(hold.place[:2] + axes @ [ahead * time, 0.0], heading).place[:2] - hold.place[:2]
        length = float(axes[:, 0] @ beyond) / (math.exp(self._omega * time) - 1.0)
        place = float(axes[:, 0] @ (hold.place[:2] - under))
        near = replace(gait, back=hold.behind - place, ahead=hold.ahead + place, shortest=_LEAST_TIME)
        return Step(np.array([place, nominal.place[1]]), time, np.array([length, nominal.offset[1]])), near
