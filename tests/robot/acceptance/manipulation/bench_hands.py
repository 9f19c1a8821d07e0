"""Hands of the humanoid as built: spreads of the size that `tianhe` has."""

from dataclasses import replace
from functools import lru_cache

from tests.robot.control.robots import DESIGN, MASSES

from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.manipulation import OwnHand, own_hands
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.asbuilt import Places, Population, SpreadOf

SPREADS = (
    SpreadOf("zero_offset", (), 0.018),
    SpreadOf("encoder_accuracy", (), 0.0009),
    SpreadOf("link_length", (), 3e-5),
    SpreadOf("stop_angle", (), 0.0052),
    SpreadOf("torque_constant", (), 0.03),
    SpreadOf("friction", (), 0.15),
    SpreadOf("taxel_gain", (), 0.1),
)


@lru_cache(maxsize=1)
def specimen(seed: int = 0) -> Specimen:
    taxels = [patch.name for patch in patches_of(DESIGN) for _ in range(patch.taxels)]
    population = Population(Places.of(DESIGN, taxels=taxels), SPREADS, (), seed)
    return Specimen(DESIGN, MASSES, population.unit(5), population, seed)


def right() -> OwnHand:
    return own_hands(specimen())[1]


def afresh() -> Specimen:
    """The same specimen with its hands calibrated already, and room for what a test leaves."""
    one = specimen()
    own_hands(one)
    return replace(one, memo=dict(one.memo))
