"""Projected markers before the cameras of a robot: residual before calibration, mounting angle, place and focus."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Sensor, sensors_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.rig import small_turn

__all__ = ["Cameras"]

Floats = NDArray[np.float64]

#: Markers across and up in the view at two distances [m]; noise of a marker's centre [pixel] over so many pictures.
_ACROSS, _UP, _DISTANCES, _NOISE, _PICTURES = 7, 5, (0.7, 1.4), 0.25, 4
#: Accuracy of the touched place [m] of the cameras' link, on which markers are known.
_TOUCHED = 3e-5


class Cameras:
    """A projector puts markers at known places before each camera; the camera that explains their pixels is found."""

    name = "cameras"
    item = "head"
    minutes = 7.0
    measurements = (
        Measurement("reprojection", Limits(None, 60.0, "pixel"), description="residual as designed, root mean square"),
        Measurement("camera_tilt", Limits(None, 2.25, "deg"), description="of the mounting against its link"),
        Measurement("camera_place", Limits(None, 3.0, "mm"), description="of the mounting on its link"),
        Measurement("camera_focus", Limits(-3.0, 3.0, "percent"), description="focal length against the design"),
    )
    catches = ("knocked_camera",)
    sees = ("camera_tilt", "camera_place", "camera_focus")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every camera of the design, wherever it is mounted."""
        rng, unit = specimen.rng(self.name), specimen.unit
        cameras = [sensor for sensor in sensors_of(specimen.design) if sensor.kind == "camera"]
        rows = np.zeros((len(cameras), 8))
        for n, camera in enumerate(cameras):
            i = unit.places.names["camera"].index(camera.name)
            true = np.concatenate([unit["camera_tilt"][i], unit["camera_place"][i], [unit["camera_focus"][i]]])
            markers = _markers(camera)
            exact = _pixels(camera, markers, true)
            noise = _NOISE / np.sqrt(_PICTURES) * rng.normal(size=exact.shape)
            # What is known of the link's place is off by the touch, which moves all markers alike.
            seen = _pixels(camera, markers + _TOUCHED * rng.normal(size=3), true) + noise
            found = _solve(camera, markers, seen)
            before = _pixels(camera, markers, np.zeros(7))
            rows[n] = [
                _rms(seen - before), _rms(exact - before),
                np.degrees(np.linalg.norm(found[:3])), np.degrees(np.linalg.norm(true[:3])),
                1e3 * np.linalg.norm(found[3:6]), 1e3 * np.linalg.norm(true[3:6]),
                100.0 * found[6], 100.0 * true[6],
            ]  # fmt: skip
        names = tuple(camera.name for camera in cameras)
        columns = [measurement.name for measurement in self.measurements]
        return {name: Readings(names, rows[:, 2 * k], rows[:, 2 * k + 1]) for k, name in enumerate(columns)}


def _rms(pixels: Floats) -> float:
    return float(np.sqrt((pixels**2).sum(axis=-1).mean()))


def _markers(camera: Sensor) -> Floats:
    """Places of the markers (M, 3) [m] in the axes of the camera's link: a grid over 70 % of the view."""
    half = 0.7 * np.tan(camera.view / 2.0)
    across, up = np.meshgrid(np.linspace(-half, half, _ACROSS), np.linspace(-0.6 * half, 0.6 * half, _UP))
    rays = np.stack([np.ones_like(across), across, up], axis=-1).reshape(-1, 3)
    return np.asarray(camera.place + np.concatenate([d * rays for d in _DISTANCES]) @ camera.turn.T)


def _pixels(camera: Sensor, markers: Floats, off: Floats) -> Floats:
    """Pixels (M, 2) of markers (M, 3) with a camera off by rotation (3), place (3) and share of focus."""
    turn = camera.turn @ small_turn(off[:3])
    local = (markers - camera.place - off[3:6]) @ turn
    return np.asarray(-camera.focus * (1.0 + off[6]) * local[:, 1:] / local[:, :1])


def _solve(camera: Sensor, markers: Floats, seen: Floats) -> Floats:
    """Gauss-Newton on the seven numbers (7,), from the design, with differences for slopes."""
    off = np.zeros(7)
    for _ in range(5):
        now = _pixels(camera, markers, off)
        slopes = np.stack(
            [(_pixels(camera, markers, off + 1e-6 * axis) - now).ravel() / 1e-6 for axis in np.eye(7)], axis=1
        )
        off = off + np.linalg.lstsq(slopes, (seen - now).ravel(), rcond=None)[0]
    return off
