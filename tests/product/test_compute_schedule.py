"""Schedules over several chips: deadlines, memory, pipelines, remedies, and a result that doubts itself."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironworks.product.compute.chip import Band, Chip, Computer
from ironworks.product.compute.defaults import reference_computer, reference_workloads
from ironworks.product.compute.holistic import end_to_end
from ironworks.product.compute.placement import Part, Placed, seconds
from ironworks.product.compute.relief import reliefs
from ironworks.product.compute.schedule import plan, plan_cases
from ironworks.product.compute.workload import Stage, Workload, transformer

PEAK = {"fp16": Band.of(1e15), "int8": Band.of(1e15), "int4": Band.of(1e15)}


def machine(chips: int, memory: float = 100.0) -> Computer:
    """Chips that move one byte a second: a stage's bytes are its seconds. Transfers take 1 ms."""
    return Computer(tuple(Chip(f"c{i}", PEAK, Band.of(1.0), memory) for i in range(chips)), 1.0, 1e-3)


def work(name: str, seconds: float, period: float, deadline: float | None = None, precision: str = "int4") -> Workload:
    stage = Stage("s", 0, seconds, 0, precision, resident=seconds)
    return Workload(name, (stage,), period, period if deadline is None else deadline)


def test_two_that_do_not_fit_one_chip_part() -> None:
    schedule = plan(machine(2), [work("a", 0.06, 0.1), work("b", 0.06, 0.1)])
    assert schedule.meets
    assert {schedule.chips_of("a"), schedule.chips_of("b")} == {("c0",), ("c1",)}
    assert schedule.utilisation() == pytest.approx({"c0": 0.6, "c1": 0.6})
    assert schedule.verify().holds


def test_the_search_goes_back_where_the_heaviest_first_leads_astray() -> None:
    """3, 3, 2, 2, 2 in two of 6.2: one of each kind on each chip leaves no place for the last."""
    loads = [work(name, int(name[0]) / 100, 0.062) for name in ("3a", "3b", "2a", "2b", "2c")]
    schedule = plan(machine(2), loads)
    assert schedule.meets
    assert schedule.chips_of("3a") == schedule.chips_of("3b")
    assert schedule.verify().holds


def test_a_late_workload_is_named_with_how_late() -> None:
    schedule = plan(machine(1), [work("a", 0.02, 0.1, 0.03), work("b", 0.04, 0.1)])
    (late,) = schedule.missed
    assert (late.workload, late.alone) == ("a", pytest.approx(0.02))
    assert late.lateness == pytest.approx(0.03)
    assert late.age == pytest.approx(0.16)
    assert schedule.verify().worst["a"] == pytest.approx(0.06, abs=2e-6)


def test_decoding_lets_urgent_work_in_between_two_tokens() -> None:
    tokens = Workload("text", (Stage("s", 0, 0.01, 0, "int4", repeats=8),), 0.2, 0.2)
    schedule = plan(machine(1), [work("a", 0.005, 0.05, 0.02), tokens])
    assert schedule.responses[0].response == pytest.approx(0.015)
    assert schedule.meets
    assert not plan(machine(1), [work("a", 0.005, 0.05, 0.02), work("text", 0.08, 0.2)]).meets


def test_memory_decides_where_time_would_not() -> None:
    loads = [work(name, 0.06, 1.0) for name in "abc"]
    apart = plan(machine(3, memory=0.1), loads)
    assert apart.meets
    assert max(apart.memory().values()) <= 0.1
    crowded = plan(machine(2, memory=0.1), loads)
    assert len(crowded.unplaced) == 1
    assert [response.workload for response in crowded.missed] == list(crowded.unplaced)
    assert crowded.verify().holds


def pipeline(period: float, deadline: float, pipelined: bool = True) -> Workload:
    stages = tuple(Stage(f"s{i}", 0, 0.04, 0, "int4", output_bytes=0.001) for i in range(3))
    return Workload("pipe", stages, period, deadline, pipelined=pipelined)


