"""A small plant for the tests of layout, and plants at random."""

import datetime
from itertools import pairwise

from hypothesis import strategies as st

from ironworks.factory.layout import Aisles, Department, Haul, LayoutProblem
from ironworks.factory.site import Dock, Hall, Link, Share, Site, Space, space_of

IN, OUT = Dock("goods in", 0.0, 18.0), Dock("goods out", 96.0, 18.0)


def two_storeys(**changes: object) -> LayoutProblem:
    """A hall for machines and one above it for assembly, with a lift at their west ends."""
    ground = Hall(
        "H1",
        (8, 4),
        docks=(IN, OUT),
        crane=200.0,
        clear_height=7.5,
        floor_load=30e3,
        building="A",
        rooms=("plain", "dry"),
    )
    upper = Hall("H2", (6, 3), storey=2, clear_height=4.5, floor_load=10e3, building="A", rooms=("plain", "clean"))
    lift = Link("L1", ("H1", "H2"), ((0.0, 30.0), (0.0, 20.0)), 70.0, capacity=2000.0)
    site = Site("works", (ground, upper), (lift,), Share(0.5, 0.8, 1.0), origin=(113.36, 23.12))
    names = (
        ("rotary line", "automatic", 180.0, 40e3, 2, "plain", "actuators"),
        ("run-in", "ageing", 3.0, 1.5e3, 24, "plain", "actuators"),
        ("joint test", "test", 25.0, 8e3, 6, "plain", "actuators"),
        ("pack line", "automatic", 150.0, 30e3, 1, "dry", "battery"),
        ("head bench", "manual", 10.0, 500.0, 6, "clean", "modules"),
        ("hand bench", "manual", 8.0, 400.0, 18, "plain", "modules"),
        ("frame", "manual", 25.0, 1e3, 5, "plain", "assembly"),
        ("legs", "manual", 25.0, 1e3, 5, "plain", "assembly"),
        ("arms", "manual", 25.0, 1e3, 5, "plain", "assembly"),
        ("calibration", "calibration", 30.0, 3e3, 4, "plain", "test"),
        ("trial", "trial", 120.0, 1e3, 4, "plain", "test"),
        ("rework", "rework", 20.0, 500.0, 3, "plain", "test"),
    )
    departments = tuple(
        Department(name, space_of(name, kind, floor, power, room=room), places, family)
        for name, kind, floor, power, places, room, family in names
    )
    chain = ["goods in", "rotary line", "run-in", "joint test", "legs"]
    hauls = [Haul(one, other, 60.0, 40.0) for one, other in pairwise(chain)]
    main = ["goods in", "frame", "legs", "arms", "calibration", "trial", "goods out"]
    hauls += [Haul(one, other, 30.0, 70.0) for one, other in pairwise(main)]
    hauls += [
        Haul("goods in", "pack line", 10.0, 200.0), Haul("pack line", "frame", 30.0, 20.0),
        Haul("goods in", "head bench", 8.0, 30.0), Haul("head bench", "arms", 30.0, 10.0),
        Haul("goods in", "hand bench", 8.0, 30.0), Haul("hand bench", "arms", 30.0, 10.0),
        Haul("trial", "rework", 6.0, 70.0), Haul("rework", "trial", 6.0, 70.0),
    ]  # fmt: skip
    given: dict[str, object] = {"site": site, "departments": departments, "hauls": tuple(hauls), **changes}
    return LayoutProblem(**given)  # type: ignore[arg-type]


@st.composite
def plants(draw: st.DrawFn) -> tuple[Site, tuple[Department, ...], tuple[Haul, ...], Aisles]:
    """Up to three halls and ten departments of any size that may or may not fit them."""
    halls = tuple(
        Hall(
            f"H{number}",
            (draw(st.integers(1, 7)), draw(st.integers(1, 4))),
            (draw(st.sampled_from([8.0, 10.5, 12.0])), draw(st.sampled_from([8.0, 12.0]))),
            column=draw(st.sampled_from([0.0, 0.5, 0.8])),
            clear_height=draw(st.sampled_from([4.0, 6.0, 9.0])),
            floor_load=draw(st.sampled_from([5e3, 20e3])),
            power=draw(st.sampled_from([60e3, 1e6])),
            rooms=draw(st.sampled_from([("plain",), ("plain", "clean")])),
            ready=draw(st.sampled_from([datetime.date.min, datetime.date(2027, 3, 1)])),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    links = tuple(
        Link(f"L{number}", (one.name, other.name), ((0.0, 4.0), (0.0, 4.0)), 60.0, draw(st.sampled_from([50.0, 3e3])))
        for number, (one, other) in enumerate(pairwise(halls))
    )
    departments = tuple(
        Department(
            f"D{number}",
            Space(
                f"D{number}",
                draw(st.floats(0.5, 12.0)),
                draw(st.floats(0.5, 6.0)),
                front=draw(st.floats(1.0, 2.0)),
                back=draw(st.floats(0.0, 1.0)),
                side=draw(st.floats(0.0, 1.0)),
                height=draw(st.floats(1.0, 7.0)),
                mass=draw(st.floats(10.0, 9e3)),
                power=draw(st.floats(0.0, 20e3)),
                room=draw(st.sampled_from(["plain", "plain", "plain", "clean"])),
            ),
            draw(st.integers(0, 6)),
        )
        for number in range(draw(st.integers(1, 8)))
    )
    names = [department.name for department in departments]
    hauls = tuple(
        Haul(draw(st.sampled_from(names)), draw(st.sampled_from(names)), draw(st.floats(0.0, 50.0)), 40.0)
        for _ in range(draw(st.integers(0, 12)))
    )
    return Site("drawn", halls, links), departments, hauls, Aisles(draw(st.floats(3.0, 5.0)), draw(st.floats(2.0, 4.0)))
