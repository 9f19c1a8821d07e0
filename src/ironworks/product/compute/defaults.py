"""The reference robot's computer and workloads. What is not published is an assumption with a range, and is called one.

Sources of kind `article` and `public` name facts by their number (A11, A12, A13); every other figure is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ironworks.figures import Figure
from ironworks.product.compute.chip import Band, Chip, Computer
from ironworks.product.compute.workload import Workload, action_head, control_loop, encoder, transformer

__all__ = ["FIGURES", "reference_computer", "reference_workloads"]

_GIGA, _TERA = 1e9, 1e12
_BOARDS = "assumption; boards of this class are published with 205 to 273 GB/s (Jetson AGX Orin, Jetson Thor)"
_MEASURED = (
    "assumption; measured times of action models are 1.2 to 5 times their rooflines (mind notes, compute budget)"
)
_SIZES = "assumption; sizes and rates of the models are not published (mind notes, compute budget)"


def _figure(
    key: str, quantity: str, value: float, low: float, high: float, unit: str, source: str, factor: float = 1.0
) -> Figure:
    kind = "article" if source == "A11" else "public" if source == "A12" else "assumed"
    return Figure(key, quantity, value, low, high, unit, kind, source, factor=factor)


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        figure.id: figure
        for figure in (
            _figure("chips", "chips in the robot", 3, 3, 3, "chips", "A11"),
            _figure("peak", "operations of a chip at 8 bits", 750, 700, 750, "TOPS", "A12", _TERA),
            _figure(
                "peak_4bit",
                "operations of a chip at 4-bit weights",
                750,
                700,
                1500,
                "TOPS",
                "assumption; 4-bit weights computed at 8 bits, or twice as fast",
                _TERA,
            ),
            _figure(
                "peak_16bit",
                "operations of a chip at 16 bits",
                187,
                90,
                375,
                "TOPS",
                "assumption; a half, a quarter or an eighth of the 8-bit peak",
                _TERA,
            ),
            _figure("bandwidth", "memory bandwidth of a chip", 273, 205, 400, "GB/s", _BOARDS, _GIGA),
            _figure(
                "memory",
                "memory of a chip",
                32,
                24,
                64,
                "GB",
                "assumption; holds the 30 billion parameters of A13 at 4 bits and as much again",
                _GIGA,
            ),
            _figure("compute_efficiency", "share of the peak that is reached", 0.5, 0.2, 0.85, "-", _MEASURED),
            _figure("bandwidth_efficiency", "share of the bandwidth that is reached", 0.65, 0.35, 0.9, "-", _MEASURED),
            _figure("dispatch", "start of a region", 50, 10, 200, "us", "assumption; a launch from a queue", 1e-6),
            _figure("busy_power", "power of a working chip", 70, 40, 130, "W", "assumption; boards of this class"),
            _figure("idle_power", "power of a waiting chip", 15, 8, 30, "W", "assumption; boards of this class"),
            _figure(
                "link", "bandwidth between two chips", 16, 4, 32, "GB/s", "assumption; a PCIe 4 link of 8 lanes", _GIGA
            ),
            _figure("link_latency", "latency between two chips", 20, 5, 100, "us", "assumption", 1e-6),
            _figure("host_peak", "operations of the host's cores", 0.1, 0.05, 0.3, "TFLOPS", "assumption", _TERA),
            _figure("host_bandwidth", "memory bandwidth of the host's cores", 40, 20, 80, "GB/s", "assumption", _GIGA),
            _figure("vla_size", "parameters of the action model", 2.7, 2.0, 3.3, "billion", _SIZES, _GIGA),
            _figure("vlt_size", "parameters of the task model", 4, 2, 7, "billion", _SIZES, _GIGA),
            _figure("vlm_size", "parameters of the language model", 7, 4, 30, "billion", _SIZES, _GIGA),
        )
    }
)
"""Every figure behind the reference computer and workloads, by id."""


def _band(key: str) -> Band:
    low, mode, high = (bound * FIGURES[key].factor for bound in FIGURES[key].bounds())
    return Band(low, mode, high)


def reference_computer(chips: int | None = None) -> Computer:
    """Three equal chips (A11, A12) and the host's cores, which run the control loops."""
    count = round(_band("chips").mode) if chips is None else chips
    computes, moves = _band("compute_efficiency"), _band("bandwidth_efficiency")
    peak = {
        "int8": _band("peak"),
        "fp8": _band("peak"),
        "int4": _band("peak_4bit"),
        "fp4": _band("peak_4bit"),
        "fp16": _band("peak_16bit"),
        "bf16": _band("peak_16bit"),
    }
    accelerators = tuple(
        Chip(
            f"chip {number}",
            peak,
            _band("bandwidth"),
            _band("memory").mode,
            computes,
            moves,
            _band("dispatch"),
            _band("idle_power").mode,
            _band("busy_power").mode,
        )
        for number in range(1, count + 1)
    )
    host = Chip("host", {"fp32": _band("host_peak")}, _band("host_bandwidth"), 8 * _GIGA, computes, moves, kind="host")
    return Computer((*accelerators, host), _band("link").mode, _band("link_latency").mode)


def reference_workloads() -> tuple[Workload, ...]:
    """Balance and joints, perception, action model (VLA), task model (VLT) and language model (VLM); sizes assumed.

    The action model gives chunks that are played at 50 Hz and renewed at 10 Hz; its vision, language and action parts
    may lie on several chips.
    """
    vla, vlt, vlm = (_band(f"{name}_size").mode for name in ("vla", "vlt", "vlm"))
    cache = 18 * 2 * 256 * 1.0
    views, patches, vision = 3, 256, 0.4 * _GIGA
    tokens, action = views * patches + 32, 0.3 * _GIGA
    action_stages = (
        *encoder("vision", vision, "int8", images=views, patches=patches, output_bytes=views * patches * 2048.0),
        *transformer(
            "context", vla - vision - action, "int8", prompt=tokens, kv_bytes=cache, output_bytes=tokens * cache
        ),
        *action_head("action", action, "int8", steps=5, chunk=51, context_bytes=tokens * cache),
    )
    task_stages = transformer("task", vlt, "int4", prompt=512, tokens=8, kv_bytes=64e3)
    language_stages = transformer("language", vlm, "int4", prompt=1024, tokens=8, kv_bytes=128e3)
    seen = encoder("detector", 0.05 * _GIGA, "int8", images=4, operations=100e9, activation_bytes=60e6)
    return (
        Workload("control", control_loop("control", 5e6, 2e6), 1 / 500, 1 / 500, on=("host",)),
        Workload("perception", seen, 1 / 30, 1 / 30, on=("accelerator",)),
        Workload("VLA", action_stages, 1 / 10, 1 / 10, pipelined=True, on=("accelerator",)),
        Workload("VLT", task_stages, 1 / 5, 1 / 5, on=("accelerator",)),
        Workload("VLM", language_stages, 1 / 2, 1 / 2, on=("accelerator",)),
    )
