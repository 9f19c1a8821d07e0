"""What `results.json` tells of units on their legs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ironworks.studies.acceptance import Accepted
from ironworks.studies.walking import Walked

__all__ = ["on_legs"]


def on_legs(accepted: Accepted) -> dict[str, Any] | None:
    """Falls, what units in a row prove, and the sweep; None for a sample that did not walk."""
    if not isinstance(accepted, Walked):
        return None
    sample, grown = accepted.sample, accepted.grown
    return {
        "walked": sample.walked,
        "fallen": sample.fallen,
        "in_a_row": sample.in_a_row,
        "proven": sample.proven,
        "falls": [{"unit": serial, **asdict(fell)} for serial, fell in sample.falls],
        "turned_away": {str(visit.serial): visit.turned_away for visit in sample.visits if visit.turned_away},
        "sweep": None
        if grown is None
        else {
            "units": grown.units,
            "factors": list(grown.factors),
            "procedures": list(grown.procedures),
            # By deviation and procedure: units that pass at each factor.
            "passed": {
                name: {procedure: grown.counts(procedure)[d].tolist() for procedure in grown.procedures}
                for d, name in enumerate(grown.deviations)
            },
            "runs": grown.runs,
            "seconds": grown.seconds,
        },
    }
