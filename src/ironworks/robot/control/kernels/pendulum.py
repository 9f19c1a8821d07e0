"""The divergent motion of an inverted pendulum: what the pressure under a sole undoes of it, and where it must be."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["left_over", "press"]

Floats = NDArray[np.float64]


@kernel
def left_over(
    motion: Floats, pivot: Floats, axes: Floats, place: Floats, offset: Floats, rest: float, reach: Floats
) -> Floats:
    """Where the divergent motion (2,) [m] is from its `pivot` (2,), in `axes` (2, 2), after what the pressure can do.

    It is to be at `place` + `offset` (2,) when the step ends, and grows by 1 / `rest` until then; the pressure brings
    back as much of what it is off as `reach` (2,) [m] from the pivot can.
    """
    found = np.empty(2)
    for a in range(2):
        away = axes[0, a] * (motion[0] - pivot[0]) + axes[1, a] * (motion[1] - pivot[1])
        off = away - (place[a] + offset[a]) * rest
        undone = reach[a] * (1.0 - rest)
        found[a] = away - min(max(off, -undone), undone)
    return found


@kernel
def press(
    under: Floats, turn: Floats, reach: Floats, pivot: Floats, motion: Floats, axes: Floats, place: Floats,
    offset: Floats, rest: float, gain: float,
) -> Floats:  # fmt: skip
    """The pressure (2,) [m] that takes the divergent motion (2,) to `place` + `offset` (2,), from the sole in `axes`.

    The sole is at `under` (2,), turned (3, 3), and is pressed within `reach` (2,) of its middle; the motion grows about
    its `pivot` (2,) by 1 / `rest` until the step ends, and where it is off its course, that is met with a `gain`.
    """
    x, y = place[0] + offset[0], place[1] + offset[1]
    away = np.empty(2)
    for a in range(2):
        target = under[a] + axes[a, 0] * x + axes[a, 1] * y
        course = pivot[a] + (target - pivot[a]) * rest
        away[a] = pivot[a] - under[a] + gain * (motion[a] - course)
    found = under.copy()
    for b in range(2):
        along = turn[0, b] * away[0] + turn[1, b] * away[1]
        along = min(max(along, -reach[b]), reach[b])
        for a in range(2):
            found[a] += turn[a, b] * along
    return found
