"""A load that a robot carries before its chest: what it is told of it, and what it truly carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import mujoco
import numpy as np

from ironworks.product.design import Mass, box_mass

__all__ = ["Load"]

#: What the robot is told is off by so much of the mass, and by so much along each axis [m]; one standard deviation.
_MASS, _PLACE = 0.05, 0.02


@dataclass(frozen=True)
class Load:
    """A full box of a mass [kg], its middle at `place` [m] in the axes of a `link`, with `sides` [m].

    It is held fast. It meets the floor, not the robot's own limbs.
    """

    mass: float = 5.0
    link: str = "chest"
    place: tuple[float, float, float] = (0.25, 0.0, 0.05)
    sides: tuple[float, float, float] = (0.20, 0.30, 0.20)

    def __post_init__(self) -> None:
        if self.mass <= 0.0 or min(self.sides) <= 0.0:
            raise ValueError(f"a load has a mass and three sides above 0, not {self.mass} and {self.sides}")

    def told(self, masses: Mapping[str, Mass]) -> dict[str, Mass]:
        """Masses of a robot's links that carries this load. Raises KeyError where it has no such link."""
        box = box_mass(self.mass, np.array(self.place), np.array(self.sides))
        return {**masses, self.link: masses[self.link] + box}

    def drawn(self, rng: np.random.Generator) -> Load:
        """What a robot truly carries that is told of this load."""
        mass = self.mass * max(1.0 + _MASS * float(rng.standard_normal()), 0.5)
        x, y, z = (np.array(self.place) + _PLACE * rng.standard_normal(3)).tolist()
        return replace(self, mass=mass, place=(x, y, z))

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Fix it to the robot."""
        body = spec.body(self.link).add_body(name="load", pos=self.place)
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.5 * side for side in self.sides], mass=self.mass,
            contype=0, conaffinity=1, rgba=[0.72, 0.56, 0.38, 1.0],
        )  # fmt: skip
