"""What the jobs of one process share: the bench and the procedures, handed over once."""

from __future__ import annotations

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.procedure import Procedure

__all__ = ["at_work", "begin_work"]

_HANDED: list[tuple[Bench, tuple[Procedure, ...]]] = []


def begin_work(bench: Bench, procedures: tuple[Procedure, ...]) -> None:
    """An initializer for `executor.run_jobs`."""
    _HANDED[:] = [(bench, procedures)]


def at_work() -> tuple[Bench, tuple[Procedure, ...]]:
    """What was handed over. Raises IndexError where nothing was."""
    return _HANDED[0]
