"""A colour for each family of departments."""

from ironworks.factory.layout.problem import LayoutProblem

__all__ = ["FLOW", "colours"]

FLOW = "#c8102e"
"""Of what is carried."""
#: Pale enough for black words on them (after Okabe and Ito 2008, which most eyes tell apart).
_FAMILIES = (
    "#9fd0f0", "#f7c873", "#a5dcc3", "#e8b3cd", "#f3ec8f", "#c3b5e8", "#f0a890", "#c9c9c9", "#d9c3a0", "#bfe6ea",
    "#cfe39a", "#f5d5c8", "#b7c7d9", "#8fbfae",
)  # fmt: skip


def colours(problem: LayoutProblem) -> dict[str, str]:
    """By department: those of a family share one; without families each has its own, in turn."""
    families = list(dict.fromkeys(one.family or one.name for one in problem.departments))
    return {
        one.name: _FAMILIES[families.index(one.family or one.name) % len(_FAMILIES)] for one in problem.departments
    }  # fmt: skip
