"""Lines as OR-Tools CP-SAT and DIDP would solve them: a step model, and states of dynamic programming."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Callable

import numpy as np

from ironworks.factory.balance import LineInstance

__all__ = ["peers"]

#: What a peer found: stations (None: nothing), whether proven, seconds.
Found = tuple[int | None, bool, float]


def peers() -> dict[str, Callable[[LineInstance, int, float], Found]]:
    """Those that are installed here, by name."""
    known = {"CP-SAT": ("ortools", _cp_sat), "didppy": ("didppy", _didp)}
    return {name: solve for name, (module, solve) in known.items() if importlib.util.find_spec(module)}


def _most(line: LineInstance, cycle: int) -> int:
    """Stations that are filled one by one, in an order that may be followed."""
    stations, load, follows = 1, 0, line.follows
    for task in np.lexsort((-line.times, follows.sum(axis=0))):
        if load + line.times[task] > cycle:
            stations, load = stations + 1, 0
        load += int(line.times[task])
    return stations


def _cp_sat(line: LineInstance, cycle: int, seconds: float) -> Found:
    from ortools.sat.python import cp_model

    times, follows = line.times, line.follows
    most = _most(line, cycle)
    head = -(-(times + follows.T @ times) // cycle) - 1
    tail = most - -(-(times + follows @ times) // cycle)
    model = cp_model.CpModel()
    done = [
        [0 if s < head[i] else 1 if s >= tail[i] else model.new_bool_var("") for s in range(most)]
        for i in range(len(times))
    ]
    used = [model.new_bool_var("") for _ in range(most)]
    for s in range(most):
        here = [done[i][s] - (done[i][s - 1] if s else 0) for i in range(len(times))]
        model.add(sum(int(t) * x for t, x in zip(times, here, strict=True)) <= cycle * used[s])
        if s:
            model.add_implication(used[s], used[s - 1])
            for i in range(len(times)):
                model.add(done[i][s] >= done[i][s - 1])
    for before, after in line.reduced:
        for s in range(most):
            model.add(done[after][s] <= done[before][s])
    model.add(sum(used) >= -(-int(times.sum()) // cycle))
    model.minimize(sum(used))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 1
    began = time.monotonic()
    status = solver.solve(model)
    found = int(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return found, status == cp_model.OPTIMAL, time.monotonic() - began


def _didp(line: LineInstance, cycle: int, seconds: float) -> Found:
    import didppy as dp

    times, n = line.times.tolist(), len(line)
    before = [np.flatnonzero(line.follows[:, task]).tolist() for task in range(n)]
    model = dp.Model(maximize=False, float_cost=False)
    task = model.add_object_type(number=n)
    left = model.add_set_var(object_type=task, target=list(range(n)))
    room = model.add_int_resource_var(target=0, less_is_better=False)
    time_of = model.add_int_table(times)
    needs = model.add_set_table(
        [model.create_set_const(object_type=task, value=one) for one in before], object_type=task
    )
    half = model.add_float_table([0.5 if 2 * t == cycle else 0.0 for t in times])
    large = model.add_int_table([1 if 2 * t > cycle else 0 for t in times])
    third = model.add_float_table([_third(t, cycle) for t in times])
    model.add_base_case([left.is_empty()])
    for one in range(n):
        model.add_transition(
            dp.Transition(
                name=str(one), cost=dp.IntExpr.state_cost(),
                effects=[(left, left.remove(one)), (room, room - time_of[one])],
                preconditions=[left.contains(one), time_of[one] <= room, (left & needs[one]).is_empty()],
            )
        )  # fmt: skip
    fits = [left.contains(one) & (time_of[one] <= room) & (left & needs[one]).is_empty() for one in range(n)]
    model.add_transition(
        dp.Transition(
            name="open", cost=1 + dp.IntExpr.state_cost(), effects=[(room, cycle)], preconditions=[~one for one in fits]
        ),
        forced=True,
    )
    model.add_dual_bound(math.ceil((time_of[left] - room) / cycle))
    model.add_dual_bound(large[left] + math.ceil(half[left]) - (2 * room >= cycle).if_then_else(1, 0))
    model.add_dual_bound(math.ceil(third[left]) - (3 * room >= cycle).if_then_else(1, 0))
    solver = dp.CABS(model, time_limit=seconds, quiet=True)
    began = time.monotonic()
    solution = solver.search()
    return solution.cost, bool(solution.is_optimal), time.monotonic() - began


def _third(time: int, cycle: int) -> float:
    if 3 * time > 2 * cycle:
        return 1.0
    if 3 * time == 2 * cycle:
        return 2 / 3
    return 0.5 if 3 * time > cycle else 1 / 3 if 3 * time == cycle else 0.0
