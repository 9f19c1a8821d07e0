"""What `ironworks accept --programme grasp` prints: tables for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from ironworks.commands._bench_screen import accepted_tables
from ironworks.commands._walking_screen import turned_away
from ironworks.robot.acceptance.manipulation import GRASPS
from ironworks.robot.acceptance.walking import clopper_pearson
from ironworks.studies.grasping import Grasped

__all__ = ["grasped_tables"]


def grasped_tables(grasped: Grasped) -> Iterator[Table]:
    """What the bench prints of any sample, then hand by hand, and units turned away."""
    yield from accepted_tables(grasped)
    yield _hands(grasped)
    yield from turned_away(grasped.sample)


def _hands(grasped: Grasped) -> Table:
    passed, tried, share = grasped.share([procedure.name for procedure in GRASPS])
    title = "Hands that passed"
    if tried:
        title = (
            f"{passed} of {tried} grasps held, {share.estimate:.1%} ({share.low:.1%} to {share.high:.1%}); hand by hand"
        )
    table = Table(title=title, title_justify="left", box=None)
    for column in ("procedure", "hands", "95 % interval"):
        table.add_column(column, justify="left" if column == "procedure" else "right")
    for name, (passed, tried) in grasped.hands.items():
        one = clopper_pearson(passed, tried)
        table.add_row(name, f"{passed}/{tried}", f"{one.low:.1%} to {one.high:.1%}")
    return table
