"""What the sections compute from an outcome, against sums by hand."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.sections.beliefs import strongest
from ironworks.report.sections.cost import total
from ironworks.report.sections.leadtime import final_lead_time
from ironworks.report.sections.method import command
from ironworks.report.sections.people import on_shift_seconds, present
from ironworks.report.sections.quality import pooled_tests, rolled
from ironworks.report.sections.supply import days_short
from ironworks.report.sections.week import film, film_data
from ironworks.report.view import mean_states, rank_correlation, station_order

Build = Callable[..., Outcome]


@pytest.fixture(scope="module")
def made(build: Build) -> Outcome:
    return build(n=14)


def test_rank_correlation_is_spearmans() -> None:
    g = np.random.default_rng(4)
    a, b = g.integers(0, 6, 30).astype(float), g.normal(size=30)
    assert rank_correlation(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5.0)))


def test_a_figure_that_the_output_follows_is_found(made: Outcome) -> None:
    made.draws.values[:, 1] = made.output().sum(axis=1) * 2 + 1
    first = strongest(made)[0]
    assert first.id == made.draws.ids[1]
    assert first.sure
    assert first.mean == pytest.approx(1.0)


def test_nothing_is_ranked_from_a_handful_of_replications(build: Build) -> None:
    assert strongest(build(n=4)) == []


def test_first_pass_yield_pools_the_replications(made: Outcome) -> None:
    pooled = pooled_tests(made)
    (key,) = [key for key in pooled if key[1] == "test"]
    column = made.replications[0].names.operations.index("robot@shop.test")
    tested, passed = pooled[key]
    assert tested.sum() == sum(run.first_tests[:, column].sum() for run in made.replications)
    assert rolled({key: pooled[key]}) == pytest.approx(passed.sum() / tested.sum())


def test_lead_time_is_weighted_by_units_and_missing_where_none_was_finished(made: Outcome) -> None:
    lead = final_lead_time(made)
    run = made.replications[0]
    empty = run.finished[:, 0] == 0
    assert np.isnan(lead[0][empty]).all()
    assert np.allclose(lead[0][~empty], run.lead_time[~empty, 0])


def test_days_short_are_those_of_bought_parts_alone(made: Outcome) -> None:
    (motor,) = days_short(made)
    assert motor.name == "motor"
    column = made.replications[0].names.stores.index("motor")
    days = [run.short[:, column].sum() / 86_400 for run in made.replications]
    assert motor.middle == pytest.approx(np.median(days))


def test_seconds_on_shift_are_counted_in_the_calendar(made: Outcome) -> None:
    seconds = on_shift_seconds(made, "assembler")
    week = sum(
        len(shift.days) * (shift.end - shift.start - sum(end - begin for begin, end in shift.breaks))
        for shift in made.scenario.calendars
        if shift.calendar == "day"
    )
    assert seconds.max() == pytest.approx(week)
    holidays = [h.date for h in made.scenario.holidays if made.start <= h.date]
    assert (seconds < week).any() == bool(holidays)


def test_people_present_are_never_more_than_planned(made: Outcome) -> None:
    planned = max(row.headcount for row in made.scenario.headcount)
    there = present(made, "assembler")
    assert len(there) == len(made.edges) - 1
    assert (there <= planned).all()
    assert (there > 0).any()


def test_costs_are_means_of_the_replications(made: Outcome) -> None:
    assert total(made, 2027, lambda c: c.units) == pytest.approx(50 + np.mean(range(14)))


def test_mean_states_keep_the_calendar(made: Outcome) -> None:
    assert np.allclose(mean_states(made).sum(axis=2), 604_800.0)


def test_stations_stand_in_the_order_of_the_routing(made: Outcome) -> None:
    names = made.replications[0].names.stations
    assert [names[i] for i in station_order(made)] == ["bench", "stand", "packing"]


def test_the_command_names_everything_that_changes_the_result(made: Outcome) -> None:
    assert command(made) == "ironworks run tiny --replications 14 --seed 1"


def test_the_film_conserves_items(made: Outcome) -> None:
    assert made.traced is not None
    shown = film(made.traced.run, made.traced.window)
    queues = shown.queues.copy()
    for code, station in zip(shown.codes.tolist(), shown.first.tolist(), strict=True):
        if code == 10:
            queues[station] += 1
        elif code == 11:
            queues[station] -= 1
            assert queues[station] >= 0
    assert (np.diff(shown.times.astype(np.int64)) >= 0).all()


def test_an_item_moves_from_the_station_where_it_was(made: Outcome) -> None:
    assert made.traced is not None
    shown = film(made.traced.run, made.traced.window)
    moves = shown.codes == 10
    origins, aims = shown.second[moves].astype(int), shown.first[moves].astype(int)
    assert set(zip(origins.tolist(), aims.tolist(), strict=True)) == {(65535, 0), (0, 1), (1, 2)}


def test_what_the_player_unpacks_is_what_was_packed(made: Outcome) -> None:
    assert made.traced is not None
    shown = film(made.traced.run, made.traced.window)
    data = film_data(made, made.traced)
    times = np.frombuffer(base64.b64decode(str(data["times"])), dtype="<u4")
    assert np.array_equal(times, shown.times)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.001, "<1 %"),
        (0.004, "<1 %"),
        (0.5, "50 %"),
        (0.999, ">99 %"),
        (1.0, "100 %"),
        (float("nan"), "–"),
    ],
)
def test_a_chance_is_never_rounded_to_certainty(value: float, text: str) -> None:
    assert words.percent(value) == (text + " %" if text == "0" else text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567.0, "1\u202f234\u202f567"), (0.0123, "0.0123"), (-3.0, "−3"), (float("inf"), "∞"), (2.5, "2.5")],
)
def test_numbers_in_words(value: float, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(90.0, "90 s"), (7200.0, "2 h"), (86_400.0 * 21, "3 weeks"), (float("nan"), "–")]
)
def test_spans_in_words(seconds: float, text: str) -> None:
    assert words.span(seconds) == text
