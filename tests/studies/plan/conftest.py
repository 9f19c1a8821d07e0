"""A small plant to plan for: three stations that have much to learn and one part from a maker with a ceiling."""

import pytest

from ironworks.scenario import Scenario
from ironworks.studies.plan import Aim, Sizing, read_aimed

TARGET = "30/week by 2027-03-28"


@pytest.fixture(scope="session")
def aimed() -> tuple[Scenario, Aim]:
    """tiny, with a target above its own plan's 25 a week."""
    return read_aimed("tiny", TARGET)


@pytest.fixture(scope="session")
def sizing(aimed: tuple[Scenario, Aim]) -> Sizing:
    """Sizing of that."""
    return Sizing(*aimed, seed=3)
