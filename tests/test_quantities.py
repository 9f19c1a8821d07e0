"""Quantity cells and their formulas."""

import pytest

from ironworks.formulas import FormulaError, Number, bind, compiled, interval, names_in, parse_formula
from ironworks.quantities import CellError, constant, read_quantity
from ironworks.units import DIMENSIONS, parse_unit

FIGURES = {
    "a": parse_unit("min"),
    "b": parse_unit("-"),
    "price": parse_unit("USD"),
    "fx_usd_yuan": parse_unit("yuan/USD"),
}
VALUES = {"a": 120.0, "b": 0.25, "price": 10.0, "fx_usd_yuan": 7.0}


def value(text: str) -> float:
    bound = bind(parse_formula(text), FIGURES, "yuan")
    return compiled(bound.expression, {name: index for index, name in enumerate(VALUES)})(list(VALUES.values()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a * b", 30.0),
        ("a + 2 min", 240.0),
        ("a - 1 min - 30 s", 30.0),
        ("-a + 5 min", 180.0),
        ("2 - -b", 2.25),
        ("6 h / 2 min", 180.0),
        ("a / 4 / 2", 15.0),
        ("2 * (b + 1)", 2.5),
        ("min(a, 1 min) + max(a, 3 min, 10 s)", 240.0),
        ("max(0, a - 3 min)", 0.0),
        ("50 percent * b", 0.125),
        ("50% * b", 0.125),
        ("1e1 + .5", 10.5),
        ("3 robot/week", 3 / 604800),
        ("price", 70.0),
        ("price + 1 yuan", 71.0),
        ("2 USD", 14.0),
        ("a / 1 min", 2.0),
        ("3 yuan/kWh * b", 0.75 / 3.6e6),
    ],
)
def test_formulas_compute_in_si_and_base_currency(text: str, wanted: float) -> None:
    assert value(text) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a + b", "joins number and time"),
        ("min(a, b)", "joins number and time"),
        ("zeal * 2", "`zeal` is not a figure"),
        ("a / week", "`week` is not a figure"),
        ("c * 2", "`c` is not a figure"),
        ("2 EUR", "no exchange rate from eur to yuan"),
        ("(a", r"expected `\)`"),
        ("a b", "where an operator should be"),
        ("sin(b)", "not a function"),
        ("", "`the end` stands where"),
        ("a +", "`the end` stands where"),
        ("2 minn", "`minn` is not a unit"),
        ("a ** 2", "stands where"),
    ],
)
def test_wrong_formulas_are_said(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words) as raised:
        bind(parse_formula(text), FIGURES, "yuan")
    assert raised.value.mend


def test_intervals_hold_every_value() -> None:
    ranges = {"a": (60.0, 180.0), "b": (-0.5, 0.5)}
    for text, wanted in [
        ("a * b", (-90.0, 90.0)),
        ("a - a", (-120.0, 120.0)),
        ("2 / (b + 1)", (4 / 3, 4.0)),
        ("max(b, 0)", (0.0, 0.5)),
    ]:
        assert interval(parse_formula(text), ranges) == pytest.approx(wanted)
    with pytest.raises(FormulaError, match="can be zero"):
        interval(parse_formula("a / b"), ranges)


def test_names_are_those_of_figures() -> None:
    assert names_in(parse_formula("a * 2 min + min(b, x)")) == {"a", "b", "x"}


def test_a_literal_keeps_its_unit_and_its_range() -> None:
    cell = read_quantity("12 [8, 20] min", "time", "t.r.c")
    assert (cell.value, cell.low, cell.high, cell.unit, cell.is_literal, cell.is_uncertain) == (
        12.0,
        8.0,
        20.0,
        "min",
        True,
        True,
    )
    assert not read_quantity("12 min", "time").is_uncertain
    assert not read_quantity("12 [12, 12] min", "time").is_uncertain
    assert read_quantity("-1.5e3", "number").value == -1500.0
    assert not read_quantity("= a", "time").is_literal


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "12 kg",
        "min",
        "[8, 20] min",
        "12 [8; 20] min",
        "12 [20, 8] min",
        "12,5 min",
        "nan min",
        "inf min",
        "1e999 min",
        "9" * 2000,
    ],
)
def test_what_is_no_quantity_is_said(text: str) -> None:
    with pytest.raises(CellError) as raised:
        read_quantity(text, "time")
    assert "12 min" in raised.value.mend or "12 [8, 20] min" in raised.value.mend


def test_zero_needs_no_unit() -> None:
    assert read_quantity("0", "time").value == 0.0


def test_a_default_is_a_constant_in_si() -> None:
    assert constant(60.0, "time").formula == Number(60.0, DIMENSIONS["time"])