def test_a_pipeline_beats_the_rate_of_one_chip() -> None:
    """3 x 40 ms every 50 ms: end to end 120 ms and two transfers of 1 ms latency and 1 ms for the bytes."""
    schedule = plan(machine(3), [pipeline(0.05, 0.13)])
    assert schedule.responses[0].response == pytest.approx(0.124)
    assert len(schedule.chips_of("pipe")) == 3
    assert schedule.verify().worst["pipe"] == pytest.approx(0.124)
    assert not plan(machine(3), [pipeline(0.05, 0.13, pipelined=False)]).meets


def test_stages_of_one_model_stay_together() -> None:
    stages = transformer("m", 0.08, "int4", prompt=1, tokens=3)
    schedule = plan(machine(3), [Workload("text", stages, 0.1, 1.0, pipelined=True)])
    assert len(schedule.placed[0].parts) == 1


def test_what_is_late_upstream_is_jitter_downstream() -> None:
    """The rival on the second chip sees the pipeline's second part come late by what the first chip makes of it."""
    two = replace(pipeline(0.2, 0.2), stages=pipeline(0.2, 0.2).stages[:2], priority=1)
    rival = replace(work("rival", 0.01, 0.1), priority=0)
    computer = machine(2)
    placed = [
        Placed.of(rival, [Part(0, 0, 1)], computer, "mode"),
        Placed.of(two, [Part(0, 0, 1), Part(1, 1, 2)], computer, "mode"),
    ]
    # Rival: its own 10 ms behind a region of 40 ms. Pipeline: 10 + 40, 2 ms of transfer, 40.
    assert [end and seconds(end) for end in end_to_end(placed, 2)] == pytest.approx([0.05, 0.092])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([10, 20, 40])), min_size=2, max_size=5))
def test_no_other_partition_misses_fewer(rows: list[tuple[int, int]]) -> None:
    """Against every assignment to two chips, one by one."""
    computer = machine(2)
    loads = [replace(work(f"w{i}", c / 100, t / 100), priority=i) for i, (c, t) in enumerate(rows)]
    fewest = len(loads)
    for chips in itertools.product(range(2), repeat=len(loads)):
        placed = [Placed.of(w, [Part(c, 0, 1)], computer, "mode") for w, c in zip(loads, chips, strict=True)]
        ends = end_to_end(placed, 2)
        late = sum(end is None or seconds(end) > w.deadline for w, end in zip(loads, ends, strict=True))
        fewest = min(fewest, late)
    schedule = plan(computer, loads, "mode")
    assert schedule.exact
    assert len(schedule.missed) == fewest
    assert schedule.verify(horizon=1.0).holds


@st.composite
def pipelines(draw: st.DrawFn) -> list[Workload]:
    """Workloads of up to three stages, most of which may lie on several chips."""
    found = []
    for i in range(draw(st.integers(2, 4))):
        period = draw(st.sampled_from([0.01, 0.012, 0.02, 0.03, 0.06]))
        count, heavy = draw(st.integers(1, 3)), draw(st.floats(0.2, 0.9))
        stages = tuple(
            Stage(f"s{k}", 0, period * heavy / count, 0, "int4", draw(st.integers(1, 2)), output_bytes=0.001)
            for k in range(count)
        )
        found.append(Workload(f"w{i}", stages, period, period * draw(st.sampled_from([0.5, 1, 2])), count > 1))
    return found


@settings(max_examples=25, deadline=None)
@given(pipelines(), st.integers(1, 3))
def test_no_pipeline_is_seen_later_than_the_analysis_says(loads: list[Workload], chips: int) -> None:
    assert plan(machine(chips), loads, "mode").verify(horizon=0.5).faults == ()


def test_a_response_that_ends_at_its_deadline_meets_it() -> None:
    for thousandths in range(1, 200):
        assert plan(machine(1), [work("a", thousandths / 1000, thousandths / 1000)]).meets


