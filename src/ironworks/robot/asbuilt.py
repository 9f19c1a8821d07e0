"""Units as built: what each one deviates by, drawn from the scenario's spreads, lots and gross faults.

Every number is a function of (seed, serial number, deviation, row of the place), so that another spread or another rate
leaves the luck of all others as it was: a unit at twice the spread is the same unit, only worse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ironworks.faults import Fault, ScenarioFaults
from ironworks.product.design import Design, Mass, sensors_of
from ironworks.rows import DEVIATIONS, GROSS_FAULTS
from ironworks.scenario import Draw, Scenario

__all__ = ["Gross", "GrossRate", "Places", "Population", "SpreadOf", "Unit", "as_built", "population_of"]

Floats = NDArray[np.float64]

#: Serial numbers between units of a sample: beyond most lots, and without a factor in common with days and weeks of
#: whole tens of units.
_APART = 757
#: Kinds of places that have no arrays of their own, and whose arrays they are a part of.
_ARRAYS = {"drive": "joint", "part": "link"}


@dataclass(frozen=True)
class Places:
    """Names of the places where something can deviate, by kind, and the words by which a table may speak of each."""

    names: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[frozenset[str], ...]]
    parts: Mapping[str, tuple[str, ...]]
    """What is bought for each place, in lots: the drive of a joint, a link (left and right alike), else the kind."""

    @classmethod
    def of(cls, design: Design, *, cells: int = 0, taxels: Sequence[str] = (), chips: int = 0) -> Places:
        """Of a design; cells in series x parallel, `taxels`: the patch of each taxel."""
        sensors = sensors_of(design)
        inside: dict[str, set[str]] = {}
        for link in design.links:
            inside[link.name] = {f"{_plain(link.name)}/", *(inside[link.parent] if link.parent else ())}
        joints = [link for link in design.links if link.joint is not None and not link.joint.is_passive]
        names: dict[str, list[tuple[str, set[str]]]] = {
            "link": [(link.name, {link.name, _plain(link.name), *inside[link.name]}) for link in design.links],
            "joint": [],
            "drive": [],
            "part": [],
            "imu": [(s.name, {s.name}) for s in sensors if s.kind == "imu"],
            "camera": [(s.name, {s.name, _plain(s.name)}) for s in sensors if s.kind == "camera"],
            "cell": [(f"cell_{i}", {"cell"}) for i in range(cells)],
            "taxel": [(f"{patch}#{i}", {patch, _plain(patch)}) for i, patch in enumerate(taxels)],
            "chip": [(f"chip_{i}", {"chip"}) for i in range(chips)],
            "display": [("display", {"display"})],
        }
        names["part"] = [row for row, link in zip(names["link"], design.links, strict=True) if link.parent]
        parts = {kind: [kind] * len(rows) for kind, rows in names.items()}
        parts["link"] = [_plain(link.name) for link in design.links]
        for link in joints:
            joint = link.joint
            assert joint is not None
            parts["joint"].append(joint.drive.name if joint.drive else _plain(joint.name))
            drive = {joint.drive.name, joint.drive.family} if joint.drive else {"coupled"}
            names["joint"].append((joint.name, {joint.name, _plain(joint.name), *drive, *inside[link.name]}))
            if joint.drive is not None:
                names["drive"].append(names["joint"][-1])
        return cls(
            {kind: tuple(name for name, _ in rows) for kind, rows in names.items()},
            {kind: tuple(frozenset(words) for _, words in rows) for kind, rows in names.items()},
            {kind: tuple(found) for kind, found in parts.items()},
        )

    def fits(self, kind: str, of: Sequence[str]) -> NDArray[np.bool_]:
        """Which places of a kind a table's `of` speaks of (n,); an empty one speaks of all."""
        return np.array([not of or not words.isdisjoint(of) for words in self.words[kind]], dtype=bool)

    def row(self, fault: str, place: str) -> int:
        """Row of a fault's place in the arrays of its deviations. Raises ValueError for an unknown place."""
        kind = GROSS_FAULTS[fault].place
        if place not in self.names[kind]:
            raise ValueError(f"`{place}` is no {kind}; choose one of: {', '.join(self.names[kind])}")
        return self.names[_ARRAYS.get(kind, kind)].index(place)


