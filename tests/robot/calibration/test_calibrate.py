"""A whole calibration: it finds what the unit deviates by, within what it says of itself."""

from functools import cache

import numpy as np
import pytest

from ironworks.product.design import bill_of, read_design, sensors_of
from ironworks.robot.asbuilt import Places, Population, Unit, as_built, population_of
from ironworks.robot.calibration import Calibration, calibrate, programme_of
from ironworks.robot.calibration.tree import Tree
from ironworks.robot.encoder_error import EncoderError
from ironworks.scenario import read_scenario

DESIGN = read_design("humanoid")
MASSES = DESIGN.weigh(bill_of(DESIGN).masses)
PROGRAMME = programme_of(DESIGN, MASSES)


@pytest.fixture(scope="module")
def population() -> Population:
    return population_of(read_scenario("tianhe"), Places.of(DESIGN)).without_gross()


def calibrated(population: Population, serial: int) -> tuple[Unit, Calibration]:
    unit = population.unit(serial)
    rng = np.random.default_rng([2, serial])
    return unit, calibrate(DESIGN, MASSES, unit, population, rng, programme=PROGRAMME, fingers=False)


@pytest.fixture(scope="module")
def one(population: Population) -> tuple[Unit, Calibration]:
    return calibrated(population, 5)


def test_offsets_shrink_to_a_tenth_of_what_they_were(one: tuple[Unit, Calibration]) -> None:
    unit, found = one
    rows = [unit.places.names["joint"].index(name) for name in PROGRAMME.joints]
    before = unit["zero_offset"][rows]
    after = found.identified["zero_offset"][rows] - before
    assert np.sqrt((after**2).mean()) < 0.1 * np.sqrt((before**2).mean())


def test_torque_constants_are_found_to_about_a_percent(one: tuple[Unit, Calibration]) -> None:
    unit, found = one
    rows = [unit.places.names["joint"].index(name) for name in PROGRAMME.joints]
    error = found.identified["torque_constant"][rows] - unit["torque_constant"][rows]
    assert np.sqrt((error**2).mean()) < 0.015 < unit["torque_constant"][rows].std()


def test_residuals_are_as_large_as_the_instruments_say(one: tuple[Unit, Calibration]) -> None:
    estimate = one[1].geometry.estimate
    assert 0.85 < estimate.chi_square / len(estimate.residuals) < 1.2


def test_what_no_touch_can_tell_is_said(one: tuple[Unit, Calibration]) -> None:
    said = one[1].unseen()["geometry"]
    # Two joints with one origin: their places along the first axis cannot be told apart.
    assert any("hip_yaw.z" in line and "hip_roll.z" in line for line in said)


def test_without_noise_and_ripple_the_hand_is_known_to_a_hair(population: Population) -> None:
    unit = population.unit(9)
    unit.values["encoder_accuracy"][:, 4:] = 0.0
    found = calibrate(DESIGN, MASSES, unit, population, np.random.default_rng(1), programme=PROGRAMME, fingers=False)
    assert np.median(errors(unit, found, 20)) < 3e-4


def errors(unit: Unit, found: Calibration, postures: int, base: str = "chest") -> np.ndarray:
    """Distances [m] between where palms are believed to be and where they are, in postures not calibrated with."""
    return np.linalg.norm(differences(unit, found, postures, base)[0], axis=2)


@cache
def held_out(postures: int) -> np.ndarray:
    """Angles (P, J) [rad] of postures that no unit is calibrated with; found once, for that takes its time."""
    return programme_of(DESIGN, MASSES, postures=postures, held_out=True).angles


def differences(unit: Unit, found: Calibration, postures: int, base: str) -> tuple[np.ndarray, np.ndarray]:
    """Believed less true places of palms (P, K, 3) [m], and what the covariance says of them (P, K, 3, 3) [m2]."""
    angles = held_out(postures)
    readings = angles + EncoderError.of(unit, PROGRAMME.joints).at(angles)
    built, _ = as_built(DESIGN, MASSES, unit)
    tree = Tree(built, PROGRAMME.joints)
    motion, foot = tree.motion(angles), tree.links.index(base)
    palms = tuple(s for s in sensors_of(DESIGN) if s.name in ("left_palm_ball", "right_palm_ball"))
    believed, covariance = found.places(readings, palms, base)
    true = []
    for palm in palms:
        link = tree.links.index(palm.link)
        at = motion.place[:, link] + motion.turn[:, link] @ palm.place - motion.place[:, foot]
        true.append(np.einsum("pji,pj->pi", motion.turn[:, foot], at))
    return believed - np.stack(true, axis=1), covariance


@pytest.mark.slow
def test_hands_are_known_to_two_millimetres_and_so_says_the_covariance(population: Population) -> None:
    units = [calibrated(population, serial) for serial in range(200, 216)]
    for base, most in (("chest", 2.0e-3), ("pelvis", 3.0e-3)):
        pairs = [differences(unit, calibration, 40, base) for unit, calibration in units]
        error, covariance = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        assert np.quantile(np.linalg.norm(error, axis=2), 0.95) <= most
        spread = np.sqrt(np.einsum("pkii->pki", covariance))
        inside = (np.abs(error) < 2.0 * spread).mean()
        squared = (error * np.linalg.solve(covariance, error[..., None])[..., 0]).sum(axis=2).mean() / 3.0
        assert 0.92 < inside < 0.98
        assert 0.8 < squared < 1.25
