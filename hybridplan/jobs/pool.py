"""The pool of workers: a queue, one live solve per visitor (the latest wins), and the outcomes that are kept."""

from __future__ import annotations

import atexit
import os
import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hybridplan.domain import Scenario
from hybridplan.jobs.process import Stopped, TimeIsUp, WorkerEnded, WorkerProcess
from hybridplan.jobs.protocol import Kind
from hybridplan.jobs.state import JobState, KeptOutcomes, Outcome
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import MAX_WORKER_GB, SOLVE_SECONDS

PLANNER: Final = "hybridplan.analysis.planner:solve"
QUEUE_LIMIT: Final = 20
GRACE_S: Final = 5.0
"""A worker that has not answered this long after its time limit is killed."""
_WARM_UP_S: Final = 60.0
_ABSENCE_S: Final = 1.5
"""A visitor gone for longer (not merely reconnecting) no longer waits for an answer."""
_VISITORS_REMEMBERED: Final = 10_000
_RETRIED: Final = (SolveStatus.FAILED, SolveStatus.NO_PLAN_IN_TIME)


@dataclass(eq=False)
class _Job:
    content_hash: str
    scenario: Scenario
    visitors: set[str]
    since: float = field(default_factory=time.monotonic)
    message: str = ""
    is_running: bool = False
    absent_since: float | None = None


