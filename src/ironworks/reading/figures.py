"""figures.csv and the literals of all tables become Figures; quantities become expressions of figures, checked."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ironworks.faults import FaultLog, closest
from ironworks.figures import Figure
from ironworks.formulas import Expression, FormulaError, Name, Number, bind, interval, names_in
from ironworks.quantities import Quantity
from ironworks.reading.folder import Folder
from ironworks.rows import TABLES, FigureRow, Measure, Row, SourcedRow, measures
from ironworks.settings import Acceptance, LineRules, Money, Settings
from ironworks.units import DIMENSIONS, EXAMPLES, Dimension, Unit, UnitError, parse_unit

_GROUP = re.compile(r"-?[a-z][a-z0-9_]*", re.ASCII)
_FILE = "figures.csv"


@dataclass
class Numbers:
    """Everything a Draw needs: named figures, literals of cells, and one expression for each quantity's key."""

    named: dict[str, Figure] = field(default_factory=dict)
    literal: dict[str, Figure] = field(default_factory=dict)
    expressions: dict[str, Expression] = field(default_factory=dict)
    limits: dict[str, Measure] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)


def read_figures(rows: Iterable[FigureRow], log: FaultLog) -> dict[str, Figure]:
    """The named figures; a row with faults is left out and said."""
    figures = {}
    for row in rows:
        figure = _figure(row, log)
        if figure is not None:
            figures[figure.id] = figure
    return figures


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _figure(row: FigureRow, log: FaultLog) -> Figure | None:
    def fault(column: str, problem: str, mend: str, choices: Iterable[str] = ()) -> None:
        place = row.row_overridden.get(column, (_FILE, row.row_line))
        log.add(*place, f"figures.{row.id}.{column}", problem, choices=choices, mend=mend)

    before = len(log.faults)
    value, low, high = _number(row.value), _number(row.low), _number(row.high)
    is_input = row.role == "input"
    for column, text, number in (("value", row.value, value), ("low", row.low, low), ("high", row.high, high)):
        if is_input and text and number is None:
            fault(column, f"`{text[:60]}` is not a number", "an input is a number; give other facts the role `context`")
    if bool(row.low) != bool(row.high):
        fault("low" if not row.low else "high", "is empty while the other bound is given", "give both bounds or none")
    if low is not None and high is not None:
        if low > high:
            fault("low", f"low {low:g} is above high {high:g}", "exchange them")
        elif is_input and value is not None and not low <= value <= high:
            fault(
                "value",
                f"the value {value:g} is not between low {low:g} and high {high:g}",
                "widen the bounds or correct the value",
            )
    if is_input and row.group and not _GROUP.fullmatch(row.group):
        fault(
            "group",
            f"`{row.group[:60]}` is not a group",
            "write a lower-case name, with `-` in front to move against it",
        )
    unit = Unit(row.unit, 1.0, Dimension())
    try:
        unit = parse_unit(row.unit)
    except UnitError as error:
        if is_input:
            fault("unit", str(error), "write a unit such as min, kg, yuan/kWh, robot/week, percent; `-` for none")
    if len(log.faults) > before:
        return None
    return Figure(
        id=row.id,
        quantity=row.quantity,
        value=value,
        low=low,
        high=high,
        unit=row.unit,
        kind=row.kind,
        source=row.source,
        role=row.role,
        distribution=row.distribution,
        group=row.group if is_input else "",
        note=row.note,
        text=row.value,
        factor=unit.factor,
        dimension=unit.dimension,
        currencies=unit.currencies,
    )


def bind_quantities(
    rows: Mapping[str, tuple[Row, ...]],
    settings: Settings | None,
    folder: Folder,
    named: dict[str, Figure],
    log: FaultLog,
) -> Numbers:
    """Turn every quantity into an expression of figures in SI and base currency; note what does not fit."""
    numbers = Numbers(named=named)
    # Names that a fault keeps out of the figures are known all the same: one fault is enough for them.
    broken = (
        {raw.cells.get("id", "") for raw in folder.tables["figures"].rows} - set(named)
        if "figures" in folder.tables
        else set()
    )
    currency = settings.scenario.currency_code if settings else "yuan"
    for table, table_rows in rows.items():
        limits = measures(TABLES[table])
        for row in table_rows:
            for column, quantity in row.quantities():
                place = row.row_overridden.get(column, (f"{table}.csv", row.row_line))
                literal = _literal(table, row, column, quantity)
                _bind(quantity, limits.get(column), literal, place, currency, broken, numbers, log)
    for section in ("money", "acceptance", "line"):
        chosen: Money | Acceptance | LineRules | None = getattr(settings, section, None)
        if chosen is None:
            continue
        for name, quantity in chosen.quantities():
            limit = next(m for m in _metadata(type(chosen), name) if isinstance(m, Measure))
            _bind(quantity, limit, None, folder.place(f"{section}.{name}"), currency, broken, numbers, log)
    return numbers


def _metadata(section: type[Money | Acceptance | LineRules], name: str) -> list[object]:
    field = section.model_fields[name]
    optional = getattr(field.annotation, "__args__", ())
    return [*field.metadata, *(item for option in optional for item in getattr(option, "__metadata__", ()))]


