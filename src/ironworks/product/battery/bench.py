"""What a bench measures on a pack: capacity by a full discharge, resistance of each group by a pulse."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.battery.discharge import until_refused
from ironworks.product.battery.pack import Pack
from ironworks.product.battery.step import step_current

__all__ = ["MeasuredCapacity", "measured_capacity", "pulse_resistance"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeasuredCapacity:
    """What a full discharge gave until a limit ended it."""

    charge: float
    """[A s]"""
    energy: float
    """[J]"""
    time: float
    """[s]"""
    group: int | None
    """The group in series whose cut-off ended it, from 0; None where another limit did."""
    text: str
    """The limit that ended it."""


def measured_capacity(
    pack: Pack, rate: float = 1.0 / (3.0 * 3600.0), ambient: float = 298.15, dt: float = 30.0
) -> MeasuredCapacity:
    """Discharge a full pack at a constant current, `rate` [1/s] times its design capacity, until a limit.

    Temperature [K], step [s].
    """
    if not rate > 0:
        raise ValueError(f"a discharge needs a rate above 0, is {rate}")
    current = rate * pack.cell.capacity * pack.parallel
    time, charge, energy, why = until_refused(
        pack.at_rest(1.0, ambient), dt, lambda state, length: step_current(pack, state, current, length, ambient)
    )
    return MeasuredCapacity(charge, energy, time, why.group if why.kind == "cut-off" else None, str(why))


def pulse_resistance(
    pack: Pack, soc: float = 0.5, rate: float = 1.0 / 3600.0, seconds: float = 10.0, ambient: float = 298.15
) -> Floats:
    """Fall of each group's voltage in a discharge pulse over the pulse's current [Ohm], (S,); their sum is the pack's.

    From rest at a charge 0..1 and a temperature [K], with a current of `rate` [1/s] times the design capacity.
    """
    if not (rate > 0 and seconds > 0):
        raise ValueError(f"a pulse needs a rate and a length above 0, is {rate} /s for {seconds} s")
    current = rate * pack.cell.capacity * pack.parallel
    state = pack.at_rest(soc, ambient)
    before, _ = pack.split(state, 0.0)
    after = before
    count = math.ceil(seconds)
    for _ in range(count):
        step = step_current(pack, state, current, seconds / count, ambient)
        state, after = step.state, step.group_voltage
    return np.asarray((before - after) / current)
