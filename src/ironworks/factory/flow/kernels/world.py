"""All tables of one run, in one value that the kernels pass on. The columns are in `fields`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class World(NamedTuple):
    """Rows are entities. `ci`, `cf` hold the lists of variable length that other tables point into."""

    g: Ints  # (G_N,)
    heap: Ints  # (h, 5)
    st: Ints  # (S, ST_N)
    pl: Ints  # (P, PL_N)
    acc: Ints  # (P, 10) microseconds by state
    op: Ints  # (O, OP_N)
    rt: Ints  # (R, RT_N)
    it: Ints  # (items, IT_N)
    so: Ints  # (K, SO_N)
    bq: Ints  # (S + K, 3) head and tail of the places blocked before a station or store, being looked at
    cal: Ints  # (C, CA_N)
    spans: Ints  # (n, 3) begin, end, on-shift time before
    cr: Ints  # (crews, CR_N)
    sk: Ints  # (skills, SK_N)
    fl: Ints  # (fleets, FL_N)
    mv: Ints  # (moves, MV_N)
    law: Ints  # (laws,) codes
    lawf: Floats  # (laws, 4)
    key: NDArray[np.uint64]  # (keys,)
    lrn: Floats  # (L, LN_N)
    opf: Floats  # (O, 1) false reject
    sof: Floats  # (K, 2) yield, supplier weight
    supply: Floats  # (suppliers, 3) review time [us], allowance left, unused
    sup0: Ints  # (suppliers, 2) steps in ci/cf
    df: Ints  # (D, 4) return operation, repair operation, maximum of loops, hold law
    dff: Floats  # (D, 2) repair success, probability of hold
    dfc: Ints  # (D, 4) first and number of causes, found, escaped
    ci: Ints
    cf: Floats
    log: Ints  # (n, 8)
    fin: Ints  # (n, 2) routing, finish time
    dirty: Ints  # (S,)
    done: Ints  # (P,)
    stack: Ints  # (n,)
    edges: Ints  # (B,) right edges of bins
    bst: Ints  # (B, S, 11) states and queue area, cumulative
    brt: Ints  # (B, R, 7)
    bop: Ints  # (B, O, 4)
    bso: Ints  # (B, K, 6)
    bdf: Ints  # (B, D, 2)
    bsk: Ints  # (B, skills)
