"""Calendars against hours counted by hand, and against a loop over minutes."""

import time
from datetime import date

import numpy as np
import pytest

from ironworks.factory.calendar import DAY, intervals, on_time, seconds, shifts_at, years
from ironworks.rows.people import Shift

HOUR = 3600
MONDAY = date(2027, 1, 4)
DAY_SHIFT = Shift(calendar="c", days=(0, 1, 2, 3, 4), start=8 * HOUR, end=17 * HOUR, breaks=((12 * HOUR, 13 * HOUR),))
NIGHT = Shift(calendar="c", days=(0, 1, 2, 3, 4), start=20 * HOUR, end=4 * HOUR, breaks=((0, HOUR // 2),))


def test_a_day_shift_with_a_break() -> None:
    got = intervals([DAY_SHIFT], MONDAY, 1)
    assert got.tolist() == [[8 * HOUR, 12 * HOUR], [13 * HOUR, 17 * HOUR]]


def test_a_week_has_forty_hours() -> None:
    assert on_time(intervals([DAY_SHIFT], MONDAY, 14), 0, 7 * DAY) == 40 * HOUR


def test_a_night_shift_runs_over_midnight_with_its_break_after_it() -> None:
    got = intervals([NIGHT], MONDAY, 2)
    assert got.tolist() == [[20 * HOUR, 24 * HOUR], [24.5 * HOUR, 28 * HOUR], [44 * HOUR, 48 * HOUR]]


def test_the_night_before_the_first_day_counts() -> None:
    assert intervals([NIGHT], date(2027, 1, 5), 1).tolist()[0] == [0.5 * HOUR, 4 * HOUR]


def test_touching_shifts_merge() -> None:
    early = Shift(calendar="c", days=(0,), start=6 * HOUR, end=14 * HOUR)
    late = Shift(calendar="c", days=(0,), start=14 * HOUR, end=22 * HOUR)
    assert intervals([late, early], MONDAY, 7).tolist() == [[6 * HOUR, 22 * HOUR]]


def test_round_the_clock_is_one_interval() -> None:
    always = Shift(calendar="c", days=tuple(range(7)), start=0, end=24 * HOUR)
    assert intervals([always], MONDAY, 365).tolist() == [[0, 365 * DAY]]


def test_holidays_are_off_and_the_eve_is_worked_to_its_end() -> None:
    got = intervals([NIGHT], MONDAY, 3, [date(2027, 1, 5)])
    assert on_time(got, 0, 3 * DAY) == (7.5 + 4) * HOUR


def test_overtime_lengthens_each_day() -> None:
    longer = DAY_SHIFT.model_copy(update={"overtime": 5.0})
    assert on_time(intervals([longer], MONDAY, 7), 0, 7 * DAY) == 45 * HOUR
    assert intervals([longer], MONDAY, 1)[-1, 1] == 18 * HOUR


def test_dates_limit_a_row() -> None:
    limited = DAY_SHIFT.model_copy(update={"from_": date(2027, 1, 5), "until": date(2027, 1, 6)})
    assert on_time(intervals([limited], MONDAY, 14), 0, 14 * DAY) == 16 * HOUR


def test_five_years_take_milliseconds_and_agree_with_a_count_of_minutes() -> None:
    holidays = [date(2026, 10, d) for d in range(1, 8)]
    rows = [DAY_SHIFT, NIGHT, DAY_SHIFT.model_copy(update={"days": (5,), "overtime": 2.0})]
    start, days = date(2026, 1, 1), 1826
    begun = time.perf_counter()
    got = intervals(rows, start, days, holidays)
    assert time.perf_counter() - begun < 0.05

    free = {(h - start).days for h in holidays}
    on = np.zeros(days * 1440 + 1440, dtype=bool)
    for day in range(days):
        weekday = (start.weekday() + day) % 7
        if day in free:
            continue
        at = day * 1440
        if weekday < 5:
            on[at + 480 : at + 720] = on[at + 780 : at + 1020] = True
            on[at + 1200 : at + 1440] = on[at + 1470 : at + 1680] = True
        if weekday == 5:
            on[at + 480 : at + 720] = on[at + 780 : at + 1140] = True
    # 31 December 2025 is a Wednesday: its night reaches into the span.
    on[30:240] = True
    assert on_time(got, 0, days * DAY) == 60 * on[: days * 1440].sum()
    assert (got[1:, 0] > got[:-1, 1]).all()


def test_no_shift_no_time() -> None:
    assert intervals([], MONDAY, 7).shape == (0, 2)
    assert on_time(np.empty((0, 2)), 0, 1) == 0


def test_shifts_of_the_week_are_counted_by_their_start() -> None:
    saturday = DAY_SHIFT.model_copy(update={"days": (5,)})
    later = NIGHT.model_copy(update={"from_": date(2027, 6, 1)})
    assert shifts_at([DAY_SHIFT, saturday, later], MONDAY) == 1
    assert shifts_at([DAY_SHIFT, saturday, later], date(2027, 6, 1)) == 2


def test_years_are_cut_to_the_span() -> None:
    got = years(date(2026, 12, 31), date(2027, 1, 1))
    assert got == [(2026, 0.0, DAY), (2027, DAY, 2 * DAY)]
    assert seconds(MONDAY, date(2027, 1, 6)) == pytest.approx(2 * DAY)
