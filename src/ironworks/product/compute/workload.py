"""Workloads: what is computed how often and by when, as stages of operations and bytes; and builders for the usual."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from ironworks.product.compute.chip import BITS, COARSER

__all__ = ["Stage", "Workload", "action_head", "control_loop", "encoder", "transformer"]


@dataclass(frozen=True)
class Stage:
    """A piece of a job that runs `repeats` times in a row; between two repeats something more urgent may step in.

    operations, weight_bytes and activation_bytes (activations and KV cache moved to and from memory) are per repeat.
    resident [B] stays in memory between jobs. output_bytes pass to the next stage. Consecutive stages that name the
    same `model` share its weights and stay on one chip.
    """

    name: str
    operations: float
    weight_bytes: float
    activation_bytes: float
    precision: str
    repeats: int = 1
    resident: float = 0.0
    output_bytes: float = 0.0
    model: str = ""

    def __post_init__(self) -> None:
        if self.precision not in BITS:
            raise ValueError(f"stage {self.name}: precision {self.precision} is none of {', '.join(BITS)}")
        sizes = (self.operations, self.weight_bytes, self.activation_bytes, self.resident, self.output_bytes)
        if min(sizes) < 0 or self.repeats < 1:
            raise ValueError(f"stage {self.name}: operations and bytes must not be negative, repeats at least 1")

    def quantised(self) -> Stage:
        """With weights of the next coarser precision; itself at the coarsest. Activations keep their bytes."""
        coarser = COARSER.get(self.precision)
        if coarser is None:
            return self
        share = BITS[coarser] / BITS[self.precision]
        saved = min(self.resident, self.weight_bytes) * (1.0 - share)
        return replace(self, precision=coarser, weight_bytes=self.weight_bytes * share, resident=self.resident - saved)


@dataclass(frozen=True)
class Workload:
    """Stages that run in order every `period` [s] and must end `deadline` [s] after their release.

    priority: smaller is more urgent; None orders by deadline, behind those that have one. on: kinds of chips that may
    run it, all if empty. pipelined: its stages may lie on several chips.
    """

    name: str
    stages: tuple[Stage, ...]
    period: float
    deadline: float
    pipelined: bool = False
    priority: int | None = None
    on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.stages:
            raise ValueError(f"workload {self.name} has no stages")
        if self.period <= 0 or self.deadline <= 0:
            raise ValueError(f"workload {self.name}: period and deadline must be positive")
        twice = [name for name, n in Counter(stage.name for stage in self.stages).items() if n > 1]
        if twice:
            raise ValueError(f"workload {self.name} has several stages of the name {', '.join(twice)}")

    @property
    def urgency(self) -> tuple[float, float, str]:
        """Sorts workloads, most urgent first."""
        return (float("inf") if self.priority is None else self.priority, self.deadline, self.name)

    def quantised(self) -> Workload | None:
        """With every stage at the next coarser precision; None where none has any."""
        coarser = replace(self, stages=tuple(stage.quantised() for stage in self.stages))
        return None if coarser == self else coarser

    def slower(self, factor: float) -> Workload:
        """At 1 / factor of its rate: period and deadline times factor."""
        return replace(self, period=self.period * factor, deadline=self.deadline * factor)


def transformer(
    name: str,
    parameters: float,
    precision: str,
    *,
    prompt: int,
    tokens: int = 0,
    kv_bytes: float = 0.0,
    output_bytes: float = 0.0,
) -> tuple[Stage, ...]:
    """Prefill of `prompt` tokens and, where wanted, decoding of further `tokens`, one forward pass each.

    2 operations per parameter and token, weights read once per pass. kv_bytes: cache per token over all layers; a
    decoding pass reads the cache at its mean length. Attention's own operations are left out: beside the weights' they
    are about prompt / (6 widths of the model).
    """
    weights = parameters * BITS[precision] / 8
    cache = (prompt + tokens) * kv_bytes
    prefill = Stage(
        f"{name} prefill",
        2.0 * parameters * prompt,
        weights,
        prompt * kv_bytes,
        precision,
        resident=weights + cache,
        output_bytes=output_bytes,
        model=name,
    )
    if not tokens:
        return (prefill,)
    seen = (prompt + (tokens - 1) / 2) * kv_bytes
    return (
        replace(prefill, output_bytes=0.0),
        Stage(
            f"{name} decode",
            2.0 * parameters,
            weights,
            seen,
            precision,
            repeats=tokens,
            output_bytes=output_bytes,
            model=name,
        ),
    )


def encoder(
    name: str,
    parameters: float,
    precision: str,
    *,
    images: int = 1,
    patches: int = 0,
    operations: float | None = None,
    activation_bytes: float = 0.0,
    output_bytes: float = 0.0,
) -> tuple[Stage, ...]:
    """A vision encoder over `images` at once: weights are read once for all of them.

    operations: per image, as published for convolutions (twice the multiply-accumulates); a transformer over patches
    has 2 per parameter and patch instead. activation_bytes: moved per image.
    """
    each = 2.0 * parameters * patches if operations is None else operations
    weights = parameters * BITS[precision] / 8
    moved = images * activation_bytes
    return (Stage(name, images * each, weights, moved, precision, resident=weights + moved, output_bytes=output_bytes),)


def action_head(
    name: str,
    parameters: float,
    precision: str,
    *,
    steps: int,
    chunk: int,
    context_bytes: float = 0.0,
    output_bytes: float = 0.0,
) -> tuple[Stage, ...]:
    """A diffusion or flow head: `steps` passes over a chunk of `chunk` actions, each reads weights and context anew."""
    weights = parameters * BITS[precision] / 8
    operations = 2.0 * parameters * chunk
    return (Stage(name, operations, weights, context_bytes, precision, steps, weights + context_bytes, output_bytes),)


def control_loop(name: str, operations: float, moved: float, precision: str = "fp32") -> tuple[Stage, ...]:
    """One tick of a controller: its operations and the bytes that it moves and keeps."""
    return (Stage(name, operations, 0.0, moved, precision, resident=moved),)
