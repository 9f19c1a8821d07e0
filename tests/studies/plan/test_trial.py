"""What replications of one plan say of a target."""

import numpy as np
import pytest

from ironworks.studies.plan import Decisions, Knobs, Sizing, Trials, Tried, as_planned, read_aimed

NOTHING = Decisions((), (), ())


def tried(*values: float, floor: float = 1.0) -> Tried:
    return Tried(NOTHING, 10.0, np.array(values), np.full(len(values), floor))


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.96])
@pytest.mark.parametrize("count", [12, 24, 72])
def test_a_plan_is_given_up_only_where_no_other_replications_could_save_it(share: float, count: int) -> None:
    for missed in range(7):
        some = tried(*[9.0] * missed, *[11.0] * (6 - missed))
        best = some.joined(tried(*[1e6] * (count - 6)))
        assert some.may_reach(share, count) or best.reached(share) < 1.0
    assert not tried(*[9.0] * count).may_reach(share, count)


def test_a_plan_without_floor_reaches_nothing() -> None:
    assert tried(20.0, 20.0, floor=1.2).reached(0.9) == 0.0
    assert tried(20.0, 20.0).reached(0.9) == 2.0


def test_a_race_stops_plans_that_are_lost_and_says_the_same_of_the_others() -> None:
    far, _ = read_aimed("tiny", "90/week by 2027-03-28")
    own = as_planned(far)
    with Trials(far, None, seed=6, workers=1) as trials:
        (lost,) = trials.race([own], 16, 0.9)
    assert len(lost.values) == 4
    near, _ = read_aimed("tiny", "10/week by 2027-03-28")
    with Trials(near, None, seed=6, workers=1) as trials:
        (kept,) = trials.race([own], 16, 0.9)
        assert trials.spent == 16
        assert (kept.values == trials.of([own], 16)[0].values).all()


def test_a_plan_that_no_hall_has_room_for_is_not_simulated() -> None:
    scenario, aim = read_aimed("tianhe", "30000/yr by 2029-12-31")
    crowded = Sizing(scenario, aim, seed=3).decide(Knobs(mix=(("pilot", 0.5), ("base", 0.5))))
    with Trials(scenario, None, seed=6, workers=1) as trials:
        (none,) = trials.of([crowded], 2)
    assert np.isinf(none.floor).all()
    assert not none.met.any()
