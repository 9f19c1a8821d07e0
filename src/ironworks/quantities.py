"""Quantity cells of the tables: `12 min`, `12 [8, 20] min` or `= E11 * 0.25`; read here, resolved by a `Draw`."""

import math
import re
from dataclasses import dataclass

from ironworks.formulas import Expression, FormulaError, Number, parse_formula
from ironworks.units import DIMENSIONS, EXAMPLES, UnitError, parse_unit

__all__ = ["CellError", "Quantity", "constant", "read_quantity"]

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_LITERAL = re.compile(rf"({_NUMBER})\s*(?:\[\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\])?\s*(.*)", re.DOTALL)
_LONGEST = 1000


class CellError(ValueError):
    """A cell is wrong: `problem`, the valid `choices` and the `mend`."""

    def __init__(self, problem: str, choices: tuple[str, ...] = (), mend: str = "") -> None:
        super().__init__(problem)
        self.problem, self.choices, self.mend = problem, choices, mend


@dataclass(frozen=True)
class Quantity:
    """A quantity of a scenario, not yet resolved: a `Draw` turns it into a float in SI (money in the base currency).

    `key` is `table.row.column` and empty for a column's default; `dimension` is the column's, a word of
    `units.DIMENSIONS`, or `any` where the row decides it. A literal has `value` and, where uncertain, `low` and `high`,
    all in `unit`.
    """

    text: str
    dimension: str
    key: str = ""
    formula: Expression | None = None
    value: float = 0.0
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether the cell holds a number of its own, not a formula."""
        return self.formula is None

    @property
    def is_uncertain(self) -> bool:
        """Whether the cell holds a range of its own."""
        return self.low is not None

    def __str__(self) -> str:
        return self.text


def constant(value: float, dimension: str = "number") -> Quantity:
    """A column's default: `value` in SI."""
    return Quantity(text=f"{value:g}", dimension=dimension, formula=Number(value, DIMENSIONS[dimension]))


def read_quantity(text: str, dimension: str, key: str = "") -> Quantity:
    """Read a cell of a column of the given dimension. Raises CellError."""
    text = text.strip()
    example = f"write for example `{EXAMPLES.get(dimension, '1')}`, or a formula such as `= E11 * 0.25`"
    if len(text) > _LONGEST:
        raise CellError(f"a cell of more than {_LONGEST} characters", mend=example)
    if text.startswith("="):
        try:
            return Quantity(text=text, dimension=dimension, key=key, formula=parse_formula(text[1:]))
        except FormulaError as error:
            raise CellError(error.problem, error.choices, error.mend) from None
    match = _LITERAL.fullmatch(text)
    if match is None:
        raise CellError(f"`{text[:60]}` is not a quantity", mend=example)
    value = float(match[1])
    low, high = (float(match[2]), float(match[3])) if match[2] else (None, None)
    if not all(math.isfinite(number) for number in (value, low or 0.0, high or 0.0)):
        raise CellError(f"`{text[:60]}` is too large a number", mend=example)
    try:
        unit = parse_unit(match[4])
    except UnitError as error:
        raise CellError(str(error), mend=example) from None
    # Zero has no unit to be wrong about.
    bare_zero = value == 0.0 and low is None and not match[4].strip()
    if unit.dimension != DIMENSIONS.get(dimension, unit.dimension) and not bare_zero:
        said = f"`{match[4].strip()}` is a unit of {unit.dimension}" if match[4].strip() else "the unit is missing"
        raise CellError(f"{said}; the column wants {dimension}", mend=example)
    if low is not None and high is not None and not low <= value <= high:
        raise CellError(
            f"the value {value:g} is not between its bounds {low:g} and {high:g}",
            mend="write `mode [low, high] unit` with low <= mode <= high, as `12 [8, 20] min`",
        )
    if low is not None and low == high:
        low = high = None
    return Quantity(text, dimension, key, None, value, low, high, match[4].strip())
