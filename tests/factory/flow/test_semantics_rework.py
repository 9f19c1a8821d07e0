"""Defects, tests, repairs, loops, scrap and hold."""

from collections.abc import Sequence

import pytest
from tests.factory.flow.tiny import ended, op, started, traced

from ironworks.factory.flow import (
    Arising,
    Constant,
    Conwip,
    Defect,
    Growth,
    Model,
    Operation,
    Replication,
    Routing,
    Station,
    Store,
    run_once,
)

UNITS = 400


def mended(name: str, return_to: str, time: float = 0, **kw) -> Defect:
    return Defect(name, op("desk", time, "mend"), return_to, **kw)


def many(operations: Sequence[Operation], defects: Sequence[Defect]) -> Replication:
    """Four hundred units, one after the other."""
    stations = [Station(name) for name in dict.fromkeys([*(o.station for o in operations), "desk"])]
    routing = Routing("r", operations, Conwip(1), plan=[(0, UNITS), (1, UNITS)])
    run = run_once(Model(stations, [routing], defects=defects), 100_000, seed=5)
    assert run.check() == []
    assert run.wip[-1].tolist() == [0]
    return run


def test_rework_goes_before_new_work():
    routings = [
        Routing("bad", [op("a", 2, arises=[Arising("d", 1.0)]), op("t", 1, finds={"d": 1.0})], Conwip(1), closes=1),
        Routing("good", [op("a", 2)], Conwip(3)),
    ]
    model = Model([Station("a"), Station("t"), Station("desk")], routings, defects=[mended("d", "bad.a", 1)])
    run = traced(model, 7)
    # Back from the desk at 4, while two others wait: next at a.
    assert ended(run, "desk") == [(4, 0)]
    assert [t for t, _ in started(run, "a")] == [0, 2, 4, 6]
    bad = run.names.operations.index("bad.a")
    assert run.starts[-1, bad] == 2


def test_rework_keeps_its_rank_until_it_has_caught_up():
    # The unit failed at t; on its way back it goes first at a and at b, and is new work again at c.
    bad = [op("a", 2, arises=[Arising("d", 1.0)]), op("b", 2), op("t", 1, finds={"d": 1.0}), op("c", 5)]
    good = [op("b", 2, "gb"), op("c", 5, "gc")]
    routings = [Routing("bad", bad, Conwip(1), closes=1), Routing("good", good, Conwip(3))]
    defect = Defect("d", op("desk", 1, "mend"), "bad.b")
    run = traced(Model([Station(n) for n in ("a", "b", "t", "desk", "c")], routings, defects=[defect]), 40)
    ours = [r[0] / 1e6 for r in run.log.tolist() if r[1] == 1 and r[3] == 0]
    # a 0-2; b is busy with the third good one until 6; b 6-8, t 8-9, desk 9-10, b 10-12, t 12-13, c behind three: 22.
    assert ours[:6] == [0, 6, 8, 9, 10, 12]


def test_after_max_loops_the_unit_is_scrapped():
    operations = [op("a", 1, arises=[Arising("d", 1.0)]), op("t", 1, finds={"d": 1.0})]
    run = many(operations, [mended("d", "r.t", success=0.0, max_loops=2)])
    assert run.scrapped.sum() == UNITS
    mend = run.names.operations.index("d.mend")
    assert run.starts[0, mend] == 2 * UNITS
    # A defect that no repair removes is found once.
    assert run.found.sum() == UNITS


def test_a_unit_on_hold_waits_for_its_decision():
    routing = Routing("r", [op("a", 1, arises=[Arising("d", 1.0)], finds={"d": 1.0}), op("b", 1)], Conwip(1), closes=1)
    defect = Defect("d", op("desk", 2, "mend"), "r.b", hold=1.0, hold_time=Constant(7))
    run = traced(Model([Station("a"), Station("b"), Station("desk")], [routing], defects=[defect]), 20)
    assert started(run, "desk") == [(8, 0)]
    assert started(run, "b") == [(10, 0)]


def test_what_is_not_found_escapes_and_is_counted():
    operations = [op("a", 1, arises=[Arising("d", 1.0)], finds={"d": 0.25})]
    run = many(operations, [Defect("d", op("desk", 1, "mend"), "r.a", max_loops=100)])
    # Each time the unit comes back the defect is there anew; at some time it escapes.
    assert run.escaped.sum() == UNITS
    assert run.found.sum() == pytest.approx(UNITS / 3, rel=0.35)
    assert run.first_tests.sum() == UNITS
    assert run.first_passes.sum() == pytest.approx(0.75 * UNITS, rel=0.1)


