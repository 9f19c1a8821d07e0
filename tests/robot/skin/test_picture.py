"""The picture shows where the robot is touched."""

import numpy as np
import pytest

from ironworks.product.design import bill_of, read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.body import body_spec
from ironworks.robot.render import CannotRender
from ironworks.robot.skin.picture import skin_picture
from ironworks.robot.skin.taxels import place_taxels


@pytest.mark.slow
def test_touched_taxels_change_colour() -> None:
    design = read_design("quadruped")
    spec = body_spec(design, design.weigh(bill_of(design).masses))
    taxels = place_taxels(design, patches_of(design))
    force = np.zeros(len(taxels))
    try:
        idle = skin_picture(design, spec, taxels, force, view="side", width=240, height=160).astype(float)
        force[taxels.slices["trunk"]] = 5.0
        touched = skin_picture(design, spec, taxels, force, view="side", width=240, height=160).astype(float)
    except CannotRender as reason:
        pytest.skip(str(reason))
    # Warm colours on the trunk: red gains on blue.
    warmer = (touched[..., 0] - touched[..., 2]) - (idle[..., 0] - idle[..., 2])
    assert (warmer > 60).sum() > 100
