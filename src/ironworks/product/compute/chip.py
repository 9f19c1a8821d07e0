"""Chips and what they give: peak operations by precision, memory, links, and how much of it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = ["BITS", "CASES", "COARSER", "Band", "Case", "Chip", "Computer"]

Case = Literal["fast", "mode", "slow"]
CASES: tuple[Case, ...] = ("fast", "mode", "slow")

BITS: Mapping[str, int] = {"int4": 4, "fp4": 4, "int8": 8, "fp8": 8, "fp16": 16, "bf16": 16, "fp32": 32}
"""Bits per weight."""

COARSER: Mapping[str, str] = {"fp32": "fp16", "fp16": "int8", "bf16": "int8", "int8": "int4", "fp8": "fp4"}
"""The precision that quantisation goes to next."""


@dataclass(frozen=True, slots=True)
class Band:
    """A number with its range: low <= mode <= high."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise ValueError(f"a band needs low <= mode <= high, not {self.low:g}, {self.mode:g}, {self.high:g}")

    @classmethod
    def of(cls, value: float) -> Band:
        """A number without a range."""
        return cls(value, value, value)

    def when(self, case: Case, more_is_faster: bool = True) -> float:
        """The end that makes the computer fast or slow, or the mode."""
        if case == "mode":
            return self.mode
        return self.high if (case == "fast") == more_is_faster else self.low


@dataclass(frozen=True)
class Chip:
    """One processor with a memory of its own; it runs one thing at a time.

    peak: operations/s by precision, a multiply and an add counting as two, without sparsity. bandwidth [B/s].
    memory [B]. The efficiencies are the shares of peak and of bandwidth that are reached. dispatch [s] is spent before
    each region. idle_power and busy_power [W].
    """

    name: str
    peak: Mapping[str, Band]
    bandwidth: Band
    memory: float
    compute_efficiency: Band = field(default_factory=lambda: Band.of(1.0))
    bandwidth_efficiency: Band = field(default_factory=lambda: Band.of(1.0))
    dispatch: Band = field(default_factory=lambda: Band.of(0.0))
    idle_power: float = 0.0
    busy_power: float = 0.0
    kind: str = "accelerator"

    def __post_init__(self) -> None:
        unknown = sorted(set(self.peak) - set(BITS))
        if unknown or not self.peak:
            raise ValueError(f"chip {self.name}: precision {', '.join(unknown) or '-'} is none of {', '.join(BITS)}")
        if min([self.bandwidth.low, *(band.low for band in self.peak.values())]) <= 0 or self.memory < 0:
            raise ValueError(f"chip {self.name}: peak and bandwidth must be positive, memory not negative")
        for what, share in (("compute", self.compute_efficiency), ("bandwidth", self.bandwidth_efficiency)):
            if not 0 < share.low <= share.high <= 1:
                raise ValueError(f"chip {self.name}: the {what} efficiency must lie in (0, 1]")

    def operations_per_second(self, precision: str, case: Case) -> float:
        """What is reached of the peak at a precision. Raises ValueError where the chip does not know it."""
        if precision not in self.peak:
            raise ValueError(f"chip {self.name} does not compute in {precision}; it knows {', '.join(self.peak)}")
        return self.peak[precision].when(case) * self.compute_efficiency.when(case)

    def bytes_per_second(self, case: Case) -> float:
        """What is reached of the memory's bandwidth."""
        return self.bandwidth.when(case) * self.bandwidth_efficiency.when(case)


@dataclass(frozen=True)
class Computer:
    """Chips and the link between any two of them: bandwidth [B/s] and latency [s]."""

    chips: tuple[Chip, ...]
    link_bandwidth: float
    link_latency: float

    def __post_init__(self) -> None:
        names = [chip.name for chip in self.chips]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"a computer needs chips with names of their own, not {', '.join(names) or 'none'}")
        if self.link_bandwidth <= 0 or self.link_latency < 0:
            raise ValueError("the link needs a positive bandwidth and no negative latency")

    def transfer(self, size: float) -> float:
        """Time for `size` bytes over a link that nothing else uses [s]."""
        return self.link_latency + size / self.link_bandwidth

    def with_one_more(self, kind: str) -> Computer:
        """The same computer with one more chip like its last one of a kind."""
        of_kind = [chip for chip in self.chips if chip.kind == kind]
        if not of_kind:
            raise ValueError(f"no chip of kind {kind}; there are {', '.join(sorted({c.kind for c in self.chips}))}")
        names = {chip.name for chip in self.chips}
        number = next(i for i in range(1, len(names) + 2) if f"{kind} +{i}" not in names)
        return replace(self, chips=(*self.chips, replace(of_kind[-1], name=f"{kind} +{number}")))
