"""Dates and settings: everything happens within the horizon, and what settings and variants name is there."""

import copy
import datetime as dt

from ironworks.checks._context import Checked
from ironworks.faults import closest
from ironworks.formulas import names_in
from ironworks.reading.overrides import apply_override
from ironworks.rows import Row, Target

# Columns that must not lie after the horizon; those of _WITHIN must not lie before it either.
_NOT_AFTER = {
    "routes": "from",
    "halls": "from",
    "programme": "from",
    "supply": "from",
    "headcount": "from",
    "sites": "available",
}
_WITHIN = {"expansions": "date", "moves": "date", "ecn": "date"}


def check(checked: Checked) -> None:
    """All checks of dates, targets, settings and variants. A run that ends early keeps the rows of what comes later."""
    if checked.settings is not None:
        start, end = checked.settings.scenario.start, checked.settings.scenario.end
        end = max(end, checked.written_end or end)
        for table, column in (*_NOT_AFTER.items(), *_WITHIN.items()):
            for row in getattr(checked.tables, table):
                _inside(checked, table, row, column, start if table in _WITHIN else dt.date.min, end)
        for target in checked.tables.targets:
            for column in ("from", "to", "at"):
                _inside(checked, "targets", target, column, start, end)
        _settings(checked)
    for target in checked.tables.targets:
        _target(checked, target)
    for change in checked.tables.ecn:
        if (change.date is None) == (change.serial is None):
            checked.fault(
                "ecn",
                change,
                "date",
                "needs a date or a serial number, not both",
                mend="fill in one of date and serial",
            )
    _variants(checked)
    _unread_figures(checked)


def reached(checked: Checked) -> tuple[Target, ...]:
    """The targets that fall due before a run ends; a warning names each that does not."""
    if checked.settings is None:
        return checked.tables.targets
    end = checked.settings.scenario.end
    kept = []
    for target in checked.tables.targets:
        due = [day for column in ("from", "to", "at") if (day := target.cell(column)) is not None]
        if due and max(due) > end:
            checked.warn(
                "targets",
                target,
                "to" if target.to else "at",
                f"falls due after the run ends, {end}: not judged",
                mend="run longer to judge it",
            )
        else:
            kept.append(target)
    return tuple(kept)


def _inside(checked: Checked, table: str, row: Row, column: str, start: dt.date, end: dt.date) -> None:
    value = row.cell(column)
    if value is not None and not start <= value <= end:
        since = f"from {start} " if start > dt.date.min else ""
        mend = "correct it, or move `start` or `end` in scenario.toml"
        checked.fault(table, row, column, f"{value} is outside the horizon ({since}to {end})", mend=mend)


def _target(checked: Checked, target: Target) -> None:
    needed = {
        "finished": ("from", "to", "quantity"),
        "shipped": ("from", "to", "quantity"),
        "rate": ("at", "quantity"),
        "sop": ("at",),
    }
    for column in needed[target.kind]:
        if target.cell(column) is None:
            checked.fault(
                "targets",
                target,
                column,
                f"is empty, but a target of kind {target.kind} needs it",
                mend=f"fill in `{column}`",
            )
    for column in ("from", "to", "at", "quantity"):
        if column not in needed[target.kind] and target.cell(column) is not None:
            checked.fault(
                "targets",
                target,
                column,
                f"means nothing for a target of kind {target.kind}",
                mend="leave it empty, or correct the kind",
            )
    if target.from_ and target.to and target.to < target.from_:
        checked.fault("targets", target, "to", f"{target.to} is before from, {target.from_}", mend="exchange them")
    wanted = "rate" if target.kind == "rate" else "number"
    if target.quantity is not None and target.quantity.dimension != wanted and target.kind != "sop":
        example = "25 robot/week" if wanted == "rate" else "10000 robot"
        said = f"`{target.quantity.text}` is a {target.quantity.dimension}"
        problem = f"{said}; a target of kind {target.kind} wants a {wanted}"
        checked.fault("targets", target, "quantity", problem, mend=f"write for example `{example}`")


def _settings(checked: Checked) -> None:
    settings = checked.settings
    if settings is None:
        return
    items = checked.declared("items", "item")
    if settings.sop is not None and settings.sop.item not in items:
        problem, mend = (
            f"`{settings.sop.item[:60]}` is not in items.csv",
            closest(settings.sop.item, items) or "name an item",
        )
        checked.log.add(*checked.folder.place("sop.item"), "sop.item", problem, choices=tuple(items), mend=mend)
    groups = {cell.lstrip("-") for cell in checked.declared("figures", "group")} - {""}
    for name in settings.correlation:
        if name not in groups:
            mend = closest(name, groups) or "remove it, or name the group in figures.csv"
            place = checked.folder.place(f"correlation.{name}")
            checked.log.add(
                *place, f"correlation.{name[:60]}", "no figure is in this group", choices=sorted(groups), mend=mend
            )


def _variants(checked: Checked) -> None:
    if not checked.tables.variants:
        return
    # Every variant is tried on a copy, so that a wrong key is found before the variant is asked for.
    trial = copy.deepcopy(checked.folder)
    for row in checked.tables.variants:
        apply_override(trial, row.key, row.value, ("variants.csv", row.row_line), checked.log)


def _unread_figures(checked: Checked) -> None:
    read = set().union(*(names_in(expression) for expression in checked.numbers.expressions.values()))
    unread = [
        name
        for name, figure in checked.numbers.named.items()
        if figure.role == "input" and name not in read and not name.startswith("fx_")
    ]
    if unread and not checked.log.faults:
        shown = ", ".join(unread[:8]) + (f" and {len(unread) - 8} more" if len(unread) > 8 else "")
        checked.log.warn(
            "figures.csv", 0, "", f"no formula reads {shown}", mend="give them the role `context`, or use them"
        )
