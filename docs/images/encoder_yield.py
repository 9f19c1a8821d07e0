"""Draws docs/images/encoder-yield.png: what the accuracy of joint encoders does to yield and to robots per month.

python docs/images/encoder_yield.py [--units 12] [--bench-units 12] [--replications 12] [--workers 2]
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ironworks import chain
from ironworks.executor import Job, run_jobs
from ironworks.factory.flow.statistics import wilson
from ironworks.robot.acceptance.measurement import Verdict
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.acceptance import Setup, setup_of, verdicts_for

ACCURACIES = (0.05, 0.075, 0.1, 0.125, 0.15)
ENDS = (0.05, 0.15)
_SETUPS: dict[float, Setup] = {}


def scenario_at(accuracy: float) -> Scenario:
    """tianhe with encoders of this accuracy [deg]."""
    return read_scenario("tianhe", {"figure.H16": f"{accuracy} deg"}) if accuracy != 0.05 else read_scenario("tianhe")


def passes(given: tuple[float, int]) -> bool:
    """Whether a unit without gross faults passes the calibration at its first reading."""
    accuracy, serial = given
    if accuracy not in _SETUPS:
        _SETUPS[accuracy] = setup_of(scenario_at(accuracy))
    setup = _SETUPS[accuracy]
    unit = setup.population.without_gross().unit(serial)
    test = CalibrationTest()
    found = test.run(Specimen(setup.design, setup.masses, unit, setup.population, 1))
    return all(m.judge(float(v)) is Verdict.PASS for m in test.measurements for v in found[m.name].values)


def monthly(scenario: Scenario, times: list[NDArray[np.float64]]) -> tuple[list[int], NDArray[np.float64]]:
    """Years, and robots a month in each replication and year (N, Y)."""
    general = scenario.settings.scenario
    years = list(range(general.start.year, general.end.year + 1))
    days = [max(general.start, dt.date(year, 1, 1)) for year in years] + [general.end]
    edges = np.array([(day - general.start).days * 86400.0 for day in days])
    months = np.diff(edges) / (86400.0 * 365.25 / 12.0)
    return years, np.array([np.histogram(one, edges)[0] for one in times]) / months


def main() -> None:
    """Run both parts, print the numbers, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12)
    parser.add_argument("--bench-units", type=int, default=12)
    parser.add_argument("--replications", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    jobs = [Job(f"{a} deg, unit {i}", (a, i)) for a in ACCURACIES for i in range(given.units)]
    passed = np.array(run_jobs(passes, jobs, workers=given.workers)).reshape(len(ACCURACIES), -1)
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.0, 1.35])
    shares = [wilson(int(row.sum()), len(row)) for row in passed]
    for accuracy, share in zip(ACCURACIES, shares, strict=True):
        print(f"{accuracy} deg: {share.mean:.0%} ({share.low:.0%} to {share.high:.0%}) of {given.units} pass")
    mean = np.array([share.mean for share in shares])
    away = np.abs(np.array([[share.low, share.high] for share in shares]).T - mean)
    left.errorbar(ACCURACIES, 100 * mean, 100 * away, fmt="o-", capsize=3, color="#2f6fad")
    left.set(xlabel="accuracy of the encoders, deg", ylabel="calibrations passed at first, %", ylim=(-3, 103))
    for accuracy, colour in zip(ENDS, ("#2f6fad", "#d9822b"), strict=True):
        scenario = scenario_at(accuracy)
        verdicts = verdicts_for(scenario, units=given.bench_units, workers=given.workers)
        runs = chain.replicate(
            scenario,
            [chain.Job(1, i, output_only=True) for i in range(given.replications)],
            verdicts=verdicts,
            workers=given.workers,
        )
        years, counts = monthly(scenario, [run.times for run in runs])
        low, middle, high = np.quantile(counts, [0.1, 0.5, 0.9], axis=0)
        at = np.array(years) + (-0.14 if accuracy == ENDS[0] else 0.14)
        right.bar(at, middle, 0.26, color=colour, label=f"{accuracy} deg")
        right.errorbar(at, middle, [middle - low, high - middle], fmt="none", ecolor="0.25", capsize=3)
        said = ", ".join(f"{year}: {value:.0f}" for year, value in zip(years, middle, strict=True))
        yields = {s: f"{verdicts.first_pass_of_item('robot', s).share:.0%}" for s in verdicts.scales_of("robot")}
        print(f"{accuracy} deg: robots a month (median) {said}; robot passes at first, by scale: {yields}", flush=True)
    right.set(ylabel="robots a month, median and P10 to P90")
    right.set_xticks(years)
    right.legend(title="encoders", frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
    figure.savefig(Path(__file__).with_name("encoder-yield.png"), dpi=130)


if __name__ == "__main__":
    main()
