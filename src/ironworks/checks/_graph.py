"""Circles in small graphs of names."""

from collections.abc import Mapping, Sequence


def cycles(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """One circle per knot of a directed graph, each as its names in order; without recursion, for deep graphs."""
    found: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: list[str] = [start]
        on_path = {start}
        open_edges = [iter(edges.get(start, ()))]
        while path:
            step = next(open_edges[-1], None)
            if step is None:
                open_edges.pop()
                left = path.pop()
                on_path.discard(left)
                done.add(left)
            elif step in on_path:
                found.append(tuple(path[path.index(step) :]))
            elif step not in done:
                path.append(step)
                on_path.add(step)
                open_edges.append(iter(edges.get(step, ())))
    return found
