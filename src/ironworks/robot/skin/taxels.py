"""Taxels on the surfaces of a robot: where each sits, which way it looks, and which lie side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mesh, Shape
from ironworks.product.design.skin import Patch
from ironworks.robot.skin.surface import extent, outermost

__all__ = ["Taxels", "place_taxels"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_AXES = {"x": (0, 1, 2), "y": (1, 0, 2), "z": (2, 0, 1)}
#: Rays around a row, from which equal arcs are found.
_AROUND = 72


@dataclass(frozen=True)
class Taxels:
    """All taxels of a robot, numbered patch by patch, in a patch row by row.

    position (T, 3) [m] and normal (T, 3) outwards, in the axes of the patch's link; area (T,) [m2] that each answers
    for; patch, row and column (T,).
    """

    patches: tuple[Patch, ...]
    position: Floats
    normal: Floats
    area: Floats
    patch: Ints
    row: Ints
    column: Ints

    def __len__(self) -> int:
        return len(self.patch)

    @cached_property
    def slices(self) -> dict[str, slice]:
        """Where the taxels of each patch stand, by its name."""
        ends = np.cumsum([0, *(patch.taxels for patch in self.patches)])
        return {patch.name: slice(int(ends[i]), int(ends[i + 1])) for i, patch in enumerate(self.patches)}

    @cached_property
    def full_scale(self) -> Floats:
        """The largest force (T,) [N] that each reads."""
        return np.array([patch.full_scale for patch in self.patches])[self.patch]

    @cached_property
    def noise(self) -> Floats:
        """Standard deviation (T,) [N] of one reading."""
        return np.array([patch.noise for patch in self.patches])[self.patch]

    @cached_property
    def neighbours(self) -> Ints:
        """Pairs (P, 2) of taxels of one patch that share an edge."""
        pairs = []
        for patch in self.patches:
            grid = np.arange(patch.taxels).reshape(patch.rows, patch.columns) + self.slices[patch.name].start
            pairs += [np.stack([grid[:-1].ravel(), grid[1:].ravel()], axis=1)]
            pairs += [np.stack([grid[:, :-1].ravel(), grid[:, 1:].ravel()], axis=1)]
            if patch.is_closed and patch.columns > 2:
                pairs += [np.stack([grid[:, -1], grid[:, 0]], axis=1)]
        return np.concatenate(pairs) if pairs else np.zeros((0, 2), dtype=np.int64)


def place_taxels(design: Design, patches: Sequence[Patch]) -> Taxels:
    """Put the taxels of patches on their shapes: rows evenly along the axis, columns by equal arcs around it.

    A row's rays leave from the line through the shape's centre of volume. Raises ValueError where that line is outside
    the shape.
    """
    shapes = {shape.name: shape for link in design.links for shape in link.shapes}
    placed = [_place(shapes[patch.shape], patch) for patch in patches]
    counts = [patch.taxels for patch in patches]
    return Taxels(
        patches=tuple(patches),
        position=np.concatenate([np.zeros((0, 3)), *(one[0] for one in placed)]),
        normal=np.concatenate([np.zeros((0, 3)), *(one[1] for one in placed)]),
        area=np.concatenate([np.zeros(0), *(one[2] for one in placed)]),
        patch=np.repeat(np.arange(len(patches)), counts),
        row=_numbers([np.repeat(np.arange(patch.rows), patch.columns) for patch in patches]),
        column=_numbers([np.tile(np.arange(patch.columns), patch.rows) for patch in patches]),
    )


def _numbers(parts: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _place(shape: Shape, patch: Patch) -> tuple[Floats, Floats, Floats]:
    mirror = np.array([1.0, patch.side, 1.0])
    axis, one, two = _AXES[patch.along]
    # All is found in the axes of the left side, where the mirrored shape's ends may be exchanged.
    low, high = np.sort(np.stack(extent(shape)) * mirror, axis=0)
    span = high[axis] - low[axis]
    edges = low[axis] + span * np.linspace(patch.low, patch.high, patch.rows + 1)
    found = []
    for s in (edges[:-1] + edges[1:]) / 2.0:
        centre = shape.volume.centre * mirror
        centre[axis] = s
        cut = _near(shape, axis, s * mirror[axis])

        def leave(angles: Floats, centre: Floats = centre, cut: Shape = cut) -> tuple[Floats, Floats]:
            directions = np.zeros((len(angles), 3))
            directions[:, one], directions[:, two] = np.cos(angles), np.sin(angles)
            origins = np.broadcast_to(centre, directions.shape)
            return outermost(cut, origins * mirror, directions * mirror)

        angles = np.linspace(patch.start, patch.end, _AROUND + 1)
        ring, _ = leave(angles)
        arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ring, axis=0), axis=1))])
        share = (np.arange(patch.columns) + 0.5) / patch.columns
        points, normals = leave(np.interp(share * arc[-1], arc, angles))
        # A band of height h on a surface that leans has the breadth h / cos of its lean.
        breadth = (edges[1] - edges[0]) / np.sqrt(np.maximum(1.0 - normals[:, axis] ** 2, 1e-6))
        found.append((points, normals, breadth * arc[-1] / patch.columns))
    points, normals, areas = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return points, normals, areas


def _near(shape: Shape, axis: int, s: float) -> Shape:
    """A mesh without the faces that a plane across the axis does not touch: rays in the plane miss them anyway."""
    if shape.mesh is None:
        return shape
    heights = shape.mesh.vertices[shape.mesh.faces, axis] + shape.centre[axis]
    near = (heights.min(axis=1) <= s + 1e-9) & (heights.max(axis=1) >= s - 1e-9)
    mesh = Mesh(shape.mesh.vertices, shape.mesh.faces[near])
    return Shape(shape.name, shape.kind, shape.centre, shape.size, mesh, shape.material, shape.collides)
