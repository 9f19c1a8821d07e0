"""Counter-based random draws: a value depends on its key, item and visit alone, never on what was drawn before.

So adding a station, or visiting stations in another order, leaves every other draw as it was. A key stands for
(seed, replication, entity name, purpose). Times are seconds (float64); kernels turn them into int64 microseconds.

Sources: the mixing function is SplitMix64's (Steele, Lea, Flood 2014); the ziggurat is Marsaglia and Tsang's (2000),
with index and position taken from disjoint bits (Doornik 2005); gamma is Marsaglia and Tsang's (2000b).
"""

import hashlib
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.kernels._jit import kernel

LAW_NONE = -1  #: no draw at all: an up-time with this law never ends
LAW_CONSTANT = 0  #: a = value
LAW_EXPONENTIAL = 1  #: a = mean
LAW_ERLANG = 2  #: a = mean, b = number of phases
LAW_GAMMA = 3  #: a = mean, b = coefficient of variation
LAW_LOGNORMAL = 4  #: a = mean of the logarithm, b = standard deviation of the logarithm
LAW_UNIFORM = 5  #: a = low, b = high
LAW_TRIANGULAR = 6  #: a = low, b = mode, c = high
LAW_PERT = 7  #: a = low, b = mode, c = high
LAW_WEIBULL = 8  #: a = scale, b = shape
LAW_NORMAL = 9  #: a = mean, b = standard deviation, drawn again outside [c, d]

_ITEM = np.uint64(0x9E3779B97F4A7C15)
_VISIT = np.uint64(0xD1B54A32D192ED03)
_AGAIN = np.uint64(0xDA942042E4DD58B5)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S1, _S8, _S11, _S12 = np.uint64(1), np.uint64(8), np.uint64(11), np.uint64(12)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LAYER = np.uint64(255)


class Draws(NamedTuple):
    """One law and one stream for each of n entities, as the kernels take them."""

    codes: NDArray[np.int64]  # (n,) one of LAW_*
    parameters: NDArray[np.float64]  # (n, 4) a, b, c, d; seconds where they are times
    keys: NDArray[np.uint64]  # (n,) from stream_key


def name_hash(name: str) -> np.uint64:
    """Hash a name to 64 bits, the same in every process and on every machine."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def stream_key(seed: int, replication: int, name: str, purpose: str) -> np.uint64:
    """Key of the stream that an entity uses for one purpose ("process", "uptime", "repair", ...)."""
    return name_hash(f"{seed}\0{replication}\0{name}\0{purpose}")


def _exponential_layers() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Ziggurat of 256 layers below exp(-x): thresholds (53 bits), widths per bit, heights."""
    edge, area, scale = 7.69711747013104972, 3.949659822581572e-3, 2.0**53
    thresholds, widths, heights = np.zeros(256, np.int64), np.zeros(256), np.ones(256)
    base = area / math.exp(-edge)
    thresholds[0], widths[0] = int(edge / base * scale), base / scale
    widths[255], heights[255] = edge / scale, math.exp(-edge)
    x, previous = edge, edge
    for i in range(254, 0, -1):
        x = -math.log(area / x + math.exp(-x))
        thresholds[i + 1], widths[i], heights[i] = int(x / previous * scale), x / scale, math.exp(-x)
        previous = x
    return thresholds, widths, heights


