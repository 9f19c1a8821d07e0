"""What a face expresses: the robot's state, its gaze, its blink, its speech."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.face.canvas import Colour

__all__ = ["LOOKS", "Expression", "Gaze", "Look", "State", "blink_times", "openness"]

Floats = NDArray[np.float64]
#: Spontaneous blinks of a person at rest, a minute (Bentivoglio et al., Movement Disorders 12, 1997).
BLINKS_PER_MINUTE = 17.0
#: Closing and opening of a lid [s], assumed.
_CLOSING, _OPENING = 0.09, 0.18
#: No blink comes sooner after the one before [s], assumed.
_PAUSE = 0.6


class State(StrEnum):
    """What the robot tells the people round it."""

    OFF = "off"
    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    BUSY = "busy"
    CHARGING = "charging"
    LOW_BATTERY = "low battery"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Look:
    """How a state is drawn: the eyes' colour, how far lids stand from the iris' middle (in its radii), and the sign.

    `slant`: by how much the upper lid falls towards the nose [radii over a radius]; `sign`: what stands below.
    """

    colour: Colour
    upper: float = 0.92
    lower: float = 1.05
    slant: float = 0.0
    sign: str = "line"


LOOKS: Mapping[State, Look] = MappingProxyType(
    {
        State.IDLE: Look((0.36, 0.80, 1.0)),
        State.LISTENING: Look((0.20, 0.95, 0.80), upper=1.1, lower=1.1, sign="ripple"),
        State.THINKING: Look((0.66, 0.52, 1.0), upper=0.62, lower=0.86, sign="dots"),
        State.SPEAKING: Look((0.36, 0.80, 1.0), upper=0.92, lower=0.92, sign="wave"),
        State.BUSY: Look((0.22, 0.52, 1.0), upper=0.50, lower=0.72, sign="bar"),
        State.CHARGING: Look((0.30, 0.93, 0.48), upper=0.28, lower=0.75, slant=-0.12, sign="battery"),
        State.LOW_BATTERY: Look((1.0, 0.55, 0.18), upper=0.25, lower=0.9, slant=-0.22, sign="battery"),
        State.WARNING: Look((1.0, 0.72, 0.10), upper=0.85, lower=0.85, sign="triangle"),
        State.FAULT: Look((1.0, 0.20, 0.18), upper=0.58, lower=0.62, slant=-0.10, sign="triangle"),
    }
)


@dataclass(frozen=True)
class Gaze:
    """Where the eyes look, from midway between them: azimuth to the robot's left, elevation upwards [rad].

    They converge at `distance` [m].
    """

    azimuth: float = 0.0
    elevation: float = 0.0
    distance: float = math.inf

    @property
    def direction(self) -> Floats:
        """Unit vector (3,) in the axes of the head: x forwards, y left, z up."""
        level = math.cos(self.elevation)
        return np.array([level * math.cos(self.azimuth), level * math.sin(self.azimuth), math.sin(self.elevation)])


@dataclass(frozen=True)
class Expression:
    """All that a face shows at one moment.

    `open`: how far the lids are open, 0 to 1; `level`: of speech, heard or spoken, or of progress, 0 to 1; `charge`: of
    the battery, 0 to 1; `time` [s] moves what moves.
    """

    state: State = State.IDLE
    gaze: Gaze = Gaze()
    open: float = 1.0
    level: float = 0.0
    charge: float = 1.0
    time: float = 0.0

    def __post_init__(self) -> None:
        for name in ("open", "level", "charge"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}, not within 0 to 1")


def blink_times(duration: float, rng: np.random.Generator) -> Floats:
    """When blinks begin within a duration [s]: at random as people's do, and never two at once."""
    mean = 60.0 / BLINKS_PER_MINUTE - _PAUSE
    # The longest plausible number of blinks, so that one draw is enough.
    gaps = _PAUSE + rng.exponential(mean, size=math.ceil(duration / _PAUSE) + 1)
    begins = np.cumsum(gaps)
    return np.asarray(begins[begins < duration])


def openness(time: float, blinks: Floats) -> float:
    """How far the lids are open at a time [s], 0 to 1: closing is twice as fast as opening."""
    begun = blinks[blinks <= time]
    since = time - float(begun[-1]) if begun.size else math.inf
    if since >= _CLOSING + _OPENING:
        return 1.0
    share = 1.0 - since / _CLOSING if since < _CLOSING else (since - _CLOSING) / _OPENING
    return share * share * (3.0 - 2.0 * share)
