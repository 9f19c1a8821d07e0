"""A unit as built that moves by itself: what it takes for a command."""

import numpy as np
import pytest
from tests.robot.control.robots import robot

from ironworks.robot.control.interface import JointCommand


def test_a_command_that_is_not_of_every_joint_is_refused() -> None:
    one = robot()
    count = len(one.joints)
    whole, short, long = (np.zeros(count + more) for more in (0, -1, 1))
    for k in range(5):
        for wrong in (short, long, np.zeros(())):
            arrays = [whole] * 5
            arrays[k] = wrong
            with pytest.raises(ValueError, match=rf"\({count},\)"):
                one.step(JointCommand(*arrays))
    assert one.time == 0.0
    one.step(JointCommand(*[whole] * 5))
    assert one.time > 0.0
