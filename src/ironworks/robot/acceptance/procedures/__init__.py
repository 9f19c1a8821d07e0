"""The tests of a robot and of its modules, in the order of the plant: one file each, one line here.

Plant minutes are assumptions that add up to published or assumed totals: 3 min for a joint (E08), 20 min for a pair of
hands, 15 min for a head, a skin or a computer, 2 h for a pack, 19 min at the end of the line (E02), 13 min for the
calibration (E01) and 4 h of ageing (E04); the scales at the carriers come on top.
"""

from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.procedures.battery import BatteryCapacity, BatteryResistance
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.acceptance.procedures.cameras import Cameras
from ironworks.robot.acceptance.procedures.compute_deadlines import ComputeDeadlines
from ironworks.robot.acceptance.procedures.face import FaceTest
from ironworks.robot.acceptance.procedures.gear_play import GearPlay
from ironworks.robot.acceptance.procedures.hand import HandTest
from ironworks.robot.acceptance.procedures.imu import Imu
from ironworks.robot.acceptance.procedures.joint_friction import JointFriction
from ironworks.robot.acceptance.procedures.joint_range import JointRange
from ironworks.robot.acceptance.procedures.lengths import Lengths
from ironworks.robot.acceptance.procedures.mass import LinkMass, RobotMass
from ironworks.robot.acceptance.procedures.power_on import PowerOn
from ironworks.robot.acceptance.procedures.skin_map import SkinMap
from ironworks.robot.acceptance.procedures.thermal_soak import ThermalSoak
from ironworks.robot.acceptance.procedures.torque_constant import TorqueConstant
from ironworks.robot.acceptance.procedures.tracking import Tracking

__all__ = ["PROCEDURES"]

PROCEDURES: tuple[Procedure, ...] = (
    TorqueConstant(),
    JointFriction(),
    GearPlay(),
    JointRange(),
    HandTest(),
    BatteryCapacity(),
    BatteryResistance(),
    ComputeDeadlines(),
    Cameras(),
    FaceTest(),
    SkinMap(),
    LinkMass(),
    Lengths(),
    PowerOn(),
    Imu(),
    RobotMass(),
    CalibrationTest(),
    Tracking(),
    ThermalSoak(),
)
