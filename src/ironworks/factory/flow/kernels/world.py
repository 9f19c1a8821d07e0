"""All tables of one run, in one value that the kernels pass on. The columns are in `fields`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class World(NamedTuple):
    """Few arrays on purpose: each costs compile time and registers at every call."""

    g: Ints  # (G_N,) globals
    e: Ints  # (entities, E_WIDTH)
    heap: Ints  # (h, 5) events to come
    it: Ints  # (items, IT_N)
    ci: Ints  # lists of variable length that the entities point into
    cf: Floats  # figures at the same places as in ci: laws, learning, steps, probabilities
    key: NDArray[np.uint64]  # (keys,) of random streams
    log: Ints  # (n, 8)
    fin: Ints  # (n, 2) routing, finish time
