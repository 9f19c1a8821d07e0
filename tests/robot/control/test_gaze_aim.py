"""The head's cameras look where they are told, standing and walking, as far as the neck goes."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, PLACES, calibrated, model, robot
from tests.robot.control.stepped import soles

from ironworks.product.design import bill_of, read_design, sensors_of
from ironworks.robot.asbuilt import Places, Unit
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.gaze_aim import GazeState, Neck
from ironworks.robot.control.interface import TICK, Command, GazeGoal
from ironworks.robot.control.walking import Walking
from ironworks.robot.rig import small_turn

AHEAD = GazeGoal(point=(2.5, 0.9, 1.0))
BEHIND = GazeGoal(point=(-2.0, 0.4, 1.2))
CAMERAS = ("left_head_camera", "right_head_camera")


@dataclass(frozen=True, eq=False)
class Looked:
    """Of T ticks: true angle from the cameras' axis to the goal [rad], angles and rates of the neck (T, 3)."""

    error: np.ndarray
    neck: np.ndarray
    rate: np.ndarray
    state: GazeState
    told: float


class Looker:
    """A robot whose gaze is commanded, and what its cameras truly look at."""

    def __init__(self, unit: Unit | None = None, known: ControlModel | None = None) -> None:
        self.unit = unit or Unit.nominal(PLACES)
        self.one, self.control = robot(self.unit), Walking(Estimator())
        self.control.reset(known or model())
        self.observation = self.one.begin()
        self.origin = np.array([*soles(self.one, model())[0].mean(axis=0), 0.0])
        turn = self.one.data.body(1).xmat.reshape(3, 3)
        heading = math.atan2(turn[1, 0], turn[0, 0])
        self.axes = small_turn(np.array([0.0, 0.0, heading]))
        names = self.unit.places.names["camera"]
        cameras = [sensor for sensor in sensors_of(DESIGN) if sensor.name in CAMERAS]
        tilts = [self.unit["camera_tilt"][names.index(camera.name)] for camera in cameras]
        self.camera = np.mean([c.turn @ small_turn(tilt) for c, tilt in zip(cameras, tilts, strict=True)], axis=0)[:, 0]
        self.place = np.mean([camera.place for camera in cameras], axis=0)

    def look(self, seconds: float, command: Command) -> Looked:
        model, data = self.one.model, self.one.data
        joints = [model.joint(name) for name in ("neck_yaw", "neck_roll", "neck_pitch")]
        errors, necks, rates = [], [], []
        for _ in range(round(seconds / TICK)):
            self.observation = self.one.step(self.control.step(self.observation, command))
            head = data.body("head")
            turn = head.xmat.reshape(3, 3)
            axis = turn @ self.camera / np.linalg.norm(self.camera)
            wanted = axis
            if command.gaze is not None and command.gaze.point is not None:
                wanted = self.origin + self.axes @ command.gaze.point - (head.xpos + turn @ self.place)
                wanted = wanted / np.linalg.norm(wanted)
            errors.append(math.acos(min(1.0, float(axis @ wanted))))
            necks.append([data.qpos[joint.qposadr[0]] for joint in joints])
            rates.append([data.qvel[joint.dofadr[0]] for joint in joints])
        report = self.control.gaze
        return Looked(np.array(errors), np.array(necks), np.array(rates), report.state, report.error)


def rms(error: np.ndarray) -> float:
    return math.degrees(math.sqrt(float((error**2).mean())))


def test_it_looks_at_a_point_standing_and_walking_by_and_ahead_again() -> None:
    looker = Looker()
    stood = looker.look(2.0, Command(gaze=AHEAD))
    assert stood.state is GazeState.THERE
    assert math.degrees(stood.error[-125:].max()) < 1.0
    assert np.abs(stood.rate).max() < 1.2 * AHEAD.speed
    walked = looker.look(3.5, Command(forward=0.4, walk=True, gaze=AHEAD))
    assert rms(walked.error) < 1.5
    # It turned to keep it in view.
    assert walked.neck[-1, 0] - stood.neck[-1, 0] > 0.1
    assert np.abs(walked.neck[:, 1]).max() < 0.05
    after = looker.look(1.5, Command())
    assert after.state is GazeState.NONE
    assert np.abs(after.neck[-1]).max() < 0.08


def test_a_target_behind_is_cut_off_at_the_neck_and_told() -> None:
    behind = Looker().look(2.0, Command(gaze=BEHIND))
    assert behind.state is GazeState.AT_LIMIT
    assert 1.25 < behind.neck[-1, 0] < 1.39
    assert behind.told == pytest.approx(behind.error[-1], abs=math.radians(1.0))
    assert behind.told > 1.2


def test_a_direction_goes_with_the_robot() -> None:
    looked = Looker().look(1.5, Command(gaze=GazeGoal(direction=(0.5, -0.2))))
    assert looked.state is GazeState.THERE
    assert looked.neck[-1, 0] == pytest.approx(0.5, abs=0.03)
    # The cameras are mounted 10 degrees downwards.
    assert looked.neck[-1, 2] == pytest.approx(0.2 - math.radians(10.0), abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("serial", range(3))
def test_units_as_built_look_within_two_degrees(serial: int) -> None:
    looker = Looker(*calibrated(serial))
    assert math.degrees(looker.look(2.0, Command(gaze=AHEAD)).error[-125:].max()) < 2.0
    assert rms(looker.look(4.0, Command(forward=0.4, walk=True, gaze=AHEAD)).error) < 2.0


@pytest.mark.parametrize("direction", [(0.7, 0.3), (-1.2, -0.4), (0.0, 0.0)])
def test_a_necks_angles_bring_its_axis_to_a_direction(direction: tuple[float, float]) -> None:
    neck = Neck.of(model())
    assert neck is not None
    azimuth, elevation = direction
    level = math.cos(elevation)
    wanted = np.array([level * math.cos(azimuth), level * math.sin(azimuth), math.sin(elevation)])
    assert neck.direction(neck.angles(wanted)) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(("name", "has"), [("quadruped", False), ("wheeled", True)])
def test_a_design_without_a_camera_on_a_neck_has_no_gaze(name: str, has: bool) -> None:
    design = read_design(name)
    masses = design.weigh(bill_of(design).masses)
    neck = Neck.of(ControlModel(design, masses, Unit.nominal(Places.of(design))))
    assert (neck is not None) is has


def test_a_gaze_is_at_a_point_or_in_a_direction() -> None:
    for wrong in ({}, {"point": (1.0, 0.0, 1.0), "direction": (0.0, 0.0)}):
        with pytest.raises(ValueError, match="either a point or a direction"):
            GazeGoal(**wrong)
    with pytest.raises(ValueError, match="more than 0 rad/s"):
        GazeGoal(direction=(0.0, 0.0), speed=0.0)
