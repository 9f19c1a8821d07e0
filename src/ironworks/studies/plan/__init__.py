"""Planning: from a target and a probability to stations, people, stocks and dates that were simulated."""

from ironworks.studies.plan.bounds import Bound, bounds
from ironworks.studies.plan.constraint import Constraint, Level, constraints
from ironworks.studies.plan.decisions import Decisions, Outlay, as_planned, outlay
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.marginal import Marginal, marginals
from ironworks.studies.plan.planning import PlanResult, Refusal, plan
from ironworks.studies.plan.relief import Relief, reliefs
from ironworks.studies.plan.search import Effort, Point, Search
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.target import Aim, read_aim, read_aimed
from ironworks.studies.plan.trial import Trials, Tried
from ironworks.studies.plan.written import write_scenario

__all__ = [
    "Aim",
    "Bound",
    "Constraint",
    "Decisions",
    "Effort",
    "Knobs",
    "Level",
    "Marginal",
    "Outlay",
    "PlanResult",
    "Point",
    "Refusal",
    "Relief",
    "Search",
    "Sizing",
    "Trials",
    "Tried",
    "as_planned",
    "bounds",
    "constraints",
    "marginals",
    "outlay",
    "plan",
    "read_aim",
    "read_aimed",
    "reliefs",
    "write_scenario",
]
