"""Halls, shares and sites: what they give, and everything that they cannot give, at once."""

import datetime

import pytest
from scipy import integrate

from ironworks.factory.site import (
    Dock,
    Hall,
    Link,
    Share,
    Site,
    SiteError,
    Space,
    over_limits,
    site_problems,
    unsuitable,
)


def test_grid_lines_have_numbers_and_letters_without_those_that_look_like_numbers() -> None:
    along, up = Hall("H", (2, 9), (10.0, 5.0)).lines
    assert along == [("1", 0.0), ("2", 10.0), ("3", 20.0)]
    assert [name for name, _ in up] == list("ABCDEFGHJK")
    assert len(Hall("H", (2, 9)).columns) == 30


def test_what_is_wrong_with_a_hall_is_said_at_once() -> None:
    with pytest.raises(SiteError) as caught:
        Hall("H", (2, 2), column=13.0, rooms=("wet",), docks=(Dock("D", 3.0, 3.0),))
    assert caught.value.problems == (
        "hall H: columns of 13 m leave nothing of bays of (12.0, 12.0) m",
        "hall H: room `wet`; choose one of: plain, dry, clean",
        "hall H: dock D at (3, 3) m is not at its wall",
    )


def test_a_site_names_what_its_links_and_names_miss() -> None:
    halls = (Hall("A", (1, 1)), Hall("A", (1, 1)))
    with pytest.raises(SiteError) as caught:
        Site("S", halls, (Link("L", ("A", "B"), ((13.0, 0.0), (0.0, 0.0)), 60.0),))
    assert caught.value.problems == (
        "two halls are called A",
        "lift L: (13, 0) m is outside of hall A",
        "lift L: there is no hall B; choose one of: A, A",
    )


def test_every_reason_why_a_place_cannot_stand_in_a_hall_is_told() -> None:
    space = Space("press", 2.0, 1.0, height=5.0, mass=6000.0, noise=90.0, room="clean", crane=500.0)
    hall = Hall("H", (3, 3), clear_height=4.0, floor_load=20e3)
    assert unsuitable(space, hall) == [
        "press is 5 m high, H has 4 m of clear height",
        "press weighs 29.4 kN/m2 on the floor, H bears 20.0 kN/m2",
        "press needs a clean room, H has plain",
        "press needs a crane for 500 kg, H has none",
        "press makes 90 dB(A), H allows 85 dB(A)",
    ]
    assert not unsuitable(Space("desk", 1.6, 0.8), hall)


def test_supplies_are_summed_over_a_hall() -> None:
    oven = Space("oven", 2.0, 2.0, power=60e3, heat=30e3, air=0.5)
    hall = Hall("H", (3, 3), power=100e3, heat=60e3, air=0.5)
    assert over_limits([oven, oven], hall) == [
        "H has 100 kW of power, 120 kW are needed",
        "H has 1,800 m3/h of compressed air, 3,600 m3/h are needed",
    ]


def test_a_share_has_the_chances_of_its_density() -> None:
    share = Share(0.3, 0.7, 1.0)
    # The PERT density by hand: x^a (1 - x)^b with a = 4 (mode - low) / span.
    a, b = 4.0 * 0.4 / 0.7, 4.0 * 0.3 / 0.7
    density = [integrate.quad(lambda x: x**a * (1.0 - x) ** b, low, 1.0)[0] for low in (0.0, (0.6 - 0.3) / 0.7)]
    assert share.chance_of(0.6) == pytest.approx(density[1] / density[0])
    assert (share.chance_of(0.29), share.chance_of(1.01)) == (1.0, 0.0)
    assert (Share(0.5, 0.5, 0.5).chance_of(0.5), Share(0.5, 0.5, 0.5).chance_of(0.51)) == (1.0, 0.0)


def test_phases_add_floor() -> None:
    later = datetime.date(2028, 1, 1)
    site = Site("S", (Hall("A", (1, 1)), Hall("B", (2, 1), ready=later)))
    assert site.phases() == [(datetime.date.min, 144.0), (later, 432.0)]
    assert [hall.name for hall in site.ready(datetime.date(2027, 12, 31))] == ["A"]


def test_all_that_a_site_lacks_is_told_at_once() -> None:
    site = Site("S", (Hall("A", (4, 4), power=1e6),), share=Share(0.3, 0.7, 1.0), power=0.5e6)
    needs = [(Space("mast", 1.0, 1.0, height=9.0), 1), (Space("oven", 5.0, 4.0, power=60e3), 40)]
    told = site_problems(site, needs, confidence=0.9)
    assert told[0] == "mast is 9 m high, A has 6 m of clear height"
    assert told[1] == "S has 500 kW of power, 2,400 kW are needed"
    assert told[2] == "S has 2,304 m2 of halls, 1,994 m2 are needed" or "m2 of halls" not in told[2]
    assert "the maker has that much with a probability of" in told[-1]


def test_before_its_first_hall_a_site_has_nothing() -> None:
    site = Site("S", (Hall("A", (4, 4), ready=datetime.date(2028, 1, 1)),))
    assert site_problems(site, [], datetime.date(2027, 12, 31)) == [
        "no hall of S is ready on 2027-12-31: the first is ready on 2028-01-01"
    ]
