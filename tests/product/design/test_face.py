"""The display's surface: a cylinder has an exact answer, the built-in visors are checked by their own equation."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from ironworks.faults import ScenarioFaults
from ironworks.product.design import Face, Shape, builtin_designs, face_of, read_design

RADIUS = 0.08


@pytest.fixture
def cylinder() -> Face:
    """A display on an upright cylinder about (0.01, 0)."""
    sections = np.array([[-0.1, RADIUS, RADIUS, 0.0, 0.0], [0.1, RADIUS, RADIUS, 0.0, 0.0]])
    shape = Shape("head.visor", "loft", np.array([0.01, 0.0, 0.0]), np.zeros(3), None, "visor", False, sections)
    return Face("head", shape, 0.02, 0.12, 0.08, 1200, 800, 500.0, 0.05, 0.0, 0.012, 0.03)


@pytest.mark.parametrize("name", builtin_designs())
def test_each_built_in_design_has_a_face(name: str) -> None:
    assert face_of(read_design(name)) is not None


def test_arc_lengths_on_a_cylinder_are_angles_times_radius(cylinder: Face) -> None:
    s, t = np.linspace(-0.06, 0.06, 9), np.linspace(-0.04, 0.04, 9)
    found = cylinder.place(s, t)
    exact = np.stack([0.01 + RADIUS * np.cos(s / RADIUS), RADIUS * np.sin(s / RADIUS), 0.02 + t], axis=1)
    np.testing.assert_allclose(found, exact, atol=2e-7)
    assert cylinder.radius == pytest.approx(RADIUS, rel=1e-3)
    assert cylinder.wrap == pytest.approx(0.12 / RADIUS, rel=1e-3)
    assert max(cylinder.stretch()) < 2e-4


def test_a_line_of_sight_meets_a_cylinder_where_geometry_says(cylinder: Face) -> None:
    for angle in np.radians([-50.0, -10.0, 0.0, 33.0]):
        s, t = cylinder.meet(np.array([0.01, 0.0, 0.03]), np.array([np.cos(angle), np.sin(angle), 0.25]))
        assert s == pytest.approx(RADIUS * angle, abs=1e-7)
        assert t == pytest.approx(0.01 + 0.25 * RADIUS, abs=1e-9)


def test_a_line_that_goes_backwards_or_starts_outside_is_refused(cylinder: Face) -> None:
    for origin, way in (([0.0, 0.0, 0.0], [-1.0, 0.0, 0.0]), ([0.2, 0.0, 0.0], [1.0, 0.0, 0.0])):
        with pytest.raises(ValueError, match="forwards"):
            cylinder.meet(np.array(origin), np.array(way))


@pytest.mark.parametrize("name", builtin_designs())
def test_the_display_lies_on_the_visors_own_surface(name: str) -> None:
    face = face_of(read_design(name))
    assert face is not None
    s, t = (
        x.ravel() for x in np.meshgrid(np.linspace(-0.5, 0.5, 7) * face.width, np.linspace(-0.5, 0.5, 7) * face.height)
    )
    points = face.place(s, t)
    for point in points:
        a, b, u, v = face._section(point[2])
        assert abs((point[0] - u) / a) ** face.shape.power + abs(
            (point[1] - v) / b
        ) ** face.shape.power == pytest.approx(1.0, abs=1e-4)
    # The eye's middle and a place on the surface are a line that must come back to the place.
    for place, point in zip(zip(s, t, strict=True), points, strict=True):
        if point[0] > face.eyes[0, 0] + 0.002:
            np.testing.assert_allclose(face.meet(face.eyes[0], point - face.eyes[0]), place, atol=1e-5)


@pytest.mark.parametrize("name", builtin_designs())
def test_pixels_are_as_far_apart_as_the_arc_is_long(name: str) -> None:
    face = face_of(read_design(name))
    assert face is not None
    z = float(face.place(np.zeros(1), np.array([face.height / 4.0]))[0, 2])

    def slope(y: float) -> float:
        return float(face._depth(np.array([y + 1e-7]), z)[0] - face._depth(np.array([y - 1e-7]), z)[0]) / 2e-7

    end = face.place(np.array([face.width / 2.0]), np.array([face.height / 4.0]))[0, 1]
    length = quad(lambda y: float(np.hypot(1.0, slope(y))), 0.0, end, limit=200)[0]
    pitch = length / (face.columns / 2.0)
    assert pitch == pytest.approx(face.width / face.columns, rel=1e-4)
    across, along, shear = face.stretch()
    assert across < 3e-4
    # What docs/how-to/design-a-robot.md says of each.
    most = {"humanoid": (0.05, 0.26), "wheeled": (0.05, 0.26), "quadruped": (0.27, 0.68)}[name]
    assert (along, shear) <= most
    assert shear <= most[1]
    # Where the eyes are, the picture is truer than in the corners.
    near = dataclasses.replace(face, width=face.eye_spacing + 2 * face.eye_radius, height=2 * face.eye_radius)
    assert near.stretch()[1] < 0.05


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("eye_radius = 0.0138", "eye_radus = 0.0138", "eye_radius"),
        ("width = 0.112", "width = 0.5", "more than the visor's front has"),
        ("at = 0.086", "at = 0.4", "not within the visor"),
        ("columns = 1120", "columns = 11.5", "whole number"),
        ('shape = "head.visor"', 'shape = "head.visr"', "head.visor"),
        ("eye_spacing = 0.054", "eye_spacing = 0.2", "eyes do not lie"),
        ("luminance = 500", "luminance = -1", "not above 0"),
    ],
)
def test_a_broken_face_is_a_fault_at_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "robot"
    shutil.copytree(builtin_designs()["humanoid"], folder)
    file = folder / "design.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        face_of(read_design(folder))
    assert said in str(caught.value)
    line = min(fault.line for fault in caught.value.faults)
    assert line >= text.count("\n", 0, text.index("[face]")) + 1


def test_a_design_without_the_section_has_no_face(tmp_path: Path) -> None:
    folder = tmp_path / "robot"
    shutil.copytree(builtin_designs()["humanoid"], folder)
    file = folder / "design.toml"
    file.write_text(file.read_text(encoding="utf-8").split("[face]")[0], encoding="utf-8")
    assert face_of(read_design(folder)) is None