def _plain(name: str) -> str:
    return name.removeprefix("left_").removeprefix("right_")


@dataclass(frozen=True)
class SpreadOf:
    """A row of spreads.csv with its numbers (SI)."""

    deviation: str
    of: tuple[str, ...]
    sigma: float
    distribution: str = "normal"
    lot: float = 0.0
    lot_units: int = 50


@dataclass(frozen=True)
class GrossRate:
    """A row of gross_faults.csv with its numbers (SI)."""

    fault: str
    of: tuple[str, ...]
    rate: float
    severity: float


@dataclass(frozen=True, order=True)
class Gross:
    """A gross fault in a unit: its kind, the place that it struck and how severely (SI)."""

    fault: str
    place: str
    severity: float


@dataclass(frozen=True, eq=False)
class Unit:
    """What one unit deviates by: for each deviation an array (places, components), SI; and its gross faults.

    Arrays follow `places`. `lots`: the number of the lot that each group of parts came from. Angles [rad], lengths [m],
    shares of the design's value.
    """

    serial: int
    places: Places
    values: Mapping[str, Floats]
    gross: tuple[Gross, ...] = ()
    lots: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, deviation: str) -> Floats:
        """An array of one deviation, (places, components), or (places,) where there is one component."""
        found = self.values[deviation]
        return found[:, 0] if found.shape[1] == 1 else found

    def at(self, deviation: str, place: str) -> Floats:
        """The components at one place, (components,). Raises ValueError for a place that is none of its kind."""
        kind = DEVIATIONS[deviation].place
        row: Floats = self.values[deviation][self.places.names[kind].index(place)]
        return row

    def struck(self, fault: str) -> tuple[Gross, ...]:
        """Its gross faults of one kind."""
        return tuple(one for one in self.gross if one.fault == fault)

    def with_fault(self, fault: str, place: str, severity: float) -> Unit:
        """The same unit with one more gross fault (severity in SI). Raises ValueError for an unknown place."""
        index = self.places.row(fault, place)
        values = {name: found.copy() for name, found in self.values.items()}
        _strike(values, fault, index, severity)
        return replace(self, values=values, gross=(*self.gross, Gross(fault, place, severity)))

    @classmethod
    def nominal(cls, places: Places, serial: int = 0) -> Unit:
        """A unit exactly as designed."""
        values = {name: np.zeros((len(places.names[kind.place]), kind.components)) for name, kind in DEVIATIONS.items()}
        return cls(serial, places, values)


def _strike(values: dict[str, Floats], fault: str, index: int, severity: float) -> None:
    """What a gross fault changes in the deviations; other kinds are known to the tests by their name alone."""
    if fault == "slipped_encoder":
        values["zero_offset"][index] += severity
    elif fault == "wrong_lot":
        values["torque_constant"][index] -= severity
        # Fewer turns of thicker wire in the same slot: resistance goes with the square of the turns.
        values["resistance"][index] = (1.0 + values["resistance"][index]) * (1.0 - severity) ** 2 - 1.0
    elif fault == "tight_bearing":
        values["friction"][index] += severity
    elif fault == "bent_stop":
        values["stop_angle"][index] += [severity, -severity]
    elif fault == "loose_winding":
        values["thermal_resistance"][index] += severity
    elif fault == "wrong_part":
        place = values["link_length"][index]
        farthest = int(np.argmax(np.abs(place)))
        place[farthest] += np.copysign(severity, place[farthest])
    elif fault == "missing_part":
        values["link_mass"][index] -= severity
    elif fault == "knocked_imu":
        values["imu_tilt"][index, 1] += severity
    elif fault == "knocked_camera":
        values["camera_tilt"][index, 2] += severity
    elif fault == "weak_cell":
        values["cell_capacity"][index] -= severity
        values["cell_resistance"][index] += severity
    elif fault == "slow_chip":
        values["chip_speed"][index] -= severity


