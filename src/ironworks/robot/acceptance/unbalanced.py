"""Variances of parts, testers and repeats from readings that fill no plan: whatever a bench happened to log."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ironworks.robot.acceptance.gauge import Components

__all__ = ["Unbalanced", "unbalanced"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
# Where two sources coincide, the one that stands first here gets the variance.
_SOURCES = ("part", "operator", "repeatability", "interaction")


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """Mean and variances of readings; `unseen` says which source these readings cannot tell, and from what."""

    mean: float
    components: Components
    unseen: tuple[str, ...]


def unbalanced(values: ArrayLike, parts: ArrayLike, operators: ArrayLike) -> Unbalanced:
    """Variances from finite readings (n,) and the code or name of the part and of the operator of each, (n,).

    Henderson's method 3 (Biometrics 9, 1953): what each factor explains beyond the other one, and beyond both, is
    equated to its expectation; unbiased for random effects, and the ANOVA estimates where the plan is balanced. A
    source estimated below zero is taken out and the others are estimated again. Of two sources that the readings
    cannot tell apart, one gets the variance of both; `unseen` names them.
    """
    data = np.asarray(values, dtype=np.float64)
    if data.ndim != 1 or len(data) < 2:
        raise ValueError(f"variances need a row of 2 or more readings, not an array {data.shape}")
    if not np.isfinite(data).all():
        raise ValueError("variances need finite readings")
    part, operator = _codes(parts), _codes(operators)
    if not len(part) == len(operator) == len(data):
        raise ValueError(f"{len(part)} parts and {len(operator)} operators for {len(data)} readings")
    sources, unseen = _seen(part, operator)
    mean = float(data.mean())
    explained = _Explained(data - mean, part, operator)
    variances = explained.solved(sources)
    while min(variances.values()) < 0.0:
        sources.remove(min(variances, key=lambda name: variances[name]))
        variances = explained.solved(sources)
    found = Components(**{name: variances.get(name, 0.0) for name in _SOURCES})
    return Unbalanced(mean, found, tuple(unseen))


def _codes(labels: ArrayLike) -> Codes:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)


def _crossed(a: Codes, b: Codes) -> Codes:
    return _codes(a * (int(b.max()) + 1) + b)


def _seen(part: Codes, operator: Codes) -> tuple[list[str], list[str]]:
    """The sources that can be told apart, and sentences on the others."""
    each = np.arange(len(part), dtype=np.int64)
    groups = {"part": part, "operator": operator, "repeatability": each, "interaction": _crossed(part, operator)}
    sources: list[str] = []
    unseen: list[str] = []
    for name in _SOURCES:
        mine = groups[name]
        twin = next((o for o in sources if mine.max() == groups[o].max() == _crossed(mine, groups[o]).max()), None)
        if mine.max() == 0:
            unseen.append(f"{name}: there is only one")
        elif twin is None:
            sources.append(name)
        elif name != "interaction" or {"part", "operator"} <= set(sources):
            unseen.append(f"{name}: cannot be told from {twin}")
    return sources, unseen


class _Explained:
    """Sums of squares that models of the readings explain, each with its expectation per unit of each variance."""

    def __init__(self, data: Floats, part: Codes, operator: Codes) -> None:
        n = len(data)
        cell = _crossed(part, operator)
        size = {"part": np.bincount(part), "operator": np.bincount(operator), "cell": np.bincount(cell)}
        total = {"part": np.bincount(part, data), "operator": np.bincount(operator, data)}
        inside = np.bincount(cell, data)
        of_part, of_operator = np.zeros((2, len(inside)), dtype=np.int64)
        of_part[cell], of_operator[cell] = part, operator
        count = size["cell"].astype(np.float64)
        table = np.zeros((len(size["part"]), len(size["operator"])))
        table[of_part, of_operator] = count
        share = table / size["part"][:, None]
        by_part = float((count**2 / size["part"][of_part]).sum())
        by_operator = float((count**2 / size["operator"][of_operator]).sum())
        part_ss = float((total["part"] ** 2 / size["part"]).sum())
        # Operators after parts are swept out: their normal equations, and how cells enter them.
        normal = np.diag(size["operator"].astype(np.float64)) - table.T @ share
        right = total["operator"] - share.T @ total["part"]
        entry = np.eye(len(normal))[of_operator] - share[of_part]
        scales, axes = np.linalg.eigh(normal)
        told = scales > 1e-9 * n
        whitened = axes[:, told] / np.sqrt(scales[told])
        rank = int(told.sum())
        self._nested = rank == 0
        added = float((((entry @ whitened) ** 2).sum(axis=1) * count**2).sum())
        both_ss = part_ss + float(((right @ whitened) ** 2).sum())
        squares = [float((size[name].astype(np.float64) ** 2).sum()) / n for name in ("part", "operator", "cell")]
        # Explained sum, then what one unit of variance of part, operator, repeatability, interaction adds to it.
        self._models = {
            "mean": (0.0, squares[0], squares[1], 1.0, squares[2]),
            "part": (part_ss, n, by_part, len(table), by_part),
            "operator": (
                float((total["operator"] ** 2 / size["operator"]).sum()), by_operator, n, len(normal), by_operator
            ),
            "both": (both_ss, n, n, len(table) + rank, by_part + added),
            "cell": (float((inside**2 / count).sum()), n, n, len(count), n),
            "each": (float((data**2).sum()), n, n, n, n),
        }  # fmt: skip

    def solved(self, sources: list[str]) -> dict[str, float]:
        """Variances of the sources; negative ones are left as they come out."""
        pairs = [self._models_of(name, set(sources)) for name in sources]
        gains = np.array(
            [np.subtract(self._models[more], self._models[less]) for more, less in pairs], dtype=np.float64
        )
        columns = [1 + _SOURCES.index(name) for name in sources]
        solution = np.linalg.lstsq(gains[:, columns], gains[:, 0], rcond=None)[0]
        return {name: float(value) for name, value in zip(sources, solution, strict=True)}

    def _models_of(self, source: str, sources: set[str]) -> tuple[str, str]:
        """The two models whose difference tells of a source."""
        factors = sources & {"part", "operator"}
        widest = "both" if len(factors) == 2 else next(iter(factors), "mean")
        if source == "interaction":
            return "cell", widest
        if source == "repeatability":
            return "each", "cell" if "interaction" in sources else widest
        if widest == "both" and not self._nested:
            return "both", "operator" if source == "part" else "part"
        return source, "mean"
