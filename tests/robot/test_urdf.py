"""Written files load elsewhere, and every link is where MuJoCo has it."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from tests.robot.test_body import weighed

from ironworks.product.design import builtin_designs
from ironworks.robot.body import body_spec
from ironworks.robot.mjcf import write_mjcf
from ironworks.robot.urdf import write_urdf

yourdfpy = pytest.importorskip("yourdfpy")


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_forward_kinematics_of_the_urdf_agree_in_mujoco_and_in_an_independent_loader(name: str, tmp_path: Path) -> None:
    design, weights = weighed(name)
    path = write_urdf(design, weights, tmp_path)
    ours = body_spec(design, weights).compile()
    own = mujoco.MjData(ours)
    read = mujoco.MjSpec.from_file(str(path))
    read.compiler.fusestatic = False
    theirs = read.compile()
    data = mujoco.MjData(theirs)
    other = yourdfpy.URDF.load(str(path), load_meshes=False, build_scene_graph=True)
    rng = np.random.default_rng(3)
    for _ in range(5):
        angles = {}
        for joint in design.joints:
            if joint.follow is None:
                low, high = max(joint.low, -3.0), min(joint.high, 3.0)
                angles[joint.name] = rng.uniform(low, high)
        for joint in design.joints:
            if joint.follow is not None:
                angles[joint.name] = joint.follow.gain * angles[joint.follow.joint]
        for joint_name, angle in angles.items():
            own.qpos[ours.joint(joint_name).qposadr[0]] = angle
            data.qpos[theirs.joint(joint_name).qposadr[0]] = angle
        mujoco.mj_kinematics(ours, own)
        mujoco.mj_kinematics(theirs, data)
        other.update_cfg({joint: angles[joint] for joint in other.actuated_joint_names})
        root = design.links[0].name
        for link in design.links:
            place = own.body(link.name).xpos - own.body(root).xpos
            np.testing.assert_allclose(other.get_transform(link.name, root)[:3, 3], place, atol=1e-6)
            if link.name != root:
                np.testing.assert_allclose(data.body(link.name).xpos, place, atol=1e-6)


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_the_mjcf_loads_in_plain_mujoco_with_the_same_masses(name: str, tmp_path: Path) -> None:
    design, weights = weighed(name)
    path = write_mjcf(design, body_spec(design, weights), tmp_path)
    assert str(tmp_path) not in path.read_text(encoding="utf-8")
    model = mujoco.MjModel.from_xml_path(str(path))
    for link in design.links:
        assert model.body(link.name).mass[0] == pytest.approx(weights[link.name].mass, rel=1e-5)
