"""Jobs on processes: ordered, the same for any number of workers, stopped cleanly."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ironworks.executor import Job, JobFailed, Pool, default_workers, run_jobs
from ironworks.faults import ScenarioFaults
from ironworks.scenario import read_scenario


def _whose(_: int) -> int:
    time.sleep(0.01)
    return os.getpid()


SQUARES = [Job(f"square of {n}", n) for n in range(20)]


def test_workers_give_the_results_of_one_process_in_order() -> None:
    alone = run_jobs(abs, [Job(str(n), -n) for n in range(20)], workers=1)
    shared = run_jobs(abs, [Job(str(n), -n) for n in range(20)], workers=2)
    assert alone == shared == list(range(20))


def test_progress_counts_from_nothing_to_all() -> None:
    seen: list[tuple[int, int]] = []
    run_jobs(abs, SQUARES[:5], workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 5) for done in range(6)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_job_is_named_with_its_cause(workers: int) -> None:
    jobs = [Job(f"replication {n}", text) for n, text in enumerate(["1", "2", "three", "4"])]
    with pytest.raises(JobFailed, match=r"job replication 2: ValueError: invalid literal") as raised:
        run_jobs(int, jobs, workers=workers)
    assert isinstance(raised.value.__cause__, ValueError)


@pytest.mark.parametrize("workers", [1, 2])
def test_faults_of_a_scenario_pass_as_they_are(workers: int) -> None:
    with pytest.raises(ScenarioFaults, match="neither a built-in scenario nor a folder"):
        run_jobs(read_scenario, [Job("one", "nowhere"), Job("two", "nowhere")], workers=workers)


def test_a_process_that_dies_is_named() -> None:
    with pytest.raises(JobFailed, match="ended without an answer"):
        run_jobs(os._exit, [Job("suicide", 3), Job("other", 0)], workers=2)


def test_no_jobs_give_no_results() -> None:
    assert run_jobs(abs, [], workers=4) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_pool_keeps_its_processes_for_several_rounds(workers: int) -> None:
    with Pool(_whose, workers=workers) as pool:
        rounds = [set(pool.run([Job(str(i), i) for i in range(6)])) for _ in range(2)]
    assert len(rounds[0] | rounds[1]) <= workers


def test_no_workers_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        run_jobs(abs, SQUARES, workers=0)
    assert default_workers() >= 1


SLOW = """
    import os, time
    from pathlib import Path
    from ironworks.executor import Job, run_jobs

    def nap(folder):
        Path(folder, str(os.getpid())).touch()
        time.sleep(60)

    if __name__ == "__main__":
        import sys
        try:
            run_jobs(nap, [Job(str(n), sys.argv[1]) for n in range(4)], workers=2)
        except KeyboardInterrupt:
            sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_ends_the_processes(tmp_path: Path) -> None:
    process, children = at_work(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=15) == 130
    assert gone(children, 0.0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    process, children = at_work(tmp_path)
    process.kill()
    process.wait(timeout=15)
    assert gone(children, 15.0)


def at_work(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A process whose two workers are busy for a minute, and their numbers."""
    script, started = folder / "slow.py", folder / "started"
    script.write_text(textwrap.dedent(SLOW), encoding="utf-8")
    started.mkdir()
    # A suite that runs in the background of a shell ignores SIGINT, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen([sys.executable, str(script), str(started)], start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 30
    while len(list(started.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    children = [int(path.name) for path in started.iterdir()]
    assert len(children) == 2
    return process, children


def gone(children: list[int], within: float) -> bool:
    """Whether no such process is left after so many seconds."""
    deadline = time.monotonic() + within
    while True:
        left = [child for child in children if _runs(child)]
        if not left or time.monotonic() > deadline:
            return not left
        time.sleep(0.05)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # An orphan that ended stays a zombie where nobody adopts it.
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
