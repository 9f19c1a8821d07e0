"""A spring and damper as parameters of one of MuJoCo's contacts.

A contact of MuJoCo in direct format pushes with S (k r + b v + a), where S is the sum of its rows' inverse
regularisation, r the depth and a the acceleration that is left. With impedance d(r), which is D from a depth on,

    S = n d / ((1 - d) A),    k = K d / D^2,    b = B / D,

A being the bodies' inverse inertia at the contact as the model keeps it (`body_invweight0`) and n a factor of the
friction cone. At rest the force is n K / A * (d / D)^2 / (1 - d) * r: with constant impedance a spring, otherwise a
curve. The bodies seem heavier by S. The smaller D, the truer the motion; it grows only where the time step cannot
follow the spring.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

__all__ = ["Compliance", "cone_factor", "contact_parameters"]

Floats = NDArray[np.float64]
#: Impedance where the step follows the spring: the bodies seem 1 % heavier.
_LEAST = 0.01
#: Largest (angular frequency x step)^2 and damping rate x step that are left to the integrator.
_SPRING, _DAMPER = 0.25, 0.5
#: Depths, as shares of the full one, at which a curve is fitted.
_DEPTHS = np.geomspace(0.05, 1.0, 40)


@dataclass(frozen=True)
class Compliance:
    """Parameters of a contact and what they make: load [N] at depth [m] and above it a spring of that slope.

    Below, load grows as depth to the power `exponent`, but for `misfit` (the largest error of the force as a share of
    it, from a twentieth of the depth on). `added` [kg]: what the contact adds at most to the bodies' inertia along its
    normal; it slows the motion and leaves rest as it is.
    """

    load: float
    depth: float
    exponent: float
    solref: tuple[float, float]
    solimp: tuple[float, float, float, float, float]
    added: float
    misfit: float


def contact_parameters(
    load: float,
    depth: float,
    exponent: float,
    retardation: float,
    inverse_mass: float,
    timestep: float,
    cone: float = 1.0,
) -> Compliance:
    """A contact that bears `load` [N] at `depth` [m], with a damper of `retardation` [s] times the spring.

    exponent: 1 is a spring; inverse_mass [1/kg]: that of the contact's two bodies in the model; timestep [s]; cone: n
    above (`cone_factor`). Raises ValueError where load, depth or inverse mass is not above 0, or the exponent below 1.
    """
    if min(load, depth, inverse_mass) <= 0.0 or exponent < 1.0:
        raise ValueError(f"{load:g} N at {depth:g} m between bodies of {inverse_mass:g} 1/kg is no contact")
    spring = load / depth
    limit = _SPRING / timestep**2
    if retardation > 0.0:
        limit = min(limit, _DAMPER / (timestep * retardation))
    # The squared frequency is at most exponent * spring * A (1 - D) / (1 - D + n D).
    excess = exponent * spring * inverse_mass / limit - 1.0
    impedance = max(_LEAST, excess / (excess + cone)) if excess > 0.0 else _LEAST
    direct = spring * (1.0 - impedance) * inverse_mass / cone
    start, power, misfit = _curve(exponent, round(impedance, 4))
    return Compliance(
        load=load,
        depth=depth,
        exponent=exponent,
        solref=(-direct, -retardation * direct),
        solimp=(start * impedance, impedance, depth, 0.0, power),
        added=cone * impedance / ((1.0 - impedance) * inverse_mass),
        misfit=misfit,
    )


def cone_factor(option: mujoco.MjOption, condim: int, friction: float) -> float:
    """How much stiffer a contact's normal direction is than one row of it: 1, but for a pyramidal cone.

    That one has 2 (condim - 1) edges, each with 2 mu^2 times the regularisation of its first row, whose inverse
    inertia is (1 + friction^2) A; mu is friction / sqrt(impratio).
    """
    if condim == 1 or option.cone == mujoco.mjtCone.mjCONE_ELLIPTIC:
        return 1.0
    return float((condim - 1) * option.impratio / (friction**2 * (1.0 + friction**2)))


@cache
def _curve(exponent: float, impedance: float) -> tuple[float, float, float]:
    """Where d / D begins, the power of its rise to 1, and the misfit: least squares of the force's logarithm."""
    if exponent == 1.0:
        return 1.0, 1.0, 0.0

    def error(x: Floats) -> Floats:
        share = x[0] + (1.0 - x[0]) * (1.0 - (1.0 - _DEPTHS) ** x[1])
        force = share**2 * (1.0 - impedance) / (1.0 - impedance * share) * _DEPTHS
        found: Floats = np.log(force / _DEPTHS**exponent)
        return found

    found = least_squares(error, [0.3, 2.0], bounds=([0.01, 1.0], [1.0, 10.0]))
    return float(found.x[0]), float(found.x[1]), float(np.expm1(np.abs(found.fun).max()))
