"""What a place needs, from what is known of its station."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironworks.factory.site import SPACES, SiteError, Space, space_of
from ironworks.rows.station_types import STATION_TYPES


def test_every_type_of_station_has_a_space() -> None:
    assert set(SPACES) == set(STATION_TYPES)


@given(st.sampled_from(sorted(SPACES)), st.floats(12.0, 400.0), st.floats(0.0, 0.4))
def test_a_space_takes_the_floor_that_it_was_given(kind: str, floor: float, aisles: float) -> None:
    space = space_of("s", kind, floor, 1e3, aisles)
    assert space.depth == 0.5 or space.area == pytest.approx(floor * (1.0 - aisles))
    assert space.area >= floor * (1.0 - aisles) * (1.0 - 1e-9)


def test_pressure_is_weight_over_footprint() -> None:
    assert Space("s", 2.0, 3.0, mass=600.0).pressure == pytest.approx(600.0 * 9.80665 / 6.0)


def test_all_faults_of_a_space_are_named() -> None:
    with pytest.raises(SiteError) as caught:
        Space("s", 0.0, 1.0, mass=-1.0, room="wet")
    assert caught.value.problems == (
        "s: width is 0 and must be above 0",
        "s: mass is -1 and must not be below 0",
        "s: room is `wet`; choose one of: plain, dry, clean",
    )


def test_an_unknown_type_is_answered_with_those_there_are() -> None:
    with pytest.raises(SiteError, match="type is `magic`; choose one of: manual, automatic"):
        space_of("s", "magic", 10.0, 0.0)
