"""Guard bands and risks of a test (JCGM 106:2012), for normal measurement errors and a normal process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from scipy import integrate, optimize, special

from ironworks.robot.acceptance.measurement import Limits

__all__ = [
    "Process",
    "Risks",
    "conformance_probability",
    "cost_optimal",
    "expected_cost",
    "global_risks",
    "guarded_acceptance",
    "posterior",
    "specific_consumer_risk",
    "specific_producer_risk",
]

# Beyond so many standard deviations a normal density adds less than 1e-32 of a probability.
_REACH = 12.0


@dataclass(frozen=True, slots=True)
class Process:
    """What is known of the true value before it is measured: mean and standard deviation, in the limits' unit."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"a process needs a finite mean and a spread above 0, not {self.mean} and {self.sd}")


@dataclass(frozen=True, slots=True)
class Risks:
    """Global risks of a test (JCGM 106, clause 9): probabilities for a unit drawn at random from the process.

    `consumer`: accepted, though its true value is outside the tolerance (an escape). `producer`: rejected, though its
    true value is inside (a false reject). `conforming`: its true value is inside. `accepted`: its reading is.
    """

    consumer: float
    producer: float
    conforming: float
    accepted: float


def conformance_probability(limits: Limits, estimate: float, uncertainty: float) -> float:
    """Probability that the true value keeps the limits, given its estimate and standard uncertainty (clause 7)."""
    _positive(uncertainty)
    low, high = (limits.lower - estimate) / uncertainty, (limits.upper - estimate) / uncertainty
    # From the nearer tail, so that small probabilities keep their digits.
    if low > 0:
        return float(special.ndtr(-low) - special.ndtr(-high))
    return float(special.ndtr(high) - special.ndtr(low))


def posterior(process: Process, reading: float, uncertainty: float) -> tuple[float, float]:
    """Best estimate and standard uncertainty of the true value after one reading (Bayes, clause 6)."""
    _positive(uncertainty)
    weight = process.sd**2 / (process.sd**2 + uncertainty**2)
    return weight * reading + (1.0 - weight) * process.mean, math.sqrt(weight) * uncertainty


def specific_consumer_risk(limits: Limits, reading: float, uncertainty: float, process: Process | None = None) -> float:
    """Probability that a unit accepted at this reading does not conform (clause 9); without a process: no prior."""
    centre, spread = (reading, uncertainty) if process is None else posterior(process, reading, uncertainty)
    _positive(spread)
    return float(special.ndtr((limits.lower - centre) / spread) + special.ndtr((centre - limits.upper) / spread))


def specific_producer_risk(limits: Limits, reading: float, uncertainty: float, process: Process | None = None) -> float:
    """Probability that a unit rejected at this reading does conform (clause 9); without a process: no prior."""
    centre, spread = (reading, uncertainty) if process is None else posterior(process, reading, uncertainty)
    return conformance_probability(limits, centre, spread)


def global_risks(limits: Limits, acceptance: Limits | None, uncertainty: float, process: Process) -> Risks:
    """Consumer's and producer's risk of an acceptance interval (clause 9); None accepts nothing.

    The true value is integrated numerically, the reading in closed form; absolute errors are below 1e-12.
    """
    _positive(uncertainty)
    conforming = conformance_probability(limits, process.mean, process.sd)
    if acceptance is None:
        return Risks(0.0, conforming, conforming, 0.0)
    good = _accepted(limits.lower, limits.upper, acceptance, uncertainty, process)
    consumer = sum(
        _accepted(begin, end, acceptance, uncertainty, process)
        for begin, end in ((-math.inf, limits.lower), (limits.upper, math.inf))
    )
    accepted = conformance_probability(acceptance, process.mean, math.hypot(process.sd, uncertainty))
    return Risks(consumer, max(0.0, conforming - good), conforming, accepted)


def _accepted(begin: float, end: float, acceptance: Limits, uncertainty: float, process: Process) -> float:
    """Probability that the true value lies between two ends and its reading is accepted."""
    begin = max(begin, process.mean - _REACH * process.sd)
    end = min(end, process.mean + _REACH * process.sd)
    if begin >= end:
        return 0.0

    def density(true: float) -> float:
        prior = math.exp(-0.5 * ((true - process.mean) / process.sd) ** 2) / (process.sd * math.sqrt(2.0 * math.pi))
        return prior * conformance_probability(acceptance, true, uncertainty)

    # The integrand bends within a few uncertainties of each acceptance limit and within the process's own spread.
    bends = {process.mean + k * process.sd for k in (-6.0, -3.0, 0.0, 3.0, 6.0)}
    bends |= {limit + k * uncertainty for limit in (acceptance.lower, acceptance.upper) for k in (-8, -3, 0, 3, 8)}
    edges = [begin, *sorted(bend for bend in bends if begin < bend < end), end]
    pieces = (integrate.quad(density, a, b, epsabs=1e-15, epsrel=1e-11)[0] for a, b in pairwise(edges))
    return float(math.fsum(pieces))


def guarded_acceptance(limits: Limits, uncertainty: float, r: float = 1.0, k: float = 2.0) -> Limits:
    """Acceptance limits by a guard band w = r U with U = k u (8.3); a negative r gives guarded rejection.

    r = 0 is simple acceptance, r = 1 with k = 2 the default of ISO 14253-1. Raises ValueError where nothing is left.
    """
    _positive(uncertainty)
    return limits.shrunk(r * k * uncertainty, r * k * uncertainty)


def cost_optimal(
    limits: Limits, uncertainty: float, process: Process, false_accept: float, false_reject: float
) -> Limits | None:
    """The acceptance interval of least expected cost; None where rejecting every unit costs least.

    `false_accept` and `false_reject` are costs of one such unit in the same money. A reading is worth accepting while
    its conformance probability is at least false_accept / (false_accept + false_reject), the Bayes rule of a binary
    decision; with a normal prior these readings form an interval, not symmetric where the process is off centre.
    """
    _positive(uncertainty)
    if not (0.0 < false_accept < math.inf and 0.0 < false_reject < math.inf):
        raise ValueError(f"costs are finite and above 0, not {false_accept} and {false_reject}")
    needed = false_accept / (false_accept + false_reject)
    weight = process.sd**2 / (process.sd**2 + uncertainty**2)
    spread = math.sqrt(weight) * uncertainty

    def reading(estimate: float) -> float:
        return (estimate - (1.0 - weight) * process.mean) / weight

    step = spread * float(special.ndtri(needed))
    if limits.low is None:
        return Limits(None, reading(limits.upper - step), limits.unit)
    if limits.high is None:
        return Limits(reading(limits.lower + step), None, limits.unit)
    centre = 0.5 * (limits.low + limits.high)
    if conformance_probability(limits, centre, spread) <= needed:
        return None
    # Outside by this much, the conformance probability is below `needed` on that side alone.
    far = limits.high + (abs(float(special.ndtri(needed))) + 1.0) * spread
    edge = optimize.brentq(
        lambda estimate: conformance_probability(limits, estimate, spread) - needed,
        centre,
        far,
        xtol=1e-14 * limits.width,
    )
    return Limits(reading(2.0 * centre - edge), reading(edge), limits.unit)


def expected_cost(risks: Risks, false_accept: float, false_reject: float) -> float:
    """Expected cost of wrong decisions per tested unit, in the money of the two costs."""
    return false_accept * risks.consumer + false_reject * risks.producer


def _positive(uncertainty: float) -> None:
    if not 0.0 < uncertainty < math.inf:
        raise ValueError(f"a standard uncertainty is finite and above 0, not {uncertainty}")
