"""ironworks robot power and compute: watts, hours, deadlines, and broken tables."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ironworks import cli
from ironworks.faults import ScenarioFaults
from ironworks.product.design import builtin_designs

RUNNER = CliRunner()
WIDE = {"COLUMNS": "200"}


def test_power_gives_loads_groups_hours_and_the_limit() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "power", "quadruped"], env=WIDE)
    assert done.exit_code == 0, done.output
    row = next(line.split() for line in done.output.splitlines() if line.strip().startswith("standing  "))
    motors, chips, rest, whole, peak, cold, mild, hot = (float(cell) for cell in row[1:9])
    assert motors + chips + rest == pytest.approx(whole, abs=1.5)
    assert peak >= whole
    assert 0.0 < cold < mild < hot
    # 0.51 kWh of chemical energy, of which a few percent stay or become heat.
    assert 0.85 * 512.0 < whole * mild < 512.0
    assert "cut-off" in done.output
    assert "trotting: 180 W is assumed" in done.output
    assert "front hip" in done.output
    assert "nearest to its limit" in done.output


def test_compute_shows_three_cases_and_what_would_help() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "compute", "humanoid"], env=WIDE)
    assert done.exit_code == 0, done.output
    assert "fast: every deadline is met" in done.output
    assert "mode: every deadline is met" in done.output
    assert "slow: deadlines are missed" in done.output
    assert "no bound: 129 % of a chip" in done.output
    assert "VLT 5 Hz to 3.33 Hz; VLM 2 Hz to 1.82 Hz): meets every deadline" in done.output


def test_a_single_chip_is_late_by_so_many_milliseconds_and_another_helps() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "compute", "humanoid", "--chips", "1"], env=WIDE)
    assert done.exit_code == 0, done.output
    mode = done.output.partition("mode:")[2].partition("slow:")[0]
    row = next(line.split() for line in mode.splitlines() if line.strip().startswith("perception  "))
    response, deadline, late = (float(cell) for cell in row[2:5])
    assert late == pytest.approx(response - deadline, abs=0.1)
    assert "chip (one more accelerator): meets every deadline" in mode


def test_a_design_without_a_computer_is_told_what_it_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "design"
    shutil.copytree(builtin_designs()["quadruped"], folder)
    (folder / "figures.csv").unlink()
    done = RUNNER.invoke(cli.app, ["robot", "compute", str(folder)])
    assert isinstance(done.exception, ScenarioFaults)
    assert any(fault.key == "chip_peak" and "add a figure" in fault.mend for fault in done.exception.faults)
