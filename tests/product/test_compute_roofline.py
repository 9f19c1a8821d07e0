"""Latencies against times and rooflines that others published for boards of known peak and bandwidth."""

import pytest

from ironworks.product.compute.chip import Band, Chip, Computer
from ironworks.product.compute.defaults import reference_computer
from ironworks.product.compute.roofline import latency, stage_time
from ironworks.product.compute.workload import Stage, Workload, action_head, control_loop, encoder, transformer
from ironworks.product.design import read_design
from ironworks.product.design.figures import figures_of

# Dense peaks [operations/s] and bandwidths [B/s] of the makers' data sheets.
BOARDS = {
    "RTX 4090": ({"bf16": 165.2e12}, 1008e9),
    "RTX 5090": ({"bf16": 209.5e12}, 1792e9),
    "Thor": ({"fp4": 1035e12, "fp8": 517e12, "bf16": 258e12}, 273e9),
    "Orin": ({"bf16": 42.5e12}, 204.8e9),
}


def board(name: str, ideal: bool = False) -> Chip:
    """A published board, at its roofline or with the default efficiencies."""
    peak, bandwidth = BOARDS[name]
    keys = ("chip_compute_efficiency", "chip_bandwidth_efficiency")
    figures = figures_of(read_design("humanoid"))
    shares = [Band.of(1.0) if ideal else Band(*figures.bounds(key)) for key in keys]
    return Chip(name, {key: Band.of(p) for key, p in peak.items()}, Band.of(bandwidth), 128e9, *shares)


def pi0(views: int, precision: str) -> tuple[Stage, ...]:
    """pi0: 0.41 B of vision, 18 layers of 2048 and 16384, 18 layers of 1024 and 4096, 10 steps of 51 tokens."""
    context = 18 * (2 * 2048 * 2048 + 2 * 2048 * 256 + 3 * 2048 * 16384)
    action = 18 * (2 * 1024 * 2048 + 2 * 1024 * 256 + 3 * 1024 * 4096)
    tokens = 256 * views
    return (
        *encoder("vision", 0.413e9, precision, images=views, patches=256),
        *transformer("context", context, precision, prompt=tokens),
        *action_head("action", action, precision, steps=10, chunk=51, context_bytes=tokens * 18 * 2 * 256 * 2.0),
    )


# Roofline and measured time [ms]: arXiv 2510.26742 for the 4090, the mind notes for the others.
PI0 = [
    ("RTX 4090", "bf16", 1, 14.1, 20.0),
    ("RTX 4090", "bf16", 3, 29.1, 36.8),
    ("RTX 5090", "bf16", 3, 21.6, 31.9),
    ("Thor", "fp8", 2, 20.0, 45.8),
]


@pytest.mark.parametrize(("name", "precision", "views", "roofline", "measured"), PI0)
def test_pi0_on_published_boards(name: str, precision: str, views: int, roofline: float, measured: float) -> None:
    stages = pi0(views, precision)
    assert 1e3 * latency(stages, board(name, ideal=True)).mode == pytest.approx(roofline, rel=0.1)
    band = latency(stages, board(name))
    assert band.low < measured / 1e3 < band.high


@pytest.mark.parametrize(("name", "measured"), [("Thor", 92.0), ("Orin", 173.0)])
def test_groot_n16_falls_into_the_band(name: str, measured: float) -> None:
    """3 B in 16 bits with 4 steps; its split into 1.9 B that run once and 1.1 B per step is ours."""
    stages = (
        *transformer("context", 1.9e9, "bf16", prompt=300),
        *action_head("action", 1.1e9, "bf16", steps=4, chunk=51),
    )
    band = latency(stages, board(name))
    assert band.low < measured / 1e3 < band.high


# Parameters [billion], milliseconds per decoded token of 4-bit weights on Thor: TensorRT Edge-LLM's benchmark page.
@pytest.mark.parametrize(("parameters", "measured"), [(7.5, 1e3 / 54.9), (1.7, 1e3 / 170.4)])
def test_decoding_on_thor_falls_into_the_band(parameters: float, measured: float) -> None:
    """Llama 3.1 8B without its input table of 0.5 B, and Qwen3 1.7B."""
    decode = transformer("model", parameters * 1e9, "fp4", prompt=380, tokens=1)[1]
    band = latency([decode], board("Thor"))
    assert band.low < measured / 1e3 < band.high


