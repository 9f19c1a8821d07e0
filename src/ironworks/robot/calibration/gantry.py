"""A unit on the gantry: what is read while it goes through its programme, with the errors of the instruments."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.signal import savgol_filter

from ironworks.product.design import Design, Sensor, sensors_of
from ironworks.robot.calibration.programme import Programme
from ironworks.robot.rig import Record, Rig, small_turn

__all__ = ["Instruments", "Measured", "Sight", "camera_turn", "hang_loads", "measure"]

Floats = NDArray[np.float64]

_WINDOW, _EVERY, _AVERAGED = 31, 16, 25


@dataclass(frozen=True)
class Instruments:
    """Standard uncertainties of what stands around the unit; assumptions, the touch fixture at its allowed worst.

    `touch` [m] for each coordinate of a ball, `pixel` [pixel], `scale` [kg]: the whole robot, `load` [kg].
    """

    touch: float = 5e-5
    pixel: float = 0.3
    scale: float = 0.01
    load: float = 1e-3


@dataclass(frozen=True)
class Sight:
    """A marker in a camera's picture: posture, camera, marker, and its place there (2,) [pixel from the middle]."""

    posture: int
    camera: str
    marker: str
    pixel: Floats


@dataclass(frozen=True, eq=False)
class Measured:
    """What the gantry read. P postures, J joints, B balls, I inertial sensors, S samples on the way.

    `angles` (P, J) at rest and `ends` (P, B, 3) [m] of the balls; `sights`; on the way `moving` angles, speeds,
    accelerations and torques, each (S, J), and whether the loads hung then (S,); accelerations at rest in each posture
    (P, I, 3) and in each lean (K, I, 3); rates at rest (I, 3); mass [kg]. `seconds`: of simulation. `true_ends`: the
    balls without the fixture's error, which no bench sees.
    """

    angles: Floats
    balls: tuple[Sensor, ...]
    ends: Floats
    true_ends: Floats
    sights: tuple[Sight, ...]
    moving: tuple[Floats, Floats, Floats, Floats]
    loaded: NDArray[np.bool_]
    pulls: Floats
    leaning: Floats
    lean_angles: Floats
    rates: Floats
    mass: float
    instruments: Instruments
    seconds: float

    def without(self, postures: Collection[int]) -> Measured:
        """The same without what was read at rest in some postures, which are then left to check with."""
        kept = [p for p in range(len(self.angles)) if p not in postures]
        number = {p: i for i, p in enumerate(kept)}
        sights = tuple(replace(one, posture=number[one.posture]) for one in self.sights if one.posture in number)
        return replace(
            self,
            angles=self.angles[kept],
            ends=self.ends[kept],
            true_ends=self.true_ends[kept],
            sights=sights,
            pulls=self.pulls[kept],
        )


def hang_loads(design: Design, programme: Programme) -> Callable[[mujoco.MjSpec], None]:
    """A hook for `Rig` that adds a weightless body at each place where a known weight will hang."""
    places = {sensor.name: sensor for sensor in sensors_of(design)}

    def hook(spec: mujoco.MjSpec) -> None:
        for name in programme.loads:
            body = spec.body(places[name].link).add_body(name=f"load.{name}", pos=places[name].place)
            body.explicitinertial = True
            body.mass, body.ipos, body.inertia = 1e-9, [0.0] * 3, [1e-12] * 3

    return hook


