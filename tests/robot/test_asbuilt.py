"""Units as built: the luck of each number is its own, lots bind, gross faults strike, and a unit is a design again."""

import numpy as np
import pytest

from ironworks.faults import ScenarioFaults
from ironworks.product.design import bill_of, read_design
from ironworks.robot.asbuilt import GrossRate, Places, Population, SpreadOf, Unit, as_built, population_of
from ironworks.robot.body import body_spec
from ironworks.scenario import read_scenario

DESIGN = read_design("humanoid")
MASSES = DESIGN.weigh(bill_of(DESIGN).masses)
PLACES = Places.of(DESIGN, cells=8, taxels=["palm"] * 10, chips=3)


def people(*spreads: SpreadOf, rates: tuple[GrossRate, ...] = (), seed: int = 3) -> Population:
    return Population(PLACES, spreads, rates, seed)


def test_a_unit_is_the_same_whoever_asks_and_whatever_was_drawn_before() -> None:
    one = people(SpreadOf("link_length", (), 1e-4), SpreadOf("friction", (), 0.1))
    other = people(SpreadOf("friction", (), 0.1))
    one.unit(4)
    assert np.array_equal(one.unit(7)["friction"], other.unit(7)["friction"])
    assert not np.array_equal(one.unit(7)["friction"], one.unit(8)["friction"])


def test_a_wider_spread_is_the_same_luck_made_larger() -> None:
    plain = people(SpreadOf("zero_offset", (), 0.01))
    assert plain.changed("zero_offset", 3.0).unit(5)["zero_offset"] == pytest.approx(3.0 * plain.unit(5)["zero_offset"])
    assert plain.scaled(2.0).unit(5)["zero_offset"] == pytest.approx(2.0 * plain.unit(5)["zero_offset"])


def test_spreads_have_the_standard_deviation_that_was_asked_for() -> None:
    plain = people(SpreadOf("zero_offset", (), 0.02), SpreadOf("stop_angle", (), 0.01, "uniform"))
    units = [plain.unit(i) for i in range(200)]
    for name, sigma in (("zero_offset", 0.02), ("stop_angle", 0.01)):
        values = np.array([unit.values[name] for unit in units])
        assert values.std() == pytest.approx(sigma, rel=0.02)
        assert abs(values.mean()) < 4.0 * sigma / np.sqrt(values.size)


def test_lots_share_the_part_of_the_variance_that_they_are_given() -> None:
    plain = people(SpreadOf("torque_constant", (), 0.03, lot=0.4, lot_units=10))
    rows = np.array([plain.unit(i)["torque_constant"] for i in range(600)])
    # Joints of one drive come from one lot; lots of two drives have nothing in common.
    parts = np.array(PLACES.parts["joint"])
    drives = sorted(set(parts))
    of_lots = {drive: rows[:, parts == drive].reshape(60, -1).mean(axis=1) for drive in drives}
    own = [(1.0 - 0.4) * 0.03**2 / (10 * (parts == drive).sum()) for drive in drives]
    shared = [of_lots[drive].var() - less for drive, less in zip(drives, own, strict=True)]
    assert np.mean(shared) == pytest.approx(0.4 * 0.03**2, rel=0.2)
    assert abs(np.corrcoef(list(of_lots.values()))[np.triu_indices(len(drives), 1)]).max() < 0.5
    assert rows.std() == pytest.approx(0.03, rel=0.08)
    assert plain.unit(3).lots != plain.unit(13).lots


def test_units_that_lie_apart_share_no_lot() -> None:
    plain = people(
        SpreadOf("torque_constant", (), 0.03, lot=0.4, lot_units=900), SpreadOf("link_mass", (), 0.01, lot=0.3)
    )
    units = [plain.unit(plain.apart(k, first=7)) for k in range(5)]
    assert units[0].serial == 7
    for group in units[0].lots:
        assert len({unit.lots[group] for unit in units}) == 5


def test_the_last_row_that_fits_a_place_decides_its_spread() -> None:
    plain = people(SpreadOf("link_length", (), 1e-4), SpreadOf("link_length", ("hand/",), 3e-5))
    spread = plain.spread("link_length")
    names = PLACES.names["link"]
    assert spread[names.index("left_index_middle")] == 3e-5
    assert spread[names.index("right_forearm")] == 1e-4


def test_gross_faults_come_as_often_as_their_rate_and_change_what_they_say() -> None:
    plain = people(rates=(GrossRate("slipped_encoder", (), 0.01, 0.2),))
    struck = [one for i in range(300) for one in plain.unit(i).gross]
    drives = len(PLACES.names["joint"])
    assert 0.6 < len(struck) / (0.01 * 300 * drives) < 1.4
    unit = next(plain.unit(i) for i in range(300) if plain.unit(i).gross)
    assert unit.at("zero_offset", unit.gross[0].place)[0] == pytest.approx(0.2)
    rarer = plain.scaled(0.5)
    assert all(set(rarer.unit(i).gross) <= set(plain.unit(i).gross) for i in range(100))


def test_a_unit_is_a_design_whose_model_carries_its_deviations() -> None:
    unit = Unit.nominal(PLACES, 1)
    row = PLACES.names["link"].index("left_forearm")
    joint = PLACES.names["joint"].index("left_elbow")
    unit.values["link_length"][row] = [0.0, 0.0, -0.002]
    unit.values["link_mass"][row] = 0.05
    unit.values["friction"][joint] = 0.5
    unit.values["stop_angle"][joint] = [0.01, -0.02]
    built, weights = as_built(DESIGN, MASSES, unit)
    model, plain = body_spec(built, weights).compile(), body_spec(DESIGN, MASSES).compile()
    here, there = model.body("left_forearm"), plain.body("left_forearm")
    assert here.pos - there.pos == pytest.approx([0.0, 0.0, -0.002])
    assert here.mass[0] == pytest.approx(1.05 * there.mass[0])
    dof = model.joint("left_elbow").dofadr[0]
    assert model.dof_frictionloss[dof] == pytest.approx(1.5 * plain.dof_frictionloss[dof])
    limits = model.joint("left_elbow").range - plain.joint("left_elbow").range
    assert limits == pytest.approx([0.01, -0.02])
    assert model.body("right_forearm").mass == plain.body("right_forearm").mass


def test_a_row_that_fits_no_place_of_the_design_is_a_fault() -> None:
    with pytest.raises(ScenarioFaults, match=r"sole_height/foot\.of: fits no link"):
        population_of(read_scenario("tianhe"), Places.of(read_design("quadruped")))


def test_a_scenario_without_spreads_is_a_fault() -> None:
    with pytest.raises(ScenarioFaults, match=r"spreads\.csv"):
        population_of(read_scenario("tiny"), PLACES)
