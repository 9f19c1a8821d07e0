"""What experience changes: growth laws, and the time of an operation with its cumulative count."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def growth(m: Ints, x: Floats, row: int, n: float) -> float:
    """Factor of a growth law at cumulative count n (`model.Growth`): exponent, unit, limit stand in cf."""
    exponent, at, limit = x[row], x[row + 1], x[row + 2]
    factor = (max(n, 1.0) / at) ** exponent
    return min(factor, limit) if exponent > 0 else max(factor, limit)


@internal
def learn(m: Ints, x: Floats, row: int, item: int) -> float:
    """Count one more unit of experience; the factor by which it stretches the time (`model.Learning`)."""
    generation = m[item + f.IT_GENERATION]
    r = m[item + f.IT_ROUTING]
    while x[row + f.LN_GENERATION] < generation:
        setback = x[m[r + f.RT_ECN0] + 2 * int(x[row + f.LN_GENERATION])]
        x[row + f.LN_COUNT] = (1.0 - setback) * (x[row + f.LN_COUNT] + x[row + f.LN_PRIOR])
        x[row + f.LN_PRIOR] = 0.0
        x[row + f.LN_GENERATION] += 1
    x[row + f.LN_COUNT] += 1.0
    n = x[row + f.LN_COUNT] + x[row + f.LN_PRIOR]
    law, b, at = int(x[row + f.LN_LAW]), x[row + f.LN_B], x[row + f.LN_AT]
    if law == f.L_CRAWFORD:
        return (n / at) ** b
    if law == f.L_WRIGHT:
        before = (n - 1.0) ** (1.0 + b) if n > 1.0 else 0.0
        return (n ** (1.0 + b) - before) / x[row + f.LN_SCALE]
    if law == f.L_DEJONG:
        fixed = x[row + f.LN_M]
        return (fixed + (1.0 - fixed) * n**b) / x[row + f.LN_SCALE]
    return 1.0
