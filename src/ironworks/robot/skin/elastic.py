"""How far a ball sinks into an elastic layer: Hertz for a thick one, an elastic foundation for a thin one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ironworks.product.design.skin import Layer

__all__ = ["Indentation", "foundation", "hertz", "press"]


@dataclass(frozen=True)
class Indentation:
    """A rigid ball at rest in a layer: load [N], depth [m], radius of the circle of contact [m].

    At other loads, load grows as depth to the power `exponent`.
    """

    load: float
    depth: float
    contact: float
    exponent: float

    @property
    def stiffness(self) -> float:
        """Load over depth [N/m]: the spring that is right at this load."""
        return self.load / self.depth


def hertz(layer: Layer, load: float) -> Indentation:
    """On a half-space: F = 4/3 E* sqrt(R) d^1.5 with E* = E / (1 - nu^2), contact radius sqrt(R d).

    Johnson, Contact Mechanics (1985), section 4.2. Right while the contact is small against the thickness.
    """
    plane = layer.modulus / (1.0 - layer.poisson**2)
    depth = (0.75 * load / (plane * math.sqrt(layer.radius))) ** (2.0 / 3.0)
    return Indentation(load, depth, math.sqrt(layer.radius * depth), 1.5)


def foundation(layer: Layer, load: float) -> Indentation:
    """On a foundation of springs: F = pi M R d^2 / t with the modulus M of a layer that cannot spread sideways.

    M = E (1 - nu) / ((1 + nu) (1 - 2 nu)); contact radius sqrt(2 R d). Johnson, section 4.3. Right while the contact
    is large against the thickness t and the material compressible.
    """
    nu = layer.poisson
    confined = layer.modulus * (1.0 - nu) / ((1.0 + nu) * (1.0 - 2.0 * nu))
    depth = math.sqrt(load * layer.thickness / (math.pi * confined * layer.radius))
    return Indentation(load, depth, math.sqrt(2.0 * layer.radius * depth), 2.0)


def press(layer: Layer, load: float | None = None) -> Indentation:
    """The shallower of the two at a load [N] (default: the layer's own): a layer on a hard shell is no softer."""
    force = layer.load if load is None else load
    return min(hertz(layer, force), foundation(layer, force), key=lambda found: found.depth)
