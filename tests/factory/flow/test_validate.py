"""What is wrong with a model is said at once, with names and choices, before anything runs."""

import copy

import numpy as np
import pytest

from ironworks.factory.flow import (
    Arising,
    BaseStock,
    Calendar,
    Change,
    Constant,
    Conwip,
    Crew,
    Defect,
    Exponential,
    Failures,
    Fleet,
    Learning,
    Listed,
    Model,
    ModelError,
    Move,
    Operation,
    Routing,
    Skill,
    Station,
    Store,
    Supplier,
    Supply,
    Triangular,
    line,
    run_once,
    validate,
)

SAW = Station("saw")
CUT = Operation("cut", "saw", Constant(1))


def faults(model: Model) -> list[str]:
    with pytest.raises(ModelError) as caught:
        validate(model)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_all_faults_are_told_at_once_with_names_and_choices():
    model = Model(
        [Station("saw", calendar="dya"), Station("lathe", places=0), Station("lathe", buffer=1.5)],
        [Routing("leg", [Operation("cut", "swa", Constant(1), operators=1), CUT], output="legs")],
        [Store("screws", alternate="bolts")],
        crews=[Crew("fitters", 0)],
        calendars=[Calendar("day", np.array([[0.0, 8.0]]))],
    )
    assert faults(model) == [
        "station 'lathe' is declared twice; give each a name of its own",
        "station 'saw': no calendar 'dya'; did you mean 'day'?",
        "station 'lathe': no place is ever installed; set places >= 1 or a schedule",
        "station 'lathe': buffer 1.5 must be a whole number >= 0, or INFINITE",
        "crew 'fitters': size must be >= 1",
        "store 'screws': no store 'bolts'; there are: screws",
        "routing 'leg': no store 'legs'; there are: screws",
        "routing 'leg': operation 'cut' stands twice; give each a name of its own",
        "routing 'leg', operation 'cut': no station 'swa'; did you mean 'saw'?",
        "routing 'leg', operation 'cut': 1 operators need a skill",
    ]


def with_operation(**kw) -> Model:
    return Model([SAW], [Routing("r", [Operation("cut", "saw", Constant(1), **kw)])], [Store("x")], [DEFECT])


def with_routing(**kw) -> Model:
    return Model([SAW], [Routing("r", [CUT], **kw)])


DEFECT = Defect("burr", Operation("file", "saw", Constant(1)), "r.cut")
WRONG = [
    (Model([], []), "at least one station and one routing"),
    (with_operation(consumes={"x": 0}), "consumes 0 of 'x'; must be >= 1"),
    (with_operation(finds={"bur": 1.0}), "no defect 'bur'; did you mean 'burr'?"),
    (with_operation(finds={"burr": 1.5}), "coverage 1.5 of 'burr' must lie in 0..1"),
    (with_operation(false_reject=0.1), "false_reject needs at least one defect"),
    (with_operation(arises=[Arising("burr", -0.1)]), "probability of 'burr' -0.1 must lie in 0..1"),
    (with_operation(learning=Learning("crawford", 0.0)), "learning needs rate > 0"),
    (with_operation(fleet="agv"), "no fleet 'agv'; there are: none"),
    (with_routing(release=BaseStock(1)), "a base stock needs an output store"),
    (with_routing(release=Conwip([(5, 1), (2, 3)])), "cards must be sorted by time"),
    (with_routing(plan=[(5, 1), (2, 3)]), "plan must be sorted by time"),
    (with_routing(plan=[(0, 3), (2, 1)]), "it cannot fall"),
    (with_routing(changes=[Change("eco", 0.5)]), "change 'eco': say from which serial or from which time"),
    (with_routing(changes=[Change("eco", 1.5, serial=3)]), "setback 1.5 must lie in 0..1"),
    (Model([SAW], [Routing("r", [])]), "routing 'r': no operations"),
    (Model([SAW], [Routing("r", [Operation("o", "saw", Constant(0))])]), "it would never end"),
    (
        Model([Station("saw", schedule=[(1, -2)])], [Routing("r", [CUT])]),
        "takes away more places than there are at 1 s",
    ),
    (line([Station("saw", failures=Failures(Constant(0), Constant(1)))], [Constant(1)]), "uptime must be > 0 s"),
    (Model([SAW], [Routing("r", [CUT])], [Store("x", alternate="x")]), "is its own alternate"),
    (Model([SAW], [Routing("r", [CUT])], suppliers=[Supplier("s", [(3, 1), (1, 1)])]), "ceiling must be sorted"),
    (Model([SAW], [Routing("r", [CUT])], skills=[Skill("s", [(3, 1), (1, 1)])]), "headcount must be sorted"),
    (Model([SAW], [Routing("r", [CUT])], fleets=[Fleet("agv", 0)]), "carriers must be >= 1"),
    (
        Model([SAW], [Routing("r", [CUT])], [Store("x", supply=Supply(0, Constant(1), [(0, 1)], 1))]),
        "supply needs lot >= 1",
    ),
    (
        Model([SAW], [Routing("r", [CUT])], calendars=[Calendar("day", np.array([[5.0, 9.0], [0.0, 4.0]]))]),
        "intervals must be sorted",
    ),
    (
        Model([SAW], [Routing("r", [CUT])], defects=[Defect("d", CUT, "r.cutt", success=2.0, hold=0.5)]),
        "return_to 'r.cutt' is no operation",
    ),
    (
        Model([SAW], [Routing("r", [CUT])], moves=[Move(n, 1, ["r"], [], Constant(1)) for n in "ab"]),
        "closed by several moves: a, b",
    ),
    (
        Model([Station("saw", blocking="before")], with_operation(finds={"burr": 1.0}).routings, defects=[DEFECT]),
        "a test cannot stand at a station that blocks before service",
    ),
]


@pytest.mark.parametrize(("model", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_fault_is_named(model, words):
    assert any(words in fault for fault in faults(model))


def test_a_wrong_model_does_not_run():
    with pytest.raises(ModelError, match="no station 'lathe'"):
        run_once(Model([SAW], [Routing("r", [Operation("o", "lathe", Constant(1))])]), 10)


def test_what_is_wrong_with_a_model_travels_between_processes():
    with pytest.raises(ModelError) as caught:
        validate(Model([SAW, SAW], []))
    again = copy.copy(caught.value)
    assert again.faults == caught.value.faults
    assert str(again) == str(caught.value)


def test_times_of_a_run_are_checked():
    model = line([SAW], [Constant(1)])
    with pytest.raises(ValueError, match="warmup 10 s must be at least 0 and before until 10 s"):
        run_once(model, 10, warmup=10)
    with pytest.raises(ValueError, match="scale: no station 'swa'; there are: saw"):
        run_once(model, 10, scale={"swa": 2.0})


def test_a_line_needs_a_time_for_each_station():
    with pytest.raises(ValueError, match="1 stations need as many process times, not 2"):
        line([SAW], [Constant(1), Constant(2)])


@pytest.mark.parametrize(
    "law",
    [
        lambda: Constant(-1),
        lambda: Exponential(0),
        lambda: Triangular(2, 1, 3),
        lambda: Listed(()),
    ],
)
def test_a_law_refuses_what_is_no_time(law):
    with pytest.raises(ValueError, match=r"needs|must"):
        law()


def test_units_that_pour_without_time_into_unlimited_room_are_refused():
    stations = [Station("mark"), Station("weld")]
    with pytest.raises(ModelError, match="never end"):
        validate(line(stations, [Constant(0.0), Constant(5.0)]))
    validate(line([Station("mark"), Station("weld", buffer=2)], [Constant(0.0), Constant(5.0)]))
