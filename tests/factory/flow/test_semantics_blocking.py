"""Blocking, its order, deadlock, and swaps."""

from tests.factory.flow.tiny import ended, op, shifts, started, state_changes, state_seconds, traced

from ironworks.factory.flow import (
    INFINITE,
    Arising,
    Arrivals,
    Constant,
    Conwip,
    Defect,
    Fleet,
    Listed,
    Model,
    Outcome,
    Routing,
    State,
    Station,
    Store,
    line,
    run_once,
)


def test_blocking_is_after_service():
    run = traced(line([Station("a"), Station("b", buffer=0)], [Constant(1), Constant(4)]), 12)
    assert started(run, "a") == [(0, 0), (1, 1), (5, 2), (9, 3)]
    assert started(run, "b") == [(1, 0), (5, 1), (9, 2)]
    assert state_seconds(run, "a", State.BLOCKED) == 3 + 3 + 2


def test_a_buffer_of_one_takes_one_more():
    run = traced(line([Station("a"), Station("b", buffer=1)], [Constant(1), Constant(4)]), 12)
    assert started(run, "a") == [(0, 0), (1, 1), (2, 2), (5, 3), (9, 4)]


def test_first_blocked_is_first_released():
    # Three places finish at 3, 2 and 1 behind a server that is busy until 10: they leave in the order 2, 1, 0.
    routings = [
        Routing("first", [op("b", 10)], release=Conwip(1), closes=1),
        Routing("r", [op("a", (3, 2, 1, 90), "a"), op("b", 10, "b")]),
    ]
    model = Model([Station("a", places=3), Station("b", buffer=0)], routings)
    run = traced(model, 35)
    assert started(run, "b") == [(0, 0), (10, 2), (20, 1), (30, 0)]


def test_destination_is_fixed_at_completion():
    # Both places of a wait for their own next station; that the other's has room helps nobody.
    routings = [
        Routing("x", [op("a", 1, "a"), op("slow", 100, "s")]),
        Routing("y", [op("other", 1, "a"), op("quick", 1, "q")], release=Conwip(1)),
    ]
    stations = [Station("a"), Station("other"), Station("slow", buffer=0), Station("quick", buffer=0)]
    run = traced(Model(stations, routings), 50)
    assert state_seconds(run, "a", State.BLOCKED) == 48
    assert run.finished[0].tolist() == [0, 24]


def test_blocking_before_service_waits_for_room():
    run = traced(line([Station("a", blocking="before"), Station("b", buffer=0)], [Constant(2), Constant(5)]), 20)
    # a starts only when b is free, so b waits for a each time.
    assert started(run, "a") == [(0, 0), (2 + 5, 1), (14, 2)]
    assert started(run, "b") == [(2, 0), (9, 1), (16, 2)]
    assert state_seconds(run, "a", State.BLOCKED) == 5 + 5 + 4


def test_blocking_before_service_of_a_store_waits_for_room_in_it():
    routings = [
        Routing("part", [op("a", 1)], output="s"),
        Routing("whole", [op("b", 5, consumes={"s": 1})]),
    ]
    run = traced(Model([Station("a", blocking="before"), Station("b")], routings, [Store("s", capacity=1)]), 14)
    # The part that goes on stock at 1 is taken at once, the next at 2 stays until 6.
    assert started(run, "a") == [(0, 0), (1, 1), (6, 2), (11, 3)]
    assert started(run, "b") == [(1, 0), (6, 1), (11, 2)]


def test_blocking_before_service_hands_over_nothing_off_shift():
    stations = [Station("a", calendar="day", attended=False, blocking="before"), Station("b", buffer=0)]
    simple = line(stations, [Constant(15), Constant(1)])
    run = traced(Model(simple.stations, simple.routings, calendars=[shifts((0, 10), (20, 60))]), 40)
    assert ended(run, "a") == [(15, 0), (36, 1)]
    assert started(run, "b") == [(20, 0), (36, 1)]


def test_a_full_store_blocks_its_maker():
    model = Model([Station("a")], [Routing("r", [op("a", 1)], output="s")], [Store("s", capacity=2)])
    run = traced(model, 10)
    assert run.outcome is Outcome.DEADLOCK
    assert run.stopped == 3
    assert "a (place 1) holds r #2, which waits for store s, which is full" in run.explanation


def circle(*, swap: bool = False, buffer: float = 0) -> Model:
    """Two routings that cross: a then b, and b then a."""
    routings = [
        Routing("east", [op("a", 2, "1"), op("b", 2, "2")], release=Conwip(1)),
        Routing("west", [op("b", 2, "1"), op("a", 2, "2")], release=Conwip(1)),
    ]
    return Model([Station("a", buffer=buffer, swap=swap), Station("b", buffer=buffer)], routings)


def test_a_deadlock_stops_the_run_and_is_explained():
    run = traced(circle(), 100)
    assert run.outcome is Outcome.DEADLOCK
    assert run.stopped == 2
    assert run.explanation.splitlines()[1:3] == [
        "  a (place 1) holds east #0, which waits for station b, whose buffer and places are full",
        "  b (place 1) holds west #0, which waits for station a, whose buffer and places are full",
    ]
    assert "swap=True" in run.explanation


