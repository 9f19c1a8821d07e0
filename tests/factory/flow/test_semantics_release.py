"""Release of new units, and draws that depend on names alone."""

from tests.factory.flow.tiny import ended, op, started, traced

from ironworks.factory.flow import (
    Arrivals,
    Constant,
    Conwip,
    Exponential,
    Failures,
    Listed,
    Model,
    Operation,
    Replication,
    Routing,
    Saturated,
    Station,
    line,
    run_once,
)
from ironworks.factory.flow.kernels.fields import K_CREATED


def created(run: Replication) -> list[float]:
    return [row[0] / 1e6 for row in run.log.tolist() if row[1] == K_CREATED]


def test_saturated_releases_as_the_first_station_starts():
    run = traced(line([Station("a"), Station("b", buffer=0)], [Constant(1), Constant(4)], Saturated()), 10)
    assert created(run) == [0, 1, 5, 9]


def test_conwip_releases_when_a_unit_leaves():
    run = traced(line([Station("a"), Station("b")], [Constant(1), Constant(4)], Conwip(2)), 14)
    assert created(run) == [0, 0, 5, 9, 13]
    assert run.wip[-1].tolist() == [2]


def test_cards_follow_their_steps():
    run = traced(line([Station("a", 5)], [Constant(10)], Conwip([(2, 1), (5, 3), (11, 0)])), 40)
    assert created(run) == [2, 5, 5]


def test_a_plan_limits_the_cumulative_release():
    routing = Routing("r", [op("a", 0.5)], plan=[(2, 1), (6, 3), (7, 3), (9, 5)])
    run = traced(Model([Station("a")], [routing]), 20)
    # Unit 1 at 2; 2 and 3 on the line to 6; none until 7; 4 and 5 on the line to 9.
    assert created(run) == [2, 4, 6, 8, 9]


def test_a_plan_that_steps_releases_all_at_once():
    routing = Routing("r", [op("a", 1)], Conwip(9), plan=[(0, 0), (3, 0), (3, 4), (5, 4), (5, 4)])
    run = traced(Model([Station("a")], [routing]), 20)
    assert created(run) == [3, 3, 3, 3]


def test_a_routing_opens_and_closes():
    routing = Routing("r", [op("a", 2)], opens=3, closes=8)
    run = traced(Model([Station("a")], [routing]), 20)
    assert created(run) == [3, 5, 7]
    assert ended(run, "a")[-1] == (9, 2)


def test_arrivals_wait_outside_a_full_buffer_or_are_lost():
    def model(lost: bool) -> Model:
        return line([Station("a", buffer=1)], [Constant(5)], Arrivals(Constant(2), lost=lost))

    lost = traced(model(True), 11)
    # Arrivals at 2, 4, ..., 10; the place and the buffer are full at 6 and 10.
    assert lost.lost.sum() == 2
    assert created(lost) == [2, 4, 8]
    waiting = traced(model(False), 11)
    assert waiting.lost.sum() == 0
    assert created(waiting) == [2, 4, 6, 8, 10]


def test_arrivals_to_a_closed_routing_are_lost():
    routing = Routing("r", [op("a", 1)], Arrivals(Constant(2)), opens=5)
    run = traced(Model([Station("a")], [routing]), 9)
    assert created(run) == [6, 8]
    assert run.lost.sum() == 2


def test_conwip_waits_for_room_in_the_first_buffer():
    run = traced(line([Station("a", buffer=1)], [Constant(5)], Conwip(4)), 12)
    assert created(run) == [0, 0, 5, 10]


def test_two_saturated_routings_go_by_declared_order():
    routings = [Routing(n, [op("a", 2, n)], closes=c) for n, c in (("x", 5), ("y", 1e9))]
    run = traced(Model([Station("a")], routings), 9)
    assert run.released.sum(axis=0).tolist() == [3, 2]


def test_a_plan_of_the_first_routing_leaves_time_for_the_second():
    routings = [Routing("x", [op("a", 2, "x")], plan=[(0, 0), (10, 2)]), Routing("y", [op("a", 2, "y")])]
    run = traced(Model([Station("a")], routings), 14)
    serials = [(row[0] / 1e6, row[3]) for row in run.log.tolist() if row[1] == K_CREATED]
    assert serials == [(0, 1), (2, 1), (4, 1), (6, 0), (8, 1), (10, 0), (12, 1)]


def random_line(*names: str) -> Model:
    broken = Failures(Exponential(20), Exponential(3))
    return line([Station(n, failures=broken) for n in names], [Exponential(1)] * len(names))


def test_adding_a_station_leaves_the_draws_of_the_others_alone():
    short, long = (run_once(random_line(*names), 200, trace=(0, 200)) for names in ("ab", "abc"))
    for station in "ab":
        assert ended(short, station) == ended(long, station)


def test_adding_a_routing_leaves_the_draws_of_the_others_alone():
    alone = random_line("a", "b")
    other = Routing("other", [Operation("o", "z", Exponential(1)), Operation("o2", "z", Exponential(2))], Conwip(3))
    both = Model([Station("z"), *alone.stations], [other, *alone.routings])
    before, after = run_once(alone, 300), run_once(both, 300)
    assert before.finish_times["line"].tolist() == after.finish_times["line"].tolist()


def test_draws_belong_to_the_unit_not_to_the_order_of_visits():
    # Unit 1 overtakes unit 0; each still has its own time at b.
    def times(first: float) -> dict[int, float]:
        model = line([Station("a", 2), Station("b", 9)], [Listed((first, 1, 100)), Exponential(5)])
        run = traced(model, 90)
        begin = {serial: t for t, serial in started(run, "b")}
        return {s: round((t - begin[s]) * 1e6) for t, s in ended(run, "b") if s < 2}

    assert times(0.5) == times(3)


def test_replications_and_seeds_differ_and_repeat():
    model = random_line("a", "b")
    runs = [
        run_once(model, 100, seed=s, replication=r).finish_times["line"].tolist()
        for s, r in ((1, 0), (1, 0), (1, 1), (2, 0))
    ]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert runs[0] != runs[3]
