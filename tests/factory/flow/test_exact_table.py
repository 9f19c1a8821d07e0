"""Each row of the table of exact values is computed again, to its last printed digit."""

import math

import pytest
from tests.factory.flow import formulae
from tests.factory.flow.exact_table import Row, rows, trace
from tests.factory.flow.markov import SerialLine, elasticities, solve, solve_assembly

ROWS = {row.id: row for row in rows()}


def recomputed(row: Row) -> dict[str, float]:
    rates, given = row.service_rates, row.parameters
    match row.model:
        case "serial":
            solution = solve(row.serial_line())
            return {"throughput": solution.throughput, "wip": solution.wip}
        case "assembly":
            throughput, waiting = solve_assembly(rates, row.buffers, prefetch="prefetch" in row.id)
            return {"throughput": throughput, "waiting": waiting}
        case "queue" if "cv2" in given:
            return formulae.pollaczek_khinchine(given["arrivals"], 1 / rates[0], given["cv2"])
        case "queue":
            return formulae.erlang_c(given["arrivals"], rates[0], int(given["servers"]))
        case "loss queue":
            return formulae.loss_queue(given["arrivals"], rates[0], int(given["places"]))
        case "rework loop":
            return formulae.rework_loop(given["arrivals"], rates, given["rework"])
        case "closed line":
            return formulae.mean_value_analysis(rates, int(given["cards"]))
        case "machine interference":
            return formulae.machine_interference(
                int(given["machines"]), row.fail_rates[0], row.repair_rates[0], row.crew
            )
        case "learning":
            kind = {"learn_crawford85": formulae.crawford, "learn_wright85": formulae.wright}
            return kind.get(row.id, formulae.dejong)(**given)
        case "trace":
            return {"makespan": formulae.serial_departures(trace(), row.buffers, "BBS" in row.id)[-1][-1]}
    raise AssertionError(f"{row.id}: nothing computes a {row.model!r}")


@pytest.mark.parametrize("name", ROWS)
def test_exact_row_is_recomputed_to_its_printed_digits(name):
    values = recomputed(ROWS[name])
    assert ROWS[name].expected.keys() <= values.keys()
    for quantity, printed in ROWS[name].expected.items():
        digits = len(printed.replace(".", "").lstrip("0"))
        # Round values such as 0.8 are printed short and hold to ten digits as well.
        assert math.isclose(values[quantity], float(printed), rel_tol=0.51 * 10.0 ** (1 - min(max(digits, 10), 12)))


def test_exact_table_has_every_row():
    assert len(ROWS) == 36


def test_exact_availability_is_the_closed_form():
    assert formulae.stand_alone(1, 0.01, 0.1)["throughput"] == pytest.approx(
        float(ROWS["avail_single_odf"].expected["throughput"]), rel=1e-9
    )


def test_exact_throughput_of_two_stations_without_buffer():
    # Hunt (1956): (m1 m2 (m1 + m2)) / (m1^2 + m1 m2 + m2^2).
    first, second = 1.3, 0.8
    hunt = first * second * (first + second) / (first**2 + first * second + second**2)
    assert solve(SerialLine((first, second), (0,))).throughput == pytest.approx(hunt, rel=1e-12)


def test_exact_throughput_is_the_same_in_reverse():
    line = SerialLine((1, 1.4, 0.8), (1, 3), failures="ODF", fail=(0.02, 0.05, 0.01), repair=(0.1, 0.2, 0.3))
    back = SerialLine((0.8, 1.4, 1), (3, 1), failures="ODF", fail=(0.01, 0.05, 0.02), repair=(0.3, 0.2, 0.1))
    assert solve(line).throughput == pytest.approx(solve(back).throughput, rel=1e-10)


def test_exact_shares_of_time_sum_to_one():
    line = SerialLine((1, 1.2), (1,), failures="TDF", fail=(0.1, 0.1), repair=(0.5, 0.5), crew=1)
    for shares in solve(line).shares:
        assert sum(shares.values()) == pytest.approx(1, abs=1e-12)


def test_exact_elasticities_sum_to_one_where_all_rates_are_scaled():
    line = SerialLine((1, 1.1, 0.9), (2, 2), failures="ODF", fail=(0.02, 0.01, 0.01), repair=(0.1, 0.2, 0.1))
    assert sum(elasticities(line)) == pytest.approx(1, abs=1e-6)
    assert sum(elasticities(line, scaled=("rates",))) < 1


def test_exact_elasticity_of_a_lone_station_is_its_availability():
    # Operation-dependent failures: throughput 1 / (1/m + f/(m r)) for f failures per unit of working time scaled alone.
    line = SerialLine((2.0,), (), failures="ODF", fail=(0.01,), repair=(0.1,))
    assert elasticities(line, scaled=("rates",))[0] == pytest.approx(1, rel=1e-6)
    assert elasticities(line, scaled=("repair",))[0] == pytest.approx(0.01 / 0.11, rel=1e-5)