def test_prefill_on_thor_falls_into_the_band() -> None:
    """Llama 3.1 8B, 383 tokens in 31.0 ms: TensorRT Edge-LLM's benchmark page."""
    band = latency(transformer("model", 7.5e9, "fp4", prompt=383), board("Thor"))
    assert band.low < 31.0e-3 < band.high


def test_prefill_of_a_small_model_lies_above_the_band() -> None:
    """A known limit: Qwen3 1.7B takes 13.9 ms for 370 tokens on the same page, with its launches between layers."""
    assert latency(transformer("model", 1.7e9, "fp4", prompt=370), board("Thor")).high < 13.9e-3


def test_the_ridge_separates_operations_from_bytes() -> None:
    """At 100 operations per byte: a chip of 1e12/s and 1e10 B/s computes and moves for equally long."""
    chip = Chip("ridge", {"int8": Band.of(1e12)}, Band.of(1e10), 1e9)
    assert stage_time(Stage("s", 101e9, 1e9, 0, "int8"), chip).bound == "operations"
    assert stage_time(Stage("s", 99e9, 1e9, 0, "int8"), chip).bound == "bytes"
    assert stage_time(Stage("s", 99e9, 1e9, 0, "int8", repeats=3), chip).total == pytest.approx(0.3)


def test_a_transformer_counts_two_operations_per_parameter_and_reads_its_weights_once_per_token() -> None:
    prefill, decode = transformer("m", 1e9, "int4", prompt=100, tokens=11, kv_bytes=1000.0, output_bytes=7.0)
    assert (prefill.operations, prefill.weight_bytes, prefill.activation_bytes) == (2e11, 5e8, 1e5)
    assert (decode.operations, decode.weight_bytes, decode.repeats) == (2e9, 5e8, 11)
    assert decode.repeats * decode.activation_bytes == pytest.approx(1000.0 * sum(range(100, 111)))
    assert prefill.resident + decode.resident == 5e8 + 111 * 1000
    assert (prefill.output_bytes, decode.output_bytes) == (0.0, 7.0)


def test_an_encoder_reads_its_weights_once_for_all_images() -> None:
    """ResNet-50: 25.6 M parameters, 4.1 G multiply-accumulates per image."""
    (stage,) = encoder("resnet", 25.6e6, "int8", images=4, operations=8.2e9)
    assert (stage.operations, stage.weight_bytes) == (4 * 8.2e9, 25.6e6)


def test_an_action_head_reads_weights_and_context_at_each_step() -> None:
    (stage,) = action_head("head", 3e8, "fp16", steps=10, chunk=50, context_bytes=1e6)
    assert (stage.repeats, stage.operations, stage.weight_bytes) == (10, 3e10, 6e8)
    assert stage.activation_bytes == 1e6


def test_quantisation_halves_the_weights_and_ends_at_four_bits() -> None:
    workload = Workload("m", transformer("m", 1e9, "fp16", prompt=10, kv_bytes=100.0), 1.0, 1.0)
    eight = workload.quantised()
    assert eight is not None
    assert (eight.stages[0].weight_bytes, eight.stages[0].resident) == (1e9, 1e9 + 1000)
    four = eight.quantised()
    assert four is not None
    assert four.stages[0].precision == "int4"
    assert four.quantised() is None


def test_faults_name_the_culprit_and_the_choices() -> None:
    chip = reference_computer().chips[0]
    with pytest.raises(ValueError, match="chip 1 does not compute in fp32; it knows int8"):
        latency(control_loop("tick", 1e6, 1e6), chip)
    with pytest.raises(ValueError, match="stage s: precision int7 is none of int4"):
        Stage("s", 1, 1, 1, "int7")
    with pytest.raises(ValueError, match="low <= mode <= high"):
        Band(2, 1, 3)
    with pytest.raises(ValueError, match="workload w has no stages"):
        Workload("w", (), 1, 1)
    with pytest.raises(ValueError, match="names of their own"):
        Computer((chip, chip), 1, 0)
