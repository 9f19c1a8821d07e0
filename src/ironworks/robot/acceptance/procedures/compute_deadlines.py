"""The computer under its reference load: how fast each chip works, and how near a workload comes to its deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ironworks.product.compute.chip import Band, Chip
from ironworks.product.compute.holistic import end_to_end
from ironworks.product.compute.placement import Placed, seconds
from ironworks.product.compute.read import computer_of, workloads_of
from ironworks.product.compute.roofline import stage_time
from ironworks.product.compute.schedule import Schedule, plan
from ironworks.product.compute.simulation import observed
from ironworks.product.design import Design
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit

__all__ = ["ComputeDeadlines"]

#: Runs of the reference stage, and the jitter of one over its time; an assumption.
_RUNS, _JITTER = 200, 0.03
_HORIZON = 1.0


class ComputeDeadlines:
    """The design's heaviest stage is timed on each chip; then all its workloads run on the chips that it gave them."""

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
        """Readings of every accelerator, and of the computer; none where no chip has anything to do."""
        names, rng = specimen.unit.places.names["chip"], specimen.rng(self.name)
        none = {one.name: Readings.none() for one in self.measurements}
        if not names:
            return none
        speed = 1.0 + specimen.unit["chip_speed"]
        schedule = as_designed(self.name, specimen, lambda unit: _planned(specimen.design, unit))
        accelerators = [i for i, chip in enumerate(schedule.computer.chips) if chip.kind == "accelerator"]
        stages = [
            stage
            for placed in schedule.placed
            for part in placed.parts
            if part.chip in accelerators
            for stage in placed.workload.stages[part.first : part.stop]
        ]
        if not stages:
            return none
        stage = max(stages, key=lambda stage: stage.operations)
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


def _planned(design: Design, unit: Unit) -> Schedule:
    """The design's placement on as many chips as its units have, with the chips as they are at their modes."""
    return plan(computer_of(design, len(unit.places.names["chip"])), workloads_of(design), "mode")


def _at(chip: Chip, speed: float) -> Chip:
    """A chip whose clocks, of cores and memory, run at a share of the design's."""

    def scaled(band: Band) -> Band:
        return Band(band.low * speed, band.mode * speed, band.high * speed)

    return replace(
        chip,
        peak={name: scaled(band) for name, band in chip.peak.items()},
        bandwidth=scaled(chip.bandwidth),
    )
