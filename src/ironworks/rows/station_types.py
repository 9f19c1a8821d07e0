"""Station types: what a station's empty cells stand for, and what a place needs of a building. A type is one line."""

from dataclasses import dataclass

__all__ = ["STATION_TYPES", "StationType"]


@dataclass(frozen=True)
class StationType:
    """A kind of station: floor per place with its share of aisles, power per place working and idle, as cells.

    The rest is what a place needs of a building: `load` [kg per m2 of its footprint], `height` [m], what must be free
    before its `front`, behind its `back` and at each `side` [m], `noise` at 1 m [dB(A)], compressed `air` under normal
    conditions [m3/s], heaviest lift of a `crane` [kg].
    """

    description: str
    footprint: str
    power: str
    idle_power: str
    load: float
    height: float
    front: float
    back: float
    side: float
    noise: float
    air: float = 0.0
    crane: float = 0.0


# Planner's assumptions, listed as such in the report wherever a station uses them.
STATION_TYPES: dict[str, StationType] = {
    "manual": StationType(
        "a bench where people work with hand tools", "12 m2", "0.5 kW", "0.1 kW",
        load=120, height=2.4, front=1.2, back=0.6, side=0.5, noise=68, air=0.002,
    ),
    "automatic": StationType(
        "a machine or robot cell", "30 m2", "8 kW", "1.5 kW",
        load=600, height=3.2, front=1.5, back=1.0, side=0.8, noise=76, air=0.01,
    ),
    "machining": StationType(
        "a machine tool with its coolant and chips", "40 m2", "15 kW", "2 kW",
        load=1200, height=3.0, front=1.5, back=1.0, side=0.8, noise=80, air=0.008,
    ),
    "test": StationType(
        "a stand that measures and judges", "12 m2", "2 kW", "0.5 kW",
        load=300, height=2.6, front=1.2, back=0.8, side=0.5, noise=70,
    ),
    "calibration": StationType(
        "a stand with references and cameras", "25 m2", "2 kW", "0.5 kW",
        load=150, height=3.2, front=1.2, back=0.8, side=0.6, noise=60,
    ),
    "ageing": StationType(
        "a slot where a unit runs unattended", "6 m2", "0.6 kW", "0.05 kW",
        load=250, height=2.4, front=1.0, back=0.4, side=0.2, noise=66,
    ),
    "trial": StationType(
        "a field where a robot walks and works", "60 m2", "1 kW", "0.2 kW",
        load=80, height=3.5, front=1.0, back=0.5, side=0.5, noise=70, crane=150,
    ),
    "inspection": StationType(
        "a place where people look and tick", "12 m2", "0.3 kW", "0.1 kW",
        load=80, height=2.4, front=1.2, back=0.6, side=0.5, noise=60,
    ),
    "rework": StationType(
        "a bench where units are opened and mended", "15 m2", "0.5 kW", "0.1 kW",
        load=150, height=2.6, front=1.2, back=0.6, side=0.5, noise=68, air=0.002,
    ),
    "dispatch": StationType(
        "packing and loading", "20 m2", "0.5 kW", "0.1 kW",
        load=100, height=2.6, front=1.5, back=0.5, side=0.5, noise=66,
    ),
    "storage": StationType(
        "a bay of racks, empty, that a truck or a person fills", "8 m2", "0 kW", "0 kW",
        load=150, height=3.6, front=1.6, back=0.2, side=0.1, noise=60,
    ),
}  # fmt: skip
