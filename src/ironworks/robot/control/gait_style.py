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

from ironworks.robot.control.kernels.gait import sway

__all__ = ["HUMAN", "LINKS", "PLAIN", "GaitStyle", "LinkStyle", "StyleMotion"]

Floats = NDArray[np.float64]

#: Seconds in which a style comes and goes; most change of its pace [1/s]; how fast its stride follows the steps [1/s].
_FADE, _HURRY, _FOLLOWS = 0.6, 1.2, 7.0
#: Most rate of a stride [rad/s]: steps of 0.24 s.
_FASTEST = math.pi / 0.24
#: By how much the arms are behind a landing [rad].
_LAG = 0.2
LINKS = ("pelvis", "chest")
"""The links that a style moves, in the order in which it tells of them."""


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
    """How `LINKS` (L,) move: `motion` (3, L, 3) is roll, pitch and yaw from level and the heading [rad], then their

    rates and their accelerations.
    """

    motion: Floats


class StyleMotion:
    """A style in motion on one robot with `joints` (J,).

    The stride's angle is 0 where the left foot lands and pi where the right one does. Everything is smooth in time,
    whatever the steps do, and nothing while the robot stands.
    """

    def __init__(self, style: GaitStyle, joints: Sequence[str]) -> None:
        self._full, self._sink = style.pace, style.sink
        names = [f"{link} {axis}" for link in LINKS for axis in ("roll", "pitch", "yaw")] + list(joints)
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
        #: Roll, pitch and yaw of each link, then the joints' angles; their rates; and their accelerations (3, N).
        self._moves = np.zeros((3, len(names)))
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
        moves = np.empty_like(self._moves)
        turned = cmath.exp(1j * self._stride)
        sway(self._swings, self._sways, self._means, self._pace, share, turned, rate, tick, self._moves[0], moves)
        self._moves = moves
        low = -share * self._pace**2 * self._sink
        self.height = np.array([low, (low - self.height[0]) / tick, 0.0])

    @property
    def links(self) -> LinkStyle:
        """What pelvis and chest do now."""
        first = 3 * len(LINKS)
        return LinkStyle(np.ascontiguousarray(self._moves[:, :first]).reshape(3, len(LINKS), 3))

    @property
    def joints(self) -> Floats:
        """Offsets of the joints from their standing pose [rad], their rates and accelerations (3, J)."""
        return self._moves[:, 3 * len(LINKS) :]
