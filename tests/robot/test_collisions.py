"""Pairs of shapes that can meet: few, alike on both sides, silent while standing."""

import mujoco
import numpy as np
import pytest
from tests.robot.test_body import weighed

from ironworks.product.design import builtin_designs
from ironworks.robot.body import add_scene, body_spec, stand_on_floor
from ironworks.robot.collisions import MOST_PAIRS, find_pairs


def mirrored(name: str) -> str:
    side = {"left_": "right_", "right_": "left_"}
    return next((other + name.removeprefix(one) for one, other in side.items() if name.startswith(one)), name)


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_pairs_are_few_and_alike_on_both_sides(name: str) -> None:
    design, _ = weighed(name)
    assert 0 < len(design.pairs) <= MOST_PAIRS
    pairs = {frozenset(pair) for pair in design.pairs}
    assert {frozenset(map(mirrored, pair)) for pair in pairs} == pairs


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_a_standing_robot_touches_the_floor_alone(name: str) -> None:
    design, weights = weighed(name)
    spec = body_spec(design, weights)
    add_scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    data.qpos[2] -= 0.001
    mujoco.mj_forward(model, data)
    assert data.ncon > 0
    bodies = {int(model.geom_bodyid[geom]) for contact in data.contact[: data.ncon] for geom in contact.geom}
    assert all(0 in model.geom_bodyid[contact.geom] for contact in data.contact[: data.ncon])
    assert len(bodies) > 2


def test_crossed_legs_meet() -> None:
    design, weights = weighed("humanoid")
    model = body_spec(design, weights).compile()
    data = mujoco.MjData(model)
    for side in ("left", "right"):
        data.qpos[model.joint(f"{side}_hip_roll").qposadr[0]] = np.radians(-20.0)
    mujoco.mj_forward(model, data)
    met = {frozenset(model.geom(int(g)).name for g in contact.geom) for contact in data.contact[: data.ncon]}
    assert any({name.partition("_")[0] for name in pair} == {"left", "right"} for pair in met)


def test_the_same_seed_finds_the_same_pairs() -> None:
    design, weights = weighed("quadruped")
    first = find_pairs(design, weights, seed=5, postures=300)
    assert first == find_pairs(design, weights, seed=5, postures=300)
    assert first
