"""ironworks robot: what is shown, written and drawn."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import mujoco
import numpy as np
import pytest
from matplotlib.image import imread
from typer.testing import CliRunner

from ironworks import cli
from ironworks.faults import ScenarioFaults
from ironworks.product.design import builtin_designs

RUNNER = CliRunner()


@pytest.mark.parametrize(("name", "said"), [("humanoid", "82 DoF, 72 motors"), ("quadruped", "12 DoF, 12 motors")])
def test_show_gives_degrees_of_freedom_mass_and_cost(name: str, said: str) -> None:
    done = RUNNER.invoke(cli.app, ["robot", "show", name])
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert "kg" in done.output
    assert "yuan of material" in done.output


def test_list_names_every_built_in_design() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "list"])
    assert all(name in done.output for name in builtin_designs())


def test_export_writes_models_meshes_and_parts_that_belong_together(tmp_path: Path) -> None:
    out = tmp_path / "robot"
    done = RUNNER.invoke(cli.app, ["robot", "export", "quadruped", "--out", str(out)])
    assert done.exit_code == 0, done.output
    model = mujoco.MjModel.from_xml_path(str(out / "quadruped.xml"))
    summary = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert model.body_mass.sum() == pytest.approx(summary["mass_kg"], rel=1e-5)
    rows = (out / "parts.csv").read_text(encoding="utf-8").splitlines()
    masses = [float(row.split(",")[3]) for row in rows[1:]]
    assert sum(masses) == pytest.approx(summary["mass_kg"], rel=1e-6)
    assert (out / "quadruped.urdf").exists()


def test_export_leaves_a_folder_of_something_else_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    done = RUNNER.invoke(cli.app, ["robot", "export", "quadruped", "--out", str(tmp_path)])
    assert isinstance(done.exception, FileExistsError)
    assert (tmp_path / "mine.txt").read_text() == "x"


def test_render_draws_a_robot_before_a_background(tmp_path: Path) -> None:
    out = tmp_path / "robot.png"
    done = RUNNER.invoke(
        cli.app, ["robot", "render", "quadruped", "--out", str(out), "--width", "320", "--height", "240"]
    )
    if done.exit_code == 1:
        pytest.skip(f"cannot draw here: {done.output}")
    image = imread(out)
    assert image.shape[:2] == (240, 320)
    assert np.std(image[60:200, 80:240, :3]) > 0.1
    assert [path.name for path in tmp_path.iterdir()] == ["robot.png"]


@pytest.mark.parametrize(("command", "suffix"), [("render", ".png"), ("pairs", ".csv")])
@pytest.mark.parametrize("given", ["", "x.jpg", "mine.txt"])
def test_what_is_written_says_so_in_its_name(command: str, suffix: str, given: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    done = RUNNER.invoke(cli.app, ["robot", command, "quadruped", "--out", str(tmp_path / given)])
    assert isinstance(done.exception, ScenarioFaults)
    (fault,) = done.exception.faults
    assert fault.key == str(tmp_path / given)
    assert suffix in fault.mend
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_pairs_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    out = tmp_path / "missing" / "p.csv"
    done = RUNNER.invoke(cli.app, ["robot", "pairs", "quadruped", "--postures", "2", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text().startswith("one,other,share\n")
    assert [path.name for path in out.parent.iterdir()] == ["p.csv"]


def test_a_file_in_the_way_is_told_of_by_the_path_that_was_given(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    out = tmp_path / "file" / "p.csv"
    done = RUNNER.invoke(cli.app, ["robot", "pairs", "quadruped", "--postures", "2", "--out", str(out)])
    assert isinstance(done.exception, OSError)
    assert done.exception.filename == str(out)


@pytest.mark.parametrize("seed", ["-1", str(2**63)])
@pytest.mark.parametrize("command", [["robot", "pairs"], ["run"], ["accept"], ["compare", "tiny", "tiny"]])
def test_a_seed_out_of_range_is_refused(command: list[str], seed: str) -> None:
    done = RUNNER.invoke(cli.app, [*command, "--seed", seed])
    assert done.exit_code == 2
    assert "--seed" in done.output


@pytest.mark.parametrize("design", sorted(builtin_designs()))
def test_a_row_is_a_line_on_a_screen_of_80_columns(design: str) -> None:
    done = RUNNER.invoke(cli.app, ["robot", "show", design], env={"COLUMNS": "80"})
    lines = done.output.splitlines()
    broken = [line for line in lines if line.startswith("   ")]
    assert not broken
    assert max(map(len, lines)) <= 80


def test_an_unknown_view_is_a_fault_with_the_choices() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "render", "quadruped", "--view", "sid"])
    assert isinstance(done.exception, ScenarioFaults)
    assert "side" in str(done.exception)


def test_the_face_of_a_design_without_one_is_a_fault(tmp_path: Path) -> None:
    folder = tmp_path / "blank"
    shutil.copytree(builtin_designs()["quadruped"], folder)
    file = folder / "design.toml"
    file.write_text(file.read_text(encoding="utf-8").split("[face]")[0], encoding="utf-8")
    done = RUNNER.invoke(cli.app, ["robot", "render", str(folder), "--view", "face"])
    assert isinstance(done.exception, ScenarioFaults)
    assert "[face]" in str(done.exception)


def test_view_without_its_extra_names_the_extra_and_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ironworks.robot.view", raising=False)
    monkeypatch.setitem(sys.modules, "viser", None)
    done = RUNNER.invoke(cli.app, ["robot", "view", "quadruped", "--no-browser"])
    assert done.exit_code == 1
    assert "pip install 'ironworks[view]'" in done.output


def test_view_says_its_address_and_ends_with_an_interruption() -> None:
    pytest.importorskip("viser", reason="the viewer's extra is not installed: pip install 'ironworks[view]'")
    arguments = [
        sys.executable,
        "-u",
        "-m",
        "ironworks",
        "robot",
        "view",
        "quadruped",
        "--no-browser",
        "--port",
        "8930",
    ]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as viewer:
        assert viewer.stdout is not None
        said = next(line for line in viewer.stdout if "Ctrl-C" in line)
        viewer.send_signal(signal.SIGINT)
        assert viewer.wait(timeout=20.0) == 0
    assert "http://127.0.0.1:89" in said
