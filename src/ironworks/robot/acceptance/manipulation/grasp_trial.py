"""One grasp on the bench: told where a thing is, the hand closes, lifts, holds, shakes and tilts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.manipulation.objects import Thing
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand
from ironworks.robot.control.control_model import GRAVITY
from ironworks.robot.control.grasp import Grasp
from ironworks.robot.control.grasp_shapes import GraspKind, GraspShape, grasp_shape
from ironworks.robot.control.hand_simulation import HandObservation, SimulatedHand
from ironworks.robot.control.interface import TICK, JointCommand
from ironworks.robot.rig import small_turn

__all__ = ["PLACE_ERROR", "TURN_ERROR", "GraspResult", "GraspTrial", "grasp_trial", "prepared"]

Floats = NDArray[np.float64]

PLACE_ERROR, TURN_ERROR = 0.005, np.radians(3.0)
"""Standard deviation of each component of where a thing is told to be [m], and of how it is turned [rad]."""
#: Height of the stand [m], and its breadth over the thing's.
_STAND, _BREADTH = 0.3, 0.75
#: Way in [m] and seconds; heights of the first and the whole lift [m], seconds for them; the longest wait for a grip.
_AWAY, _APPROACH, _FIRST, _LIFT, _FIRST_TIME, _LIFT_TIME, _PATIENCE = 0.1, 0.8, 0.01, 0.1, 0.5, 0.8, 3.0
#: How far the palm of a power grasp first stays away from where the thing is told to be [m]; how fast it then nears
#: [m/s], until it feels so much [N]; by how much it then backs off [m]; the most from there to the thumb [m].
_SHORT, _NEARING, _FELT, _OFF, _TO_THUMB = 0.015, 0.02, 0.2, 0.003, 0.045
#: Holding, shaking and tilting [s]; amplitude [m] and frequency [Hz] of shaking; the tilt [rad].
_HOLD, _SHAKE, _TILT, _AMPLITUDE, _FREQUENCY, _LEAN = 2.0, 1.0, 2.0, 0.01, 2.0, np.radians(30.0)
#: Tries; seconds in which a hand opens again, or moves to where it tries again.
_TRIES, _OPENING = 2, 0.5
#: How wrong the told weight is, as a standard deviation.
_WEIGHT_ERROR = 0.05
FRICTION_GUESS = 0.5
SLIP_LIMIT = 0.01
"""How far a held thing may move in the hand [m] from its first lift to the end."""


@dataclass(frozen=True, eq=False)
class GraspResult:
    """What truly happened: whether it was `held`, `slip` [m] in the hand after the first lift, `slips` that were felt,

    `grip` [N] at the end, `why` not; `closed` [s] until the grip was firm, `taken` [s] from the begin until it was
    lifted and still; `tries`, of which only the last counts for the rest.
    """

    thing: str
    kind: GraspKind
    held: bool
    slip: float
    slips: int
    grip: float
    friction: float
    closed: float
    taken: float
    tries: int
    why: str


@dataclass(eq=False)
class GraspTrial:
    """A hand before a thing on a stand, told (by `look_at`) where it is: place (3,) [m] and turn about z [rad].

    `watch` is called after each tick with what goes on.
    """

    hand: SimulatedHand
    grasp: Grasp
    shape: GraspShape
    thing: Thing
    weight: float
    friction: float
    look_at: Callable[[SimulatedHand], tuple[Floats, float]]
    watch: Callable[[SimulatedHand, str], None] | None = None
    tries: int = field(default=0, init=False)
    place: Floats = field(init=False)
    turn: Floats = field(init=False)
    _seen: HandObservation = field(init=False)

    def run(self) -> GraspResult:
        """The whole course."""
        why = self.take()
        return self.failed(why) if why else self.carry()

    def take(self) -> str:
        """Grasp and lift a little; what was missed is looked at and grasped once more. Why it failed, empty if not."""
        self._closed = self._taken = np.nan
        why = "not tried"
        while why and self.tries < _TRIES:
            if self.tries and not self._let_go():
                return "fell off"
            self.tries += 1
            why = self._take()
        return why

    def failed(self, why: str) -> GraspResult:
        """The result of a thing that was not taken."""
        return self._result(False, np.nan, why)

    def lift(self) -> None:
        """Lift it to where it is carried."""
        way = partial(self._raised, _FIRST)
        self._seen = self.go(self._seen, "lift", _LIFT_TIME, way)

    def carry(self) -> GraspResult:
        """Lift it, hold, shake and tilt it."""
        held = self._within()
        self.lift()
        if self.dropped():
            return self._result(False, np.inf, "dropped: lift")
        seen = self._seen
        legs: list[tuple[str, float, Callable[[float], tuple[Floats, Floats]]]] = [
            ("hold", _HOLD, partial(self._raised, _LIFT)),
            ("shake", _SHAKE, self._shaken),
            ("tilt", _TILT, self._tilted),
        ]
        for name, seconds, way in legs:
            seen = self.go(seen, name, seconds, way, smooth=False)
            if self.dropped():
                return self._result(False, np.inf, f"dropped: {name}")
        slip = float(np.linalg.norm(self._within() - held))
        return self._result(slip < SLIP_LIMIT, slip, "" if slip < SLIP_LIMIT else "slipped")

    def _take(self) -> str:
        """From where the thing is told to be until it is lifted and still; why not, where it is not."""
        hand, grasp = self.hand, self.grasp
        self._aim()
        out = self._outwards()
        grasp.open(self.shape)
        begin = self.place + _AWAY * out
        if self.tries == 1:
            seen = hand.put(begin, self.turn, self.shape.open)
        else:
            seen = self._travel(self._seen, begin)
        seen = self.go(seen, "approach", _APPROACH, lambda s: (self.place + (1.0 - s) * _AWAY * out, self.turn))
        if self.shape.kind is GraspKind.POWER:
            most = _SHORT + 3.0 * PLACE_ERROR
            seen = self._near(seen, -out, most, lambda: grasp.palm)
            # Off again a little, or the palm would drag the thing along.
            self.place = self.place + _OFF * out
            self.hand.move(self.place, self.turn)
            grasp.oppose()
            while not grasp.is_opposed:
                seen = self._tick(seen, "oppose")
            # On along the fingers, until the thing lies at the thumb.
            seen = self._near(seen, -self.turn[:, 2], _TO_THUMB, lambda: grasp.thumb)
        begun = hand.time
        grasp.close(self.weight, self.friction)
        while not grasp.is_steady and not grasp.is_empty and hand.time < begun + 2.0 * _PATIENCE:
            seen = self._tick(seen, "close")
        self._closed, self._seen = hand.time - begun, seen
        if why := self._loose():
            return why
        seen = self.go(seen, "first lift", _FIRST_TIME, lambda s: (self.place + [0, 0, s * _FIRST], self.turn))
        begun = hand.time
        while not grasp.is_steady and not grasp.is_empty and hand.time < begun + _PATIENCE:
            seen = self._tick(seen, "first lift")
        self._taken, self._seen = hand.time, seen
        return "empty" if grasp.is_empty else "" if grasp.is_steady else "slips on"

    def _loose(self) -> str:
        """Why there is nothing to lift; empty where there is."""
        if not self.grasp.is_firm:
            return "no grip"
        return "empty" if self.grasp.is_empty else ""

    def _aim(self) -> None:
        """Look, and place the hand so that the thing would be where the grasp wants it."""
        told, turned = self.look_at(self.hand)
        x = self.shape.across
        axes = np.column_stack([x, np.cross(self.shape.up, x), self.shape.up])
        self.turn = small_turn(np.array([0.0, 0.0, turned])) @ axes.T
        self.place = told - self.turn @ self.shape.centre
        if self.shape.kind is GraspKind.POWER:
            # The palm stops short, and goes on until it feels the thing.
            self.place = self.place - _SHORT * (self.turn @ self.grasp.palmar)

    def _outwards(self) -> Floats:
        """The way (3,) on which the hand comes and goes: upright, or in a power grasp along the palm's own."""
        return self.turn @ (-self.grasp.palmar if self.shape.kind is GraspKind.POWER else self.shape.up)

    def _let_go(self) -> bool:
        """Open, and go away as one came; whether the thing still stands where it can be grasped."""
        out, place = self._outwards(), self.place
        self.grasp.open(self.shape)
        seen = self.go(self._seen, "let go", _OPENING, lambda s: (place + [0, 0, (1.0 - s) * _FIRST], self.turn))
        self._seen = self.go(seen, "let go", _APPROACH, lambda s: (place + s * _AWAY * out, self.turn))
        self._at, self._axes = place + _AWAY * out, self.turn
        thing = self.hand.data.body("thing")
        return float(thing.xpos[2]) > _STAND and self.thing.stands(thing.xmat.reshape(3, 3))

    def _travel(self, seen: HandObservation, to: Floats) -> HandObservation:
        """From where the hand is to another place, and to the turn that is wanted now."""
        begun, turned = self._at, _turn_of(self.turn @ self._axes.T)
        axes = self._axes
        return self.go(seen, "travel", _OPENING, lambda s: (begun + s * (to - begun), small_turn(s * turned) @ axes))

    def _near(self, seen: HandObservation, way: Floats, most: float, felt: Callable[[], float]) -> HandObservation:
        """On along a way (3,) until something is felt, by `most` [m]."""
        for _ in range(round(most / (_NEARING * TICK))):
            if felt() > _FELT:
                break
            self.place = self.place + _NEARING * TICK * way
            self.hand.move(self.place, self.turn)
            seen = self._tick(seen, "near")
        return seen

    def _raised(self, begin: float, s: float) -> tuple[Floats, Floats]:
        return self.place + [0.0, 0.0, begin + s * (_LIFT - begin)], self.turn

    def _shaken(self, s: float) -> tuple[Floats, Floats]:
        way = _AMPLITUDE * np.sin(2.0 * np.pi * _FREQUENCY * s * _SHAKE)
        return self.place + [way, 0.0, _LIFT], self.turn

    def _tilted(self, s: float) -> tuple[Floats, Floats]:
        lean = small_turn(np.array([_LEAN * np.sin(np.pi * s) ** 2, 0.0, 0.0]))
        return self.place + [0.0, 0.0, _LIFT], lean @ self.turn

    def go(
        self, seen: HandObservation, name: str, seconds: float, way: Callable[[float], tuple[Floats, Floats]],
        smooth: bool = True,
    ) -> HandObservation:  # fmt: skip
        """Move the palm along a way for some seconds, one tick after another."""
        ticks = round(seconds / TICK)
        for tick in range(ticks):
            s = (tick + 1) / ticks
            self._at, self._axes = way(s**3 * (10.0 - 15.0 * s + 6.0 * s * s) if smooth else s)
            self.hand.move(self._at, self._axes)
            seen = self._tick(seen, name)
        return seen

    def _tick(self, seen: HandObservation, name: str) -> HandObservation:
        self._seen = seen
        self.tick(name, self.grasp.step)
        return self._seen

    def tick(self, name: str, control: Callable[[HandObservation], JointCommand]) -> None:
        """One tick under a controller of the fingers."""
        self._seen = self.hand.step(control(self._seen))
        if self.watch is not None:
            self.watch(self.hand, name)

    def _within(self) -> Floats:
        """Where the thing is in palm axes."""
        palm, thing = self.hand.data.body(self.hand.hand.name), self.hand.data.body("thing")
        return np.asarray(palm.xmat.reshape(3, 3).T @ (thing.xpos - palm.xpos))

    def dropped(self) -> bool:
        """Whether the thing has left the hand."""
        return bool(np.linalg.norm(self._within() - self.shape.centre) > 0.06)

    def _result(self, held: bool, slip: float, why: str) -> GraspResult:
        grasp = self.grasp
        return GraspResult(
            self.thing.name, self.shape.kind, held, slip, grasp.slips, grasp.grip, grasp.friction, self._closed,
            self._taken, self.tries, why,
        )  # fmt: skip


