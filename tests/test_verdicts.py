"""The table of verdicts: it is sound, it counts right, and a file gives it back."""

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ironworks.faults import ScenarioFaults
from ironworks.verdicts import FAIL, MARGINAL, NOT_RUN, PASS, Tally, VerdictError, Verdicts

Row = tuple[float, int, str, str, int, int, str, float]
COLUMNS = ("scale", "unit", "item", "procedure", "attempt", "verdict", "cause", "minutes")

#: Three robots at scale 1 and one at 2; unit 1 fails both procedures, is mended, and passes one of them at once.
ROWS: list[Row] = [
    (1.0, 0, "robot", "range", 1, PASS, "", 10.0),
    (1.0, 0, "robot", "torque", 1, MARGINAL, "", 6.0),
    (1.0, 1, "robot", "range", 1, FAIL, "cracked_gear", 14.0),
    (1.0, 1, "robot", "torque", 1, FAIL, "cracked_gear", 5.0),
    (1.0, 1, "robot", "range", 2, PASS, "", 11.0),
    (1.0, 1, "robot", "torque", 2, FAIL, "no_fault_found", 5.5),
    (1.0, 1, "robot", "torque", 3, PASS, "", 5.5),
    (1.0, 2, "robot", "range", 1, PASS, "", 10.0),
    (1.0, 2, "robot", "torque", 1, FAIL, "zero_offset", 5.0),
    (2.0, 0, "robot", "range", 1, PASS, "", 10.0),
    (2.0, 0, "robot", "torque", 1, FAIL, "cracked_gear", 5.0),
    (1.0, 0, "pack", "capacity", 1, PASS, "", 60.0),
]


def table(rows: Sequence[Row] = ROWS, **kw: Any) -> Verdicts:
    return Verdicts(**dict(zip(COLUMNS, map(np.array, zip(*rows, strict=True)), strict=True)), **kw)


def test_yields_are_counted_by_procedure_and_by_item() -> None:
    verdicts = table()
    assert verdicts.items == ("robot", "pack")
    assert verdicts.scales == (1.0, 2.0)
    assert verdicts.first_pass("robot", 1.0) == {"range": Tally(2, 3), "torque": Tally(1, 3)}
    assert verdicts.first_pass("robot") == {"range": Tally(3, 4), "torque": Tally(1, 4)}
    assert verdicts.first_pass_of_item("robot", 1.0) == Tally(1, 3)
    assert verdicts.first_pass_of_item("robot") == Tally(1, 4)
    assert verdicts.first_pass_of_item("pack") == Tally(1, 1)
    assert Tally(1, 4).share == 0.25


def test_a_cause_counts_once_per_unit() -> None:
    # The gear of unit 1 fails two procedures; what the second attempt found is no first-pass cause.
    assert table().causes("robot", 1.0) == {"cracked_gear": 1, "zero_offset": 1}
    assert list(table().causes().items()) == [("cracked_gear", 2), ("zero_offset", 1)]


def test_later_procedures_come_from_one_other_unit_each_of_the_nearest_scale() -> None:
    walks: list[Row] = [
        (1.2, 70, "robot", "walk", 1, FAIL, "falls@turn", 3.0),
        (1.2, 70, "robot", "walk", 2, PASS, "", 3.0),
        (1.2, 80, "robot", "walk", 1, PASS, "", 4.0),
        (1.9, 70, "robot", "walk", 1, FAIL, "falls@push", 2.0),
    ]
    joined = table(key="bench", meta={"scales": [1.0]}).followed_by(table(walks, key="legs", meta={"scales": [1.2]}))
    assert joined.procedures("robot") == ("range", "torque", "walk")
    sample = joined.sample("robot", 1.0)
    # Units 0, 1, 2 take those of 70, 80 and 70 again.
    assert sample.verdict[:, 2].tolist() == [[FAIL, PASS, NOT_RUN], [PASS, NOT_RUN, NOT_RUN], [FAIL, PASS, NOT_RUN]]
    assert sample.verdict[:, :2].tolist() == table().sample("robot", 1.0).verdict.tolist()
    assert joined.causes("robot", 2.0) == {"cracked_gear": 1, "falls@push": 1}
    assert (joined.key, joined.meta["later"]) == ("bench+legs", {"scales": [1.2]})
    with pytest.raises(KeyError, match="hand"):
        table().followed_by(table([(1.0, 0, "hand", "grip", 1, PASS, "", 1.0)]))


