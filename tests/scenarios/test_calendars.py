"""Calendars of the built-in scenarios: hours within the law, holidays on the right days."""

import math
from datetime import date, timedelta

import pytest

from ironworks.scenario import read_scenario

# Chinese law: 40 h a week, overtime of at most 3 h a day and 36 h a month.
WEEK_HOURS, OVERTIME_DAY, OVERTIME_MONTH = 40.0, 3.0, 36.0


def _new_moon(day: date) -> date:
    """The Chinese date of the new moon next to a day: Meeus, Astronomical Algorithms, chapter 49, main terms."""
    count = round((day.toordinal() - date(2000, 1, 6).toordinal()) / 29.530588861)
    t = count / 1236.85
    sun = math.radians(2.5534 + 29.10535670 * count)
    moon = math.radians(201.5643 + 385.81693528 * count + 0.0107582 * t * t)
    node = math.radians(160.7108 + 390.67050284 * count - 0.0016118 * t * t)
    at = 2451550.09766 + 29.530588861 * count + 0.00015437 * t * t
    at += (
        -0.40720 * math.sin(moon)
        + 0.17241 * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * node)
    )
    at += 0.00739 * math.sin(moon - sun) - 0.00514 * math.sin(moon + sun) + 0.00208 * math.sin(2 * sun)
    at += -0.00111 * math.sin(moon - 2 * node) - 0.00057 * math.sin(moon + 2 * node)
    # Terrestrial time is 70 s ahead of universal time; China is 8 h ahead.
    return date(2000, 1, 1) + timedelta(days=math.floor(at - 70 / 86400 + 8 / 24 - 2451544.5))


@pytest.fixture(scope="module")
def holidays() -> dict[date, str]:
    return {row.date: row.name for row in read_scenario("tianhe").holidays}


# Months from the new moon: lunar 1-1, 5-5 and 8-15 are 0, 4 and 14 days after one.
@pytest.mark.parametrize(
    ("name", "month", "age"),
    [("Spring Festival", 2, 0), ("Dragon Boat Festival", 6, 4), ("Mid-Autumn Festival", 9, 14)],
)
@pytest.mark.parametrize("year", [2027, 2028, 2029, 2030])
def test_lunar_festivals_follow_the_moon(holidays: dict[date, str], name: str, month: int, age: int, year: int) -> None:
    days = sorted(day for day, text in holidays.items() if day.year == year and text.split(",")[0] == name)
    if name == "Spring Festival":
        # The break begins on the eve.
        assert _new_moon(days[1]) == days[1]
    elif (year, name) == (2028, "Mid-Autumn Festival"):
        # It falls on 3 October, within the break of National Day, and is given after it.
        assert holidays[date(2028, 10, 3)] == "National Day"
        assert days == [date(2028, 10, 8)]
        assert _new_moon(date(2028, 10, 3) - timedelta(days=14)) == date(2028, 10, 3) - timedelta(days=14)
    else:
        start = days[0] - timedelta(days=age)
        assert _new_moon(start) == start


def test_spring_festivals_are_the_published_ones(holidays: dict[date, str]) -> None:
    # Dates of the Chinese New Year as printed in almanacs.
    for day in (date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3)):
        assert holidays[day] == "Spring Festival"
        assert holidays[day - timedelta(days=1)] == "Spring Festival"


@pytest.mark.parametrize("year", [2027, 2028, 2029, 2030])
def test_no_year_has_fewer_days_off_than_the_law(holidays: dict[date, str], year: int) -> None:
    # 13 statutory days since 2025; a day at a weekend is given later.
    workdays = [day for day in holidays if day.year == year and day.weekday() < 5]
    assert 13 <= len(workdays) <= 22


def test_shifts_keep_to_the_law() -> None:
    scenario = read_scenario("tianhe")
    for shift in scenario.calendars:
        if shift.calendar == "continuous":
            continue
        length = (shift.end - shift.start) % 86400 - sum((end - begin) % 86400 for begin, end in shift.breaks)
        days = len(shift.days)
        assert length * days / 3600 <= WEEK_HOURS
        assert shift.overtime / days <= OVERTIME_DAY
        assert shift.overtime * 52 / 12 <= OVERTIME_MONTH


def test_shifts_of_one_calendar_do_not_overlap_with_their_overtime() -> None:
    scenario = read_scenario("tianhe")
    for name in ("pilot", "base"):
        rows = [row for row in scenario.calendars if row.calendar == name]
        for row in rows:
            ends = row.start + (row.end - row.start) % 86400 + row.overtime / len(row.days) * 3600
            later = [r.start for r in rows if r.from_ == row.from_ and r.start > row.start]
            assert all(ends <= start for start in later)
            assert ends <= min(r.start for r in rows) + 86400
