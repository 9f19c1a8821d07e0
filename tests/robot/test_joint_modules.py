"""Joint modules carry the deviations and gross faults of their unit."""

import numpy as np
import pytest
from tests.robot.seeded_unit import nominal

from ironworks.robot.joint_modules import JointModules


def test_a_nominal_unit_has_the_drives_of_the_design() -> None:
    design, unit = nominal("humanoid")
    modules = JointModules.of(design, unit)
    assert len(modules) == sum(joint.drive is not None for joint in design.joints)
    for column, name in (("constant", "joint_constant"), ("friction", "friction"), ("backlash", "backlash")):
        np.testing.assert_array_equal(getattr(modules, column), modules.designed(name))


def test_gross_faults_change_what_they_say_and_nothing_else() -> None:
    design, unit = nominal("humanoid")
    place = design.joints[0].name
    whole = JointModules.of(design, unit)
    cracked = JointModules.of(design, unit.with_fault("cracked_gear", place, 0.01))
    assert cracked.backlash[0] == pytest.approx(whole.backlash[0] + 0.01)
    np.testing.assert_array_equal(cracked.backlash[1:], whole.backlash[1:])
    assert JointModules.of(design, unit.with_fault("open_phase", place, 0.5)).phases[0] == 0.5
    torn = JointModules.of(design, unit.with_fault("torn_insulation", place, 0.01))
    assert torn.insulation[0] == pytest.approx(0.01 * whole.insulation[0])


def test_a_motor_of_another_winding_has_fewer_turns_of_thicker_wire() -> None:
    design, unit = nominal("humanoid")
    whole, wrong = (
        JointModules.of(design, one) for one in (unit, unit.with_fault("wrong_lot", design.joints[0].name, 0.2))
    )
    assert wrong.constant[0] == pytest.approx(0.8 * whole.constant[0])
    # Motor constant K / sqrt(R) belongs to the copper in the slot, whatever the turns.
    assert wrong.constant[0] / wrong.resistance[0] ** 0.5 == pytest.approx(
        whole.constant[0] / whole.resistance[0] ** 0.5
    )


@pytest.mark.parametrize("fault", ["open_phase", "cracked_gear", "swapped_cable"])
def test_what_has_no_drive_cannot_have_a_drive_s_fault(fault: str) -> None:
    design, unit = nominal("humanoid")
    coupled = next(joint.name for joint in design.joints if joint.follow)
    with pytest.raises(ValueError, match="is no drive"):
        unit.with_fault(fault, coupled, 0.5)
