"""Acceptance of a robot on its legs: courses, what is judged of them, units in a row, and what makes them fail.

Procedures here are not among `procedures.PROCEDURES`, of which the plant's table of verdicts is made.
"""

from ironworks.robot.acceptance.walking.course import Fell, Leg, Prop, Stage, Track, Watcher, follow
from ironworks.robot.acceptance.walking.field_trial import FIELD_TRIAL, field_trials
from ironworks.robot.acceptance.walking.ground import Block, Ground
from ironworks.robot.acceptance.walking.judges import Judge
from ironworks.robot.acceptance.walking.load import Load
from ironworks.robot.acceptance.walking.procedures import (
    WALKING,
    WalkingTest,
    back,
    circle,
    emergency_stop,
    push,
    sideways,
    speed_sweep,
    stand,
    straight,
    turn,
)
from ironworks.robot.acceptance.walking.sample import WalkingSample, clopper_pearson, proven, walk_units
from ironworks.robot.acceptance.walking.sweep import SWEPT_PROGRAMME, WalkingSweep, walking_sweep
from ironworks.robot.acceptance.walking.terrain import TERRAIN, carry, hidden_steps, loaded, ramp, staircase

__all__ = [
    "FIELD_TRIAL",
    "SWEPT_PROGRAMME",
    "TERRAIN",
    "WALKING",
    "Block",
    "Fell",
    "Ground",
    "Judge",
    "Leg",
    "Load",
    "Prop",
    "Stage",
    "Track",
    "WalkingSample",
    "WalkingSweep",
    "WalkingTest",
    "Watcher",
    "back",
    "carry",
    "circle",
    "clopper_pearson",
    "emergency_stop",
    "field_trials",
    "follow",
    "hidden_steps",
    "loaded",
    "proven",
    "push",
    "ramp",
    "sideways",
    "speed_sweep",
    "staircase",
    "stand",
    "straight",
    "turn",
    "walk_units",
    "walking_sweep",
]
