"""A contact with a layer's parameters is the spring and damper that was asked for."""

import mujoco
import numpy as np
import pytest
from numpy.typing import NDArray

from ironworks.robot.skin.compliance import Compliance, cone_factor, contact_parameters

MASS, LOAD, DEPTH = 0.5, 5.0, 0.001


def pad(
    made: Compliance, *, step: float, cone: int = 1, condim: int = 1, friction: float = 0.6, impratio: float = 1.0
) -> mujoco.MjModel:
    """A ball on a vertical slide that just touches a pad with a layer; no gravity."""
    spec = mujoco.MjSpec()
    spec.option.gravity, spec.option.timestep = [0.0, 0.0, 0.0], step
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone, spec.option.impratio = cone, impratio
    geom = spec.worldbody.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.1, 0.1, 0.1], pos=[0.0, 0.0, -0.1])
    geom.solref, geom.solimp, geom.priority = made.solref, made.solimp, 1
    geom.condim, geom.friction = condim, [friction, 0.005, 0.0001]
    body = spec.worldbody.add_body(pos=[0.0, 0.0, 0.02])
    body.add_joint(type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[0.0, 0.0, 1.0])
    body.add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[0.02, 0.0, 0.0], mass=MASS)
    return spec.compile()


def depth_at_rest(model: mujoco.MjModel, load: float) -> float:
    data = mujoco.MjData(model)
    data.qfrc_applied[0] = -load
    for _ in range(round(3.0 / model.opt.timestep)):
        mujoco.mj_step(model, data)
    assert abs(data.qvel[0]) < 1e-9
    return -float(data.qpos[0])


@pytest.mark.parametrize(
    ("cone", "condim", "friction", "impratio"),
    [(1, 1, 0.6, 1.0), (1, 3, 0.6, 10.0), (0, 1, 0.6, 1.0), (0, 3, 0.6, 1.0), (0, 3, 1.0, 1.0), (0, 3, 0.6, 4.0),
     (0, 4, 0.8, 1.0), (0, 6, 0.5, 1.0)],
)  # fmt: skip
@pytest.mark.parametrize("step", [0.0005, 0.004])
def test_at_rest_the_spring_is_exact_for_every_cone_and_step(
    cone: int, condim: int, friction: float, impratio: float, step: float
) -> None:
    option = mujoco.MjModel.from_xml_string("<mujoco/>").opt
    option.cone, option.impratio = cone, impratio
    factor = cone_factor(option, condim, friction)
    made = contact_parameters(LOAD, DEPTH, 1.0, 0.02, 1.0 / MASS, step, factor)
    model = pad(made, step=step, cone=cone, condim=condim, friction=friction, impratio=impratio)
    for load in (0.2 * LOAD, LOAD, 3.0 * LOAD):
        assert depth_at_rest(model, load) == pytest.approx(DEPTH * load / LOAD, rel=1e-6)


def test_a_step_that_cannot_follow_the_spring_is_met_by_added_mass() -> None:
    fine = contact_parameters(LOAD, DEPTH, 1.0, 0.001, 1.0 / MASS, 0.0005)
    coarse = contact_parameters(500.0 * LOAD, DEPTH, 1.0, 0.001, 1.0 / MASS, 0.002)
    assert fine.added == pytest.approx(0.01 * MASS, rel=0.02)
    # (frequency x step)^2 is a quarter.
    assert 500.0 * LOAD / DEPTH / (MASS + coarse.added) * 0.002**2 == pytest.approx(0.25)


def motion(model: mujoco.MjModel, load: float, start: float, seconds: float) -> NDArray[np.float64]:
    data = mujoco.MjData(model)
    data.qfrc_applied[0], data.qpos[0] = -load, -start
    depths = [start]
    for _ in range(round(seconds / model.opt.timestep)):
        mujoco.mj_step(model, data)
        depths.append(-float(data.qpos[0]))
    return np.array(depths)


def test_let_go_the_ball_swings_as_a_spring_and_damper() -> None:
    """m x'' + k (x + T x') = F from a depth of 1.5 F/k; frequency and damping ratio from successive peaks."""
    retardation, step = 0.004, 0.0001
    model = pad(contact_parameters(LOAD, DEPTH, 1.0, retardation, 1.0 / MASS, step), step=step)
    depth = motion(model, LOAD, 1.5 * DEPTH, 0.3) - DEPTH
    natural = np.sqrt(LOAD / DEPTH / MASS)
    ratio = retardation * natural / 2.0
    peaks = np.flatnonzero((depth[1:-1] > depth[:-2]) & (depth[1:-1] >= depth[2:])) + 1
    decrement = np.log(depth[peaks[0]] / depth[peaks[1]])
    assert decrement / np.hypot(2.0 * np.pi, decrement) == pytest.approx(ratio, rel=0.01)
    period = (peaks[1] - peaks[0]) * step
    assert 2.0 * np.pi / period == pytest.approx(natural * np.sqrt(1.0 - ratio**2), rel=0.01)
    t = np.arange(len(depth)) * step
    damped = natural * np.sqrt(1.0 - ratio**2)
    phase = np.cos(damped * t) + ratio * natural / damped * np.sin(damped * t)
    exact = 0.5 * DEPTH * np.exp(-ratio * natural * t) * phase
    assert np.abs(depth - exact).max() < 0.02 * 0.5 * DEPTH


def test_at_a_coarse_step_the_motion_is_that_of_the_bodies_and_the_added_mass() -> None:
    """The semi-implicit Euler steps of (m + added) x'' = F - k (x + T x'), written out by hand."""
    retardation, step, load = 0.002, 0.002, 60.0
    made = contact_parameters(load, DEPTH, 1.0, retardation, 1.0 / MASS, step)
    assert made.added > 0.1 * MASS
    depth = motion(pad(made, step=step), load, 1.2 * DEPTH, 0.05)
    x, v, expected = 1.2 * DEPTH, 0.0, [1.2 * DEPTH]
    for _ in range(len(depth) - 1):
        v += step * (load - load / DEPTH * (x + retardation * v)) / (MASS + made.added)
        x += step * v
        expected.append(x)
    np.testing.assert_allclose(depth, expected, atol=1e-6 * DEPTH)


@pytest.mark.parametrize("exponent", [1.5, 2.0])
@pytest.mark.parametrize("step", [0.0005, 0.004])
def test_the_curve_follows_the_power_within_its_misfit(exponent: float, step: float) -> None:
    made = contact_parameters(LOAD, DEPTH, exponent, 0.02, 1.0 / MASS, step)
    assert made.misfit < 0.25
    model = pad(made, step=step)
    assert depth_at_rest(model, LOAD) == pytest.approx(DEPTH, rel=2e-3)
    for share in (0.06, 0.1, 0.3, 0.6):
        load = LOAD * share**exponent
        force_there = (depth_at_rest(model, load) / DEPTH) ** exponent * LOAD
        # The depth at a load, put back into the law: the misfit of the force, read sideways.
        assert force_there == pytest.approx(load, rel=2.0 * made.misfit)


@pytest.mark.parametrize(("load", "exponent", "inverse"), [(0.0, 1.0, 1.0), (1.0, 0.5, 1.0), (1.0, 1.0, 0.0)])
def test_no_load_no_mass_and_a_falling_law_are_refused(load: float, exponent: float, inverse: float) -> None:
    with pytest.raises(ValueError, match="no contact"):
        contact_parameters(load, DEPTH, exponent, 0.01, inverse, 0.002)
