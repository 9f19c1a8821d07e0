"""Discrete-event simulation of production lines and plants: a library of its own, without any scenario.

Stations with places, buffers, failures and calendars; routings with assembly, tests, rework and learning; suppliers,
operators, crews and carriers. `line` makes a serial line, `run_once` simulates a replication, `replicate` many;
`departures` is the fast way for plain lines.
"""

from ironworks.factory.flow.laws import (
    Constant,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Listed,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    Weibull,
)
from ironworks.factory.flow.line import line
from ironworks.factory.flow.model import (
    INFINITE,
    Arising,
    Arrivals,
    BaseStock,
    Calendar,
    Change,
    Conwip,
    Crew,
    Defect,
    Failures,
    Fleet,
    Growth,
    Learning,
    Model,
    Move,
    Operation,
    Routing,
    Saturated,
    Skill,
    Station,
    Store,
    Supplier,
    Supply,
)
from ironworks.factory.flow.recursion import departures
from ironworks.factory.flow.replicate import replicate
from ironworks.factory.flow.result import Outcome, Replication, State
from ironworks.factory.flow.run import run_once
from ironworks.factory.flow.validate import ModelError, validate

__all__ = [
    "INFINITE",
    "Arising",
    "Arrivals",
    "BaseStock",
    "Calendar",
    "Change",
    "Constant",
    "Conwip",
    "Crew",
    "Defect",
    "Erlang",
    "Exponential",
    "Failures",
    "Fleet",
    "Gamma",
    "Growth",
    "Law",
    "Learning",
    "Listed",
    "Lognormal",
    "Model",
    "ModelError",
    "Move",
    "Normal",
    "Operation",
    "Outcome",
    "Pert",
    "Replication",
    "Routing",
    "Saturated",
    "Skill",
    "State",
    "Station",
    "Store",
    "Supplier",
    "Supply",
    "Triangular",
    "Uniform",
    "Weibull",
    "departures",
    "line",
    "replicate",
    "run_once",
    "validate",
]
