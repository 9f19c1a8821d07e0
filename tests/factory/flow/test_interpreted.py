"""The kernels as plain Python give the same events at the same microseconds as the compiled ones."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factory.flow.rich import plant

from ironworks.factory.flow import run_once
from ironworks.factory.flow.kernels._jit import compiled

PLANTS, WITH_ROWS, UNTIL = (1, 2, 3, 4, 6), (1, 2), 150.0


def digests() -> list[str]:
    """Of each plant's whole log and state times, a digest, and the number of log rows."""
    found = []
    for model in [*map(plant, PLANTS), *(plant(number, rows=True) for number in WITH_ROWS)]:
        run = run_once(model, UNTIL, trace=(0, UNTIL))
        content = run.log.tobytes() + (run.states * 1e6).round().astype("int64").tobytes()
        found.append(f"{len(run.log)} {hashlib.sha256(content).hexdigest()}")
    return found


@pytest.mark.skipif(not compiled, reason="there is nothing to compare with when the compiler is off")
def test_interpreted_and_compiled_logs_are_the_same():
    code = "from tests.factory.flow.test_interpreted import digests; print('\\n'.join(digests()))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    ours = digests()
    assert found.stdout.split("\n")[:-1] == ours
    assert sum(int(line.split()[0]) for line in ours) > 2000
