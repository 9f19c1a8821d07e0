"""Numbers, dates and chances in the words of the report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from ironworks.outcome import Outcome, TargetResult

_UNITS = ((31_557_600.0, "years"), (604_800.0, "weeks"), (86_400.0, "days"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_WEEK = 604_800.0


def number(value: float, digits: int = 3) -> str:
    """A number with thin spaces; above 1000 to the unit, below to `digits` significant digits; a dash for nan."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= 1000 or value == int(value):
        text = f"{value:,.0f}"
    else:
        text = f"{value:.{digits}g}"
        text = f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text
    return text.replace(",", "\u202f").replace("-", "−")


def big(value: float) -> str:
    """A large amount in three digits: 12.3 million."""
    if not math.isfinite(value):
        return number(value)
    for limit, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= limit:
            return f"{number(value / limit)} {word}"
    return number(value)


def percent(share: float) -> str:
    """A share 0..1 in whole percent; never 0 or 100 where it is not."""
    if math.isnan(share):
        return "–"
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def day(value: date) -> str:
    """A date as 3 Feb 2027."""
    return f"{value.day} {value:%b %Y}"


def moment(outcome: Outcome, seconds: float) -> str:
    """The date of a moment of the run; `not within the horizon` for inf and nan."""
    return day(outcome.date_at(seconds).date()) if math.isfinite(seconds) else "not within the horizon"


def span(seconds: float) -> str:
    """A time span in the largest unit that gives a number of 2 or more."""
    if not math.isfinite(seconds):
        return "–"
    for size, name in _UNITS:
        if abs(seconds) >= 2 * size or size == 1.0:
            return f"{number(seconds / size)} {name}"
    raise AssertionError("the last unit takes every span")


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def plain(name: str) -> str:
    """An id in words: `final_assembly@base` as `final assembly · base`."""
    return name.replace("_", " ").replace("@", " · ").replace("/", ": ")


def prose(text: str) -> str:
    """A sentence with ids in it, their underscores as spaces."""
    return text.replace("_", " ")


def unit(name: str) -> str:
    """A unit's name as it is read: `percent_per_doubling` as `% per doubling`; nothing for a plain number."""
    if name in ("", "dimensionless"):
        return ""
    return name.replace("_", " ").replace("percent", "%").replace("m2", "m²").replace("m3", "m³")


def goal_value(outcome: Outcome, target: TargetResult, value: float) -> str:
    """A value of a target with its unit: a date for `sop`, pieces a week for `rate`, pieces else."""
    if target.kind == "sop":
        # A deadline is the midnight that ends its day.
        return moment(outcome, value - 1.0)
    item = plain(target.item) + "s"
    if target.kind == "rate":
        return f"{number(value * _WEEK)} {item} a week"
    return f"{number(value)} {item}"


def chance(target: TargetResult) -> str:
    """How likely, in words that claim no more than the interval does."""
    p = target.probability
    if target.low > 0.9:
        return "Very likely"
    if target.low > 0.5:
        return "Likely"
    if target.high < 0.1:
        return "Very unlikely"
    if target.high < 0.5:
        return "Unlikely"
    return "Undecided" if 0.3 < p < 0.7 else "Rather likely" if p >= 0.7 else "Rather unlikely"
