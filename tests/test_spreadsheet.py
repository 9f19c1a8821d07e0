"""A scenario goes through a workbook and comes back as it was."""

import datetime as dt
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ironworks.faults import FaultLog, ScenarioFaults
from ironworks.rows import TABLES
from ironworks.scenario import builtin_scenarios, read_scenario
from ironworks.spreadsheet import export_workbook, import_workbook, new_folder, normalised_table
from ironworks.tables import format_table, parse_table

from .broken import copy_of_tiny, replaced

NAMES = sorted(builtin_scenarios())


@pytest.mark.parametrize("name", NAMES)
def test_a_round_trip_gives_the_same_bytes_after_normalisation(name: str, tmp_path: Path) -> None:
    folder, again = builtin_scenarios()[name], tmp_path / "again"
    export_workbook(folder, tmp_path / "book.xlsx")
    import_workbook(tmp_path / "book.xlsx", again)
    tables = sorted(path.name for path in folder.glob("*.csv"))
    assert sorted(path.name for path in again.glob("*.csv")) == tables
    for file in tables:
        wanted = normalised_table(file, (folder / file).read_text(encoding="utf-8"), FaultLog())
        assert wanted is not None
        assert (again / file).read_bytes() == wanted.encode()
    assert (again / "scenario.toml").read_bytes() == (folder / "scenario.toml").read_bytes()
    assert read_scenario(again).draw(1, 2).values == read_scenario(folder).draw(1, 2).values


def test_a_second_round_trip_changes_nothing(tmp_path: Path) -> None:
    folders = [builtin_scenarios()["tiny"], tmp_path / "one", tmp_path / "two"]
    for number in (1, 2):
        export_workbook(folders[number - 1], tmp_path / f"{number}.xlsx")
        import_workbook(tmp_path / f"{number}.xlsx", folders[number])
    for path in folders[1].iterdir():
        assert path.read_bytes() == (folders[2] / path.name).read_bytes()


def test_sheets_have_header_widths_and_frozen_panes(tmp_path: Path) -> None:
    export_workbook(builtin_scenarios()["tiny"], tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    assert book.sheetnames[0] == "scenario.toml"
    sheet = book["operations"]
    assert sheet.freeze_panes == "B2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > len("robot@shop")
    assert set(book.sheetnames) - {"scenario.toml", "README.md"} <= set(TABLES)


def test_formulas_of_ours_stay_texts(tmp_path: Path) -> None:
    export_workbook(builtin_scenarios()["tiny"], tmp_path / "book.xlsx")
    cells = [cell for row in load_workbook(tmp_path / "book.xlsx")["operations"] for cell in row]
    formula = next(cell for cell in cells if cell.value == "= assemble_time")
    assert formula.data_type == "s"


def test_numbers_and_dates_typed_in_a_spreadsheet_become_our_texts(tmp_path: Path) -> None:
    export_workbook(builtin_scenarios()["tiny"], tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    book["stations"]["D3"] = 2.0
    book["programme"]["B3"] = dt.datetime(2027, 2, 8)  # noqa: DTZ001 - a spreadsheet's dates have no zone
    book["calendars"]["C2"] = dt.time(7, 30)
    book["items"]["F2"] = True
    book.save(tmp_path / "book.xlsx")
    import_workbook(tmp_path / "book.xlsx", tmp_path / "again")
    scenario = read_scenario(tmp_path / "again")
    assert scenario.stations[1].places == 2
    assert scenario.programme[1].from_ == dt.date(2027, 2, 8)
    assert scenario.calendars[0].start == 7 * 3600 + 1800
    assert scenario.items[0].final


def test_an_unknown_sheet_is_a_fault_and_leaves_nothing(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "oprations"
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(ScenarioFaults, match="is not a table of a scenario"):
        import_workbook(tmp_path / "book.xlsx", tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"a,b,c"])
def test_what_is_no_workbook_is_a_fault(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    with pytest.raises(ScenarioFaults, match=r"save it as \.xlsx"):
        import_workbook(tmp_path / "book.xlsx", tmp_path / "again")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "[Content_Types].xml"])
def test_a_damaged_workbook_is_a_fault(part: str, tmp_path: Path) -> None:
    export_workbook(builtin_scenarios()["tiny"], tmp_path / "good.xlsx")
    with ZipFile(tmp_path / "good.xlsx") as good, ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, content[: len(content) // 2] if name == part else content)
    with pytest.raises(ScenarioFaults, match="cannot be read as a workbook"):
        import_workbook(tmp_path / "bad.xlsx", tmp_path / "again")


def test_a_table_that_cannot_be_read_is_a_fault_and_leaves_no_workbook(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "bom.csv", "robot,motor,6,", "robot,motor")
    with pytest.raises(ScenarioFaults, match=r"bom.csv:2"):
        export_workbook(folder, tmp_path / "book.xlsx")
    assert not (tmp_path / "book.xlsx").exists()


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), new_folder(tmp_path / "mine") as temporary:
        fail_half_way(temporary)
    assert list(tmp_path.iterdir()) == []


def fail_half_way(folder: Path) -> None:
    (folder / "half").write_text("")
    raise OSError("the disk is full")


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2).filter(any), max_size=5))
def test_tables_that_we_write_are_read_as_they_were(rows: list[list[str]]) -> None:
    log = FaultLog()
    raw = parse_table("any.csv", format_table(["one", "two"], rows), log)
    assert raw is not None
    assert not log.faults
    assert [[row.cells["one"], row.cells["two"]] for row in raw.rows] == rows
