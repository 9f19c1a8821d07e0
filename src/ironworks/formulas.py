"""Formulas of quantity cells: `= E11 * 0.25 + 2 min`. Parsed once, checked for dimensions, compiled into closures."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ironworks.units import NUMBER, Dimension, Unit, UnitError, is_unit, parse_unit

__all__ = ["Bound", "Expression", "FormulaError", "bind", "compiled", "interval", "names_in", "parse_formula"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_µμΩÅ][A-Za-z0-9_µμΩÅ]*|%)|(?P<sign>[-+*/(),]))"
)
_FUNCTIONS: dict[str, Callable[..., float]] = {"min": min, "max": max}
_DEEPEST = 40
_LONGEST = 1000
_MOST_PARTS = 120


class FormulaError(ValueError):
    """A formula is wrong: `problem`, the valid `choices` and the `mend`."""

    def __init__(self, problem: str, choices: Sequence[str] = (), mend: str = "") -> None:
        super().__init__(problem)
        self.problem, self.choices = problem, tuple(choices)
        self.mend = mend or "write for example `= E11 * (1 + 0.25) + 2 min`"


@dataclass(frozen=True)
class Number:
    """A constant in SI; money in its own currencies until it is bound."""

    value: float
    dimension: Dimension = NUMBER
    currencies: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Name:
    """A figure's id; behind a number, as in `3 yuan/kWh`, it may also be a unit."""

    id: str
    may_be_unit: bool = False


@dataclass(frozen=True)
class Apply:
    """An operator or a function with its arguments."""

    operator: str
    arguments: tuple["Expression", ...]


Expression = Number | Name | Apply


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                rest = text[position:].strip()[:20]
                raise FormulaError(
                    f"cannot read `{rest}` in the formula",
                    mend="use + - * / ( ), min(), max(), figures, numbers with units",
                )
            self.tokens.append((match.lastgroup or "", match.group().strip()))
            position = match.end()
        if len(self.tokens) > _MOST_PARTS:
            raise FormulaError(f"a formula of more than {_MOST_PARTS} parts", mend="split it, or make a figure of it")
        self.next = 0
        self.depth = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.next] if self.next < len(self.tokens) else ("end", "the end")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.next += 1
        return token

    def expect(self, sign: str) -> None:
        token = self.take()[1]
        if token != sign:
            raise FormulaError(f"expected `{sign}` but found `{token}` in the formula")

    def sum(self) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaError(f"brackets more than {_DEEPEST} deep", mend="split the formula")
        left = self.product()
        while self.peek()[1] in ("+", "-"):
            left = Apply(self.take()[1], (left, self.product()))
        self.depth -= 1
        return left

    def product(self) -> Expression:
        left = self.factor()
        # `a / h` with a figure in front would take the name of a unit or constant for a misspelt figure.
        in_unit = isinstance(left, Number)
        while self.peek()[1] in ("*", "/"):
            operator, right = self.take()[1], self.factor()
            if isinstance(right, Name):
                right = Name(right.id, may_be_unit=in_unit)
            else:
                in_unit = False
            left = Apply(operator, (left, right))
        return left

    def factor(self) -> Expression:
        kind, token = self.take()
        if token == "-":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise FormulaError("too many signs in a row")
            inner = self.factor()
            self.depth -= 1
            return (
                Apply("-", (Number(0.0), inner))
                if not isinstance(inner, Number)
                else Number(-inner.value, inner.dimension, inner.currencies)
            )
        if token == "(":
            inner = self.sum()
            self.expect(")")
            return inner
        if kind == "number":
            return self.number(token)
        if kind != "name":
            raise FormulaError(f"`{token}` stands where a figure or a number should be")
        if self.peek()[1] == "(":
            return self.call(token)
        return Name(token)

    def number(self, token: str) -> Expression:
        value = float(token)
        if not math.isfinite(value):
            raise FormulaError(f"`{token}` is too large a number")
        if self.peek()[0] != "name":
            return Number(value)
        unit = self.take()[1]
        try:
            known = parse_unit(unit)
        except UnitError as error:
            raise FormulaError(
                str(error), mend="write a unit after the number, or `*` between a number and a figure"
            ) from None
        return Number(value * known.factor, known.dimension, known.currencies)

    def call(self, name: str) -> Expression:
        if name not in _FUNCTIONS:
            raise FormulaError(f"`{name}` is not a function", choices=tuple(_FUNCTIONS))
        self.expect("(")
        arguments = [self.sum()]
        while self.peek()[1] == ",":
            self.take()
            arguments.append(self.sum())
        self.expect(")")
        return Apply(name, tuple(arguments))


def parse_formula(text: str) -> Expression:
    """Read a formula without its `=`. Raises FormulaError."""
    if len(text) > _LONGEST:
        raise FormulaError(f"a formula of more than {_LONGEST} characters", mend="split it")
    parser = _Parser(text)
    expression = parser.sum()
    if parser.peek()[0] != "end":
        raise FormulaError(f"`{parser.peek()[1]}` stands where an operator should be")
    return expression


def names_in(expression: Expression) -> set[str]:
    """Names of figures (or bare units) that an expression reads."""
    if isinstance(expression, Name):
        return {expression.id}
    if isinstance(expression, Apply):
        return set().union(*(names_in(argument) for argument in expression.arguments))
    return set()


