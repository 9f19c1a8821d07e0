"""Verdicts made up for tests, and the tiny scenario with a bench."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ironworks.scenario import Scenario, read_scenario
from ironworks.verdicts import FAIL, PASS, Verdicts

from .broken import appended, copy_of_tiny

SECTION = """
[acceptance]
design = "humanoid"
first = "= spread_first"
mature = "= spread_mature"
experience = "= spread_experience"
"""
BENCH = "procedure,item,operation,defect,note\nrange,robot,test,loose_joint,\ntorque,robot,test,bad_motor,\n"
MOTOR = "bad_motor,robot@shop,assemble,0.5,,,,test,0.5,tighten,test,9,0,,assumed,made up for a test,"


def tiny_with_bench(folder: Path, bench: str = BENCH, first: float = 1.0, mature: float = 1.0) -> Scenario:
    """Tiny with a second defect and a bench of two procedures at its test."""
    tiny = copy_of_tiny(folder)
    appended(tiny / "scenario.toml", SECTION)
    header = (tiny / "figures.csv").read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    for name, value in (("spread_first", first), ("spread_mature", mature), ("spread_experience", 100)):
        cells = {
            "id": name, "quantity": name, "value": f"{value:g}", "unit": "-", "kind": "assumed",
            "source": "made up for a test", "role": "input", "distribution": "fixed",
        }  # fmt: skip
        appended(tiny / "figures.csv", ",".join(cells.get(column, "") for column in header))
    appended(tiny / "defects.csv", MOTOR)
    (tiny / "bench.csv").write_text(bench, encoding="utf-8")
    return read_scenario(tiny)


def verdicts_of(
    units: Mapping[float, Sequence[Sequence[int]]],
    minutes: Sequence[float] = (20.0, 10.0),
    mended: float = 1.0,
    item: str = "robot",
    procedures: Sequence[str] = ("range", "torque"),
) -> Verdicts:
    """By scale, a row of 0 (pass) or 1 (fail) per unit; what failed is run again and then passes for a share of units.

    A failed attempt takes half as long again as a pass.
    """
    rows = []
    for scale, found in units.items():
        for unit, failed in enumerate(found):
            for procedure, bad, usual in zip(procedures, failed, minutes, strict=True):
                cause = f"{procedure}_fault" if bad else ""
                took = usual * (1.5 if bad else 1.0)
                rows.append((scale, unit, item, procedure, 1, FAIL if bad else PASS, cause, took))
                if bad:
                    good = (unit % 100) < 100 * mended
                    rows.append((scale, unit, item, procedure, 2, PASS if good else FAIL, "" if good else cause, usual))
    columns = map(np.array, zip(*rows, strict=True))
    return Verdicts(*columns, key="made up", meta={"units": {str(k): len(v) for k, v in units.items()}})
