"""Distributions and correlations of figures, against closed forms and scipy."""

import numpy as np
import pytest
from scipy import stats

from ironworks.figures import Figure, Sampler, quantiles

DRAWS = 4000


def figure(
    name: str, distribution: str = "pert", group: str = "", low: float = 2.0, value: float = 3.0, high: float = 7.0
) -> Figure:
    return Figure(name, name, value, low, high, "", "assumed", "a test", distribution=distribution, group=group)


def drawn(*figures: Figure, rho: float = 0.8) -> np.ndarray:
    sampler = Sampler(figures, {"learning": rho}, 0.8)
    return np.array([sampler.draw(1, replication) for replication in range(DRAWS)])


def reference(distribution: str) -> stats.rv_continuous:
    share = (3.0 - 2.0) / 5.0
    return {
        "pert": stats.beta(1 + 4 * share, 1 + 4 * (1 - share), loc=2.0, scale=5.0),
        "uniform": stats.uniform(2.0, 5.0),
        "triangular": stats.triang(share, loc=2.0, scale=5.0),
    }[distribution]


@pytest.mark.parametrize("distribution", ["pert", "uniform", "triangular"])
def test_quantiles_are_those_of_scipy(distribution: str) -> None:
    for u in (0.001, 0.2, 0.5, 0.9, 0.999):
        assert figure("a", distribution).quantile(u) == pytest.approx(reference(distribution).ppf(u), rel=1e-9)


@pytest.mark.parametrize("distribution", ["pert", "uniform", "triangular"])
def test_draws_follow_their_distribution(distribution: str) -> None:
    values = drawn(figure("a", distribution))[:, 0]
    assert stats.kstest(values, reference(distribution).cdf).pvalue > 0.001


def test_pert_mean_is_low_and_four_modes_and_high_over_six() -> None:
    standard_error = reference("pert").std() / np.sqrt(DRAWS)
    assert drawn(figure("a")).mean() == pytest.approx((2 + 4 * 3 + 7) / 6, abs=4 * standard_error)


@pytest.mark.parametrize("mode", [2.0, 7.0])
def test_a_mode_on_a_bound_is_drawn(mode: float) -> None:
    values = drawn(figure("a", value=mode))
    assert values.min() >= 2.0
    assert values.max() <= 7.0


def test_groups_move_together_with_their_correlation() -> None:
    values = drawn(
        figure("a", group="learning"),
        figure("b", group="learning"),
        figure("c", group="-learning"),
        figure("d"),
        rho=0.6,
    )
    # For a Gaussian copula Spearman's rho is 6/pi asin(rho/2).
    expected = 6 / np.pi * np.arcsin(0.3)
    ranks = stats.spearmanr(values).statistic
    assert ranks[0, 1] == pytest.approx(expected, abs=0.05)
    assert ranks[0, 2] == pytest.approx(-expected, abs=0.05)
    assert ranks[0, 3] == pytest.approx(0.0, abs=0.06)


def test_a_group_leaves_the_own_distribution_as_it_is() -> None:
    values = drawn(figure("a", group="learning"), figure("b", group="learning"))
    for column in values.T:
        assert stats.kstest(column, reference("pert").cdf).pvalue > 0.001


def test_draws_of_figures_and_replications_are_independent() -> None:
    values = drawn(figure("a"), figure("b"))
    assert abs(stats.spearmanr(values).statistic) < 0.06
    assert abs(stats.spearmanr(values[:-1, 0], values[1:, 0]).statistic) < 0.06


def test_a_draw_depends_on_seed_replication_and_id_alone() -> None:
    alone, together = Sampler([figure("a")], {}, 0.8), Sampler([figure("z"), figure("a", group="")], {}, 0.8)
    assert alone.draw(5, 9)[0] == together.draw(5, 9)[1]
    assert alone.draw(5, 9)[0] != alone.draw(6, 9)[0]
    assert alone.draw(5, 9)[0] != alone.draw(9, 5)[0]


def test_a_fixed_figure_keeps_its_value() -> None:
    assert set(drawn(figure("a", "fixed"))[:, 0]) == {3.0}


def test_quantiles_of_nothing_are_nothing() -> None:
    none = np.zeros(0)
    assert quantiles(np.zeros(0, dtype=np.int64), none, none, none, none).shape == (0,)


def test_a_text_has_no_bounds() -> None:
    text = Figure("a", "a", None, None, None, "date", "public", "a test", text="2027-Q1")
    with pytest.raises(ValueError, match="holds a text"):
        text.bounds()