def test_a_schedule_that_lies_is_found_out() -> None:
    schedule = plan(machine(2), [work("a", 0.06, 0.1), work("b", 0.06, 0.1), pipeline(10.0, 10.0)])
    assert schedule.verify().holds
    boast = tuple(replace(response, response=0.05) for response in schedule.responses)
    assert any("seen, at most 0.050000 s" in fault for fault in replace(schedule, responses=boast).verify().faults)
    nowhere = replace(schedule, placed=schedule.placed[1:]).verify().faults
    assert nowhere == (f"{schedule.placed[0].workload.name}: is said to be in time, but runs nowhere",)
    eased = tuple(replace(response, deadline=9.0) for response in schedule.responses)
    assert replace(schedule, responses=eased).verify().faults
    cramped = replace(schedule, computer=machine(2, memory=0.01))
    assert any("of memory" in fault for fault in cramped.verify().faults)
    half = replace(schedule.placed[-1], parts=(Part(0, 0, 2),))
    torn = replace(schedule, placed=(*schedule.placed[:-1], half))
    assert torn.verify().faults == ("pipe: runs stages [0, 1] of 3",)


def test_the_next_precision_cures_what_waits_for_bytes() -> None:
    schedule = plan(machine(1), [work("a", 0.12, 0.1, precision="fp16")])
    found = {relief.kind: relief for relief in reliefs(schedule)}
    assert found["quantise"].cures
    assert found["quantise"].change == "fp16 to int8"
    assert found["rate"].change == "10 Hz to 8 Hz"
    assert found["rate"].cures
    assert not found["chip"].helps


def test_one_more_chip_cures_a_crowd() -> None:
    schedule = plan(machine(1), [work("a", 0.06, 0.1), work("b", 0.06, 0.1)])
    found = {relief.kind: relief for relief in reliefs(schedule)}
    assert found["chip"].cures
    assert found["chip"].schedule.verify().holds
    assert "quantise" not in found


def test_nothing_late_needs_no_remedy() -> None:
    assert reliefs(plan(machine(1), [work("a", 0.06, 0.1)])) == ()


def test_the_reference_computer_meets_its_deadlines_at_the_modes_but_not_at_the_slow_end() -> None:
    schedules = plan_cases(reference_computer(), reference_workloads())
    assert schedules["fast"].meets
    assert schedules["mode"].meets
    assert [late.workload for late in schedules["slow"].missed] == ["VLT", "VLM"]
    assert all(schedule.verify().holds and schedule.exact for schedule in schedules.values())
    found = reliefs(schedules["slow"])
    assert [relief.workload for relief in found if relief.cures] == ["VLT, VLM"]


@pytest.mark.parametrize(("name", "tokens"), [("VLT", 20), ("VLM", 30)])
def test_more_tokens_than_the_bandwidth_bears_come_late(name: str, tokens: int) -> None:
    """The mind notes' illustration: at 273 GB/s the task model bears 8 tokens, not 20; the language model 8, not 30."""
    loads = [
        replace(w, stages=(w.stages[0], replace(w.stages[1], repeats=tokens))) if w.name == name else w
        for w in reference_workloads()
    ]
    schedule = plan(reference_computer(), loads, "mode")
    assert [late.workload for late in schedule.missed] == [name]


def test_control_stays_on_the_host_because_regions_of_the_models_are_too_long() -> None:
    control = Workload("control", (Stage("tick", 5e6, 0, 2e6, "int8"),), 0.002, 0.002, on=("accelerator",))
    action = next(w for w in reference_workloads() if w.name == "VLA")
    schedule = plan(reference_computer(1), [control, action], "mode")
    assert [late.workload for late in schedule.missed] == ["control"]
    assert plan(reference_computer(2), [control, action], "mode").meets


def test_power_lies_between_waiting_and_working() -> None:
    schedule = plan(reference_computer(), reference_workloads(), "mode")
    chips = schedule.computer.chips
    assert sum(c.idle_power for c in chips) < schedule.power() < sum(c.busy_power for c in chips)
