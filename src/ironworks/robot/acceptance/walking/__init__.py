"""Acceptance of a robot on its legs: courses, what is judged of them, units in a row, and what makes them fail.

Procedures here are not among `procedures.PROCEDURES`, of which the plant's table of verdicts is made.
"""

from ironworks.robot.acceptance.walking.contact_force import (
    NEAR,
    SAFETY,
    ContactTest,
    Encounter,
    fit_speeds,
    near_people,
)
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
from ironworks.robot.acceptance.walking.surrogate import BodyRegion, Surrogate, body_regions
from ironworks.robot.acceptance.walking.sweep import SWEPT_PROGRAMME, WalkingSweep, walking_sweep
from ironworks.robot.acceptance.walking.terrain import TERRAIN, carry, hidden_steps, loaded, ramp, staircase

__all__ = [
    "FIELD_TRIAL",
    "NEAR",
    "SAFETY",
    "SWEPT_PROGRAMME",
    "TERRAIN",
    "WALKING",
    "Block",
    "BodyRegion",
    "ContactTest",
    "Encounter",
    "Fell",
    "Ground",
    "Judge",
    "Leg",
    "Load",
    "Prop",
    "Stage",
    "Surrogate",
    "Track",
    "WalkingSample",
    "WalkingSweep",
    "WalkingTest",
    "Watcher",
    "back",
    "body_regions",
    "carry",
    "circle",
    "clopper_pearson",
    "emergency_stop",
    "field_trials",
    "fit_speeds",
    "follow",
    "hidden_steps",
    "loaded",
    "near_people",
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
