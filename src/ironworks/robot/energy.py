"""Electrical power of a robot: motors from torque and speed, their drivers, chips and the base load.

A motor takes I^2 R and the mechanical power that it gives; where the sum is negative it gives back, as far as its
driver's efficiency lets it. Friction is in the mechanical power, since torque is before the gear's losses. Left out:
iron losses, load-dependent losses of gears, and that a pack which is full takes nothing back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design
from ironworks.product.design.figures import figures_of
from ironworks.robot.drives import Motors

__all__ = ["Electronics", "MotorPower", "electronics_of", "motor_power"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Electronics:
    """What drivers and the rest of the robot take. Powers [W], shares from 0 to 1, voltage of the bus [V]."""

    voltage: float
    standby: float
    """Of each driver"""
    standby_share: float
    """Of each driver, over bus voltage times peak current"""
    efficiency: float
    """Power at the motor over power from the bus"""
    regeneration: float
    """Power to the bus over power that a braking motor gives"""
    base: float
    """Of all that is no motor and no chip"""

    def idle(self, motors: Motors) -> Floats:
        """What each driver takes whatever its motor does [W], (N,)."""
        peak = motors.current(motors.torque_limit)
        return np.asarray(self.standby + self.standby_share * self.voltage * peak)


def electronics_of(design: Design, voltage: float) -> Electronics:
    """Of a design's figures, on a bus of a voltage [V]. Raises ScenarioFaults with every fault at once."""
    figures = figures_of(design)
    found = Electronics(
        voltage,
        figures.value("driver_standby", "W"),
        figures.value("driver_standby_share"),
        figures.value("driver_efficiency"),
        figures.value("regeneration_efficiency"),
        figures.value("base_load", "W"),
    )
    for key, share in (("driver_efficiency", found.efficiency), ("regeneration_efficiency", found.regeneration)):
        if not 0.0 < share <= 1.0:
            figures.log.add("figures.csv", 0, f"figures.{key}.value", f"{share:g} is no efficiency",
                            mend="write more than 0 and at most 1")  # fmt: skip
    figures.log.stop_on_faults()
    return found


@dataclass(frozen=True, eq=False)
class MotorPower:
    """Powers of N motors [W], arrays (..., N)."""

    copper: Floats
    """Heat of the windings"""
    mechanical: Floats
    """Given to the joints, negative where they are braked"""
    bus: Floats
    """Taken from the bus, negative where it is given back"""

    @cached_property
    def driver(self) -> Floats:
        """Lost in the drivers."""
        out: Floats = self.bus - self.copper - self.mechanical
        return out

    @property
    def total(self) -> Floats:
        """Of all motors together, from the bus (...)."""
        out: Floats = self.bus.sum(axis=-1)
        return out


def motor_power(
    motors: Motors, torque: Floats, speed: Floats, electronics: Electronics, resistance: Floats | None = None
) -> MotorPower:
    """Powers at torques [N m] and speeds [rad/s] of the joints, (..., N); resistance of warm windings [Ohm], (N,)."""
    copper = np.square(motors.current(torque)) * (motors.resistance if resistance is None else resistance)
    mechanical = torque * speed
    terminal = copper + mechanical
    passed = np.where(terminal >= 0.0, terminal / electronics.efficiency, terminal * electronics.regeneration)
    return MotorPower(copper, mechanical, passed + electronics.idle(motors))
