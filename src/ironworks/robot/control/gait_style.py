"""How a walk looks: what pelvis, chest and arms do besides carrying the robot, in time with its steps.

Amplitudes of `HUMAN` follow measured walks (Murray, Drought and Kory, Journal of Bone and Joint Surgery 46-A, 1964;
Murray, Sepic and Barnard, Physical Therapy 47, 1967), rounded, and less of the list, which takes room from the swing.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["HUMAN", "PLAIN", "GaitStyle", "LinkStyle", "StyleMotion"]

Floats = NDArray[np.float64]

#: Seconds in which a style comes and goes; most change of its pace [1/s]; how fast its stride follows the steps [1/s].
_FADE, _HURRY, _FOLLOWS = 0.6, 1.2, 7.0
#: Most rate of a stride [rad/s]: steps of 0.24 s.
_FASTEST = math.pi / 0.24
#: By how much the arms are behind a landing [rad].
_LAG = 0.2
#: The styled links, whose roll, pitch and yaw come before the joints' angles.
_LINKS = ("pelvis", "chest")


@dataclass(frozen=True)
class GaitStyle:
    """Half of each motion's range [rad] at a high speed, and the step's `width` between soles [m].

    `list`: the pelvis sinks on the side of the foot that swings; `turn`: it yaws with the foot that goes ahead;
    `counter`: the chest yaws against it, `lean`: and leans ahead, while the head keeps looking ahead; `arms`: swing of
    the shoulders against the legs, `aside`: and how far they keep from the thighs; `elbows`: swing of the elbows with
    it, `bend`: and how much more they are bent. `sink`: how much lower the centre of mass goes [m], so that the legs
    reach as far as the pelvis moves. `pace`: speed [m/s] at which three quarters of all that are reached.
    """

    width: float = 0.19
    list: float = 0.0
    turn: float = 0.0
    counter: float = 0.0
    lean: float = 0.0
    arms: float = 0.0
    aside: float = 0.0
    elbows: float = 0.0
    bend: float = 0.0
    sink: float = 0.0
    pace: float = 0.9


PLAIN = GaitStyle()
"""The trunk stays upright, the arms hang."""

HUMAN = GaitStyle(
    width=0.16, list=0.025, turn=0.08, counter=0.09, lean=0.05,
    arms=0.40, aside=0.06, elbows=0.16, bend=0.12, sink=0.05,
)  # fmt: skip
"""As people walk."""


@dataclass(frozen=True, eq=False)
class LinkStyle:
    """Roll, pitch and yaw of a link from level and the heading (3,) [rad], their rates and accelerations."""

    angle: Floats
    rate: Floats
    acceleration: Floats


class StyleMotion:
    """A style in motion on one robot with `joints` (J,).

    The stride's angle is 0 where the left foot lands and pi where the right one does. Everything is smooth in time,
    whatever the steps do, and nothing while the robot stands.
    """

    def __init__(self, style: GaitStyle, joints: Sequence[str]) -> None:
        self._full, self._sink = style.pace, style.sink
        names = [f"{link} {axis}" for link in _LINKS for axis in ("roll", "pitch", "yaw")] + list(joints)
        late = cmath.exp(-1j * _LAG)
        swings: Mapping[str, complex] = {
            "pelvis yaw": -style.turn,
            "chest yaw": style.counter,
            "neck_yaw": -style.counter,
            "left_shoulder_pitch": -style.arms * late,
            "right_shoulder_pitch": style.arms * late,
            "left_elbow": -style.elbows * late,
            "right_elbow": style.elbows * late,
        }
        means = {
            "chest pitch": style.lean,
            "neck_pitch": -style.lean,
            **{f"{side}_elbow": style.bend for side in ("left", "right")},
            **{f"{side}_shoulder_roll": style.aside for side in ("left", "right")},
        }
        #: Amplitude and phase of each angle with the pace and with its size, and its mean with a pace ahead (N,).
        self._swings = np.array([swings.get(name, 0.0) for name in names], dtype=np.complex128)
        self._sways = np.zeros(len(names), dtype=np.complex128)
        self._sways[names.index("pelvis roll")] = -1j * style.list
        self._means = np.array([means.get(name, 0.0) for name in names])
        self._stride, self._rate, self._shown, self._pace = 0.0, 0.0, 0.0, 0.0
        self._angle, self._speed, self._acceleration = np.zeros((3, len(names)))
        self.height = np.zeros(3)
        """What is added to the height of the centre of mass (3,) [m], its rate and its acceleration."""

    def advance(self, stride: float | None, time: float, speed: float, tick: float) -> None:
        """Go on by a tick [s]: the steps' `stride` [rad], `time` of one [s] and `speed` ahead [m/s].

        Without a stride the style fades: the robot stands, or has other things to mind.
        """
        rate = 0.0 if stride is None else math.pi / time
        if stride is not None and self._shown == 0.0:
            self._stride = stride
        elif stride is not None:
            off = math.remainder(stride - self._stride, 2.0 * math.pi)
            rate = min(max(rate + _FOLLOWS * off, 0.0), _FASTEST)
        else:
            rate = self._rate
        self._stride, self._rate = math.remainder(self._stride + rate * tick, 2.0 * math.pi), rate
        wanted = math.tanh(speed / self._full)
        self._pace += min(max(wanted - self._pace, -_HURRY * tick), _HURRY * tick)
        self._shown = min(max(self._shown + (tick if stride is not None else -tick) / _FADE, 0.0), 1.0)
        share = self._shown**2 * (3.0 - 2.0 * self._shown)
        turning = share * (self._pace * self._swings + abs(self._pace) * self._sways) * cmath.exp(1j * self._stride)
        angle = turning.real + share * max(self._pace, 0.0) * self._means
        self._angle, self._speed = angle, (angle - self._angle) / tick
        self._acceleration = -(rate**2) * turning.real
        low = -share * self._pace**2 * self._sink
        self.height = np.array([low, (low - self.height[0]) / tick, 0.0])

    @property
    def links(self) -> dict[str, LinkStyle]:
        """What pelvis and chest do now."""
        rows = {name: slice(3 * k, 3 * k + 3) for k, name in enumerate(_LINKS)}
        return {n: LinkStyle(self._angle[r], self._speed[r], self._acceleration[r]) for n, r in rows.items()}

    @property
    def joints(self) -> tuple[Floats, Floats, Floats]:
        """Offsets of the joints from their standing pose (J,) [rad], their rates and accelerations."""
        first = 3 * len(_LINKS)
        return self._angle[first:], self._speed[first:], self._acceleration[first:]
