"""What taxels feel adds up to MuJoCo's contact forces and to its touch sensors."""

import mujoco
import numpy as np
import pytest
from tests.robot.skin.limb import Floats, add_ball, limb, patch_of, settle, shape_of, shell_of, spec_of

from ironworks.product.design import Shape, bill_of, read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.body import add_scene, body_spec, stand_on_floor
from ironworks.robot.skin.field import TactileField, normal_forces
from ironworks.robot.skin.layer import apply_layer
from ironworks.robot.skin.mapping import map_skin
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels

CAPSULE = shape_of("capsule", (0.03, 0.08, 0.0))


def contact_forces(model: mujoco.MjModel, data: mujoco.MjData) -> Floats:
    forces = np.zeros((data.ncon, 6))
    for i in range(data.ncon):
        mujoco.mj_contactForce(model, data, i, forces[i])
    return forces[:, 0]


@pytest.fixture(scope="module")
def fallen() -> tuple[mujoco.MjModel, mujoco.MjData, Taxels]:
    """The humanoid, let go and lying on the floor: contacts with the floor and of limbs with one another."""
    design = read_design("humanoid")
    patches = patches_of(design)
    spec = body_spec(design, design.weigh(bill_of(design).masses))
    add_scene(spec)
    apply_layer(spec, patches)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    for _ in range(1200):
        mujoco.mj_step(model, data)
    return model, data, place_taxels(design, patches)


def test_normal_forces_are_those_of_mujoco(fallen: tuple[mujoco.MjModel, mujoco.MjData, Taxels]) -> None:
    model, data, _ = fallen
    assert data.ncon > 10
    np.testing.assert_allclose(normal_forces(model, data), contact_forces(model, data), atol=1e-12)


def test_a_fallen_robot_feels_every_contact_of_shapes_that_are_covered_all_round(
    fallen: tuple[mujoco.MjModel, mujoco.MjData, Taxels],
) -> None:
    model, data, taxels = fallen
    felt = TactileField(model, taxels).read(model, data)
    covered = {"chest.shell", "pelvis.shell", "thoracic_roll.segment", "lumbar_roll.segment", "left_hand.palm"}
    covered |= {f"{s}_{x}.shell" for s in ("left", "right") for x in ("thigh", "shank", "upper_arm", "forearm")}
    forces = contact_forces(model, data)
    touched = 0
    for shape in covered:
        geom = model.geom(shape).id
        total = forces[(data.contact.geom == geom).any(axis=1)].sum()
        here = [taxels.patches[p].shape == shape for p in taxels.patch]
        assert felt[here].sum() == pytest.approx(total, rel=1e-12, abs=1e-12)
        touched += total > 0.0
    assert touched >= 4
    assert (felt >= 0.0).all()


@pytest.mark.parametrize("cone", [mujoco.mjtCone.mjCONE_PYRAMIDAL, mujoco.mjtCone.mjCONE_ELLIPTIC])
@pytest.mark.parametrize("shape", [CAPSULE, shell_of("left_forearm"), shell_of("left_shank")], ids=lambda s: s.kind)
def test_taxels_in_a_site_add_up_to_its_touch_sensor(shape: Shape, cone: int) -> None:
    """Two balls press on opposite sides; each side has a touch sensor of its own, and a third holds all."""
    spec = spec_of(shape)
    spec.option.cone = cone
    taxels = place_taxels(limb(shape), [patch_of(9, 12)])
    places = [4 * 12 + 2, 4 * 12 + 8]
    middle = taxels.position.mean(axis=0)
    body = spec.body("limb")
    for i, place in enumerate(places):
        point, out = taxels.position[place], taxels.normal[place]
        add_ball(spec, f"ball{i}", point, out)
        body.add_site(
            name=f"side{i}", type=mujoco.mjtGeom.mjGEOM_SPHERE, pos=middle + 1.2 * (point - middle), size=[0.035, 0, 0]
        )
    body.add_site(name="all", type=mujoco.mjtGeom.mjGEOM_BOX, pos=middle, size=[0.2, 0.2, 0.5])
    for site in ("side0", "side1", "all"):
        spec.add_sensor(name=site, type=mujoco.mjtSensor.mjSENS_TOUCH, objtype=mujoco.mjtObj.mjOBJ_SITE, objname=site)
    apply_layer(spec, [patch_of(9, 12)], partner=0.5)
    model = spec.compile()
    data = settle(model, 5.0)
    felt = TactileField(model, taxels).read(model, data)
    for site in ("side0", "side1", "all"):
        centre = data.site(site).xpos
        radius = model.site(site).size[0]
        inside = np.linalg.norm(taxels.position - centre, axis=1) < radius if site != "all" else slice(None)
        assert felt[inside].sum() == pytest.approx(data.sensor(site).data[0], abs=1e-9)
        assert data.sensor(site).data[0] == pytest.approx(10.0 if site == "all" else 5.0, abs=0.1)


