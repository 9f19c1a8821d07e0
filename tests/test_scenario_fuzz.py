"""Whatever stands in a scenario's files, the reader gives a scenario or its faults, never another exception."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironworks.faults import ScenarioFaults
from ironworks.formulas import FormulaError, parse_formula
from ironworks.quantities import CellError, read_quantity
from ironworks.rows import TABLES, column_fields
from ironworks.scenario import read_scenario
from ironworks.units import DIMENSIONS, UnitError, parse_unit

from .broken import copy_of_tiny

TEXT = st.text(max_size=200)
WORDS = (
    "= assemble_time motor_yield * / + - ( ) min( max( , 2 0 1e308 1e-320 0.5 [ ] min kg yuan USD % inf nan mon-fri "
    "08:00 24:00 2027-01-04 9999-12-31 0001-01-01 robot motor:6 test robot@shop yes no conwip \" ' ; \ufeff \x00 \r \n "
    "² ٣ ¼ 1_000"
)
PIECES = st.lists(st.sampled_from([*WORDS.split(" "), " "]), max_size=12).map("".join)
CELL = st.one_of(TEXT, PIECES)
FUZZ = settings(max_examples=40, deadline=None)


def read_with(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = copy_of_tiny(Path(folder))
        for name, data in files.items():
            (scenario / name).write_bytes(data)
        with suppress(ScenarioFaults):
            good = read_scenario(scenario)
            draw = good.draw(1, 0)
            assert all(draw(quantity) == draw(quantity) for row in good.operations for _, quantity in row.quantities())


@FUZZ
@given(text=TEXT)
def test_any_text_as_settings(text: str) -> None:
    read_with({"scenario.toml": text.encode("utf-8", "surrogatepass")})


@FUZZ
@given(
    values=st.dictionaries(st.sampled_from(["name", "start", "currency", "timezone", "title"]), CELL), data=st.data()
)
def test_any_value_in_the_settings(values: dict[str, str], data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(["scenario", "run", "money", "correlation", "sop", "control"]))
    raw = data.draw(
        st.sampled_from(["1", "[]", "{}", "inf", "nan", "2027-01-01T00:00:00", "07:32:00", "''", "-5", "[[1]]"])
    )
    lines = [f"{key} = {raw if index % 2 else repr(value)}" for index, (key, value) in enumerate(values.items())]
    read_with({"scenario.toml": "\n".join([f"[{section}]", *lines]).encode("utf-8", "surrogatepass")})


@FUZZ
@given(data=st.binary(max_size=200), table=st.sampled_from(sorted(TABLES)))
def test_any_bytes_as_a_table(data: bytes, table: str) -> None:
    read_with({f"{table}.csv": data})


@FUZZ
@given(table=st.sampled_from(sorted(TABLES)), data=st.data())
def test_any_cells_under_the_right_header(table: str, data: st.DataObject) -> None:
    columns = list(column_fields(TABLES[table]))
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(columns), max_size=len(columns)), max_size=4))
    lines = [",".join(columns)] + [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    read_with({f"{table}.csv": "\n".join(lines).encode("utf-8", "surrogatepass")})


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_cell_of_a_good_table(data: st.DataObject) -> None:
    table = data.draw(
        st.sampled_from(["operations", "stations", "figures", "parts", "calendars", "targets", "defects", "routes"])
    )
    with tempfile.TemporaryDirectory() as folder:
        lines = (copy_of_tiny(Path(folder)) / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    row = data.draw(st.integers(1, len(lines) - 1))
    cells = lines[row].split(",")
    column = data.draw(st.integers(0, len(cells) - 1))
    cells[column] = '"' + data.draw(CELL).replace('"', '""') + '"'
    lines[row] = ",".join(cells)
    read_with({f"{table}.csv": "\n".join(lines).encode("utf-8", "surrogatepass")})


@FUZZ
@given(
    key=st.one_of(
        TEXT, st.sampled_from(["figure.", "figure.motor_lead", "stations..places", "run.seed", "scenario", "run.x.y"])
    ),
    value=CELL,
)
def test_any_override(key: str, value: str) -> None:
    with suppress(ScenarioFaults):
        read_scenario("tiny", {key: value})


@settings(max_examples=500, deadline=None)
@given(text=CELL, dimension=st.sampled_from(sorted(DIMENSIONS)))
def test_any_text_as_quantity_formula_or_unit(text: str, dimension: str) -> None:
    with suppress(CellError):
        read_quantity(text, dimension)
    with suppress(FormulaError):
        parse_formula(text)
    with suppress(UnitError):
        assert parse_unit(text).factor > 0.0


@pytest.mark.parametrize(
    "deep", ["(" * 5000, "-" * 5000 + "1", "1" + "+1" * 400, "motor_yield" + "*motor_yield" * 80, "["]
)
def test_deep_formulas_are_faults(deep: str) -> None:
    with pytest.raises(ScenarioFaults):
        read_scenario("tiny", {"operations.robot@shop/assemble.time": f"= {deep}"})


def test_deep_settings_are_faults(tmp_path: Path) -> None:
    scenario = copy_of_tiny(tmp_path)
    (scenario / "scenario.toml").write_text("a = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(ScenarioFaults):
        read_scenario(scenario)
