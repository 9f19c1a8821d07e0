"""Torque constants, friction and masses from currents on the way, a scale, and known weights."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass, sensors_of
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.estimate import Estimate, from_normal_equations
from ironworks.robot.calibration.gantry import Measured
from ironworks.robot.calibration.kinematic import Geometry
from ironworks.robot.calibration.programme import Programme
from ironworks.robot.calibration.tree import Tree

__all__ = ["Dynamics", "identify_dynamics"]

Floats = NDArray[np.float64]

#: Slower than this [rad/s], friction has no sign yet. Torque [N m], and its share of the drive's most, below which no
#: residual is believed. Samples lie half a smoothing window apart: so many count for one in the standard deviation.
_STILL, _FLOOR, _SHARE, _MOST, _ALIKE = 0.15, 0.01, 0.0005, 450, 2.0


@dataclass(frozen=True, eq=False)
class Dynamics:
    """The estimate; its parameters are shares: torque constants, dry and viscous friction (J each), masses (B), and the
    places of their centres (B, 3) [m] of the bodies that the joints part the robot into.
    """

    joints: tuple[str, ...]
    bodies: tuple[tuple[str, ...], ...]
    """Links of each body, the one that its joint moves first."""
    weights: Floats
    """Design masses of the bodies (B,) [kg]."""
    estimate: Estimate

    def put_into(self, unit: Unit, masses: Mapping[str, Mass]) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        count, values = len(self.joints), self.estimate.values
        rows = [unit.places.names["joint"].index(name) for name in self.joints]
        for i, name in enumerate(("torque_constant", "friction", "damping")):
            unit.values[name][rows, 0] = values[i * count : (i + 1) * count]
        shares = values[3 * count : 3 * count + len(self.bodies)]
        centres = values[3 * count + len(self.bodies) :].reshape(-1, 3)
        for body, share, centre, weight in zip(self.bodies, shares, centres, self.weights, strict=True):
            links = [unit.places.names["link"].index(name) for name in body]
            unit.values["link_mass"][links, 0] = share
            # The heaviest link takes the shift of the whole body's centre.
            heavy = max(body, key=lambda name: masses[name].mass)
            unit.values["centre_of_mass"][unit.places.names["link"].index(heavy)] = centre * weight / masses[heavy].mass


def identify_dynamics(
    design: Design,
    masses: Mapping[str, Mass],
    tree: Tree,
    population: Population,
    programme: Programme,
    measured: Measured,
    geometry: Geometry,
) -> Dynamics:
    """The most probable shares given torques on the way, the mass on the scale and the hung weights.

    The torque read at a motor, in its design's constant, is what masses, rotor and friction ask for over (1 + the share
    of its constant). Angles and lengths are those of `geometry`.
    """
    bodies = _bodies(design, tree)
    whole = {body[0]: _joined(design, masses, body) for body in bodies}
    readings, speeds, accelerations, torques = measured.moving
    step = max(1, len(readings) // _MOST)
    use = slice(step // 2, None, step)
    loaded = measured.loaded[use]
    speeds, accelerations, torques = speeds[use], accelerations[use], torques[use]
    angles = geometry.true_angles(readings[use])
    motion = tree.motion(
        angles, geometry.layout.lengths(geometry.estimate.values, len(tree.links)), speeds, accelerations
    )
    padded = {name: whole.get(name, Mass.nothing()) for name in tree.links}
    firsts = [tree.links.index(body[0]) for body in bodies]
    by_mass = tree.torques(motion, padded)[:, firsts]
    by_centre = tree.by_centre(motion, padded)[:, firsts]
    drives = {joint.name: joint.drive for joint in design.joints}
    armature, friction, damping, limit = (
        np.array([getattr(drives[name], what) for name in tree.joints])
        for what in ("armature", "friction", "damping", "torque")
    )
    weights = _hung(design, tree, programme)
    asked = by_mass.sum(axis=1) + armature * accelerations
    asked += tree.torques(motion, weights).sum(axis=1) * loaded[:, None]
    dry, viscous = friction * np.sign(speeds), damping * speeds
    count = len(tree.joints)
    uncertainty = np.hypot(_FLOOR, _SHARE * limit) + 0.01 * np.sqrt((asked**2).mean(axis=0))
    prior = _prior(population, tree, bodies, whole, masses)
    keeps = np.abs(speeds) > _STILL
    drives_read = [
        _Drive.of(
            np.column_stack(
                [
                    dry[keep, j],
                    viscous[keep, j],
                    by_mass[keep, :, j],
                    by_centre[keep, :, :, j].reshape(int(keep.sum()), -1),
                    (asked + dry + viscous)[keep, j],
                    torques[keep, j],
                ]
            )
        )
        for j, keep in enumerate(keeps.T)
    ]
    total = np.array([whole[body[0]].mass for body in bodies])
    names = [f"{name}.{what}" for what in ("torque_constant", "friction", "damping") for name in tree.joints]
    names += [f"{body[0]}.mass" for body in bodies]
    names += [f"{body[0]}.centre_{axis}" for body in bodies for axis in "xyz"]
    of_body = np.arange(3 * count, len(prior))
    weighing = np.zeros(len(prior))
    weighing[3 * count : 3 * count + len(bodies)] = total
    values = np.zeros(len(prior))
    estimate: Estimate | None = None
    for _ in range(4):
        normal, gradient, squares = np.zeros((len(prior),) * 2), np.zeros(len(prior)), np.zeros(count + 1)
        for j, drive in enumerate(drives_read):
            mine = np.concatenate([[j, count + j, 2 * count + j], of_body])
            square, push, squares[j] = drive.equations(values[mine])
            weight = 1.0 / (_ALIKE * uncertainty[j] ** 2)
            normal[np.ix_(mine, mine)] += weight * square
            gradient[mine] += weight * push
            squares[j] *= weight
        off = (measured.mass - total.sum() - weighing @ values) / measured.instruments.scale
        normal += np.outer(weighing, weighing) / measured.instruments.scale**2
        gradient -= weighing * off / measured.instruments.scale
        squares[count] = off**2
        estimate = from_normal_equations(names, prior, values, normal, gradient, np.sqrt(squares))
        values = estimate.values
        # How well the model can follow each drive is not known beforehand: its residuals tell.
        seen = [
            drive.left(values[np.concatenate([[j, count + j, 2 * count + j], of_body])])
            for j, drive in enumerate(drives_read)
        ]
        uncertainty = np.maximum(np.hypot(_FLOOR, _SHARE * limit), seen)
    assert estimate is not None
    return Dynamics(tree.joints, bodies, total, estimate)


@dataclass(frozen=True, eq=False)
class _Drive:
    """Samples of one drive as sums of products of their columns: parameters' slopes, what is asked for, what is read.

    What was read less (asked + slopes x parameters) / (1 + share of the constant) is a residual: the noise is in the
    reading, so that the constant divides what is asked for and does not multiply the reading.
    """

    products: Floats
    samples: int

    @classmethod
    def of(cls, columns: Floats) -> _Drive:
        return cls(columns.T @ columns, len(columns))

    def equations(self, values: Floats) -> tuple[Floats, Floats, float]:
        """Normal matrix, gradient and squared residuals at the constant's share and the other parameters."""
        size = len(values)
        share = 1.0 / (1.0 + values[0])
        slope = np.zeros((size + 1, size))
        slope[:-2, 1:] = -share * np.eye(size - 1)
        slope[:-2, 0], slope[-2, 0] = share**2 * values[1:], share**2
        residual = self._residual(values)
        weighted = slope.T @ self.products
        return weighted @ slope, weighted @ residual, float(residual @ self.products @ residual)

    def left(self, values: Floats) -> float:
        """Root mean square of the residuals [N m]; 0 where there are no samples."""
        residual = self._residual(values)
        squares = max(float(residual @ self.products @ residual), 0.0)
        return math.sqrt(squares / self.samples) if self.samples else 0.0

    @staticmethod
    def _residual(values: Floats) -> Floats:
        share = 1.0 / (1.0 + values[0])
        return np.concatenate([-share * values[1:], [-share, 1.0]])


