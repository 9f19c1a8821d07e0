"""The tests of a robot and of its modules, in the order of the plant: one file each, one line here."""

from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.procedures.gear_play import GearPlay
from ironworks.robot.acceptance.procedures.joint_friction import JointFriction
from ironworks.robot.acceptance.procedures.joint_range import JointRange
from ironworks.robot.acceptance.procedures.torque_constant import TorqueConstant

__all__ = ["PROCEDURES"]

PROCEDURES: tuple[Procedure, ...] = (TorqueConstant(), JointFriction(), GearPlay(), JointRange())
