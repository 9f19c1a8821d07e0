"""What was built, from what, with which results: events, and the logs that other tools read."""

from ironworks.factory.trace.ocel import Ocel, OcelEvent, OcelObject, ocel_log
from ironworks.factory.trace.ocel_json import write_ocel_json
from ironworks.factory.trace.ocel_sqlite import write_ocel_sqlite
from ironworks.factory.trace.record import DETAILS, Event, Kind, Thing, Value
from ironworks.factory.trace.simulated import simulated_events

__all__ = [
    "DETAILS",
    "Event",
    "Kind",
    "Ocel",
    "OcelEvent",
    "OcelObject",
    "Thing",
    "Value",
    "ocel_log",
    "simulated_events",
    "write_ocel_json",
    "write_ocel_sqlite",
]
