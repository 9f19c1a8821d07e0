"""The skin's compliant layer as parameters of MuJoCo's contacts.

A contact of MuJoCo in direct format pushes with S (k r + b v + a), where S is the sum of its rows' inverse
regularisation, r the depth and a the acceleration that is left. With constant impedance d,

    S = n d / ((1 - d) A),    k = K / d,    b = B / d,

A being the bodies' inverse inertia at the contact as the model keeps it (`body_invweight0`) and n a factor of the
friction cone. So the contact is a spring n K / ((1 - d) A) and a damper n B / ((1 - d) A) whose bodies seem heavier
by S. The smaller d, the truer the motion; d grows only where the time step cannot follow the spring.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import mujoco

from ironworks.product.design.skin import Layer, Patch
from ironworks.robot.skin.elastic import press

__all__ = ["Compliance", "apply_layer", "contact_parameters"]

#: Impedance where the step follows the spring: the bodies seem 1 % heavier.
_LEAST = 0.01
#: Largest (angular frequency x step)^2 and damping rate x step that are left to the integrator.
_SPRING, _DAMPER = 0.25, 0.5


@dataclass(frozen=True)
class Compliance:
    """One contact's spring [N/m] and retardation time [s], the solref and solimp that make it, and `added` mass [kg].

    `added`: what the contact adds to the bodies' inertia along its normal; it slows the motion and leaves rest as it is.
    """

    stiffness: float
    retardation: float
    solref: tuple[float, float]
    solimp: tuple[float, float, float, float, float]
    added: float


def contact_parameters(
    stiffness: float, retardation: float, inverse_mass: float, timestep: float, cone: float = 1.0
) -> Compliance:
    """MuJoCo's parameters of a contact that is F = stiffness (x + retardation dx/dt).

    stiffness [N/m]; retardation [s]; inverse_mass [1/kg], that of the contact's two bodies in the model; timestep [s];
    cone: n above (`cone_factor`). Raises ValueError unless stiffness and inverse mass are above 0.
    """
    if not (stiffness > 0.0 and inverse_mass > 0.0):
        raise ValueError(f"a spring of {stiffness:g} N/m between bodies of {inverse_mass:g} 1/kg needs both above 0")
    limit = _SPRING / timestep**2
    if retardation > 0.0:
        limit = min(limit, _DAMPER / (timestep * retardation))
    # The squared frequency is stiffness * A (1 - d) / (1 - d + n d).
    excess = stiffness * inverse_mass / limit - 1.0
    impedance = _LEAST if excess <= 0.0 else max(_LEAST, excess / (excess + cone))
    spring = stiffness * (1.0 - impedance) * inverse_mass / cone
    return Compliance(
        stiffness,
        retardation,
        (-spring, -retardation * spring),
        (impedance, impedance, 0.001, 0.5, 2.0),
        cone * impedance / ((1.0 - impedance) * inverse_mass),
    )


def cone_factor(option: mujoco.MjOption, condim: int, friction: float) -> float:
    """How much stiffer a contact's normal direction is than one row of it: 1, but for a pyramidal cone.

    That one has 2 (condim - 1) edges, each with 2 mu^2 times the regularisation of its first row, whose inverse
    inertia is (1 + friction^2) A; mu is friction / sqrt(impratio).
    """
    if condim == 1 or option.cone == mujoco.mjtCone.mjCONE_ELLIPTIC:
        return 1.0
    return (condim - 1) * option.impratio / (friction**2 * (1.0 + friction**2))


def apply_layer(
    spec: mujoco.MjSpec, patches: Iterable[Patch], *, partner: float = math.inf
) -> Mapping[str, Compliance]:
    """Give the shapes under patches their layer: by geom for the world, by pair where both sides are known.

    A geom's parameters hold against a body of mass `partner` [kg] (infinite: a wall); against a lighter one the spring
    is softer, by the ratio of inverse masses. Of a pair both bodies are known, and two layers act in series. Returns
    what was set, by the name of the geom or pair. The skin decides against other geoms (priority 1), friction included.
    Raises ValueError where a shape is no geom of the spec, or neither it nor its partner can move.
    """
    layers = {patch.shape: patch.layer for patch in patches}
    model = spec.copy().compile()
    option, step = model.opt, model.opt.timestep
    geoms = {geom.name: geom for geom in spec.geoms}
    missing = sorted(layers.keys() - geoms.keys())
    if missing:
        raise ValueError(f"the model has no geom {', '.join(missing)}")
    found: dict[str, Compliance] = {}
    for name, layer in layers.items():
        geom = geoms[name]
        factor = cone_factor(option, geom.condim, geom.friction[0])
        inverse = _inverse_mass(model, name) + 1.0 / partner
        found[name] = contact_parameters(press(layer).stiffness, layer.retardation, inverse, step, factor)
        geom.solref, geom.solimp, geom.priority = found[name].solref, found[name].solimp, 1
    for pair in spec.pairs:
        sides = [layers[name] for name in (pair.geomname1, pair.geomname2) if name in layers]
        if not sides:
            continue
        spring, delay = _in_series(sides)
        inverse = _inverse_mass(model, pair.geomname1) + _inverse_mass(model, pair.geomname2)
        factor = cone_factor(option, pair.condim, pair.friction[0])
        name = pair.name or f"{pair.geomname1}|{pair.geomname2}"
        found[name] = contact_parameters(spring, delay, inverse, step, factor)
        pair.solref, pair.solimp = found[name].solref, found[name].solimp
    return found


def _inverse_mass(model: mujoco.MjModel, geom: str) -> float:
    return float(model.body_invweight0[model.geom(geom).bodyid[0], 0])


def _in_series(layers: list[Layer]) -> tuple[float, float]:
    """Spring and retardation of layers on top of one another; each's share of the depth weighs its retardation."""
    springs = [press(layer).stiffness for layer in layers]
    total = 1.0 / sum(1.0 / spring for spring in springs)
    delay = sum(layer.retardation * total / spring for layer, spring in zip(layers, springs, strict=True))
    return total, delay
