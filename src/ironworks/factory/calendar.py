"""Calendars of shifts, breaks, holidays and overtime as intervals on shift, in seconds from the first midnight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ironworks.rows.people import Shift

__all__ = ["DAY", "WEEK", "YEAR", "by_calendar", "intervals", "on_time", "seconds", "shifts_at", "years"]

DAY = 86400.0
WEEK = 7 * DAY
YEAR = 365.25 * DAY

Floats = NDArray[np.float64]


def seconds(start: date, day: date) -> float:
    """00:00 of `day` in seconds from 00:00 of `start`."""
    return (day - start).days * DAY


def years(start: date, end: date) -> list[tuple[int, float, float]]:
    """Calendar years from `start` to `end` (inclusive): (year, begin, end) in seconds from `start`, cut to the span."""
    spans = []
    for year in range(start.year, end.year + 1):
        first, last = max(start, date(year, 1, 1)), min(end, date(year, 12, 31))
        spans.append((year, seconds(start, first), seconds(start, last + timedelta(days=1))))
    return spans


def intervals(shifts: Iterable[Shift], start: date, days: int, holidays: Iterable[date] = ()) -> Floats:
    """(n, 2) intervals on shift over `days` days from `start`: sorted, disjoint, touching ones merged.

    A shift belongs to the day on which it begins, so the night after a holiday's eve is worked. Overtime is worked
    right after the shift, in equal parts on each of its days. A shift that began on the day before `start` counts.
    """
    free = {(day - start).days for day in holidays}
    index = np.arange(-1, days)
    index = index[~np.isin(index, list(free))]
    weekday = (start.weekday() + index) % 7
    pieces = []
    for shift in shifts:
        wanted = np.isin(weekday, shift.days)
        if shift.from_ is not None:
            wanted &= index >= (shift.from_ - start).days
        if shift.until is not None:
            wanted &= index <= (shift.until - start).days
        at = index[wanted].astype(float) * DAY
        for begins, ends in _segments(shift):
            pieces.append(np.stack([at + begins, at + ends], axis=1))
    if not pieces:
        return np.empty((0, 2))
    return _union(np.clip(np.concatenate(pieces), 0.0, days * DAY))


def on_time(spans: Floats, begins: float, ends: float) -> float:
    """Seconds on shift between two times."""
    if not len(spans):
        return 0.0
    return float(np.maximum(0.0, np.minimum(spans[:, 1], ends) - np.maximum(spans[:, 0], begins)).sum())


def shifts_at(shifts: Sequence[Shift], day: date) -> int:
    """How many different shifts a calendar runs in the week of `day`: people are hired for each of them.

    Rows that begin at the same time on different days are one shift.
    """
    return len({
        shift.start
        for shift in shifts
        if (shift.from_ is None or shift.from_ <= day) and (shift.until is None or day <= shift.until)
    })  # fmt: skip


def by_calendar(rows: Iterable[Shift]) -> Mapping[str, tuple[Shift, ...]]:
    """Rows of calendars.csv by calendar."""
    found: dict[str, tuple[Shift, ...]] = {}
    for row in rows:
        found[row.calendar] = (*found.get(row.calendar, ()), row)
    return found


def _segments(shift: Shift) -> list[tuple[float, float]]:
    """The working parts of one shift in seconds from the midnight of its day."""
    end = shift.end if shift.end > shift.start else shift.end + DAY
    overtime = shift.overtime * 3600.0 / len(shift.days) if shift.days else 0.0
    parts = []
    at = float(shift.start)
    # A break before the shift's start is one of the next morning.
    breaks = [(b if b >= shift.start else b + DAY, e if e > shift.start else e + DAY) for b, e in shift.breaks]
    for begins, ends in sorted(breaks):
        if begins > at:
            parts.append((at, min(begins, end)))
        at = max(at, ends)
    if at < end + overtime:
        parts.append((at, end + overtime))
    return parts


def _union(spans: Floats) -> Floats:
    spans = spans[spans[:, 1] > spans[:, 0]]
    if not len(spans):
        return np.empty((0, 2))
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    first = np.concatenate([[True], spans[1:, 0] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return np.stack([spans[first, 0], reach[last]], axis=1)
