"""Mass properties of solids, and the surface of a loft."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

__all__ = ["Mass", "Mesh", "box_mass", "cylinder_mass", "loft", "mesh_mass"]

Floats = NDArray[np.float64]
_BETWEEN = 7


@dataclass(frozen=True)
class Mesh:
    """A closed surface: vertices (V, 3) [m], triangles (F, 3) with normals outwards."""

    vertices: Floats
    faces: NDArray[np.int32]


@dataclass(frozen=True)
class Mass:
    """Mass [kg], centre (3,) [m], inertia (3, 3) about the centre [kg m2], in the axes of the link."""

    mass: float
    centre: Floats
    inertia: Floats

    def __add__(self, other: Mass) -> Mass:
        total = self.mass + other.mass
        if total == 0.0:
            return self
        centre = (self.mass * self.centre + other.mass * other.centre) / total
        inertia = np.zeros((3, 3))
        for one in (self, other):
            arm = one.centre - centre
            inertia += one.inertia + one.mass * (arm @ arm * np.eye(3) - np.outer(arm, arm))
        return Mass(total, centre, inertia)

    @staticmethod
    def nothing() -> Mass:
        """No mass."""
        return Mass(0.0, np.zeros(3), np.zeros((3, 3)))

    def scaled(self, mass: float) -> Mass:
        """The same distribution with another mass [kg]."""
        return Mass(mass, self.centre, self.inertia * (mass / self.mass))


def box_mass(mass: float, centre: Floats, sides: Floats) -> Mass:
    """A full box with sides (3,) [m]."""
    squares = np.asarray(sides, float) ** 2
    return Mass(mass, np.asarray(centre, float), np.diag(mass / 12.0 * (squares.sum() - squares)))


def cylinder_mass(mass: float, centre: Floats, axis: Floats, radius: float, length: float) -> Mass:
    """A full cylinder about a unit axis (3,)."""
    along = mass * radius**2 / 2.0
    across = mass * (3.0 * radius**2 + length**2) / 12.0
    return Mass(mass, np.asarray(centre, float), across * np.eye(3) + (along - across) * np.outer(axis, axis))


def mesh_mass(mesh: Mesh) -> Mass:
    """A solid of density 1 inside a closed surface: signed tetrahedra from the origin (Blow and Binstock 2004)."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    volumes = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6.0
    volume = float(volumes.sum())
    if volume <= 0.0:
        raise ValueError("the surface encloses no volume, or its normals point inwards")
    centre = (volumes[:, None] * (a + b + c)).sum(axis=0) / (4.0 * volume)
    corners = np.stack([a - centre, b - centre, c - centre], axis=1)
    sums = corners.sum(axis=1)
    # Second moments of a tetrahedron with one corner at the centre.
    moments = np.einsum("i,ikx,iky->xy", volumes, corners, corners) + np.einsum("i,ix,iy->xy", volumes, sums, sums)
    second = moments / 20.0
    return Mass(volume, centre, np.trace(second) * np.eye(3) - second)


def loft(sections: Floats, along: str, power: float, around: int = 28) -> Mesh:
    """The surface through superellipses |u/a|^power + |v/b|^power = 1, shape-preserving between the sections.

    sections: (S, 5) position, half-widths a and b in the two other axes (in the order x, y, z), offsets of the centre.
    The ends are rounded off; each section has `around` corners.
    """
    positions = sections[:, 0]
    steps = np.unique(np.concatenate([np.linspace(p, q, _BETWEEN + 1) for p, q in itertools.pairwise(positions)]))
    a, b, u0, v0 = PchipInterpolator(positions, sections[:, 1:])(steps).T
    # A short dome over each end keeps edges from looking sawn.
    dome = np.array([0.35, 0.65, 0.85])
    rise = np.sqrt(1.0 - (1.0 - dome) ** 2)
    depth = 0.3 * min(a[0], b[0]), 0.3 * min(a[-1], b[-1])
    first, last = steps[0] - depth[0] * (1.0 - dome), steps[-1] + depth[1] * (1.0 - dome[::-1])
    steps = np.concatenate([first, steps, last])
    a, b = (np.concatenate([w[0] * rise, w, w[-1] * rise[::-1]]) for w in (a, b))
    u0, v0 = (np.concatenate([np.full(3, w[0]), w, np.full(3, w[-1])]) for w in (u0, v0))
    angle = np.linspace(0.0, 2.0 * np.pi, around, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    round_u, round_v = (np.sign(w) * np.abs(w) ** (2.0 / power) for w in (cos, sin))
    u = u0[:, None] + a[:, None] * round_u
    v = v0[:, None] + b[:, None] * round_v
    t = np.broadcast_to(steps[:, None], u.shape)
    ends = np.array([[steps[0], u0[0], v0[0]], [steps[-1], u0[-1], v0[-1]]])
    points = np.concatenate([np.stack([t, u, v], axis=-1).reshape(-1, 3), ends])
    rings, n = len(steps), around
    i, j = np.meshgrid(np.arange(rings - 1), np.arange(n), indexing="ij")
    p, q = (i * n + j).ravel(), (i * n + (j + 1) % n).ravel()
    k = np.arange(n)
    low, high = rings * n, rings * n + 1
    faces = np.concatenate(
        [
            np.stack([p, q, q + n], axis=1),
            np.stack([p, q + n, p + n], axis=1),
            np.stack([np.full(n, low), (k + 1) % n, k], axis=1),
            np.stack([np.full(n, high), (rings - 1) * n + k, (rings - 1) * n + (k + 1) % n], axis=1),
        ]
    )
    order = {"x": (0, 1, 2), "y": (1, 0, 2), "z": (1, 2, 0)}[along]
    # (t, u, v) -> (x, y, z); only along y is that a reflection.
    if along == "y":
        faces = faces[:, ::-1]
    return Mesh(np.ascontiguousarray(points[:, order]), faces.astype(np.int32))
