"""A calibrated unit that begins in a squat gets up, stands, and does it once more."""

from tests.robot.acceptance.walking.test_course import outcome

from ironworks.robot.acceptance.manipulation.squat_to_stand import squat_to_stand
from ironworks.verdicts import PASS


def test_a_unit_gets_up_from_a_squat_twice() -> None:
    trial = outcome(squat_to_stand())
    assert trial.verdict == PASS, trial.cause
    assert trial.fell is None
    risen = next(one for one in trial.measured if one.measurement.name == "climbed")
    assert 0.15 < risen.true[0] < 0.22
