"""Many independent jobs on local processes: ordered results, the same whatever the number of workers."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from ironworks.faults import ScenarioFaults

__all__ = ["Job", "JobFailed", "Pool", "default_workers", "run_jobs"]

Argument = TypeVar("Argument")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]

#: Each process has a core of its own: threads of its linear algebra would only wait for one another.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_DIED = "a process ended without an answer (out of memory, or killed)"


@dataclass(frozen=True)
class Job(Generic[Argument]):
    """One piece of work: a name for messages, and the argument that the function gets."""

    name: str
    argument: Argument


class JobFailed(RuntimeError):
    """A job raised an exception, which is the cause, or its process died."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name, said)
        self.name, self.said = name, said

    def __str__(self) -> str:
        return f"job {self.name}: {self.said}"


def default_workers() -> int:
    """How many processes this machine can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_jobs(
    function: Callable[[Argument], Result],
    jobs: Sequence[Job[Argument]],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    initializer: Callable[..., None] | None = None,
    initargs: tuple[object, ...] = (),
) -> list[Result]:
    """Results of function(job.argument), in the order of the jobs.

    `workers` processes share the jobs (all cores where None); with 1 they run in this process. `function`, the
    arguments and results must pickle; `initializer(*initargs)` runs once in each process. `progress(done, total)` is
    called here, first with 0. Raises JobFailed with the job's name when a job fails, after the others are stopped
    (ScenarioFaults of a job pass as they are); an interruption stops the processes too.
    """
    count = min(_checked(workers), max(len(jobs), 1))
    if not jobs:
        (progress or _silent)(0, 0)
        return []
    with Pool(function, workers=count, initializer=initializer, initargs=initargs) as pool:
        return pool.run(jobs, progress=progress)


class Pool(Generic[Argument, Result]):
    """Processes that stay for several rounds of jobs; to be used in a `with` statement. As `run_jobs` otherwise."""

    def __init__(
        self,
        function: Callable[[Argument], Result],
        *,
        workers: int | None = None,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[object, ...] = (),
    ) -> None:
        self._function = function
        self._workers = _checked(workers)
        self._initializer, self._initargs = initializer, initargs
        self._begun = False
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Pool[Argument, Result]":
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            if failure[0] is not None:
                _stop(self._pool)
            self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, jobs: Sequence[Job[Argument]], *, progress: Progress | None = None) -> list[Result]:
        """Results in the order of the jobs; the processes start with the first round."""
        report = progress or _silent
        report(0, len(jobs))
        if not jobs:
            return []
        if self._workers == 1:
            if self._initializer is not None and not self._begun:
                self._initializer(*self._initargs)
            self._begun = True
            return list(_in_process(self._function, jobs, report))
        if self._pool is None:
            # Spawned processes inherit no threads or locks, and behave the same on every system.
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(self._initializer, self._initargs),
            )
        return _in_pool(self._pool, self._function, jobs, self._workers, report)


def _checked(workers: int | None) -> int:
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    return workers or default_workers()


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _in_process(
    function: Callable[[Argument], Result], jobs: Sequence[Job[Argument]], report: Progress
) -> Iterator[Result]:
    for done, job in enumerate(jobs, start=1):
        try:
            result = function(job.argument)
        except ScenarioFaults:
            raise
        except Exception as error:
            raise JobFailed(job.name, f"{type(error).__name__}: {error}") from error
        yield result
        report(done, len(jobs))


def _in_pool(
    pool: ProcessPoolExecutor,
    function: Callable[[Argument], Result],
    jobs: Sequence[Job[Argument]],
    count: int,
    report: Progress,
) -> list[Result]:
    results: dict[int, Result] = {}
    waiting: dict[Future[Result], int] = {}
    upcoming = iter(enumerate(jobs))
    # Only as many jobs as keep the processes busy are handed over, so that a stop is quick and memory small.
    with _one_thread_each():
        for number, job in upcoming:
            waiting[_submitted(pool, function, job)] = number
            if len(waiting) >= 2 * count:
                break
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=waiting.__getitem__):
            number = waiting.pop(future)
            results[number] = _result(future, jobs[number])
            following = next(upcoming, None)
            if following is not None:
                waiting[_submitted(pool, function, following[1])] = following[0]
            report(len(results), len(jobs))
    return [results[number] for number in range(len(jobs))]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that start within it read from their environment that they have one core; what the user set stays."""
    unset = [name for name in _ONE_THREAD if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        yield
    finally:
        for name in unset:
            os.environ.pop(name, None)


def _start(initializer: Callable[..., None] | None, initargs: tuple[object, ...]) -> None:
    # Ctrl-C reaches every process of the terminal's group; the parent alone decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _end_with_parent() -> None:
    """A parent that is killed can stop nobody: its processes would wait for the next job for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _submitted(
    pool: ProcessPoolExecutor, function: Callable[[Argument], Result], job: Job[Argument]
) -> "Future[Result]":
    try:
        return pool.submit(function, job.argument)
    except BrokenProcessPool as error:
        raise JobFailed(job.name, _DIED) from error


def _result(future: "Future[Result]", job: Job[Argument]) -> Result:
    try:
        return future.result()
    except ScenarioFaults:
        raise
    except BrokenProcessPool as error:
        raise JobFailed(job.name, _DIED) from error
    except Exception as error:
        raise JobFailed(job.name, f"{type(error).__name__}: {error}") from error


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the pool's processes now; what they were computing is lost."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        with suppress(OSError, ValueError):
            process.terminate()