def _normal_layers() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Ziggurat of 256 layers below exp(-x^2/2): thresholds (52 bits), widths per bit, heights."""
    edge, area, scale = _NORMAL_EDGE, 4.92867323399e-3, 2.0**52
    thresholds, widths, heights = np.zeros(256, np.int64), np.zeros(256), np.ones(256)
    base = area / math.exp(-0.5 * edge * edge)
    thresholds[0], widths[0] = int(edge / base * scale), base / scale
    widths[255], heights[255] = edge / scale, math.exp(-0.5 * edge * edge)
    x, previous = edge, edge
    for i in range(254, 0, -1):
        x = math.sqrt(-2.0 * math.log(area / x + math.exp(-0.5 * x * x)))
        thresholds[i + 1], widths[i], heights[i] = int(x / previous * scale), x / scale, math.exp(-0.5 * x * x)
        previous = x
    return thresholds, widths, heights


_EXPONENTIAL_EDGE = 7.69711747013104972
_NORMAL_EDGE = 3.6541528853610088
_EXP_THRESHOLDS, _EXP_WIDTHS, _EXP_HEIGHTS = _exponential_layers()
_NORMAL_THRESHOLDS, _NORMAL_WIDTHS, _NORMAL_HEIGHTS = _normal_layers()


@kernel
def mix64(x: np.uint64) -> np.uint64:
    """Scramble 64 bits (uint64 -> uint64), one to one."""
    x = (x ^ (x >> _S30)) * _MIX1
    x = (x ^ (x >> _S27)) * _MIX2
    return x ^ (x >> _S31)


@kernel
def draw_bits(key: np.uint64, item: int, visit: int) -> np.uint64:
    """64 random bits (uint64) for a key (uint64), an item and a visit (int64 both)."""
    x = key + np.uint64(item) * _ITEM + np.uint64(visit) * _VISIT
    # The key enters twice: two streams whose counters meet still give different bits.
    x = (x ^ (x >> _S30)) * _MIX1 + key
    x = (x ^ (x >> _S27)) * _MIX2
    return x ^ (x >> _S31)


@kernel
def next_bits(bits: np.uint64) -> np.uint64:
    """Further bits (uint64) for a draw that needs more than 64."""
    return mix64(bits + _AGAIN)


@kernel
def sub_bits(bits: np.uint64, k: int) -> np.uint64:
    """Bits (uint64) of the k-th part (int64, from 1) of a draw made of several."""
    return mix64(bits + np.uint64(k) * _ITEM)


@kernel
def uniform(bits: np.uint64) -> float:
    """Uniform in the open interval (0, 1), from the upper 52 bits."""
    return (np.float64(np.int64(bits >> _S12)) + 0.5) * 2.220446049250313e-16


@kernel
def _rare_exponential(bits: np.uint64) -> float:
    shift = 0.0
    while True:
        layer = np.int64(bits & _LAYER)
        position = np.int64(bits >> _S11)
        x = np.float64(position) * _EXP_WIDTHS[layer]
        if position < _EXP_THRESHOLDS[layer]:
            return shift + x
        bits = next_bits(bits)
        if layer == 0:
            # Beyond the last edge the law is itself again, moved by the edge.
            shift += _EXPONENTIAL_EDGE
        else:
            low, high = _EXP_HEIGHTS[layer], _EXP_HEIGHTS[layer - 1]
            if low + (high - low) * uniform(bits) < math.exp(-x):
                return shift + x
        bits = next_bits(bits)


@kernel
def standard_exponential(bits: np.uint64) -> float:
    """Exponential with mean 1, exact in distribution (ziggurat)."""
    layer = np.int64(bits & _LAYER)
    position = np.int64(bits >> _S11)
    if position < _EXP_THRESHOLDS[layer]:
        return np.float64(position) * _EXP_WIDTHS[layer]
    return _rare_exponential(bits)


@kernel
def standard_normal(bits: np.uint64) -> float:
    """Normal with mean 0 and standard deviation 1, exact in distribution (ziggurat)."""
    while True:
        layer = np.int64(bits & _LAYER)
        sign = 1.0 if (bits >> _S8) & _S1 == _S1 else -1.0
        position = np.int64(bits >> _S12)
        x = np.float64(position) * _NORMAL_WIDTHS[layer]
        if position < _NORMAL_THRESHOLDS[layer]:
            return sign * x
        bits = next_bits(bits)
        if layer == 0:
            # Marsaglia's tail: exponential proposals beyond the edge.
            while True:
                tail = standard_exponential(bits) / _NORMAL_EDGE
                bits = next_bits(bits)
                y = standard_exponential(bits)
                bits = next_bits(bits)
                if y + y > tail * tail:
                    return sign * (_NORMAL_EDGE + tail)
        low, high = _NORMAL_HEIGHTS[layer], _NORMAL_HEIGHTS[layer - 1]
        if low + (high - low) * uniform(bits) < math.exp(-0.5 * x * x):
            return sign * x
        bits = next_bits(bits)


@kernel
def standard_gamma(shape: float, bits: np.uint64) -> float:
    """Gamma with the given shape (> 0) and scale 1."""
    boost = 1.0
    if shape < 1.0:
        boost = math.pow(uniform(sub_bits(bits, 1)), 1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    k = 2
    while True:
        x = standard_normal(sub_bits(bits, k))
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if standard_exponential(sub_bits(bits, k + 1)) > d * v - d - d * math.log(v) - 0.5 * x * x:
                return d * v * boost
        k += 2


@kernel
def sample(law: int, a: float, b: float, c: float, d: float, key: np.uint64, item: int, visit: int) -> float:
    """One draw (float64, seconds) of a law (LAW_*) with parameters a, b, c, d, for a key, item and visit."""
    if law == LAW_CONSTANT:
        return a
    bits = draw_bits(key, item, visit)
    if law == LAW_EXPONENTIAL:
        return a * standard_exponential(bits)
    if law == LAW_ERLANG:
        total = 0.0
        for k in range(1, int(b) + 1):
            total += standard_exponential(sub_bits(bits, k))
        return total * (a / b)
    if law == LAW_GAMMA:
        shape = 1.0 / (b * b)
        return standard_gamma(shape, bits) * (a / shape)
    if law == LAW_LOGNORMAL:
        return math.exp(a + b * standard_normal(bits))
    if law == LAW_UNIFORM:
        return a + (b - a) * uniform(bits)
    if law == LAW_TRIANGULAR:
        u = uniform(bits)
        if u * (c - a) < b - a:
            return a + math.sqrt(u * (c - a) * (b - a))
        return c - math.sqrt((1.0 - u) * (c - a) * (c - b))
    if law == LAW_PERT:
        if c <= a:
            return a
        x = standard_gamma(1.0 + 4.0 * (b - a) / (c - a), sub_bits(bits, 1))
        y = standard_gamma(1.0 + 4.0 * (c - b) / (c - a), sub_bits(bits, 2))
        return a + (c - a) * (x / (x + y))
    if law == LAW_WEIBULL:
        return a * math.pow(standard_exponential(bits), 1.0 / b)
    if law == LAW_NORMAL:
        k = 1
        while True:
            x = a + b * standard_normal(sub_bits(bits, k))
            if c <= x <= d:
                return x
            k += 1
    return math.nan


@kernel
def microseconds(seconds: float) -> np.int64:
    """Seconds (float64, >= 0) to the nearest int64 microsecond."""
    return np.int64(seconds * 1e6 + 0.5)


def check_draws(draws: Draws, what: str) -> None:
    """Raise ValueError, naming `what` and the index of the entity, where a law cannot be drawn."""
    n = len(draws.codes)
    if draws.parameters.shape != (n, 4) or draws.keys.shape != (n,):
        raise ValueError(f"{what}: {n} codes need parameters of shape ({n}, 4) and {n} keys")
    faults = []
    for i in range(n):
        a, b, c, d = (float(x) for x in draws.parameters[i])
        if fault := _fault(int(draws.codes[i]), a, b, c, d):
            faults.append(f"{what}[{i}]: {fault}")
    if faults:
        raise ValueError("; ".join(faults))


def _fault(law: int, a: float, b: float, c: float, d: float) -> str:
    if not LAW_NONE <= law <= LAW_NORMAL:
        return f"law {law} is unknown; use one of {LAW_NONE} to {LAW_NORMAL} (LAW_*)"
    if any(math.isnan(x) for x in (a, b, c, d)):
        return "a parameter is not a number"
    if law in (LAW_CONSTANT, LAW_EXPONENTIAL) and not 0 <= a < math.inf:
        return f"the mean must be finite and >= 0, not {a}"
    if law == LAW_ERLANG and not (0 <= a < math.inf and b >= 1 and b == int(b)):
        return f"an Erlang law needs a mean >= 0 and a whole number of phases >= 1, not {a}, {b}"
    if law == LAW_GAMMA and not (0 <= a < math.inf and 0 < b < math.inf):
        return f"a gamma law needs a mean >= 0 and a coefficient of variation > 0, not {a}, {b}"
    if law == LAW_LOGNORMAL and not (abs(a) < math.inf and 0 <= b < math.inf):
        return f"a lognormal law needs a finite log-mean and a log-deviation >= 0, not {a}, {b}"
    if law == LAW_UNIFORM and not 0 <= a <= b < math.inf:
        return f"a uniform law needs 0 <= low <= high, not {a}, {b}"
    if law in (LAW_TRIANGULAR, LAW_PERT) and not 0 <= a <= b <= c < math.inf:
        return f"low, mode and high must be in order and >= 0, not {a}, {b}, {c}"
    if law == LAW_WEIBULL and not (0 <= a < math.inf and 0 < b < math.inf):
        return f"a Weibull law needs a scale >= 0 and a shape > 0, not {a}, {b}"
    if law == LAW_NORMAL:
        if not (b > 0 and 0 <= c < d):
            return f"a normal law needs a deviation > 0 and bounds 0 <= low < high, not {b}, {c}, {d}"
        inside = 0.5 * (math.erf((d - a) / b / math.sqrt(2)) - math.erf((c - a) / b / math.sqrt(2)))
        if inside < 0.01:
            return f"the bounds {c} to {d} hold under 1 % of a normal law with mean {a} and deviation {b}"
    return ""
