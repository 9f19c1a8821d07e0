"""Events as an object-centric event log: OCEL 2.0, https://www.ocel-standard.org."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ironworks.factory.trace.record import DETAILS, Event, Kind, Thing, Value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The standard gives an attribute's first value this time."""

STATION, PLACE = "station", "place"
_RESERVED = (STATION, PLACE)

_STATUS_AFTER = {
    Kind.UNIT_CREATED: "in process",
    Kind.HOLD_PLACED: "held",
    Kind.HOLD_RELEASED: "in process",
    Kind.UNIT_FINISHED: "finished",
    Kind.UNIT_SCRAPPED: "scrapped",
}
_COMPONENT_STATUS_AFTER = {Kind.COMPONENT_INSTALLED: "installed", Kind.COMPONENT_REMOVED: "removed"}


@dataclass(slots=True)
class OcelEvent:
    """One event: its type, time (with a zone), attributes and the objects it concerns as (object id, qualifier)."""

    id: str
    type: str
    time: datetime
    attributes: dict[str, Value]
    objects: list[tuple[str, str]]


@dataclass(slots=True)
class OcelObject:
    """One object: its type, the history of its attributes as (name, value, time), its relations as (id, qualifier)."""

    id: str
    type: str
    history: list[tuple[str, Value, datetime]] = field(default_factory=list)
    objects: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Ocel:
    """A log: the declared attributes of each type (name -> attribute -> Python type), the events and the objects."""

    event_types: dict[str, dict[str, type]]
    object_types: dict[str, dict[str, type]]
    events: list[OcelEvent]
    objects: list[OcelObject]

    def faults(self) -> list[str]:
        """What makes this no sound log; empty where it is one. Needs no schema and no builder."""
        types = {thing.id: thing.type for thing in self.objects}
        faults = [f"event id {i!r} is used {n} times" for i, n in Counter(e.id for e in self.events).items() if n > 1]
        faults += [
            f"object id {i!r} is used {n} times" for i, n in Counter(o.id for o in self.objects).items() if n > 1
        ]
        for event in self.events:
            faults += _undeclared(event.id, event.type, event.attributes.items(), self.event_types)
            faults += _dangling(event.id, event.objects, types)
            if event.time.tzinfo is None:
                faults.append(f"{event.id}: its time has no zone")
        for thing in self.objects:
            faults += _undeclared(thing.id, thing.type, ((n, v) for n, v, _ in thing.history), self.object_types)
            faults += _dangling(thing.id, thing.objects, types)
            times = [time for _, _, time in thing.history]
            if times != sorted(times):
                faults.append(f"{thing.id}: its history is not in order of time")
        return faults


def _undeclared(
    identifier: str, of_type: str, attributes: Iterable[tuple[str, Value]], declared: Mapping[str, Mapping[str, type]]
) -> list[str]:
    if of_type not in declared:
        return [f"{identifier}: its type {of_type!r} is not declared"]
    return [
        f"{identifier}: attribute {name!r} is not declared as {type(value).__name__} for {of_type!r}"
        for name, value in attributes
        if declared[of_type].get(name) is not type(value)
    ]


def _dangling(identifier: str, related: Iterable[tuple[str, str]], types: Mapping[str, str]) -> list[str]:
    faults, seen = [], set()
    for pair in related:
        if pair[0] not in types:
            faults.append(f"{identifier}: related to {pair[0]!r}, which is not there")
        if pair in seen:
            faults.append(f"{identifier}: related twice to {pair[0]!r} as {pair[1]!r}")
        seen.add(pair)
    return faults


