"""Line balancing: which station does which task."""

from ironworks.factory.balance.bounds import Prices, prices
from ironworks.factory.balance.cycle import Paced, most_efficient, shortest_cycle
from ironworks.factory.balance.files import SUFFIXES, read_instance
from ironworks.factory.balance.instance import Assignment, BalanceError, LineInstance
from ironworks.factory.balance.salbp import Balanced, fewest_stations

__all__ = [
    "SUFFIXES",
    "Assignment",
    "BalanceError",
    "Balanced",
    "LineInstance",
    "Paced",
    "Prices",
    "fewest_stations",
    "most_efficient",
    "prices",
    "read_instance",
    "shortest_cycle",
]