def as_built(design: Design, masses: Mapping[str, Mass], unit: Unit) -> tuple[Design, dict[str, Mass]]:
    """The design and the masses of its links as they are in one unit: lengths, stops, friction, soles, masses.

    What only shows in what is measured or asked for (encoders, torque constants, sensors) stays in the unit.
    """
    links, joints = unit.places.names["link"], unit.places.names["joint"]
    row = {name: i for i, name in enumerate(links)}
    at = {name: i for i, name in enumerate(joints)}
    built, weights = [], {}
    for link in design.links:
        i = row[link.name]
        mass = masses[link.name]
        more = 1.0 + unit["link_mass"][i]
        weights[link.name] = Mass(mass.mass * more, mass.centre + unit["centre_of_mass"][i], mass.inertia * more)
        joint = link.joint
        if joint is not None and joint.name in at:
            j = at[joint.name]
            stops = unit["stop_angle"][j]
            more_damping = unit["damping"][j] * (joint.drive.damping if joint.drive else 0.0)
            joint = replace(
                joint, low=joint.low + stops[0], high=joint.high + stops[1], damping=joint.damping + more_damping
            )
            if joint.drive is not None:
                joint = replace(
                    joint, drive=replace(joint.drive, friction=joint.drive.friction * (1 + unit["friction"][j]))
                )
        origin = link.origin + unit["link_length"][i] if link.parent else link.origin
        thicker = unit["sole_height"][i]
        shapes = tuple(
            replace(shape, centre=shape.centre - [0.0, 0.0, thicker]) if shape.collides and thicker else shape
            for shape in link.shapes
        )
        built.append(replace(link, origin=origin, joint=joint, shapes=shapes))
    return replace(design, links=tuple(built)), weights


@dataclass(frozen=True, eq=False)
class Population:
    """All units that a plant with these spreads, rates and lots would build; a unit is drawn by its serial number.

    `scale` multiplies every spread and every rate: what is not learnt yet.
    """

    places: Places
    spreads: tuple[SpreadOf, ...]
    rates: tuple[GrossRate, ...]
    seed: int
    scale: float = 1.0

    def scaled(self, scale: float) -> Population:
        """The same luck at another scale."""
        return replace(self, scale=scale)

    def changed(self, deviation: str, factor: float) -> Population:
        """The same luck with one spread multiplied. Raises ValueError where no row speaks of the deviation."""
        if deviation not in {row.deviation for row in self.spreads}:
            raise ValueError(f"no spread of `{deviation}`; choose one of: {', '.join(sorted(self._sigmas))}")
        rows = tuple(
            replace(row, sigma=row.sigma * factor) if row.deviation == deviation else row for row in self.spreads
        )
        return replace(self, spreads=rows)

    def without_gross(self) -> Population:
        """The same luck where nothing goes grossly wrong."""
        return replace(self, rates=())

    @cached_property
    def _sigmas(self) -> dict[str, list[tuple[SpreadOf, NDArray[np.int64]]]]:
        """Rows with the places that each decides: the last row that fits a place counts."""
        found: dict[str, list[tuple[SpreadOf, NDArray[np.int64]]]] = {}
        for name, kind in DEVIATIONS.items():
            rows = [row for row in self.spreads if row.deviation == name]
            owner = np.full(len(self.places.names[kind.place]), -1)
            for i, row in enumerate(rows):
                owner[self.places.fits(kind.place, row.of)] = i
            found[name] = [(row, np.flatnonzero(owner == i)) for i, row in enumerate(rows)]
        return found

    def spread(self, deviation: str) -> Floats:
        """Standard deviation at each place (places,), SI, at scale 1: what a prior may believe."""
        kind = DEVIATIONS[deviation]
        sigma = np.zeros(len(self.places.names[kind.place]))
        for row, where in self._sigmas[deviation]:
            sigma[where] = row.sigma
        return sigma

    def unit(self, serial: int) -> Unit:
        """The unit of a serial number (0 and up)."""
        unit = Unit.nominal(self.places, serial)
        lots: dict[str, int] = {}
        for name, kind in DEVIATIONS.items():
            shape = unit.values[name].shape
            own = _normals(self.seed, f"{serial}/{name}", shape)
            for row, where in self._sigmas[name]:
                if not len(where):
                    continue
                z = own[where]
                if row.lot > 0.0:
                    common = np.empty_like(z)
                    parts = self.places.parts[kind.place]
                    for part in dict.fromkeys(parts[i] for i in where):
                        group = f"{name}/{part}"
                        lots[group] = serial // row.lot_units
                        common[[parts[i] == part for i in where]] = _normals(
                            self.seed, f"lot {lots[group]}/{group}", (kind.components,)
                        )
                    z = np.sqrt(row.lot) * common + np.sqrt(1.0 - row.lot) * z
                unit.values[name][where] = _spread(row, z, row.sigma * self.scale)
        struck = self._gross(serial)
        for one in struck:
            _strike(dict(unit.values), one.fault, self.places.row(one.fault, one.place), one.severity)
        return replace(unit, gross=struck, lots=lots)

    def apart(self, k: int, first: int = 0) -> int:
        """Serial number of the k-th of some units that share no lot, and meet their testers on days of all ages."""
        step = max([_APART, *(row.lot_units for row in self.spreads if row.lot > 0.0)])
        while any(step % prime == 0 for prime in (2, 3, 5)):
            step += 1
        return first + step * k

    def _gross(self, serial: int) -> tuple[Gross, ...]:
        found = []
        for row in self.rates:
            kind = GROSS_FAULTS[row.fault].place
            names = self.places.names[kind]
            chance = special.ndtr(_normals(self.seed, f"{serial}/gross/{row.fault}", (len(names),)))
            hit = self.places.fits(kind, row.of) & (chance < row.rate * self.scale)
            found += [Gross(row.fault, names[i], row.severity) for i in np.flatnonzero(hit)]
        return tuple(found)


