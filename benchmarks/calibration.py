"""How well units know their hands after calibration: 64 units, 200 postures that none was calibrated with.

    python benchmarks/calibration.py [--units 64] [--postures 200] [--workers 2]

Each unit goes to each posture under gravity with its drives in the loop: as it was delivered, and with the model that
its calibration found. Errors of the palm are those of where it is believed to be (from encoders) and of where it was
sent (the servo's sag included), seen from the chest and from the pelvis.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from ironworks.executor import Job, run_jobs
from ironworks.product.design import Mass, sensors_of
from ironworks.robot.asbuilt import as_built
from ironworks.robot.calibration import Programme, calibrate, programme_of
from ironworks.robot.calibration.tree import Tree
from ironworks.robot.encoder_error import EncoderError
from ironworks.robot.rig import Rig
from ironworks.scenario import read_scenario
from ironworks.studies.acceptance import Setup, setup_of

Floats = NDArray[np.float64]
BASES = ("chest", "pelvis")
SETTLE = 0.3


def one_unit(given: tuple[int, int]) -> dict[str, Floats]:
    """Errors of one unit's palms (postures x palms,) [mm], and how they compare with their covariance."""
    serial, postures = given
    setup, programme, held_out = _prepared(postures)
    design, masses, unit = setup.design, setup.masses, setup.population.unit(serial)
    rng = np.random.default_rng([11, serial])
    found = calibrate(design, masses, unit, setup.population, rng, programme=programme, fingers=False)
    palms = tuple(
        sensor for sensor in sensors_of(design) if sensor.kind == "ball" and sensor.name.endswith("palm_ball")
    )
    rig = Rig(design, masses, unit, rng, frozen=programme.frozen)
    known = EncoderError.of(found.identified, programme.joints)
    believed, weights = as_built(design, masses, found.identified)
    tree = Tree(believed, programme.joints)
    hold = tree.torques(tree.motion(held_out.angles), weights).sum(axis=1)
    targets = held_out.angles + known.at(held_out.angles)
    readings, true = np.empty_like(targets), {base: np.empty((len(targets), len(palms), 3)) for base in BASES}
    for p, (target, torque) in enumerate(zip(targets, hold, strict=True)):
        rig.rest(held_out.angles[p])
        ticks = round(SETTLE / rig.tick)
        record = rig.follow(np.tile(target, (ticks, 1)), np.tile(torque, (ticks, 1)))
        readings[p] = record.angle[-10:].mean(axis=0)
        for base in BASES:
            body = rig.data.body(base)
            for k, palm in enumerate(palms):
                true[base][p, k] = body.xmat.reshape(3, 3).T @ (rig.site(palm.name) - body.xpos)
    result: dict[str, Floats] = {}
    nominal = Tree(design, programme.joints).motion(readings)
    sent = tree.motion(held_out.angles)
    for base in BASES:
        at = tree.links.index(base)
        believed_at, covariance = found.places(readings, palms, base)
        error = believed_at - true[base]
        result[f"before {base}"] = 1e3 * np.linalg.norm(_seen(nominal, tree, palms, at) - true[base], axis=2).ravel()
        result[f"known {base}"] = 1e3 * np.linalg.norm(error, axis=2).ravel()
        result[f"sent {base}"] = 1e3 * np.linalg.norm(_seen(sent, tree, palms, at) - true[base], axis=2).ravel()
        spread = np.sqrt(np.einsum("pkii->pki", covariance))
        result[f"inside {base}"] = (np.abs(error) < 2.0 * spread).ravel().astype(float)
        solved = np.linalg.solve(covariance, error[..., None])[..., 0]
        result[f"squared {base}"] = ((error * solved).sum(axis=2) / 3.0).ravel()
    return result


def _seen(motion, tree: Tree, palms, base: int) -> Floats:  # type: ignore[no-untyped-def]
    found = []
    for palm in palms:
        link = tree.links.index(palm.link)
        at = motion.place[:, link] + motion.turn[:, link] @ palm.place - motion.place[:, base]
        found.append(np.einsum("pji,pj->pi", motion.turn[:, base], at))
    return np.stack(found, axis=1)


_KEPT: dict[int, tuple[Setup, Programme, Programme]] = {}


def _prepared(postures: int) -> tuple[Setup, Programme, Programme]:
    if postures not in _KEPT:
        setup = setup_of(read_scenario("tianhe"))
        masses: dict[str, Mass] = dict(setup.masses)
        _KEPT[postures] = (
            Setup(setup.scenario, setup.design, masses, setup.population.without_gross()),
            programme_of(setup.design, masses),
            programme_of(setup.design, masses, postures=postures, held_out=True),
        )
    return _KEPT[postures]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=64)
    parser.add_argument("--postures", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    jobs = [Job(f"unit {serial}", (serial, given.postures)) for serial in range(1000, 1000 + given.units)]
    runs = run_jobs(one_unit, jobs, workers=given.workers)
    print(f"{given.units} units, {given.postures} postures each; error of the palm, mm: median, 95th percentile")
    for base in BASES:
        for what, words in (
            ("before", "believed before calibration"),
            ("known", "believed after calibration"),
            ("sent", "sent there, with sag"),
        ):
            errors = np.concatenate([run[f"{what} {base}"] for run in runs])
            print(f"  from the {base:7s} {words:28s} {np.median(errors):7.2f} {np.quantile(errors, 0.95):7.2f}")
        inside = np.concatenate([run[f"inside {base}"] for run in runs]).mean()
        squared = np.concatenate([run[f"squared {base}"] for run in runs]).mean()
        print(
            f"  from the {base:7s} within two standard errors {inside:.1%}; mean normalised squared error {squared:.2f}"
        )


if __name__ == "__main__":
    main()
