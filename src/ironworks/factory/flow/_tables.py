"""What grows while a model is flattened."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.kernels.random import stream_key
from ironworks.factory.flow.laws import Law
from ironworks.factory.flow.model import Growth, Learning, Steps

_LEARNING = {"crawford": f.L_CRAWFORD, "wright": f.L_WRIGHT, "dejong": f.L_DEJONG}


def micro(seconds: float) -> int:
    """Seconds to whole microseconds; infinity to NEVER."""
    return NEVER if math.isinf(seconds) else round(seconds * 1e6)


@dataclass
class Tables:
    """Everything that grows while a model is flattened: laws, keys, experience, lists, first events."""

    seed: int
    replication: int
    laws: list[tuple[int, float, float, float, float]] = field(default_factory=list)
    keys: list[np.uint64] = field(default_factory=list)
    learning: list[list[float]] = field(default_factory=list)
    experience: dict[str, int] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    ci: list[int] = field(default_factory=list)
    cf: list[float] = field(default_factory=list)
    events: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)

    def list_of(self, ints: Sequence[int], floats: Sequence[float] = ()) -> int:
        """Append whole numbers, and figures at the same positions; where they begin."""
        first = len(self.ci)
        self.ci.extend(int(x) for x in ints)
        self.cf.extend(float(x) for x in floats)
        self.cf.extend([0.0] * (len(self.ci) - len(self.cf)))
        return first

    def law(self, law: Law | None, scale: float = 1.0) -> int:
        if law is None:
            return -1
        self.laws.append((law if scale == 1.0 else law.scaled(1.0 / scale)).encode())
        return len(self.laws) - 1

    def key(self, name: str, purpose: str) -> int:
        self.keys.append(stream_key(self.seed, self.replication, name, purpose))
        return len(self.keys) - 1

    def family(self, name: str) -> int:
        return self.families.setdefault(name, len(self.families))

    def growth(self, growth: Growth | None) -> int:
        if growth is None:
            return -1
        limit = growth.limit if growth.exponent > 0 or not math.isinf(growth.limit) else 0.0
        return self.list_of([0, 0, 0], [growth.exponent, growth.at_unit, limit])

    def learn(self, learning: Learning | None, name: str) -> int:
        key = learning.experience if learning is not None and learning.experience is not None else name
        if key in self.experience:
            return self.experience[key]
        row = [0.0] * f.LN_N
        row[f.LN_AT] = 1.0
        if learning is not None:
            row[f.LN_LAW] = _LEARNING[learning.law]
            row[f.LN_B] = math.log2(learning.rate)
            row[f.LN_AT] = learning.at_unit
            row[f.LN_M] = learning.incompressible
            row[f.LN_PRIOR] = learning.prior
        self.learning.append(row)
        self.experience[key] = len(self.learning) - 1
        return self.experience[key]

    def steps(self, steps: Steps) -> tuple[int, int]:
        first = self.list_of([micro(t) for t, _ in steps], [float(v) for _, v in steps])
        return first, len(steps)

    def at(self, time: float, cls: int, order: int, kind: int, index: int, extra: int = 0) -> None:
        if not math.isinf(time):
            self.events.append((micro(time), cls, order, kind, index, extra))
