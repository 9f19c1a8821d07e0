"""Files of the literature are read, and what is wrong in them is told with its line."""

from pathlib import Path

import pytest

from ironworks.factory.balance import read_instance
from ironworks.faults import ScenarioFaults

ALB = """<number of tasks>
3

<cycle time>
10

<order strength>
0,5

<task times>
1 4
2 5
3 6

<precedence relations>
1,2
1,3

<end>
"""


def test_an_alb_file_gives_times_order_and_cycle(tmp_path: Path) -> None:
    path = tmp_path / "line.alb"
    path.write_text(ALB)
    line, cycle = read_instance(path)
    assert (line.times.tolist(), line.order, cycle) == ([4, 5, 6], ((0, 1), (0, 2)), 10)


def test_an_in2_file_gives_times_and_order(tmp_path: Path) -> None:
    path = tmp_path / "LINE.IN2"
    path.write_text("2\n7\n8\n1,2\n-1,-1\nA remark behind the end\n")
    line, cycle = read_instance(path)
    assert (line.times.tolist(), line.order, cycle) == ([7, 8], ((0, 1),), None)


def test_every_wrong_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "line.alb"
    path.write_text(ALB.replace("2 5", "2 five").replace("1,3", "1;3"))
    with pytest.raises(ScenarioFaults) as caught:
        read_instance(path)
    assert {(fault.line, fault.key) for fault in caught.value.faults} == {
        (12, "task times"), (17, "precedence relations"), (0, "task times"),
    }  # fmt: skip


def test_a_circle_in_a_file_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "line.in2"
    path.write_text("2\n7\n8\n1,2\n2,1\n-1,-1\n")
    with pytest.raises(ScenarioFaults, match="circle"):
        read_instance(path)


@pytest.mark.parametrize("text", ["", "x\n", "3\n1\n2\n", "1\n1\n1,1.5\n", "1\n1\n"])
def test_a_broken_in2_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "line.in2"
    path.write_text(text)
    with pytest.raises(ScenarioFaults):
        read_instance(path)


def test_another_kind_of_file_names_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match=r"\.alb"):
        read_instance(tmp_path / "line.csv")
