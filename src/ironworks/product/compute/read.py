"""The computer and the workloads of a design, from its figures.csv, workloads.csv and stages.csv."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from ironworks.formulas import Number
from ironworks.product.compute.chip import BITS, Band, Chip, Computer
from ironworks.product.compute.workload import Stage, Workload, action_head, control_loop, encoder, transformer
from ironworks.product.design import Design
from ironworks.product.design.figures import DesignFigures, figures_of, read_rows_of
from ironworks.product.design.rows import Formula
from ironworks.rows import Choice, Row
from ironworks.rows._cells import Flag, Real, Text, Whole

__all__ = ["computer_of", "workloads_of"]

_AMOUNT = Annotated[Any, Formula()]
_ZERO = Number(0.0)


class _WorkloadRow(Row):
    """What is computed `rate` times a second and must end `deadline` [s] after its release (empty: one period)."""

    KEY: ClassVar = ("workload",)
    workload: Text
    rate: Annotated[float, Real(positive=True)]
    deadline: Annotated[float, Real(0.0)] = 0.0
    on: Annotated[Literal["accelerator", "host"], Choice()]
    pipelined: Flag = False
    note: Text = ""


class _StageRow(Row):
    """One model or loop of a workload: what the builder of its `form` takes, as formulas of the design's figures."""

    KEY: ClassVar = ("workload", "stage")
    workload: Text
    stage: Text
    form: Annotated[Literal["encoder", "transformer", "action_head", "control_loop"], Choice()]
    parameters: _AMOUNT = _ZERO
    precision: Annotated[str, Choice(tuple(BITS))]
    images: Annotated[int, Whole(1, 100)] = 1
    patches: Annotated[int, Whole(0)] = 0
    operations: _AMOUNT = None
    activation_bytes: _AMOUNT = _ZERO
    prompt: _AMOUNT = _ZERO
    tokens: Annotated[int, Whole(0)] = 0
    kv_bytes: _AMOUNT = _ZERO
    steps: Annotated[int, Whole(1)] = 1
    chunk: Annotated[int, Whole(1)] = 1
    context_bytes: _AMOUNT = _ZERO
    output_bytes: _AMOUNT = _ZERO
    note: Text = ""


def computer_of(design: Design, chips: int | None = None) -> Computer:
    """A design's chips and the host's cores, which run the control loops; `chips`: as many instead of the design's.

    Raises ScenarioFaults with every fault at once.
    """
    figures = figures_of(design)

    def band(key: str, unit: str = "-") -> Band:
        return Band(*figures.bounds(key, unit))

    coarse, fine = band("chip_peak", "1/s"), band("chip_peak_16bit", "1/s")
    four = band("chip_peak_4bit", "1/s")
    peak = {"int8": coarse, "fp8": coarse, "int4": four, "fp4": four, "fp16": fine, "bf16": fine}
    computes, moves = band("chip_compute_efficiency"), band("chip_bandwidth_efficiency")
    bandwidth, memory = band("chip_bandwidth", "byte/s"), figures.value("chip_memory", "byte")
    dispatch = band("chip_dispatch", "s")
    idle, busy = figures.value("chip_idle_power", "W"), figures.value("chip_busy_power", "W")
    host = {"fp32": band("host_peak", "1/s")}, band("host_bandwidth", "byte/s"), figures.value("host_memory", "byte")
    link = figures.value("link_bandwidth", "byte/s"), figures.value("link_latency", "s")
    count = round(figures.value("chips")) if chips is None else chips
    figures.log.stop_on_faults()
    try:
        accelerators = [
            Chip(f"chip {number}", peak, bandwidth, memory, computes, moves, dispatch, idle, busy)
            for number in range(1, count + 1)
        ]
        return Computer((*accelerators, Chip("host", *host, computes, moves, kind="host")), *link)
    except ValueError as error:
        figures.log.add("figures.csv", 0, "chips", str(error), mend="correct this figure")
        figures.log.stop_on_faults()
        raise


def workloads_of(design: Design) -> tuple[Workload, ...]:
    """What a design's computer has to do, every figure at its value. Raises ScenarioFaults with every fault at once."""
    figures = figures_of(design)
    rows = [r for r in read_rows_of(design, "workloads.csv", _WorkloadRow, figures.log) if isinstance(r, _WorkloadRow)]
    blocks: dict[str, list[Stage]] = {row.workload: [] for row in rows}
    for row in read_rows_of(design, "stages.csv", _StageRow, figures.log):
        assert isinstance(row, _StageRow)
        if row.workload not in blocks:
            key, problem = f"stages.{row.row_key}.workload", f"`{row.workload}` is no workload"
            mend = "add it to workloads.csv"
            figures.log.add("stages.csv", row.row_line, key, problem, choices=tuple(blocks), mend=mend)
            continue
        try:
            blocks[row.workload] += _stages(row, figures)
        except ValueError as error:
            figures.log.add("stages.csv", row.row_line, f"stages.{row.row_key}", str(error), mend="correct this row")
    for row in rows:
        if not blocks[row.workload] and not figures.log.faults:
            figures.log.add("stages.csv", 0, row.workload, "has no stage", mend="add a row for each of its models")
    figures.log.stop_on_faults()
    return tuple(
        Workload(
            row.workload,
            tuple(blocks[row.workload]),
            1.0 / row.rate,
            row.deadline or 1.0 / row.rate,
            pipelined=row.pipelined,
            on=(row.on,),
        )
        for row in rows
    )


def _stages(row: _StageRow, figures: DesignFigures) -> tuple[Stage, ...]:
    def number(column: str) -> float:
        return figures.number(row.cell(column), "stages.csv", row.row_line, f"stages.{row.row_key}.{column}")

    builders: dict[str, Callable[[], tuple[Stage, ...]]] = {
        "encoder": lambda: encoder(
            row.stage,
            number("parameters"),
            row.precision,
            images=row.images,
            patches=row.patches,
            operations=None if row.operations is None else number("operations"),
            activation_bytes=number("activation_bytes"),
            output_bytes=number("output_bytes"),
        ),
        "transformer": lambda: transformer(
            row.stage,
            number("parameters"),
            row.precision,
            prompt=round(number("prompt")),
            tokens=row.tokens,
            kv_bytes=number("kv_bytes"),
            output_bytes=number("output_bytes"),
        ),
        "action_head": lambda: action_head(
            row.stage,
            number("parameters"),
            row.precision,
            steps=row.steps,
            chunk=row.chunk,
            context_bytes=number("context_bytes"),
            output_bytes=number("output_bytes"),
        ),
        "control_loop": lambda: control_loop(
            row.stage,
            0.0 if row.operations is None else number("operations"),
            number("activation_bytes"),
            row.precision,
        ),
    }
    return builders[row.form]()
