"""CSV tables as texts: lines, quotes, blank rows."""

import pytest

from ironworks.faults import FaultLog
from ironworks.tables import RawTable, parse_table


def table(text: str) -> RawTable:
    log = FaultLog()
    parsed = parse_table("any.csv", text, log)
    assert parsed is not None
    assert not log.faults
    return parsed


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_know_the_line_they_start_on(newline: str) -> None:
    text = newline.join(["a,b", "1,2", "", '"two', 'lines",4', ",", "5,6"])
    assert [(row.line, row.cells["b"]) for row in table(text).rows] == [(2, "2"), (4, "4"), (7, "6")]


def test_cells_are_stripped_and_quotes_are_read() -> None:
    assert table('a , b\n" x, y ", 2 ').rows[0].cells == {"a": "x, y", "b": "2"}


def test_empty_columns_at_the_end_are_dropped() -> None:
    parsed = table("a,b,,\n1,2,,\n")
    assert parsed.columns == ("a", "b")
    assert parsed.rows[0].cells == {"a": "1", "b": "2"}


def test_a_header_alone_is_an_empty_table() -> None:
    assert table("a,b\n").rows == []


def test_rows_of_another_length_are_said_and_left_out() -> None:
    log = FaultLog()
    parsed = parse_table("any.csv", "a,b\n1\n2,3\n4,5,6\n", log)
    assert parsed is not None
    assert [row.cells["a"] for row in parsed.rows] == ["2"]
    assert [fault.line for fault in log] == [2, 4]
