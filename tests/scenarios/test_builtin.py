"""The built-in scenarios: they read, they use figures as these may be used, and they are of a size that runs."""

import math
from collections import defaultdict

import pytest

from ironworks.product.bom import Bom
from ironworks.scenario import Scenario, read_scenario

BUILT_IN = ("tiny", "tianhe", "botq")
# What was promised and what happened, by the ids of the collection of public figures.
PROMISED = ["A19", "A20", "A21", "A26", "A30", "C02", "C16", "C20", "C21", "C27", "C32", "C45", "C68"]
HAPPENED = [
    "A22",
    "A23",
    "A24",
    "A25",
    "C03",
    "C04",
    "C05",
    "C09",
    "C10",
    "C11",
    "C24",
    "C44",
    "C48",
    "C49",
    "C52",
    "C55",
    "C56",
    "E17",
    "E18",
    "E20",
]
COMPARED = ["C01", "C06", "C07", "C08", "C17", "C18", "C19", "C22", "C64", "D45", "D46", "E37", "E38", "F29"]


@pytest.fixture(scope="module", params=BUILT_IN)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return read_scenario(request.param)


@pytest.fixture(scope="module")
def tianhe() -> Scenario:
    return read_scenario("tianhe")


def test_reads_without_fault_or_warning(scenario: Scenario) -> None:
    assert not scenario.warnings


def test_every_figure_has_a_source_and_every_assumption_a_range_or_a_reason(scenario: Scenario) -> None:
    for figure in scenario.all_figures():
        assert figure.source.strip(), figure.id
        if figure.kind == "assumed" and not figure.is_uncertain:
            assert len(figure.source) > 10, figure.id


def test_promises_and_outcomes_are_never_inputs(scenario: Scenario) -> None:
    inputs = {name.split("_")[0] for name, figure in scenario.figures.items() if figure.role == "input"}
    assert inputs.isdisjoint({*PROMISED, *HAPPENED, *COMPARED})


def test_hindcast_holds_what_happened_as_observations() -> None:
    figures = read_scenario("botq").figures
    assert {name for name in HAPPENED if name in figures} == {"C03", "C04", "C05", "C09", "C10", "C11"}
    assert {figures[name].role for name in HAPPENED if name in figures} == {"observation"}


def test_hindcast_tries_the_beliefs_of_tianhe(tianhe: Scenario) -> None:
    shared = [
        "E01",
        "E02",
        "E04",
        "E05",
        "E08",
        "E10",
        "E11",
        "E12",
        "E15",
        "E16",
        "E22",
        "E24",
        "E27",
        "E32",
        "E33",
        "reference_unit",
        "yield_experience",
    ]
    botq = read_scenario("botq").figures
    for name in shared:
        assert tianhe.figures[name].bounds() == botq[name].bounds(), name
        assert tianhe.figures[name].unit == botq[name].unit, name


def test_operations_take_what_the_bill_of_materials_says(scenario: Scenario) -> None:
    bom = Bom.of(scenario)
    taken: dict[str, dict[str, float]] = defaultdict(dict)
    for operation in scenario.operations:
        for part, each in operation.consumes:
            taken[operation.route][part] = taken[operation.route].get(part, 0.0) + each
    for route in scenario.routes:
        assert taken[route.route] == pytest.approx(dict(bom.children.get(route.item, {}))), route.route


def test_a_replication_stays_below_five_million_operations(scenario: Scenario) -> None:
    mode, end = scenario.mode(), scenario.settings.scenario.end
    bom = Bom.of(scenario)
    steps: dict[str, int] = defaultdict(int)
    for route in scenario.routes:
        steps[route.item] = max(steps[route.item], sum(o.route == route.route for o in scenario.operations))
    lots = {item.item: item.lot for item in scenario.items}
    total = 0.0
    planned = {row.item for row in scenario.programme}
    for item in planned:
        rows = sorted((row for row in scenario.programme if row.item == item), key=lambda row: row.from_)
        ends = [*(row.from_ for row in rows[1:]), end]
        pieces = sum(mode(r.rate) * (until - r.from_).days * 86400 for r, until in zip(rows, ends, strict=True))
        # A truck holds robots that the programme of robots counts already.
        within = {item: 1.0} if planned & {*bom.children.get(item, {})} else bom.explode(item)
        total += pieces * sum(n / lots[name] * steps[name] for name, n in within.items() if name in steps)
    # A third more for repairs and repeated tests.
    assert 100 < total * 4 / 3 < 5e6


def test_first_lots_find_their_parts_in_stock(scenario: Scenario) -> None:
    bom = Bom.of(scenario)
    final = next(item.item for item in scenario.items if item.final)
    for name, quantity in bom.bought(final).items():
        part = bom.parts[name]
        assert part.initial_stock >= 10 * quantity, name


def test_robot_weighs_and_costs_what_is_published(tianhe: Scenario) -> None:
    bom, mode = Bom.of(tianhe), tianhe.mode()
    # A02: 70 to 77.6 kg. D07: 45,000 USD at 10,000 a year, 30,000 to 70,000, at 7.1 yuan.
    assert 70.0 <= bom.mass("robot", mode) <= 77.6
    assert 30_000 * 7.1 <= bom.cost("robot", mode) <= 70_000 * 7.1


def test_first_pass_yield_is_e15_at_the_start_of_production_and_e16_in_the_long_run(tianhe: Scenario) -> None:
    for replication in range(20):
        draw = tianhe.draw(1, replication)
        # The experience column is where half of the gap is left; at its square a quarter is.
        start, mature = 1.0, 1.0
        for row in tianhe.defects:
            if row.route == "robot@base":
                assert row.mature is not None
                first, last = draw(row.probability), draw(row.mature)
                assert 0.0 <= last < first < 1.0
                start *= 1 - last - (first - last) / 4
                mature *= 1 - last
        assert start == pytest.approx(draw.values["E15"], abs=0.03)
        assert mature == pytest.approx(draw.values["E16"], abs=0.01)
        assert 0.35 - 0.03 <= start <= 0.70 + 0.03
        assert 0.85 - 0.01 <= mature <= 0.97 + 0.01


def test_start_of_production_is_after_the_first_and_before_the_five_hundredth_robot(tianhe: Scenario) -> None:
    experience = tianhe.figures["yield_experience"]
    low, _, high = experience.bounds()
    assert 1 < low**2 < high**2 <= 500


def test_work_content_at_unit_ten_thousand_is_credible(tianhe: Scenario) -> None:
    mode = tianhe.mode()
    at = mode.values["reference_unit"]
    slope = math.log2(mode.values["E27"])
    hours = mode.values["E11"] / 3600 * (10_000 / at) ** slope
    # Taken at unit 1 it would be 0.9 h, far below one hour of parallel crews (C42).
    assert 4.0 < hours < 9.0
