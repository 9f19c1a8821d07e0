"""Layout: where stations and stores stand, so that the least is carried the shortest way."""

from ironworks.factory.layout.qap import Assigned, LayoutError, QapInstance, assign, read_qap

__all__ = ["Assigned", "LayoutError", "QapInstance", "assign", "read_qap"]
