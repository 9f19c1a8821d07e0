"""A unit on the gantry: what is read while it goes through its programme, with the errors of the instruments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.signal import savgol_filter

from ironworks.product.design import Design, Mass, Sensor, sensors_of
from ironworks.robot.asbuilt import Unit
from ironworks.robot.calibration.programme import Programme
from ironworks.robot.rig import ACCELEROMETER_NOISE, CURRENT_NOISE, GYRO_NOISE, Record, Rig, small_turn

__all__ = ["Course", "Instruments", "Measured", "Sight", "camera_turn", "go_through", "hang_loads"]

Floats = NDArray[np.float64]

#: Ticks of the smoothing window, between samples, and of a reading at rest; seconds in each lean.
_WINDOW, _EVERY, _AVERAGED, _LEANING = 31, 16, 25, 1.0


@dataclass(frozen=True)
class Instruments:
    """Standard uncertainties of what stands around the unit; assumptions, the touch fixture at its allowed worst.

    `touch` [m] for each coordinate of a ball, `pixel` [pixel], `scale` [kg]: the whole robot. Hung weights are known.
    """

    touch: float = 5e-5
    pixel: float = 0.3
    scale: float = 0.01


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


@dataclass(frozen=True, eq=False)
class Course:
    """What happens while a unit goes through its programme, before any instrument errs: it is the same at each visit.

    `readings`, `torques`: on each way, per tick (T, J), in single precision; `ways`: ticks of each way that move. The
    others are as in `Measured`, without noise.
    """

    angles: Floats
    balls: tuple[Sensor, ...]
    ends: Floats
    sights: tuple[Sight, ...]
    readings: tuple[NDArray[np.float32], ...]
    torques: tuple[NDArray[np.float32], ...]
    ways: tuple[int, ...]
    loaded: int
    pulls: Floats
    leaning: Floats
    lean_angles: Floats
    rates: Floats
    mass: float
    limit: Floats
    encoder_noise: float
    tick: float
    seconds: float

    def read(self, rng: np.random.Generator, instruments: Instruments | None = None) -> Measured:
        """What sensors and instruments read of it at one visit."""
        instruments = instruments or Instruments()
        parts = []
        for readings, torques, moving in zip(self.readings, self.torques, self.ways, strict=True):
            noise = rng.standard_normal((2, *readings.shape))
            parts.append(
                _samples(
                    readings + self.encoder_noise * noise[0],
                    torques + CURRENT_NOISE * self.limit * noise[1],
                    self.tick,
                    moving,
                )
            )
        loaded = [np.full(len(part[0]), p >= self.loaded) for p, part in enumerate(parts)]
        joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
        few = 1.0 / np.sqrt(_AVERAGED)

        def noisy(values: Floats, sigma: float) -> Floats:
            return np.asarray(values + sigma * rng.standard_normal(values.shape))

        return Measured(
            angles=noisy(self.angles, self.encoder_noise * few),
            balls=self.balls,
            ends=noisy(self.ends, instruments.touch),
            true_ends=self.ends,
            sights=tuple(replace(one, pixel=noisy(one.pixel, instruments.pixel)) for one in self.sights),
            moving=(joined[0], joined[1], joined[2], joined[3]),
            loaded=np.concatenate(loaded),
            pulls=noisy(self.pulls, ACCELEROMETER_NOISE * few),
            leaning=noisy(self.leaning, ACCELEROMETER_NOISE * few),
            lean_angles=noisy(self.lean_angles, self.encoder_noise * few),
            rates=noisy(self.rates, GYRO_NOISE * few / np.sqrt(len(self.angles))),
            mass=self.mass + instruments.scale * float(rng.standard_normal()),
            instruments=instruments,
            seconds=self.seconds,
        )


def go_through(design: Design, masses: Mapping[str, Mass], unit: Unit, programme: Programme) -> Course:
    """A unit goes through the programme on the gantry; `masses` are those of the design."""
    rig = Rig(design, masses, unit, None, frozen=programme.frozen, spec_hook=hang_loads(design, programme))
    sensors = sensors_of(design)
    balls = tuple(sensor for sensor in sensors if sensor.kind == "ball")
    imus = [sensor.name for sensor in sensors if sensor.kind == "imu"]
    here = np.clip(rig.stand, rig.low, rig.high)
    rig.rest(here)
    count = len(programme.angles)
    angles, ends = np.empty((count, len(here))), np.empty((count, len(balls), 3))
    pulls, rates = np.empty((count, len(imus), 3)), np.zeros((len(imus), 3))
    sights: list[Sight] = []
    records: list[Record] = []
    ways: list[int] = []
    for p, there in enumerate(programme.angles):
        if p == programme.loaded:
            _load(rig, programme.loads)
        seconds = programme.seconds(here, there)
        record = rig.move(here, there, seconds, programme.settle)
        records.append(record)
        ways.append(round(seconds / rig.tick))
        here = there
        angles[p] = record.angle[-_AVERAGED:].mean(axis=0)
        ends[p] = [rig.site(ball.name) for ball in balls]
        sights += _look(rig, p, sensors)
        for i, imu in enumerate(imus):
            rate, pulls[p, i] = rig.inertial(imu)
            rates[i] += rate / count
    leaning = np.empty((len(programme.leans), len(imus), 3))
    lean_angles = np.empty((len(programme.leans), len(here)))
    seconds = sum(len(record.time) for record in records) * rig.tick
    for k, (roll, pitch) in enumerate(programme.leans):
        rig.lean(roll, pitch)
        record = rig.follow(np.repeat(here[None], round(_LEANING / rig.tick), axis=0))
        lean_angles[k] = record.angle[-_AVERAGED:].mean(axis=0)
        leaning[k] = [rig.inertial(imu)[1] for imu in imus]
    return Course(
        angles=angles,
        balls=balls,
        ends=ends,
        sights=tuple(sights),
        readings=tuple(record.angle.astype(np.float32) for record in records),
        torques=tuple(record.torque.astype(np.float32) for record in records),
        ways=tuple(ways),
        loaded=programme.loaded,
        pulls=pulls,
        leaning=leaning,
        lean_angles=lean_angles,
        rates=rates,
        mass=sum(one.mass for one in rig.masses.values()),
        limit=rig.limit,
        encoder_noise=rig.encoder.noise,
        tick=rig.tick,
        seconds=seconds + _LEANING * len(programme.leans),
    )


def _load(rig: Rig, loads: Mapping[str, float]) -> None:
    for name, kg in loads.items():
        body = rig.model.body(f"load.{name}").id
        rig.model.body_mass[body] = kg
        rig.model.body_inertia[body] = 1e-4
    # Another state is needed for it: it works in the posture at zero.
    mujoco.mj_setConst(rig.model, mujoco.MjData(rig.model))
    mujoco.mj_forward(rig.model, rig.data)


def _samples(readings: Floats, torques: Floats, tick: float, moving: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Angles, speeds, accelerations and torques on the way, smoothed alike so that none lags behind another."""
    smooth = [savgol_filter(readings, _WINDOW, 4, deriv=n, delta=tick, axis=0) for n in range(3)]
    # A torque is the mean of the tick before its reading: with the next one, its middle falls on the reading.
    smooth.append(savgol_filter(0.5 * (torques + np.concatenate([torques[1:], torques[-1:]])), _WINDOW, 4, axis=0))
    keep = slice(_WINDOW // 2 + 1, moving, _EVERY)
    return smooth[0][keep], smooth[1][keep], smooth[2][keep], smooth[3][keep]


def camera_turn(sensor: Sensor, tilt: Floats) -> Floats:
    """Axes of a camera in its link (3, 3) with an error of its mounting, a rotation vector (3,) [rad]."""
    return sensor.turn @ small_turn(tilt)


def _look(rig: Rig, posture: int, sensors: tuple[Sensor, ...]) -> list[Sight]:
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
            pixel = focus * np.array([-y / x, -z / x])
            found.append(Sight(posture, camera.name, marker.name, pixel))
    return found
