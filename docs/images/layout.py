"""Draws layout.svg of the documentation anew: `python docs/images/layout.py`.

The base of tianhe on the day with most floor under its stations, as `ironworks layout tianhe` draws it.
"""

from pathlib import Path

from ironworks.factory.floor_plan import floor_plan, fullest_day
from ironworks.factory.layout.drawing import draw_plan
from ironworks.factory.plant import Plant
from ironworks.scenario import read_scenario


def main() -> None:
    """The drawing beside this file."""
    plant = Plant(read_scenario("tianhe"))
    plan = floor_plan(plant, "base", fullest_day(plant, "base"))
    assert plan.layout is not None, plan.findings
    path = Path(__file__).parent / "layout.svg"
    path.write_text(draw_plan(plan.layout, 9.0), encoding="utf-8")
    size = path.stat().st_size / 1e3
    print(f"{plan.day}: {len(plan.layout.places)} places, {plan.layout.work / 1e3:.1f} km a day, {size:.0f} kB")


if __name__ == "__main__":
    main()
