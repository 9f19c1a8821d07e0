import numpy as np
import pytest

from ironworks.factory.flow import (
    INFINITE,
    Calendar,
    Constant,
    Conwip,
    Crew,
    Exponential,
    Failures,
    Gamma,
    Lognormal,
    Model,
    ModelError,
    Station,
    departures,
    line,
    run_once,
)

OUTAGES = Failures(Exponential(400.0), Gamma(60.0, 0.5))


@pytest.mark.parametrize("blocking", ["after", "before"])
@pytest.mark.parametrize("buffers", [(0, 0, 0), (1, 0, 3), (INFINITE, 2, 0)])
def test_recursion_gives_the_event_kernels_microseconds(blocking, buffers):
    stations = [
        Station(f"s{i}", buffer=buffer, blocking=blocking, failures=OUTAGES if i != 1 else None)
        for i, buffer in enumerate((INFINITE, *buffers))
    ]
    model = line(stations, [Exponential(10.0), Lognormal(9.0, 0.4), Constant(8.0), Exponential(9.5)])
    simulated = run_once(model, 20_000.0, seed=3, replication=2).finish_times["line"]
    assert len(simulated) > 500
    assert np.array_equal(departures(model, len(simulated), seed=3, replication=2), simulated)


def test_what_stands_against_a_plain_line_is_listed():
    stations = [
        Station("a", places=2),
        Station("b", calendar="day", failures=Failures(Constant(9.0), Constant(1.0), "time", "fitters")),
    ]
    serial = line(stations, [Constant(1.0)] * 2, Conwip(3))
    day = Calendar("day", np.array([[0.0, 10.0]]))
    model = Model(serial.stations, serial.routings, calendars=[day], crews=[Crew("fitters", 1)])
    with pytest.raises(ModelError) as raised:
        departures(model, 5)
    assert len(raised.value.faults) == 4
    assert all(word in str(raised.value) for word in ("saturated", "'a'", "'b'", "crew"))
