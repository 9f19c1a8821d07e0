"""Calendars: shifts do not overlap, breaks lie inside, hours keep to the law where we know it."""

import datetime as dt
import itertools
from collections import defaultdict

from ironworks.checks._context import Checked
from ironworks.rows import Shift

_DAY = 86400
_WEEK = 7 * _DAY
# Hours a week and overtime hours a month by law. China: State Council Decree 174 (40 h), Labour Law art. 41 (36 h).
_LEGAL_HOURS = {"Asia/Shanghai": (40.0, 36.0)}
_WEEKS_PER_MONTH = 365.25 / 12 / 7


def check(checked: Checked) -> None:
    """All checks of calendars."""
    by_calendar: dict[str, list[Shift]] = defaultdict(list)
    for shift in checked.tables.calendars:
        by_calendar[shift.calendar].append(shift)
        _breaks(checked, shift)
        if shift.from_ and shift.until and shift.until < shift.from_:
            checked.fault(
                "calendars", shift, "until", f"{shift.until} is before from, {shift.from_}", mend="exchange them"
            )
    for shifts in by_calendar.values():
        _overlaps(checked, shifts)
    if checked.settings and checked.settings.scenario.timezone in _LEGAL_HOURS:
        worked = _calendars_of_people(checked)
        for name, shifts in by_calendar.items():
            if name in worked:
                _legal_hours(checked, shifts, *_LEGAL_HOURS[checked.settings.scenario.timezone])


def _length(shift: Shift) -> int:
    return shift.end - shift.start if shift.end > shift.start else shift.end + _DAY - shift.start


def _breaks(checked: Checked, shift: Shift) -> None:
    spans = []
    for start, end in shift.breaks:
        # A break after midnight belongs to the night shift that began the day before.
        begin = start if start >= shift.start else start + _DAY
        length = end - start if end > start else end + _DAY - start
        if begin + length > shift.start + _length(shift):
            checked.fault(
                "calendars",
                shift,
                "breaks",
                f"the break {_span(start, end)} is not inside the shift",
                mend="move it or the shift",
            )
        spans.append((begin, begin + length))
    spans.sort()
    if any(later[0] < earlier[1] for earlier, later in itertools.pairwise(spans)):
        checked.fault("calendars", shift, "breaks", "breaks overlap", mend="join or move them")


def _span(start: int, end: int) -> str:
    return "-".join(f"{clock // 3600:02d}:{clock // 60 % 60:02d}" for clock in (start, end))


def _overlaps(checked: Checked, shifts: list[Shift]) -> None:
    for number, shift in enumerate(shifts):
        for other in shifts[:number]:
            if _same_dates(shift, other) and _same_hours(shift, other):
                theirs = f"{_span(other.start, other.end)} of line {other.row_line}"
                problem = f"the shift {_span(shift.start, shift.end)} overlaps {theirs}"
                checked.fault("calendars", shift, "start", problem, mend="move one, or limit them by from and until")
                break


def _same_dates(one: Shift, other: Shift) -> bool:
    starts = max(one.from_ or dt.date.min, other.from_ or dt.date.min)
    return starts <= min(one.until or dt.date.max, other.until or dt.date.max)


def _same_hours(one: Shift, other: Shift) -> bool:
    for day in one.days:
        for other_day in other.days:
            for week in (-_WEEK, 0, _WEEK):
                begin, other_begin = day * _DAY + one.start, other_day * _DAY + other.start + week
                if begin < other_begin + _length(other) and other_begin < begin + _length(one):
                    return True
    return False


def _calendars_of_people(checked: Checked) -> set[str]:
    staffed = {
        row.station for table in (checked.tables.operations, checked.tables.repairs) for row in table if row.operators
    }
    names = {station.calendar for station in checked.tables.stations if station.station in staffed and station.attended}
    names |= {crew.calendar for crew in checked.tables.crews}
    return names | {skill.calendar for skill in checked.tables.skills if skill.calendar}


def _legal_hours(checked: Checked, shifts: list[Shift], week: float, overtime: float) -> None:
    # People of one shift work all its rows: those that start at the same time of day in the same span of dates.
    teams: dict[tuple[int, object, object], list[Shift]] = defaultdict(list)
    for shift in shifts:
        teams[shift.start, shift.from_, shift.until].append(shift)
    limit = week + overtime / _WEEKS_PER_MONTH
    for team in teams.values():
        hours = 0.0
        for shift in team:
            breaks = sum((end - start) % _DAY for start, end in shift.breaks)
            hours += len(shift.days) * (_length(shift) - breaks) / 3600.0 + shift.overtime
        if hours > limit + 1e-9:
            problem = f"{hours:.1f} hours a week are over the legal {week:g} and {overtime:g} a month of overtime"
            checked.warn(
                "calendars",
                team[0],
                "end",
                problem,
                mend="shorten the shift, add a shift, or say in `note` why it is allowed",
            )
