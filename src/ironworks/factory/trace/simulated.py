"""What a replication's kernel logged, told in the vocabulary of the plant."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from ironworks.factory.flow.result import Names, Replication, State
from ironworks.factory.trace.record import Event, Kind, Thing, Value

_KINDS = tuple(Kind)
_OF_A_COMPONENT = frozenset({Kind.COMPONENT_INSTALLED, Kind.COMPONENT_REMOVED})
_TIME, _KIND, _SERIAL, _ROUTING, _STATION, _PLACE, _OPERATION, _OTHER = range(8)
ACTOR = "simulation"


def simulated_events(replication: Replication, items: Mapping[str, str] | None = None) -> Iterator[Event]:
    """The events of the traced window of `replication`, in the kernel's order.

    `items` names the item that each routing makes, where its name is not the routing's own. Serial numbers hold the
    routing's name, so that two routings of one item never share one. A bought part has no serial number in the
    simulation: what one operation takes from one store for one unit is one object.

    An event's id follows from what happened, so that overlapping windows of the same replication agree.
    """
    teller = _Teller(replication.names, items or {})
    seen: Counter[str] = Counter()
    key = f"{replication.seed}/{replication.replication}"
    # Twelve bought motors of one kit are twelve equal rows, and one event that says twelve.
    for row, equals in groupby(replication.log.tolist()):
        if row[_KIND] >= len(_KINDS):
            continue
        count = sum(1 for _ in equals)
        is_kit = _KINDS[row[_KIND]] in _OF_A_COMPONENT and row[_OTHER] < 0
        for _ in range(1 if is_kit else count):
            said = "/".join(map(str, row))
            seen[said] += 1
            digest = hashlib.blake2b(f"{key}/{said}/{seen[said]}".encode(), digest_size=8).hexdigest()
            yield teller.event(digest, row, count if is_kit else 1)


class _Teller:
    """Turns indices into names."""

    def __init__(self, names: Names, items: Mapping[str, str]) -> None:
        self._names = names
        self._types = [items.get(name, name) for name in names.routings]
        self._states = {int(state): state.name.lower() for state in State}

    def event(self, identifier: str, row: list[int], count: int) -> Event:
        kind = _KINDS[row[_KIND]]
        is_component = kind in _OF_A_COMPONENT
        return Event(
            id=identifier,
            kind=kind,
            time_us=row[_TIME],
            # A component's row names the store that it came from where others name the station.
            station=self._names.stations[row[_STATION]] if row[_STATION] >= 0 and not is_component else "",
            unit=self._unit(row[_ROUTING], row[_SERIAL]) if row[_SERIAL] >= 0 else None,
            component=self._component(row) if is_component else None,
            actor=ACTOR,
            details=self._details(kind, row, count),
        )

    def _unit(self, routing: int, serial: int) -> Thing:
        return Thing(self._types[routing], f"{self._names.routings[routing]}-{serial:06d}")

    def _component(self, row: list[int]) -> Thing:
        store = self._names.stores[row[_STATION]]
        if row[_OTHER] < 0:
            parent = self._unit(row[_ROUTING], row[_SERIAL])
            return Thing(store, f"for-{parent.serial}-{self._operation(row)}")
        if row[_PLACE] >= 0:
            return self._unit(row[_PLACE], row[_OTHER])
        return Thing(store, f"{store}-{row[_OTHER]:06d}")

    def _operation(self, row: list[int]) -> str:
        return self._names.operations[row[_OPERATION]] if row[_OPERATION] >= 0 else ""

    def _details(self, kind: Kind, row: list[int], count: int) -> dict[str, Value]:
        operation, other = self._operation(row), row[_OTHER]
        details: dict[str, Value] = {}
        if kind in (Kind.OPERATION_STARTED, Kind.OPERATION_FINISHED):
            details = {"operation": operation, "place": row[_PLACE]}
        elif kind in _OF_A_COMPONENT:
            details = {"operation": operation, "quantity": count}
        elif kind is Kind.MEASURED:
            details = {"procedure": operation, "passed": bool(other & 1)}
        elif kind in (Kind.NONCONFORMANCE_OPENED, Kind.NONCONFORMANCE_CLOSED):
            # A false reject opens a nonconformance that has no defect behind it.
            details = {"defect": self._names.defects[other] if other >= 0 else "none"}
            if operation:
                details["operation"] = operation
        elif kind is Kind.STATION_STATE:
            details = {"place": row[_PLACE], "state": self._states[other]}
        return details
