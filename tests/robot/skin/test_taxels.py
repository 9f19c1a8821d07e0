"""Taxels lie on the surfaces that MuJoCo has, look outwards and answer for all of the area."""

import mujoco
import numpy as np
import pytest
from tests.robot.skin.limb import limb, patch_of, shape_of

from ironworks.product.design import bill_of, builtin_designs, read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.body import body_spec
from ironworks.robot.skin.taxels import Taxels, place_taxels


@pytest.fixture(scope="module", params=sorted(builtin_designs()))
def placed(request: pytest.FixtureRequest) -> tuple[mujoco.MjModel, mujoco.MjData, Taxels]:
    design = read_design(request.param)
    model = body_spec(design, design.weigh(bill_of(design).masses)).compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data, place_taxels(design, patches_of(design))


def test_a_ray_from_outside_meets_the_shape_at_the_taxel(
    placed: tuple[mujoco.MjModel, mujoco.MjData, Taxels],
) -> None:
    """MuJoCo's own rays against its own geoms, mesh or solid."""
    model, data, taxels = placed
    for i in range(0, len(taxels), 3):
        patch = taxels.patches[taxels.patch[i]]
        body = data.body(patch.link)
        turn = body.xmat.reshape(3, 3)
        out = turn @ taxels.normal[i]
        start = body.xpos + turn @ taxels.position[i] + 0.05 * out
        geom = model.geom(patch.shape).id
        if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_MESH:
            distance = mujoco.mj_rayMesh(model, data, geom, start, -out, np.zeros(3))
        else:
            distance = mujoco.mju_rayGeom(
                data.geom_xpos[geom], data.geom_xmat[geom], model.geom_size[geom], start, -out, model.geom_type[geom],
                np.zeros(3),
            )  # fmt: skip
        assert distance == pytest.approx(0.05, abs=2e-6), (patch.name, i)


def test_mirrored_patches_have_mirrored_taxels(placed: tuple[mujoco.MjModel, mujoco.MjData, Taxels]) -> None:
    _, _, taxels = placed
    for patch in taxels.patches:
        if patch.side < 0.0:
            here, there = taxels.slices[patch.name], taxels.slices[patch.name.replace("right_", "left_")]
            mirror = np.array([1.0, -1.0, 1.0])
            np.testing.assert_allclose(taxels.position[here], taxels.position[there] * mirror, atol=1e-9)
            np.testing.assert_allclose(taxels.normal[here], taxels.normal[there] * mirror, atol=1e-6)


def test_taxels_are_numbered_patch_by_patch_and_row_by_row(
    placed: tuple[mujoco.MjModel, mujoco.MjData, Taxels],
) -> None:
    _, _, taxels = placed
    assert (np.diff(taxels.patch) >= 0).all()
    for patch in taxels.patches:
        here = taxels.slices[patch.name]
        np.testing.assert_array_equal(taxels.row[here] * patch.columns + taxels.column[here], np.arange(patch.taxels))


@pytest.mark.parametrize(
    ("kind", "size", "area"),
    [
        ("capsule", (0.03, 0.08, 0.0), 4.0 * np.pi * 0.03**2 + 4.0 * np.pi * 0.03 * 0.08),
        ("cylinder", (0.03, 0.08, 0.0), 4.0 * np.pi * 0.03 * 0.08),
        ("ellipsoid", (0.04, 0.04, 0.04), 4.0 * np.pi * 0.04**2),
        ("box", (0.02, 0.03, 0.05), 8.0 * 0.05 * (0.02 + 0.03)),
    ],
)
def test_areas_add_up_to_that_of_the_surface(kind: str, size: tuple[float, float, float], area: float) -> None:
    """Of a capsule and a ball all, since zones of a sphere of one height have one area; of others, the mantle.

    Chords cut the corners of a box.
    """
    taxels = place_taxels(limb(shape_of(kind, size)), [patch_of(22, 16)])
    assert taxels.area.sum() == pytest.approx(area, rel=0.03 if kind == "box" else 0.003)


def test_columns_stand_at_equal_arcs() -> None:
    shape = shape_of("ellipsoid", (0.10, 0.03, 0.08))
    taxels = place_taxels(limb(shape), [patch_of(1, 40)])
    ring = np.concatenate([taxels.position, taxels.position[:1]])
    steps = np.linalg.norm(np.diff(ring, axis=0), axis=1)
    # Chords of equal arcs differ where the ellipse bends; at equal angles the ratio would be above 2.
    assert steps.max() / steps.min() < 1.15


def test_neighbours_close_the_ring_where_the_patch_does() -> None:
    shape = shape_of("capsule", (0.03, 0.08, 0.0))
    ring = place_taxels(limb(shape), [patch_of(3, 5)]).neighbours
    half = place_taxels(limb(shape), [patch_of(3, 5, end=180.0)]).neighbours
    assert len(ring) == 2 * 5 + 3 * 5
    assert len(half) == 2 * 5 + 3 * 4


def test_an_axis_outside_its_shape_is_refused() -> None:
    design = read_design("humanoid")
    patch = next(patch for patch in patches_of(design) if patch.name == "chest_front")
    beyond = type(patch)(**{**patch.__dict__, "low": 1.0 - 1e-9, "high": 1.0 + 1e-2, "rows": 1})
    with pytest.raises(ValueError, match="misses"):
        place_taxels(design, [beyond])
