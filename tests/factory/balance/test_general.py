"""General lines: every rule is checked, and the cheapest assignment is that of all that were tried."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory.balance.lines import small_lines

from ironworks.factory.balance import (
    BalanceError,
    Bay,
    Element,
    GeneralAssignment,
    GeneralLine,
    LineInstance,
    cheapest_line,
    fewest_stations,
)

BAYS = (Bay("a", 2), Bay("b", 2, height=3.0, sides=frozenset({"any", "left"})), Bay("c", 1))


def cheapest_of_all(line: GeneralLine) -> float | None:
    """Least cost over every bay of every element, every order there, and every number of places."""
    names, best = [one.name for one in line.elements], None
    most = {bay.name: bay.places for bay in line.bays}
    for bays in itertools.product([bay.name for bay in line.bays], repeat=len(names)):
        there = {bay: [name for name, at in zip(names, bays, strict=True) if at == bay] for bay in set(bays)}
        for orders in itertools.product(*(itertools.permutations(group) for group in there.values())):
            order = dict(zip(there, orders, strict=True))
            for places in itertools.product(*(range(1, 1 + most[bay]) for bay in there)):
                one = GeneralAssignment(line, order, dict(zip(there, places, strict=True)))
                if (best is None or one.cost < best) and not one.problems():
                    best = one.cost
    return best


@st.composite
def general_lines(draw: st.DrawFn) -> GeneralLine:
    """Up to four elements with all that a line may ask for."""
    names = ["w", "x", "y", "z"][: draw(st.integers(1, 4))]
    elements = tuple(
        Element(
            name, {"p": draw(st.integers(0, 9)), "q": draw(st.integers(0, 9))},
            after=tuple(draw(st.lists(st.sampled_from(names[:at]), unique=True))) if at else (),
            learning=draw(st.sampled_from([1.0, 0.5])), skill=draw(st.sampled_from(["", "fit", "wire"])),
            tools=draw(st.frozensets(st.sampled_from(["hoist", "press"]))),
            side=draw(st.sampled_from(["any", "left", "right"])),
            height=draw(st.sampled_from([0.0, 3.5])), strain=draw(st.integers(0, 3)),
            workers=draw(st.integers(0, 2)),
            family=draw(st.sampled_from(["", "f", "g"])),
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    pair = frozenset(draw(st.permutations(names))[:2])
    zone = {draw(st.sampled_from(["together", "apart"])): (pair,)} if len(pair) == 2 and draw(st.booleans()) else {}
    now = {name: draw(st.sampled_from("abc")) for name in names}
    setup = {("f", "g"): 2.0, ("g", "f"): 1.0} if draw(st.booleans()) else {}
    return GeneralLine(
        elements, BAYS, ((1.0, float(draw(st.integers(8, 20)))), (4.0, float(draw(st.integers(4, 12))))),
        {"p": 0.75, "q": 0.25}, overload=draw(st.sampled_from([0.0, 0.5])), place_cost=10.0, worker_cost=4.0,
        tool_cost={"hoist": 3.0, "press": 1.0}, skill_cost={"fit": 1.0, "wire": 2.0},
        most_skills=draw(st.integers(1, 2)),
        strain_limit=draw(st.sampled_from([4.0, 99.0])), walk=draw(st.sampled_from([0.0, 1.0])), setup=setup,
        now=now, moves=draw(st.sampled_from([None, 1])), **zone,
    )  # fmt: skip


@given(general_lines())
@settings(deadline=None, max_examples=80)
def test_the_cheapest_line_is_that_of_all_that_were_tried(line: GeneralLine) -> None:
    best = cheapest_of_all(line)
    if best is None:
        with pytest.raises(BalanceError):
            cheapest_line(line)
        return
    found = cheapest_line(line)
    assert found.proven
    assert found.assignment.problems() == []
    assert found.assignment.cost == pytest.approx(best, rel=1e-4)


@given(small_lines())
@settings(deadline=None, max_examples=25)
def test_without_extensions_it_needs_as_many_places_as_a_simple_line_does_stations(
    drawn: tuple[LineInstance, int],
) -> None:
    line, cycle = drawn
    after: dict[int, list[str]] = {task: [] for task in range(len(line))}
    for before, then in line.order:
        after[then].append(str(before))
    elements = tuple(Element(str(task), {"p": float(time)}, tuple(after[task])) for task, time in enumerate(line.times))
    bays = tuple(Bay(str(at)) for at in range(len(line)))
    found = cheapest_line(GeneralLine(elements, bays, ((1.0, float(cycle)),), {"p": 1.0}))
    assert found.assignment.cost == fewest_stations(line, cycle).assignment.stations


def simple(**changes: object) -> GeneralLine:
    elements = (Element("frame", {"p": 6.0}), Element("legs", {"p": 8.0}, ("frame",), strain=2.0))
    line = GeneralLine(elements, BAYS, ((1.0, 10.0),), {"p": 1.0})
    return replace(line, **changes)  # type: ignore[arg-type]


def test_a_rule_that_cannot_be_kept_is_named() -> None:
    with pytest.raises(BalanceError, match=r"strain of at most 0\.5"):
        cheapest_line(simple(strain_limit=0.5))
    with pytest.raises(BalanceError, match="takt of 1 s from unit 1"):
        cheapest_line(simple(takts=((1.0, 1.0),)))
    both = (frozenset({"frame", "legs"}),)
    with pytest.raises(BalanceError, match=r"frame, legs together.*frame, legs apart|apart.*together"):
        cheapest_line(simple(together=both, apart=both))


def test_an_element_that_fits_nowhere_says_what_it_needs() -> None:
    tall = Element("hoist", {"p": 1.0}, height=4.0)
    low = (Bay("a", height=3.0),)
    with pytest.raises(BalanceError, match=r"hoist finds no bay: none has 4 m of clear height"):
        GeneralLine((tall,), low, ((1.0, 10.0),), {"p": 1.0})


def test_every_fault_of_a_line_is_told_at_once() -> None:
    wrong = Element("frame", {"z": 1.0}, ("nothing",), tools=frozenset({"hoist"}), side="top", learning=2.0)
    with pytest.raises(BalanceError) as caught:
        GeneralLine((wrong,), (), ((0.0, 10.0),), {"p": 0.5})
    assert len(caught.value.problems) == 7


def test_a_variant_that_needs_more_than_its_overload_is_a_problem() -> None:
    elements = (Element("frame", {"p": 6.0, "q": 12.0}),)
    line = GeneralLine(elements, BAYS, ((1.0, 10.0),), {"p": 0.75, "q": 0.25}, overload=0.1)
    problems = GeneralAssignment(line, {"a": ("frame",)}, {"a": 1}).problems()
    assert problems == ["q takes 12 s at a at unit 1, more than 11"]
    assert GeneralAssignment(replace(line, overload=0.2), {"a": ("frame",)}, {"a": 1}).problems() == []


def test_learning_lets_a_line_of_later_units_run_faster() -> None:
    elements = (Element("frame", {"p": 10.0}, learning=0.5),)
    line = GeneralLine(elements, BAYS[:1], ((4.0, 2.5),), {"p": 1.0})
    assert cheapest_line(line).assignment.places == {"a": 1}
    assert cheapest_line(replace(line, takts=((2.0, 2.5),))).assignment.places == {"a": 2}


def test_a_line_of_today_is_changed_as_little_as_is_asked_for() -> None:
    elements = tuple(Element(name, {"p": 5.0}) for name in "uvwx")
    line = GeneralLine(elements, BAYS, ((1.0, 10.0),), {"p": 1.0}, now=dict(zip("uvwx", "abca", strict=True)))
    assert cheapest_line(line).assignment.cost == 2.0
    kept = cheapest_line(replace(line, moves=0)).assignment
    assert (kept.moved, kept.cost) == ([], 3.0)


def test_set_ups_count_from_the_last_element_back_to_the_first() -> None:
    elements = (Element("frame", {"p": 1.0}, family="f"), Element("legs", {"p": 1.0}, family="g"))
    line = GeneralLine(elements, BAYS[:1], ((1.0, 10.0),), {"p": 1.0}, setup={("f", "g"): 2.0, ("g", "f"): 3.0})
    assert GeneralAssignment(line, {"a": ("frame", "legs")}, {"a": 1}).lost("a") == 5.0
    assert np.isclose(GeneralAssignment(line, {"a": ("frame", "legs")}, {"a": 1}).load("a", "p", 1.0), 7.0)
