"""The skin's compliant layer on a robot's contacts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import mujoco

from ironworks.product.design.skin import Layer, Patch
from ironworks.robot.skin.compliance import Compliance, cone_factor, contact_parameters
from ironworks.robot.skin.elastic import Indentation, press

__all__ = ["apply_layer"]


def apply_layer(
    spec: mujoco.MjSpec, patches: Iterable[Patch], *, partner: float = math.inf, linear: bool = False
) -> Mapping[str, Compliance]:
    """Give the shapes under patches their layer: by geom for the world, by pair where both sides are known.

    A geom's parameters hold against a body of mass `partner` [kg] (infinite: a wall); against a lighter one the layer
    is softer, by the ratio of inverse masses. Of a pair both bodies are known, and two layers act in series. `linear`:
    the spring that is right at the layer's load, in place of the ball's curve. Returns what was set, by the name of
    the geom or pair. The skin decides against other geoms (priority 1), friction included. Raises ValueError where a
    shape is no geom of the spec, or neither it nor its partner can move.
    """
    layers = {patch.shape: patch.layer for patch in patches}
    model = spec.copy().compile()
    geoms = {geom.name: geom for geom in spec.geoms}
    missing = sorted(layers.keys() - geoms.keys())
    if missing:
        raise ValueError(f"the model has no geom {', '.join(missing)}")

    def compliance(sides: list[Layer], inverse_mass: float, condim: int, friction: float) -> Compliance:
        found, retardation = _in_series(sides)
        factor = cone_factor(model.opt, condim, friction)
        power = 1.0 if linear else found.exponent
        step = model.opt.timestep
        return contact_parameters(found.load, found.depth, power, retardation, inverse_mass, step, factor)

    found: dict[str, Compliance] = {}
    for name, layer in layers.items():
        geom = geoms[name]
        inverse = _inverse_mass(model, name) + 1.0 / partner
        made = found[name] = compliance([layer], inverse, geom.condim, geom.friction[0])
        geom.solref, geom.solimp, geom.priority = made.solref, made.solimp, 1
    for pair in spec.pairs:
        names = pair.geomname1, pair.geomname2
        sides = [layers[name] for name in names if name in layers]
        if sides:
            inverse = sum(_inverse_mass(model, name) for name in names)
            made = found["|".join(names)] = compliance(sides, inverse, pair.condim, pair.friction[0])
            pair.solref, pair.solimp = made.solref, made.solimp
    return found


def _inverse_mass(model: mujoco.MjModel, geom: str) -> float:
    return float(model.body_invweight0[model.geom(geom).bodyid[0], 0])


def _in_series(layers: list[Layer]) -> tuple[Indentation, float]:
    """Layers on top of one another at the smaller of their loads, and their retardation [s] weighed by depth."""
    load = min(layer.load for layer in layers)
    pressed = [press(layer, load) for layer in layers]
    depth = sum(one.depth for one in pressed)
    delay = sum(layer.retardation * one.depth / depth for layer, one in zip(layers, pressed, strict=True))
    softest = max(pressed, key=lambda one: one.depth)
    return replace(softest, load=load, depth=depth), delay