def test_a_sample_sets_units_side_by_side() -> None:
    sample = table().sample("robot", 1.0)
    assert sample.units.tolist() == [0, 1, 2]
    assert sample.procedures == ("range", "torque")
    assert sample.failed.tolist() == [[False, False], [True, True], [False, True]]
    assert sample.verdict[1].tolist() == [[FAIL, PASS, NOT_RUN], [FAIL, FAIL, PASS]]
    assert sample.minutes[1].tolist() == [[14.0, 11.0, 0.0], [5.0, 5.5, 5.5]]
    with pytest.raises(KeyError, match="pack"):
        table().sample("pack", 2.0)


@pytest.mark.parametrize("travel", [lambda v, _: pickle.loads(pickle.dumps(v)), lambda v, f: Verdicts.read(v.write(f))])  # noqa: S301
def test_a_table_travels_whole(travel: Callable[[Verdicts, Path], Verdicts], tmp_path: Path) -> None:
    made = table(key="abc", meta={"design": "humanoid", "units": 3})
    back = travel(made, tmp_path / "v.parquet")
    for name in COLUMNS:
        assert getattr(back, name).dtype.kind == getattr(made, name).dtype.kind
        assert getattr(back, name).tolist() == getattr(made, name).tolist()
    assert (back.key, back.meta) == ("abc", {"design": "humanoid", "units": 3})
    assert not back.minutes.flags.writeable or travel.__code__.co_names[0] == "pickle"


def test_a_file_names_words_once(tmp_path: Path) -> None:
    path = table().write(tmp_path / "v.parquet")
    assert pa.types.is_dictionary(pq.read_schema(path).field("cause").type)
    assert [p.name for p in tmp_path.iterdir()] == ["v.parquet"]


def test_every_fault_is_told_at_once() -> None:
    wrong: list[Row] = [
        (1.0, 0, "robot", "range", 1, 3, "", 1.0),
        (1.0, 0, "robot", "range", 1, PASS, "", float("nan")),
        (0.0, 1, "robot", "range", 1, PASS, "gear", -1.0),
        (1.0, -1, "robot", "torque", 0, FAIL, "", 1.0),
        (1.0, 2, "", "range", 1, PASS, "", 1.0),
    ]
    with pytest.raises(VerdictError) as raised:
        table(wrong)
    said = str(raised.value)
    for words in (
        "unit 0 of robot at scale 1: range, attempt 1: verdict is none of",
        "minutes are not",
        "scale is not",
        "attempt is below 1",
        "unit is below 0",
        "item or procedure is empty",
        "a failure has no cause",
        "a pass has a cause",
        "stands twice",
        "unit 0 of robot at scale 1: torque: has no attempt 1",
    ):
        assert words in said
    with pytest.raises(VerdictError, match="same length"):
        Verdicts(*(np.ones(n, int) for n in (1, 1, 1, 1, 1, 1, 1, 2)))


def test_many_faults_of_a_kind_are_counted() -> None:
    with pytest.raises(VerdictError) as raised:
        table([(1.0, unit, "robot", "range", 1, PASS, "", -1.0) for unit in range(30)])
    assert len(raised.value.faults) == 6
    assert raised.value.faults[-1].startswith("and 25 more")


def test_a_file_that_is_none_is_a_fault_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "v.parquet"
    path.write_text("unit,verdict\n")
    with pytest.raises(ScenarioFaults, match="not a Parquet file"):
        Verdicts.read(path)
    pq.write_table(pa.table({"unit": [1], "verdict": [0]}), path)
    with pytest.raises(ScenarioFaults, match="has no column scale, item"):
        Verdicts.read(path)
    good = table()
    columns = {name: getattr(good, name).tolist() for name in COLUMNS}
    pq.write_table(pa.table(columns | {"minutes": [-1.0] * len(good)}), path)
    with pytest.raises(ScenarioFaults, match="minutes are not"):
        Verdicts.read(path)
    pq.write_table(pa.table(columns | {"attempt": ["first"] * len(good)}), path)
    with pytest.raises(ScenarioFaults, match="wrong kind"):
        Verdicts.read(path)
