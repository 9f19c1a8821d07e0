"""Testers drift; a golden unit sees it and corrects it, or takes the tester out of use."""

import numpy as np
import pytest

from ironworks.robot.acceptance.measurement import Limits
from ironworks.robot.acceptance.testers import BenchTesters, room


def test_a_golden_unit_takes_a_drift_off() -> None:
    drifting = BenchTesters(count=1, bias=0.02, drift=0.01, calibrated=60, golden="off")
    watched = BenchTesters(count=1, bias=0.02, drift=0.01, calibrated=60, golden="correct")
    days = np.arange(40, 60)
    plain = np.array([[drifting.residual(f"m{i}", 0, int(day)) for day in days] for i in range(40)])
    corrected = np.array([[watched.residual(f"m{i}", 0, int(day)) for day in days] for i in range(40)])
    # What is left is the EWMA's lag, (1 - 0.3) / 0.3 days of drift, and the golden reading's noise.
    lag = 0.01 * 0.7 / 0.3
    noise = 0.005 * np.sqrt(0.3 / 1.7)
    assert np.sqrt((corrected**2).mean()) == pytest.approx(np.hypot(lag, noise), rel=0.3)
    assert np.sqrt((plain**2).mean()) > 10.0 * np.sqrt((corrected**2).mean())


def test_a_drift_is_detected_and_its_units_go_to_another_tester() -> None:
    testers = BenchTesters(count=2, bias=0.0, drift=0.01, calibrated=60, golden="block", blocks=0.06)
    slopes = [testers.error("m", t, 1) - testers.error("m", t, 0) for t in (0, 1)]
    for tester, slope in enumerate(slopes):
        blocked = [testers.blocked(("m",), tester, day) for day in range(60)]
        first = blocked.index(True) if any(blocked) else 60
        # The smoothed reading lags by 0.7 / 0.3 days.
        assert first == pytest.approx(min(60.0, 0.06 / abs(slope) + 0.7 / 0.3), abs=3.0)
    worse = int(np.argmax(np.abs(slopes)))
    day = next(d for d in range(60) if testers.blocked(("m",), worse, d) and not testers.blocked(("m",), 1 - worse, d))
    serials = range(day * testers.units_a_day, (day + 1) * testers.units_a_day)
    assert {testers.of(serial, ("m",))[0] for serial in serials} == {1 - worse}


def test_a_calibration_starts_anew_and_units_alternate() -> None:
    testers = BenchTesters(count=2, golden="off")
    assert testers.error("m", 0, 29) != testers.error("m", 0, 30)
    assert testers.error("m", 0, 30) == BenchTesters(count=5, golden="correct").error("m", 0, 30)
    assert [testers.of(serial, ("m",))[0] for serial in range(4)] == [0, 1, 0, 1]


def test_room_is_what_shares_are_of() -> None:
    assert room(Limits(-1.0, 3.0)) == 2.0
    assert room(Limits(None, -4.0)) == 4.0
    assert room(Limits(None, 0.0)) == 1.0


def test_impossible_testers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        BenchTesters(count=0)
    with pytest.raises(ValueError, match="not below 0"):
        BenchTesters(drift=-1.0)
