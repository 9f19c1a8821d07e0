"""What the cycler reads of a pack scatters as its instruments say."""

from dataclasses import replace

import numpy as np
from tests.robot.acceptance.procedures.seeded import BY_NAME, kind

from ironworks.robot.asbuilt import Unit


def test_a_fall_at_once_has_the_noise_of_both_voltages() -> None:
    # One cell in a group carries the whole current: no probe's noise is left.
    one = kind("quadruped").specimen(3)
    ideal = Unit.nominal(one.unit.places, 3)
    seen = np.array(
        [
            BY_NAME["battery_resistance"].run(replace(one, unit=ideal, seed=seed))["cell_resistance"].values
            for seed in range(30)
        ]
    )
    fall, tap = 10.0 * 5e-3, 1e-3 / np.sqrt(50.0)
    np.testing.assert_allclose(seen.std(), 100.0 * np.sqrt(2.0) * tap / fall, rtol=0.12)
