"""Where rays from inside a shape leave it, and which way its surface looks there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Mesh, Shape

__all__ = ["extent", "outermost"]

Floats = NDArray[np.float64]
#: Halvings of a ray: from a metre to below 1e-15 m.
_HALVINGS = 52
_STEP = 1e-7


def extent(shape: Shape) -> tuple[Floats, Floats]:
    """Lowest and highest x, y, z (3,) [m] of a shape in the axes of its link."""
    if shape.mesh is not None:
        return shape.centre + shape.mesh.vertices.min(axis=0), shape.centre + shape.mesh.vertices.max(axis=0)
    a, b, c = (float(s) for s in shape.size)
    reach = {"capsule": [a, a, a + b], "cylinder": [a, a, b]}.get(shape.kind, [a, b, c])
    return shape.centre - reach, shape.centre + reach


def outermost(shape: Shape, origins: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """Points (N, 3) [m] where rays leave a shape for good, and its unit normals (N, 3) outwards, in link axes.

    origins (N, 3) [m], unit directions (N, 3). Raises ValueError where a ray misses the shape.
    """
    local = origins - shape.centre
    if shape.mesh is not None:
        points, normals = _leave_mesh(shape.mesh, local, directions)
    else:
        points, normals = _leave_solid(shape, local, directions)
    return points + shape.centre, normals


def _leave_mesh(mesh: Mesh, origins: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """Rays and triangles after Moeller and Trumbore (1997), the last hit of each ray."""
    corners = mesh.vertices[mesh.faces]
    first = corners[:, 0]
    one, two = corners[:, 1] - first, corners[:, 2] - first
    # Einstein sums over rays r and faces f.
    p = np.cross(directions[:, None], two)
    determinant = np.einsum("rfi,fi->rf", p, one)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = origins[:, None] - first
        u = np.einsum("rfi,rfi->rf", offset, p) / determinant
        q = np.cross(offset, one)
        v = np.einsum("ri,rfi->rf", directions, q) / determinant
        t = np.einsum("fi,rfi->rf", two, q) / determinant
    edge = 1e-9
    inside = (u >= -edge) & (v >= -edge) & (u + v <= 1.0 + edge) & (t > 0.0) & (np.abs(determinant) > 1e-15)
    if not inside.any(axis=1).all():
        raise ValueError("a ray from the axis misses the surface")
    t = np.where(inside, t, -np.inf)
    face = t.argmax(axis=1)
    far = t[np.arange(len(t)), face]
    normals = np.cross(one, two)[face]
    return origins + far[:, None] * directions, normals / np.linalg.norm(normals, axis=1, keepdims=True)


def _leave_solid(shape: Shape, origins: Floats, directions: Floats) -> tuple[Floats, Floats]:
    if (_level(shape, origins) >= 0.0).any():
        raise ValueError("a ray begins outside the shape")
    near, far = np.zeros(len(origins)), np.full(len(origins), 4.0 * float(np.linalg.norm(shape.size)))
    for _ in range(_HALVINGS):
        middle = (near + far) / 2.0
        inside = _level(shape, origins + middle[:, None] * directions) < 0.0
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    points = origins + near[:, None] * directions
    steps = np.eye(3) * _STEP
    slope = np.stack([_level(shape, points + step) - _level(shape, points - step) for step in steps], axis=1)
    return points, slope / np.linalg.norm(slope, axis=1, keepdims=True)


def _level(shape: Shape, points: Floats) -> Floats:
    """Below 0 inside a convex solid, 0 on its surface."""
    a, b, _ = shape.size
    level: Floats
    if shape.kind == "box":
        level = (np.abs(points) - shape.size).max(axis=1)
    elif shape.kind == "ellipsoid":
        level = np.linalg.norm(points / shape.size, axis=1) - 1.0
    elif shape.kind == "capsule":
        beyond = points[:, 2] - np.clip(points[:, 2], -b, b)
        level = np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2 + beyond**2) - a
    else:
        level = np.maximum(np.hypot(points[:, 0], points[:, 1]) - a, np.abs(points[:, 2]) - b)
    return level
