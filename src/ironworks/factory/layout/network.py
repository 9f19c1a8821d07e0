"""Ways along aisles: how far it is from place to place, through links between halls, and which way that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import floyd_warshall

from ironworks.factory.layout.pattern import Aisle
from ironworks.factory.site import Link

__all__ = ["Network", "Point"]

Point = tuple[str, float, float]
"""A hall and a place in it [m]."""


class Network:
    """Middle lines of aisles, joined where they cross and by links.

    A point enters the nearest aisle across on its left and on its right, straight along x, if it lies in none.
    """

    def __init__(self, aisles: Sequence[Aisle], links: Sequence[Link]) -> None:
        self._aisles = tuple(aisles)
        #: Nodes: (hall, x, y), and the aisles that each lies on.
        self.nodes: list[Point] = []
        self._on: list[set[int]] = []
        pairs: dict[tuple[int, int], float] = {}
        for one, first in enumerate(self._aisles):
            for other, second in enumerate(self._aisles):
                if first.along and not second.along and _cross(first, second):
                    x, y = second.x + second.width / 2.0, first.y + first.depth / 2.0
                    self._add((first.hall, x, y), {one, other})
        for link in links:
            ends = []
            for hall, (x, y) in zip(link.halls, link.at, strict=True):
                entries = self._entries((hall, x, y))
                end = self._add((hall, x, y), set())
                ends.append(end)
                for aisle, place, metres in entries:
                    node = self._add(place, {aisle})
                    pairs[min(end, node), max(end, node)] = metres
            pairs[ends[0], ends[1]] = link.metres
        for aisle in range(len(self._aisles)):
            there = [node for node, on in enumerate(self._on) if aisle in on]
            for one in there:
                for other in there:
                    if one < other:
                        pairs[one, other] = _apart(self.nodes[one], self.nodes[other])
        n = len(self.nodes)
        graph = np.full((n, n), np.inf)
        for (one, other), metres in pairs.items():
            graph[one, other] = graph[other, one] = min(graph[one, other], metres)
        self._graph = graph

    def _add(self, point: Point, on: set[int]) -> int:
        self.nodes.append(point)
        self._on.append(on)
        return len(self.nodes) - 1

    @cached_property
    def _ways(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        if not self.nodes:
            return np.zeros((0, 0)), np.zeros((0, 0), np.int64)
        metres, before = floyd_warshall(self._graph, directed=False, return_predecessors=True)
        return metres, before

    def _entries(self, point: Point) -> list[tuple[int, Point, float]]:
        """Aisles that a point enters, where on their middle lines, and metres until there."""
        hall, x, y = point
        inside, left, right = [], None, None
        for number, aisle in enumerate(self._aisles):
            if aisle.hall != hall:
                continue
            covers_x, covers_y = (
                aisle.x <= x <= aisle.x + aisle.width, aisle.y - 1.0 <= y <= aisle.y + aisle.depth + 1.0,
            )  # fmt: skip
            if aisle.along:
                if covers_x and aisle.y <= y <= aisle.y + aisle.depth:
                    inside.append(number)
            elif covers_y:
                if covers_x:
                    inside.append(number)
                elif aisle.x > x and (right is None or aisle.x < self._aisles[right].x):
                    right = number
                elif aisle.x < x and (left is None or aisle.x > self._aisles[left].x):
                    left = number
        entries = []
        for number in inside or [one for one in (left, right) if one is not None]:
            aisle = self._aisles[number]
            if aisle.along:
                place = (hall, x, aisle.y + aisle.depth / 2.0)
            else:
                place = (hall, aisle.x + aisle.width / 2.0, min(max(y, aisle.y), aisle.y + aisle.depth))
            entries.append((number, place, abs(place[1] - x) + abs(place[2] - y)))
        return entries

    def _onto(self, points: Sequence[Point]) -> tuple[NDArray[np.float64], list[list[tuple[int, Point, float]]]]:
        """Metres (points, nodes) to each node on an aisle that a point enters, and those entries."""
        onto = np.full((len(points), len(self.nodes)), np.inf)
        entered = [self._entries(point) for point in points]
        for row, entries in enumerate(entered):
            for aisle, place, metres in entries:
                for node, on in enumerate(self._on):
                    if aisle in on:
                        onto[row, node] = min(onto[row, node], metres + _apart(place, self.nodes[node]))
        return onto, entered

    def metres(self, points: Sequence[Point]) -> NDArray[np.float64]:
        """(points, points): the shortest ways [m], infinite where there is none."""
        onto, entered = self._onto(points)
        far = np.full((len(points), len(points)), np.inf)
        if self.nodes:
            ways = self._ways[0]
            for row in range(len(points)):
                # Row by row: all at once would take points x nodes x nodes of memory.
                through = np.min(onto[row][:, None] + ways, axis=0)
                far[row] = np.min(through[None] + onto, axis=1)
        for aisle in range(len(self._aisles)):
            # Along one aisle, no node need be passed.
            there = [(row, entry) for row, entries in enumerate(entered) for entry in entries if entry[0] == aisle]
            rows = np.array([row for row, _ in there], np.int64)
            x, y, metres = np.array([(place[1], place[2], more) for _, (_, place, more) in there]).reshape(-1, 3).T
            direct = np.abs(x[:, None] - x) + np.abs(y[:, None] - y) + metres[:, None] + metres
            far[np.ix_(rows, rows)] = np.minimum(far[np.ix_(rows, rows)], direct)
        np.fill_diagonal(far, 0.0)
        return far

    def way(self, start: Point, end: Point) -> list[Point]:
        """Corners of the shortest way; empty where there is none."""
        onto, entered = self._onto([start, end])
        best, corners = np.inf, list[Point]()
        for aisle, place, metres in entered[0]:
            for same, there, more in entered[1]:
                length = metres + _apart(place, there) + more
                if aisle == same and length < best:
                    best, corners = length, [start, place, there, end]
        ways, before = self._ways
        total = onto[0][:, None] + ways + onto[1][None]
        if total.size and total.min() < best - 1e-9:
            first, last = np.unravel_index(int(total.argmin()), total.shape)
            nodes = [int(last)]
            while nodes[-1] != first:
                nodes.append(int(before[first, nodes[-1]]))
            corners = [
                start, self._entry(entered[0], int(first)), *(self.nodes[node] for node in reversed(nodes)),
                self._entry(entered[1], int(last)), end,
            ]  # fmt: skip
        return corners

    def _entry(self, entries: list[tuple[int, Point, float]], node: int) -> Point:
        at = self.nodes[node]
        near = [entry for entry in entries if entry[0] in self._on[node]]
        return min(near, key=lambda entry: entry[2] + _apart(entry[1], at))[1]


def _apart(one: Point, other: Point) -> float:
    return abs(one[1] - other[1]) + abs(one[2] - other[2])


def _cross(first: Aisle, second: Aisle) -> bool:
    return (
        first.hall == second.hall
        and first.x <= second.x + second.width
        and second.x <= first.x + first.width
        and first.y <= second.y + second.depth
        and second.y <= first.y + first.depth
    )
