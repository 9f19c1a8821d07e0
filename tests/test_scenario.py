"""A good scenario: rows, draws, overrides, variants."""

import pickle
import time
from pathlib import Path

import pytest

from ironworks.faults import ScenarioFaults
from ironworks.scenario import builtin_scenarios, read_scenario, scenario_path

from .broken import appended, copy_of_tiny, replaced

WEEK = 7 * 86400.0


def test_rows_are_typed() -> None:
    tiny = read_scenario("tiny")
    assert [operation.operation for operation in tiny.operations] == ["assemble", "test", "pack"]
    assert tiny.operations[0].consumes == (("motor", 6.0),)
    assert tiny.calendars[0].breaks == ((12 * 3600, 13 * 3600),)
    assert tiny.routes[0].until is None
    assert tiny.table("operations") is tiny.operations


def test_mode_is_every_figure_at_its_value_in_si() -> None:
    tiny = read_scenario("tiny")
    mode = tiny.mode()
    assert mode(tiny.operations[0].time) == 3 * 3600.0
    assert mode(tiny.operations[1].time) == 30 * 60.0
    assert mode(tiny.parts[0].mass) == 8.0
    assert mode(tiny.programme[0].rate) == pytest.approx(10 / WEEK)
    assert mode(tiny.learning[0].rate) == pytest.approx(0.85)
    assert mode(tiny.stations[1].power) == 2000.0
    assert mode(tiny.settings.money.energy_flat) == pytest.approx(0.65 / 3.6e6)
    assert mode(tiny.skills[0].attrition) == pytest.approx(0.2 / (365.25 * 86400.0))


def test_a_column_left_empty_has_its_documented_default() -> None:
    tiny = read_scenario("tiny")
    assert tiny.mode()(tiny.operations[1].cv) == 0.15
    assert tiny.mode()(tiny.operations[0].travel) == 0.0


def test_draws_stay_in_bounds_and_repeat() -> None:
    tiny = read_scenario("tiny")
    times = [tiny.draw(1, n)(tiny.operations[0].time) for n in range(200)]
    assert min(times) >= 2.5 * 3600.0
    assert max(times) <= 4.0 * 3600.0
    assert len(set(times)) == 200
    assert times == [tiny.draw(1, n)(tiny.operations[0].time) for n in range(200)]
    assert tiny.draw(2, 0).values != tiny.draw(1, 0).values


def test_adding_a_figure_leaves_other_draws_alone(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    before = read_scenario(folder).draw(1, 7).values
    appended(folder / "figures.csv", "extra,Something new,5,1,9,min,assumed,a guess,input,pert,learning,")
    after = read_scenario(folder).draw(1, 7).values
    assert {name: after[name] for name in before} == dict(before)
    assert 60.0 < after["extra"] < 540.0


def test_a_range_in_a_cell_is_a_figure_of_its_own() -> None:
    tiny = read_scenario("tiny")
    figure = tiny.literals["supply.motor_maker/2027-01-04.ceiling"]
    assert (figure.low, figure.value, figure.high, figure.unit) == (180.0, 240.0, 300.0, "unit/week")
    assert figure.is_uncertain
    assert figure in list(tiny.all_figures())


def test_with_values_sets_single_figures() -> None:
    tiny = read_scenario("tiny")
    changed = tiny.with_values(tiny.mode(), {"assemble_time": 60.0})
    assert changed(tiny.operations[0].time) == 60.0
    assert changed(tiny.parts[1].lead_time) == tiny.mode()(tiny.parts[1].lead_time)


def test_overrides_change_cells_figures_and_settings() -> None:
    tiny = read_scenario(
        "tiny",
        {
            "stations.stand.places": "2",
            "figure.motor_lead": "6 [5, 8] week",
            "run.replications": "7",
            "parts.motor.cost": "310 yuan",
        },
    )
    assert tiny.stations[1].places == 2
    assert (tiny.figures["motor_lead"].low, tiny.figures["motor_lead"].high) == (5.0, 8.0)
    assert tiny.settings.run.replications == 7
    assert tiny.literals["parts.motor.cost"].source == "set by --set"


def test_a_figure_set_without_a_range_is_certain() -> None:
    tiny = read_scenario("tiny", {"figure.assemble_time": "2"})
    assert tiny.draw(1, 0).values["assemble_time"] == 7200.0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("90 min", 5400.0), ("90min", 5400.0), ("2", 7200.0), ("1.5e0 h", 5400.0), ("2 [1, 3]", 7200.0)],
)
def test_a_figure_is_set_with_or_without_unit_and_range(text: str, wanted: float) -> None:
    assert read_scenario("tiny", {"figure.assemble_time": text}).mode().values["assemble_time"] == wanted