def measure(rig: Rig, programme: Programme, instruments: Instruments | None = None) -> Measured:
    """Go through the programme and read everything; the rig was made with `hang_loads` and the programme's joints."""
    instruments = instruments or Instruments()
    rng, design = rig.rng, rig.design
    sensors = sensors_of(design)
    balls = tuple(sensor for sensor in sensors if sensor.kind == "ball")
    imus = [sensor.name for sensor in sensors if sensor.kind == "imu"]
    low = np.array([design_joint.low for design_joint in design.joints if design_joint.name in programme.joints])
    high = np.array([design_joint.high for design_joint in design.joints if design_joint.name in programme.joints])
    here = np.clip([design.stand.get(name, 0.0) for name in programme.joints], low, high)
    rig.rest(here)
    count = len(programme.angles)
    angles, ends = np.empty((count, len(here))), np.empty((count, len(balls), 3))
    pulls, rates = np.empty((count, len(imus), 3)), np.zeros((len(imus), 3))
    sights: list[Sight] = []
    parts: list[tuple[Floats, Floats, Floats, Floats]] = []
    loaded: list[NDArray[np.bool_]] = []
    ticks = 0
    for p, there in enumerate(programme.angles):
        if p == programme.loaded:
            _load(rig, {name: kg + instruments.load * rng.standard_normal() for name, kg in programme.loads.items()})
        seconds = programme.seconds(here, there)
        record = rig.move(here, there, seconds, programme.settle)
        ticks += len(record.time)
        here = there
        angles[p] = record.angle[-_AVERAGED:].mean(axis=0)
        ends[p] = [rig.site(ball.name) for ball in balls]
        sights += _look(rig, p, sensors, instruments)
        for i, imu in enumerate(imus):
            rate, pull = _read(rig, imu)
            pulls[p, i] = pull
            rates[i] += rate / count
        parts.append(_samples(record, round(seconds / rig.tick)))
        loaded.append(np.full(len(parts[-1][0]), p >= programme.loaded))
    leaning = np.empty((len(programme.leans), len(imus), 3))
    lean_angles = np.empty((len(programme.leans), len(here)))
    for k, (roll, pitch) in enumerate(programme.leans):
        rig.lean(roll, pitch)
        record = rig.follow(np.repeat(here[None], round(0.4 / rig.tick), axis=0))
        ticks += len(record.time)
        lean_angles[k] = record.angle[-_AVERAGED:].mean(axis=0)
        leaning[k] = [_read(rig, imu)[1] for imu in imus]
    rig.lean(0.0, 0.0)
    touched = ends + instruments.touch * rng.standard_normal(ends.shape)
    mass = sum(one.mass for one in rig.masses.values()) + instruments.scale * rng.standard_normal()
    joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    moving = (joined[0], joined[1], joined[2], joined[3])
    return Measured(
        angles, balls, touched, ends, tuple(sights), moving, np.concatenate(loaded), pulls, leaning, lean_angles, rates,
        mass, instruments, ticks * rig.tick,
    )  # fmt: skip


def _load(rig: Rig, loads: dict[str, float]) -> None:
    for name, kg in loads.items():
        body = rig.model.body(f"load.{name}").id
        rig.model.body_mass[body] = kg
        rig.model.body_inertia[body] = 1e-4
    # Another state is needed for it: it works in the posture at zero.
    mujoco.mj_setConst(rig.model, mujoco.MjData(rig.model))
    mujoco.mj_forward(rig.model, rig.data)


def _read(rig: Rig, imu: str) -> tuple[Floats, Floats]:
    reads = [rig.inertial(imu) for _ in range(_AVERAGED)]
    rates, pulls = zip(*reads, strict=True)
    return np.mean(rates, axis=0), np.mean(pulls, axis=0)


def _samples(record: Record, moving: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Angles, speeds, accelerations and torques on the way, smoothed alike so that none lags behind another."""
    step = float(record.time[1] - record.time[0])
    smooth = [savgol_filter(record.angle, _WINDOW, 4, deriv=n, delta=step, axis=0) for n in range(3)]
    smooth.append(savgol_filter(record.torque, _WINDOW, 4, axis=0))
    keep = slice(_WINDOW // 2 + 1, moving, _EVERY)
    return smooth[0][keep], smooth[1][keep], smooth[2][keep], smooth[3][keep]


def camera_turn(sensor: Sensor, tilt: Floats) -> Floats:
    """Axes of a camera in its link (3, 3) with an error of its mounting, a rotation vector (3,) [rad]."""
    return sensor.turn @ small_turn(tilt)


def _look(rig: Rig, posture: int, sensors: tuple[Sensor, ...], instruments: Instruments) -> list[Sight]:
    """Markers that the unit's cameras see, projected; whatever a body hides is taken as seen (assumption)."""
    names, unit = rig.unit.places.names["camera"], rig.unit
    found = []
    for camera in sensors:
        if camera.kind != "camera":
            continue
        i = names.index(camera.name)
        body = rig.data.body(camera.link)
        turn = body.xmat.reshape(3, 3) @ camera_turn(camera, unit["camera_tilt"][i])
        place = body.xpos + body.xmat.reshape(3, 3) @ (camera.place + unit["camera_place"][i])
        focus = camera.focus * (1.0 + unit["camera_focus"][i])
        for marker in sensors:
            if marker.kind != "marker":
                continue
            x, y, z = turn.T @ (rig.site(marker.name) - place)
            if x < 0.1 or abs(y / x) > np.tan(camera.view / 2.0) or abs(z / x) > np.tan(camera.view / 2.0):
                continue
            pixel = focus * np.array([-y / x, -z / x]) + instruments.pixel * rig.rng.standard_normal(2)
            found.append(Sight(posture, camera.name, marker.name, pixel))
    return found
