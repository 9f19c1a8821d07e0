"""Says in words why a plant is locked: who waits for whom."""

from __future__ import annotations

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.result import Ints, Names


def explain(m: Ints, names: Names) -> str:
    """One line for each place that holds a unit it cannot hand over, and each station that waits for a part."""
    lines = [f"deadlock at {m[f.G_NOW] / 1e6:.6g} s: nothing can move any more"]

    def number(place: int, first: int) -> int:
        return int(place - m[first]) // f.E_WIDTH

    for p in range(m[f.G_PLACE0], m[f.G_OP0], f.E_WIDTH):
        if m[p + f.PL_PHASE] != f.HOLDING:
            continue
        s, dest, item = int(m[p + f.PL_STATION]), int(m[p + f.PL_DEST]), int(m[p + f.PL_ITEM])
        unit = f"{names.routings[number(m[item + f.IT_ROUTING], f.G_RT0)]} #{m[item + f.IT_SERIAL]}"
        if dest >= m[f.G_STORE0]:
            target = f"store {names.stores[number(dest, f.G_STORE0)]}, which is full"
        else:
            target = f"station {names.stations[number(dest, f.G_ST0)]}, whose buffer and places are full"
        station = names.stations[number(s, f.G_ST0)]
        lines.append(f"  {station} (place {m[p + f.PL_INDEX] + 1}) holds {unit}, which waits for {target}")
    for s in range(m[f.G_ST0], m[f.G_STORE0], f.E_WIDTH):
        k = int(m[s + f.ST_WAIT_STORE])
        if k >= 0 and m[s + f.ST_LEN0] + m[s + f.ST_LEN1] + m[s + f.ST_SOURCES] > 0:
            lines.append(f"  {names.stations[number(s, f.G_ST0)]} waits for {names.stores[number(k, f.G_STORE0)]}")
    lines.append(
        "  mend: a larger buffer in the circle, fewer units in process (Conwip), or swap=True at a station of it"
    )
    return "\n".join(lines)
