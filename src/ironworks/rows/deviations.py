"""What can deviate in a unit, and what can go grossly wrong in it: names that `spreads.csv` and `gross_faults.csv` use.

A deviation or a fault is one line here; what a fault does to a unit stands in `robot.asbuilt`.
"""

from dataclasses import dataclass

__all__ = ["DEVIATIONS", "GROSS_FAULTS", "Deviation", "GrossFault"]


@dataclass(frozen=True)
class Deviation:
    """A kind of deviation: its dimension (a word of `units.DIMENSIONS`), where it occurs, numbers per place.

    `place`: joint (every joint that moves by a drive or a coupling), link, imu, camera, cell, taxel, chip, display.
    A deviation of dimension number is an angle [rad] or a share of the design's value, as its description says.
    """

    dimension: str
    place: str
    components: int
    description: str

    @property
    def is_share(self) -> bool:
        """Whether it is a share of the design's value, rather than an angle, a length or another size of its own."""
        return self.description.startswith("share of")


DEVIATIONS: dict[str, Deviation] = {
    "link_length": Deviation("length", "link", 3, "place of a link's origin in its parent, in each axis"),
    "link_mass": Deviation("number", "link", 1, "share of a link's mass"),
    "centre_of_mass": Deviation("length", "link", 3, "place of a link's centre of mass, in each axis"),
    "sole_height": Deviation("length", "link", 1, "thickness of what stands on the floor"),
    "zero_offset": Deviation("number", "joint", 1, "angle that the encoder shows at the joint's zero"),
    "encoder_accuracy": Deviation(
        "number", "joint", 6, "angle error of the mounted encoder, root mean square over a turn"
    ),
    "torque_constant": Deviation("number", "joint", 1, "share of the motor's torque constant"),
    "resistance": Deviation("number", "joint", 1, "share of the winding's resistance"),
    "friction": Deviation("number", "joint", 1, "share of the drive's dry friction"),
    "damping": Deviation("number", "joint", 1, "share of the drive's viscous friction"),
    "backlash": Deviation("number", "joint", 1, "share of the drive's backlash"),
    "stop_angle": Deviation("number", "joint", 2, "angle of the lower and the upper hard stop"),
    "thermal_resistance": Deviation("number", "joint", 1, "share of the resistance between winding and case"),
    "imu_tilt": Deviation("number", "imu", 3, "angle of the mounting about each axis"),
    "gyro_bias": Deviation("rate", "imu", 3, "rate shown at rest, about each axis"),
    "accelerometer_bias": Deviation("acceleration", "imu", 3, "acceleration shown beyond gravity, in each axis"),
    "camera_tilt": Deviation("number", "camera", 3, "angle of the mounting about each axis"),
    "camera_place": Deviation("length", "camera", 3, "place of the mounting in each axis"),
    "camera_focus": Deviation("number", "camera", 1, "share of the focal length"),
    "cell_capacity": Deviation("number", "cell", 1, "share of a cell's capacity"),
    "cell_resistance": Deviation("number", "cell", 1, "share of a cell's resistance"),
    "taxel_gain": Deviation("number", "taxel", 1, "share of a taxel's gain"),
    "chip_speed": Deviation("number", "chip", 1, "share of a chip's speed"),
    "brightness": Deviation("number", "display", 1, "share of the display's brightness"),
    "display_place": Deviation("length", "display", 2, "place of the picture across and up"),
}


@dataclass(frozen=True)
class GrossFault:
    """A kind of gross fault: where it strikes, the dimension of its severity, and what it is.

    `place`: as of a deviation; drive: a joint with a drive of its own, which a coupled one has not; part: a link that
    hangs on another one.
    """

    place: str
    dimension: str
    description: str


GROSS_FAULTS: dict[str, GrossFault] = {
    "swapped_cable": GrossFault("drive", "number", "encoder cables of a joint and its neighbour exchanged"),
    "open_phase": GrossFault("drive", "number", "a motor phase without contact: share of the torque that is lost"),
    "slipped_encoder": GrossFault("drive", "number", "an encoder ring that turned on its seat: angle"),
    "wrong_lot": GrossFault("drive", "number", "a motor of another winding: share by which its constant is off"),
    "tight_bearing": GrossFault("drive", "number", "too much preload: friction beyond the design's, as a share of it"),
    "cracked_gear": GrossFault("drive", "number", "a cracked tooth: backlash beyond the design's, as an angle"),
    "bent_stop": GrossFault("joint", "number", "a hard stop out of place: angle by which the range is short"),
    "loose_winding": GrossFault(
        "drive", "number", "a winding with a poor heat path: thermal resistance on top, a share"
    ),
    "missing_screw": GrossFault("part", "length", "a link that gives in its joint: play"),
    "wrong_part": GrossFault("part", "length", "a link of another length: how much longer"),
    "missing_part": GrossFault("link", "number", "a link that lacks something: share of its mass"),
    "torn_insulation": GrossFault("drive", "number", "a cable chafed through: insulation left, as a share"),
    "knocked_imu": GrossFault("imu", "number", "an inertial sensor out of its seat: angle"),
    "knocked_camera": GrossFault("camera", "number", "a camera out of its seat: angle"),
    "weak_cell": GrossFault("cell", "number", "a cell of low capacity and high resistance: share of both"),
    "dead_taxels": GrossFault("taxel", "number", "neighbouring taxels without signal: how many"),
    "dead_pixels": GrossFault("display", "number", "rows of the display without light: how many"),
    "slow_chip": GrossFault("chip", "number", "a chip that throttles: share of the speed that is lost"),
}
