"""Gauge studies against the published example of the AIAG MSA manual, statsmodels and generalised intervals."""

import math

import numpy as np
import pytest
from tests.robot.acceptance.aiag import AIAG

from ironworks.robot.acceptance.gauge import Components, crossed
from ironworks.robot.acceptance.measurement import Limits


def test_the_aiag_anova_table() -> None:
    study = crossed(AIAG, pool_above=1.0)
    assert [row.source for row in study.table] == ["part", "operator", "interaction", "repeatability"]
    assert [row.df for row in study.table] == [9, 2, 18, 60]
    assert [row.ss for row in study.table] == pytest.approx([88.3619, 3.1673, 0.3590, 2.7589], abs=5e-5)
    assert [row.f for row in study.table[:3]] == pytest.approx([492.291, 79.406, 0.434], abs=5e-4)
    assert study.interaction_p == pytest.approx(0.974, abs=5e-4)


def test_the_aiag_variation() -> None:
    study = crossed(AIAG)
    found = study.components
    assert study.pooled
    spreads = [math.sqrt(x) for x in (found.repeatability, found.reproducibility, found.grr, found.part)]
    assert spreads == pytest.approx([0.199933, 0.226838, 0.302373, 1.042327], abs=2e-6)
    assert math.sqrt(found.total) == pytest.approx(1.085, abs=5e-4)
    assert found.percent_grr == pytest.approx(27.86, abs=5e-3)
    assert 100 * found.grr / found.total == pytest.approx(7.76, abs=5e-3)
    assert found.ndc == 4


def test_reml_of_statsmodels_gives_the_same_variances() -> None:
    """statsmodels 0.15.0, mixedlm with crossed variance components of part and operator, REML."""
    found = crossed(AIAG).components
    assert (found.part, found.operator, found.repeatability) == pytest.approx((1.086427, 0.051456, 0.039973), rel=1e-4)


def test_a_tolerance_with_one_side_is_measured_from_the_mean() -> None:
    """Both conventions agree for a process in the middle of its tolerance."""
    found = crossed(AIAG).components
    both = found.percent_tolerance(Limits(-5.0, 5.0))
    assert both == pytest.approx(100 * 6 * 0.302373 / 10, rel=1e-5)
    assert found.percent_tolerance(Limits(None, 5.0), mean=0.0) == pytest.approx(both)
    assert found.percent_tolerance(Limits(-5.0, None), mean=0.0) == pytest.approx(both)
    with pytest.raises(ValueError, match="mean of the process"):
        found.percent_tolerance(Limits(None, 5.0))
    with pytest.raises(ValueError, match="not inside"):
        found.percent_tolerance(Limits(None, 5.0), mean=6.0)


@pytest.mark.parametrize("pool_above", [0.25, 1.0])
def test_intervals_are_close_to_generalised_ones(pool_above: float) -> None:
    """Generalised confidence intervals (Hamada and Weerahandi 2000) replace each mean square by ss / chi-squared."""
    study = crossed(AIAG, pool_above)
    rng = np.random.default_rng(2)
    theta = {row.source: row.ss / rng.chisquare(row.df, 200_000) for row in study.table}
    error = theta["repeatability"]
    inter = theta.get("interaction", error)
    part = np.maximum(0.0, (theta["part"] - inter) / 9)
    reproducibility = np.maximum(0.0, (theta["operator"] - inter) / 30 + (inter - error) / 3)
    grr = (theta["operator"] - inter) / 30 + (inter - error) / 3 + error
    for got, draws, within in (
        (study.repeatability_interval(), error, 0.005),
        (study.part_interval(), part, 0.01),
        (study.grr_interval(), grr, 0.02),
        (study.reproducibility_interval(), reproducibility, 0.4),
        (study.percent_grr_interval(), 100 * np.sqrt(grr / (part + grr)), 0.06),
        (study.ndc_interval(), 1.41 * np.sqrt(part / grr), 0.06),
    ):
        assert (got.low, got.high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), rel=within)


@pytest.mark.parametrize("interaction", [0.0, 0.5])
def test_intervals_cover_the_truth_as_often_as_they_say(interaction: float) -> None:
    rng = np.random.default_rng(5)
    runs, true = 400, Components(part=1.0, operator=0.1, interaction=interaction**2, repeatability=0.09)
    covered = np.zeros(5)
    for _ in range(runs):
        data = (
            rng.normal(0, 1.0, (8, 1, 1))
            + rng.normal(0, math.sqrt(0.1), (1, 4, 1))
            + rng.normal(0, interaction, (8, 4, 1))
            + rng.normal(0, 0.3, (8, 4, 3))
        )
        study = crossed(data, pool_above=1.0)
        covered += [
            true.part in study.part_interval(0.9),
            true.repeatability in study.repeatability_interval(0.9),
            true.reproducibility in study.reproducibility_interval(0.9),
            true.grr in study.grr_interval(0.9),
            true.percent_grr in study.percent_grr_interval(0.9),
        ]
    # 4 standard errors of the count below the nominal 90 %; modified large sample intervals are a little wide.
    assert (covered / runs >= 0.9 - 4 * math.sqrt(0.09 / runs)).all()
    assert covered[1] / runs <= 0.9 + 4 * math.sqrt(0.09 / runs)


def test_a_negative_variance_is_zero() -> None:
    rng = np.random.default_rng(1)
    data = rng.normal(0, 1, (10, 1, 1)) + rng.normal(0, 0.2, (10, 3, 4)) * np.ones((1, 3, 1))
    centred = data - data.mean(axis=(0, 2), keepdims=True)
    study = crossed(centred)
    assert study.components.operator == 0.0
    assert study.reproducibility_interval().low == 0.0


def test_an_interaction_that_is_there_is_kept() -> None:
    rng = np.random.default_rng(5)
    data = rng.normal(0, 1, (10, 1, 1)) + rng.normal(0, 1.5, (10, 3, 1)) + rng.normal(0, 0.1, (10, 3, 3))
    study = crossed(data)
    assert not study.pooled
    assert study.components.interaction == pytest.approx(1.5**2, rel=0.6)


def test_a_gauge_without_noise_has_no_number_of_categories() -> None:
    study = crossed(np.arange(4.0)[:, None, None] * np.ones((4, 2, 2)))
    assert study.components.grr == 0.0
    assert study.components.ndc is None
    assert study.components.percent_grr == 0.0


@pytest.mark.parametrize("shape", [(10, 3), (1, 3, 3), (10, 1, 3), (10, 3, 1)])
def test_what_is_no_crossed_study_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="crossed study needs"):
        crossed(np.zeros(shape))


def test_a_missing_reading_is_refused() -> None:
    broken = AIAG.copy()
    broken[3, 1, 2] = math.nan
    with pytest.raises(ValueError, match="finite"):
        crossed(broken)
