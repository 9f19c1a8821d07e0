"""Parts explosion of products small enough to count by hand."""

import pytest

from ironworks.product.bom import Bom
from ironworks.quantities import read_quantity
from ironworks.rows import BomLine, Part
from ironworks.scenario import read_scenario


def part(name: str, make: bool = False) -> Part:
    kind = "make" if make else "buy"
    mass, cost = read_quantity("1 kg", "mass"), read_quantity("1 yuan", "money")
    return Part(part=name, make_or_buy=kind, mass=mass, cost=cost)


def line(parent: str, child: str, quantity: float) -> BomLine:
    return BomLine(parent=parent, child=child, quantity=quantity)


ROBOT = Bom.from_rows(
    [part("robot", True), part("hand", True), part("motor"), part("screw")],
    [line("robot", "hand", 2), line("robot", "motor", 20), line("hand", "motor", 11), line("hand", "screw", 30)],
)


def test_quantities_multiply_down_and_add_over_branches() -> None:
    assert ROBOT.explode("robot") == {"robot": 1, "hand": 2, "motor": 42, "screw": 60}


def test_bought_parts_alone() -> None:
    assert ROBOT.bought("robot") == {"motor": 42, "screw": 60}


def test_a_part_of_no_table_is_made_outside() -> None:
    assert ROBOT.is_made("vehicle")
    assert not ROBOT.is_made("motor")


def test_where_a_part_is_used() -> None:
    assert ROBOT.used_in("motor") == ("robot", "hand")


def test_parents_come_before_children() -> None:
    order = ROBOT.order
    assert order.index("robot") < order.index("hand") < order.index("motor")


def test_a_part_that_contains_itself_is_named() -> None:
    loop = Bom.from_rows([], [line("a", "b", 1), line("b", "c", 1), line("c", "b", 1)])
    with pytest.raises(ValueError, match="b > c > b"):
        loop.explode("a")


def test_mass_and_cost_come_from_one_source() -> None:
    scenario = read_scenario("tiny")
    bom, mode = Bom.of(scenario), scenario.mode()
    assert bom.mass("robot", mode) == pytest.approx(8 + 6 * 0.4)
    assert bom.cost("robot", mode) == pytest.approx(2000 + 6 * 300)
    assert [(row.part, row.quantity) for row in bom.totals("robot", mode)] == [("robot", 1), ("motor", 6)]
