"""The layer on a robot's shapes: depth under known loads, against Hertz, a foundation and springs in series."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest
from tests.robot.skin.limb import BALL, SOFT, add_ball, patch_of, settle, shape_of, spec_of

from ironworks.product.design import bill_of, read_design
from ironworks.product.design.skin import Layer, patches_of
from ironworks.robot.body import body_spec
from ironworks.robot.skin.elastic import hertz, press
from ironworks.robot.skin.layer import apply_layer

PAD = shape_of("box", (0.05, 0.05, 0.05))
THICK = replace(SOFT, thickness=0.05)


def depth_under(layer: Layer, load: float, *, linear: bool = False) -> float:
    """How deep MuJoCo lets the ball into a pad with a layer."""
    spec = spec_of(PAD)
    patch = replace(patch_of(4, 12), layer=layer)
    add_ball(spec, "ball", np.array([0.05, 0.01, 0.0]), np.array([1.0, 0.0, 0.0]), layer.radius)
    apply_layer(spec, [patch], partner=BALL, linear=linear)
    model = spec.compile()
    data = settle(model, load, 2.0)
    return -float(data.contact.dist[0])


@pytest.mark.parametrize("layer", [SOFT, THICK], ids=["thin", "thick"])
def test_at_its_load_the_layer_is_as_deep_as_the_solution(layer: Layer) -> None:
    assert depth_under(layer, layer.load, linear=True) == pytest.approx(press(layer).depth, rel=1e-6)
    assert depth_under(layer, layer.load) == pytest.approx(press(layer).depth, rel=2e-3)


def test_one_spring_for_hertz_errs_as_the_cube_root_of_the_load() -> None:
    for share in (0.125, 0.5, 2.0):
        exact = hertz(THICK, share * THICK.load).depth
        assert depth_under(THICK, share * THICK.load, linear=True) / exact == pytest.approx(
            share ** (1.0 / 3.0), rel=1e-5
        )


def test_the_curve_stays_near_hertz_over_two_decades_of_load() -> None:
    for share in (0.0125, 0.05, 0.2, 0.5, 1.0):
        exact = hertz(THICK, share * THICK.load).depth
        assert depth_under(THICK, share * THICK.load) == pytest.approx(exact, rel=0.12)


def test_two_layers_of_a_pair_act_in_series() -> None:
    """Two limbs on slides, pressed together: twice the depth of one, whatever they weigh."""
    spec = mujoco.MjSpec()
    spec.option.gravity = [0.0, 0.0, 0.0]
    for name, x, mass in (("one", -0.02, 0.3), ("other", 0.02, 3.0)):
        body = spec.worldbody.add_body(name=name, pos=[x, 0.0, 0.0])
        body.add_joint(name=name, type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[1.0, 0.0, 0.0])
        body.add_geom(
            name=name, type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[0.02, 0, 0], mass=mass, contype=0, conaffinity=0
        )
    spec.add_pair(name="both", geomname1="one", geomname2="other", condim=3, friction=[0.6, 0.6, 0.005, 1e-4, 1e-4])
    patches = [replace(patch_of(4, 4), shape=name) for name in ("one", "other")]
    made = apply_layer(spec, patches, linear=True)
    model = spec.compile()
    data = mujoco.MjData(model)
    for _ in range(2000):
        data.qfrc_applied[:] = [SOFT.load, -SOFT.load]
        mujoco.mj_step(model, data)
    assert -data.contact.dist[0] == pytest.approx(2.0 * press(SOFT).depth, rel=1e-6)
    assert made["one|other"].depth == pytest.approx(2.0 * press(SOFT).depth)


def test_the_compiled_robot_carries_the_layers() -> None:
    design = read_design("humanoid")
    patches = patches_of(design)
    spec = body_spec(design, design.weigh(bill_of(design).masses))
    made = apply_layer(spec, patches)
    model = spec.compile()
    for patch in patches:
        geom = model.geom(patch.shape)
        np.testing.assert_allclose(geom.solref, made[patch.shape].solref)
        assert geom.priority[0] == 1
    bare = model.geom("left_foot.sole")
    np.testing.assert_allclose(bare.solref, [0.02, 1.0])
    skinned = {patch.shape for patch in patches}
    for one, other in design.pairs:
        if {one, other} & skinned:
            assert model.pair(f"{one}|{other}").solref[0] == pytest.approx(made[f"{one}|{other}"].solref[0])


def test_a_shape_that_the_model_lacks_and_a_limb_that_nothing_moves_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no geom limb\.bone"):
        apply_layer(mujoco.MjSpec(), [patch_of(2, 2)])
    with pytest.raises(ValueError, match="no contact"):
        apply_layer(spec_of(PAD), [patch_of(2, 2)])
