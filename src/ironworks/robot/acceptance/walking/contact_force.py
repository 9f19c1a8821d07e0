"""A robot meets people: forces on parts of a body before it, against the limits of ISO/TS 15066.

Forces count from the first touch: the largest one in the first half second, and the largest one afterwards, which
the body must bear for long. Near people a robot is told to go at most `NEAR`; the greatest speed up to which all
encounters stay within the limits is what it is fit for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.journey import Journey
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.walking.course import BEGIN, Leg, Watcher, follow, own_controller
from ironworks.robot.acceptance.walking.procedures import WalkingTest
from ironworks.robot.acceptance.walking.surrogate import BodyRegion, Surrogate, body_regions
from ironworks.robot.control import TICK, Command, ContactGuard, Controller, SimulatedRobot
from ironworks.robot.control.hand_ahead import HandAhead

__all__ = ["NEAR", "SAFETY", "SPEEDS", "ContactTest", "Encounter", "fit_speeds", "near_people"]

Floats = NDArray[np.float64]

NEAR = 0.2
"""How fast a robot is told to go near people at most [m/s]: an assumption."""
SPEEDS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Speeds that are tried [m/s]."""
_FREE, _CLAMPED, _FIT = "free", "clamped", "fit_speed"
_LEAST_FIT = 0.5 * (NEAR + max(speed for speed in SPEEDS if speed < NEAR))
#: Seconds in which a force counts as transient; force that begins a contact [N]; the device's noise [N].
_TRANSIENT, _TOUCH, _NOISE = 0.5, 5.0, 1.0
#: Where a body stands ahead of a robot's origin [m], and seconds of the way more; seconds of a stride; how much longer
#: a robot may take than it was told; seconds after the contact.
_AHEAD, _RUN_UP, _STRIDE, _LATE, _AFTER = 0.3, 1.5, 0.8, 1.2, 2.5
#: Where a body stands ahead of the origin for a hand that is moved, and seconds for it [m, s].
_HAND, _HAND_TAKES = 0.42, 6.0


def near_people() -> ContactGuard:
    """The controller of a robot near people: what every unit is delivered with, and the guard of contacts around it."""
    return ContactGuard(own_controller())


@dataclass(frozen=True)
class Encounter:
    """One meeting: speed [m/s], whether the body could give way, where in the stride (a share), and what came of it.

    `peak`: largest force of the first half second, `held`: afterwards [N]; NaN where they never met.
    """

    speed: float
    clamped: bool
    phase: float
    peak: float
    held: float
    fell: bool

    def within(self, region: BodyRegion) -> bool:
        """Whether the region may bear it, and the robot did not fall."""
        return self.peak <= region.transient and self.held <= region.quasi_static and not self.fell


