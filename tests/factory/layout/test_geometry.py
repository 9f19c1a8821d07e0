"""Patterns, packing and ways, checked by rules written anew."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironworks.factory.layout import Aisle, Aisles, Network
from ironworks.factory.layout.packing import capacity, pack
from ironworks.factory.layout.pattern import cells_and_aisles
from ironworks.factory.site import Hall, Link, Space

sizes = st.floats(0.3, 6.0)
gaps = st.floats(0.0, 1.5)


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two rectangles (x, y, right, top) have no inside in common."""
    return (
        one[2] <= other[0] + 1e-6 or other[2] <= one[0] + 1e-6 or one[3] <= other[1] + 1e-6 or other[3] <= one[1] + 1e-6
    )


@given(st.lists(st.tuples(sizes, sizes, gaps, gaps, gaps, st.integers(1, 4)), min_size=1, max_size=4))
@settings(deadline=None)
def test_packed_places_keep_their_clearance_and_stay_in_the_cell(kinds: list[tuple[float, ...]]) -> None:
    spaces = [Space(str(n), w, d, front=f, back=b, side=s) for n, (w, d, f, b, s, _) in enumerate(kinds)]
    spots = pack(20.0, 11.0, [(space.name, space, int(kind[5])) for space, kind in zip(spaces, kinds, strict=True)])
    if spots is None:
        return
    assert len(spots) == sum(int(kind[5]) for kind in kinds)
    for one in spots:
        low, high = (one.space.back, one.space.front) if one.up else (one.space.front, one.space.back)
        foot = (one.x, one.y, one.x + one.space.width, one.y + one.space.depth)
        wide = (foot[0] - one.space.side, foot[1] - low, foot[2] + one.space.side, foot[3] + high)
        assert min(wide[:2]) >= -1e-6
        assert wide[2] <= 20.0 + 1e-6
        assert wide[3] <= 11.0 + 1e-6
        for other in spots:
            if other is not one:
                assert apart(wide, (other.x, other.y, other.x + other.space.width, other.y + other.space.depth))


def test_rows_that_face_each_other_share_what_is_free_before_them() -> None:
    bench = Space("b", 2.0, 1.0, front=1.0, back=0.5, side=0.5)
    # Rows of 1 m: 0.5 behind, 1 m shared between fronts, 0.5 behind: two rows in 4 m, of 3 places each in 8 m.
    assert capacity(8.0, 4.0, bench, 99) == 6
    assert capacity(8.0, 3.99, bench, 99) == 3
    assert capacity(7.99, 4.0, bench, 99) == 4


@given(
    st.integers(1, 9), st.integers(1, 6), st.sampled_from([8.0, 12.0]), st.sampled_from([0.0, 0.6]),
    st.floats(2.0, 4.5), st.integers(1, 4),
)  # fmt: skip
@settings(deadline=None)
def test_aisles_and_cells_keep_clear_of_columns_and_each_other(
    x: int, y: int, bay: float, column: float, wide: float, every: int
) -> None:
    hall = Hall("H", (x, y), (bay, bay), column)
    cells, aisles = cells_and_aisles(hall, Aisles(wide, wide, every))
    half = column / 2.0
    columns = [(a - half, b - half, a + half, b + half) for a, b in hall.columns]
    boxes = [(one.x, one.y, one.x + one.width, one.y + one.depth) for one in [*cells, *aisles]]
    for number, box in enumerate(boxes):
        assert min(box[0], box[1], hall.width - box[2], hall.depth - box[3]) >= -1e-6
        assert all(apart(box, one) for one in columns)
        if number < len(cells):
            assert all(apart(box, other) for other in boxes[number + 1 :])


def test_ways_follow_aisles_round_corners_and_over_lifts() -> None:
    # Two aisles across at x = 1 and x = 21, joined by one along at y = 15; above them a single aisle across.
    aisles = [
        Aisle("A", 0.0, 0.0, 2.0, 30.0, along=False),
        Aisle("A", 20.0, 0.0, 2.0, 30.0, along=False),
        Aisle("A", 0.0, 14.0, 22.0, 2.0, along=True),
        Aisle("B", 0.0, 0.0, 2.0, 10.0, along=False),
    ]
    net = Network(aisles, [Link("L", ("A", "B"), ((0.0, 25.0), (0.0, 5.0)), 60.0)])
    points = [("A", 0.0, 5.0), ("A", 18.0, 5.0), ("A", 25.0, 25.0), ("B", 4.0, 9.0)]
    far = net.metres(points)
    assert far[0, 1] == pytest.approx(1.0 + 17.0)
    assert far[0, 2] == pytest.approx(1.0 + 10.0 + 20.0 + 10.0 + 4.0)
    assert far[1, 2] == pytest.approx(3.0 + 20.0 + 4.0)
    # Up the lift: along x = 1 from y = 5 to 25, 1 m to the lift, the lift, 1 m, 4 m up, 3 m in.
    assert far[0, 3] == pytest.approx(1.0 + 20.0 + 1.0 + 60.0 + 1.0 + 4.0 + 3.0)
    assert np.allclose(far, far.T)
    for start in range(4):
        for end in set(range(4)) - {start}:
            way = net.way(points[start], points[end])
            length = sum(
                60.0 if one[0] != other[0] else abs(one[1] - other[1]) + abs(one[2] - other[2])
                for one, other in pairwise(way)
            )
            assert length == pytest.approx(far[start, end])


def test_without_a_link_there_is_no_way_to_another_hall() -> None:
    aisles = [Aisle(hall, 0.0, 0.0, 2.0, 9.0, along=False) for hall in "AB"]
    net = Network(aisles, [])
    points = [("A", 3.0, 3.0), ("B", 3.0, 3.0)]
    assert np.isinf(net.metres(points)[0, 1])
    assert net.way(*points) == []
