"""Station types: what a station's empty cells for floor and power stand for. A type is one line here."""

from dataclasses import dataclass

__all__ = ["STATION_TYPES", "StationType"]


@dataclass(frozen=True)
class StationType:
    """A kind of station: floor per place with its share of aisles, power per place working and idle, as cells."""

    description: str
    footprint: str
    power: str
    idle_power: str


# Planner's assumptions, listed as such in the report wherever a station uses them.
STATION_TYPES: dict[str, StationType] = {
    "manual": StationType("a bench where people work with hand tools", "12 m2", "0.5 kW", "0.1 kW"),
    "automatic": StationType("a machine or robot cell", "30 m2", "8 kW", "1.5 kW"),
    "machining": StationType("a machine tool with its coolant and chips", "40 m2", "15 kW", "2 kW"),
    "test": StationType("a stand that measures and judges", "12 m2", "2 kW", "0.5 kW"),
    "calibration": StationType("a stand with references and cameras", "25 m2", "2 kW", "0.5 kW"),
    "ageing": StationType("a slot where a unit runs unattended", "6 m2", "0.6 kW", "0.05 kW"),
    "trial": StationType("a field where a robot walks and works", "60 m2", "1 kW", "0.2 kW"),
    "inspection": StationType("a place where people look and tick", "12 m2", "0.3 kW", "0.1 kW"),
    "rework": StationType("a bench where units are opened and mended", "15 m2", "0.5 kW", "0.1 kW"),
    "dispatch": StationType("packing and loading", "20 m2", "0.5 kW", "0.1 kW"),
}