def test_the_taxel_under_the_ball_feels_most_and_those_behind_nothing() -> None:
    taxels = place_taxels(limb(CAPSULE), [patch_of(9, 12)])
    for place in (3, 50, 100):
        spec = spec_of(CAPSULE)
        add_ball(spec, "ball", taxels.position[place], taxels.normal[place])
        model = spec.compile()
        felt = TactileField(model, taxels).read(model, settle(model, 2.0))
        assert felt.argmax() == place
        assert felt.sum() == pytest.approx(2.0, abs=1e-6)
        assert (felt[taxels.normal @ taxels.normal[place] < 0.0] == 0.0).all()


@pytest.mark.parametrize("first", ["sphere", "capsule"])
def test_the_order_of_a_contacts_geoms_does_not_matter(first: str) -> None:
    """MuJoCo sorts geoms by type: the limb is the first of a contact with a box, the second of one with a ball."""
    spec = spec_of(CAPSULE)
    taxels = place_taxels(limb(CAPSULE), [patch_of(9, 12)])
    add_ball(spec, "ball", taxels.position[50], taxels.normal[50])
    if first == "capsule":
        ball = spec.geom("ball")
        ball.type, ball.size = mujoco.mjtGeom.mjGEOM_BOX, [0.004, 0.004, 0.02]
    model = spec.compile()
    data = settle(model, 2.0)
    mine = data.contact.geom[0].tolist().index(model.geom("limb.bone").id)
    assert mine == (1 if first == "sphere" else 0)
    felt = TactileField(model, taxels).read(model, data)
    assert felt.argmax() == 50
    assert felt.sum() == pytest.approx(2.0, abs=1e-6)


def test_half_a_skin_feels_its_own_side_alone() -> None:
    whole = place_taxels(limb(CAPSULE), [patch_of(9, 12)])
    half = place_taxels(limb(CAPSULE), [patch_of(9, 6, end=180.0)])
    for place, there in ((4 * 12 + 2, 3.0), (4 * 12 + 8, 0.0)):
        spec = spec_of(CAPSULE)
        add_ball(spec, "ball", whole.position[place], whole.normal[place])
        model = spec.compile()
        assert TactileField(model, half).read(model, settle(model, 3.0)).sum() == pytest.approx(there, abs=1e-6)


def test_without_contacts_nothing_is_felt() -> None:
    model = spec_of(CAPSULE).compile()
    taxels = place_taxels(limb(CAPSULE), [patch_of(9, 12)])
    assert (TactileField(model, taxels).read(model, mujoco.MjData(model)) == np.zeros(108)).all()


def test_a_robot_without_skin_feels_nothing() -> None:
    spec = spec_of(CAPSULE)
    add_ball(spec, "ball", np.array([0.03, 0.01, 0.0]), np.array([1.0, 0.0, 0.0]))
    model = spec.compile()
    bare = place_taxels(limb(CAPSULE), [])
    assert TactileField(model, bare).read(model, settle(model, 2.0)).shape == (0,)
    assert map_skin(bare, SkinState.nominal(0), np.random.default_rng(0)) == ()