class SolvePool:
    """Runs solves in ``slots`` worker processes, each started and warmed by a thread of this pool.

    ``seconds`` is the time limit given to the task, ``memory_gib`` the memory limit of a worker, ``task`` the function
    it runs (``module:name``); ``is_present`` tells whether a visitor is still there (default: always).
    """

    def __init__(
        self,
        *,
        slots: int | None = None,
        seconds: float | None = None,
        memory_gib: float | None = None,
        task: str = PLANNER,
        grace_s: float = GRACE_S,
        queue_limit: int = QUEUE_LIMIT,
        is_present: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._seconds = SOLVE_SECONDS.read() if seconds is None else seconds
        self._memory_gib = MAX_WORKER_GB.read() if memory_gib is None else memory_gib
        self._task, self._grace_s, self._queue_limit = task, grace_s, queue_limit
        self.is_present = is_present
        self._changed = threading.Condition()
        self._queue: list[_Job] = []
        self._live: dict[str, _Job] = {}
        self._kept = KeptOutcomes()
        self._ended: OrderedDict[str, tuple[str, JobState]] = OrderedDict()
        self._closed = False
        slots = max(1, (os.cpu_count() or 1) - 1) if slots is None else slots
        self._threads = [threading.Thread(target=self._serve, name=f"solve-{n}", daemon=True) for n in range(slots)]
        for thread in self._threads:
            thread.start()

    def submit(self, scenario: Scenario, visitor: str) -> str:
        """Ask for the plan of a scenario; returns its content hash. An older solve of the visitor is given up.

        A kept plan is not solved again, unless it failed or ran out of time.
        """
        key = scenario.content_hash
        with self._changed:
            self._leave(visitor, except_for=key)
            self._ended.pop(visitor, None)
            job = self._live.get(key)
            if job is not None:
                job.visitors.add(visitor)
            elif not self._has_answer(key):
                self._enqueue(_Job(key, scenario, {visitor}), visitor)
            self._changed.notify_all()
        return key

    def state(self, content_hash: str, visitor: str) -> JobState:
        """Where the visitor's solve of this scenario stands."""
        with self._changed:
            job = self._live.get(content_hash)
            if job is not None and visitor in job.visitors:
                seconds = time.monotonic() - job.since
                if job.is_running:
                    return JobState("running", job.message, seconds)
                return JobState("queued", "Waiting for a free worker", seconds, self._queue.index(job) + 1)
            ended = self._ended.get(visitor)
            if ended is not None and ended[0] == content_hash:
                return ended[1]
            outcome = self._kept.get(content_hash)
        if outcome is None:
            return JobState("unknown")
        if outcome.plan is None:
            return JobState("failed", error=outcome.error)
        return JobState("done", plan=outcome.plan)

    def wait(self, content_hash: str, visitor: str, timeout_s: float) -> JobState:
        """As :meth:`state`, after waiting up to ``timeout_s`` for the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: content_hash not in self._live or visitor not in self._live[content_hash].visitors, timeout_s
            )
        return self.state(content_hash, visitor)

    def cancel(self, visitor: str) -> None:
        """Give up the visitor's live solve; its worker is killed where nobody else waits for it."""
        with self._changed:
            self._leave(visitor)
            self._changed.notify_all()

    def result(self, content_hash: str) -> Plan | None:
        """The kept plan of a scenario, whoever solved it."""
        with self._changed:
            outcome = self._kept.get(content_hash)
        return outcome.plan if outcome else None

    def close(self) -> None:
        """Give up everything and end all workers."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._live.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(10)

    def _enqueue(self, job: _Job, visitor: str) -> None:
        if len(self._queue) >= self._queue_limit:
            busy = f"The planner is busy: {len(self._queue)} solves are waiting. Try again in a minute."
            self._remember(visitor, job.content_hash, JobState("failed", error=busy))
            return
        self._kept.drop(job.content_hash)
        self._live[job.content_hash] = job
        self._queue.append(job)

    def _has_answer(self, key: str) -> bool:
        outcome = self._kept.get(key)
        return outcome is not None and outcome.plan is not None and outcome.plan.status not in _RETRIED

    def _leave(self, visitor: str, except_for: str = "") -> None:
        for job in [job for key, job in self._live.items() if visitor in job.visitors and key != except_for]:
            job.visitors.discard(visitor)
            self._remember(visitor, job.content_hash, JobState("cancelled"))
            if not job.visitors:
                self._drop(job)

    def _drop(self, job: _Job) -> None:
        """Forget a live job; the slot that runs it sees that and kills its worker."""
        self._live.pop(job.content_hash, None)
        if job in self._queue:
            self._queue.remove(job)

    def _remember(self, visitor: str, key: str, state: JobState) -> None:
        self._ended[visitor] = (key, state)
        self._ended.move_to_end(visitor)
        while len(self._ended) > _VISITORS_REMEMBERED:
            self._ended.popitem(last=False)

    def _serve(self) -> None:
        """One slot: keep a warm worker, run one job after another in it, replace it whenever it ends."""
        worker = WorkerProcess(self._task, self._memory_gib)
        try:
            while (job := self._next_job()) is not None:
                if not worker.is_alive:
                    worker.kill()
                    worker = WorkerProcess(self._task, self._memory_gib)
                outcome = self._run(worker, job)
                if outcome is not None:
                    self._finish(job, outcome)
                if outcome is None or not outcome.worker_is_sound:
                    worker.kill()  # the next one warms up while nobody waits for it
                    worker = WorkerProcess(self._task, self._memory_gib)
        finally:
            worker.kill()

    def _next_job(self) -> _Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._queue)
            if self._closed:
                return None
            job = self._queue.pop(0)
            job.is_running, job.since, job.message = True, time.monotonic(), "Starting"
            return job

    def _finish(self, job: _Job, outcome: Outcome) -> None:
        with self._changed:
            if self._live.get(job.content_hash) is job:
                del self._live[job.content_hash]
                self._kept.put(job.content_hash, outcome)
            self._changed.notify_all()

    def _run(self, worker: WorkerProcess, job: _Job) -> Outcome | None:
        """The outcome of one job; None where nobody waits for it any more."""

        def say(text: str) -> None:
            job.message = text

        try:
            worker.warm_up(_WARM_UP_S, lambda: self._is_wanted(job))
            worker.ask(job.scenario, self._seconds)
            kind, content = worker.answer(self._seconds + self._grace_s, lambda: self._is_wanted(job), say)
        except Stopped:
            return None
        except TimeIsUp:
            return Outcome(error=f"Stopped: no answer within the time limit of {self._seconds:g} s.")
        except WorkerEnded:
            return Outcome(
                error="The solver process ended without an answer; it may have needed more than "
                f"{self._memory_gib:g} GiB of memory. Plan fewer periods, workloads or pools, or try again."
            )
        if kind is Kind.RESULT:
            plan: Plan = pickle.loads(content)  # noqa: S301 - from a worker of ours over a pipe of ours
            return Outcome(plan, size_bytes=len(content), worker_is_sound=plan.status is not SolveStatus.FAILED)
        return Outcome(error=content.decode("utf-8", "replace"), worker_is_sound=kind is Kind.REFUSED)

    def _is_wanted(self, job: _Job) -> bool:
        """False once the job was given up, or all who wait for it have left."""
        with self._changed:
            if self._live.get(job.content_hash) is not job:
                return False
            visitors = tuple(job.visitors)
        if any(self.is_present(visitor) for visitor in visitors):
            job.absent_since = None
            return True
        now = time.monotonic()
        job.absent_since = job.absent_since or now
        if now - job.absent_since < _ABSENCE_S:
            return True
        for visitor in visitors:
            self.cancel(visitor)
        return False


_LOCK: Final = threading.Lock()
_POOLS: Final[list[SolvePool]] = []


def get_pool() -> SolvePool:
    """The pool of this process, started at the first call with the limits of the environment."""
    with _LOCK:
        if not _POOLS:
            _POOLS.append(SolvePool())
            atexit.register(_POOLS[0].close)
        return _POOLS[0]
