"""Tariff hours, annuities and capacity by hand."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from ironworks.factory.calendar import DAY, intervals
from ironworks.factory.capacity import capacity_checks
from ironworks.factory.cost import annuity, tariff_shares
from ironworks.factory.plant import Plant
from ironworks.rows.people import Shift
from ironworks.scenario import Scenario, read_scenario

HOUR = 3600
PEAK = ((10 * HOUR, 12 * HOUR), (14 * HOUR, 19 * HOUR))
VALLEY = ((0, 8 * HOUR),)


def test_a_day_shift_by_tariff_hours() -> None:
    shift = Shift(calendar="c", days=(0, 1, 2, 3, 4), start=8 * HOUR, end=16 * HOUR)
    shares = tariff_shares(intervals([shift], date(2027, 1, 4), 84), PEAK, VALLEY)
    # Of eight hours 10-12 and 14-16 are peak.
    assert shares == pytest.approx((0.5, 0.5, 0.0))


def test_round_the_clock_by_tariff_hours() -> None:
    shares = tariff_shares(np.array([[0.0, 100 * DAY]]), PEAK, VALLEY)
    assert shares == pytest.approx((7 / 24, 9 / 24, 8 / 24))


def test_without_hours_all_is_flat() -> None:
    assert tariff_shares(np.array([[0.0, 100 * DAY]]), (), ()) == (0.0, 1.0, 0.0)
    assert tariff_shares(np.empty((0, 2)), PEAK, VALLEY) == (0.0, 1.0, 0.0)


def test_annuities() -> None:
    assert annuity(8, 0.0) == 1 / 8
    # 10 years at 6 %: 0.13587 in any table of capital recovery factors.
    assert annuity(10, 0.06) == pytest.approx(0.13587, abs=1e-5)


def test_energy_is_priced_by_the_hour(changed: Callable[..., Scenario]) -> None:
    toml = (read_scenario("tiny").path / "scenario.toml").read_text(encoding="utf-8")
    priced = toml.replace(
        "[money]\n",
        '[money]\npeak_hours = "08:00-24:00"\nenergy_peak = "= energy_price * 2"\nequipment_life = "= life"\n',
    )
    figures = (read_scenario("tiny").path / "figures.csv").read_text(encoding="utf-8")
    figures += "life,Life of equipment,8,,,year,assumed,x,input,fixed,,\n"
    money = changed({"scenario.toml": priced, "figures.csv": figures}).settings.money
    assert money.peak_hours == ((8 * HOUR, 24 * HOUR),)
    assert {name for name, _ in money.quantities()} == {"energy_flat", "energy_peak", "equipment_life"}


def test_capacity_of_the_stand_in_its_quarter() -> None:
    scenario = read_scenario("tiny")
    plant, mode = Plant(scenario), scenario.mode()
    check = next(check for check in capacity_checks(plant, mode) if check.station == "stand")
    # 4 weeks of 10 robots and 8 of 25, half an hour each; 12 weeks of 40 h less one holiday; 20 h up, 1 h down.
    assert check.needed == pytest.approx((40 + 200) * 1800)
    assert check.available == pytest.approx((12 * 40 - 8) * 3600 * 20 / 21)
    assert check.load == pytest.approx(check.needed / check.available)


def test_a_station_that_is_not_there_is_overloaded(changed: Callable[..., Scenario]) -> None:
    gone = "station,date,places,note\nstand,2027-01-05,-1,\n"
    scenario = changed({"expansions.csv": gone})
    plant = Plant(scenario)
    assert not [check for check in capacity_checks(plant, scenario.mode()) if check.station == "stand"]
