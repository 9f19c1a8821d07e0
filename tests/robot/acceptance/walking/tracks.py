"""Tracks without physics: what a robot did is written down by hand."""

import numpy as np
from tests.robot.acceptance.bench_samples import population
from tests.robot.control.robots import DESIGN, MASSES, PLACES

from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.walking.course import Fell, Leg, Track
from ironworks.robot.asbuilt import Unit
from ironworks.robot.control import TICK

JOINTS = ("left_knee", "right_knee")


def specimen() -> Specimen:
    return Specimen(DESIGN, MASSES, Unit.nominal(PLACES), population(DESIGN), 1)


def track(
    legs: tuple[Leg, ...],
    velocity: np.ndarray,
    *,
    turning: np.ndarray | float = 0.0,
    lasts: float = np.inf,
    torque: float = 1.0,
    tilt: float = 0.0,
) -> Track:
    """Velocity (T, 2) [m/s] and turning rate (T,) [rad/s] in the axes of the begin; it falls after `lasts` [s]."""
    leg = np.repeat(np.arange(len(legs)), [round(one.seconds / TICK) for one in legs])
    count = min(len(leg), round(lasts / TICK) if np.isfinite(lasts) else len(leg))
    velocity = np.broadcast_to(velocity, (len(leg), 2))[:count]
    heading = np.cumsum(np.broadcast_to(turning, (len(leg),))[:count]) * TICK
    place = np.column_stack([np.cumsum(velocity, axis=0) * TICK, np.zeros(count)])
    fell = None if count == len(leg) else Fell("some", legs[leg[count]].name, count * TICK, (0.0, 0.0), np.nan, "")
    return Track(
        legs, JOINTS, leg[:count], place, heading, velocity, np.full(count, tilt), np.full((count, 2), torque), fell
    )
