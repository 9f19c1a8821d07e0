import numpy as np
import pytest

from ironworks.factory.flow import Exponential, Model, Station, line, replicate


def plant(replication: int) -> Model:
    return line([Station("saw"), Station("weld", buffer=2)], [Exponential(10.0 + replication), Exponential(9.0)])


def test_results_are_the_same_whatever_the_number_of_workers():
    one = replicate(plant, 3, 3600.0, seed=5)
    two = replicate(plant, 3, 3600.0, seed=5, workers=2)
    for a, b in zip(one, two, strict=True):
        assert a.replication == b.replication
        assert np.array_equal(a.finish_times["line"], b.finish_times["line"])


def test_each_replication_has_draws_of_its_own():
    same = replicate(plant(0), 2, 3600.0)
    assert not np.array_equal(same[0].finish_times["line"], same[1].finish_times["line"])


def test_no_replications_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        replicate(plant(0), 0, 10.0)