def _literal(table: str, row: Row, column: str, quantity: Quantity) -> Figure | None:
    if not quantity.is_literal:
        return None
    kind = row.kind if isinstance(row, SourcedRow) else None
    source = row.source if isinstance(row, SourcedRow) else getattr(row, "source", "")
    role = "target" if table == "targets" else "input"
    if quantity.key.startswith("station_types."):
        kind, source = "assumed", "default of the station type"
    elif column in row.row_overridden:
        kind, source = "assumed", f"set by {row.row_overridden[column][0]}"
    unit = parse_unit(quantity.unit)
    return Figure(
        id=quantity.key,
        quantity=f"{row.row_key}: {column.replace('_', ' ')}",
        value=quantity.value,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        kind=kind or "assumed",
        source=source or "shape of a distribution",
        role=role,
        distribution="pert" if quantity.is_uncertain else "fixed",
        text=quantity.text,
        factor=unit.factor,
        dimension=DIMENSIONS.get(quantity.dimension, unit.dimension),
        currencies=unit.currencies,
    )


def _bind(
    quantity: Quantity,
    limit: Measure | None,
    literal: Figure | None,
    place: tuple[str, int],
    currency: str,
    broken: set[str],
    numbers: Numbers,
    log: FaultLog,
) -> None:
    if literal is not None:
        numbers.literal[quantity.key] = literal
    expression = quantity.formula if quantity.formula is not None else Name(quantity.key)
    names = names_in(expression)
    if names & broken:
        return
    for name in sorted(names & set(numbers.named)):
        if numbers.named[name].role != "input":
            problem = f"`{name}` is a figure of role {numbers.named[name].role}, which no formula may read"
            log.add(*place, quantity.key, problem, mend="use an input, or make an input of its own with its source")
            return
    try:
        if literal is not None and not literal.is_uncertain:
            constant = Number(literal.bounds()[1] * literal.factor, literal.dimension, literal.currencies)
            bound = bind(constant, _units(numbers.named), currency)
        else:
            figures = {**_units(numbers.named), quantity.key: _unit(literal)} if literal else _units(numbers.named)
            bound = bind(expression, figures, currency)
        ranges = _ranges(names_in(bound.expression), numbers)
        low, high = interval(bound.expression, ranges)
    except FormulaError as error:
        mend = error.mend
        if error.choices:
            word = re.search(r"`([^`]*)`", error.problem)
            mend = " ".join(part for part in (closest(word[1], error.choices) if word else "", mend) if part)
        log.add(*place, quantity.key, error.problem, choices=error.choices, mend=mend)
        return
    wanted = DIMENSIONS.get(quantity.dimension, bound.dimension)
    numbers.dimensions[quantity.key] = bound.dimension
    if bound.dimension != wanted:
        problem = f"the formula gives {bound.dimension}; the column wants {quantity.dimension}"
        log.add(
            *place, quantity.key, problem, mend=f"make it a quantity such as `{EXAMPLES.get(quantity.dimension, '1')}`"
        )
        return
    numbers.expressions[quantity.key] = bound.expression
    if limit is not None and not (limit.allows(low) and limit.allows(high)):
        _out_of_range(quantity, limit, (low, high), ranges, bound.expression, place, numbers, log)


def _out_of_range(
    quantity: Quantity,
    limit: Measure,
    reached: tuple[float, float],
    ranges: Mapping[str, tuple[float, float]],
    expression: Expression,
    place: tuple[str, int],
    numbers: Numbers,
    log: FaultLog,
) -> None:
    modes = {name: (_any(name, numbers).bounds()[1] * _any(name, numbers).factor,) * 2 for name in ranges}
    mode = interval(expression, modes)[0]
    says = f"{reached[0]:g} to {reached[1]:g} in SI" if reached[0] < reached[1] else f"{mode:g} in SI"
    if quantity.is_literal or not limit.allows(mode):
        log.add(*place, quantity.key, f"is out of range: {says}", mend=f"keep it {limit.bounds()} (SI)")
    else:
        numbers.limits[quantity.key] = limit
        log.warn(
            *place,
            quantity.key,
            f"may leave its range: {says}",
            mend=f"keep it {limit.bounds()} (SI), or the run stops when a draw leaves it",
        )


def _any(name: str, numbers: Numbers) -> Figure:
    return numbers.named[name] if name in numbers.named else numbers.literal[name]


def _ranges(names: Iterable[str], numbers: Numbers) -> dict[str, tuple[float, float]]:
    ranges = {}
    for name in names:
        figure = _any(name, numbers)
        low, _, high = figure.bounds()
        ranges[name] = (low * figure.factor, high * figure.factor)
    return ranges


def _unit(figure: Figure) -> Unit:
    return Unit(figure.unit, figure.factor, figure.dimension, figure.currencies)


def _units(figures: Mapping[str, Figure]) -> dict[str, Unit]:
    return {name: _unit(figure) for name, figure in figures.items()}
