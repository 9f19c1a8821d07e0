"""Checks of a scenario as a whole, after its cells are read. A check is one function in CHECKS."""

import datetime as dt

from ironworks.checks import bench, calendars, halls, horizon, line, plant, process, products, references, robots
from ironworks.checks._context import Checked
from ironworks.faults import FaultLog
from ironworks.reading.figures import Numbers
from ironworks.reading.folder import Folder
from ironworks.rows import Tables, Target
from ironworks.settings import Settings

CHECKS = (
    references.check, products.check, process.check, line.check, bench.check, plant.check, halls.check, calendars.check,
    robots.check, horizon.check,
)  # fmt: skip


def check_tables(
    tables: Tables,
    settings: Settings | None,
    folder: Folder,
    numbers: Numbers,
    log: FaultLog,
    written_end: dt.date | None = None,
) -> tuple[Target, ...]:
    """Run every check; faults and warnings go to the log. Returns the targets that fall due before the run ends."""
    checked = Checked(tables, settings, folder, numbers, log, written_end)
    for check in CHECKS:
        check(checked)
    return horizon.reached(checked)
