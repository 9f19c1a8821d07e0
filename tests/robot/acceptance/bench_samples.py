"""A small design without physics, and three procedures on it, for tests of the bench."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ironworks.product.design import Design, Mass, bill_of, read_design
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen
from ironworks.robot.asbuilt import GrossRate, Places, Population, SpreadOf

DEGREE = float(np.pi / 180.0)


def quadruped() -> tuple[Design, dict[str, Mass]]:
    design = read_design("quadruped")
    return design, design.weigh(bill_of(design).masses)


def population(
    design: Design, *rates: GrossRate, seed: int = 1, friction: float = 0.1, cell: float = 0.01
) -> Population:
    """Spreads of friction, of zero offsets and of cells; friction comes in lots."""
    spreads = (
        SpreadOf("friction", (), friction, "normal", 0.3, 50),
        SpreadOf("zero_offset", (), 0.5 * DEGREE),
        SpreadOf("cell_capacity", (), cell),
    )
    return Population(Places.of(design, cells=12), spreads, rates, seed)


@dataclass(frozen=True)
class Friction:
    """Friction of each joint against the design's, with noise."""

    limit: float = 1.3
    noise: float = 0.02
    name: str = "friction"
    item: str = "robot"
    minutes: float = 6.0
    catches: tuple[str, ...] = ("tight_bearing",)
    sees: tuple[str, ...] = ("friction",)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return (Measurement("friction", Limits(None, self.limit)),)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        true = 1.0 + specimen.unit["friction"]
        noise = self.noise * specimen.rng(self.name).standard_normal(len(true))
        return {"friction": Readings(specimen.unit.places.names["joint"], true + noise, true)}


@dataclass(frozen=True)
class Zero:
    """Zero offset of each joint; remembers its run in the memo."""

    limit: float = 2.5 * DEGREE
    noise: float = 0.01 * DEGREE
    name: str = "zero"
    item: str = "robot"
    minutes: float = 4.0
    catches: tuple[str, ...] = ("slipped_encoder",)
    sees: tuple[str, ...] = ("zero_offset",)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return (Measurement("offset", Limits(-self.limit, self.limit, "rad")),)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        true = specimen.unit["zero_offset"]
        noise = self.noise * specimen.rng(self.name).standard_normal(len(true))
        specimen.memo["zero.offset"] = true + noise
        return {"offset": Readings(specimen.unit.places.names["joint"], true + noise, true)}


@dataclass(frozen=True)
class Capacity:
    """The weakest cell decides: one reading of the whole pack, and a count of dead cells."""

    limit: float = 0.93
    noise: float = 0.002
    name: str = "capacity"
    item: str = "pack"
    minutes: float = 30.0
    catches: tuple[str, ...] = ("weak_cell",)
    sees: tuple[str, ...] = ("cell_capacity",)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return (Measurement("capacity", Limits(self.limit, None)), Measurement("dead", Limits(None, 0.5)))

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        cells = 1.0 + specimen.unit["cell_capacity"]
        true = np.array([cells.min()])
        dead = np.array([float((cells < 0.5).sum())])
        read = true + self.noise * specimen.rng(self.name).standard_normal(1)
        return {"capacity": Readings(("pack",), read, true), "dead": Readings(("pack",), dead, dead)}


PROCEDURES: tuple[Procedure, ...] = (Friction(), Zero(), Capacity())
