"""The line of the final product as planned, beside the cheapest one for the same rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ironworks.factory.balance import BalanceError, cheapest_line
from ironworks.factory.balancing import bay_loads, line_of_route, planned_loads
from ironworks.factory.calendar import DAY, YEAR, years
from ironworks.factory.plant import Plant
from ironworks.factory.sharing import planned_rate
from ironworks.outcome import Line, Outcome

__all__ = ["MOST_LOAD", "balance_line"]

MOST_LOAD = 0.85
"""Share of takt that a station of the balanced line is loaded to at most."""
#: What the search may take: the solver's own count of its work, and seconds in case of a slow machine.
_WORK, _SECONDS = 15.0, 600.0


def balance_line(outcome: Outcome) -> Outcome:
    """The outcome with its line: the final product's route that is planned to make most at the end, at that rate.

    Loads are sums at the figures' values, with the experience of what the programme has released by the last year's
    middle. The outcome as it is where no route makes anything in the last year.
    """
    plant = Plant(outcome.scenario, outcome.verdicts)
    mode, general = outcome.scenario.mode(), outcome.scenario.settings.scenario
    _, begins, ends = years(general.start, general.end)[-1]
    day = plant.start + timedelta(days=int((ends - DAY) // DAY))
    rates = {
        route.route: planned_rate(route, plant.process, plant.equipment, mode, day)
        for route in plant.process.routes_of(outcome.item)
        if plant.process.operations[route.route]
    }
    released = plant.supply.planned(outcome.item, mode, [begins, (begins + ends) / 2, ends])
    total, rate = sum(rates.values()), float(released[2] - released[0]) / (ends - begins)
    if not total or rate <= 0.0:
        return outcome
    route = max(rates, key=lambda name: rates[name])
    share = rates[route] / total
    lots = float(released[1]) * share / plant.process.lots[outcome.item]
    line = line_of_route(plant, route, rate * share, max(lots, 1.0), MOST_LOAD, mode)
    takt = line.takts[0][1] / MOST_LOAD
    made = Line(route, rate * share * YEAR, takt, tuple(planned_loads(plant, route, line, takt)), (), 0.0, 0.0)
    try:
        found = cheapest_line(line, _SECONDS, work=_WORK)
    except BalanceError as error:
        return replace(outcome, line=replace(made, problems=tuple(error.problems)))
    loads = tuple(bay_loads(plant, route, found.assignment, takt))
    return replace(outcome, line=replace(made, balanced=loads, cost=found.assignment.cost, least=found.least))
