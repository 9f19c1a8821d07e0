"""The draws follow their laws, do not lean on one another, and are the same with and without the compiler."""

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from ironworks.factory.flow.kernels import random
from ironworks.factory.flow.kernels._jit import kernel

COUNT = 50_000
LAWS = {
    "exponential": (random.LAW_EXPONENTIAL, (2.0, 0.0, 0.0, 0.0), stats.expon(scale=2)),
    "erlang": (random.LAW_ERLANG, (2.0, 3.0, 0.0, 0.0), stats.gamma(3, scale=2 / 3)),
    "gamma": (random.LAW_GAMMA, (2.0, 0.5, 0.0, 0.0), stats.gamma(4, scale=0.5)),
    "gamma of high variation": (random.LAW_GAMMA, (2.0, 2.0, 0.0, 0.0), stats.gamma(0.25, scale=8)),
    "lognormal": (random.LAW_LOGNORMAL, (0.3, 0.4, 0.0, 0.0), stats.lognorm(0.4, scale=np.exp(0.3))),
    "uniform": (random.LAW_UNIFORM, (1.0, 4.0, 0.0, 0.0), stats.uniform(1, 3)),
    "triangular": (random.LAW_TRIANGULAR, (1.0, 2.0, 5.0, 0.0), stats.triang(0.25, 1, 4)),
    "pert": (random.LAW_PERT, (1.0, 2.0, 5.0, 0.0), stats.beta(2, 4, 1, 4)),
    "pert with the mode at its low end": (random.LAW_PERT, (1.0, 1.0, 5.0, 0.0), stats.beta(1, 5, 1, 4)),
    "weibull": (random.LAW_WEIBULL, (2.0, 1.7, 0.0, 0.0), stats.weibull_min(1.7, scale=2)),
    "normal": (random.LAW_NORMAL, (2.0, 1.5, 0.0, 4.0), stats.truncnorm(-2 / 1.5, 2 / 1.5, 2, 1.5)),
}


@kernel
def fill(law, a, b, c, d, key, visit, out):
    for i in range(len(out)):
        out[i] = random.sample(law, a, b, c, d, key, i, visit)


@kernel
def fill_bits(key, visit, out):
    for i in range(len(out)):
        out[i] = random.draw_bits(key, i, visit)


@kernel
def fill_normal(key, out):
    for i in range(len(out)):
        out[i] = random.standard_normal(random.draw_bits(key, i, 0))


def drawn(law, parameters, count=COUNT, name="mill", visit=0):
    out = np.empty(count)
    fill(law, *parameters, random.stream_key(7, 0, name, "process"), visit, out)
    return out


def bits(name="mill", purpose="process", replication=0, visit=0, count=COUNT):
    out = np.empty(count, np.uint64)
    fill_bits(random.stream_key(7, replication, name, purpose), visit, out)
    return out


@pytest.mark.parametrize("name", LAWS)
def test_law_agrees_with_scipy(name):
    law, parameters, reference = LAWS[name]
    values = drawn(law, parameters)
    assert stats.kstest(values, reference.cdf).pvalue > 1e-3
    error = reference.std() / np.sqrt(COUNT)
    assert abs(values.mean() - reference.mean()) < 4 * error
    fourth = reference.expect(lambda x: (x - reference.mean()) ** 4)
    assert abs(values.var() - reference.var()) < 4 * np.sqrt((fourth - reference.var() ** 2) / COUNT)


def test_standard_normal_agrees_with_scipy():
    out = np.empty(400_000)
    fill_normal(random.stream_key(7, 0, "mill", "process"), out)
    assert stats.kstest(out, "norm").pvalue > 1e-3


@pytest.mark.parametrize("law", ["exponential", "normal"])
def test_ziggurat_tail_agrees_with_the_law(law):
    # The part beyond the last layer's edge is drawn by other code than the rest.
    if law == "exponential":
        values = drawn(random.LAW_EXPONENTIAL, (1.0, 0.0, 0.0, 0.0), count=2_000_000)
        edge, tail = random._EXPONENTIAL_EDGE, stats.expon
    else:
        values = np.empty(2_000_000)
        fill_normal(random.stream_key(7, 0, "mill", "process"), values)
        edge, tail = random._NORMAL_EDGE, stats.norm
    beyond = values[values > edge]
    expected = tail.sf(edge) * len(values)
    assert abs(len(beyond) - expected) < 4 * np.sqrt(expected)
    assert stats.kstest(beyond, lambda x: 1 - tail.sf(x) / tail.sf(edge)).pvalue > 1e-3


def test_constant_law_gives_its_value():
    assert set(drawn(random.LAW_CONSTANT, (3.5, 0.0, 0.0, 0.0), 10)) == {3.5}


