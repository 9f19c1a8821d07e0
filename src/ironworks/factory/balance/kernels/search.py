"""Loads of a station, and two searches over them: cyclic best first with a memory, and a beam.

A state is a set of done tasks (bits in words of 64) and the stations that did them; `left` (P,) is what remains of each
price, in whole parts of `unit` (P,): a station cannot do more than one unit of any price.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.kernels._jit import kernel

__all__ = ["DONE", "FULL", "SOLVED", "WORKING", "Problem", "Tree", "advance", "grow_beam", "jackson_rows", "refill"]

WORKING, DONE, FULL, SOLVED = 0, 1, 2, 3
"""How `advance` ends: budget spent, no state left, no room for states, or a state with all tasks done."""

#: Work on one state counts as so many tries of tasks for each load that is wanted.
_TRIES = 64


class Problem(NamedTuple):
    """A line for the kernels: n tasks, in the order in which loads try them.

    `after_first` (n + 1,) and `after` list direct followers, `waits` (n,) counts direct predecessors; `better_first`
    (n + 1,) and `better` list the tasks that do for each task whatever it does (Jackson 1956); `price` (P, n), `unit`
    (P,); `value` (n,): what a
    task that remains costs a state, in stations; `key` (n,) random words.
    """

    times: NDArray[np.int64]
    cycle: int
    after_first: NDArray[np.int64]
    after: NDArray[np.int64]
    waits: NDArray[np.int64]
    better_first: NDArray[np.int64]
    better: NDArray[np.int64]
    price: NDArray[np.int64]
    unit: NDArray[np.int64]
    value: NDArray[np.float64]
    key: NDArray[np.uint64]


class Tree(NamedTuple):
    """States of a search: `size` [0] of them so far, `level` (S,) stations and `remains` (S,) tasks each.

    `root` (L,): top of each level's pairing heap; `table`: open hash of states; `control`: level that is next, greatest
    number of stations that still improves, 1 if loads were left out, the state that solved, states expanded.
    """

    size: NDArray[np.int64]
    done: NDArray[np.uint64]
    left: NDArray[np.int64]
    level: NDArray[np.int32]
    remains: NDArray[np.int32]
    parent: NDArray[np.int32]
    hash: NDArray[np.uint64]
    rank: NDArray[np.float64]
    child: NDArray[np.int32]
    sibling: NDArray[np.int32]
    open: NDArray[np.bool_]
    root: NDArray[np.int32]
    table: NDArray[np.int32]
    control: NDArray[np.int64]


@kernel
def jackson_rows(times: NDArray[np.int64], follows: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each task those that last as long or longer, with all its followers: (n + 1,) and their list."""
    n = len(times)
    first = np.zeros(n + 1, np.int64)
    rows = np.empty(64, np.int64)
    count = 0
    for task in range(n):
        for other in range(n):
            if other == task or times[other] < times[task] or follows[task, other] or follows[other, task]:
                continue
            covers, same = True, times[other] == times[task]
            for after in range(n):
                if follows[task, after] and not follows[other, after]:
                    covers = False
                    break
                if same and follows[other, after] and not follows[task, after]:
                    same = False
            if covers and (not same or other < task):
                if count == len(rows):
                    more = np.empty(2 * count, np.int64)
                    more[:count] = rows
                    rows = more
                rows[count] = other
                count += 1
        first[task + 1] = count
    return first, rows[:count].copy()


