"""What the bench of hands says of forces at the tips."""

import numpy as np
import pytest
from tests.robot.acceptance.procedures.seeded import BY_NAME, failures, kind

from ironworks.robot.acceptance.procedures import hand


def test_a_tip_that_pulls_as_hard_as_others_press_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    one, procedure = kind().specimen(3), BY_NAME["hand"]
    pressing = procedure.run(one)["tip_force"]
    assert not failures(procedure, procedure.run(one))
    monkeypatch.setattr(hand, "_BEYOND", -hand._BEYOND)
    pulling = procedure.run(one)
    # The same force the other way: a share of -1, which is 200 % below the design.
    np.testing.assert_allclose(pulling["tip_force"].true, -200.0 - pressing.true, atol=15.0)
    assert failures(procedure, pulling)["tip_force"] == set(pressing.places)
