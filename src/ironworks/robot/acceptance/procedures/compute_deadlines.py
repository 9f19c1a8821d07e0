"""The computer under its reference load: how fast each chip works, and how near a workload comes to its deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ironworks.product.compute.chip import Band, Chip, Computer
from ironworks.product.compute.defaults import reference_computer, reference_workloads
from ironworks.product.compute.holistic import end_to_end
from ironworks.product.compute.placement import Placed, seconds
from ironworks.product.compute.roofline import stage_time
from ironworks.product.compute.schedule import Schedule, plan
from ironworks.product.compute.simulation import observed
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen

__all__ = ["ComputeDeadlines"]

#: Runs of the reference stage, and the jitter of one over its time; an assumption.
_RUNS, _JITTER = 200, 0.03
_HORIZON = 1.0


class ComputeDeadlines:
    """A reference stage is timed on each chip; then all workloads run on the chips that the design gave them."""

    name = "compute_deadlines"
    item = "computer"
    minutes = 15.0
    measurements = (
        Measurement("chip_speed", Limits(-12.0, 12.0, "percent"), description="of a reference stage, to the design"),
        Measurement(
            "slack", Limits(40.0, None, "percent"), description="left of its deadline to the tightest workload"
        ),
    )
    catches = ("slow_chip",)
    sees = ("chip_speed",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every accelerator, and of the computer."""
        names, rng = specimen.unit.places.names["chip"], specimen.rng(self.name)
        if not names:
            empty = Readings((), np.zeros(0), np.zeros(0))
            return {"chip_speed": empty, "slack": empty}
        speed = 1.0 + specimen.unit["chip_speed"]
        schedule = _planned(len(names))
        accelerators = [i for i, chip in enumerate(schedule.computer.chips) if chip.kind == "accelerator"]
        stage = max(
            (stage for placed in schedule.placed for stage in placed.workload.stages if stage.precision != "fp32"),
            key=lambda stage: stage.operations,
        )
        chips = list(schedule.computer.chips)
        for i, factor in zip(accelerators, speed, strict=True):
            chips[i] = _at(chips[i], float(factor))
        computer = replace(schedule.computer, chips=tuple(chips))
        wanted = np.array([stage_time(stage, schedule.computer.chips[i]).total for i in accelerators])
        taken = np.array([stage_time(stage, computer.chips[i]).total for i in accelerators])
        # Jitter only delays: runs are a share of it late on the average, on every computer alike.
        runs = taken * (1.0 + _JITTER * (rng.gamma(1.0, size=(_RUNS, len(names))) - 1.0))
        placed = [Placed.of(one.workload, one.parts, computer, "mode") for one in schedule.placed]
        ends = end_to_end(placed, len(chips))
        bounds = [
            1.0 - seconds(end) / one.workload.deadline if end is not None else -np.inf
            for one, end in zip(placed, ends, strict=True)
        ]
        parts = {one.workload.name: one.parts for one in placed}
        worst = observed(computer, [one.workload for one in placed], parts, "mode", _HORIZON)
        seen = min(1.0 - worst[one.workload.name] / one.workload.deadline for one in placed)
        return {
            "chip_speed": Readings(names, 100.0 * (wanted / runs.mean(axis=0) - 1.0), 100.0 * (wanted / taken - 1.0)),
            "slack": Readings(("computer",), np.array([100.0 * seen]), np.array([100.0 * min(bounds)])),
        }


@lru_cache(maxsize=4)
def _planned(chips: int) -> Schedule:
    """The design's placement: with chips as they are at their modes."""
    computer = reference_computer()
    accelerators = [chip for chip in computer.chips if chip.kind == "accelerator"]
    others = tuple(chip for chip in computer.chips if chip.kind != "accelerator")
    while len(accelerators) < chips:
        accelerators.append(replace(accelerators[-1], name=f"chip {len(accelerators) + 1}"))
    return plan(Computer((*accelerators[:chips], *others), computer.link_bandwidth, computer.link_latency),
                reference_workloads(), "mode")  # fmt: skip


def _at(chip: Chip, speed: float) -> Chip:
    """A chip whose clocks, of cores and memory, run at a share of the design's."""

    def scaled(band: Band) -> Band:
        return Band(band.low * speed, band.mode * speed, band.high * speed)

    return replace(
        chip,
        peak={name: scaled(band) for name, band in chip.peak.items()},
        bandwidth=scaled(chip.bandwidth),
    )