def test_an_escape_escapes_the_same_test_again():
    # "sure" is always found and brings the unit back; "shy" is seen or not, once and for all.
    arises = [Arising("sure", 1.0), Arising("shy", 1.0)]
    operations = [op("a", 1, arises=arises), op("t", 1, finds={"sure": 1.0, "shy": 0.5})]
    run = many(operations, [mended("sure", "r.t"), mended("shy", "r.t")])
    shy = run.names.defects.index("shy")
    assert run.found[0, shy] == pytest.approx(UNITS / 2, rel=0.2)
    assert run.found[0, shy] + run.escaped[0, shy] == UNITS


def test_an_escape_escapes_again_though_another_test_failed_in_between():
    arises = [Arising("shy", 1.0), Arising("sure", 1.0)]
    operations = [op("a", 1, arises=arises), op("t", 1, finds={"shy": 0.5}), op("u", 1, finds={"sure": 1.0})]
    run = many(operations, [mended("shy", "r.t"), mended("sure", "r.t")])
    assert run.found[0, 0] == pytest.approx(UNITS / 2, rel=0.2)
    assert run.found[0, 0] + run.escaped[0, 0] == UNITS


def test_a_defect_that_was_found_is_found_again_until_it_is_repaired():
    # Both are seen at once, and the first is mended first: the second is surely rejected at the retest.
    arises = [Arising("one", 1.0), Arising("two", 1.0)]
    operations = [op("a", 1, arises=arises), op("t", 1, finds={"one": 0.999999999, "two": 0.5})]
    run = many(operations, [mended("one", "r.t"), mended("two", "r.t")])
    assert run.rejects.sum() == run.found.sum()
    assert run.found[0, 1] == pytest.approx(UNITS / 2, rel=0.2)


def test_what_was_repaired_and_comes_anew_is_drawn_anew():
    # The operation that is done again puts the defect in again; each time it is seen with 50 %: once on average.
    operations = [op("a", 1, arises=[Arising("d", 1.0)]), op("t", 1, finds={"d": 0.5})]
    run = many(operations, [mended("d", "r.a", max_loops=100)])
    assert run.found.sum() == pytest.approx(UNITS, rel=0.2)
    assert run.escaped.sum() + run.scrapped.sum() == UNITS


def test_what_a_repair_causes_is_drawn_anew():
    # Mending "one" breaks "two", which escaped before with 50 %: after it, half of these are seen.
    arises = [Arising("one", 1.0), Arising("two", 1.0)]
    operations = [op("a", 1, arises=arises), op("t", 1, finds={"one": 1.0, "two": 0.5})]
    run = many(operations, [mended("one", "r.t", causes={"two": 1.0}), mended("two", "r.t")])
    assert run.found[0, 1] == pytest.approx(0.75 * UNITS, rel=0.12)


def test_false_rejects_send_good_units_through_the_loop():
    operations = [op("t", 1, finds={"d": 1.0}, false_reject=0.2)]
    run = many(operations, [mended("d", "r.t", 1, max_loops=50)])
    assert run.found.sum() == 0
    # Each visit is drawn anew: 0.2 / 0.8 rejects per unit.
    assert run.rejects.sum() == pytest.approx(0.25 * UNITS, rel=0.35)
    assert run.finished.sum() == UNITS


def test_defects_of_a_child_go_into_its_parent():
    child = Routing("child", [op("c", 1, arises=[Arising("d", 1.0)])], Conwip(1), output="s")
    parent = Routing("p", [op("a", 1, consumes={"s": 2}), op("t", 1, finds={"d": 1.0})])
    stations = [Station("c"), Station("a"), Station("t"), Station("desk")]
    model = Model(stations, [child, parent], [Store("s")], [mended("d", "p.t")])
    run = run_once(model, 50)
    t = run.names.operations.index("p.t")
    # Two children with the same defect are one defect of the parent.
    assert run.first_tests[0, t] > 10
    assert run.rejects[0, t] == run.found[0, 0] > 10
    assert run.first_passes[0, t] == 0


def test_defects_become_rare_with_experience():
    # p(n) = 0.1 + 0.9 / n: all of the first units, one in ten later.
    arising = Arising("d", 1.0, mature=0.1, growth=Growth(-1.0))
    run = many([op("a", 1, arises=[arising]), op("t", 1, finds={"d": 1.0})], [mended("d", "r.t")])
    expected = 0.1 * UNITS + 0.9 * sum(1 / n for n in range(1, UNITS + 1))
    assert run.found.sum() == pytest.approx(expected, rel=0.3)


def test_first_pass_yield_counts_first_attempts_alone():
    operations = [op("a", 1, arises=[Arising("d", 0.3)]), op("t", 1, finds={"d": 1.0})]
    run = many(operations, [mended("d", "r.t")])
    t = run.names.operations.index("r.t")
    assert run.first_tests[0, t] == UNITS
    assert run.first_passes[0, t] == UNITS - run.found.sum()
    assert run.starts[0, t] == UNITS + run.found.sum()