def test_variants_are_overrides_with_a_name() -> None:
    assert read_scenario("tiny", variant="two_stands").stations[1].places == 2
    with pytest.raises(ScenarioFaults, match="did you mean `two_stands`"):
        read_scenario("tiny", variant="two_stand")


def test_a_wrong_value_in_an_override_is_said_with_its_key() -> None:
    with pytest.raises(ScenarioFaults, match=r"--set: stations.stand.places: `two` is not a whole number"):
        read_scenario("tiny", {"stations.stand.places": "two"})


def test_money_is_converted_by_the_exchange_rate(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "parts.csv", "300 yuan", "40 USD")
    appended(folder / "figures.csv", "fx_usd_yuan,Yuan for a dollar,7.1,6.5,7.5,yuan/USD,public,a bank,input,pert,,")
    scenario = read_scenario(folder)
    assert scenario.mode()(scenario.parts[1].cost) == pytest.approx(284.0)
    draw = scenario.draw(1, 0)
    assert draw(scenario.parts[1].cost) == pytest.approx(40 * draw.values["fx_usd_yuan"])


def test_a_figure_in_another_currency_is_converted_where_it_is_read(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "parts.csv", "300 yuan", "= motor_price * 2")
    appended(folder / "figures.csv", "motor_price,Price of a motor,20,,,USD,public,a shop,input,,,")
    appended(folder / "figures.csv", "fx_yuan_usd,Dollars for a yuan,0.125,,,USD/yuan,public,a bank,input,,,")
    scenario = read_scenario(folder)
    assert scenario.mode()(scenario.parts[1].cost) == pytest.approx(320.0)


def test_a_formula_that_may_leave_its_range_warns_and_stops_when_it_does(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "parts.csv", "= motor_yield", "= motor_yield * 1.01")
    scenario = read_scenario(folder)
    assert any("may leave its range" in warning.problem for warning in scenario.warnings)
    high = scenario.with_values(scenario.mode(), {"motor_yield": 0.995})
    with pytest.raises(ScenarioFaults, match=r"parts.motor.incoming_yield.*keep it more than 0 and at most 1"):
        high(scenario.parts[1].incoming_yield)


def test_working_hours_over_the_legal_limit_are_a_warning(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "calendars.csv", "mon-fri,08:00,17:00", "mon-sat,08:00,18:00")
    warnings = [str(warning) for warning in read_scenario(folder).warnings]
    assert any(
        "calendars.csv:2" in warning and "54.0 hours a week are over the legal 40" in warning for warning in warnings
    )


def test_a_scenario_travels_to_other_processes() -> None:
    tiny = read_scenario("tiny")
    tiny.draw(1, 0)
    copy = pickle.loads(pickle.dumps(tiny))  # noqa: S301 - our own bytes
    assert copy.draw(1, 3).values == tiny.draw(1, 3).values
    assert copy.draw(1, 3)(copy.operations[0].time) == tiny.draw(1, 3)(tiny.operations[0].time)


def test_built_in_scenarios_are_found_by_name() -> None:
    assert {"tiny", "tianhe", "botq"} <= set(builtin_scenarios())
    assert scenario_path("./tiny") == Path("tiny")


@pytest.mark.parametrize("name", sorted(builtin_scenarios()))
def test_built_in_scenarios_are_sound_in_every_variant(name: str) -> None:
    scenario = read_scenario(name)
    for variant in {row.variant for row in scenario.variants}:
        read_scenario(name, variant=variant)


def test_the_largest_scenario_is_read_and_drawn_quickly() -> None:
    started = time.process_time()
    scenario = read_scenario("tianhe")
    assert time.process_time() - started < 1.5
    scenario.draw(1, 0)
    quantities = [quantity for row in scenario.operations + scenario.stations for _, quantity in row.quantities()][:500]
    started = time.process_time()
    draw = scenario.draw(1, 1)
    for quantity in quantities:
        draw(quantity)
    assert time.process_time() - started < 0.02


def test_halls_within_the_range_of_their_site_but_off_its_area_are_a_warning(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "sites.csv", "400 m2", '"400 [200, 600] m2"')
    head = "hall,site,bays_x,bays_y,bay_x,bay_y,clear_height,floor_load,power,kind,source"
    appended(folder / "halls.csv", f"{head}\nh1,shop,3,2,10 m,9 m,5 m,20 kN/m2,100 kW,assumed,chosen for a test")
    warnings = [str(warning) for warning in read_scenario(folder).warnings]
    assert any("halls.csv:2" in warning and "have 540 m2, the site has 400 m2" in warning for warning in warnings)
    replaced(folder / "halls.csv", "9 m", "6.7 m")
    assert not read_scenario(folder).warnings
