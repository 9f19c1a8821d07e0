"""Who works and when: calendars, holidays, crews, skills, headcount."""

from typing import Annotated, ClassVar

from pydantic import Field

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import Breaks, Clock, Day, Fraction, Id, Measure, Real, Ref, Text, Time, Weekdays, Whole
from ironworks.rows._row import Row, SourcedRow


class Shift(Row):
    """One shift of a calendar: weekdays (0 is Monday), start, end and breaks in seconds after midnight.

    An end at or before the start is on the next day. `from` and `until` (inclusive) limit the dates. `overtime` is in
    hours per week on top of the shift's own hours.
    """

    KEY: ClassVar = ("calendar", "days", "start", "from")
    calendar: Id
    days: Annotated[tuple[int, ...], Weekdays()]
    start: Annotated[int, Clock()]
    end: Annotated[int, Clock()]
    breaks: Annotated[tuple[tuple[int, int], ...], Breaks()] = ()
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    overtime: Annotated[float, Real(0.0, 168.0)] = 0.0
    note: Text = ""


class Holiday(Row):
    """A day off for every calendar that keeps holidays."""

    KEY: ClassVar = ("date",)
    date: Day
    name: Text
    source: Text


class Crew(SourcedRow):
    """People who mend stations: `size` on each shift, and so many repairs at once. `wage` is per person and time."""

    KEY: ClassVar = ("crew",)
    crew: Id
    size: Annotated[int, Whole(1)]
    calendar: Annotated[str, Ref("calendars")]
    wage: Annotated[Quantity, Measure("money per time", low=0.0)] = constant(0.0, "money per time")


class Skill(SourcedRow):
    """What people can do. Wage per person and time, absence as a share of shifts, attrition per time."""

    KEY: ClassVar = ("skill",)
    skill: Id
    description: Text = ""
    wage: Annotated[Quantity, Measure("money per time", low=0.0)]
    absence: Fraction
    attrition: Annotated[Quantity, Measure("rate", low=0.0)]
    hiring_lead: Time
    training: Time
    calendar: Annotated[str, Ref("calendars")] | None = None


class Headcount(Row):
    """From a date on, the planned number of people of a skill on each shift."""

    KEY: ClassVar = ("skill", "from")
    skill: Annotated[str, Ref("skills")]
    from_: Day = Field(alias="from")
    headcount: Annotated[int, Whole()]
    note: Text = ""
