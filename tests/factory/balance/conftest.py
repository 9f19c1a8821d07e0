"""Lines for the tests of balancing."""

import os
from pathlib import Path

import numpy as np
import pytest

from ironworks.factory.balance import LineInstance

#: Where data whose licence is unstated may lie: beside the project, or where this variable says.
DATA = Path(os.environ.get("IRONWORKS_BENCHMARKS", Path(__file__).parents[4] / "shared" / "benchmarks")) / "salbp"


@pytest.fixture
def salbp_data() -> Path:
    """The folder of published lines; skips where it is missing."""
    if not DATA.is_dir():
        pytest.skip(f"the published lines are not at {DATA}; IRONWORKS_BENCHMARKS tells another place")
    return DATA


@pytest.fixture
def bowman() -> LineInstance:
    """Eight tasks, after Bowman (1960): five stations of 20 are needed."""
    order = ((0, 1), (1, 2), (1, 3), (2, 4), (2, 5), (3, 5), (4, 6), (5, 7))
    return LineInstance(np.array([11, 17, 9, 5, 8, 12, 10, 3]), order)
