"""Steps: the nominal gait is left alone, and what disturbs it is caught as well as an optimiser can."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from ironworks.robot.control.step_planner import Gait, nominal_step, planned_step

OMEGA = 3.1


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(("forward", "left", "turn"), [(0.0, 0.0, 0.0), (0.6, 0.0, 0.0), (0.0, 0.2, 0.5)])
def test_the_steady_gait_repeats_itself(side: int, forward: float, left: float, turn: float) -> None:
    gait = Gait()
    step = nominal_step(gait, forward, left, turn, side, OMEGA)
    # Where the motion must be at the step's begin, so that it ends at place + offset.
    begin = (step.place + step.offset) * math.exp(-OMEGA * gait.time)
    planned = planned_step(gait, step, begin, 0.0, side, OMEGA)
    assert planned.time == pytest.approx(gait.time, abs=1e-4)
    assert planned.place == pytest.approx(step.place, abs=1e-4)
    # A point further on the same course gives the same step.
    later = planned_step(gait, step, begin * math.exp(OMEGA * 0.1), 0.1, side, OMEGA)
    assert later.place == pytest.approx(step.place, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_disturbed_step_costs_no_more_than_an_optimiser_finds(seed: int) -> None:
    gait, side = Gait(), 1
    rng = np.random.default_rng(seed)
    nominal = nominal_step(gait, 0.5, 0.0, 0.0, side, OMEGA)
    begin = (nominal.place + nominal.offset) * math.exp(-OMEGA * gait.time)
    away = begin + rng.uniform(-0.12, 0.12, 2)

    def cost(x: np.ndarray) -> float:
        offset = away * x[2] - x[:2]
        return float(
            ((x[:2] - nominal.place) ** 2).sum()
            + 1000.0 * ((offset - nominal.offset) ** 2).sum()
            + 0.02 * (x[2] - math.exp(OMEGA * gait.time)) ** 2
        )

    bounds = [
        (-gait.back, gait.ahead), (gait.narrowest, gait.widest),
        (math.exp(OMEGA * gait.shortest), math.exp(OMEGA * gait.longest)),
    ]  # fmt: skip
    best = min(
        minimize(cost, [p, q, t], bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-10}).fun
        for p, q, t in [(0.2, 0.2, 4.0), (0.0, 0.4, 3.0), (0.5, 0.15, 6.0)]
    )
    step = planned_step(gait, nominal, away, 0.0, side, OMEGA)
    found = cost(np.array([*step.place, math.exp(OMEGA * step.time)]))
    assert found <= best * (1 + 1e-5) + 1e-9
    assert all(low - 1e-9 <= p <= high + 1e-9 for p, (low, high) in zip(step.place, bounds[:2], strict=True))


def test_a_foot_cannot_land_before_now() -> None:
    gait = Gait()
    nominal = nominal_step(gait, 0.5, 0.0, 0.0, 1, OMEGA)
    assert planned_step(gait, nominal, np.array([0.5, 0.3]), 0.6, 1, OMEGA).time >= 0.62 - 1e-9


def test_a_gait_may_have_whole_numbers() -> None:
    whole, same = Gait(back=0, widest=1), Gait(back=0.0, widest=1.0)
    step = nominal_step(same, 0.5, 0.0, 0.0, 1, OMEGA)
    found = [planned_step(gait, step, np.array([0.05, 0.06]), 0.1, 1, OMEGA) for gait in (whole, same)]
    assert np.array_equal(found[0].place, found[1].place)
