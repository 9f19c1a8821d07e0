"""Quadratic assignment: equal to every order tried, to published costs, and interrupted without loss."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.factory.layout.assignments import least_of_all, small_assignments

from ironworks.factory.layout import Assigned, LayoutError, QapInstance, assign, read_qap
from ironworks.factory.layout import qap as module
from ironworks.faults import ScenarioFaults


@given(small_assignments(6))
@settings(deadline=None, max_examples=40)
def test_the_cost_is_that_of_the_best_of_all_orders(instance: QapInstance) -> None:
    least = least_of_all(instance)
    found = assign(instance, 5.0, seed=3, target=least, iterations=30_000)
    found.verify()
    assert found.cost == least


def test_the_best_of_seven_in_every_order() -> None:
    rng = np.random.default_rng(11)
    instance = QapInstance(rng.random((7, 7)), rng.random((7, 7)), rng.random((7, 7)))
    assert assign(instance, 5.0, seed=1, iterations=30_000).cost == pytest.approx(least_of_all(instance))


@pytest.mark.parametrize("name", ["nug12", "esc16a", "chr15a", "els19", "tai20b"])
def test_published_instances_reach_the_best_known_cost(qap_data: Path, name: str) -> None:
    instance, known = read_qap(qap_data / f"{name}.dat")
    assert known is not None
    found = assign(instance, 30.0, seed=4, target=known)
    found.verify()
    assert found.cost == known


def test_the_same_seed_gives_the_same_places() -> None:
    rng = np.random.default_rng(2)
    instance = QapInstance(rng.integers(0, 9, (12, 12)), rng.integers(0, 9, (12, 12)))
    first, second = (assign(instance, seed=5, iterations=3000) for _ in range(2))
    assert first.place.tolist() == second.place.tolist()
    assert first.iterations == second.iterations == 3000


def test_an_interrupted_search_gives_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    calls = []

    def interrupted(*given: object) -> None:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "advance", interrupted)
    found = assign(QapInstance(rng.random((9, 9)), rng.random((9, 9))), 30.0)
    found.verify()
    assert len(calls) == 3
    assert found.seconds < 30.0


def test_without_time_there_is_an_assignment_all_the_same() -> None:
    rng = np.random.default_rng(4)
    assign(QapInstance(rng.random((9, 9)), rng.random((9, 9))), seconds=0.0).verify()


def test_better_assignments_are_told_as_they_come() -> None:
    rng = np.random.default_rng(5)
    heard: list[float] = []
    found = assign(QapInstance(rng.random((9, 9)), rng.random((9, 9))), iterations=2000, told=heard.append)
    assert heard == sorted(heard, reverse=True)
    assert heard[-1] == pytest.approx(found.cost)


def test_a_wrong_result_says_what_is_wrong() -> None:
    instance = QapInstance(np.ones((3, 3)), np.ones((3, 3)))
    with pytest.raises(LayoutError, match="costs 9, not 5"):
        Assigned(instance, np.array([0, 1, 2]), 5.0, 0.0, 0).verify()
    with pytest.raises(LayoutError, match="each of 0 to 2 once"):
        Assigned(instance, np.array([0, 1, 1]), 9.0, 0.0, 0).verify()


def test_what_is_wrong_with_an_instance_is_said_at_once() -> None:
    with pytest.raises(LayoutError) as caught:
        QapInstance(np.full((2, 2), np.nan), np.ones((3, 3)))
    assert caught.value.problems == ("flow is not finite everywhere", "distance has shape (3, 3), not (2, 2)")


def test_a_file_that_is_no_instance_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.dat"
    path.write_text("3 10\n1 2 3\n")
    with pytest.raises(ScenarioFaults, match=r"broken\.dat: is no quadratic assignment"):
        read_qap(path)