def _spread(row: SpreadOf, z: Floats, sigma: float) -> Floats:
    if row.distribution == "lognormal":
        # The median stays: with the mean held, a wide spread would push nearly all units to one side.
        return np.asarray(np.expm1(sigma * z))
    if row.distribution == "uniform":
        return np.asarray(np.sqrt(12.0) * sigma * (special.ndtr(z) - 0.5))
    return np.asarray(sigma * z)


def _normals(seed: int, name: str, shape: tuple[int, ...]) -> Floats:
    """Standard normal numbers, a function of (seed, name) and of their place alone."""
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "little")
    words = np.array([seed & (2**64 - 1), key & (2**64 - 1)], np.uint64)
    return np.random.Generator(np.random.Philox(key=words)).standard_normal(shape)


def population_of(
    scenario: Scenario, places: Places, *, seed: int | None = None, draw: Draw | None = None, scale: float = 1.0
) -> Population:
    """The population of a scenario, its figures at their modes or as drawn; `seed` is the scenario's by default.

    Raises ScenarioFaults where the scenario has no spreads, or where a row of its two tables fits no place.
    """
    value = draw or scenario.mode()
    if not scenario.spreads:
        mend = "add it, with a row for each deviation"
        raise ScenarioFaults([Fault("spreads.csv", 0, "", f"is missing in {scenario.name}", (), mend)])
    faults = []
    for table, rows in (("spreads", scenario.spreads), ("gross_faults", scenario.gross_faults)):
        for row in rows:
            name = getattr(row, "deviation", "") or getattr(row, "fault", "")
            kind = (DEVIATIONS if table == "spreads" else GROSS_FAULTS)[name].place
            if places.names[kind] and row.of and not places.fits(kind, row.of).any():
                words = sorted({word for found in places.words[kind] for word in found})
                key = f"{table}.{row.row_key}.of"
                faults.append(Fault(f"{table}.csv", row.row_line, key, f"fits no {kind} of the design", tuple(words)))
    if faults:
        raise ScenarioFaults(faults)
    return Population(
        places,
        tuple(
            SpreadOf(row.deviation, row.of, value(row.sigma), row.distribution, value(row.lot), row.lot_units)
            for row in scenario.spreads
        ),
        tuple(GrossRate(row.fault, row.of, value(row.rate), value(row.severity)) for row in scenario.gross_faults),
        scenario.settings.run.seed if seed is None else seed,
        scale,
    )
