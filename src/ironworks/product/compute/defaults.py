"""The reference robot's computer and workloads: those of the built-in humanoid, whose tables hold the figures."""

from __future__ import annotations

from ironworks.product.compute.chip import Computer
from ironworks.product.compute.read import computer_of, workloads_of
from ironworks.product.compute.workload import Workload
from ironworks.product.design import read_design

__all__ = ["reference_computer", "reference_workloads"]


def reference_computer(chips: int | None = None) -> Computer:
    """Three equal chips (A11, A12) and the host's cores, which run the control loops."""
    return computer_of(read_design("humanoid"), chips)


def reference_workloads() -> tuple[Workload, ...]:
    """Balance and joints, perception, action model (VLA), task model (VLT) and language model (VLM); sizes assumed."""
    return workloads_of(read_design("humanoid"))
