"""Encoder cables in a rig: who is beside whom, and what drives read when two are exchanged."""

import numpy as np
import pytest
from tests.robot.seeded_unit import nominal

from ironworks.product.design import bill_of, read_design
from ironworks.robot.rig import Rig, neighbour


@pytest.mark.parametrize("name", ["humanoid", "quadruped", "wheeled"])
def test_a_neighbour_is_the_next_driven_joint_outwards_or_inwards_at_the_end(name: str) -> None:
    design = read_design(name)
    home = {link.joint.name: link.name for link in design.links if link.joint is not None and link.joint.drive}
    for joint, link in home.items():
        other = home[neighbour(design, joint)]
        outside = design.below(link)
        if set(home.values()) & (outside - {link}):
            assert other in outside - {link}
        else:
            assert link in design.below(other)


def test_a_coupled_joint_has_no_cable() -> None:
    design = read_design("humanoid")
    coupled = next(joint.name for joint in design.joints if joint.follow)
    with pytest.raises(ValueError, match="is no driven joint"):
        neighbour(design, coupled)


def test_swapped_drives_read_one_another_and_a_held_neighbour_as_zero() -> None:
    design, unit = nominal("quadruped")
    masses = design.weigh(bill_of(design).masses)
    names = [joint.name for joint in design.joints]
    unit = unit.with_fault("swapped_cable", names[0], 1.0)
    rig = Rig(design, masses, unit, np.random.default_rng(0))
    angles = 0.01 * np.arange(1.0, len(names) + 1.0)
    read = angles + rig.misread(angles)
    assert neighbour(design, names[0]) == names[1]
    np.testing.assert_allclose(read, angles[[1, 0, *range(2, len(names))]], atol=1e-15)
    held = Rig(design, masses, unit, np.random.default_rng(0), frozen={names[1]})
    np.testing.assert_allclose(angles[1:] + held.misread(angles[1:]), [0.0, *angles[2:]], atol=1e-15)
