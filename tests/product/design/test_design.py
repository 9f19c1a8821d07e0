"""The built-in designs and the faults of broken ones."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ironworks.faults import ScenarioFaults
from ironworks.product.battery.pack import Pack
from ironworks.product.bom import Bom
from ironworks.product.design import Design, bill_of, builtin_designs, read_design
from ironworks.scenario import read_scenario


@pytest.fixture(scope="module")
def humanoid() -> Design:
    return read_design("humanoid")


def test_the_humanoid_has_82_degrees_of_freedom_and_passive_toes(humanoid: Design) -> None:
    assert humanoid.degrees_of_freedom == 82
    assert {joint.name for joint in humanoid.joints if joint.is_passive} == {"left_toe", "right_toe"}
    count = {
        "legs": ("hip", "knee", "ankle"),
        "spine": ("lumbar", "thoracic"),
        "girdle": ("girdle",),
        "arms": ("shoulder", "elbow", "wrist"),
        "neck": ("neck",),
        "hands": ("thumb", "index", "middle", "ring", "little"),
    }
    names = [joint.name.removeprefix("left_").removeprefix("right_") for joint in humanoid.joints]
    found = {group: sum(name.startswith(starts) for name in names) for group, starts in count.items()}
    assert found == {"legs": 12, "spine": 5, "girdle": 4, "arms": 14, "neck": 3, "hands": 44}


def test_motors_follow_the_coupling_table_and_not_the_degrees_of_freedom(humanoid: Design) -> None:
    families = [joint.drive.family for joint in humanoid.joints if joint.drive]
    counted = {family: families.count(family) for family in sorted(set(families))}
    assert counted == {"linear_roller_screw": 14, "micro_harmonic": 34, "planetary": 6, "rotary_harmonic": 18}


def test_every_part_of_the_bill_is_mounted_once_and_the_links_weigh_the_bill(humanoid: Design) -> None:
    tianhe = read_scenario("tianhe")
    bill = bill_of(humanoid)
    total = sum(mass.mass for mass in humanoid.weigh(bill.masses).values())
    assert total == pytest.approx(Bom.of(tianhe).mass("robot", tianhe.mode()), abs=1e-9)
    assert total == pytest.approx(70.0, abs=1e-9)


def test_left_and_right_mirror_one_another(humanoid: Design) -> None:
    weights = humanoid.weigh(bill_of(humanoid).masses)
    mirror = np.array([1.0, -1.0, 1.0])
    for link in humanoid.links:
        if link.name.startswith("left_"):
            twin = humanoid.by_name["right_" + link.name.removeprefix("left_")]
            np.testing.assert_allclose(twin.origin, link.origin * mirror, atol=1e-15)
            ours, theirs = weights[link.name], weights[twin.name]
            np.testing.assert_allclose(theirs.centre, ours.centre * mirror, atol=1e-9)
            np.testing.assert_allclose(theirs.inertia, ours.inertia * np.outer(mirror, mirror), atol=1e-9)


def test_a_cover_for_the_eye_alone_takes_no_mass(humanoid: Design) -> None:
    masses = bill_of(humanoid).masses
    covered, weights = {link.name for link in humanoid.links if not all(s.weighs for s in link.shapes)}, []
    assert {"left_shank", "left_foot"} <= covered
    for keep in (lambda s: True, lambda s: s.weighs):
        links = tuple(replace(link, shapes=tuple(filter(keep, link.shapes))) for link in humanoid.links)
        weights.append(replace(humanoid, links=links).weigh(masses))
    heavy = tuple(replace(link, shapes=tuple(replace(s, weighs=True) for s in link.shapes)) for link in humanoid.links)
    weights.append(replace(humanoid, links=heavy).weigh(masses))
    for name in covered:
        np.testing.assert_array_equal(weights[0][name].inertia, weights[1][name].inertia)
        assert not np.allclose(weights[0][name].inertia, weights[2][name].inertia, rtol=1e-3)


def test_stature_scales_the_segments_that_follow_from_it() -> None:
    short = read_design("humanoid", {"stature": 1.60})
    assert short.by_name["left_shank"].origin[2] == pytest.approx(-0.245 * 1.60)


def test_inertias_are_those_of_real_bodies() -> None:
    for name in builtin_designs():
        design = read_design(name)
        for link, mass in design.weigh(bill_of(design).masses).items():
            moments = np.linalg.eigvalsh(mass.inertia)
            assert moments[0] > 0.0, link
            assert moments[2] <= moments[0] + moments[1] + 1e-12, link


def test_a_quadruped_and_a_wheeled_robot_are_read_by_the_same_code() -> None:
    assert read_design("quadruped").degrees_of_freedom == 12
    wheels = [joint for joint in read_design("wheeled").joints if joint.name.endswith("wheel")]
    assert all(np.isinf(wheel.high) for wheel in wheels)


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_a_drive_turns_without_load_as_fast_as_the_table_says_on_the_nominal_voltage(name: str) -> None:
    pack = Pack.nominal()
    voltage = pack.series * float(pack.cell.open_circuit(np.array(0.5)))
    for drive in {joint.drive.name: joint.drive for joint in read_design(name).joints if joint.drive}.values():
        assert drive.no_load_speed(voltage) == pytest.approx(drive.speed, rel=0.01), drive.name
        assert drive.most_torque(0.0, voltage) == drive.torque, drive.name
        assert drive.most_torque(drive.speed, voltage) < drive.torque, drive.name


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("drives.csv", ",0.763,", ",0,", "is out of range"),
        ("links.csv", "front_thigh,lr,front_hip", "front_thigh,lr,front_hop", "`front_hop` is no link"),
        ("links.csv", ",leg,front_thigh", ",log,front_thigh", "`log` is no drive"),
        ("links.csv", "-thigh,front_knee", "-thick,front_knee", "`thick` is no parameter"),
        ("links.csv", "-y,35,155", "-y,155,35", "is not above low"),
        ("links.csv", "front_hip,lr,trunk,0.1934", "front_hip,lr,trunk,wide (", "is not"),
        ("shapes.csv", "2.4,skin,yes", "2.4,skim,yes", "`skim` is no material"),
        ("shapes.csv", "z,-0.205:0.017:0.014", "z,-0.205:0.017", "is not a section"),
        ("mounts.csv", "front_hip,hip_frame", "front_hop,hip_frame", "`front_hop` is no link"),
        ("design.toml", "front_knee = 90", "front_nee = 90", "is no joint"),
        ("design.toml", "thigh = 0.213", 'thigh = "long"', "is no number"),
        ("design.toml", "thigh = 0.213", "thigh = = 0.213", "is not TOML"),
        ("design.toml", "rgba = [0.80, 0.78, 0.76, 1.0]", "rgba = 3", "is no colour"),
        ("mounts.csv", "front_thigh,thigh_frame,2", "front_thigh,thigh_frame,0", "has no pieces"),
        ("shapes.csv", "-shank,0.022,0.022,0.022", "-shank,0.022,0,0.022", "needs sizes above 0"),
        ("links.csv", "front_hip,lr,trunk", "front_hip,lr,", "have not one root alone"),
        ("drives.csv", "leg,planetary", "leg,planetery", "is not a choice"),
    ],
)
def test_a_broken_design_names_file_and_mend(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "design"
    shutil.copytree(builtin_designs()["quadruped"], folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        read_design(folder)
    fault = next(fault for fault in caught.value.faults if said in fault.problem)
    assert fault.file == file
    assert fault.mend


def test_a_part_that_is_mounted_twice_is_a_fault_of_the_bill(tmp_path: Path) -> None:
    folder = tmp_path / "humanoid"
    shutil.copytree(builtin_designs()["humanoid"], folder)
    mounts = folder / "mounts.csv"
    mounts.write_text(mounts.read_text(encoding="utf-8") + "head,imu,1,,,,,,\n", encoding="utf-8")
    with pytest.raises(ScenarioFaults, match="the design has 3, the bill of tianhe 2"):
        bill_of(read_design(folder))


def test_the_bill_of_another_design_is_one_fault() -> None:
    with pytest.raises(ScenarioFaults) as caught:
        bill_of(read_design("quadruped"), "tianhe")
    (fault,) = caught.value.faults
    assert fault.file == "tianhe"
    assert "builds another design than quadruped" in fault.problem
    assert "parts.csv" in fault.mend


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("leg_motor,Motor", "leg_engine,Motor", "is mounted but has no row"),
        ("250 yuan", "40 USD", "needs figures"),
        ("0.3 kg", "= G01", "needs figures"),
    ],
)
def test_a_design_that_stands_alone_says_what_its_parts_lack(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "design"
    shutil.copytree(builtin_designs()["quadruped"], folder)
    parts = folder / "parts.csv"
    parts.write_text(parts.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioFaults, match=said):
        bill_of(read_design(folder))


def test_a_design_that_does_not_exist_is_a_fault_with_the_choices() -> None:
    with pytest.raises(ScenarioFaults) as caught:
        read_design("humanoit")
    assert "did you mean `humanoid`?" in caught.value.faults[0].mend
