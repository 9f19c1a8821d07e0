"""The sections of the report, in the order of the page: one file each, one line here. None: nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from ironworks.outcome import Outcome
from ironworks.report.blocks import Section
from ironworks.report.sections.acceptance import acceptance
from ironworks.report.sections.answer import answer
from ironworks.report.sections.beliefs import beliefs
from ironworks.report.sections.bottleneck import bottleneck
from ironworks.report.sections.cost import cost
from ironworks.report.sections.figures import figures
from ironworks.report.sections.floor import floor
from ironworks.report.sections.leadtime import leadtime
from ironworks.report.sections.line import line
from ironworks.report.sections.method import method
from ironworks.report.sections.orders import orders
from ironworks.report.sections.people import people
from ironworks.report.sections.quality import quality
from ironworks.report.sections.ramp import ramp
from ironworks.report.sections.stations import stations
from ironworks.report.sections.supply import supply
from ironworks.report.sections.week import week
from ironworks.report.sections.worst import worst

SECTIONS: tuple[Callable[[Outcome], Section | None], ...] = (
    answer,
    ramp,
    bottleneck,
    stations,
    line,
    floor,
    quality,
    acceptance,
    leadtime,
    supply,
    people,
    cost,
    orders,
    worst,
    beliefs,
    week,
    figures,
    method,
)
