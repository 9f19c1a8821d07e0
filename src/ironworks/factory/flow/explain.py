"""Says in words why a plant is locked: who waits for whom."""

from __future__ import annotations

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.world import World
from ironworks.factory.flow.result import Names


def explain(w: World, names: Names) -> str:
    """One line for each place that holds a unit it cannot hand over, and each station that waits for a part."""
    stations = len(names.stations)
    lines = [f"deadlock at {w.g[f.G_NOW] / 1e6:.6g} s: nothing can move any more"]
    g, e = w.g, w.e
    for p in range(g[f.G_PLACE0], g[f.G_OP0]):
        row = e[p]
        if row[f.PL_PHASE] != f.HOLDING:
            continue
        s, dest, item = int(row[f.PL_STATION]), int(row[f.PL_DEST]), w.it[row[f.PL_ITEM]]
        unit = f"{names.routings[item[f.IT_ROUTING] - g[f.G_RT0]]} #{item[f.IT_SERIAL]}"
        place = int(p - e[s, f.ST_PLACE0]) + 1
        if dest >= stations:
            target = f"store {names.stores[dest - stations]}, which is full"
        else:
            target = f"station {names.stations[dest]}, whose buffer and places are full"
        lines.append(f"  {names.stations[s]} (place {place}) holds {unit}, which waits for {target}")
    for s in range(stations):
        k = int(e[s, f.ST_WAIT_STORE])
        if k >= 0 and e[s, f.ST_LEN0] + e[s, f.ST_LEN1] + e[s, f.ST_SOURCES] > 0:
            lines.append(f"  {names.stations[s]} waits for {names.stores[k - stations]}")
    lines.append("  mend: a larger buffer in the circle, fewer units in process (Conwip), or swap=True at a station of it")
    return "\n".join(lines)
