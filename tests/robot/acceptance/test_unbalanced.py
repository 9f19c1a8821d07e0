"""Variances without a plan against the balanced study, statsmodels and many draws."""

import numpy as np
import pytest
from tests.robot.acceptance.aiag import AIAG

from ironworks.robot.acceptance.gauge import crossed
from ironworks.robot.acceptance.unbalanced import unbalanced

PART, OPERATOR, _ = np.indices(AIAG.shape)


def test_a_balanced_plan_gives_the_anova_estimates() -> None:
    found = unbalanced(AIAG.ravel(), PART.ravel(), OPERATOR.ravel())
    study = crossed(AIAG).components
    assert found.unseen == ()
    for name in ("part", "operator", "interaction", "repeatability"):
        assert getattr(found.components, name) == pytest.approx(getattr(study, name), rel=1e-9)


def test_scattered_readings_are_met_without_bias() -> None:
    rng = np.random.default_rng(7)
    parts, operators, n, runs = 30, 4, 150, 600
    part, operator = rng.integers(0, parts, n), rng.integers(0, operators, n)
    found = []
    for _ in range(runs):
        values = rng.normal(5, 1.0, parts)[part] + rng.normal(0, 0.7, operators)[operator]
        values = values + rng.normal(0, 0.5, (parts, operators))[part, operator] + rng.normal(0, 0.4, n)
        c = unbalanced(values, part, operator).components
        found.append((c.part, c.operator, c.interaction, c.repeatability))
    errors = np.std(found, axis=0) / np.sqrt(runs)
    assert (np.abs(np.mean(found, axis=0) - [1.0, 0.49, 0.25, 0.16]) < 4 * errors).all()


def test_thinned_readings_agree_with_reml_of_statsmodels() -> None:
    """statsmodels 0.15.0, mixedlm with crossed components of part and operator, REML, on every reading but each 4th."""
    kept = np.arange(AIAG.size) % 4 != 0
    found = unbalanced(AIAG.ravel()[kept], PART.ravel()[kept], OPERATOR.ravel()[kept]).components
    assert (found.part, found.operator, found.repeatability) == pytest.approx((1.046745, 0.047758, 0.047240), rel=0.05)


def test_what_cannot_be_told_apart_is_said() -> None:
    rng = np.random.default_rng(3)
    part, operator = np.arange(60), np.arange(60) % 3
    values = rng.normal(0, 1, 60)
    once = unbalanced(values, part, operator)
    assert once.unseen == ("repeatability: cannot be told from part", "interaction: cannot be told from part")
    assert once.components.part > 0
    assert once.components.grr == pytest.approx(once.components.operator)
    alone = unbalanced(np.repeat(values, 2) + rng.normal(0, 0.1, 120), np.repeat(part, 2), np.zeros(120, dtype=int))
    assert alone.unseen == ("operator: there is only one",)
    assert alone.components.repeatability == pytest.approx(0.01, rel=0.6)
    crossed_once = unbalanced(AIAG[:, :, 0].ravel(), PART[:, :, 0].ravel(), OPERATOR[:, :, 0].ravel())
    assert crossed_once.unseen == ("interaction: cannot be told from repeatability",)
    golden = unbalanced(AIAG[0].ravel(), np.zeros(9, dtype=int), OPERATOR[0].ravel())
    assert golden.unseen == ("part: there is only one",)
    assert golden.components.part == 0.0


def test_names_serve_as_codes() -> None:
    names = np.array(["P1", "P1", "P2", "P2"])
    assert unbalanced([1.0, 1.2, 3.0, 3.2], names, ["a"] * 4).components.repeatability == pytest.approx(0.02)


def test_what_is_no_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="2 or more"):
        unbalanced([1.0], [0], [0])
    with pytest.raises(ValueError, match="finite"):
        unbalanced([1.0, np.nan], [0, 1], [0, 0])
    with pytest.raises(ValueError, match="1 parts"):
        unbalanced([1.0, 2.0], [0], [0, 0])