def _turn_of(turn: Floats) -> Floats:
    """The rotation vector (3,) [rad] of axes (3, 3)."""
    quaternion, vector = np.empty(4), np.empty(3)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(turn).ravel())
    mujoco.mju_quat2Vel(vector, quaternion, 1.0)
    return vector


def grasp_trial(
    own: OwnHand,
    thing: Thing,
    kind: GraspKind,
    rng: np.random.Generator,
    *,
    friction: float = FRICTION_GUESS,
    told: float = 1.0,
    watch: Callable[[SimulatedHand, str], None] | None = None,
) -> GraspResult:
    """Grasp a thing on a stand: where it is told to be lies off by PLACE_ERROR and TURN_ERROR.

    `friction`: what is guessed of any thing; `told`: share of its weight that is told, but for the usual error.
    """
    return prepared(own, thing, kind, rng, friction=friction, told=told, watch=watch).run()


def prepared(
    own: OwnHand,
    thing: Thing,
    kind: GraspKind,
    rng: np.random.Generator,
    *,
    friction: float = FRICTION_GUESS,
    told: float = 1.0,
    shape: GraspShape | None = None,
    watch: Callable[[SimulatedHand, str], None] | None = None,
) -> GraspTrial:
    """The trial of `grasp_trial` before it begins; with a `shape`, that grasp of the thing."""
    shape = shape or grasp_shape(own.believed, kind, thing.width, 0.5 * thing.height)
    simulated = SimulatedHand(
        own.hand, own.masses, own.unit, rng, own.taxels, partial(_scene, thing=thing, skin=own.solid), own.skin
    )

    def look_at(hand: SimulatedHand) -> tuple[Floats, float]:
        # Before the first tick nothing has its place yet.
        mujoco.mj_kinematics(hand.model, hand.data)
        body = hand.data.body("thing")
        turned = thing.turned(body.xmat.reshape(3, 3)) + TURN_ERROR * rng.standard_normal()
        return body.xpos + PLACE_ERROR * rng.standard_normal(3), turned

    grasp = Grasp(own.believed, simulated.taxels, simulated.shapes)
    weight = told * thing.mass * GRAVITY * (1.0 + _WEIGHT_ERROR * rng.standard_normal())
    return GraspTrial(simulated, grasp, shape, thing, weight, friction, look_at, watch)


def _scene(spec: mujoco.MjSpec, thing: Thing, skin: tuple[str, ...]) -> None:
    breadth = 0.5 * _BREADTH
    spec.worldbody.add_geom(
        name="stand", type=mujoco.mjtGeom.mjGEOM_BOX, pos=[0.0, 0.0, 0.5 * _STAND],
        size=[breadth * thing.width, breadth * thing.depth, 0.5 * _STAND], contype=3, conaffinity=2, condim=6,
        friction=[0.6, 0.005, 5e-4], rgba=[0.6, 0.62, 0.65, 1.0],
    )  # fmt: skip
    spec.worldbody.add_light(pos=[0.3, -0.5, 1.5], dir=[-0.2, 0.3, -1.0])
    thing.add(spec, np.array([0.0, 0.0, _STAND + 0.5 * thing.height]), np.eye(3), skin)
