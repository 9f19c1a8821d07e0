"""How a robot leans into what it climbs: with its weight ahead of its hips, a bent knee has less to bear.

A knee bears the sole's force times its distance from that force's line, which passes near the centre of mass. Up a
riser of 17 cm the knee is bent by 75 degrees and 0.26 m ahead of ankle and hip: each centimetre by which the trunk
brings the weight ahead takes 4 % off, and gives it to the hip, which has a reserve.
"""

from __future__ import annotations

import numpy as np

from ironworks.robot.control.gait_style import LINKS, LinkStyle
from ironworks.robot.control.glide import Glide

__all__ = ["ClimbingLean"]

#: How far the links lean [rad] where a step rises by so much [m] or more.
_LEANS = {"pelvis": 0.08, "chest": 0.35}
_FULL = 0.15
#: How fast and how abruptly the lean comes and goes, over the whole of it [1/s, 1/s2].
_SPEED, _HURRY = 2.0, 8.0


class ClimbingLean:
    """The lean of one robot, which begins upright."""

    def __init__(self) -> None:
        self._share, self._glide = 0.0, Glide(1, _SPEED, _HURRY)

    def step(self, rise: float, links: LinkStyle) -> LinkStyle:
        """What pelvis and chest do, a tick further, on a step that rises [m]; unchanged while nothing is climbed."""
        wanted = min(max(rise / _FULL, 0.0), 1.0)
        if wanted == self._share == 0.0:
            return links
        self._share += float(self._glide.step(np.array([wanted - self._share]))[0])
        moved = [self._share, float(self._glide.velocity[0]), float(self._glide.acceleration[0])]
        leans = [_LEANS[name] for name in LINKS]
        found = links.motion.copy()
        found[:, :, 1] += np.outer(moved, leans)
        return LinkStyle(found)
