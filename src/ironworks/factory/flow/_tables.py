"""What grows while a model is flattened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.kernels.random import stream_key
from ironworks.factory.flow.kernels.stock import LAW_LISTED
from ironworks.factory.flow.laws import Law, Listed
from ironworks.factory.flow.model import Growth, Learning, Steps
from ironworks.factory.flow.result import Ints

_LEARNING = {"crawford": f.L_CRAWFORD, "wright": f.L_WRIGHT, "dejong": f.L_DEJONG}


def micro(seconds: float) -> int:
    """Seconds to whole microseconds; infinity to NEVER."""
    return NEVER if math.isinf(seconds) else round(seconds * 1e6)


@dataclass(frozen=True, slots=True)
class Entities:
    """The records of all entities, (n, E_WIDTH), and where in memory the first one begins."""

    rows: Ints
    first: int

    def at(self, place: int) -> Ints:
        """The record that begins at a place in memory, as a view."""
        record: Ints = self.rows[(place - self.first) // f.E_WIDTH]
        return record


@dataclass
class Tables:
    """Everything that grows while a model is flattened: lists, keys, experience, the first events."""

    seed: int
    replication: int
    first: int = 0
    """Where the lists begin in memory."""
    ci: list[int] = field(default_factory=list)
    cf: list[float] = field(default_factory=list)
    experience: dict[str, int] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    events: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)

    def list_of(self, ints: Sequence[int], floats: Sequence[float] = ()) -> int:
        """Append whole numbers, and figures at the same places; where they begin."""
        first = self.first + len(self.ci)
        self.ci.extend(int(x) for x in ints)
        self.cf.extend(float(x) for x in floats)
        longest = max(len(self.ci), len(self.cf))
        self.ci.extend([0] * (longest - len(self.ci)))
        self.cf.extend([0.0] * (longest - len(self.cf)))
        return first

    def figures(self, *values: float) -> int:
        """Append figures; where they begin."""
        return self.list_of((), values)

    def law(self, law: Law | None, rate: float = 1.0) -> int:
        """Where the code and parameters of a law stand; times are divided by `rate`."""
        if law is None:
            return -1
        scaled = law if rate == 1.0 else law.scaled(1.0 / rate)
        if isinstance(scaled, Listed):
            return self.figures(LAW_LISTED, len(scaled.times), *scaled.times)
        return self.figures(*scaled.encode())

    def key(self, name: str, purpose: str) -> int:
        """The key of the stream of an entity for a purpose, as the bits of an int64."""
        return int(stream_key(self.seed, self.replication, name, purpose).astype(np.int64))

    def family(self, name: str) -> int:
        """Number of a set-up family."""
        return self.families.setdefault(name, len(self.families))

    def growth(self, growth: Growth | None) -> int:
        """Where a growth law stands, or -1."""
        if growth is None:
            return -1
        limit = growth.limit if growth.exponent > 0 or not math.isinf(growth.limit) else 0.0
        return self.figures(growth.exponent, growth.at_unit, limit)

    def learn(self, learning: Learning | None, name: str) -> int:
        """Where the experience of an operation is counted; the first that names it sets its law."""
        key = learning.experience if learning is not None and learning.experience is not None else name
        if key not in self.experience:
            row = [0.0] * f.LN_N
            row[f.LN_AT] = 1.0
            if learning is not None:
                row[f.LN_LAW] = _LEARNING[learning.law]
                row[f.LN_B] = math.log2(learning.rate)
                row[f.LN_AT] = learning.at_unit
                row[f.LN_M] = learning.incompressible if learning.law == "dejong" else 0.0
                row[f.LN_SCALE] = row[f.LN_M] + (1.0 - row[f.LN_M]) * learning.at_unit ** row[f.LN_B]
                row[f.LN_PRIOR] = learning.prior
            self.experience[key] = self.figures(*row)
        return self.experience[key]

    def steps(self, steps: Steps) -> tuple[int, int]:
        """Where a piecewise-constant series begins, and its length."""
        return self.list_of([micro(t) for t, _ in steps], [float(v) for _, v in steps]), len(steps)

    def at(self, time: float, cls: int, order: int, kind: int, index: int, extra: int = 0) -> None:
        """Note an event that is known from the start."""
        if not math.isinf(time):
            self.events.append((micro(time), cls, order, kind, index, extra))
