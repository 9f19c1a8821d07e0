"""What ageing reads of windings lies about what is true, not to one side of it."""

import numpy as np
from tests.robot.acceptance.procedures.seeded import BY_NAME, kind


def test_the_margin_of_the_hottest_winding_has_no_bias() -> None:
    runs = [BY_NAME["thermal_soak"].run(kind("quadruped").specimen(serial))["winding_margin"] for serial in range(6)]
    off = np.concatenate([one.values - one.true for one in runs])
    # A standard deviation of a quarter of a kelvin, of one minute nearly one kelvin.
    assert off.std() < 0.4
    assert abs(off.mean()) < 0.1
