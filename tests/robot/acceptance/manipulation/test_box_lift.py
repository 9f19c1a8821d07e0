"""A calibrated unit lifts a box that it sees a little wrongly; one that is too smooth slips out of its hands."""

import mujoco
import numpy as np
import pytest
from tests.robot.acceptance.walking.test_course import outcome
from tests.robot.control.robots import DESIGN, FINGERS, MASSES

from ironworks.robot.acceptance.manipulation import Box, box_carry, box_lift
from ironworks.robot.acceptance.walking.sample import WalkingTrial
from ironworks.robot.body import body_spec
from ironworks.verdicts import FAIL, PASS


def measured(trial: WalkingTrial, name: str) -> float:
    return float(next(one for one in trial.measured if one.measurement.name == name).true[0])


def test_a_unit_lifts_a_box_holds_it_and_sets_it_down() -> None:
    trial = outcome(box_lift())
    assert trial.verdict == PASS, trial.cause
    assert measured(trial, "lifted") > 150.0
    assert measured(trial, "box_slip") < 3.0
    assert measured(trial, "box_tilt") < 6.0
    # It asks for 90 N.
    assert 70.0 < measured(trial, "palm_force") < 120.0


@pytest.mark.slow
def test_a_unit_walks_with_a_box_between_its_palms() -> None:
    trial = outcome(box_carry())
    assert trial.verdict == PASS, trial.cause
    assert measured(trial, "lifted") > 150.0


def test_a_box_that_is_too_smooth_slips() -> None:
    trial = outcome(box_lift(Box(friction=0.2)))
    assert trial.verdict == FAIL
    failed = {one.measurement.name for one, _ in trial.failed()}
    assert {"lifted", "box_slip"} & failed


def test_only_contacts_hold_the_box_which_stands_as_far_off_as_it_is_seen_wrongly() -> None:
    places = []
    for seed in (1, 1, *range(2, 22)):
        spec = body_spec(DESIGN, MASSES, frozen=FINGERS)
        Box().scene(spec, np.random.default_rng(seed))
        model = spec.compile()
        assert model.body("box").mass[0] == pytest.approx(5.0)
        free = model.jnt_type[model.body("box").jntadr[0]]
        assert free == mujoco.mjtJoint.mjJNT_FREE
        assert model.neq == 0
        places.append(model.body("box").pos)
    off = np.array(places)
    assert off[0].tolist() == off[1].tolist()
    assert 0.002 < off[1:, :2].std(axis=0).min() < off[1:, :2].std(axis=0).max() < 0.01


def test_a_box_without_a_mass_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Box(mass=0.0)
