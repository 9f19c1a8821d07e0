"""Line balancing: which station does which task."""

from ironworks.factory.balance.bounds import Prices, prices
from ironworks.factory.balance.cycle import Paced, most_efficient, shortest_cycle
from ironworks.factory.balance.files import SUFFIXES, read_instance
from ironworks.factory.balance.general import SIDES, Bay, Element, GeneralAssignment, GeneralLine
from ironworks.factory.balance.general_search import GeneralBalanced, cheapest_line
from ironworks.factory.balance.instance import Assignment, BalanceError, LineInstance
from ironworks.factory.balance.salbp import Balanced, fewest_stations

__all__ = [
    "SIDES",
    "SUFFIXES",
    "Assignment",
    "BalanceError",
    "Balanced",
    "Bay",
    "Element",
    "GeneralAssignment",
    "GeneralBalanced",
    "GeneralLine",
    "LineInstance",
    "Paced",
    "Prices",
    "cheapest_line",
    "fewest_stations",
    "most_efficient",
    "prices",
    "read_instance",
    "shortest_cycle",
]
