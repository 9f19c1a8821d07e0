"""Probability of a target against what a plan spends: all plans that were tried and those that none beats."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, GREEN, INK, MUTED, ORANGE, Floats, own_axes, tidy

__all__ = ["plot_front"]


def plot_front(
    outlays: Floats,
    chances: Floats,
    front: Sequence[int],
    unit: str,
    ax: Axes | None = None,
    *,
    wanted: float,
    hand: tuple[float, float] | None = None,
    chosen: tuple[float, float, float, float] | None = None,
) -> Axes:
    """Dots at `outlays` (n,) in `unit` and `chances` (n,) 0..1; `front` are those to be joined by steps.

    `hand`: (outlay, chance) of the plan as it stood; `chosen`: outlay, chance and its interval of the plan confirmed.
    """
    ax = own_axes(ax, 9.2, 3.4)
    ax.axhline(100 * wanted, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.scatter(outlays, 100 * chances, s=14, color="#b9c2c9", linewidth=0, zorder=2)
    x, y = outlays[list(front)], 100 * chances[list(front)]
    ax.step(x, y, where="post", color=BLUE, zorder=3)
    ax.scatter(x, y, s=20, color=BLUE, linewidth=0, zorder=4)
    if hand is not None:
        ax.scatter([hand[0]], [100 * hand[1]], marker="D", s=34, color=ORANGE, zorder=5, linewidth=0)
        _named(ax, hand[0], 100 * hand[1], "as the scenario has it", 5)
    if chosen is not None:
        outlay, chance, low, high = chosen
        ax.vlines([outlay], 100 * low, 100 * high, color=INK, linewidth=1.2, zorder=5)
        ax.scatter([outlay], [100 * chance], marker="o", s=40, color=GREEN, zorder=6, linewidth=0)
        _named(ax, outlay, 100 * chance, "the plan", -12)
    ax.set_ylim(-3, 108)
    ax.margins(x=0.12)
    ax.text(1.0, 100 * wanted, "wanted ", transform=ax.get_yaxis_transform(), ha="right", va="bottom", fontsize=8)
    tidy(ax, "probability, %", xlabel=unit)
    return ax


def _named(ax: Axes, x: float, y: float, name: str, up: float) -> None:
    ax.annotate(name, (x, y), (6, up), textcoords="offset points", fontsize=8, color=INK, zorder=7)