def test_layers_close_at_the_top():
    # The area of the top layer is that of all the others: this holds only for the right edge.
    area = 3.949659822581572e-3
    x = random._EXP_WIDTHS[1] * 2.0**53
    assert x * (1 - np.exp(-x)) == pytest.approx(area, rel=1e-6)


NEIGHBOURS = {
    "items": lambda: (bits()[:-1], bits()[1:]),
    "visits": lambda: (bits(), bits(visit=1)),
    "names": lambda: (bits("mill1"), bits("mill2")),
    "purposes": lambda: (bits(purpose="process"), bits(purpose="uptime")),
    "replications": lambda: (bits(replication=0), bits(replication=1)),
}


@pytest.mark.parametrize("kind", NEIGHBOURS)
def test_neighbours_are_independent(kind):
    left, right = NEIGHBOURS[kind]()
    assert abs(np.corrcoef(left / 2.0**64, right / 2.0**64)[0, 1]) < 4 / np.sqrt(len(left))
    # Each pair of high (and of low) four-bit groups is equally likely.
    for shift in (60, 0):
        pairs = ((left >> np.uint64(shift)) & np.uint64(15)) * np.uint64(16) + (
            (right >> np.uint64(shift)) & np.uint64(15)
        )
        assert stats.chisquare(np.bincount(pairs.astype(np.int64), minlength=256)).pvalue > 1e-3
    # Every bit flips half the time.
    flips = np.array([np.mean((left ^ right) >> np.uint64(k) & np.uint64(1)) for k in range(64)])
    assert np.abs(flips - 0.5).max() < 5 * 0.5 / np.sqrt(len(left))


def test_streams_that_meet_on_the_counter_still_differ():
    key = random.stream_key(7, 0, "mill", "process")
    meeting = np.uint64((int(key) + int(random._ITEM)) % 2**64)
    left, right = np.empty(1000, np.uint64), np.empty(1000, np.uint64)
    fill_bits(key, 0, left)
    fill_bits(meeting, 0, right)
    assert not np.isin(left, right).any()


def test_stream_key_depends_on_each_part():
    parts = [(s, r, n, p) for s in (0, 1) for r in (0, 1) for n in ("a", "b") for p in ("process", "uptime")]
    assert len({int(random.stream_key(*part)) for part in parts}) == 16
    assert random.stream_key(0, 0, "a", "process") == random.stream_key(0, 0, "a", "process")


@pytest.mark.parametrize(
    ("law", "parameters", "part"),
    [
        (99, (1, 0, 0, 0), "law 99 is unknown"),
        (random.LAW_EXPONENTIAL, (-1, 0, 0, 0), "must be finite and >= 0"),
        (random.LAW_ERLANG, (1, 1.5, 0, 0), "whole number of phases"),
        (random.LAW_GAMMA, (1, 0, 0, 0), "coefficient of variation > 0"),
        (random.LAW_LOGNORMAL, (1, -1, 0, 0), "log-deviation >= 0"),
        (random.LAW_UNIFORM, (2, 1, 0, 0), "low <= high"),
        (random.LAW_PERT, (1, 3, 2, 0), "in order"),
        (random.LAW_WEIBULL, (1, 0, 0, 0), "shape > 0"),
        (random.LAW_NORMAL, (1, 1, 50, 60), "under 1 %"),
        (random.LAW_CONSTANT, (np.nan, 0, 0, 0), "not a number"),
    ],
)
def test_law_that_cannot_be_drawn_is_named(law, parameters, part):
    draws = random.Draws(np.array([0, law]), np.array([(1.0, 0, 0, 0), parameters], float), np.zeros(2, np.uint64))
    with pytest.raises(ValueError, match=r"process\[1\]") as caught:
        random.check_draws(draws, "process")
    assert part in str(caught.value)


PRINT_DRAWS = """
from ironworks.factory.flow.kernels import compiled, random
key = random.stream_key(3, 1, "mill", "process")
values = [random.draw_bits(key, i, v) for i in (0, 1, 2**40) for v in (0, 3)]
laws = {laws}
for law, p in laws:
    values += [float(random.sample(law, *p, key, i, 1)).hex() for i in range({count})]
print(compiled, *values)
"""


def test_draws_are_the_same_without_the_compiler():
    laws = [(law, parameters) for law, parameters, _ in LAWS.values()]
    script = PRINT_DRAWS.format(laws=laws, count=300)
    outputs = {}
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        flag, outputs[disabled] = done.stdout.split(" ", 1)
        assert flag == str(disabled == "0")
    assert outputs["0"] == outputs["1"]
