"""Roofline latencies: the longer of computing and of moving bytes (Williams, Waterman and Patterson 2009).

A roofline knows no launches between layers: prefill of small models (2 B and less) takes longer than its band.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ironworks.product.compute.chip import Band, Case, Chip
from ironworks.product.compute.workload import Stage

__all__ = ["StageTime", "latency", "stage_time"]


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage on a chip: `repeats` regions of `region` seconds, each of which runs without a break."""

    region: float
    repeats: int
    bound: Literal["operations", "bytes"]
    """What takes longer."""

    @property
    def total(self) -> float:
        """Time of the whole stage [s]."""
        return self.region * self.repeats


def stage_time(stage: Stage, chip: Chip, case: Case = "mode") -> StageTime:
    """How long a stage takes on a chip that does nothing else."""
    computing = stage.operations / chip.operations_per_second(stage.precision, case)
    moving = (stage.weight_bytes + stage.activation_bytes) / chip.bytes_per_second(case)
    dispatch = chip.dispatch.when(case, more_is_faster=False)
    return StageTime(dispatch + max(computing, moving), stage.repeats, "operations" if computing > moving else "bytes")


def latency(stages: Iterable[Stage], chip: Chip) -> Band:
    """Low, mode and high time of stages in a row on one chip [s]."""
    stages = tuple(stages)
    fast, mode, slow = (
        sum(stage_time(stage, chip, case).total for stage in stages) for case in ("fast", "mode", "slow")
    )
    return Band(fast, mode, slow)
