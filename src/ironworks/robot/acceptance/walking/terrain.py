"""Procedures on floors that are not flat: stairs, a slope, and steps that no map shows."""

from __future__ import annotations

from ironworks.robot.acceptance.walking.course import Leg, Stage
from ironworks.robot.acceptance.walking.ground import Ground, slope, stairs, tiles
from ironworks.robot.acceptance.walking.judges import ADVANCE, FALLS, PEAK_TORQUE, TILT, WINDING, climbs
from ironworks.robot.acceptance.walking.procedures import WalkingTest
from ironworks.robot.control import Command

__all__ = ["TERRAIN", "hidden_steps", "ramp", "staircase"]

#: Speeds on stairs and elsewhere [m/s].
_CLIMBS, _WALKS = 0.4, 0.5


def _up(name: str, ground: Ground, speed: float, seconds: float) -> WalkingTest:
    legs = (Leg("ready", 0.5, settle=0.5), Leg("climb", seconds, Command(speed, walk=True), seconds))
    return WalkingTest(name, legs, (FALLS, TILT, PEAK_TORQUE, WINDING, climbs(ground.rise)), Stage(ground=ground))


def staircase(rise: float, run: float, count: int = 6) -> WalkingTest:
    """Up a staircase: risers and treads [m]; `stairs_15` for 15 cm."""
    return _up(f"stairs_{100 * rise:g}", stairs(rise, run, count), _CLIMBS, 10.0)


def ramp(degrees: float = 10.0) -> WalkingTest:
    """Up a slope of three metres."""
    return _up(f"slope_{degrees:g}", slope(degrees), _WALKS, 10.0)


def hidden_steps(height: float = 0.02) -> WalkingTest:
    """Over tiles of which half stand out [m], without any map."""
    legs = (Leg("ready", 0.5, settle=0.5), Leg("walk", 12.0, Command(_WALKS, walk=True), 4.0))
    stage = Stage(ground=tiles(height))
    return WalkingTest("hidden_steps", legs, (FALLS, TILT, PEAK_TORQUE, WINDING, ADVANCE), stage)


TERRAIN: tuple[WalkingTest, ...] = (
    staircase(0.05, 0.30), staircase(0.10, 0.30), staircase(0.15, 0.30), staircase(0.17, 0.28), ramp(), hidden_steps(),
)  # fmt: skip
"""What a unit does on floors that are not flat."""
