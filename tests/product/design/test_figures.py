"""The electrical tables of designs: what they give, and the faults of broken ones."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from ironworks.faults import ScenarioFaults
from ironworks.product.battery.pack import Pack
from ironworks.product.battery.read import pack_of
from ironworks.product.compute.read import computer_of, workloads_of
from ironworks.product.design import builtin_designs, read_design
from ironworks.product.design.figures import figures_of
from ironworks.product.design.loads import loads_of
from ironworks.scenario import read_scenario


def test_the_humanoid_s_pack_is_the_reference_pack_and_holds_what_the_scenario_says() -> None:
    ours, reference = pack_of(read_design("humanoid")), Pack.nominal()
    assert ours.cell == reference.cell
    assert ours.case == reference.case
    assert (ours.series, ours.parallel) == (reference.series, reference.parallel)
    told = read_scenario("tianhe").figures["A17"]
    assert told.value is not None
    assert ours.energy / 3.6e6 == pytest.approx(told.value, rel=0.05)


def test_the_cells_of_a_battery_weigh_no_more_than_the_battery() -> None:
    for name in ("quadruped", "wheeled"):
        design = read_design(name)
        pack = pack_of(design)
        row = next(
            line for line in (design.folder / "parts.csv").read_text().splitlines() if line.startswith("battery")
        )
        mass = float(row.split(",")[3].removesuffix(" kg"))
        assert 0.6 * mass < pack.cell.mass * pack.series * pack.parallel < mass


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_every_design_has_figures_with_sources_a_pack_a_computer_and_loads(name: str) -> None:
    design = read_design(name)
    for figure in figures_of(design).figures.values():
        assert figure.source
        if figure.kind == "assumed" and figure.id not in ("chips", "case_heat_capacity"):
            assert figure.is_uncertain or figure.id.startswith("cells_in"), figure.id
    pack = pack_of(design)
    assert pack.series * float(pack.cell.open_circuit(np.array(0.5))) == pytest.approx(51.1, abs=0.5)
    computer, workloads = computer_of(design), workloads_of(design)
    assert computer.chips[0].bandwidth.low < computer.chips[0].bandwidth.mode < computer.chips[0].bandwidth.high
    assert workloads[0].deadline == 0.002
    assert len(computer_of(design, 2).chips) == 3
    assert loads_of(design)[0].name == "standing"


def test_what_is_published_of_the_chips_is_no_assumption() -> None:
    figures = figures_of(read_design("humanoid"))
    assert figures.value("chips") == 3
    assert figures.value("chip_peak", "1/s") == 750e12
    assert figures.bounds("chip_bandwidth", "byte/s") == pytest.approx((205e9, 273e9, 400e9))
    assert {key: figures.figures[key].kind for key in ("chips", "chip_peak", "chip_bandwidth")} == {
        "chips": "article",
        "chip_peak": "public",
        "chip_bandwidth": "assumed",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("figures.csv", "cell_capacity,", "cell_capacitance,", "is missing"),
        ("figures.csv", "10,,,A*h", "10,,,kWh", "is no A*s"),
        (
            "figures.csv",
            "-,assumed,assumption; basis in the note,input,14 groups",
            "-,guessed,x,input,14 groups",
            "guessed",
        ),
        ("figures.csv", "in series,14", "in series,14.5", "is no count"),
        ("figures.csv", "4.2,4.15,4.2,V", "4.4,4.15,4.4,V", "highest_voltage"),
        ("cells.csv", "0.5,3.65", "0.5,2.65", "voltage must rise"),
        ("figures.csv", "0.95,0.9,0.98", "1.95,0.9,1.98", "is no efficiency"),
        ("figures.csv", "0.5,0.2,0.85", "1.5,0.2,1.85", "efficiency must lie"),
        ("stages.csv", "detector_size", "detector_sise", "is no figure of the design"),
        ("stages.csv", "perception,detector,encoder", "perception,detector,encodor", "is not a choice"),
        ("stages.csv", "perception,detector", "perceive,detector", "is no workload"),
        ("loads.csv", "180 [120, 300] W", "180 [120, 300] kg", "wants power"),
        ("loads.csv", "standing,,,,", "standing,,5 kg,trunc,", "`trunc` is no link"),
        ("loads.csv", "standing,,,,,", "standing,,,,front_nee:20,", "`front_nee` is no joint"),
        ("loads.csv", "standing,,,,,", "standing,,,,front_knee:20,", "a pose needs a period"),
    ],
)
def test_a_broken_table_names_its_file_and_mend(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    from ironworks.robot.energy import electronics_of

    folder = tmp_path / "design"
    shutil.copytree(builtin_designs()["quadruped"], folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    design = read_design(folder)
    found = []
    for read in (pack_of, computer_of, workloads_of, loads_of, lambda design: electronics_of(design, 51.0)):
        try:
            read(design)
        except ScenarioFaults as error:
            found += [fault for fault in error.faults if said in fault.problem]
    assert found
    assert all(fault.mend or fault.choices for fault in found)
    assert {fault.file for fault in found} <= {file, "figures.csv"}
