"""Many small problems of least squares are solved like each one alone."""

import numpy as np

from ironworks.robot.least_squares import solve_each


def test_each_is_solved_as_by_itself_whatever_the_units() -> None:
    rng = np.random.default_rng(2)
    columns = rng.normal(size=(30, 4, 3)) * [1e-6, 1.0, 1e5]
    wanted = rng.normal(size=(30, 4))
    found = solve_each(columns, wanted)
    alone = [np.linalg.lstsq(columns[:, n], wanted[:, n], rcond=None)[0] for n in range(4)]
    np.testing.assert_allclose(found, alone, rtol=1e-9)
