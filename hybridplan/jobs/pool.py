"""The pool of workers: a queue, one live study per visitor (the latest wins), and the outcomes that are kept."""

from __future__ import annotations

import atexit
import functools
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

from hybridplan.analysis.studies import PLAN
from hybridplan.domain import Scenario
from hybridplan.jobs.line import Line
from hybridplan.jobs.process import WorkerProcess
from hybridplan.jobs.request import Request
from hybridplan.jobs.running import GRACE_S, STUDIES, Job, Limits
from hybridplan.jobs.state import JobState, KeptOutcomes, Outcome
from hybridplan.plan import Plan
from hybridplan.settings import MAX_WORKER_GB, SOLVE_SECONDS

QUEUE_LIMIT: Final = 20
_ABSENCE_S: Final = 1.5
"""A visitor gone for longer (not merely reconnecting) no longer waits for an answer."""
_VISITORS_REMEMBERED: Final = 10_000


class SolvePool:
    """Runs studies in ``slots`` worker processes, each started and warmed by a thread of this pool.

    ``seconds`` is the time limit given to a study, ``memory_gib`` the memory limit of a worker, ``task`` what it loads
    (``module:function``); ``is_present`` tells whether a visitor is still there (default: always).
    """

    def __init__(
        self,
        *,
        slots: int | None = None,
        seconds: float | None = None,
        memory_gib: float | None = None,
        task: str = STUDIES,
        grace_s: float = GRACE_S,
        queue_limit: int = QUEUE_LIMIT,
        is_present: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._limits = Limits(
            SOLVE_SECONDS.read() if seconds is None else seconds,
            MAX_WORKER_GB.read() if memory_gib is None else memory_gib,
            grace_s,
        )
        self._task, self._queue_limit = task, queue_limit
        self.is_present = is_present
        self._changed = threading.Condition()
        self._line = Line()
        self._live: dict[str, Job] = {}
        self._kept = KeptOutcomes()
        self._ended: OrderedDict[str, tuple[str, JobState]] = OrderedDict()
        self._closed = False
        slots = max(1, (os.cpu_count() or 1) - 1) if slots is None else slots
        self._threads = [
            threading.Thread(target=self._serve, args=(n,), name=f"solve-{n}", daemon=True) for n in range(slots)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self, scenario: Scenario, visitor: str, study: str = PLAN, options: Mapping[str, Any] | None = None
    ) -> str:
        """Ask for a study of a scenario (its plan, where none is named). What the visitor asked for before and has not
        got yet is given up. Returns the key of the answer, which for a plan is the scenario's content hash.

        A kept result is not worked out again, unless it failed or ran out of time.
        """
        request = Request.of(scenario, study, options)
        with self._changed:
            self._leave(visitor, except_for=request.key, may_finish=True)
            self._ended.pop(visitor, None)
            job = self._live.get(request.key) or self._line.revived(request.key)
            if job is not None:
                job.visitors.add(visitor)
                self._live[request.key] = job
            elif not self._has_answer(request.key):
                self._enqueue(Job(request, {visitor}), visitor)
            self._changed.notify_all()
        return request.key

    def state(self, key: str, visitor: str) -> JobState:
        """Where the visitor's study stands, by the key that :meth:`submit` gave."""
        with self._changed:
            job = self._live.get(key)
            if job is not None and visitor in job.visitors:
                return job.state(self._line.position(job))
            ended = self._ended.get(visitor)
            if ended is not None and ended[0] == key:
                return ended[1]
            outcome = self._kept.get(key)
        if outcome is None:
            return JobState("unknown")
        if outcome.result is None:
            return JobState("failed", error=outcome.error)
        return JobState("done", result=outcome.result)

    def wait(self, key: str, visitor: str, timeout_s: float) -> JobState:
        """As :meth:`state`, after waiting up to ``timeout_s`` for the end."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._live or visitor not in self._live[key].visitors, timeout_s)
        return self.state(key, visitor)

    def cancel(self, visitor: str, key: str = "") -> None:
        """Give up the visitor's live study, or only this one; its worker is killed unless somebody else waits."""
        with self._changed:
            if not key or (key in self._live and visitor in self._live[key].visitors):
                self._leave(visitor)
            self._changed.notify_all()

    def result(self, key: str) -> Plan | None:
        """The kept plan of a scenario, whoever solved it, by content hash; that of a what-if by its key."""
        found = self.found(key)
        return found if isinstance(found, Plan) else None

    def found(self, key: str) -> object:
        """The kept result of any study, whoever asked for it; None where there is none."""
        with self._changed:
            outcome = self._kept.get(key)
        return outcome.result if outcome else None

    def close(self) -> None:
        """Give up everything and end all workers."""
        with self._changed:
            self._closed = True
            self._line.clear()
            self._live.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(10)

    def _enqueue(self, job: Job, visitor: str) -> None:
        if len(self._line) >= self._queue_limit:
            busy = f"The planner is busy: {len(self._line)} solves are waiting. Try again in a minute."
            self._remember(visitor, job.key, JobState("failed", error=busy))
            return
        self._kept.drop(job.key)
        self._live[job.key] = job
        self._line.append(job)

    def _has_answer(self, key: str) -> bool:
        outcome = self._kept.get(key)
        return outcome is not None and outcome.is_final

    def _leave(self, visitor: str, except_for: str = "", *, may_finish: bool = False) -> None:
        """The visitor waits for nothing else any more. A live job that nobody waits for is forgotten; the slot that
        runs it sees that and kills its worker, at once or, with ``may_finish``, unless it ends very soon.
        """
        for job in [job for key, job in self._live.items() if visitor in job.visitors and key != except_for]:
            job.visitors.discard(visitor)
            self._remember(visitor, job.key, JobState("cancelled"))
            if not job.visitors:
                del self._live[job.key]
                self._line.leave(job, may_finish=may_finish)

    def _remember(self, visitor: str, key: str, state: JobState) -> None:
        self._ended[visitor] = (key, state)
        self._ended.move_to_end(visitor)
        while len(self._ended) > _VISITORS_REMEMBERED:
            self._ended.popitem(last=False)

    def _serve(self, slot: int) -> None:
        """One slot: keep a warm worker, run one job after another in it, replace it whenever it ends."""
        worker = self._new_worker()
        try:
            while (job := self._next_job(slot)) is not None:
                if not worker.is_alive:
                    worker.kill()
                    worker = self._new_worker()
                outcome = self._limits.run(worker, job, functools.partial(self._is_wanted, job))
                self._finish(job, outcome)
                if outcome is None or not outcome.worker_is_sound:
                    worker.kill()  # the next one warms up while nobody waits for it
                    worker = self._new_worker()
        finally:
            worker.kill()

    def _new_worker(self) -> WorkerProcess:
        return WorkerProcess(self._task, self._limits.memory_gib)

    def _next_job(self, slot: int) -> Job | None:
        with self._changed:
            self._line.idle.add(slot)
            self._changed.wait_for(lambda: self._closed or self._line.first_for(slot) is not None)
            job = None if self._closed else self._line.first_for(slot)
            if job is not None:
                self._line.take(job, slot)
            return job

    def _finish(self, job: Job, outcome: Outcome | None) -> None:
        """Keep an outcome that somebody waits for, or that is as good as if somebody did."""
        with self._changed:
            was_ending = self._line.ended(job, worker_is_sound=outcome is not None and outcome.worker_is_sound)
            if self._live.get(job.key) is job:
                del self._live[job.key]
                if outcome is not None:
                    self._kept.put(job.key, outcome)
            elif outcome is not None and was_ending and outcome.is_final:
                self._kept.put(job.key, outcome)
            self._changed.notify_all()

    def _is_wanted(self, job: Job) -> bool:
        """False once the job was given up, or all who wait for it have left."""
        with self._changed:
            if self._live.get(job.key) is not job:
                return self._line.may_finish(job)
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
