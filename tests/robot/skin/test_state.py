"""What a unit's taxels read."""

import numpy as np
import pytest
from tests.robot.skin.limb import limb, patch_of, shape_of

from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels


def taxels_with(noise: float = 0.0) -> Taxels:
    patch = patch_of(20, 50)
    noisy = type(patch)(**{**patch.__dict__, "noise": noise})
    return place_taxels(limb(shape_of("capsule", (0.03, 0.08, 0.0))), [noisy])


def test_a_reading_is_gain_times_force_and_dead_taxels_read_nothing() -> None:
    taxels = taxels_with()
    rng = np.random.default_rng(3)
    state = SkinState.drawn(len(taxels), rng, spread=0.1, dead=0.1)
    force = rng.uniform(0.0, 20.0, len(taxels))
    reading = state.read(taxels, force, rng)
    np.testing.assert_array_equal(reading.force, np.where(state.dead, 0.0, state.gain * force))
    assert not reading.saturated.any()


def test_beyond_full_scale_a_reading_stays_there_and_says_so() -> None:
    taxels = taxels_with()
    reading = SkinState.nominal(len(taxels)).read(taxels, np.full(len(taxels), 80.0), np.random.default_rng(0))
    assert (reading.force == 50.0).all()
    assert reading.saturated.all()


def test_noise_has_the_patchs_deviation() -> None:
    taxels = taxels_with(noise=0.05)
    read = SkinState.nominal(len(taxels)).read(taxels, np.zeros((100, len(taxels))), np.random.default_rng(1)).force
    # Standard error of a deviation: 0.05 / sqrt(2 n) = 0.0001.
    assert read.std() == pytest.approx(0.05, abs=0.0005)


def test_drawn_gains_have_mean_one_and_their_spread_and_the_same_seed_draws_the_same() -> None:
    state = SkinState.drawn(100_000, np.random.default_rng(5), spread=0.08, dead=0.02)
    assert state.gain.mean() == pytest.approx(1.0, abs=0.001)
    assert state.gain.std() == pytest.approx(0.08, abs=0.001)
    assert state.dead.mean() == pytest.approx(0.02, abs=0.002)
    again = SkinState.drawn(100_000, np.random.default_rng(5), spread=0.16, dead=0.02)
    np.testing.assert_allclose(np.corrcoef(np.log(state.gain), np.log(again.gain))[0, 1], 1.0)


def test_another_number_of_taxels_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        SkinState.nominal(3).read(taxels_with(), np.zeros(3), np.random.default_rng(0))
