"""As few suppliers as will do, and as little of what they are raised by."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ironworks.studies.plan import Constraint, Decisions, Knobs, Level, Relief, Tried
from ironworks.studies.plan.relief import Parts, _least, _needed

SUPPLIERS = ("cells", "chips", "motors", "screws")
FACTORS = (1.1, 1.25, 1.5, 2.0, 3.0, 100.0)


def raised(*suppliers: str) -> Constraint:
    return Constraint(f"ceilings of {suppliers}", tuple(Level(f"x{factor}", {}, None) for factor in FACTORS), suppliers)


@dataclass
class Worlds:
    """Worlds in which some suppliers have to bring at least so many times as much."""

    needed: dict[str, float]
    asked: int = 0

    def one(self, parts: Parts, knobs: Knobs, count: int) -> Relief:
        self.asked += count
        (one, at), *_ = parts
        enough = all(name in one.suppliers and FACTORS[at] >= factor for name, factor in self.needed.items())
        value = 2.0 if enough else 0.5
        tried = Tried(Decisions((), (), ()), 1.0, np.full(count, value), np.zeros(count))
        return Relief(parts, tried, knobs, enough)

    def without(self, parts: Parts, at: int, suppliers: tuple[str, ...]) -> Parts:
        return ((raised(*suppliers), parts[at][1]),)


@pytest.mark.parametrize(
    ("needed", "kept"),
    [
        ({"screws": 1.2}, ("screws",)),
        ({"motors": 1.2, "screws": 1.2}, ("motors", "screws")),
        ({"motors": 1.2}, ("motors",)),
        (dict.fromkeys(SUPPLIERS, 1.4), SUPPLIERS),
    ],
)
def test_suppliers_that_need_no_relief_are_left_out(needed: dict[str, float], kept: tuple[str, ...]) -> None:
    worlds = Worlds(needed)
    wide = worlds.one(((raised(*SUPPLIERS), len(FACTORS) - 1),), Knobs(), 8)
    found = _needed(wide, worlds, 8, lambda said: None)  # type: ignore[arg-type]
    assert found.suffices
    assert found.parts[0][0].suppliers == kept


@pytest.mark.parametrize("factor", [1.05, 1.3, 2.0, 50.0])
def test_the_least_level_that_suffices_is_found(factor: float) -> None:
    worlds = Worlds({"screws": factor})
    wide = worlds.one(((raised("screws"), len(FACTORS) - 1),), Knobs(), 8)
    found = _least(wide, worlds, 8, 24, lambda said: None)  # type: ignore[arg-type]
    assert found.suffices
    assert FACTORS[found.parts[0][1]] == min(one for one in FACTORS if one >= factor)
    assert len(found.tried.values) == 24


def test_a_level_that_more_replications_do_not_bear_out_gives_way_to_the_next() -> None:
    class Wavering(Worlds):
        def one(self, parts: Parts, knobs: Knobs, count: int) -> Relief:
            found = super().one(parts, knobs, count)
            return replace(found, suffices=found.suffices and (count < 24 or parts[0][1] > 2))

    worlds = Wavering({"screws": 1.05})
    wide = worlds.one(((raised("screws"), len(FACTORS) - 1),), Knobs(), 8)
    found = _least(wide, worlds, 8, 24, lambda said: None)  # type: ignore[arg-type]
    assert found.suffices
    assert found.parts[0][1] == 3
