"""What is kept of the kernel's memory at the end of each bin: few columns of each kind of entity."""

from __future__ import annotations

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.result import Ints

_KEPT = {
    f.G_ST0: (f.ST_AREA, f.ST_SINCE, f.ST_LEN0, f.ST_LEN1),
    f.G_STORE0: (
        f.SO_LEVEL,
        f.SO_AREA,
        f.SO_SINCE,
        f.SO_CONSUMED,
        f.SO_DELIVERED,
        f.SO_ORDERED,
        f.SO_SHORT,
        f.SO_SHORT_SINCE,
        f.SO_WAITERS,
    ),
    f.G_PLACE0: tuple(range(f.PL_ACC, f.PL_ACC + f.S_N)),
    f.G_OP0: (f.OP_STARTS, f.OP_REJECTS, f.OP_FIRST, f.OP_PASSED),
    f.G_RT0: (
        f.RT_RELEASED,
        f.RT_FINISHED,
        f.RT_SCRAPPED,
        f.RT_LOST,
        f.RT_WIP,
        f.RT_AREA,
        f.RT_SINCE,
        f.RT_LEAD,
    ),
    f.G_SK0: (f.SK_AREA,),
    f.G_DF0: (f.DF_FOUND, f.DF_ESCAPED),
}
_END = {
    f.G_ST0: f.G_STORE0,
    f.G_STORE0: f.G_PLACE0,
    f.G_PLACE0: f.G_OP0,
    f.G_OP0: f.G_RT0,
    f.G_RT0: f.G_CAL0,
    f.G_SK0: f.G_FL0,
    f.G_DF0: f.G_SU0,
}


class Records:
    """Kept columns by kind of entity (named by where it begins, G_...), one set for each bin that ended."""

    def __init__(self) -> None:
        self._kept: dict[int, list[Ints]] = {kind: [] for kind in _KEPT}

    def __len__(self) -> int:
        return len(self._kept[f.G_ST0])

    def add(self, m: Ints) -> None:
        """Keep what `m` holds now."""
        for kind, columns in _KEPT.items():
            table = m[m[kind] : m[_END[kind]]].reshape(-1, f.E_WIDTH)
            self._kept[kind].append(table[:, columns])

    def column(self, kind: int, column: int) -> Ints:
        """(B, n) values of a column at the ends of the bins."""
        at = _KEPT[kind].index(column)
        return np.array([table[:, at] for table in self._kept[kind]])

    def states(self, stations: Ints, n: int) -> Ints:
        """(B, n, 10) microseconds by station and state; `stations`: the station number of each place."""
        total = np.zeros((len(self), n, f.S_N), np.int64)
        for b, table in enumerate(self._kept[f.G_PLACE0]):
            np.add.at(total[b], stations, table)
        return total
