"""Units: factors to SI against published definitions, dimensions, and what is no unit."""

import pytest

from ironworks.units import DIMENSIONS, EXAMPLES, UnitError, parse_unit


@pytest.mark.parametrize(
    ("text", "factor", "dimension"),
    [
        ("min", 60.0, "time"),
        ("week", 604800.0, "time"),
        ("year", 31557600.0, "time"),
        ("kWh", 3.6e6, "energy"),
        ("kW", 1000.0, "power"),
        ("m2", 1.0, "area"),
        ("cm^2", 1e-4, "area"),
        ("lb", 0.45359237, "mass"),
        ("robot/week", 1 / 604800.0, "rate"),
        ("1/h", 1 / 3600.0, "rate"),
        ("percent", 0.01, "number"),
        ("%", 0.01, "number"),
        ("percent_per_doubling", 0.01, "number"),
        ("percent/year", 0.01 / 31557600.0, "rate"),
        ("yuan/kWh", 1 / 3.6e6, "money per energy"),
        ("yuan/m2/month", 12 / 31557600.0, "money per area and time"),
        ("USD/person", 1.0, "money"),
        ("TOPS", 1e12, "rate"),
        ("", 1.0, "number"),
        ("-", 1.0, "number"),
        ("units", 1.0, "number"),
    ],
)
def test_factor_and_dimension(text: str, factor: float, dimension: str) -> None:
    unit = parse_unit(text)
    assert unit.factor == pytest.approx(factor, rel=1e-12)
    assert unit.dimension == DIMENSIONS[dimension]


@pytest.mark.parametrize(
    "text", ["minn", "min min", "degC", "dB", "5", "kg/", "/kg", "*", "m**99", "¼", "__import__", "kg;s", "x" * 90]
)
def test_what_is_no_unit_is_said(text: str) -> None:
    with pytest.raises(UnitError, match=r"is not a unit|more than 80"):
        parse_unit(text)


def test_currencies_are_kept_apart() -> None:
    assert parse_unit("USD/unit").currencies == (("usd", 1.0),)
    assert parse_unit("yuan/USD").currencies == (("usd", -1.0), ("yuan", 1.0))
    assert parse_unit("CNY").currencies == (("yuan", 1.0),)


def test_every_dimension_has_an_example() -> None:
    assert set(EXAMPLES) == set(DIMENSIONS)
