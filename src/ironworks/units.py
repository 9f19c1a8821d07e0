"""Units at the edge: a unit's text becomes a factor to SI and a dimension. pint knows units, we the grammar."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pint

__all__ = ["DIMENSIONS", "EXAMPLES", "NUMBER", "Dimension", "Unit", "UnitError", "parse_unit"]

# Currencies are one dimension here; what one costs in another is a figure (`fx_usd_yuan`) of the scenario.
CURRENCIES = {"yuan": "yuan", "CNY": "yuan", "RMB": "yuan", "USD": "usd", "EUR": "eur"}
_COUNTS = (
    "robot unit person shift chip part piece lot doubling DoF operation station place cell vehicle actuator hand joint "
    "pack line child set check test carrier cycle generation"
)
_SHORT = {
    "%": "percent", "m2": "m**2", "m3": "m**3", "mm2": "mm**2", "cm2": "cm**2", "cm3": "cm**3", "sqm": "m**2",
    "yr": "year", "wk": "week", "mo": "month", "people": "person", "pcs": "piece", "-": "dimensionless",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_µμΩÅ][A-Za-z0-9_µμΩÅ]*|%")
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_µμΩÅ][A-Za-z0-9_µμΩÅ]*|%)|(?P<power>\*\*|\^)|(?P<int>-?\d{1,2})|(?P<sign>[*/·()])|(?P<one>1))"
)


class UnitError(ValueError):
    """A text is not a unit; the message says why."""


@dataclass(frozen=True)
class Dimension:
    """Exponents of base dimensions, sorted by name; empty for a plain number."""

    exponents: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, exponents: Mapping[str, float]) -> "Dimension":
        """From a mapping of base dimension to exponent; zero exponents fall away."""
        return cls(tuple(sorted((name, float(power)) for name, power in exponents.items() if power)))

    def times(self, other: "Dimension", power: float = 1.0) -> "Dimension":
        """The dimension of self x other**power."""
        total = dict(self.exponents)
        for name, exponent in other.exponents:
            total[name] = total.get(name, 0.0) + power * exponent
        return Dimension.of(total)

    def __str__(self) -> str:
        for name, known in DIMENSIONS.items():
            if known == self:
                return name
        return " * ".join(f"{name}^{power:g}" if power != 1 else name for name, power in self.exponents)


@dataclass(frozen=True)
class Unit:
    """A unit: SI value of one of it, its dimension, and the currencies in it as (code, power)."""

    text: str
    factor: float
    dimension: Dimension
    currencies: tuple[tuple[str, float], ...] = ()


def _dimension(**exponents: float) -> Dimension:
    return Dimension.of({f"[{name}]": power for name, power in exponents.items()})


# The dimensions that columns speak of, by the word that faults use.
NUMBER = Dimension()
DIMENSIONS: dict[str, Dimension] = {
    "number": NUMBER,
    "time": _dimension(time=1),
    "rate": _dimension(time=-1),
    "mass": _dimension(mass=1),
    "length": _dimension(length=1),
    "speed": _dimension(length=1, time=-1),
    "acceleration": _dimension(length=1, time=-2),
    "area": _dimension(length=2),
    "flow": _dimension(length=3, time=-1),
    "pressure": _dimension(mass=1, length=-1, time=-2),
    "power": _dimension(mass=1, length=2, time=-3),
    "energy": _dimension(mass=1, length=2, time=-2),
    "money": _dimension(currency=1),
    "money per time": _dimension(currency=1, time=-1),
    "money per energy": _dimension(currency=1, mass=-1, length=-2, time=2),
    "money per area and time": _dimension(currency=1, length=-2, time=-1),
}
EXAMPLES = {
    "number": "0.5 or 50 percent", "time": "12 min", "rate": "10 robot/week", "mass": "2.5 kg", "length": "20 m",
    "speed": "1 m/s", "acceleration": "0.1 m/s^2", "area": "12 m2", "flow": "200 m3/hour", "pressure": "20 kN/m2",
    "power": "2 kW", "energy": "2 kWh",
    "money": "300 yuan",
    "money per time": "110000 yuan/year", "money per energy": "0.65 yuan/kWh",
    "money per area and time": "40 yuan/m2/month",
}  # fmt: skip


@cache
def _registry() -> "pint.UnitRegistry[float]":
    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    registry.define("yuan = [currency] = CNY = RMB")
    registry.define("USD = 1 * yuan")
    registry.define("EUR = 1 * yuan")
    for name in _COUNTS.split():
        registry.define(f"{name} = count")
    registry.define("percent_per_doubling = 0.01 * count")
    registry.define("TOPS = 1e12 * count / second")
    return registry


@cache
def _named(name: str) -> tuple[float, Dimension, str | None] | None:
    """Factor, dimension and currency of one unit name; None where there is no such unit."""
    registry = _registry()
    try:
        unit = registry.parse_units(_SHORT.get(name, name))
        one = registry.Quantity(1.0, unit).to_base_units()
        two = registry.Quantity(2.0, unit).to_base_units()
    except (pint.PintError, AttributeError, ValueError, TypeError, KeyError, ArithmeticError):
        return None
    factor = float(one.magnitude)
    # A unit with an offset or a logarithm (degC, dB) has no single factor to SI.
    if not 0.0 < factor < float("inf") or abs(float(two.magnitude) - 2.0 * factor) > 1e-9 * factor:
        return None
    dimension = Dimension.of({str(key): float(str(power)) for key, power in one.dimensionality.items()})
    return factor, dimension, CURRENCIES.get(name)


def is_unit(name: str) -> bool:
    """Whether one name is a unit of ours or of pint's."""
    return bool(_NAME.fullmatch(name)) and _named(name) is not None


@cache
def parse_unit(text: str) -> Unit:
    """Read a unit such as `min`, `yuan/kWh`, `kg*m^2`, `%`; an empty text or `-` is a plain number.

    Raises UnitError, which names the part that is no unit.
    """
    text = text.strip()
    if text in ("", "-", "1"):
        return Unit("", 1.0, Dimension())
    if len(text) > 80:
        raise UnitError("a unit of more than 80 characters")
    factor, dimension, currencies = 1.0, Dimension(), dict[str, float]()
    position, sign, expect_name = 0, 1, True
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match["power"] or (match["sign"] and match["sign"] in "()"):
            raise UnitError(f"`{text}` is not a unit")
        position = match.end()
        if not expect_name:
            if not match["sign"]:
                raise UnitError(f"`{text}` is not a unit; put * or / between its parts")
            sign, expect_name = (-1 if match["sign"] == "/" else 1), True
            continue
        if match["int"] == "1":
            expect_name = False
            continue
        name = match["name"]
        known = _named(name) if name else None
        if known is None:
            raise UnitError(f"`{name or match.group().strip()}` is not a unit")
        power, position = _power(text, position)
        factor *= known[0] ** (sign * power)
        dimension = dimension.times(known[1], sign * power)
        if known[2]:
            currencies[known[2]] = currencies.get(known[2], 0.0) + sign * power
        expect_name = False
    if expect_name or not 0.0 < factor < float("inf"):
        raise UnitError(f"`{text}` is not a unit")
    return Unit(text, factor, dimension, tuple(sorted((code, power) for code, power in currencies.items() if power)))


def _power(text: str, position: int) -> tuple[int, int]:
    match = re.compile(r"\s*(?:\*\*|\^)\s*(-?\d)\b").match(text, position)
    return (int(match[1]), match.end()) if match else (1, position)
