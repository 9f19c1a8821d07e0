"""How yields move with the scale of spreads and fault rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from ironworks.report.plots.theme import INK, LINES, MUTED, Floats, label_ends, own_axes, percent, tidy


def plot_scales(
    lines: Mapping[str, tuple[Sequence[float], Floats, Floats, Floats]],
    first: float,
    mature: float,
    ax: Axes | None = None,
) -> Axes:
    """First-pass yield by scale: for each name its scales (L,), shares, low and high ends of intervals.

    The plant goes from scale `first` at its first unit to `mature`; both are marked.
    """
    ax = own_axes(ax, 9.2, 3.4)
    colours = [LINES[i % len(LINES)] for i in range(len(lines))]
    for colour, (scales, share, low, high) in zip(colours, lines.values(), strict=True):
        ax.fill_between(scales, low, high, color=colour, alpha=0.14, linewidth=0)
        ax.plot(scales, share, "o-", color=colour, markersize=4)
    every = sorted({scale for scales, *_ in lines.values() for scale in scales})
    ax.set_xscale("log", base=2)
    # The worst units stand left, as the ramp begins with them.
    ends = [*every, first, mature]
    ax.set_xlim(max(ends) * 1.12, min(ends) / 1.12)
    ax.set_xticks(every, [f"{scale:g}" for scale in every])
    ax.minorticks_off()
    ax.set_ylim(0, 1.02)
    for at, word in ((first, "first unit"), (mature, "long run")):
        ax.axvline(at, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
        ax.annotate(word, (at, 0.03), (4, 0), textcoords="offset points", fontsize=8, color=MUTED)
    tidy(ax, "units that pass everything the first time", "multiple of the spreads and fault rates")
    percent(ax)
    label_ends(
        ax, [(float(line[1][0]), name, colour) for (name, line), colour in zip(lines.items(), colours, strict=True)]
    )
    return ax
