"""Rows of a table of whole units: defects that fail together, times by attempt, and the law of the scale."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.factory.flow import rich
from tests.factory.flow.tiny import ended, op, started, traced

from ironworks.factory.flow import (
    Arising,
    Change,
    Constant,
    Conwip,
    Defect,
    Growth,
    Learning,
    Model,
    ModelError,
    Operation,
    Replication,
    Resampled,
    Routing,
    Station,
    run_once,
    validate,
)
from ironworks.factory.flow.kernels import fields as f

UNITS = 4000
#: A joint law of three defects in which the first two nearly always come together.
ROWS = np.array([[0, 0, 0]] * 9 + [[1, 1, 0]] * 5 + [[1, 1, 1]] * 2 + [[0, 0, 1]] * 3 + [[1, 0, 0]], bool)


def rows(present: Sequence[np.ndarray], defects: Sequence[str] = ("a", "b", "c"), **kw) -> Resampled:
    scales = kw.pop("scales", np.arange(1.0, len(present) + 1))
    return Resampled(defects, scales, present, **kw)


def plant(resampled: Resampled | None, units: int = UNITS, **kw) -> Model:
    """build, then one test for each of three defects; a desk without work puts right what they find."""
    operations = [op("build", 1), *(op(f"t{d}", 1, finds={d: 1.0}) for d in "abc")]
    operations[0] = Operation("build", "build", Constant(1), **kw)
    defects = [Defect(d, op("desk", 0, "mend"), f"r.t{d}") for d in "abc"]
    routing = Routing("r", operations, Conwip(1), plan=[(0, units), (1, units)], resampled=resampled)
    return Model([Station(s) for s in ("build", "ta", "tb", "tc", "desk")], [routing], defects=defects)


def opened(run: Replication, units: int = UNITS) -> np.ndarray:
    """(units, 3) whether each unit was rejected with each defect, from the log."""
    found = np.zeros((units, 3), bool)
    log = run.log[run.log[:, 1] == f.K_OPENED]
    found[log[:, 2], log[:, 7]] = True
    return found


def joint(found: np.ndarray) -> Mapping[tuple[bool, ...], int]:
    return {key: int((found == key).all(axis=1).sum()) for key in itertools.product((False, True), repeat=3)}


def test_joint_frequencies_of_defects_are_those_of_the_rows() -> None:
    run = traced(plant(rows([ROWS])), 1e6)
    counts, wanted = joint(opened(run)), joint(ROWS)
    for key, share in wanted.items():
        low, high = stats.binom.interval(0.9999, UNITS, share / len(ROWS))
        assert low <= counts[key] <= high, key
    # Independent draws of the same margins would pass both tests far less often.
    margins = ROWS.mean(axis=0)
    assert counts[False, False, False] > 1.3 * UNITS * np.prod(1 - margins)
    assert run.finished.sum() == UNITS


def test_tests_that_always_fail_together_do_so() -> None:
    run = traced(plant(rows([np.array([[1, 1, 0], [0, 0, 0]], bool)])), 1e6)
    found = opened(run)
    assert (found[:, 0] == found[:, 1]).all()
    assert 0.46 < found[:, 0].mean() < 0.54
    assert not found[:, 2].any()


def test_a_found_defect_is_drawn_once_and_mended_as_any_other() -> None:
    run = traced(plant(rows([np.ones((1, 3), bool)]), units=10), 1000)
    assert run.found.sum() == 30
    assert run.escaped.sum() == 0
    # The row is not drawn anew where the unit goes back to the operation that drew it.
    operations = [op("a", 1), op("t", 1, finds={"a": 1.0})]
    routing = Routing("r", operations, Conwip(1), closes=1, resampled=rows([np.ones((1, 1), bool)], ["a"]))
    model = Model([Station(s) for s in ("a", "t", "desk")], [routing], defects=[Defect("a", op("desk", 1), "r.a")])
    assert [serial for _, serial in ended(traced(model, 30), "t")] == [0, 0]


def test_the_row_says_which_repair_mends_a_defect() -> None:
    # Rows in which the first, the second, the third or no repair of `a` succeeds; `b` goes at the first one always.
    known = np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]], float)
    present = np.array([[1, 1, 0]] * 4, bool)
    table = rows([present], mends={"a": [known], "b": [np.ones((4, 1))]})
    run = traced(plant(table, units=400), 1e6)
    log = run.log[run.log[:, 1] == f.K_STARTED]
    desk = run.names.stations.index("desk")
    visits = np.bincount(log[log[:, 4] == desk, 2], minlength=400)
    # The visits of `a`, the last one to scrap after five, and one of `b` unless it was scrapped.
    counts = np.bincount(visits, minlength=6)
    assert set(np.flatnonzero(counts)) == {2, 3, 4, 5}
    assert run.scrapped.sum() == counts[5]
    for n in counts[2:6]:
        low, high = stats.binom.interval(0.9999, 400, 0.25)
        assert low <= n <= high


def test_what_a_row_does_not_know_is_left_to_chance() -> None:
    table = rows([np.array([[1, 0, 0]], bool)], mends={"a": [np.array([[0.0, 0.3]])]})
    model = plant(table)
    lenient = replace(model, defects=[replace(d, max_loops=50, success=1.0) for d in model.defects])
    run = traced(lenient, 1e6)
    log = run.log[run.log[:, 1] == f.K_STARTED]
    visits = np.bincount(log[log[:, 4] == run.names.stations.index("desk"), 2], minlength=UNITS)
    assert visits.min() == 2
    # One repair in vain, then a geometric number of them: mean 1 + 1 / 0.3.
    assert abs(visits.mean() - (1 + 1 / 0.3)) < 4 * math.sqrt(0.7) / 0.3 / math.sqrt(UNITS)


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.3, 2.0, 3.0, 9.0])
def test_the_level_is_chosen_between_its_neighbours_by_the_logarithm_of_the_scale(scale: float) -> None:
    levels = [np.array([key], bool) for key in ((0, 0, 0), (1, 0, 0), (1, 1, 0))]
    table = rows(levels, scales=(1.0, 2.0, 4.0), first=scale, mature=scale)
    found = opened(traced(plant(table), 1e6)).sum(axis=1)
    position = min(max(math.log2(scale), 0.0), 2.0)
    lower = min(int(position), 1)
    for level, share in ((lower, 1 - (position - lower)), (lower + 1, position - lower)):
        low, high = stats.binom.interval(0.9999, UNITS, share)
        assert low <= (found == level).sum() <= high


def test_the_scale_falls_with_experience_as_its_law_says() -> None:
    # s(n) = 1 + 3 n^-1/2: the share of the upper level at unit n is log4 of it, summed in closed form.
    table = rows(
        [np.zeros((1, 3), bool), np.array([[1, 0, 0]], bool)],
        scales=(1.0, 4.0),
        first=4.0,
        mature=1.0,
        growth=Growth(-0.5),
    )
    found = opened(traced(plant(table), 1e6))[:, 0]
    share = np.log(1 + 3 / np.sqrt(np.arange(1, UNITS + 1))) / math.log(4)
    assert found[0]
    for part in (slice(0, 100), slice(100, 1000), slice(1000, None)):
        mean, deviation = share[part].sum(), math.sqrt((share[part] * (1 - share[part])).sum())
        assert abs(found[part].sum() - mean) < 4 * deviation


def test_an_engineering_change_sets_the_scale_back() -> None:
    # s(n) = 1 + n^-20: the upper level at n = 1 alone, and the fifth unit is number 1 again.
    table = rows(
        [np.zeros((1, 3), bool), np.array([[1, 0, 0]], bool)],
        scales=(1.0, 1.01),
        first=2.0,
        mature=1.0,
        growth=Growth(-20.0),
    )
    model = plant(table, units=8)
    changed = Routing(
        "r", model.routings[0].operations, Conwip(1), plan=[(0, 8), (1, 8)],
        resampled=table, changes=[Change("eco", 1.0, serial=5)],
    )  # fmt: skip
    found = opened(traced(Model(model.stations, [changed], defects=model.defects), 1000), 8)[:, 0]
    assert found.tolist() == [True, False, False, False, True, False, False, False]


def test_experience_is_that_of_the_operation_where_the_row_is_drawn() -> None:
    table = rows(
        [np.zeros((1, 3), bool), np.array([[1, 0, 0]], bool)],
        scales=(1.0, 1.01),
        first=2.0,
        mature=1.0,
        growth=Growth(-20.0),
    )
    known = plant(table, units=3, learning=Learning("crawford", 1.0, prior=5.0))
    assert not opened(traced(known, 1000), 3).any()


def test_times_are_multiplied_by_the_factor_of_the_attempt() -> None:
    factors = np.array([[1.5, 0.25, 0.123457]])
    table = rows([np.ones((1, 1), bool)], ["a"], times={"t": [factors]})
    operations = [op("s", 1), op("t", 10, finds={"a": 1.0})]
    routing = Routing("r", operations, Conwip(1), closes=1, resampled=table)
    defect = Defect("a", op("desk", 1, "mend"), "r.t", success=0.0, max_loops=3)
    run = traced(Model([Station(s) for s in ("s", "t", "desk")], [routing], defects=[defect]), 100)
    begun, done = [t for t, _ in started(run, "t")], [t for t, _ in ended(run, "t")]
    took = [round(1e6 * (b - a)) for a, b in zip(begun, done, strict=True)]
    assert took == [15_000_000, 2_500_000, 1_234_570, 1_234_570]


def test_the_same_unit_has_the_same_quantiles_in_another_plant() -> None:
    table = rows([ROWS, ROWS], scales=(1.0, 2.0), first=1.4, mature=1.4)
    one = opened(traced(plant(table), 1e6, seed=3))
    other = plant(table)
    two = opened(traced(Model([*other.stations, Station("extra")], other.routings, defects=other.defects), 1e6, seed=3))
    assert (one == two).all()
    assert (one != opened(traced(plant(table), 1e6, seed=4))).any()
    # A larger scale moves units to the upper level and none to the lower one; the row stays.
    marked = [np.array([[0, r >> 1 & 1, r & 1] for r in range(4)], bool) | np.array([up, 0, 0], bool) for up in (0, 1)]
    low, high = (opened(traced(plant(rows(marked, scales=(1.0, 2.0), first=s, mature=s)), 1e6)) for s in (1.2, 1.7))
    assert (low[:, 1:] == high[:, 1:]).all()
    assert (low[:, 0] <= high[:, 0]).all()
    assert low[:, 0].sum() < high[:, 0].sum()


def test_rows_without_defects_leave_a_plant_as_it_was() -> None:
    bare = rich.plant(3, rows=True)
    whole = next(r for r in bare.routings if r.resampled is not None)
    healthy = rows([np.zeros((4, 2), bool)], ("loose", "wrong"), times={"probe": [np.ones((4, 2))]})
    logs = []
    for table in (None, healthy):
        routings = [replace(r, resampled=table) if r is whole else r for r in bare.routings]
        logs.append(traced(replace(bare, routings=routings), rich.HORIZON).log)
    assert len(logs[0]) > 500
    assert (logs[0] == logs[1]).all()


@pytest.mark.parametrize("number", range(100, 110))
def test_items_and_time_are_conserved_with_rows_and_everything_switched_on(number: int) -> None:
    run = run_once(rich.plant(number, rows=True), rich.HORIZON, edges=[10, 111.1, 333], seed=number)
    assert run.check() == []
    again = run_once(rich.plant(number, rows=True), rich.HORIZON, seed=number)
    assert again.starts[0].tolist() == run.starts.sum(axis=0).tolist()
    assert again.finish_times["whole"].tolist() == run.finish_times["whole"].tolist()


def test_levels_may_have_different_numbers_of_rows() -> None:
    table = rows(
        [ROWS, ROWS[:3]],
        scales=(1.0, 2.0),
        first=2.0,
        mature=2.0,
        times={"ta": [np.ones((20, 1)), np.full((3, 1), 2.0)]},
    )
    run = traced(plant(table, units=50), 1e4)
    assert not opened(run, 50).any()
    assert run.finish_times["r"][-1] == 50 * 5


def test_faults_of_a_table_are_all_told_at_once() -> None:
    table = Resampled(
        ("a", "a", "z"), (2.0, 1.0), [ROWS, ROWS[:, :2]], {"build": [ROWS], "nowhere": [ROWS]}, at="ta", first=0.0
    )
    with pytest.raises(ModelError) as raised:
        validate(plant(table))
    said = "\n".join(raised.value.faults)
    for words in (
        "no operation 'nowhere'", "'build' comes before 'ta'", "no defect 'z'", "stands twice", "rising",
        "first 0.0 and mature 1.0", "present needs",
    ):  # fmt: skip
        assert words in said
    for times, words in (
        ([np.ones((19, 2))], "rows [20]"),
        ([np.ones((20, 16))], "16 attempts"),
        ([np.full((20, 2), -1.0)], "finite and >= 0"),
    ):
        with pytest.raises(ModelError, match=words.replace("[", r"\[").replace("]", r"\]")):
            validate(plant(rows([ROWS], times={"ta": times})))
    for mends, words in (
        ({"z": [np.ones((20, 1))]}, "mends of 'z', which the rows do not have"),
        ({"a": [np.ones((20, 0))]}, "0 repairs; 1 to 15"),
        ({"a": [np.full((20, 1), 1.5)]}, "at most 1"),
    ):
        with pytest.raises(ModelError, match=words):
            validate(plant(rows([ROWS], mends=mends)))
    model = plant(rows([ROWS], mends={"a": [np.ones((20, 1))]}))
    with pytest.raises(ModelError, match="mends of 'a' stand in routing 'r' too"):
        validate(replace(model, routings=[*model.routings, replace(model.routings[0], name="s")]))
    with pytest.raises(ModelError, match="arises at 'build' too"):
        validate(plant(rows([ROWS]), arises=[Arising("a", 0.1)]))
