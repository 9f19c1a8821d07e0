"""A box between two palms: reached for from both sides, pressed, lifted with legs and arms, held and set down."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.manipulation.box import Box
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.walking.course import Leg, Stage, Track
from ironworks.robot.acceptance.walking.judges import FALLS, PEAK_TORQUE, WINDING, Judge
from ironworks.robot.acceptance.walking.procedures import WalkingTest
from ironworks.robot.control import Command, HandGoal, Hands
from ironworks.robot.control.control_model import GRAVITY

__all__ = ["BOX_SLIP", "BOX_TILT", "LIFTED", "PALM_FORCE", "SET_DOWN", "box_carry", "box_lift"]

Floats = NDArray[np.float64]

#: How far palms stay beside the box before they close [m]; with fingers ahead, how far they point down [rad].
_BESIDE, _DOWN = 0.09, 0.3
#: The robot lowers itself to reach a middle below this height, by this share of what is missing [m/m] and by so much
#: at most [m].
_UPRIGHT, _SHARE, _LOWEST = 0.91, 0.7, 0.2
#: How far the box is lifted, and how much nearer it is held [m].
_LIFT, _NEARER = 0.2, 0.08
#: The fastest that a loaded palm moves [m/s].
_CAREFUL = 0.15
#: Legs of a course that carries it.
_WALKS = ("back", "ahead", "stop")
#: What is guessed of friction, and the force of the palms over the least that then holds the box.
_GUESS, _FIRM = 0.6, 2.2


def box_lift(box: Box | None = None) -> WalkingTest:
    """A box, by default of 5 kg on a stand of 0.7 m, is lifted, held for 5 s, and set down again."""
    box = box or Box()
    up, low, pressed, held = _lift(box)
    legs = (
        *up,
        Leg("hold", 5.0, held),
        Leg("lower", 3.5, pressed),
        Leg("let_go", 2.0, low),
        Leg("stand", 3.0, Command(height=0.0)),
    )
    judges = (FALLS, PEAK_TORQUE, WINDING, LIFTED, BOX_TILT, BOX_SLIP, PALM_FORCE, SET_DOWN)
    return WalkingTest("box_lift", legs, judges, Stage(prop=box))


def box_carry(box: Box | None = None, speed: float = 0.2) -> WalkingTest:
    """A box is lifted and carried away backwards [m/s], held, and carried back to before its stand."""
    box = box or Box()
    up, _, _, held = _lift(box)
    legs = (
        *up,
        Leg("back", 4.0, replace(held, forward=-speed, walk=True)),
        Leg("hold", 3.0, held),
        Leg("ahead", 3.0, replace(held, forward=speed, walk=True)),
        Leg("stop", 3.0, held),
    )
    judges = (FALLS, PEAK_TORQUE, WINDING, LIFTED, BOX_TILT, BOX_SLIP, PALM_FORCE)
    return WalkingTest("box_carry", legs, judges, Stage(prop=box))


def _lift(box: Box) -> tuple[tuple[Leg, ...], Command, Command, Command]:
    """The legs until a box is lifted; the commands to be beside it, to press it and to hold it."""
    squeeze = _FIRM * 0.5 * box.mass * GRAVITY / _GUESS
    side = 0.5 * box.sides[1]
    height = -min(max(_SHARE * (_UPRIGHT - box.middle), 0.0), _LOWEST)
    low = Command(height=height, hands=_hands(box, side + _BESIDE))
    pressed = Command(height=height, hands=_hands(box, side, squeeze=squeeze))
    held = Command(height=0.0, hands=_hands(box, side, squeeze, _LIFT, _NEARER))
    legs = (
        Leg("ready", 0.5, settle=0.5),
        Leg("reach", 3.0, low),
        Leg("press", 3.5, pressed),
        Leg("lift", 3.0, held),
    )
    return legs, low, pressed, held


def _hands(box: Box, aside: float, squeeze: float = 0.0, up: float = 0.0, back: float = 0.0) -> Hands:
    """Palms on both sides of where the box is told to be, so far from its middle, and lifted and drawn back [m]."""
    turn = (0.0, _DOWN - 0.5 * math.pi, 0.0)
    left, right = (HandGoal((box.ahead - back, sign * aside, box.middle + up), turn) for sign in (1.0, -1.0))
    return Hands(left, right, squeeze, _CAREFUL if squeeze else 0.5)


def _during(track: Track, *names: str) -> Floats:
    """What was written of the box (T, 12) during some legs; nothing where one was not reached to its end."""
    legs = [i for i, leg in enumerate(track.legs) if leg.name in names]
    if not all(track.reached(i) for i in legs):
        return np.zeros((0, 12))
    return track.seen[np.isin(track.leg, legs)]


@dataclass(frozen=True)
class _OfBox:
    """What a judge reads of the box; not a function within one, which could not go to other processes."""

    of: Callable[[Track], float]

    def __call__(self, track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
        """One number of the whole track."""
        return ("box",), np.array([self.of(track)])


def _lifted(track: Track) -> float:
    """Least height over its first one while it is held [mm]."""
    held = _during(track, "hold", *_WALKS)
    return 1e3 * float(held[:, 2].min() - track.seen[0, 2]) if len(held) else math.nan


def _tilted(track: Track) -> float:
    carried = _during(track, "lift", "hold", "lower", *_WALKS)
    return math.degrees(float(carried[:, 3].max())) if len(carried) else math.nan


def _slipped(track: Track) -> float:
    """The farthest that a palm moves on the box from where it pressed first [mm]."""
    carried = _during(track, "lift", "hold", *_WALKS)
    if not len(carried):
        return math.nan
    palms = carried[:, 4:10].reshape(-1, 2, 3)[:, :, [0, 2]]
    return 1e3 * float(np.linalg.norm(palms - palms[0], axis=2).max())


def _pressed(track: Track) -> float:
    """The most that one side presses it [N], for more than a hundredth of the time that it is carried."""
    carried = _during(track, "press", "lift", "hold", "lower", *_WALKS)
    return float(np.quantile(carried[:, 10:].max(axis=1), 0.99)) if len(carried) else math.nan


def _set_down(track: Track) -> float:
    """How far the box ends from where it stood [mm]."""
    if not track.reached(len(track.legs) - 1):
        return math.nan
    return 1e3 * float(np.linalg.norm(track.seen[-1, :3] - track.seen[0, :3]))


LIFTED = Judge(
    Measurement("lifted", Limits(120.0, None, "mm"), description="least height over its stand while it is held"),
    _OfBox(_lifted),
    2.0,
)
BOX_TILT = Judge(
    Measurement("box_tilt", Limits(None, 10.0, "deg"), description="the most while it is off its stand"),
    _OfBox(_tilted),
    0.2,
)
BOX_SLIP = Judge(
    Measurement("box_slip", Limits(None, 10.0, "mm"), description="the most that a palm moves along its side"),
    _OfBox(_slipped),
    0.5,
)
PALM_FORCE = Judge(
    Measurement("palm_force", Limits(None, 150.0, "N"), description="on one side, exceeded in 1 % of the time"),
    _OfBox(_pressed),
    2.0,
)
SET_DOWN = Judge(
    Measurement("set_down", Limits(None, 50.0, "mm"), description="how far it ends from where it stood"),
    _OfBox(_set_down),
    2.0,
)
