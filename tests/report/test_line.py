"""What the section on the line says of the simulated one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ironworks.outcome import LineTrial, Outcome
from ironworks.report.blocks import Text
from ironworks.report.plots.bay_loads import plot_bay_loads
from ironworks.report.sections.line import line


def said(outcome: Outcome, trial: LineTrial | None) -> str:
    assert outcome.line is not None
    section = line(replace(outcome, line=replace(outcome.line, trial=trial)))
    assert section is not None
    return " ".join(block.text for block in section.blocks if isinstance(block, Text))


def test_the_simulated_line_is_told_with_its_distance_from_the_planned_one(build: Callable[..., Outcome]) -> None:
    planned = np.array([100.0, 200.0, 300.0, 200.0])
    text = said(build(), LineTrial(7, planned, planned + 20.0, planned * 0.5))
    assert "Simulated in 4 of these futures" in text
    assert "on as many places (7 where that changes anything)" in text
    assert "makes 220 (+10 % to +10 % with 95 % confidence)" in text
    assert "2 places instead of 3, 100 (−" in text


def test_few_replications_tell_no_interval(build: Callable[..., Outcome]) -> None:
    planned = np.array([100.0, 200.0])
    text = said(build(), LineTrial(7, planned, planned, planned))
    assert "makes 150; with" in text
    assert "confidence" not in text


def test_without_a_trial_nothing_is_said_of_one(build: Callable[..., Outcome]) -> None:
    assert "Simulated" not in said(build(), None)


def test_models_that_differ_are_marked_at_what_they_need(build: Callable[..., Outcome]) -> None:
    outcome = build()
    assert outcome.line is not None
    loads = [replace(one, models={"tall": one.load, "short": one.load}) for one in outcome.line.planned]
    loads[0] = replace(loads[0], models={"tall": 1.4, "short": 0.2})
    marks = {mark.get_label(): mark.get_xdata() for mark in plot_bay_loads(loads, 60.0).get_lines()}
    assert [marks[name].tolist() for name in ("tall", "short")] == [[1.4], [0.2]]
    section = line(replace(outcome, line=replace(outcome.line, planned=tuple(loads))))
    assert section is not None
    assert isinstance(section.blocks[0], Text)
    assert "If all pieces were tall" in section.blocks[0].text
