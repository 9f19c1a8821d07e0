"""CSV tables as they stand in the files: header, cells and the line of each row; no meaning yet."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from ironworks.faults import FaultLog

__all__ = ["RawRow", "RawTable", "format_table", "parse_table", "read_text"]


@dataclass
class RawRow:
    """One row: the line it starts on (from 1) and its cells by column; `overridden` says where a cell was set from."""

    line: int
    cells: dict[str, str]
    overridden: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass
class RawTable:
    """One table: its file name, its columns in file order and its rows."""

    file: str
    columns: tuple[str, ...]
    rows: list[RawRow]


def read_text(path: Path, log: FaultLog) -> str | None:
    """The text of a UTF-8 file (with or without a byte order mark); None, with a fault noted, where it is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        log.add(path.name, 0, "", f"cannot be read: {error.strerror or error}", mend="check that it is a readable file")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        log.add(path.name, line, "", "is not UTF-8 text", mend="save the file as `CSV UTF-8` or as UTF-8 text")
        return None


def parse_table(file: str, text: str, log: FaultLog) -> RawTable | None:
    """Read CSV text: comma, header row, quotes where needed; blank rows are skipped, cells are stripped.

    Faults are noted in `log`; None where there is no usable header.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((line, [cell.strip() for cell in record]))
            line = reader.line_num + 1
    except csv.Error as error:
        log.add(
            file,
            max(reader.line_num, 1),
            "",
            f"is not a CSV table: {error}",
            mend='quote cells that hold commas: "a, b"',
        )
        return None
    if not records:
        log.add(file, 1, "", "has no header row", mend="write the column names in the first row, or delete the file")
        return None
    header_line, columns = records[0]
    return _with_header(file, header_line, columns, records[1:], log)


def _with_header(
    file: str, header_line: int, columns: list[str], records: list[tuple[int, list[str]]], log: FaultLog
) -> RawTable | None:
    while columns and not columns[-1]:
        columns.pop()
    sound = True
    for column in sorted(set(columns)):
        if not column:
            log.add(file, header_line, "", "has a column without a name", mend="name it or delete it")
            sound = False
        elif columns.count(column) > 1:
            log.add(file, header_line, column, "is a column twice", mend="keep one of them")
            sound = False
    if not sound:
        return None
    rows = []
    for line, cells in records:
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            log.add(
                file, line, cells[0][:60], f"has {len(cells)} cells where the header has {len(columns)} columns",
                mend="add or delete commas; quote cells that hold commas",
            )  # fmt: skip
            continue
        rows.append(RawRow(line, dict(zip(columns, cells, strict=False))))
    return RawTable(file, tuple(columns), rows)


def format_table(columns: tuple[str, ...] | list[str], rows: list[list[str]]) -> str:
    """CSV text in the one form that we write: stripped cells, quotes only where needed, `\\n` at line ends."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.strip() for column in columns])
    writer.writerows([cell.strip() for cell in row] for row in rows)
    return out.getvalue()
