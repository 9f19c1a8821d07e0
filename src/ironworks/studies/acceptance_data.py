"""Makes the verdicts of the built-in scenarios anew: what `make acceptance-data` runs."""

from __future__ import annotations

import argparse
import sys

from ironworks.scenario import builtin_scenarios, read_scenario
from ironworks.studies import field_trial
from ironworks.studies.acceptance import SCALES, SHIPPED, SHIPPED_UNITS, sampled, setup_of, table

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Test each built-in scenario that has spreads, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", help="default: all that have spreads")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--only", choices=("bench", "field-trial"), help="one kind of table alone")
    given = parser.parse_args(arguments)
    SHIPPED.mkdir(exist_ok=True)
    for name in given.scenarios or builtin_scenarios():
        scenario = read_scenario(name)
        if not scenario.spreads:
            continue
        if given.only != "field-trial":
            setup = setup_of(scenario, units=SHIPPED_UNITS, scales=SCALES)
            result = sampled(setup, SHIPPED_UNITS, scales=SCALES, workers=given.workers, on_progress=_tell)
            path = table(setup, result).write(SHIPPED / f"{name}.parquet")
            said = f"{SHIPPED_UNITS} units at {len(SCALES)} scales in {result.seconds:.0f} s; {path.name}"
            sys.stderr.write(f"\n{name}: {said}\n")
        if given.only != "bench" and field_trial.is_named(scenario):
            files = field_trial.ship(scenario, given.workers, _tell)
            sys.stderr.write(f"\n{name}: {', '.join(path.name for path in files)}\n")
    return 0


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} of {total}   ")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