def ocel_log(
    events: Iterable[Event], origin: datetime, facts: Mapping[Thing, Mapping[str, Value]] | None = None
) -> Ocel:
    """The object-centric log of `events`, whose times count from `origin` (with a zone).

    Objects are the units and components by type, the stations and their places. A unit's `status` and a place's
    `state` change with time; `facts` adds attributes that a thing has from the first (its deviations, its supplier).
    An event that comes twice (same id) is taken once.

    Raises ValueError where `origin` has no zone, or a product is named like a station or a place.
    """
    if origin.tzinfo is None:
        raise ValueError("ocel_log: origin needs a time zone, for instance datetime(2026, 8, 1, tzinfo=UTC)")
    builder = _Builder(origin.astimezone(UTC), facts or {})
    for event in events:
        builder.add(event)
    return builder.log()


class _Builder:
    def __init__(self, origin: datetime, facts: Mapping[Thing, Mapping[str, Value]]) -> None:
        self._origin = origin
        self._facts = facts
        self._events: dict[str, OcelEvent] = {}
        self._objects: dict[str, OcelObject] = {}
        self._object_types: dict[str, dict[str, type]] = defaultdict(dict)
        self._linked: set[tuple[str, str, str]] = set()

    def add(self, event: Event) -> None:
        if event.id in self._events:
            return
        time = self._origin + timedelta(microseconds=event.time_us)
        related = []
        if event.unit is not None:
            unit = self._thing(event.unit, "not made yet" if event.kind is Kind.UNIT_CREATED else "in process")
            self._note(unit, "status", _STATUS_AFTER.get(event.kind), time)
            related.append((unit.id, "unit"))
            if event.component is not None:
                component = self._thing(event.component, "in stock")
                self._note(component, "status", _COMPONENT_STATUS_AFTER[event.kind], time)
                related.append((component.id, "component"))
                if event.kind is Kind.COMPONENT_INSTALLED:
                    self._link(unit, component, "holds")
        if event.station:
            station = self._object(f"{STATION}:{event.station}", STATION)
            related.append((station.id, "at"))
            number = event.details.get("place")
            if isinstance(number, int) and number >= 0:
                place = self._place(event.station, number)
                self._link(place, station, "part of")
                related.append((place.id, "on"))
                if event.kind is Kind.STATION_STATE:
                    self._note(place, "state", str(event.details["state"]), time)
        attributes: dict[str, Value] = {"actor": event.actor, **event.details}
        self._events[event.id] = OcelEvent(event.id, event.kind.value, time, attributes, related)

    def log(self) -> Ocel:
        events = list(self._events.values())
        used = {event.type for event in events}
        return Ocel(
            event_types={k.value: {"actor": str, **DETAILS[k]} for k in Kind if k.value in used},
            object_types=dict(self._object_types),
            events=events,
            objects=list(self._objects.values()),
        )

    def _object(self, identifier: str, of_type: str) -> OcelObject:
        found = self._objects.get(identifier)
        if found is None:
            found = self._objects[identifier] = OcelObject(identifier, of_type)
            self._object_types[of_type]
        return found

    def _thing(self, thing: Thing, first_status: str) -> OcelObject:
        if thing.type in _RESERVED:
            raise ValueError(f"ocel_log: a product is named {thing.type!r}; {' and '.join(_RESERVED)} are taken")
        found = self._object(str(thing), thing.type)
        if not found.history:
            self._note(found, "status", first_status, EPOCH)
            for name, value in self._facts.get(thing, {}).items():
                self._note(found, name, value, EPOCH)
        return found

    def _place(self, station: str, number: int) -> OcelObject:
        found = self._object(f"{PLACE}:{station}/{number}", PLACE)
        if not found.history:
            self._note(found, "state", "unknown", EPOCH)
        return found

    def _note(self, thing: OcelObject, name: str, value: Value | None, time: datetime) -> None:
        if value is not None:
            self._object_types[thing.type].setdefault(name, type(value))
            thing.history.append((name, value, time))

    def _link(self, source: OcelObject, target: OcelObject, qualifier: str) -> None:
        link = (source.id, target.id, qualifier)
        if link not in self._linked:
            self._linked.add(link)
            source.objects.append((target.id, qualifier))
