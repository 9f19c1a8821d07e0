"""How long a pack bears a load, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass

from ironworks.product.battery.discharge import until_refused
from ironworks.product.battery.pack import Pack, PackState
from ironworks.product.battery.step import LimitKind, PackStep, step_power

__all__ = ["Endurance", "endurance"]

_PEAK, _LOW = 0.02, 0.25
"""How long a peak lasts [s]; the charge below which it is tried at every step."""


@dataclass(frozen=True, slots=True)
class Endurance:
    """A discharge from full until the pack refuses."""

    hours: float
    energy: float
    """Given until then [J]"""
    kind: LimitKind
    """The limit that ended it"""
    text: str
    """The limit with its numbers"""
    cell_temperature: float
    """Of the hottest cell at the end [K]"""
    case_temperature: float
    """At the end [K]"""


def endurance(pack: Pack, power: float, *, peak: float = 0.0, ambient: float = 298.15, dt: float = 60.0) -> Endurance:
    """Hours that a full pack, as warm as the air [K], bears a mean power [W] and can still give the peak [W] with it.

    The peak is tried in the first step, when the pack is coldest, and from a quarter of its charge on.
    Raises ValueError for a power that is not above 0.
    """
    if not power > 0.0:
        raise ValueError(f"endurance needs a power above 0 W, is {power}")
    full = pack.at_rest(1.0, ambient)
    last: list[PackState] = [full]

    def advance(state: PackState, length: float) -> PackStep:
        step = step_power(pack, state, power, length, ambient)
        if peak > power and (state is full or float(pack.group_soc(state).min()) < _LOW):
            step_power(pack, step.state, peak, _PEAK, ambient)
        last[0] = step.state
        return step

    time, _, energy, why = until_refused(full, dt, advance)
    hottest = float(last[0].cell_temperature.max())
    return Endurance(time / 3600.0, energy, why.kind, str(why), hottest, last[0].case_temperature)