@kernel
def _loads(
    problem: Problem, done: NDArray[np.uint64], most: int, spare: int,
    load_first: NDArray[np.int64], load_tasks: NDArray[np.int64], rests: NDArray[np.int64],
) -> tuple[int, bool]:  # fmt: skip
    """Full loads that may follow on `done` and leave at most `spare` idle: how many, and whether all of them.

    A load is full when no task fits besides; none is kept that a better task would improve (Jackson's rule).
    """
    times, n = problem.times, len(problem.times)
    waits = problem.waits.copy()
    eligible = np.empty(n, np.int64)
    inside = np.zeros(n, np.bool_)
    here = 0
    for task in range(n):
        if done[task >> 6] >> np.uint64(task & 63) & np.uint64(1):
            inside[task] = True
            for at in range(problem.after_first[task], problem.after_first[task + 1]):
                waits[problem.after[at]] -= 1
    for task in range(n):
        if waits[task] == 0 and not inside[task]:
            eligible[here] = task
            here += 1
    tried = np.empty(n + 1, np.int64)
    known = np.empty(n + 1, np.int64)
    room = np.empty(n + 1, np.int64)
    grown = np.empty(n + 1, np.bool_)
    load = np.empty(n + 1, np.int64)
    depth, count, filled, tries = 0, 0, 0, 0
    tried[0], known[0], room[0], grown[0] = 0, here, problem.cycle, False
    load_first[0] = 0
    while depth >= 0:
        at = tried[depth]
        while at < known[depth] and times[eligible[at]] > room[depth]:
            at += 1
        tries += at - tried[depth] + 1
        if tries > _TRIES * most:
            return count, False
        if at < known[depth]:
            task = eligible[at]
            tried[depth], grown[depth] = at + 1, True
            load[depth], inside[task] = task, True
            behind = known[depth]
            for edge in range(problem.after_first[task], problem.after_first[task + 1]):
                follower = problem.after[edge]
                waits[follower] -= 1
                if waits[follower] == 0:
                    eligible[behind] = follower
                    behind += 1
            room[depth + 1] = room[depth] - times[task]
            depth += 1
            tried[depth], known[depth], grown[depth] = at + 1, behind, False
            continue
        if not grown[depth] and depth > 0 and room[depth] <= spare:
            rest, kept = room[depth], True
            for other in range(known[depth]):
                task = eligible[other]
                if not inside[task] and times[task] <= rest:
                    kept = False
                    break
            for place in range(depth):
                if not kept:
                    break
                task = load[place]
                for better in range(problem.better_first[task], problem.better_first[task + 1]):
                    other = problem.better[better]
                    if not inside[other] and waits[other] == 0 and times[other] - times[task] <= rest:
                        kept = False
                        break
            if kept:
                if count == most or filled + depth > len(load_tasks):
                    return count, False
                load_tasks[filled : filled + depth] = load[:depth]
                filled += depth
                rests[count] = rest
                count += 1
                load_first[count] = filled
        depth -= 1
        if depth >= 0:
            task = load[depth]
            inside[task] = False
            for edge in range(problem.after_first[task], problem.after_first[task + 1]):
                waits[problem.after[edge]] += 1
    return count, True


@kernel
def _merge(tree: Tree, one: int, other: int) -> int:
    if one < 0:
        return other
    if other < 0:
        return one
    if tree.rank[other] < tree.rank[one]:
        one, other = other, one
    tree.sibling[other] = tree.child[one]
    tree.child[one] = other
    return one


@kernel
def _push(tree: Tree, state: int) -> None:
    tree.child[state], tree.sibling[state] = -1, -1
    level = tree.level[state]
    tree.root[level] = _merge(tree, tree.root[level], state)


@kernel
def _pop(tree: Tree, level: int) -> int:
    top = int(tree.root[level])
    # Two passes: merge pairs from the left, then all of them from the right.
    pairs, node = -1, tree.child[top]
    while node >= 0:
        second = tree.sibling[node]
        beyond = tree.sibling[second] if second >= 0 else -1
        tree.sibling[node] = -1
        if second >= 0:
            tree.sibling[second] = -1
        pair = _merge(tree, node, second)
        tree.sibling[pair] = pairs
        pairs, node = pair, beyond
    whole = -1
    while pairs >= 0:
        beyond = tree.sibling[pairs]
        tree.sibling[pairs] = -1
        whole = _merge(tree, whole, pairs)
        pairs = beyond
    tree.root[level] = whole
    return top


