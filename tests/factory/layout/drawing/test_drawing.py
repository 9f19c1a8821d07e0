"""Drawings show what the layout holds, and open where they should."""

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from tests.factory.layout.plants import two_storeys

from ironworks.factory.layout import Layout, LayoutError, plan_layout
from ironworks.factory.layout.drawing import draw_plan, dxf, geojson, write_dxf
from ironworks.factory.layout.drawing.loads import groups, pieces

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def planned() -> Layout:
    return plan_layout(two_storeys(), iterations=2000, seed=1)


@pytest.fixture(scope="module")
def drawn(planned: Layout) -> ElementTree.Element:
    return ElementTree.fromstring(draw_plan(planned))


def test_a_plan_names_grid_halls_docks_and_departments(planned: Layout, drawn: ElementTree.Element) -> None:
    words = [element.text or "" for element in drawn.iter(f"{SVG}text")]
    for wanted in ("1", "9", "A", "E", "12.00", "96.00", "goods in", "lift L1", "pack line", "aisle 4.50 m"):
        assert wanted in words
    assert any(word.startswith("H2: building A, storey 2") for word in words)
    assert any("no rule is broken" in word for word in words)
    assert {department.name for department in planned.problem.departments} <= set(words)


def test_each_place_is_a_rectangle_of_its_size(planned: Layout, drawn: ElementTree.Element) -> None:
    named = {}
    for box in drawn.iter(f"{SVG}rect"):
        if (title := box.find(f"{SVG}title")) is not None:
            named[(title.text or "").split(":")[0]] = (
                float(box.get("width", 0)) / 12.0,
                float(box.get("height", 0)) / 12.0,
            )
    assert len(named) == len(planned.places)
    for place in planned.places:
        size = named[f"{place.department} {place.number}"]
        assert size == pytest.approx((place.space.width, place.space.depth), abs=0.01)


def test_everything_is_drawn_on_the_sheet(drawn: ElementTree.Element) -> None:
    width, height = (float(part) for part in drawn.get("viewBox", "").split()[2:])
    for words in drawn.iter(f"{SVG}text"):
        assert 0.0 <= float(words.get("x", -1)) <= width
        assert 0.0 <= float(words.get("y", -1)) <= height


def test_arrows_carry_the_metres_of_all_hauls(planned: Layout) -> None:
    stops = {group.department: group.stop for group in groups(planned)}
    one_group = {name for name in stops if sum(group.department == name for group in groups(planned)) == 1}
    hauls = [
        haul for haul in planned.problem.hauls
        if {haul.source, haul.target} <= one_group | set(planned.problem.docks)
    ]  # fmt: skip
    assert len(hauls) >= 5
    problem = two_storeys(hauls=tuple(hauls))
    alone = Layout(problem, planned.places, planned.aisles)
    stops.update(problem.docks)
    driven = 0.0
    for haul in hauls:
        way = alone.network.way(stops[haul.source], stops[haul.target])
        driven += haul.trips * sum(
            abs(one[1] - other[1]) + abs(one[2] - other[2]) for one, other in pairwise(way) if one[0] == other[0]
        )
    drawn = sum(
        piece.trips * (abs(piece.end[0] - piece.start[0]) + abs(piece.end[1] - piece.start[1]))
        for piece in pieces(alone)
    )
    assert drawn == pytest.approx(driven, rel=1e-3)


def test_geojson_closes_its_rings_and_keeps_lengths(planned: Layout) -> None:
    features = json.loads(geojson(planned))["features"]
    places = [one for one in features if one["properties"]["kind"] == "place"]
    assert len(places) == len(planned.places)
    hall = next(one for one in features if one["properties"]["name"] == "H1")
    ring = np.array(hall["geometry"]["coordinates"][0])
    assert ring[0].tolist() == ring[-1].tolist() == [113.36, 23.12]
    # Twice the signed area, against the clock: above 0. And 96 m and 48 m on a ball of mean radius, within 0.8 %.
    assert np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]) > 0.0
    east, north = np.radians(ring[1] - ring[0])[0], np.radians(ring[2] - ring[1])[1]
    assert east * 6_371_009.0 * np.cos(np.radians(23.12)) == pytest.approx(96.0, rel=5e-3)
    assert north * 6_371_009.0 == pytest.approx(48.0, rel=8e-3)


def test_dxf_opens_without_errors(planned: Layout, tmp_path: Path) -> None:
    ezdxf = pytest.importorskip("ezdxf", reason="ezdxf is not installed: pip install 'ironworks[cad]'")
    path = tmp_path / "plan.dxf"
    write_dxf(planned, path)
    document = ezdxf.readfile(path)
    assert not document.audit().has_errors
    assert set(dxf.LAYERS) <= {layer.dxf.name for layer in document.layers}
    space = document.modelspace()
    assert len(space.query('LWPOLYLINE[layer=="PLACES"]')) == len(planned.places)
    assert len(space.query("DIMENSION")) == 8 + 4 + 1 + 6 + 3 + 1
    assert document.units == ezdxf.units.M
    assert [file.name for file in tmp_path.iterdir()] == ["plan.dxf"]


def test_without_ezdxf_a_word_says_what_to_install(
    planned: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dxf.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LayoutError, match="install ironworks with the extra `cad`"):
        write_dxf(planned, tmp_path / "plan.dxf")
    assert not list(tmp_path.iterdir())
