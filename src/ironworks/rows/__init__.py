"""Row models: one class for each table of a scenario, one field for each column."""

from dataclasses import dataclass, fields
from typing import get_args, get_type_hints

from ironworks.rows._cells import Breaks, Cell, Choice, Measure, Names, Pair, Pairs, Ref, Refs
from ironworks.rows._row import KINDS, Kind, Row, SourcedRow, cells, column_fields, measures
from ironworks.rows.deviations import DEVIATIONS, GROSS_FAULTS, Deviation, GrossFault
from ironworks.rows.halls import ROOMS, Dock, Hall, Link
from ironworks.rows.line import Model, Tool, WorkElement
from ironworks.rows.people import Crew, Headcount, Holiday, Shift, Skill
from ironworks.rows.plant import Expansion, Fleet, Move, Site, Station
from ironworks.rows.process import Coverage, Curve, Defect, Operation, Procedure, Repair, Route
from ironworks.rows.products import BomLine, Ecn, Item, Part, ProgrammeStep, SupplyStep, Target
from ironworks.rows.robots import GrossFaultRow, Spread
from ironworks.rows.sources import FigureRow, Variant
from ironworks.rows.spaces import Space, Store
from ironworks.rows.station_types import STATION_TYPES, StationType

__all__ = [
    "DEVIATIONS",
    "GROSS_FAULTS",
    "KINDS",
    "REQUIRED_TABLES",
    "ROOMS",
    "STATION_TYPES",
    "TABLES",
    "BomLine",
    "Breaks",
    "Cell",
    "Choice",
    "Coverage",
    "Crew",
    "Curve",
    "Defect",
    "Deviation",
    "Dock",
    "Ecn",
    "Expansion",
    "FigureRow",
    "Fleet",
    "GrossFault",
    "GrossFaultRow",
    "Hall",
    "Headcount",
    "Holiday",
    "Item",
    "Kind",
    "Link",
    "Measure",
    "Model",
    "Move",
    "Names",
    "Operation",
    "Pair",
    "Pairs",
    "Part",
    "Procedure",
    "ProgrammeStep",
    "Ref",
    "Refs",
    "Repair",
    "Route",
    "Row",
    "Shift",
    "Site",
    "Skill",
    "SourcedRow",
    "Space",
    "Spread",
    "Station",
    "StationType",
    "Store",
    "SupplyStep",
    "Tables",
    "Target",
    "Tool",
    "Variant",
    "WorkElement",
    "cells",
    "column_fields",
    "measures",
]


@dataclass(frozen=True)
class Tables:
    """All tables of a scenario. A field is a table, its type the rows' model: to add a table is to add a line here."""

    parts: tuple[Part, ...] = ()
    bom: tuple[BomLine, ...] = ()
    supply: tuple[SupplyStep, ...] = ()
    items: tuple[Item, ...] = ()
    sites: tuple[Site, ...] = ()
    halls: tuple[Hall, ...] = ()
    docks: tuple[Dock, ...] = ()
    links: tuple[Link, ...] = ()
    routes: tuple[Route, ...] = ()
    operations: tuple[Operation, ...] = ()
    elements: tuple[WorkElement, ...] = ()
    tools: tuple[Tool, ...] = ()
    models: tuple[Model, ...] = ()
    repairs: tuple[Repair, ...] = ()
    defects: tuple[Defect, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    bench: tuple[Procedure, ...] = ()
    stations: tuple[Station, ...] = ()
    spaces: tuple[Space, ...] = ()
    stores: tuple[Store, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    moves: tuple[Move, ...] = ()
    calendars: tuple[Shift, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    crews: tuple[Crew, ...] = ()
    skills: tuple[Skill, ...] = ()
    headcount: tuple[Headcount, ...] = ()
    learning: tuple[Curve, ...] = ()
    ecn: tuple[Ecn, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    spreads: tuple[Spread, ...] = ()
    gross_faults: tuple[GrossFaultRow, ...] = ()
    programme: tuple[ProgrammeStep, ...] = ()
    targets: tuple[Target, ...] = ()
    figure_rows: tuple[FigureRow, ...] = ()
    variants: tuple[Variant, ...] = ()


def _models() -> dict[str, type[Row]]:
    hints = get_type_hints(Tables)
    return {table_name(field.name): get_args(hints[field.name])[0] for field in fields(Tables)}


def table_name(field: str) -> str:
    """A table's name in the folder: `scenario.figures` is the mapping of figures, so their rows stand apart."""
    return "figures" if field == "figure_rows" else field


TABLES: dict[str, type[Row]] = _models()
REQUIRED_TABLES = ("items", "sites", "routes", "operations", "stations", "calendars")
