"""Data for the tests of layout."""

import os
from pathlib import Path

import pytest

#: Where published instances may lie: beside the project, or where this variable says.
DATA = Path(os.environ.get("IRONWORKS_BENCHMARKS", Path(__file__).parents[4] / "shared" / "benchmarks")) / "qap"


@pytest.fixture
def qap_data() -> Path:
    """The folder of published instances; skips where it is missing."""
    if not DATA.is_dir():
        pytest.skip(f"the published instances are not at {DATA}; IRONWORKS_BENCHMARKS tells another place")
    return DATA
