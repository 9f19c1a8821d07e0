"""The size of a robot's picture where none, or one side, is given, and that what is drawn has it."""

import pytest

from ironworks.product.design import bill_of, read_design
from ironworks.robot.body import body_spec
from ironworks.robot.render import CannotRender, picture


@pytest.mark.slow
@pytest.mark.parametrize(("name", "view", "wide"), [("humanoid", "front", False), ("quadruped", "side", True)])
def test_a_picture_is_as_wide_as_its_robot(name: str, view: str, wide: bool) -> None:
    design = read_design(name)
    spec = body_spec(design, design.weigh(bill_of(design).masses))
    try:
        given = picture(design, spec, view, height=120)
        exact = picture(design, spec, view, 90, 70)
    except CannotRender as error:
        pytest.skip(str(error))
    assert given.shape[0] == 120
    assert (given.shape[1] > 120) is wide
    assert exact.shape == (70, 90, 3)
    assert exact.std() > 10.0