def _bodies(design: Design, tree: Tree) -> tuple[tuple[str, ...], ...]:
    """Links that move as one: each moved link with all that is fixed to it."""
    found: dict[str, list[str]] = {}
    leader: dict[str, str] = {}
    for i, link in enumerate(design.links):
        leader[link.name] = leader[link.parent] if link.parent and tree.joint[i] < 0 else link.name
        found.setdefault(leader[link.name], []).append(link.name)
    return tuple(tuple(links) for links in found.values())


def _joined(design: Design, masses: Mapping[str, Mass], body: tuple[str, ...]) -> Mass:
    """Mass of a body in the axes of its first link, its other joints at zero."""
    place = {body[0]: np.zeros(3)}
    total = masses[body[0]]
    for name in body[1:]:
        link = design.by_name[name]
        place[name] = place[link.parent] + link.origin
        total += Mass(masses[name].mass, masses[name].centre + place[name], masses[name].inertia)
    return total


def _hung(design: Design, tree: Tree, programme: Programme) -> dict[str, Mass]:
    found = {name: Mass.nothing() for name in tree.links}
    places = {sensor.name: sensor for sensor in sensors_of(design)}
    for name, kg in programme.loads.items():
        found[places[name].link] += Mass(kg, places[name].place, np.zeros((3, 3)))
    return found


def _prior(
    population: Population,
    tree: Tree,
    bodies: tuple[tuple[str, ...], ...],
    whole: Mapping[str, Mass],
    masses: Mapping[str, Mass],
) -> Floats:
    names, scale = population.places.names, population.scale
    rows = [names["joint"].index(name) for name in tree.joints]
    prior = [population.spread(what)[rows] for what in ("torque_constant", "friction", "damping")]
    share, centre = population.spread("link_mass"), population.spread("centre_of_mass")
    mass, place = [], []
    for body in bodies:
        links = [names["link"].index(name) for name in body]
        each = np.array([masses[name].mass for name in body]) / whole[body[0]].mass
        mass.append(np.sqrt(((each * share[links]) ** 2).sum()))
        place.append(np.sqrt(((each * centre[links]) ** 2).sum()))
    return np.maximum(scale * np.concatenate([*prior, mass, np.repeat(place, 3)]), 1e-12)
