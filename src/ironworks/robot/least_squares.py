"""Least squares for many joints at once, each with its own few unknowns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["solve_each"]

Floats = NDArray[np.float64]


def solve_each(columns: Floats, wanted: Floats) -> Floats:
    """Unknowns (N, C) of N problems from their columns (T, N, C) and wanted values (T, N).

    By normal equations of columns brought to one length, so that unlike units do not spoil them.
    """
    size = np.sqrt((columns**2).sum(axis=0))
    scaled = columns / size
    normal, right = np.einsum("tni,tnj->nij", scaled, scaled), np.einsum("tni,tn->ni", scaled, wanted)
    return np.asarray(np.linalg.solve(normal, right[..., None])[..., 0] / size)
