"""ironworks robot: what is shown, written and drawn."""

import json
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


def test_an_unknown_view_is_a_fault_with_the_choices() -> None:
    done = RUNNER.invoke(cli.app, ["robot", "render", "quadruped", "--view", "sid"])
    assert isinstance(done.exception, ScenarioFaults)
    assert "side" in str(done.exception)
