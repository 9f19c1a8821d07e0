"""Compiled kernels are kept per state of the sources, and a place that cannot be written does no harm."""

import os
import subprocess
import sys

RUN = """
from ironworks.factory.flow.kernels import cache_folder, cold, random
name = "random.draw_bits"
before = cold(name)
key = random.stream_key(0, 0, "mill", "process")
random.draw_bits(key, 0, 0)
print(before, cold(name), cache_folder)
"""


def run(cache, **environment):
    environment = {**os.environ, "IRONWORKS_CACHE": str(cache), "NUMBA_DISABLE_JIT": "0", **environment}
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_first_run_is_cold_and_the_next_is_not(tmp_path):
    assert run(tmp_path)[:2] == ["True", "False"]
    before, _, folder = run(tmp_path)
    assert before == "False"
    assert folder.startswith(str(tmp_path))


def test_place_that_cannot_be_written_leaves_the_kernels_uncached(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert run(blocked) == ["True", "True", "None"]


def test_nothing_is_cold_without_the_compiler(tmp_path):
    assert run(tmp_path, NUMBA_DISABLE_JIT="1") == ["False", "False", "None"]


def test_decorator_leaves_the_cache_of_other_packages_alone(tmp_path):
    script = "import numba; before = numba.config.CACHE_DIR; import ironworks.factory.flow.kernels.random; "
    script += "assert numba.config.CACHE_DIR == before"
    environment = {**os.environ, "IRONWORKS_CACHE": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", script], env=environment).returncode == 0
