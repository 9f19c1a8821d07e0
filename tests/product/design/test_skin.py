"""The skins of the built-in designs and the faults of broken ones."""

import shutil
from pathlib import Path

import pytest

from ironworks.faults import ScenarioFaults
from ironworks.product.design import builtin_designs, read_design
from ironworks.product.design.skin import patches_of


def test_the_humanoid_has_a_skin_from_head_to_shank_and_fingertip() -> None:
    patches = patches_of(read_design("humanoid"))
    assert sum(patch.taxels for patch in patches) >= 500
    links = {patch.link for patch in patches}
    assert {"head", "chest", "pelvis", "left_shank", "right_forearm", "left_hand", "right_little_distal"} <= links
    assert not any("foot" in link or "toe" in link for link in links)


def test_left_comes_before_right_and_both_are_alike() -> None:
    patches = patches_of(read_design("humanoid"))
    names = [patch.name for patch in patches]
    for patch in patches:
        if patch.side < 0.0:
            twin = patches[names.index(patch.name) - 1]
            assert twin.name == patch.name.replace("right_", "left_")
            assert (twin.rows, twin.columns, twin.layer) == (patch.rows, patch.columns, patch.layer)


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_sums_of_coverage_are_exact_where_patches_go_round(name: str) -> None:
    covered: dict[str, float] = {}
    for patch in patches_of(read_design(name)):
        covered[patch.shape] = covered.get(patch.shape, 0.0) + patch.coverage
    assert covered
    assert all(share <= 1.0 + 1e-9 for share in covered.values())


def test_a_design_without_the_table_has_no_skin(tmp_path: Path) -> None:
    shutil.copytree(builtin_designs()["quadruped"], tmp_path / "bare")
    (tmp_path / "bare" / "skin.csv").unlink()
    assert patches_of(read_design(tmp_path / "bare")) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("front_thigh,lr,front_thigh,shell", "front_thigh,lr,front_thigh,shel", "`left_front_thigh.shel` is no shape"),
        ("front_thigh,lr,front_thigh,shell", "front_thigh,,front_thigh,shell", "`front_thigh.shell` is no shape"),
        ("trunk,,trunk,shell", "trunk,,trunk,spine", "does not collide"),
        ("trunk,,trunk,shell,x,0,1", "trunk,,trunk,shell,x,1,0", "is not above low"),
        ("trunk,,trunk,shell,x,0,1,0,360", "trunk,,trunk,shell,x,0,1,360,0", "is not beyond start"),
        ("trunk,,trunk,shell,x,0,1,0,360", "trunk,,trunk,shell,x,0,1,-90,360", "more than once round"),
        ("hind_thigh,lr,hind_thigh,shell", "hind_thigh,lr,front_thigh,shell", "is covered more than once"),
        ("hind_thigh,lr,hind_thigh,shell,z,0,1,0,360,5,6,0.004", "other,lr,front_thigh,shell,z,0,1,0,360,5,6,0.005",
         "another layer"),
        ("trunk,,trunk,shell,x,0,1,0,360,8,12,0.004", "trunk,,trunk,shell,x,0,1,0,360,8,12,0", "out of range"),
        ("0.05,assumed,assumption", "0.05,guessed,assumption", "is not a choice"),
        ("0.05,assumed,assumption", "0.05,assumed,", "is empty"),
    ],
)  # fmt: skip
def test_a_broken_skin_names_line_and_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(builtin_designs()["quadruped"], tmp_path / "design")
    table = tmp_path / "design" / "skin.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        patches_of(read_design(tmp_path / "design"))
    fault = next(fault for fault in caught.value.faults if said in fault.problem)
    assert fault.file == "skin.csv"
    assert fault.line > 1
    assert fault.mend or fault.choices
