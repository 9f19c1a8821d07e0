"""How two palms close on a thing, feel it by being stopped, press it, and how the feet tell what they carry."""

from __future__ import annotations

from dataclasses import dataclass, field

from ironworks.robot.control.control_model import GRAVITY
from ironworks.robot.control.interface import TICK

__all__ = ["CLOSING", "Squeeze"]

CLOSING = 0.1
"""How fast palms close on a thing [m/s]."""
#: They feel it once they are so much farther apart than they should be [m], and have lost it when they run together
#: so fast [m/s].
_FELT, _LOST = 0.012, 0.4
#: How fast the pressing force rises and falls [N/s].
_RISE = 120.0
#: Time over which the feet weigh what is carried [s], and the most that is believed [kg].
_WEIGHS, _MOST = 0.25, 20.0
#: Share of the wanted force that is firm.
_FIRM = 0.95


@dataclass(eq=False)
class Squeeze:
    """`force` [N] that both palms press with now, `feels` whether something stops them, `load` [kg] that they carry.

    `own` [kg]: the robot's mass as its feet weigh it, learnt while it carries nothing. `gap` [m]: between the palms, as
    it should be while they close; None: they neither close nor press.
    """

    own: float
    force: float = 0.0
    feels: bool = False
    load: float = 0.0
    gap: float | None = None
    _speed: float = field(default=0.0, repr=False)
    _pressed: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pressed = self.own * GRAVITY

    @property
    def closing(self) -> float:
        """How fast the palms are to near one another now [m/s]."""
        return CLOSING if self.gap is not None and not self.feels else 0.0

    def press(self, wanted: float, gap: float, rate: float) -> None:
        """One tick with a wanted force [N], while the palms are so far apart [m] and near one another so fast [m/s]."""
        if wanted == 0.0:
            self.force = max(self.force - _RISE * TICK, 0.0)
            if self.force == 0.0:
                self.feels, self.gap = False, None
            return
        if self.gap is None:
            self.gap = gap
        if rate > _LOST:
            self.feels, self.force, self.gap = False, 0.0, gap
        if self.feels:
            self.force += min(max(wanted - self.force, -_RISE * TICK), _RISE * TICK)
        else:
            self.gap -= CLOSING * TICK
            self.feels = gap - self.gap > _FELT

    def is_firm(self, wanted: float) -> bool:
        """Whether the palms press with nearly the wanted force [N]."""
        return self.force >= _FIRM * wanted

    def weigh(self, pressed: float, speed: float) -> None:
        """One tick in which the soles press [N] while the centre of mass rises [m/s]."""
        share = TICK / _WEIGHS
        self._pressed += share * (pressed - self._pressed)
        self._speed += share * (speed - self._speed)
        # What a mean lags behind, over its time, is the mean of the rate.
        weighs = self._pressed / (GRAVITY + (speed - self._speed) / (_WEIGHS - TICK))
        if self.force > 0.0:
            self.load = min(max(weighs - self.own, 0.0), _MOST)
        else:
            self.load = 0.0
            self.own += share * (weighs - self.own)
