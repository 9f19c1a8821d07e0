"""What is wanted: `10000/yr by 2027-12-31`, `6000 shipped in 2027`, or a target that the scenario names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ironworks.chain import final_item
from ironworks.factory.calendar import DAY, WEEK, YEAR
from ironworks.faults import Fault, ScenarioFaults
from ironworks.quantities import constant
from ironworks.rows.products import Target
from ironworks.scenario import Scenario, read_scenario

__all__ = ["Aim", "read_aim", "read_aimed"]

_PER = {"yr": YEAR, "year": YEAR, "a": YEAR, "month": YEAR / 12, "week": WEEK, "wk": WEEK, "day": DAY}
_NAMES = {"yr": "year", "a": "year", "wk": "week"}
_NUMBER = r"(?P<number>\d[\d,_ ]*(?:\.\d+)?)"
_RATE = re.compile(rf"{_NUMBER}\s*(?:\S+\s*)?(?:/|per |a )\s*(?P<per>[a-z]+)\s+(?:by|on)\s+(?P<day>\S+)")
_COUNT = re.compile(
    rf"{_NUMBER}\s*(?P<what>finished|shipped)?\s*(?:in\s+(?P<year>\d{{4}})|by\s+(?P<day>\d\S+)|from\s+(?P<from>\S+)\s+to\s+(?P<to>\S+))"
)
_MEND = "write `10000/yr by 2027-12-31`, `6000 shipped in 2027`, `500 finished by 2027-03-01`, or a name of targets.csv"


@dataclass(frozen=True, slots=True)
class Aim:
    """What the plan is for. `quantity`: pieces, or pieces per second over the four weeks before `day` ends."""

    text: str
    kind: Literal["rate", "finished", "shipped"]
    item: str
    quantity: float
    begins: date
    day: date
    """The last day that counts."""
    per: str = "year"
    """The unit of time in which a rate was asked for."""

    def words(self, share: float = 1.0) -> str:
        """The target, or a share of it, with its unit."""
        item = self.item.replace("_", " ") + "s"
        if self.kind == "rate":
            return f"{share * self.quantity * _PER[self.per]:,.0f} {item} a {self.per} on {self.day}"
        return f"{share * self.quantity:,.0f} {item} {self.kind} from {self.begins} to {self.day}"

    @property
    def row(self) -> Target:
        """As a row of targets.csv."""
        dimension = "rate" if self.kind == "rate" else "number"
        span = {"at": self.day} if self.kind == "rate" else {"from": self.begins, "to": self.day}
        return Target.model_validate(
            {
                "target": "plan",
                "text": self.text,
                "kind": self.kind,
                "item": self.item,
                "quantity": constant(self.quantity, dimension),
                "source": "the target of the plan",
                "row_key": "plan",
                **span,
            }
        )


def read_aim(text: str, scenario: Scenario) -> Aim:
    """Read a target. Raises ScenarioFaults."""
    rows = {row.target: row for row in scenario.targets}
    item, start = final_item(scenario), scenario.settings.scenario.start
    said = text.strip()
    if said in rows:
        return _of_row(rows[said], scenario)
    lower = said.lower()
    if (match := _RATE.fullmatch(lower)) is not None:
        if match["per"] not in _PER:
            raise _fault(text, f"`{match['per']}` is no unit of time here", tuple(_PER))
        aim = Aim(said, "rate", item, _number(match["number"]) / _PER[match["per"]], start, _day(text, match["day"]))
        aim = replace(aim, per=_NAMES.get(match["per"], match["per"]))
    elif (match := _COUNT.fullmatch(lower)) is not None:
        begins, day = start, date.max
        if match["year"]:
            begins, day = max(start, date(int(match["year"]), 1, 1)), date(int(match["year"]), 12, 31)
        elif match["day"]:
            day = _day(text, match["day"])
        else:
            begins, day = _day(text, match["from"]), _day(text, match["to"])
        kind: Literal["finished", "shipped"] = "shipped" if match["what"] == "shipped" else "finished"
        aim = Aim(said, kind, item, _number(match["number"]), begins, day)
    else:
        raise _fault(text, "is no target", tuple(row.target for row in scenario.targets if row.kind != "sop"))
    if aim.quantity <= 0.0:
        raise _fault(text, "wants nothing")
    if aim.day <= start or aim.begins >= aim.day:
        raise _fault(text, f"ends on {aim.day}, and the scenario begins on {start}")
    return aim


def read_aimed(
    name: str, text: str, overrides: Mapping[str, str] | None = None, variant: str | None = None
) -> tuple[Scenario, Aim]:
    """A scenario that ends on the target's day, with that target alone. Raises ScenarioFaults."""
    aim = read_aim(text, read_scenario(name, overrides, variant=variant))
    scenario = read_scenario(name, {**(overrides or {}), "scenario.end": aim.day.isoformat()}, variant=variant)
    return replace(scenario, targets=(aim.row,)), aim


def _of_row(row: Target, scenario: Scenario) -> Aim:
    general = scenario.settings.scenario
    if row.kind == "sop" or row.quantity is None:
        raise _fault(row.target, "is a start of production; a plan is made for a rate or a number of pieces")
    quantity = scenario.mode()(row.quantity)
    if row.kind == "rate":
        return Aim(row.text, "rate", row.item, quantity, general.start, row.at or general.end)
    return Aim(row.text, row.kind, row.item, quantity, row.from_ or general.start, row.to or general.end)


def _number(text: str) -> float:
    return float(re.sub(r"[,_ ]", "", text))


def _day(text: str, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise _fault(text, f"`{day}` is not a date") from None


def _fault(text: str, problem: str, choices: tuple[str, ...] = ()) -> ScenarioFaults:
    return ScenarioFaults([Fault("--target", 0, text[:80], problem, choices, _MEND)])
