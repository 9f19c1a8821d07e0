"""The viewer's scene is the model's: without a browser, but with its server running."""

import socket
from collections.abc import Iterator

import mujoco
import numpy as np
import pytest

from ironworks.product.design import bill_of, read_design

pytest.importorskip("viser", reason="the viewer's extra is not installed: pip install 'ironworks[view]'")

from ironworks.robot.view import RobotViewer, limbs


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def viewer() -> Iterator[RobotViewer]:
    design = read_design("humanoid")
    bill = bill_of(design)
    found = RobotViewer(design, bill, design.weigh(bill.masses), port=free_port())
    yield found
    found.close()


def test_it_listens_on_this_machine_alone(viewer: RobotViewer) -> None:
    assert viewer.url.startswith("http://127.0.0.1:")
    port = int(viewer.url.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), timeout=5.0).close()
    # A server on all addresses would answer on every other of the loop, too.
    with pytest.raises(OSError, match=r"refused|timed out|[Aa]ssign"):
        socket.create_connection(("127.0.0.2", port), timeout=1.0)


def test_sliders_move_the_frames_to_where_mujoco_has_the_links(viewer: RobotViewer) -> None:
    viewer.sliders["left_knee"].value = 55.0
    viewer.sliders["right_elbow"].value = 40.0
    viewer.sliders["index_pip" if "index_pip" in viewer.sliders else "left_index_pip"].value = 50.0
    viewer.refresh()
    # A model of its own, posed by hand.
    model = viewer.model
    data = mujoco.MjData(model)
    data.qpos[:] = viewer.data.qpos
    for name, angle in (("left_knee", 55.0), ("right_elbow", 40.0), ("left_index_pip", 50.0)):
        data.joint(name).qpos = np.radians(angle)
    for joint in viewer.design.joints:
        if joint.follow is not None:
            data.joint(joint.name).qpos = joint.follow.gain * data.joint(joint.follow.joint).qpos[0]
    mujoco.mj_forward(model, data)
    for name, frame in viewer.frames.items():
        np.testing.assert_allclose(frame.position, data.body(name).xpos, atol=1e-9)
        assert abs(np.dot(frame.wxyz, data.body(name).xquat)) == pytest.approx(1.0, abs=1e-9)


def test_every_joint_that_moves_by_itself_has_a_slider_with_its_range(viewer: RobotViewer) -> None:
    own = {joint.name: joint for joint in viewer.design.joints if joint.follow is None}
    assert set(viewer.sliders) == set(own)
    for name, slider in viewer.sliders.items():
        assert np.radians(slider.min) == pytest.approx(own[name].low, abs=1e-4)
        assert np.radians(slider.max) == pytest.approx(own[name].high, abs=1e-4)


def test_the_robot_stays_on_the_floor(viewer: RobotViewer) -> None:
    viewer.sliders["left_hip_pitch"].value = 80.0
    viewer.refresh()
    points = viewer._felt_points()
    assert points[:, 2].min() == pytest.approx(0.0, abs=1e-4)


def test_limbs_hold_each_joint_once(viewer: RobotViewer) -> None:
    found = limbs(viewer.design)
    names = [joint.name for joints in found.values() for joint in joints]
    assert sorted(names) == sorted(joint.name for joint in viewer.design.joints)
    assert len(found) < 25
    leg = next(joints for joints in found.values() if joints[0].name == "left_hip_yaw")
    assert [joint.name for joint in leg][-1] == "left_toe"


def test_overlays_show_what_they_name_and_make_the_body_a_ghost(viewer: RobotViewer) -> None:
    assert not any(handle.visible for handle in viewer._over["mass"])
    viewer.overlays["mass"].value = True
    viewer._show()
    assert all(handle.visible for handle in viewer._over["mass"])
    assert all(handle.opacity < 0.5 for handle, _, _ in viewer._bodies)
    assert viewer.overlays["tendons"].disabled == (viewer.model.ntendon == 0)
    viewer.overlays["mass"].value = False
    viewer._show()
    assert not any(handle.visible for handle in viewer._over["mass"])


def test_a_picked_link_lists_its_parts_and_they_weigh_what_it_weighs(viewer: RobotViewer) -> None:
    for link in ("head", "left_thigh", "chest"):
        viewer._picked.value = link
        viewer._tell()
        rows = [row.split("|") for row in viewer._table.content.splitlines() if row.startswith("| ")][1:]
        total = sum(float(row[3]) for row in rows)
        assert total == pytest.approx(viewer._weights[link].mass, abs=1e-3)
