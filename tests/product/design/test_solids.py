"""Mass properties against closed forms, and against MuJoCo's own for a mesh."""

import math

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Mass, Shape, box_mass, cylinder_mass, loft, mesh_mass


def solid(kind: str, a: float, b: float, c: float) -> Mass:
    return Shape(kind, kind, np.zeros(3), np.array([a, b, c]), None, "", False).volume


def test_a_loft_with_constant_sections_weighs_a_cylinder_with_rounded_ends() -> None:
    radius, length = 0.1, 0.6
    sections = np.array([[0.0, radius, radius, 0.0, 0.0], [length, radius, radius, 0.0, 0.0]])
    found = mesh_mass(loft(sections, "z", 2.0))
    body = math.pi * radius**2 * length
    assert body < found.mass < body * 1.1
    np.testing.assert_allclose(found.centre, [0.0, 0.0, length / 2], atol=1e-12)


@pytest.mark.parametrize("along", ["x", "y", "z"])
def test_mass_properties_of_a_mesh_are_those_that_mujoco_finds(along: str) -> None:
    sections = np.array([[0.0, 0.05, 0.04, 0.0, 0.0], [0.2, 0.08, 0.05, 0.01, 0.0], [0.35, 0.04, 0.04, 0.02, 0.01]])
    mesh = loft(sections, along, 2.6)
    ours = mesh_mass(mesh)
    spec = mujoco.MjSpec()
    spec.add_mesh(
        name="m",
        uservert=mesh.vertices.ravel(),
        userface=mesh.faces.ravel(),
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_EXACT,
    )
    body = spec.worldbody.add_body(name="b")
    body.add_geom(type=mujoco.mjtGeom.mjGEOM_MESH, meshname="m", density=1.0)
    model = spec.compile()
    assert model.body_mass[1] == pytest.approx(ours.mass, rel=1e-5)
    np.testing.assert_allclose(model.body_ipos[1], ours.centre, atol=1e-6)
    theirs = np.sort(model.body_inertia[1])
    np.testing.assert_allclose(theirs, np.linalg.eigvalsh(ours.inertia), rtol=1e-4)


def test_halves_of_a_box_add_up_to_the_box() -> None:
    whole = box_mass(3.0, np.array([0.1, 0.2, 0.3]), np.array([0.4, 0.2, 0.1]))
    left = box_mass(1.5, np.array([0.0, 0.2, 0.3]), np.array([0.2, 0.2, 0.1]))
    right = box_mass(1.5, np.array([0.2, 0.2, 0.3]), np.array([0.2, 0.2, 0.1]))
    both = left + right
    np.testing.assert_allclose(both.centre, whole.centre, atol=1e-15)
    np.testing.assert_allclose(both.inertia, whole.inertia, atol=1e-15)


def test_a_cylinder_has_its_small_inertia_about_its_axis() -> None:
    found = cylinder_mass(2.0, np.zeros(3), np.array([0.0, 1.0, 0.0]), 0.1, 0.5)
    assert found.inertia[1, 1] == pytest.approx(2.0 * 0.01 / 2)
    assert found.inertia[0, 0] == found.inertia[2, 2] == pytest.approx(2.0 * (0.03 + 0.25) / 12)


@pytest.mark.parametrize("kind", ["box", "ellipsoid", "capsule", "cylinder"])
def test_primitives_weigh_what_mujoco_says(kind: str) -> None:
    spec = mujoco.MjSpec()
    body = spec.worldbody.add_body(name="b")
    geom = getattr(mujoco.mjtGeom, f"mjGEOM_{kind.upper()}")
    body.add_geom(type=geom, size=[0.05, 0.12, 0.07], density=1.0)
    model = spec.compile()
    ours = solid(kind, 0.05, 0.12, 0.07)
    assert model.body_mass[1] == pytest.approx(ours.mass, rel=1e-12)
    np.testing.assert_allclose(np.sort(model.body_inertia[1]), np.sort(np.diag(ours.inertia)), rtol=1e-12)
