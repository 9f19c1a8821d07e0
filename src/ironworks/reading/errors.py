"""pydantic's errors in the words of faults: problem, choices and mend."""

from collections.abc import Iterable
from typing import Any

from ironworks.faults import closest
from ironworks.quantities import CellError


def explained(error: Any, keys: Iterable[str] = ()) -> tuple[str, tuple[str, ...], str]:
    """(problem, choices, mend) of one entry of ValidationError.errors(); `keys` are the valid names beside it."""
    cause = error.get("ctx", {}).get("error")
    name = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "missing":
            return "is missing", (), f"add `{name}`"
        case "extra_forbidden":
            known = tuple(keys)
            return "is not a known key", known, closest(name, known) or "remove it"
        case _ if isinstance(cause, CellError):
            return cause.problem, cause.choices, cause.mend
        case "literal_error":
            words = tuple(error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", "))
            return f"`{str(error['input'])[:60]}` is not a choice", words, closest(str(error["input"]), words)
        case _:
            said = error["msg"][:1].lower() + error["msg"][1:]
            return f"`{str(error['input'])[:60]}` does not fit: {said}", (), "write what is asked for"
