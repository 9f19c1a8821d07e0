"""What is judged, and what never passes."""

import math

import numpy as np
import pytest

from ironworks.robot.acceptance.measurement import Limits, Measurement, Verdict, judge, judge_all

TORQUE = Limits(9.0, 11.0, "N*m")
ONE_SIDED = [Limits(None, 11.0), Limits(9.0, None)]


@pytest.mark.parametrize("limits", [TORQUE, *ONE_SIDED])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_fails(limits: Limits, value: float) -> None:
    assert judge(limits, value) is Verdict.FAIL
    assert judge_all(limits, [value])[0] == Verdict.FAIL
    assert Measurement("torque", limits).judge(value) is Verdict.FAIL


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (8.99, "fail"),
        (9.0, "marginal"),
        (9.19, "marginal"),
        (9.2, "pass"),
        (10.8, "pass"),
        (10.9, "marginal"),
        (11.1, "fail"),
    ],
)
def test_the_guard_band_is_marginal_and_limits_belong_to_their_interval(value: float, verdict: str) -> None:
    guarded = Measurement("torque", TORQUE).guarded(Limits(9.2, 10.8, "N*m"))
    assert str(guarded.judge(value)) == verdict


def test_guarded_rejection_passes_outside_the_tolerance_and_has_no_margin() -> None:
    wide = Limits(8.8, 11.2, "N*m")
    assert [judge(TORQUE, x, wide) for x in (8.79, 8.8, 9.0, 11.2, 11.21)] == [2, 0, 0, 0, 2]


def test_judging_many_is_judging_each() -> None:
    values = np.random.default_rng(1).normal(10, 1, (40, 3))
    acceptance = Limits(9.3, 10.9, "N*m")
    expected = [[judge(TORQUE, x, acceptance) for x in row] for row in values.tolist()]
    assert judge_all(TORQUE, values, acceptance).tolist() == expected


def test_the_worst_verdict_is_the_largest() -> None:
    assert max(Verdict.PASS, Verdict.FAIL, Verdict.MARGINAL) is Verdict.FAIL


@pytest.mark.parametrize("ends", [(None, None), (2.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_limits_that_hold_nothing_are_refused(ends: tuple[float | None, float | None]) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limits(*ends)


def test_a_guard_band_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="leave nothing of 9 to 11 N\\*m"):
        TORQUE.shrunk(1.0, 1.0)


def test_acceptance_in_another_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="acceptance in `mm`"):
        Measurement("torque", TORQUE, Limits(9.2, 10.8, "mm"))


def test_limits_say_themselves() -> None:
    said = [str(limits) for limits in (TORQUE, Limits(None, 0.1, "mm"), Limits(3.0, None))]
    assert said == ["9 to 11 N*m", "at most 0.1 mm", "at least 3"]
