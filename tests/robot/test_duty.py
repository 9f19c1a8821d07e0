"""Loads of a robot: statics that can be written down, and that energy goes where it must."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Mass, bill_of, read_design
from ironworks.product.design.loads import Load, loads_of
from ironworks.robot.body import body_spec, stand_on_floor
from ironworks.robot.duty import Duty, Fallen, carry, follow_load, measure, run_load
from ironworks.robot.energy import Electronics

PLAIN = Electronics(51.0, standby=0.0, standby_share=0.0, efficiency=1.0, regeneration=1.0, base=0.0)


def weighed(name: str) -> tuple[Design, dict[str, Mass]]:
    design = read_design(name)
    return design, design.weigh(bill_of(design).masses)


@pytest.fixture(scope="module")
def wheeled() -> tuple[Design, dict[str, Mass]]:
    return weighed("wheeled")


@pytest.fixture(scope="module")
def standing(wheeled: tuple[Design, dict[str, Mass]]) -> Duty:
    return run_load(*wheeled, Load("standing"), PLAIN, seconds=0.5)


def lifting(design: Design) -> Load:
    return next(load for load in loads_of(design) if load.name == "lifting")


def test_a_robot_that_stands_gives_no_mechanical_power(standing: Duty) -> None:
    assert standing.mechanical.sum(axis=1).mean() == pytest.approx(0.0, abs=0.05)
    assert standing.copper.sum(axis=1).mean() > 1.0
    groups = standing.by_group()
    assert sum(groups.values()) == pytest.approx(float(standing.mean.sum()))
    assert max(groups, key=lambda group: groups[group]) == "torso"


def test_held_still_a_joint_bears_what_hangs_beyond_it(wheeled: tuple[Design, dict[str, Mass]]) -> None:
    design, masses = wheeled
    slow = replace(lifting(design), period=1e5)
    duty = follow_load(design, masses, slow, PLAIN, samples=2)
    spec = body_spec(design, masses)
    for name in slow.links:
        carry(spec, name, slow.mass / 2.0)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    # At both samples the motion is halfway.
    data.qpos[duty.motors.positions] += 0.5 * np.array(
        [slow.pose[n] - design.stand.get(n, 0.0) if n in slow.pose else 0.0 for n in duty.motors.names]
    )
    mujoco.mj_forward(model, data)
    for name in ("left_elbow", "right_shoulder_pitch", "torso_pitch"):
        joint = model.joint(name)
        body = joint.bodyid[0]
        lever = data.subtree_com[body] - data.xanchor[joint.id]
        wanted = data.xaxis[joint.id] @ np.cross(lever, [0.0, 0.0, 9.81 * model.body_subtreemass[body]])
        friction = duty.motors.drives[duty.motors.names.index(name)].friction if name in slow.pose else 0.0
        found = duty.torque[0, duty.motors.names.index(name)]
        assert abs(wanted) > 2.0
        assert found == pytest.approx(wanted, abs=friction + 0.02 * abs(wanted))


def test_over_a_whole_period_the_joints_keep_only_what_friction_takes(wheeled: tuple[Design, dict[str, Mass]]) -> None:
    duty = follow_load(*wheeled, lifting(wheeled[0]), PLAIN, samples=400)
    friction = np.array([drive.friction for drive in duty.motors.drives])
    damping = np.array([drive.damping for drive in duty.motors.drives])
    lost = (friction * np.abs(duty.speed) + damping * duty.speed**2).sum(axis=1).mean()
    assert float(duty.mechanical.sum(axis=1).mean()) == pytest.approx(lost, rel=0.03)


def test_warm_windings_take_more_and_peaks_are_above_means(wheeled: tuple[Design, dict[str, Mass]]) -> None:
    duty = measure(*wheeled, lifting(wheeled[0]), PLAIN)
    warm = duty.warmed(3600.0)
    assert float(warm.mean.sum()) > 1.05 * float(duty.mean.sum())
    assert duty.peak > float(duty.mean.sum())
    np.testing.assert_array_equal(warm.torque, duty.torque)


def test_the_feet_of_the_humanoid_bear_its_weight_and_the_load() -> None:
    design, masses = weighed("humanoid")
    light, heavy = (replace(lifting(design), mass=mass) for mass in (0.1, 5.0))
    loads = [follow_load(design, masses, load, PLAIN, samples=4).copper.sum() for load in (light, heavy)]
    assert loads[1] > loads[0]
    with pytest.raises(Fallen, match="does not bear lifting"):
        follow_load(design, masses, replace(heavy, mass=120.0), PLAIN, samples=4)


def test_a_load_is_simulated_or_given() -> None:
    design, masses = weighed("quadruped")
    given = loads_of(design)[-1]
    assert given.power is not None
    with pytest.raises(ValueError, match="is given"):
        run_load(design, masses, given, PLAIN)
    with pytest.raises(ValueError, match="no pose"):
        follow_load(design, masses, Load("standing"), PLAIN)
