"""Joint offsets, encoder harmonics, lengths and cameras from touched balls and seen markers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Sensor, sensors_of
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.estimate import Estimate, maximum_a_posteriori
from ironworks.robot.calibration.gantry import Measured, Sight, camera_turn
from ironworks.robot.calibration.tree import Motion, Tree
from ironworks.robot.encoder_error import ORDERS, SHARES

__all__ = ["Geometry", "Layout", "identify_geometry"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Orders of the encoder's error that are identified; the ripple stays, as noise that is the same in the same posture.
FOUND = 2


@dataclass(frozen=True, eq=False)
class Layout:
    """Which parameters there are and where they stand: joints (J) and links (A) on the way to what is touched or seen.

    Offsets (J,), cosines and sines of two orders (J, 4), lengths (A, 3); of each camera tilt (3), place (3), focus.
    """

    joints: tuple[str, ...]
    columns: Ints
    links: Ints
    cameras: tuple[Sensor, ...]
    names: tuple[str, ...]
    prior: Floats

    @property
    def encoders(self) -> int:
        """How many parameters encoders have (E), which come first."""
        return (1 + 2 * FOUND) * len(self.joints)

    def offsets(self, values: Floats) -> Floats:
        """(J,) [rad]"""
        return values[: len(self.joints)]

    def harmonics(self, values: Floats) -> Floats:
        """(J, order, 2): cosine and sine [rad]"""
        return values[len(self.joints) : self.encoders].reshape(-1, FOUND, 2)

    def lengths(self, values: Floats, links: int) -> Floats:
        """(L, 3) [m], zero where a link is not among the parameters"""
        n = self.encoders
        found = np.zeros((links, 3))
        found[self.links] = values[n : n + 3 * len(self.links)].reshape(-1, 3)
        return found

    def camera(self, values: Floats, index: int) -> Floats:
        """Tilt (3), place (3) and focus of one camera"""
        start = self.encoders + 3 * len(self.links) + 7 * index
        return values[start : start + 7]

    def by_encoder(self, by_angle: Floats, angles: Floats) -> Floats:
        """Derivative by offsets and harmonics (..., E), from that by all joints' angles (..., J) at these angles.

        `angles` (..., J) has one axis less. An error of the reading counts as minus that of the angle.
        """
        mine, at = by_angle[..., self.columns], angles[..., self.columns]
        waves = [wave(order * at)[..., None, :] * mine for order in ORDERS[:FOUND] for wave in (np.cos, np.sin)]
        harmonics = np.stack(waves, axis=-1).reshape(*mine.shape[:-1], -1)
        return -np.concatenate([mine, harmonics], axis=-1)


@dataclass(frozen=True, eq=False)
class Geometry:
    """The estimate with its layout; `true_angles` turns readings into angles."""

    layout: Layout
    estimate: Estimate
    joints: tuple[str, ...]
    ripple: Floats
    """Standard deviation of what no harmonic explains, of each of `joints` [rad]."""

    def true_angles(self, readings: Floats, values: Floats | None = None) -> Floats:
        """Angles (..., J) [rad] that the readings mean."""
        return angles_of(self.layout, self.estimate.values if values is None else values, readings)

    def put_into(self, unit: Unit) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        values, layout = self.estimate.values, self.layout
        places = unit.places.names
        rows = [places["joint"].index(name) for name in layout.joints]
        unit.values["zero_offset"][rows, 0] = layout.offsets(values)
        amplitudes = layout.harmonics(values) / np.sqrt(SHARES[:FOUND])[:, None]
        unit.values["encoder_accuracy"][rows, : 2 * FOUND] = amplitudes.reshape(len(rows), -1)
        lengths = layout.lengths(values, len(places["link"]))
        unit.values["link_length"][:] = lengths
        for i, camera in enumerate(layout.cameras):
            found, row = layout.camera(values, i), places["camera"].index(camera.name)
            unit.values["camera_tilt"][row], unit.values["camera_place"][row] = found[:3], found[3:6]
            unit.values["camera_focus"][row, 0] = found[6]


def angles_of(layout: Layout, values: Floats, readings: Floats) -> Floats:
    """Angles (..., J) for readings: reading - error(angle), by two rounds of substitution."""
    harmonics = np.zeros((readings.shape[-1], FOUND, 2))
    harmonics[layout.columns] = layout.harmonics(values)
    offsets = np.zeros(readings.shape[-1])
    offsets[layout.columns] = layout.offsets(values)
    angles = readings - offsets
    for _ in range(2):
        phase = angles[..., None] * ORDERS[:FOUND]
        error = (harmonics[:, :, 0] * np.cos(phase) + harmonics[:, :, 1] * np.sin(phase)).sum(axis=-1)
        angles = readings - offsets - error
    return angles


def identify_geometry(design: Design, tree: Tree, population: Population, measured: Measured) -> Geometry:
    """The most probable geometry given what was touched and seen, with the population's spreads as priors.

    What an encoder's ripple does to all balls of one posture is one and the same error: it enters their covariance.
    """
    sensors = {sensor.name: sensor for sensor in sensors_of(design)}
    seen = {sight.camera for sight in measured.sights}
    cameras = tuple(sensor for sensor in sensors.values() if sensor.name in seen)
    layout = _layout(tree, population, [*measured.balls, *(s for s in sensors.values() if s.kind == "marker")], cameras)
    places = population.places.names["joint"]
    rows = [places.index(name) for name in tree.joints]
    ripple = population.spread("encoder_accuracy")[rows] * population.scale * np.sqrt(SHARES[FOUND])
    model = _Model(tree, layout, measured, sensors, ripple)
    estimate = maximum_a_posteriori(layout.names, layout.prior, model)
    return Geometry(layout, estimate, tree.joints, ripple)


def _layout(tree: Tree, population: Population, targets: list[Sensor], cameras: tuple[Sensor, ...]) -> Layout:
    ends = [tree.links.index(sensor.link) for sensor in (*targets, *cameras)]
    columns = np.flatnonzero(tree.above[:, ends].any(axis=1))
    links = np.flatnonzero(tree.hangs[:, ends].any(axis=1) & (tree.parent >= 0))
    places, scale = population.places.names, population.scale
    joints = tuple(tree.joints[j] for j in columns)
    rows = [places["joint"].index(name) for name in joints]
    offset = population.spread("zero_offset")[rows]
    accuracy = population.spread("encoder_accuracy")[rows]
    names = [f"{name}.offset" for name in joints]
    names += [f"{name}.{wave}{order + 1}" for name in joints for order in range(FOUND) for wave in ("cosine", "sine")]
    names += [f"{tree.links[i]}.{axis}" for i in links for axis in "xyz"]
    prior = [offset, np.outer(accuracy, np.repeat(np.sqrt(SHARES[:FOUND]), 2)).ravel()]
    prior.append(np.repeat(population.spread("link_length")[links], 3))
    for camera in cameras:
        row = places["camera"].index(camera.name)
        names += [f"{camera.name}.{what}" for what in ("roll", "pitch", "yaw", "x", "y", "z", "focus")]
        prior.append(np.repeat([population.spread(f"camera_{what}")[row] for what in ("tilt", "place")], 3))
        prior.append(population.spread("camera_focus")[[row]])
    # What does not spread at all is known; a spread of a billionth keeps the equations of one shape.
    return Layout(joints, columns, links, cameras, tuple(names), np.maximum(scale * np.concatenate(prior), 1e-12))


class _Model:
    """Whitened residuals of balls and markers, and their derivative by the parameters."""

    def __init__(
        self, tree: Tree, layout: Layout, measured: Measured, sensors: dict[str, Sensor], ripple: Floats
    ) -> None:
        self.tree, self.layout, self.measured, self.sensors, self.ripple = tree, layout, measured, sensors, ripple
        self.camera = {camera.name: i for i, camera in enumerate(layout.cameras)}

    def __call__(self, values: Floats) -> tuple[Floats, Floats]:
        layout, measured = self.layout, self.measured
        angles = angles_of(layout, values, measured.angles)
        motion = self.tree.motion(angles, layout.lengths(values, len(self.tree.links)))
        count = len(angles)
        by_sight: list[list[tuple[Floats, Floats, Floats]]] = [[] for _ in range(count)]
        for sight in measured.sights:
            by_sight[sight.posture].append(self._sight(values, motion, sight))
        residuals, slopes = [], []
        balls = [self._ball(values, motion, b, angles) for b in range(len(measured.balls))]
        for p in range(count):
            r = [measured.ends[p, b] - found[0][p] for b, found in enumerate(balls)]
            d = [-found[1][p] for found in balls]
            q = [-found[2][p] for found in balls]
            noise = [np.full(3, measured.instruments.touch)] * len(balls)
            for residual, slope, by_angle in by_sight[p]:
                r.append(residual)
                d.append(np.concatenate([layout.by_encoder(by_angle, angles[p]), slope], axis=1))
                q.append(by_angle)
                noise.append(np.full(2, measured.instruments.pixel))
            shake = np.concatenate(q) * self.ripple
            covariance = shake @ shake.T + np.diag(np.concatenate(noise) ** 2)
            white = np.linalg.inv(np.linalg.cholesky(covariance))
            residuals.append(white @ np.concatenate(r))
            slopes.append(white @ np.concatenate(d))
        return np.concatenate(residuals), np.concatenate(slopes)

    def _ball(self, values: Floats, motion: Motion, b: int, angles: Floats) -> tuple[Floats, Floats, Floats]:
        """Places (P, 3) of a ball, derivatives by parameters (P, 3, m) and by angles (P, 3, J)."""
        ball = self.measured.balls[b]
        link = self.tree.links.index(ball.link)
        points = motion.place[:, link] + motion.turn[:, link] @ ball.place
        by_angle = self.tree.by_angle(motion, link, points)
        by_length = self.tree.by_length(motion, link)[:, :, self.layout.links].reshape(len(points), 3, -1)
        rest = np.zeros((len(points), 3, 7 * len(self.camera)))
        slope = np.concatenate([self.layout.by_encoder(by_angle, angles), by_length, rest], axis=2)
        return points, slope, by_angle

    def _sight(self, values: Floats, motion: Motion, sight: Sight) -> tuple[Floats, Floats, Floats]:
        """Residual (2,), its derivative by lengths and cameras (2, ...) and by angles (2, J)."""
        tree, layout = self.tree, self.layout
        p, index = sight.posture, self.camera[sight.camera]
        tilt, shift, focus = np.split(layout.camera(values, index), [3, 6])
        eye, target = self.sensors[sight.camera], self.sensors[sight.marker]
        head, hand = tree.links.index(eye.link), tree.links.index(target.link)
        turn = motion.turn[p, head] @ camera_turn(eye, tilt)
        place = motion.place[p, head] + motion.turn[p, head] @ (eye.place + shift)
        point = motion.place[p, hand] + motion.turn[p, hand] @ target.place
        x, y, z = inside = turn.T @ (point - place)
        length = eye.focus * (1.0 + focus[0])
        project = length * np.array([[y / x**2, -1.0 / x, 0.0], [z / x**2, 0.0, -1.0 / x]])
        moved = np.cross(motion.axis[p], point - motion.hinge[p]) * (
            tree.above[:, hand, None].astype(float) - tree.above[:, head, None].astype(float)
        )
        by_angle = project @ turn.T @ moved.T
        ups = [tree.parent[i] for i in layout.links]
        signs = tree.hangs[layout.links, hand].astype(float) - tree.hangs[layout.links, head].astype(float)
        by_length = np.concatenate(
            [sign * project @ turn.T @ motion.turn[p, up] for sign, up in zip(signs, ups, strict=True)], axis=1
        )
        by_camera = np.zeros((2, 7 * len(self.camera)))
        mine = by_camera[:, 7 * index : 7 * index + 7]
        cross = np.array([[0.0, -inside[2], inside[1]], [inside[2], 0.0, -inside[0]], [-inside[1], inside[0], 0.0]])
        mine[:, :3] = project @ cross
        mine[:, 3:6] = -project @ turn.T @ motion.turn[p, head]
        seen = length * np.array([-y / x, -z / x])
        mine[:, 6] = eye.focus * np.array([-y / x, -z / x])
        slope = -np.concatenate([by_length, by_camera], axis=1)
        return sight.pixel - seen, slope, -by_angle
