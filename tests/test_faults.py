"""Faults: how they read, and that all come at once."""

import pickle

import pytest

from ironworks.faults import Fault, FaultLog, ScenarioFaults, closest


def test_a_fault_reads_place_key_problem_choices_mend() -> None:
    fault = Fault("a.csv", 3, "a.x.y", "is wrong", ("one", "two"), "take another")
    assert str(fault) == "a.csv:3: a.x.y: is wrong; choose one of: one, two; take another"
    assert str(Fault("a.csv", 0, "", "is missing")) == "a.csv: is missing"


def test_long_lists_of_choices_are_cut() -> None:
    shown = str(Fault("a.csv", 1, "", "is wrong", tuple(str(n) for n in range(100))))
    assert shown.endswith("10, 11 and 88 more")


def test_faults_come_sorted_once_and_together_with_warnings() -> None:
    log = FaultLog()
    for file, line in (("b.csv", 1), ("a.csv", 10), ("a.csv", 2), ("a.csv", 2)):
        log.add(file, line, "", "is wrong")
    log.warn("c.csv", 1, "", "is odd")
    with pytest.raises(ScenarioFaults) as raised:
        log.stop_on_faults()
    assert [(fault.file, fault.line) for fault in raised.value.faults] == [("a.csv", 2), ("a.csv", 10), ("b.csv", 1)]
    assert len(raised.value.warnings) == 1


def test_warnings_alone_stop_nothing() -> None:
    log = FaultLog()
    log.warn("c.csv", 1, "", "is odd")
    log.stop_on_faults()


def test_faults_travel_between_processes() -> None:
    faults = ScenarioFaults([Fault("a.csv", 1, "", "is wrong")])
    assert pickle.loads(pickle.dumps(faults)).faults == faults.faults  # noqa: S301 - our own bytes


def test_the_nearest_word_is_offered_and_none_when_all_are_far() -> None:
    assert closest("stand", ["bench", "stands"]) == "did you mean `stands`?"
    assert closest("zzz", ["bench", "stands"]) == ""
