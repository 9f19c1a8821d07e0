"""An object-centric event log as OCEL 2.0 JSON."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from ironworks.factory.trace.ocel import Ocel, OcelEvent, OcelObject
from ironworks.factory.trace.record import Value

TYPE_NAMES = {str: "string", int: "integer", float: "float", bool: "boolean"}
"""The standard's names of attribute types."""


def write_ocel_json(log: Ocel, path: Path) -> None:
    """Write `log` to `path`, whole or not at all.

    Times are in UTC to the microsecond. The published schema wants every attribute's value as a string; its type
    stands in the declaration of the event or object type.
    """
    temporary = path.with_name(path.name + ".part")
    encode = json.JSONEncoder(ensure_ascii=False).encode
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as out:
            out.write('{"objectTypes": ')
            json.dump(_types(log.object_types), out)
            out.write(',\n"eventTypes": ')
            json.dump(_types(log.event_types), out)
            for name, rows in (("objects", map(_object, log.objects)), ("events", map(_event, log.events))):
                out.write(f',\n"{name}": [')
                for n, row in enumerate(rows):
                    out.write(",\n" if n else "\n")
                    out.write(encode(row))
                out.write("\n]")
            out.write("}\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _types(declared: dict[str, dict[str, type]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "attributes": [{"name": a, "type": TYPE_NAMES[t]} for a, t in attributes.items()]}
        for name, attributes in declared.items()
    ]


def _event(event: OcelEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "time": _time(event.time),
        "attributes": [{"name": name, "value": _text(value)} for name, value in event.attributes.items()],
        "relationships": _relations(event.objects),
    }


def _object(thing: OcelObject) -> dict[str, Any]:
    return {
        "id": thing.id,
        "type": thing.type,
        "attributes": [{"name": n, "value": _text(value), "time": _time(time)} for n, value, time in thing.history],
        "relationships": _relations(thing.objects),
    }


def _relations(related: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": identifier, "qualifier": qualifier} for identifier, qualifier in related]


def _time(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
