"""Small plants drawn at random with everything switched on."""

from __future__ import annotations

import random

import numpy as np

from ironworks.factory.flow import (
    INFINITE,
    Arising,
    Arrivals,
    BaseStock,
    Calendar,
    Change,
    Conwip,
    Crew,
    Defect,
    Exponential,
    Failures,
    Fleet,
    Gamma,
    Growth,
    Learning,
    Lognormal,
    Model,
    Move,
    Operation,
    Resampled,
    Routing,
    Saturated,
    Skill,
    Station,
    Store,
    Supplier,
    Supply,
    Triangular,
    Uniform,
    Weibull,
)

HORIZON = 600.0


def plant(number: int, rows: bool = False) -> Model:
    """A plant of two made items and an assembly; the same number gives the same plant.

    With `rows` its defects and the times of its tests come from rows of units, and do not arise by themselves.
    """
    dice = random.Random(number)

    def maybe(value, chance=0.5):
        return value if dice.random() < chance else None

    def time(mean: float):
        return dice.choice(
            [
                Exponential(mean),
                Gamma(mean, 0.5),
                Lognormal(mean, 0.3),
                Uniform(0, 2 * mean),
                Triangular(0, mean, 2 * mean),
            ]
        )

    def failures() -> Failures | None:
        uptime = dice.choice([Exponential(40), Weibull(50, 1.5)])
        mode, crew = dice.choice(["operation", "time"]), maybe("fitters")
        return maybe(Failures(uptime, Exponential(4), mode, crew, maybe(Growth(0.2, limit=3.0)), dice.randint(0, 2)))

    def station(name: str, **kw) -> Station:
        return Station(
            name,
            places=dice.randint(1, 3),
            buffer=dice.choice([0, 1, 3, INFINITE]),
            calendar=maybe("day"),
            attended=dice.random() < 0.7,
            failures=failures(),
            interruption=dice.choice(["resume", "restart", "scrap"]),
            shift_end=dice.choice(["suspend", "finish"]),
            setup=maybe(Exponential(1)),
            schedule=dice.choice([(), ((100, 1), (300, -1)), ((50, -1), (200, 2))]),
            swap=True,
            **kw,
        )

    def operation(station: str, mean: float, name: str | None = None, **kw) -> Operation:
        learning = Learning(dice.choice(["crawford", "wright", "dejong"]), 0.9, 5.0, 0.3, maybe("joint"))
        return Operation(
            name or station,
            station,
            time(mean),
            operators=dice.randint(0, 1),
            skill="hand",
            learning=maybe(learning),
            family=dice.choice(["x", "y"]),
            travel=maybe(Exponential(1), 0.3),
            fleet=maybe("agv", 0.3),
            **kw,
        )

    stations = [station(n, blocking=dice.choice(["after", "before"])) for n in ("m1", "m2", "join", "old")]
    stations += [station(n) for n in ("probe", "final", "desk")]
    stations.append(Station("new", places=0, buffer=2))
    changes = [Change("one", 0.5, serial=7), Change("two", 0.3, time=200.0)]
    arises = [Arising("loose", 0.3, 0.05, Growth(-0.5)), Arising("wrong", 0.2)]
    routings = [
        Routing("one", [operation("m1", 4)], dice.choice([BaseStock(3), Conwip(2), Saturated()]), output="ones"),
        Routing("two", [operation("m1", 3, "first"), operation("m2", 2)], Conwip([(0, 1), (100, 4)]), output="twos"),
        Routing(
            "whole",
            [
                operation("join", 6, consumes={"ones": 1, "twos": 2, "screw": 3}, arises=() if rows else arises),
                operation("probe", 2, finds={"loose": 0.8, "wrong": 0.5}, false_reject=0.05),
                operation("m2", 2, "again"),
                operation("final", 1, finds={"loose": 0.9, "wrong": 0.9}),
            ],
            dice.choice([Saturated(), Conwip(5), Arrivals(Exponential(8), lost=dice.random() < 0.5)]),
            plan=maybe([(0, 0), (200, 30), (600, 120)], 0.3),
            changes=changes,
            resampled=_rows(number) if rows else None,
        ),
        Routing("pilot", [operation("old", 5)], Conwip(2)),
        Routing("series", [operation("new", 4)], Saturated()),
    ]
    mend = operation("desk", 3, "mend", consumes={"screw": 1})
    defects = [
        Defect("loose", mend, "whole.join" if dice.random() < 0.3 else "whole.probe", 0.8, 3, causes={"wrong": 0.1}),
        Defect("wrong", operation("desk", 2, "swap"), "whole.probe", 0.9, 4, hold=0.3, hold_time=Exponential(10)),
    ]
    supply = Supply(20, Exponential(15), [(0, 60), (200, 90)], 12, 0.95, "trade", 1.0)
    stores = [
        Store("ones", capacity=dice.choice([2, INFINITE]), initial=1),
        Store("twos", capacity=4),
        Store("screw", initial=30, supply=supply, alternate="bolt"),
        Store("bolt", initial=10, supply=Supply(5, Exponential(9), [(0, 20)], 12, 1.0, "trade", 2.0)),
    ]
    days = Calendar("day", np.array([[24.0 * i, 24.0 * i + 16] for i in range(30)]))
    move = Move(
        "away", 150, ["pilot"], ["old"], Uniform(10, 40), {"new": 1}, ["series"], [("pilot.old", "series.new")], 0.5
    )
    return Model(
        stations,
        routings,
        stores,
        defects,
        suppliers=[Supplier("trade", [(0, 4.0)])],
        skills=[Skill("hand", [(0, 3), (90, 1), (180, 5)])],
        crews=[Crew("fitters", 1, maybe("day"))],
        fleets=[Fleet("agv", 2)],
        calendars=[days],
        moves=[move],
    )


def _rows(number: int) -> Resampled:
    g = np.random.default_rng(number)
    counts = (7, 5, 9)
    return Resampled(
        ("loose", "wrong"),
        (0.5, 1.0, 2.0),
        [g.random((n, 2)) < 0.2 * (k + 1) for k, n in enumerate(counts)],
        {name: [g.uniform(0.5, 2.0, (n, 3)) for n in counts] for name in ("probe", "final")},
        {"loose": [g.integers(0, 5, (n, 2)) / 4 for n in counts]},
        first=2.5,
        mature=0.7,
        growth=Growth(-0.5),
    )
