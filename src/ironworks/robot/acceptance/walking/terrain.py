"""Procedures on floors that are not flat, stairs, a slope, and steps that no map shows; and with a load."""

from __future__ import annotations

from dataclasses import replace

from ironworks.robot.acceptance.walking.course import Leg, Stage
from ironworks.robot.acceptance.walking.ground import Ground, slope, stairs, tiles
from ironworks.robot.acceptance.walking.judges import (
    ADVANCE,
    FALLS,
    PEAK_TORQUE,
    SPEED_ERROR,
    STOP_DISTANCE,
    STOP_TIME,
    TILT,
    WINDING,
    climbs,
)
from ironworks.robot.acceptance.walking.load import Load
from ironworks.robot.acceptance.walking.procedures import WalkingTest
from ironworks.robot.control import Command

__all__ = ["TERRAIN", "carry", "hidden_steps", "loaded", "ramp", "staircase"]

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


def loaded(test: WalkingTest, load: Load | None = None) -> WalkingTest:
    """The same course with a load, by default 5 kg before the chest."""
    return replace(test, name=f"{test.name}_loaded", stage=replace(test.stage, load=load or Load()))


def carry(load: Load | None = None) -> WalkingTest:
    """A load, by default 5 kg before the chest, carried ahead and set to rest on a flat floor."""
    legs = (
        Leg("ready", 0.5, settle=0.5),
        Leg("ahead", 6.7, Command(_WALKS, walk=True), 4.0),
        Leg("stop", 3.5, Command(), settle=3.5),
    )
    judges = (FALLS, TILT, PEAK_TORQUE, WINDING, SPEED_ERROR, STOP_TIME, STOP_DISTANCE)
    return WalkingTest("carry", legs, judges, Stage(load=load or Load()))


TERRAIN: tuple[WalkingTest, ...] = (
    staircase(0.05, 0.30), staircase(0.10, 0.30), staircase(0.15, 0.30), staircase(0.17, 0.28), ramp(), hidden_steps(),
    carry(),
)  # fmt: skip
"""What a unit does on floors that are not flat, and with a load."""
