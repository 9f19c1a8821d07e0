"""How two palms close on a thing, feel it by being stopped, press it, and how the feet tell what they carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from ironworks.robot.control.control_model import GRAVITY
from ironworks.robot.control.interface import TICK

__all__ = ["CLOSING", "Squeeze"]

CLOSING = 0.06
"""How fast palms close on a thing [m/s]."""
#: They feel it once they are slower than this share of it for so long [s], but not while they begin to move [s]; faster
#: than this [m/s] they have lost it. Time over which their speed is a mean [s].
_STOPPED, _SURE, _BEGINS, _LOST, _SEEN = 0.35, 0.06, 0.3, 0.4, 0.04
#: How fast the pressing force rises and falls [N/s].
_RISE = 120.0
#: Time over which the feet weigh what is carried [s], and the most that is believed [kg].
_WEIGHS, _MOST = 0.25, 20.0


@dataclass(eq=False)
class Squeeze:
    """`force` [N] that both palms press with now, `feels` whether something stops them, `load` [kg] that they carry.

    `own` [kg]: the robot's mass as its feet weigh it, learnt while it carries nothing. `closed` [s]: for how long the
    palms have been closing or pressing; 0: they do neither.
    """

    own: float
    force: float = 0.0
    feels: bool = False
    load: float = 0.0
    closed: float = 0.0
    _slow: float = field(default=0.0, repr=False)
    _rate: float = field(default=0.0, repr=False)

    def press(self, wanted: float, rate: float) -> None:
        """One tick with a wanted force [N], while the palms near one another at a rate [m/s]."""
        if wanted == 0.0:
            self.force = max(self.force - _RISE * TICK, 0.0)
            if self.force == 0.0:
                self.feels, self.closed, self._slow, self._rate = False, 0.0, 0.0, 0.0
            return
        self.closed += TICK
        self._rate += (rate - self._rate) * TICK / _SEEN
        is_slow = self._rate < _STOPPED * CLOSING and self.closed > _BEGINS
        self._slow = self._slow + TICK if is_slow else 0.0
        self.feels |= self._slow > _SURE
        if self._rate > _LOST:
            self.feels, self.force, self.closed, self._slow = False, 0.0, TICK, 0.0
        if self.feels:
            change = min(max(wanted - self.force, -_RISE * TICK), _RISE * TICK)
            self.force += change

    def weigh(self, pressed: float, rise: float) -> None:
        """One tick in which the soles press [N] while the centre of mass accelerates upwards [m/s2]."""
        share = TICK / _WEIGHS
        weighs = pressed / (GRAVITY + rise)
        if self.force > 0.0:
            self.load += share * (min(max(weighs - self.own, 0.0), _MOST) - self.load)
        else:
            self.load = 0.0
            self.own += share * (weighs - self.own)
