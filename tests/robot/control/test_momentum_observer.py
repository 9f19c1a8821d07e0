"""Forces that no sensor feels are told from the momentum of a robot that walks."""

import numpy as np
import pytest
from tests.robot.control.robots import model, robot

from ironworks.robot.control import TICK, Command, Estimator, MomentumObserver, Walking

#: Ticks in which the robot begins to walk, a force begins, and it ends.
BEGINS, FROM, TO = 125, 375, 500


def residuals(force: tuple[float, float, float], link: str = "chest") -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Residual forces (T, 3) and joint torques (T, J) of a slow walk with a push at a link for half a second."""
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    observer = MomentumObserver(model(), 60.0)
    observation = one.begin()
    forces, torques = [], []
    for tick in range(TO):
        speed = 0.2 * min(1.0, max(0.0, (tick - BEGINS) * TICK))
        asked = control.step(observation, Command(speed, walk=tick > BEGINS))
        observer.update(observation)
        forces.append(observer.force)
        torques.append(observer.torques)
        one.data.body(link).xfrc_applied[:3] = force if tick >= FROM else (0.0, 0.0, 0.0)
        observation = one.step(asked)
    return np.array(forces), np.array(torques), list(model().joints)


def test_the_residual_is_the_force_that_pushes_the_chest() -> None:
    forces, _, _ = residuals((-40.0, 0.0, 0.0))
    after = forces[FROM + 25 :].mean(axis=0)
    assert after[0] == pytest.approx(-40.0, rel=0.05)
    assert np.abs(after[1:]).max() < 4.0


def test_without_a_push_the_residual_stays_small() -> None:
    forces, _, _ = residuals((0.0, 0.0, 0.0))
    assert np.abs(forces[BEGINS:, 0]).max() < 40.0
    assert np.abs(forces[BEGINS:].mean(axis=0)).max() < 2.0


def test_the_residual_follows_with_its_lag() -> None:
    forces, _, _ = residuals((-100.0, 0.0, 0.0))
    calm = forces[FROM - 25 : FROM, 0].mean()
    # After one time constant a lag of first order shows 63 %; readings and commands add some milliseconds.
    assert 0.4 < (calm - forces[FROM + round(1.0 / 60.0 / TICK) + 2, 0]) / 100.0 < 0.9


def test_a_pull_at_a_forearm_shows_at_its_own_arm() -> None:
    _, torques, joints = residuals((-30.0, 0.0, 0.0), "right_forearm")
    change = torques[FROM + 25 :].mean(axis=0) - torques[BEGINS : FROM - 25].mean(axis=0)
    arm = [name for name in joints if name.startswith("right") and ("elbow" in name or "shoulder" in name)]
    other = [name for name in joints if name.startswith("left") and ("elbow" in name or "shoulder" in name)]
    size = dict(zip(joints, np.abs(change), strict=True))
    assert max(size[name] for name in arm) > 6.0
    assert max(size[name] for name in other) < 1.0
