"""Who is next: jobs in the order in which they came, and which slot takes which."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

from hybridplan.jobs.running import Job

FINISH_S: Final = 1.0
"""A study that keeps its basis and was overtaken by the next one may go on for this long: killed at once, its worker
would take longer to start anew than it to end, and the basis would be lost."""
_VISITORS_REMEMBERED: Final = 10_000


class Line:
    """The queue of a pool. Not thread-safe: the pool holds its lock around it.

    A study that keeps its basis goes to the slot that ran the visitor's last one where that is idle, or about to end
    the one that this overtakes: so a visitor who drags a slider has one live solve, and each starts from the last.
    """

    def __init__(self) -> None:
        self.idle: set[int] = set()
        """Slots that wait for a job."""
        self._queue: list[Job] = []
        self._ending: dict[str, Job] = {}
        self._homes: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._queue)

    def append(self, job: Job) -> None:
        """Queue a job as the last one; what ends soon goes before what may take a minute."""
        quick = sum(other.request.keeps_basis for other in self._queue)
        self._queue.insert(quick if job.request.keeps_basis else len(self._queue), job)

    def position(self, job: Job) -> int:
        """1 for the next, 0 outside the queue."""
        return self._queue.index(job) + 1 if job in self._queue else 0

    def first_for(self, slot: int) -> Job | None:
        """The job that this slot should take now."""
        waited_for = self.idle | {job.slot for job in self._ending.values() if job.slot is not None}
        for job in self._queue:
            home = self._home(job)
            if home is None or home == slot or home not in waited_for:
                return job
        return None

    def take(self, job: Job, slot: int) -> None:
        """Let a queued job begin in a slot."""
        self._queue.remove(job)
        self.idle.discard(slot)
        job.begin(slot)
        if job.request.keeps_basis:
            for visitor in job.visitors:
                self._homes[visitor] = slot
                self._homes.move_to_end(visitor)
            while len(self._homes) > _VISITORS_REMEMBERED:
                self._homes.popitem(last=False)

    def leave(self, job: Job, *, may_finish: bool) -> None:
        """Nobody waits for a job any more."""
        if job in self._queue:
            self._queue.remove(job)
        elif may_finish and job.request.keeps_basis:
            job.ending_by = time.monotonic() + FINISH_S
            self._ending[job.key] = job

    def revived(self, key: str) -> Job | None:
        """The job with this key that was left and has not ended yet, to be waited for again."""
        job = self._ending.pop(key, None)
        if job is not None:
            job.ending_by = None
        return job

    def may_finish(self, job: Job) -> bool:
        """Whether a job that nobody waits for may go on; where not, it cannot be revived any more."""
        if self._ending.get(job.key) is not job:
            return False
        if job.ending_by is not None and time.monotonic() < job.ending_by:
            return True
        del self._ending[job.key]
        return False

    def ended(self, job: Job, *, worker_is_sound: bool) -> bool:
        """A job has ended; a worker that is not sound takes its basis along. True where nobody waited for it."""
        if worker_is_sound and job.slot is not None:
            self.idle.add(job.slot)
        else:
            self._homes = OrderedDict((who, slot) for who, slot in self._homes.items() if slot != job.slot)
        if self._ending.get(job.key) is not job:
            return False
        del self._ending[job.key]
        return True

    def clear(self) -> None:
        """Forget all jobs."""
        self._queue.clear()
        self._ending.clear()

    def _home(self, job: Job) -> int | None:
        if not job.request.keeps_basis:
            return None
        return next((self._homes[visitor] for visitor in sorted(job.visitors) if visitor in self._homes), None)