def test_swap_unties_a_deadlock():
    run = traced(circle(swap=True), 9)
    assert run.outcome is Outcome.COMPLETED
    assert {name: times.tolist() for name, times in run.finish_times.items()} == {"east": [4, 8], "west": [4, 8]}


def test_a_buffer_in_the_circle_prevents_the_deadlock():
    run = traced(circle(buffer=1), 9)
    assert run.outcome is Outcome.COMPLETED
    assert run.finished.sum() == 4


def test_a_lock_of_two_stations_stops_the_run_though_others_go_on():
    model = circle()
    more = Model([*model.stations, Station("c")], [*model.routings, Routing("third", [op("c", 0.7)])])
    run = traced(more, 100)
    assert run.outcome is Outcome.DEADLOCK
    assert run.stopped == 2


def test_what_only_a_shift_keeps_is_no_deadlock():
    # The shift of `a` ends at 10, its unit is done at 12: b, full at 13, waits for a, which will find room in b at 20.
    routings = [
        Routing("east", [op("a", 12, "1"), op("b", 2, "2")], release=Conwip(1)),
        Routing("west", [op("b", 13, "1"), op("a", 2, "2")], release=Conwip(1)),
    ]
    stations = [Station("a", buffer=0, calendar="day", attended=False), Station("b", buffer=1)]
    run = traced(Model(stations, routings, calendars=[shifts((0, 10), (20, 60))]), 30)
    assert run.outcome is Outcome.COMPLETED
    assert started(run, "a")[:2] == [(0, 0), (20, 0)]
    assert started(run, "b")[:2] == [(0, 0), (20, 0)]


def test_a_station_that_is_installed_later_is_no_deadlock():
    routings = [Routing("r", [op("a", 1, "1"), op("b", 1, "2"), op("a", 1, "3")], release=Conwip(1))]
    stations = [Station("a", buffer=1), Station("b", places=0, buffer=0, schedule=[(10, 1)])]
    run = traced(Model(stations, routings), 20)
    assert run.outcome is Outcome.COMPLETED
    assert started(run, "b")[0] == (10, 0)
    assert run.finish_times["r"][0] == 12


def test_off_line_storage_keeps_a_repair_loop_from_locking():
    # Each unit fails once; without storage before the desk the test station would lock with the line behind it.
    defect = Defect("bad", op("desk", 5, "mend"), "r.a")
    routing = Routing(
        "r",
        [op("a", 1, arises=[Arising("bad", 1.0)]), op("t", 1, finds={"bad": 1.0})],
        release=Arrivals(Constant(3)),
        closes=10,
    )
    stations = [Station("a", buffer=0), Station("t", buffer=0), Station("desk", buffer=0)]
    run = traced(Model(stations, [routing], defects=[defect]), 60)
    assert run.outcome is Outcome.COMPLETED
    assert run.released.sum() == 3
    assert state_seconds(run, "t", State.BLOCKED) == 0


def test_a_limited_fleet_blocks_until_a_carrier_is_back():
    # One carrier, 3 s there and 3 s back: the second unit, done at 2, leaves at 7.
    routing = Routing("r", [op("a", 1, travel=Constant(3), fleet="agv"), op("b", 1)])
    run = traced(Model([Station("a"), Station("b", buffer=INFINITE)], [routing], fleets=[Fleet("agv", 1)]), 20)
    assert started(run, "b") == [(4, 0), (10, 1), (16, 2)]
    assert started(run, "a") == [(0, 0), (1, 1), (7, 2), (13, 3), (19, 4)]
    assert state_changes(run, "a")[:5] == [
        (0, State.STARVED),
        (0, State.WORKING),
        (1, State.STARVED),
        (1, State.WORKING),
        (2, State.BLOCKED),
    ]


def test_carriers_fetch_nothing_off_shift():
    # The carrier is back at 12, but a's shift has ended at 10: the unit that waits leaves at 20.
    routing = Routing("r", [op("a", 4, travel=Constant(4), fleet="agv"), op("b", 1)])
    stations = [Station("a", calendar="day"), Station("b")]
    model = Model(stations, [routing], fleets=[Fleet("agv", 1)], calendars=[shifts((0, 10), (20, 60))])
    assert started(traced(model, 40), "b") == [(8, 0), (24, 1), (32, 2)]


def test_room_for_what_is_on_its_way_is_reserved():
    # b has room for one; while a unit travels to it the next one waits at a.
    routing = Routing("r", [op("a", 1, travel=Constant(5)), op("b", 2)])
    run = traced(Model([Station("a"), Station("b", buffer=0)], [routing]), 20)
    assert started(run, "b") == [(6, 0), (13, 1)]
    assert started(run, "a") == [(0, 0), (1, 1), (8, 2), (15, 3)]


def test_blocking_with_zero_capacity_is_a_hand_over_from_place_to_place():
    run = traced(line([Station("a", 2), Station("b", 2, buffer=0)], [Listed((1, 1, 1, 9)), Constant(5)]), 6.5)
    assert started(run, "b") == [(1, 0), (1, 1), (6, 2)]


def test_more_cards_than_the_first_room_in_memory():
    run = run_once(line([Station("s")], [Constant(1)], Conwip(70_000)), 3)
    assert run.released.sum() == 70_002
    assert run.check() == []
