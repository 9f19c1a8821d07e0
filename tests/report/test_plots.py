"""Each plot draws what it is given, on the axes that it is given, with a unit."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ironworks.factory.balance import Assignment, LineInstance
from ironworks.factory.flow.result import State
from ironworks.report.plots.arrows import plot_arrows
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.beliefs import plot_beliefs
from ironworks.report.plots.elasticity import plot_elasticities
from ironworks.report.plots.fan import plot_fan, quantiles
from ironworks.report.plots.first_pass import plot_first_pass
from ironworks.report.plots.front import plot_front
from ironworks.report.plots.goal import plot_goal
from ironworks.report.plots.line_loads import plot_line_loads
from ironworks.report.plots.milestones import plot_milestones
from ironworks.report.plots.orders import plot_orders
from ironworks.report.plots.owners import plot_owners
from ironworks.report.plots.people import plot_people
from ironworks.report.plots.precedence import plot_precedence
from ironworks.report.plots.ramp import Goal, plot_ramp
from ironworks.report.plots.scales import plot_scales
from ironworks.report.plots.stack import plot_stack
from ironworks.report.plots.states import plot_state_bars, plot_states
from ironworks.report.plots.stock import plot_stock
from ironworks.report.plots.theme import STACKING, STATE_COLOURS, dates_of
from ironworks.report.plots.waterfall import plot_waterfall
from ironworks.report.plots.yields import plot_yields

EDGES = dates_of("2027-01-04", np.arange(11) * 604_800.0)
VALUES = np.arange(40.0).reshape(4, 10)
STATES = np.random.default_rng(2).random((10, 10))
NAMES = ["bench", "stand", "packing"]
THREE = np.array([0.2, 0.5, 0.9])

ASSIGNMENT = Assignment(LineInstance(np.array([3, 4, 5]), ((0, 1), (0, 2))), 9, np.array([0, 0, 1]))

DRAWINGS = {
    "line_loads": lambda ax: plot_line_loads(ASSIGNMENT, "seconds", ax),
    "precedence": lambda ax: plot_precedence(ASSIGNMENT, ax),
    "fan": lambda ax: plot_fan(EDGES[1:], VALUES, "robots per week", ax),
    "ramp": lambda ax: plot_ramp(EDGES[1:], VALUES, VALUES / 2, [Goal(EDGES[5], 1e6, "a million")], ax=ax),
    "goal": lambda ax: plot_goal(VALUES[:, 3], VALUES[:, 3] > 10, 10.0, "robots", ax),
    "goal dates": lambda ax: plot_goal(EDGES[:4], np.array([True, True, False, False]), EDGES[2], "", ax),
    "milestones": lambda ax: plot_milestones([1, 10], EDGES[:2], EDGES[2:4], EDGES[4:6], EDGES[[0, -1]], ax),
    "elasticity": lambda ax: plot_elasticities(NAMES, ["2027"], THREE[:, None], THREE[:, None], THREE[:, None], ax),
    "arrows": lambda ax: plot_arrows(EDGES, STATES[:, :3], NAMES, ax),
    "owners": lambda ax: plot_owners(NAMES, THREE / 3, THREE / 4, ax),
    "states": lambda ax: plot_states(EDGES, STATES, ax, "bench"),
    "state bars": lambda ax: plot_state_bars(NAMES, STATES[:3], ax),
    "yields": lambda ax: plot_yields(EDGES[1:], {"test": np.linspace(0.7, 0.9, 10)}, np.linspace(0.6, 0.8, 10), ax),
    "bars": lambda ax: plot_bars(NAMES, THREE, "days short", ax, THREE - 0.1, THREE + 0.1),
    "stock": lambda ax: plot_stock(EDGES, VALUES, np.linspace(0, 1, 10), "pieces on hand", ax, "motor"),
    "people": lambda ax: plot_people(EDGES, VALUES, np.full(10, 20.0), ax, "assembler"),
    "front": lambda ax: plot_front(
        THREE, THREE, [0, 2], "million yuan", ax, wanted=0.9, hand=(0.4, 0.3), chosen=(0.9, 0.9, 0.85, 0.95)
    ),
    "waterfall": lambda ax: plot_waterfall(NAMES, THREE, "million yuan", ax, total="spent"),
    "stack": lambda ax: plot_stack(["2027", "2028", "2029"], {"people": THREE, "energy": THREE}, "yuan per robot", ax),
    "orders": lambda ax: plot_orders(
        NAMES, ["equipment", "part", "people"], EDGES[:3], EDGES[4:7], [True, False, False], EDGES[1], ax
    ),
    "first pass": lambda ax: plot_first_pass(NAMES, THREE, THREE - 0.1, THREE + 0.05, ax, (0.1, 0.05, 0.2)),
    "scales": lambda ax: plot_scales({"robot": ([0.5, 1, 2], THREE, THREE - 0.1, THREE + 0.1)}, 4.0, 0.7, ax),
    "beliefs": lambda ax: plot_beliefs(NAMES, THREE, THREE - 0.3, THREE + 0.1, THREE > 0.4, ax),
}


@pytest.fixture
def ax() -> Axes:
    return Figure(layout="constrained").add_subplot()


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_plot_draws_on_the_axes_that_it_is_given(name: str, ax: Axes) -> None:
    assert DRAWINGS[name](ax) is ax
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert ax.has_data()


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_plot_makes_its_own_axes_where_none_are_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpl, "rcParams", mpl.rcParams)
    mpl.use("Agg")
    assert DRAWINGS[name](None).has_data()
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize(("name", "unit"), [("fan", "robots per week"), ("stack", "yuan per robot")])
def test_the_unit_stands_over_the_axis(name: str, unit: str, ax: Axes) -> None:
    assert DRAWINGS[name](ax).get_title(loc="left") == unit


@pytest.mark.parametrize(("name", "unit"), [("stock", "pieces on hand"), ("people", "people on shift")])
def test_a_named_panel_keeps_its_unit(name: str, unit: str, ax: Axes) -> None:
    DRAWINGS[name](ax)
    assert ax.get_title(loc="right") == unit
    assert ax.get_title(loc="left") in ("motor", "assembler")


def test_the_fans_line_is_the_median_and_its_band_goes_from_p10_to_p90(ax: Axes) -> None:
    plot_fan(EDGES[1:], VALUES, "robots", ax)
    assert np.allclose(ax.lines[0].get_ydata(), np.median(VALUES, axis=0))
    box = ax.collections[0].get_paths()[0].vertices
    assert box[:, 1].min() == pytest.approx(np.quantile(VALUES[:, 0], 0.1))
    assert box[:, 1].max() == pytest.approx(np.quantile(VALUES[:, -1], 0.9))


def test_quantiles_leave_out_what_is_not_there() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan]])
    low, middle, high = quantiles(values)
    assert middle[0] == 2.0
    assert np.isnan([low[1], middle[1], high[1]]).all()


def test_a_target_above_the_paper_is_marked_and_does_not_flatten_the_ramp(ax: Axes) -> None:
    plot_ramp(EDGES[1:], VALUES, None, [Goal(EDGES[5], 1e6, "a million")], ax=ax)
    assert ax.get_ylim()[1] < 100
    assert any("off the scale" in text.get_text() for text in ax.texts)


def test_states_are_stacked_to_the_whole_and_coloured_as_everywhere(ax: Axes) -> None:
    plot_states(EDGES, STATES, ax)
    assert ax.get_ylim() == (0, 1)
    top = ax.collections[-1].get_paths()[0].vertices[:, 1].max()
    assert top == pytest.approx(1.0)
    drawn = [mpl.colors.to_hex(collection.get_facecolor()[0]) for collection in ax.collections]
    assert drawn == [STATE_COLOURS[state] for state in STACKING]


def test_every_dot_is_a_replication(ax: Axes) -> None:
    values = np.array([1.0, 1.0, 5.0, np.nan])
    plot_goal(values, np.array([False, False, True, False]), 4.0, "robots", ax)
    assert len(ax.collections[0].get_offsets()) == 3


def test_every_state_has_one_colour() -> None:
    assert set(STATE_COLOURS) == set(State) == set(STACKING)


DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
TRITAN = np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]])


@pytest.mark.parametrize("sight", [np.eye(3), DEUTAN, PROTAN, TRITAN], ids=["usual", "deutan", "protan", "tritan"])
def test_states_are_told_apart_by_colour_blind_readers(sight: np.ndarray) -> None:
    """Matrices of Machado, Oliveira and Fernandes (2009), severity 1; distances in CIELAB (D65)."""
    seen = [_lab(sight @ _linear(colour)) for colour in STATE_COLOURS.values()]
    distances = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
    assert min(distances) > 10


def _linear(colour: str) -> np.ndarray:
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def _lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
