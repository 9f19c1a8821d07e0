"""What is laid over a robot, against bodies whose answer is known."""

import mujoco
import numpy as np
import pytest

from ironworks.product.design import box_mass
from ironworks.robot.overlays import centroid, equivalent_box, support, tendon_paths


def test_the_equivalent_box_of_a_box_is_that_box() -> None:
    sides = np.array([0.1, 0.25, 0.4])
    mass = box_mass(3.0, np.zeros(3), sides)
    np.testing.assert_allclose(equivalent_box(3.0, np.diag(mass.inertia)), sides)


def test_the_support_of_two_feet_is_their_outline_with_its_centre() -> None:
    foot = np.array([[0.0, 0.0], [0.2, 0.0], [0.2, 0.1], [0.0, 0.1]])
    points = np.concatenate([foot, foot + [0.0, 0.3]])
    points = np.column_stack([points, np.zeros(8)])
    points = np.vstack([points, [0.5, 0.5, 0.3]])
    outline = support(points)
    assert {tuple(corner) for corner in outline.round(9)} == {(0.0, 0.0), (0.2, 0.0), (0.2, 0.4), (0.0, 0.4)}
    np.testing.assert_allclose(centroid(outline), [0.1, 0.2])


def test_the_centre_of_an_l_is_that_of_its_two_rectangles() -> None:
    corners = np.array([[0, 0], [3, 0], [3, 1], [1, 1], [1, 2], [0, 2]], float) + 100.0
    # 3 x 1 about (1.5, 0.5) and 1 x 1 about (0.5, 1.5).
    np.testing.assert_allclose(centroid(corners), np.array([(3 * 1.5 + 0.5) / 4, (3 * 0.5 + 1.5) / 4]) + 100.0)


@pytest.mark.parametrize(("points", "middle"), [([[0.1, 0.2]], [0.1, 0.2]), ([[0, 0], [0.5, 0.5], [1, 1]], [0.5, 0.5])])
def test_a_point_and_a_line_are_their_own_support(points: list[list[float]], middle: list[float]) -> None:
    flat = np.column_stack([np.array(points, float), np.zeros(len(points))])
    np.testing.assert_allclose(centroid(support(flat)), middle)


def test_pieces_of_a_tendon_are_as_long_as_mujoco_says() -> None:
    model = mujoco.MjModel.from_xml_string(
        """<mujoco><worldbody><site name="a" pos="0 0 1"/><site name="side" pos="0.2 0 0.5"/>
        <geom name="drum" type="cylinder" size="0.05 0.1" euler="90 0 0" pos="0 0 0.5"/>
        <body pos="0 0 0"><joint type="slide" axis="0 0 1"/><geom size="0.01"/><site name="b" pos="-0.02 0 0"/></body>
        </worldbody><tendon><spatial name="t"><site site="a"/><geom geom="drum" sidesite="side"/><site site="b"/>
        </spatial></tendon></mujoco>"""
    )
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    pieces = tendon_paths(model, data)
    lengths = np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1)
    # The piece over the drum is drawn straight: its chord is a little shorter than the arc.
    assert lengths.sum() <= data.ten_length[0] + 1e-9
    assert lengths.sum() == pytest.approx(data.ten_length[0], rel=0.01)
