"""Quadratic assignment against the best known costs of QAPLIB, 30 s each at most.

Goal: best known reached on at least 20 of 22 instances, mean gap at most 0.2 %. The data lie beside the project, or
where IRONWORKS_BENCHMARKS says.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from ironworks.factory.layout import assign, read_qap

DATA = Path(os.environ.get("IRONWORKS_BENCHMARKS", Path(__file__).parents[2] / "shared" / "benchmarks")) / "qap"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="")
    given = options.parse_args()
    if not DATA.is_dir():
        print(f"skipped: no instances at {DATA}; IRONWORKS_BENCHMARKS tells another place")
        return
    assign(read_qap(sorted(DATA.glob("*.dat"))[0])[0], iterations=1)
    gaps: list[float] = []
    seconds: list[float] = []
    reached = 0
    for path in sorted(DATA.glob(f"{given.only}*.dat")):
        instance, known = read_qap(path)
        assert known is not None
        found = assign(instance, given.seconds, given.seed, known)
        found.verify()
        gap = found.cost / known - 1.0
        gaps.append(gap)
        reached += found.cost <= known
        seconds.append(found.seconds)
        print(
            f"{path.stem:8s} {found.cost:14,.0f} of {known:14,.0f}  gap {gap:7.3%}  {found.seconds:6.2f} s  "
            f"{found.iterations / max(found.seconds, 1e-9):11,.0f} swaps/s",
            flush=True,
        )
    print(
        f"best known reached on {reached} of {len(gaps)} (goal 20 of 22), mean gap {np.mean(gaps):.3%} (goal 0.2 %), "
        f"median {np.median(seconds):.2f} s, at most {max(seconds):.1f} s"
    )
    if reached < len(gaps) - 2 or np.mean(gaps) > 0.002:
        sys.exit(1)


if __name__ == "__main__":
    main()
