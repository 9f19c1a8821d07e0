"""Layout: where stations and stores stand, so that the least is carried the shortest way."""

from ironworks.factory.layout.layout import Layout, Place
from ironworks.factory.layout.network import Network
from ironworks.factory.layout.pattern import Aisle
from ironworks.factory.layout.plan import has_cells, plan_layout
from ironworks.factory.layout.problem import Aisles, Department, Haul, LayoutProblem
from ironworks.factory.layout.qap import Assigned, LayoutError, QapInstance, assign, read_qap
from ironworks.factory.layout.verify import violations

__all__ = [
    "Aisle",
    "Aisles",
    "Assigned",
    "Department",
    "Haul",
    "Layout",
    "LayoutError",
    "LayoutProblem",
    "Network",
    "Place",
    "QapInstance",
    "assign",
    "has_cells",
    "plan_layout",
    "read_qap",
    "violations",
]