@dataclass(frozen=True)
class ContactTest(WalkingTest):
    """A Procedure: a part of a body at a height and side [m] of a robot's way, free and clamped.

    `half`: half its sides [m]. `moves_hand`: the robot stands, and its hand moves ahead instead.
    `phases`: how many moments of the stride are tried.
    """

    region: str = "chest"
    height: float = 1.3
    aside: float = 0.0
    half: tuple[float, float] = (0.1, 0.1)
    moves_hand: bool = False
    phases: int = 3

    @property
    def body(self) -> BodyRegion:
        """Its limits, spring and mass."""
        return body_regions()[self.region]

    @property
    def seconds(self) -> float:
        """Simulated seconds of the encounters at `NEAR`; those at other speeds come besides."""
        return len(self._trials) * (BEGIN + sum(leg.seconds for leg in self._course(NEAR, 0.0)[1]))

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What it measures."""
        body = self.body
        return (
            Measurement("falls", Limits(None, 0.0), description="upon any contact at the speed near people"),
            Measurement(
                "peak_force", Limits(None, body.transient, "N"), description="of the first 0.5 s, near people's speed"
            ),
            Measurement("held_force", Limits(None, body.quasi_static, "N"), description="after 0.5 s, the same speed"),
            # What is told has the tester's error: the limit lies half-way to the next lower speed that is tried.
            Measurement(_FIT, Limits(_LEAST_FIT, None, "m/s"), description="greatest tried one within all limits"),
        )

    @property
    def _trials(self) -> list[tuple[bool, float]]:
        """Whether the body is clamped, and the phase of the stride: free ones first."""
        count = 1 if self.moves_hand else self.phases
        return [(clamped, i / count) for clamped in (False, True) for i in range(count)]

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Meet the body at `NEAR`, then faster until a limit is passed, or slower until none is."""
        near = self.at(specimen, NEAR)
        fit = self._fit(specimen, near)
        places = (_FREE, _CLAMPED)
        worst = np.array(
            [
                [(e.fell, e.peak, e.held) for e in near if e.clamped is clamped] for clamped in (False, True)
            ]
        ).max(axis=1)  # fmt: skip
        noise = _NOISE * specimen.rng(f"{self.name}/readings").standard_normal((2, 2))
        return {
            "falls": Readings(places, worst[:, 0], worst[:, 0]),
            "peak_force": Readings(places, worst[:, 1] + noise[0], worst[:, 1]),
            "held_force": Readings(places, np.maximum(worst[:, 2] + noise[1], 0.0), worst[:, 2]),
            _FIT: Readings(("root",), np.array([fit]), np.array([fit])),
        }

    def at(self, specimen: Specimen, speed: float) -> list[Encounter]:
        """All encounters at a speed [m/s]: free and clamped, at each phase of the stride."""
        return [self.meet(specimen, speed, *trial) for trial in self._trials]

    def meet(self, specimen: Specimen, speed: float, clamped: bool, phase: float = 0.0) -> Encounter:
        """One encounter; `phase`: by which share of a stride the body stands further away."""
        ahead, legs = self._course(speed, phase)
        surrogate = Surrogate(self.body, (ahead, self.aside, self.height), self.half, clamped)
        gauge = _Gauge(surrogate, self.stage.watch)
        name = f"{self.name}/{speed:g}/{_CLAMPED if clamped else _FREE}/{phase:.2f}"
        stage = replace(self.stage, scene=surrogate.scene, watch=gauge, control=self._control(speed))
        track = follow(specimen, name, legs, stage)
        peak, held = gauge.forces()
        return Encounter(speed, clamped, phase, peak, held, track.fell is not None)

    def _fit(self, specimen: Specimen, near: list[Encounter]) -> float:
        """The greatest tried speed up to which all encounters are within the limits [m/s]; 0 where none is."""

        def passes(speed: float) -> bool:
            # A body that cannot give way bears more: what fails, fails there first.
            return all(self.meet(specimen, speed, *trial).within(self.body) for trial in self._trials[::-1])

        if all(encounter.within(self.body) for encounter in near):
            faster = takewhile(passes, (speed for speed in SPEEDS if speed > NEAR))
            return max(faster, default=NEAR)
        return next(filter(passes, [speed for speed in reversed(SPEEDS) if speed < NEAR]), 0.0)

    def _control(self, speed: float) -> Callable[[], Controller]:
        if not self.moves_hand:
            return near_people
        return lambda: ContactGuard(HandAhead(own_controller(), speed))

    def _course(self, speed: float, phase: float) -> tuple[float, tuple[Leg, ...]]:
        """How far ahead the body is [m], and the legs of the course to it."""
        if self.moves_hand:
            return _HAND, (Leg("reach", _HAND_TAKES, settle=_HAND_TAKES),)
        ahead = _AHEAD + speed * (_RUN_UP + _STRIDE * phase)
        seconds = round(_LATE * ahead / speed + _AFTER, 1)
        return ahead, (Leg("ready", 0.5, settle=0.5), Leg("meet", seconds, Command(speed, walk=True), seconds))


def fit_speeds(journey: Journey) -> dict[str, float]:
    """What each contact of a unit's way left it fit for [m/s], by procedure; the robot is fit for the least of them."""
    return {
        trial.procedure: float(one.true[0])
        for trial in journey.trials
        for one in trial.measured
        if one.measurement.name == _FIT
    }


class _Gauge:
    """A Watcher that reads the surrogate's forces; `then` looks on besides."""

    def __init__(self, surrogate: Surrogate, then: Watcher | None) -> None:
        self._surrogate, self._then = surrogate, then
        self._forces: list[Floats] = []

    def __call__(self, robot: SimulatedRobot, procedure: str, leg: str, fallen: bool) -> None:
        """Read the last tick."""
        self._forces.append(self._surrogate.forces(robot))
        if self._then is not None:
            self._then(robot, procedure, leg, fallen)

    def forces(self) -> tuple[float, float]:
        """The largest one of the first half second from the first touch on, and afterwards [N]; NaN without any."""
        each = np.array([tick.max() for tick in self._forces])
        touched = np.flatnonzero(each > _TOUCH)
        if not len(touched):
            return math.nan, math.nan
        first = touched[0]
        later = first + round(_TRANSIENT / TICK)
        return float(each[first:later].max()), float(max(each[later:].max(initial=0.0), 0.0))


def _contact(
    name: str, region: str, height: float, aside: float, half: tuple[float, float], moves_hand: bool = False
) -> ContactTest:
    return ContactTest(
        f"contact_{name}", (), (), region=region, height=height, aside=aside, half=half, moves_hand=moves_hand
    )


SAFETY: tuple[ContactTest, ...] = (
    _contact("chest", "chest", 1.30, 0.0, (0.10, 0.10)),
    _contact("abdomen", "abdomen", 1.00, 0.0, (0.12, 0.10)),
    _contact("upper_arm", "upper_arm", 1.25, -0.25, (0.05, 0.10)),
    _contact("hand", "hand", 0.76, -0.29, (0.05, 0.05)),
    _contact("moved_hand", "hand", 0.97, -0.25, (0.08, 0.12), moves_hand=True),
    _contact("thigh", "thigh", 0.70, -0.09, (0.08, 0.10)),
    _contact("lower_leg", "lower_leg", 0.30, -0.09, (0.05, 0.15)),
)  # fmt: skip
"""What a unit goes through before it works near people."""
