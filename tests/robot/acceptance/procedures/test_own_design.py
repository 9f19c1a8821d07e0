"""Pack and computer are judged by what their own design says of cells, chips and workloads, not by another's."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.robot.acceptance.procedures.seeded import BY_NAME, kind

from ironworks.faults import ScenarioFaults
from ironworks.product.compute.read import computer_of, workloads_of
from ironworks.product.compute.schedule import plan
from ironworks.product.design import read_design
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.battery import pack_as_built
from ironworks.robot.asbuilt import Places, Unit


def changed(folder: Path, file: str, old: str, new: str) -> Specimen:
    """A unit of the quadruped in a folder of its own, with one text of its tables changed."""
    if not folder.exists():
        shutil.copytree(kind("quadruped").design.folder, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return replace(kind("quadruped").specimen(3), design=read_design(folder))


def with_chips(specimen: Specimen, cells: int, chips: int) -> Specimen:
    """An ideal unit of the same design with other counts of cells and chips."""
    return replace(specimen, unit=Unit.nominal(Places.of(specimen.design, cells=cells, chips=chips), 3))


def run(name: str, specimen: Specimen) -> dict[str, Readings]:
    return dict(BY_NAME[name].run(specimen))


@pytest.mark.parametrize("name", ["humanoid", "quadruped", "wheeled"])
def test_slack_is_that_of_the_designs_own_plan(name: str) -> None:
    design = kind(name).design
    one = kind(name).specimen(3)
    schedule = plan(computer_of(design), workloads_of(design), "mode")
    least = min(1.0 - response.response / response.deadline for response in schedule.responses)
    found = run("compute_deadlines", replace(one, unit=Unit.nominal(one.unit.places, 3)))["slack"]
    np.testing.assert_allclose(found.true, 100.0 * least)


def test_heavier_workloads_leave_less_slack_to_the_same_unit(tmp_path: Path) -> None:
    before = run("compute_deadlines", kind("quadruped").specimen(3))["slack"]
    after = run("compute_deadlines", changed(tmp_path / "dog", "workloads.csv", "perception,30", "perception,60"))
    assert after["slack"].true < before.true - 1.0


def test_two_designs_with_as_many_chips_do_not_share_a_plan() -> None:
    dog, cart = (with_chips(kind(name).specimen(3), 0, 2) for name in ("quadruped", "wheeled"))
    assert run("compute_deadlines", dog)["slack"].true != run("compute_deadlines", cart)["slack"].true


def test_a_unit_with_another_number_of_chips_is_planned_anew() -> None:
    one = kind("wheeled").specimen(3)
    for chips in (1, 2):
        found = run("compute_deadlines", with_chips(one, 0, chips))
        assert found["chip_speed"].places == tuple(f"chip_{i}" for i in range(chips))
        np.testing.assert_allclose(found["chip_speed"].true, 0.0, atol=1e-9)


def test_chips_that_have_nothing_to_do_are_not_timed(tmp_path: Path) -> None:
    folder = tmp_path / "dog"
    shutil.copytree(kind("quadruped").design.folder, folder)
    for file in ("workloads.csv", "stages.csv"):
        lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("perception")]
        (folder / file).write_text("".join(kept), encoding="utf-8")
    found = run("compute_deadlines", replace(kind("quadruped").specimen(3), design=read_design(folder)))
    assert not any(one.places for one in found.values())


def test_cells_are_those_of_the_design(tmp_path: Path) -> None:
    one = changed(tmp_path / "dog", "figures.csv", "cell_capacity,Charge of a cell,10,", "cell_capacity,Charge,5,")
    pack, usual = pack_as_built(one), pack_as_built(kind("quadruped").specimen(3))
    assert pack is not None
    assert usual is not None
    assert pack.cell.capacity == usual.cell.capacity / 2.0
    assert (usual.series, usual.parallel) == (14, 1)
    # At one hourly rate the voltage of half a cell falls half as far: the weakest group costs another share.
    small, large = (run("battery_capacity", each) for each in (one, kind("quadruped").specimen(3)))
    np.testing.assert_allclose(small["cell_capacity"].true, large["cell_capacity"].true)
    assert abs(small["pack_capacity"].true - large["pack_capacity"].true) > 1e-3


@pytest.mark.parametrize("procedure", ["battery_capacity", "battery_resistance"])
def test_a_unit_without_deviations_shows_none_with_any_cell(tmp_path: Path, procedure: str) -> None:
    changed(tmp_path / "dog", "figures.csv", "cell_capacity,Charge of a cell,10,", "cell_capacity,Charge,4,")
    other = changed(tmp_path / "dog", "figures.csv", "Groups of cells in series,14,", "Groups,7,")
    for one in run(procedure, with_chips(other, 14, 0)).values():
        np.testing.assert_allclose(one.true, 0.0, atol=1e-9)
        np.testing.assert_allclose(one.values, 0.0, atol=4.0)


def test_cells_that_do_not_fill_the_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="15 cells do not fill the 14 groups"):
        run("battery_capacity", with_chips(kind("quadruped").specimen(3), 15, 0))


def test_a_design_that_says_nothing_of_its_cells_cannot_be_tested(tmp_path: Path) -> None:
    shutil.copytree(kind("quadruped").design.folder, tmp_path / "dog")
    (tmp_path / "dog" / "cells.csv").unlink()
    one = replace(kind("quadruped").specimen(3), design=read_design(tmp_path / "dog"))
    with pytest.raises(ScenarioFaults, match=r"cells\.csv"):
        run("battery_resistance", one)
