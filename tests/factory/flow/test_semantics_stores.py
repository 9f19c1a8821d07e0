"""Assembly, stores, alternates and supply."""

import pytest
from tests.factory.flow.tiny import entries, op, started, state_seconds, traced

from ironworks.factory.flow import (
    BaseStock,
    Constant,
    Conwip,
    Exponential,
    Listed,
    Model,
    Operation,
    Routing,
    State,
    Station,
    Store,
    Supplier,
    Supply,
    run_once,
)
from ironworks.factory.flow.kernels.fields import K_INSTALLED


def assembly(kit: dict[str, int], *stores: Store, time: float = 4, places: int = 1) -> Model:
    return Model([Station("a", places)], [Routing("r", [op("a", time, consumes=kit)])], stores)


def buys(lot: int = 1, lead: float = 5, level: float = 1, review: float = 10, **kw) -> Supply:
    return Supply(lot, Constant(lead), [(0, level)], review, **kw)


def test_a_kit_is_taken_at_once_or_not_at_all():
    # x is there from the start, y comes at 5: nothing of x is taken before.
    model = assembly({"x": 2, "y": 1}, Store("x", initial=2), Store("y", supply=buys()))
    run = traced(model, 6, edges=[4])
    assert run.stock.tolist() == [[2, 0], [0, 0]]
    assert entries(run, K_INSTALLED) == [(5, 0)] * 3
    assert state_seconds(run, "a", State.WAITING_PART) == 5


def test_parts_that_another_station_can_use_are_not_reserved():
    routings = [
        Routing("first", [op("a", 4, consumes={"x": 1, "never": 1})]),
        Routing("second", [op("b", 4, consumes={"x": 1})]),
    ]
    run = traced(Model([Station("a"), Station("b")], routings, [Store("x", initial=2), Store("never")]), 9)
    assert started(run, "b") == [(0, 0), (4, 1)]


def test_an_alternate_is_taken_when_the_part_is_short():
    run = traced(assembly({"x": 2}, Store("x", initial=3, alternate="z"), Store("z", initial=2)), 20)
    # Two of x, then one of x and one of z; one of z alone is not enough.
    assert run.consumed[0].tolist() == [3, 1]
    assert len(started(run, "a")) == 2


def test_an_alternate_is_not_counted_twice():
    # z is part of the kit itself, and the alternate of x and of y; there is one.
    stores = (Store("x", alternate="z"), Store("y", alternate="z"), Store("z", initial=1))
    assert started(traced(assembly({"x": 1, "z": 1}, *stores), 9), "a") == []
    assert started(traced(assembly({"x": 1, "y": 1}, *stores), 9), "a") == []
    assert started(traced(assembly({"x": 1}, *stores), 9), "a") == [(0, 0)]
    enough = (Store("x", alternate="z"), Store("y", alternate="z"), Store("z", initial=3))
    run = traced(assembly({"x": 1, "y": 1, "z": 1}, *enough), 9)
    assert started(run, "a") == [(0, 0)]
    assert run.stock[0].tolist() == [0, 0, 0]


def test_a_part_short_with_a_full_alternate_wakes_its_users():
    stores = (Store("x", alternate="z"), Store("z", supply=buys(lead=3)))
    assert started(traced(assembly({"x": 1}, *stores), 9), "a") == [(3, 0)]


def test_short_says_for_how_long_a_start_waited_for_a_store():
    model = assembly({"x": 1}, Store("x", supply=buys(lead=3, level=1, review=5)), time=1)
    run = traced(model, 20, edges=[10])
    # Orders at 0, 5, 10, 15; each unit starts as its part comes and works 1 s: waiting 0-3, 4-8, 9-13, 14-18, 19-.
    assert run.short[:, 0].tolist() == [3 + 4 + 1, 3 + 4 + 1]


def test_review_orders_whole_lots_up_to_the_level():
    model = assembly({"x": 1}, Store("x", initial=3, supply=buys(lot=4, lead=6, level=10, review=10)), time=1)
    run = traced(model, 25, edges=[5, 9, 11, 19])
    # 10 - 3 = 7: two lots of 4, here at 6. At 10: 3 + 8 - 3 - 4 left = 4, 6 short: two lots, here at 16. At 20 again.
    assert run.ordered[:, 0].tolist() == [8, 0, 8, 0, 8]
    assert run.delivered[:, 0].tolist() == [0, 8, 0, 8, 0]


def test_no_order_while_the_position_is_high_enough():
    run = run_once(assembly({"x": 1}, Store("x", initial=3, supply=buys(lot=4, level=2)), time=1000), 5)
    # One is taken at 0, before the review of that instant.
    assert run.ordered.sum() == 0


def test_the_level_follows_its_steps():
    supply = Supply(1, Constant(1), [(0, 0), (15, 6)], 10)
    run = run_once(assembly({"x": 9}, Store("x", supply=supply)), 35, edges=[5, 15, 25])
    assert run.ordered[:, 0].tolist() == [0, 0, 6, 0]