@dataclass(frozen=True)
class Bound:
    """An expression whose names are all figures of one scenario, with its dimension; SI and base currency."""

    expression: Expression
    dimension: Dimension


def bind(expression: Expression, figures: Mapping[str, Unit], currency: str) -> Bound:
    """Resolve names against the figures (id -> unit), check dimensions, convert money into `currency`.

    Raises FormulaError for unknown names, dimensions that do not fit and missing exchange rates.
    """
    if isinstance(expression, Number):
        constant = Number(expression.value, expression.dimension)
        return Bound(_exchanged(constant, expression.currencies, figures, currency), expression.dimension)
    if isinstance(expression, Name):
        if expression.id in figures:
            own = figures[expression.id]
            money = () if expression.id.startswith("fx_") else own.currencies
            return Bound(_exchanged(expression, money, figures, currency), own.dimension)
        if expression.may_be_unit and is_unit(expression.id):
            unit = parse_unit(expression.id)
            return bind(Number(unit.factor, unit.dimension, unit.currencies), figures, currency)
        mend = "add it to figures.csv or name another"
        if is_unit(expression.id):
            mend = f"write `1 {expression.id}` where the unit is meant"
        raise FormulaError(f"`{expression.id}` is not a figure", choices=tuple(figures), mend=mend)
    parts = [bind(argument, figures, currency) for argument in expression.arguments]
    bound = Apply(expression.operator, tuple(part.expression for part in parts))
    first = parts[0].dimension
    if expression.operator in "*/":
        return Bound(bound, first.times(parts[1].dimension, 1.0 if expression.operator == "*" else -1.0))
    # A plain 0 is a quantity of any dimension: it stands in front of a minus sign and in max(0, ...).
    dimensions = {part.dimension for part in parts if part.expression != Number(0.0)} or {first}
    if len(dimensions) > 1:
        said = " and ".join(sorted(str(dimension) for dimension in dimensions))
        raise FormulaError(f"`{expression.operator}` joins {said}", mend="give both sides the same dimension")
    return Bound(bound, dimensions.pop())


def exchange_rate(code: str, figures: Mapping[str, object], currency: str) -> tuple[str, float]:
    """The figure that turns `code` into the base currency, and its power (-1 where quoted the other way)."""
    for figure, power in ((f"fx_{code}_{currency}", 1.0), (f"fx_{currency}_{code}", -1.0)):
        if figure in figures:
            return figure, power
    raise FormulaError(
        f"no exchange rate from {code} to {currency}", mend=f"add the figure `fx_{code}_{currency}` to figures.csv"
    )


def _exchanged(
    expression: Expression, money: tuple[tuple[str, float], ...], figures: Mapping[str, Unit], currency: str
) -> Expression:
    for code, power in money:
        if code == currency:
            continue
        if power not in (1.0, -1.0):
            raise FormulaError(f"money of {code} to the power {power:g}", mend="use money to the power 1")
        figure, direction = exchange_rate(code, figures, currency)
        expression = Apply("*" if power * direction > 0 else "/", (expression, Name(figure)))
    return expression


def compiled(expression: Expression, position: Mapping[str, int]) -> Callable[[Sequence[float]], float]:
    """A closure from the figures' values (SI, in the order of `position`) to the expression's value (SI)."""
    if isinstance(expression, Number):
        value = expression.value
        return lambda values: value
    if isinstance(expression, Name):
        index = position[expression.id]
        return lambda values: values[index]
    parts = [compiled(argument, position) for argument in expression.arguments]
    if expression.operator in _FUNCTIONS:
        function = _FUNCTIONS[expression.operator]
        return lambda values: function([part(values) for part in parts])
    left, right = parts
    match expression.operator:
        case "+":
            return lambda values: left(values) + right(values)
        case "-":
            return lambda values: left(values) - right(values)
        case "*":
            return lambda values: left(values) * right(values)
        case _:
            return lambda values: left(values) / right(values)


def interval(expression: Expression, ranges: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Bounds of the value (SI) while each figure stays in its range (SI); sound, not always tight.

    Raises FormulaError where a divisor can be zero.
    """
    if isinstance(expression, Number):
        return expression.value, expression.value
    if isinstance(expression, Name):
        return ranges[expression.id]
    parts = [interval(argument, ranges) for argument in expression.arguments]
    if expression.operator in _FUNCTIONS:
        function = _FUNCTIONS[expression.operator]
        return function(low for low, _ in parts), function(high for _, high in parts)
    (low, high), (other_low, other_high) = parts
    match expression.operator:
        case "+":
            return low + other_low, high + other_high
        case "-":
            return low - other_high, high - other_low
        case "*":
            corners = [a * b for a in (low, high) for b in (other_low, other_high)]
        case _:
            if other_low <= 0.0 <= other_high:
                raise FormulaError("the divisor can be zero", mend="keep the figures below the line away from 0")
            corners = [a / b for a in (low, high) for b in (other_low, other_high)]
    if any(math.isnan(corner) for corner in corners):
        raise FormulaError("the numbers grow beyond what a float holds")
    return min(corners), max(corners)
