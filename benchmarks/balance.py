"""Fewest stations on published and generated lines: proven how often, how fast, and beside CP-SAT and DIDP.

Published lines are read from a folder that is not part of the project (their licence is unstated); a part that
misses its data says so. Every assignment is verified from its line alone. Ends with 1 where a goal is missed.
"""

import argparse
import csv
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from balance_peers import peers
from generated_lines import CYCLE, STRENGTHS, STRUCTURES, TIMES, Kind, drawn_line

from ironworks.factory.balance import Balanced, LineInstance, fewest_stations, read_instance

DATA = Path(os.environ.get("IRONWORKS_BENCHMARKS", Path(__file__).parents[2] / "shared" / "benchmarks")) / "salbp"
PARTS = ("scholl", "otto20", "otto50", "generated", "peers")
#: Largest mean gap of a class of generated lines.
GAPS = {"bottom": 0.005, "bimodal": 0.005, "middle": 0.03}
SEED = 20261129


@dataclass(frozen=True, eq=False)
class Published:
    """A line of the literature: the fewest stations known, and whether anybody has proven them."""

    name: str
    line: LineInstance
    cycle: int
    known: int
    proven: bool


def scholl() -> Iterator[Published]:
    """The 269 of Scholl (1993)."""
    lines: dict[str, LineInstance] = {}
    with (DATA / "scholl_salbp1_optima.csv").open() as file:
        for row in csv.DictReader(file):
            line = lines.setdefault(row["file"], read_instance(DATA / "scholl" / row["file"])[0])
            known = row["m_star"].strip("[]").split(",")
            yield Published(f"{row['graph']} c={row['c']}", line, int(row["c"]), int(known[-1]), len(known) == 1)


def otto(tasks: int) -> Iterator[Published]:
    """150 of Otto, Otto and Scholl (2013)."""
    with (DATA / f"otto_n{tasks}_bounds.csv").open() as file:
        for row in csv.DictReader(file):
            line, cycle = read_instance(DATA / f"otto_n{tasks}" / f"{row['instance']}.alb")
            assert cycle is not None
            yield Published(row["instance"], line, cycle, int(row["ub"]), row["lb"] == row["ub"])


def solved(lines: list[Published], seconds: float) -> list[Balanced]:
    """Each line balanced, in at most so many seconds."""
    found = []
    for at, one in enumerate(lines, 1):
        found.append(fewest_stations(one.line, one.cycle, seconds))
        found[-1].assignment.verify()
        if sys.stderr.isatty():
            print(f"\r{at} of {len(lines)}", end="", file=sys.stderr)
    return found


def published(name: str, lines: list[Published], seconds: float, least_proven: int, median: float) -> bool:
    """Balance published lines, print what came out and say whether the goals are met."""
    found = solved(lines, seconds)
    times = [one.seconds for one in found]
    proven = sum(one.proven for one in found)
    worse = [line.name for line, one in zip(lines, found, strict=True) if one.assignment.stations > line.known]
    better = sum(one.assignment.stations < line.known for line, one in zip(lines, found, strict=True))
    wrong = [
        line.name for line, one in zip(lines, found, strict=True)
        if one.least > line.known or (line.proven and one.assignment.stations < line.known)
    ]  # fmt: skip
    print(
        f"{name}: {proven} of {len(lines)} proven, {better} below the known, median {statistics.median(times):.3f} s, "
        f"longest {max(times):.1f} s, {sum(times):.0f} s in all"
    )
    for line, one in zip(lines, found, strict=True):
        if not one.proven:
            print(f"  open: {line.name}: {one.least} to {one.assignment.stations}, known {line.known}")
    for what, names in (("worse than known", worse), ("against what is proven", wrong)):
        if names:
            print(f"  {what}: {', '.join(names)}")
    return proven >= least_proven and not worse and not wrong and statistics.median(times) <= median


def generated(seconds: float, tasks: int) -> bool:
    """Balance generated lines, one of each class, and print gaps by class."""
    met = True
    print(f"generated, {tasks} tasks, at most {seconds:g} s each: stations, bound, gap")
    for times in TIMES:
        gaps = []
        for strength in STRENGTHS:
            for structure in STRUCTURES:
                line = drawn_line(tasks, Kind(times, structure, strength), SEED)
                found = fewest_stations(line, CYCLE, seconds)
                found.assignment.verify()
                gaps.append(found.gap)
                print(
                    f"  {times:8s} {structure:12s} {line.order_strength:.2f}  "
                    f"{found.assignment.stations:4d} {found.least:4d} {100 * found.gap:5.2f} %  {found.seconds:5.1f} s",
                    flush=True,
                )
        mean = statistics.mean(gaps)
        met &= mean <= GAPS[times]
        print(f"  {times}: mean gap {100 * mean:.2f} % (goal {100 * GAPS[times]:.1f} %)")
    return met


def beside_peers(seconds: float) -> bool:
    """The hardest published lines, once each by whoever is installed."""
    others = peers()
    if len(others) < 2:
        print("peers: `pip install -e '.[bench]'` brings those that are missing of CP-SAT and didppy")
    for name, lines, count in (("Scholl", list(scholl()), 27), ("Otto n=50", list(otto(50)), 20)):
        hard = sorted(zip(lines, solved(lines, seconds), strict=True), key=lambda pair: -pair[1].seconds)[:count]
        print(f"hardest {count} of {name}, {seconds:g} s each on one core: proven, at the best known, seconds in all")
        ours: Callable[..., tuple[int | None, bool, float]] = lambda line, cycle, limit: (  # noqa: E731
            (one := fewest_stations(line, cycle, limit)).assignment.stations, one.proven, one.seconds
        )  # fmt: skip
        for who, solve in {"Ironworks": ours, **others}.items():
            found = [solve(line.line, line.cycle, seconds) for line, _ in hard]
            best = sum(one[0] is not None and one[0] <= line.known for one, (line, _) in zip(found, hard, strict=True))
            print(
                f"  {who:10s} {sum(one[1] for one in found):3d} {best:3d} {sum(one[2] for one in found):7.1f}",
                flush=True,
            )
    return True


def main() -> int:
    """Run the parts that are wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--seconds", type=float, default=60.0, help="for one of Scholl's lines and a generated one")
    parser.add_argument("--peer-seconds", type=float, default=15.0, help="for one line by anybody, in the comparison")
    parser.add_argument("--tasks", type=int, default=1000, help="of a generated line")
    chosen = parser.parse_args()
    parts = chosen.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}: choose of {', '.join(PARTS)}")
    # Kernels are compiled before anything is timed.
    warm = drawn_line(60, Kind("bimodal", "mixed", 0.6), 1)
    fewest_stations(warm, CYCLE, 5.0)
    met = []
    if not DATA.is_dir():
        print(f"no published lines at {DATA} (IRONWORKS_BENCHMARKS tells another place): their parts are left out")
        parts = [part for part in parts if part == "generated"]
    if "scholl" in parts:
        met.append(published("Scholl", list(scholl()), chosen.seconds, 269, 0.1))
    if "otto20" in parts:
        met.append(published("Otto n=20", list(otto(20)), 15.0, 150, 1.0))
    if "otto50" in parts:
        met.append(published("Otto n=50", list(otto(50)), 15.0, 147, 1.0))
    if "generated" in parts:
        met.append(generated(chosen.seconds, chosen.tasks))
    if "peers" in parts:
        met.append(beside_peers(chosen.peer_seconds))
    print("goals met" if all(met) else "a goal is missed")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
