"""Serial lines for the kernel tests, in the form that the kernels take."""

from collections.abc import Sequence

import numpy as np

from ironworks.factory.flow.kernels.random import LAW_EXPONENTIAL, LAW_NONE, Draws, stream_key

Law = tuple[float, ...]
NO_FAILURES: Law = (LAW_NONE,)


def exponential(mean: float) -> Law:
    return (LAW_EXPONENTIAL, mean)


def draws(laws: Sequence[Law], purpose: str, seed: int = 1, names: Sequence[str] = ()) -> Draws:
    """Laws as (code, a, b, ...), seconds; station j is called "j" unless names are given."""
    parameters = np.zeros((len(laws), 4))
    for row, law in zip(parameters, laws, strict=True):
        row[: len(law) - 1] = law[1:]
    names = names or [str(j) for j in range(len(laws))]
    keys = np.array([stream_key(seed, 0, name, purpose) for name in names], np.uint64)
    return Draws(np.array([int(law[0]) for law in laws]), parameters, keys)


def line(
    process: Sequence[Law],
    buffers: Sequence[int],
    uptime: Sequence[Law] | None = None,
    repair: Sequence[Law] | None = None,
    seed: int = 1,
    names: Sequence[str] = (),
):
    """Arguments of serial_line and maxplus_line up to the buffers."""
    none = [NO_FAILURES] * len(process)
    return (
        draws(process, "process", seed, names),
        draws(uptime or none, "uptime", seed, names),
        draws(repair or none, "repair", seed, names),
        np.array(buffers, np.int64),
    )


def anchor(n: int = 20, seed: int = 1):
    """The line of the comparison with other simulators."""
    return line([exponential(180)] * n, [3] * (n - 1), [exponential(8 * 3600)] * n, [exponential(1200)] * n, seed)
