"""A scenario as one .xlsx workbook and back: one sheet for each table, texts as texts, nothing lost."""

import datetime as dt
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from ironworks.faults import FaultLog
from ironworks.reading.folder import SETTINGS_FILE
from ironworks.rows import TABLES
from ironworks.tables import format_table, parse_table, read_text

__all__ = ["export_workbook", "import_workbook", "new_folder", "normalised_table"]

_WIDEST = 60
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EXCEL_CELL = 32_767
# What openpyxl raises on files that are cut, altered or something else.
_DAMAGED = (
    OSError, InvalidFileException, BadZipFile, zlib.error, EOFError, SyntaxError, LookupError, TypeError, ValueError,
    AttributeError, NotImplementedError,
)  # fmt: skip
# A sheet's name has at most 31 characters.
_PAGE = re.compile(r"[A-Za-z0-9_-]{1,28}\.md", re.ASCII)


def normalised_table(file: str, text: str, log: FaultLog) -> str | None:
    """A table's text in the one form that we write; None, with faults noted, where it is no table."""
    before = len(log.faults)
    table = parse_table(file, text, log)
    if table is None or len(log.faults) > before:
        return None
    return format_table(table.columns, [[row.cells[column] for column in table.columns] for row in table.rows])


def export_workbook(folder: Path, workbook: Path) -> None:
    """Write the tables of a scenario's folder, its scenario.toml and its pages (*.md) into one workbook.

    The workbook appears whole or not at all. Raises ScenarioFaults where a file cannot be read as text or table.
    """
    log = FaultLog()
    book = Workbook()
    book.remove(book.active)
    settings = read_text(folder / SETTINGS_FILE, log)
    if settings is not None:
        _write_sheet(book.create_sheet(SETTINGS_FILE), [[line] for line in settings.splitlines()], SETTINGS_FILE, log)
    for table in (name for name in TABLES if (folder / f"{name}.csv").exists()):
        file = f"{table}.csv"
        text = read_text(folder / file, log)
        raw = parse_table(file, text, log) if text is not None else None
        if raw is not None:
            rows = [list(raw.columns), *([row.cells[column] for column in raw.columns] for row in raw.rows)]
            sheet = book.create_sheet(table)
            _write_sheet(sheet, rows, file, log)
            _dress(sheet)
    for page in sorted(folder.glob("*.md")):
        text = read_text(page, log)
        if text is not None and _PAGE.fullmatch(page.name):
            _write_sheet(book.create_sheet(page.name), [[line] for line in text.splitlines()], page.name, log)
    log.stop_on_faults()
    with written_whole(workbook) as temporary:
        book.save(temporary)


def _write_sheet(sheet: Worksheet, rows: list[list[str]], file: str, log: FaultLog) -> None:
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if _FORBIDDEN.search(text) or len(text) > _EXCEL_CELL:
                log.add(
                    file,
                    number,
                    "",
                    "a spreadsheet cannot hold this cell",
                    mend="remove control characters and shorten it",
                )
                continue
            cell = sheet.cell(number, column, text or None)
            # Texts stay texts: a spreadsheet would make numbers of `12`, formulas of `= E11`, dates of `2027-01-04`.
            if text:
                cell.data_type = "s"
                cell.number_format = "@"


def _dress(sheet: Worksheet) -> None:
    sheet.freeze_panes = "B2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="DDE4EC")
    for number, column in enumerate(sheet.iter_cols(), start=1):
        width = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(width + 2, 8), _WIDEST)
        if width > _WIDEST:
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def import_workbook(workbook: Path, folder: Path) -> list[str]:
    """Write the sheets of a workbook as a scenario's folder, which must not exist yet; returns the file names.

    The folder appears whole or not at all. Raises ScenarioFaults for a file that is no workbook or has unknown sheets.
    """
    log = FaultLog()
    try:
        book = load_workbook(workbook, data_only=False)
    except _DAMAGED as error:
        log.add(str(workbook), 0, "", f"cannot be read as a workbook: {error}", mend="save it as .xlsx")
        log.stop_on_faults()
        raise
    files: dict[str, str] = {}
    for sheet in book.worksheets:
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        if sheet.title == SETTINGS_FILE or _PAGE.fullmatch(sheet.title):
            files[sheet.title] = "\n".join(row[0] if row else "" for row in rows).rstrip("\n") + "\n"
        elif sheet.title in TABLES:
            files[f"{sheet.title}.csv"] = _table_text(rows)
        else:
            known = (SETTINGS_FILE, *TABLES)
            log.add(
                str(workbook),
                0,
                sheet.title,
                "is not a table of a scenario",
                choices=known,
                mend="rename or remove the sheet",
            )
    log.stop_on_faults()
    with new_folder(folder) as temporary:
        for name, text in files.items():
            (temporary / name).write_text(text, encoding="utf-8", newline="")
    return list(files)


def _table_text(rows: list[list[str]]) -> str:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return "\n"
    width = max(index + 1 for row in filled for index, cell in enumerate(row) if cell.strip())
    return format_table(filled[0][:width], [row[:width] for row in filled[1:]])


def _text(value: object) -> str:
    """A cell's value in the form that our tables use; people may have typed numbers and dates."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place at the end, unless something went wrong."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path` that becomes it at the end. Raises ScenarioFaults where `path` exists."""
    if path.exists():
        log = FaultLog()
        log.add(str(path), 0, "", "exists already", mend="name a folder that does not exist yet, or move this one away")
        log.stop_on_faults()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
