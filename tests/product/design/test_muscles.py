"""The humanoid's muscles as a table, and the faults of broken ones."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from ironworks.faults import ScenarioFaults
from ironworks.product.design import Design, Muscle, builtin_designs, muscles_of, read_design


@pytest.fixture(scope="module")
def humanoid() -> Design:
    return read_design("humanoid")


@pytest.fixture(scope="module")
def muscles(humanoid: Design) -> dict[str, Muscle]:
    return {muscle.name: muscle for muscle in muscles_of(humanoid)}


def test_spine_and_girdle_are_pulled_by_pairs_with_one_motor_each(humanoid: Design, muscles: dict[str, Muscle]) -> None:
    pulled = [muscle.motor for muscle in muscles.values()]
    spine = {"lumbar_roll", "lumbar_pitch", "thoracic_roll", "thoracic_pitch"}
    girdle = {f"{side}_girdle_{way}" for side in ("left", "right") for way in ("elevation", "protraction")}
    assert {name: pulled.count(name) for name in set(pulled)} == dict.fromkeys(spine | girdle, 2)
    drives = {joint.name: joint.drive for joint in humanoid.joints if joint.drive is not None}
    assert len(drives) == 72
    assert {drives[name].name for name in pulled} == {"screw_small"}


def test_left_and_right_mirror_one_another(muscles: dict[str, Muscle]) -> None:
    lefts = [name for name in muscles if name.startswith("left_")]
    assert len(lefts) == 6
    for name in lefts:
        one, other = muscles[name], muscles["right_" + name.removeprefix("left_")]
        assert (one.force, one.speed) == (other.force, other.speed)
        for ours, theirs in zip(one.path, other.path, strict=True):
            assert theirs.link == ours.link.replace("left_", "right_")
            np.testing.assert_allclose(theirs.point, ours.point * (1.0, -1.0, 1.0), atol=1e-15)


def test_waypoints_move_with_the_stature(muscles: dict[str, Muscle]) -> None:
    short = {muscle.name: muscle for muscle in muscles_of(read_design("humanoid", {"stature": 1.6}))}
    drop = muscles["left_girdle_elevator"].path[0].point - short["left_girdle_elevator"].path[0].point
    np.testing.assert_allclose(drop, [0.0, 0.0, 0.288 * 0.18], atol=1e-12)


def test_a_design_without_the_table_has_no_muscles() -> None:
    assert muscles_of(read_design("quadruped")) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lr,lumbar_roll,", "lr,lumber_roll,", "`lumber_roll` is no driven joint"),
        ("lr,lumbar_roll,", "lr,left_toe,", "`left_toe` is no driven joint"),
        ("scapula:0:0.12:0.03", "scapola:0:0.12:0.03", "`scapola` is no link"),
        ("scapula:0:0.12:0.03", "scapula:0:0.12", "`scapula:0:0.12` is not a waypoint"),
        ("scapula:0:0.12:0.03", "chest:0:0.12:0.03", "the path stays on one link"),
        ("0.288*stature-0.2776", "0.288*statuer-0.2776", "`statuer` is no parameter"),
        ("0.288*stature-0.2776", "0.288*-", "0.288*-`"),
        (",2130,", ",-2130,", "out of range"),
        ("0.61,0.004,0.005", "0.61,0.004,0.04", "out of range"),
        ("0.61,0.004,0.005,0.75,1,", "0.61,0.004,0.005,1,0.75,", "is not above shortest"),
        (
            "lumbar_flexor,,lumbar_pitch",
            "lumbar_flexor,,lumbar_yaw",
            "is alone at `lumbar_yaw`, and a tendon cannot push",
        ),
        ("lumbar_flexor,,lumbar_pitch", "lumbar_flexor,,neck_yaw", "the path does not cross `neck_yaw`"),
    ],
)
def test_a_broken_table_names_line_and_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "humanoid"
    shutil.copytree(builtin_designs()["humanoid"], folder)
    table = folder / "muscles.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        muscles_of(read_design(folder))
    fault = next(fault for fault in caught.value.faults if said in fault.problem)
    assert fault.file == "muscles.csv"
    assert fault.line > 1
    assert fault.mend