def test_incoming_yield_thins_deliveries():
    supply = buys(lot=1000, lead=1, level=1000, review=1e9, yield_=0.8)
    run = run_once(assembly({"x": 10**6}, Store("x", supply=supply)), 10)
    assert run.delivered.sum() == 800


def test_of_single_parts_each_is_good_or_not():
    # 400 parts ordered one by one, a quarter of them good.
    supply = buys(lead=0.5, level=1, review=1, yield_=0.25)
    run = run_once(assembly({"x": 1}, Store("x", supply=supply), time=0.1), 400.9)
    assert run.ordered.sum() >= 400
    assert run.delivered.sum() == pytest.approx(100, abs=30)


def two_parts(*reviews: float, ceiling: float = 1.0, lot: int = 1) -> Model:
    stores = [
        Store(name, supply=Supply(lot, Constant(1), [(0, 1e6)], review, supplier="s"))
        for name, review in zip("xy", reviews, strict=True)
    ]
    return Model(
        [Station("a")],
        [Routing("r", [op("a", 1, consumes={"x": 10**6})])],
        stores,
        suppliers=[Supplier("s", [(0, ceiling)])],
    )


def test_a_ceiling_is_shared_by_the_stores_of_a_supplier():
    run = run_once(two_parts(10, 10), 35, edges=[5, 15, 25])
    assert run.ordered.sum(axis=1).tolist() == [10, 10, 10, 10]


def test_less_than_a_lot_of_a_ceiling_is_carried_on():
    run = run_once(two_parts(10, 10, ceiling=0.6, lot=10), 55, edges=[5, 15, 25, 35, 45])
    # 6 a review: 6, 12, 8, 14, 10, 6.
    assert run.ordered.sum(axis=1).tolist() == [0, 10, 0, 10, 10, 0]


def test_stores_with_unlike_reviews_do_not_exceed_the_ceiling_together():
    for reviews in ((10, 30), (30, 10)):
        run = run_once(two_parts(*reviews), 300)
        # 1 a second, and what the first review may order in advance.
        assert 290 <= run.ordered.sum() <= 300 + 30


def test_weight_says_what_a_unit_takes_of_the_ceiling():
    supply = Supply(1, Constant(1), [(0, 1e6)], 10, supplier="s", weight=4.0)
    model = assembly({"x": 10**6}, Store("x", supply=supply))
    full = Model(model.stations, model.routings, model.stores, suppliers=[Supplier("s", [(0, 2.0)])])
    assert run_once(full, 25).ordered.sum() == 15


def test_made_items_go_through_their_store_first_in_first_out():
    routings = [
        Routing("part", [op("m", (1, 1, 9))], Conwip(1), output="s"),
        Routing("whole", [op("a", 4, consumes={"s": 1})]),
    ]
    run = traced(Model([Station("m"), Station("a")], routings, [Store("s")]), 12)
    taken = [(r[0] / 1e6, r[7]) for r in run.log.tolist() if r[1] == K_INSTALLED]
    assert taken == [(1, 0), (5, 1), (11, 2)]


def test_base_stock_keeps_stock_and_work_in_process_at_the_level():
    routings = [
        Routing("part", [op("m", 2)], BaseStock(2), output="s"),
        Routing("whole", [op("a", 10, consumes={"s": 1})]),
    ]
    run = traced(Model([Station("m"), Station("a")], routings, [Store("s")]), 25, edges=[1, 3, 5, 9, 13])
    assert (run.stock[:, 0] + run.wip[:, 0]).tolist() == [2] * 6
    # Made at 2, 4; one is taken at 2, 12, 22, and a new one begun then.
    assert [t for t, _ in started(run, "m")] == [0, 2, 4, 12, 22]


def test_alternates_may_name_each_other():
    stores = (Store("x", initial=1, alternate="y"), Store("y", initial=2, alternate="x"))
    run = traced(assembly({"x": 1}, *stores, time=1), 9)
    assert len(started(run, "a")) == 3
    both = traced(assembly({"x": 1, "y": 1}, *stores, time=1), 9)
    assert len(started(both, "a")) == 1


def test_random_lead_times_are_those_of_the_order_not_of_the_day():
    # The n-th order has the same lead time, whether or not another store is there.
    supply = Supply(1, Exponential(5), [(0, 1)], 1)
    alone = run_once(assembly({"x": 1}, Store("x", supply=supply)), 200)
    more = run_once(assembly({"x": 1}, Store("w", supply=supply), Store("x", supply=supply)), 200)
    assert alone.finish_times["r"].tolist() == more.finish_times["r"].tolist()


def test_a_lot_is_one_unit_of_flow():
    routings = [
        Routing("lot", [Operation("m", "m", Listed((6,)))], Conwip(1), output="s", lot=30),
        Routing("whole", [op("a", 1, consumes={"s": 1})]),
    ]
    assert run_once(Model([Station("m"), Station("a")], routings, [Store("s")]), 20).finished[0].tolist() == [3, 3]