@kernel
def _least(left: NDArray[np.int64], unit: NDArray[np.int64]) -> int:
    """Stations that are still needed at least."""
    whole = 0
    for price in range(len(unit)):
        whole = max(whole, (left[price] + unit[price] - 1) // unit[price])
    return int(whole)


@kernel
def _remember(tree: Tree, state: int) -> bool:
    """Note a state; False where its set was reached with as few stations."""
    mask = len(tree.table) - 1
    at = np.int64(tree.hash[state] & np.uint64(mask))
    words = tree.done.shape[1]
    while tree.table[at] >= 0:
        other = tree.table[at]
        if tree.hash[other] == tree.hash[state]:
            same = True
            for word in range(words):
                if tree.done[other, word] != tree.done[state, word]:
                    same = False
                    break
            if same:
                if tree.level[other] <= tree.level[state]:
                    return False
                tree.open[other] = False
                tree.table[at] = state
                return True
        at = (at + 1) & mask
    tree.table[at] = state
    return True


@kernel
def advance(
    problem: Problem, tree: Tree, most: int, budget: int,
    load_first: NDArray[np.int64], load_tasks: NDArray[np.int64], rests: NDArray[np.int64],
) -> int:  # fmt: skip
    """Go on with a cyclic best-first search (Morrison, Sewell and Jacobson 2014): one state of each level in turn.

    `most` loads of a state are looked at, `budget` states expanded. Ends at the first state with all tasks done in at
    most `control[1]` stations; the caller lowers that and goes on.
    """
    control = tree.control
    levels = len(tree.root)
    whole = problem.price.shape[0]
    room = len(tree.level)
    spent = 0
    while spent < budget:
        level = -1
        for turn in range(levels):
            here = (control[0] + turn) % levels
            if tree.root[here] >= 0:
                level = here
                break
        if level < 0:
            return DONE
        if room - tree.size[0] <= most:
            return FULL
        state = _pop(tree, level)
        control[0] = (level + 1) % levels
        if not tree.open[state]:
            continue
        tree.open[state] = False
        stations = control[1]
        if level + _least(tree.left[state], problem.unit) > stations:
            continue
        spent += 1
        control[4] += 1
        # The first price is the time itself: what stations may waste in all.
        spare = (stations - level) * problem.cycle - tree.left[state, 0]
        found, all_of_them = _loads(problem, tree.done[state], most, spare, load_first, load_tasks, rests)
        if not all_of_them:
            control[2] = 1
        for load in range(found):
            new = tree.size[0]
            tree.done[new] = tree.done[state]
            tree.left[new] = tree.left[state]
            mixed, rank = tree.hash[state], tree.rank[state]
            for at in range(load_first[load], load_first[load + 1]):
                task = load_tasks[at]
                tree.done[new, task >> 6] |= np.uint64(1) << np.uint64(task & 63)
                mixed ^= problem.key[task]
                rank -= problem.value[task]
                for price in range(whole):
                    tree.left[new, price] -= problem.price[price, task]
            if level + 1 + _least(tree.left[new], problem.unit) > stations:
                continue
            tree.hash[new], tree.level[new], tree.parent[new] = mixed, level + 1, state
            remains = tree.remains[state] - (load_first[load + 1] - load_first[load])
            tree.remains[new] = remains
            tree.rank[new] = rank
            if remains == 0:
                tree.size[0] += 1
                control[3] = new
                # What is left of this state is looked at again: its loads are few, its children remembered.
                tree.open[state] = True
                _push(tree, state)
                return SOLVED
            tree.open[new] = True
            if _remember(tree, new):
                tree.size[0] += 1
                _push(tree, new)
    return WORKING


@kernel
def refill(tree: Tree) -> None:
    """Fill an empty table from all states, after room was made: of two with one set, that with fewer stations."""
    for state in range(tree.size[0]):
        was = tree.open[state]
        if not _remember(tree, state):
            tree.open[state] = was


@kernel
def grow_beam(
    problem: Problem, done: NDArray[np.uint64], left: NDArray[np.int64], keys: NDArray[np.uint64],
    ranks: NDArray[np.float64], stations: int, most: int, load_first: NDArray[np.int64], load_tasks: NDArray[np.int64],
    rests: NDArray[np.int64], next_done: NDArray[np.uint64], next_left: NDArray[np.int64],
    next_keys: NDArray[np.uint64], parent: NDArray[np.int32], rank: NDArray[np.float64], table: NDArray[np.int32],
) -> tuple[int, bool]:  # fmt: skip
    """One more station for each state of a beam: how many states follow, and whether none was left out.

    `done` (B, words), `left` (B, P), `keys` (B,), `ranks` (B,) of the states; `stations` still allowed for the rest;
    what follows is written to the arrays behind, each set once. `table` (a power of two): room for a hash, all -1.
    """
    mask = len(table) - 1
    count, complete = 0, True
    for state in range(len(done)):
        spare = stations * problem.cycle - left[state, 0]
        found, all_of_them = _loads(problem, done[state], most, spare, load_first, load_tasks, rests)
        complete &= all_of_them
        for load in range(found):
            if count == len(parent):
                return count, False
            next_done[count] = done[state]
            next_left[count] = left[state]
            mixed, worth = keys[state], ranks[state]
            for at in range(load_first[load], load_first[load + 1]):
                task = load_tasks[at]
                next_done[count, task >> 6] |= np.uint64(1) << np.uint64(task & 63)
                mixed ^= problem.key[task]
                worth -= problem.value[task]
                for price in range(next_left.shape[1]):
                    next_left[count, price] -= problem.price[price, task]
            if _least(next_left[count], problem.unit) > stations - 1:
                continue
            slot = np.int64(mixed & np.uint64(mask))
            known = False
            while table[slot] >= 0:
                if next_keys[table[slot]] == mixed:
                    known = True
                    for word in range(done.shape[1]):
                        if next_done[table[slot], word] != next_done[count, word]:
                            known = False
                            break
                    if known:
                        break
                slot = (slot + 1) & mask
            if known:
                continue
            table[slot] = count
            next_keys[count], parent[count] = mixed, state
            rank[count] = worth
            count += 1
    return count, complete
