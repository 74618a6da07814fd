"""One job in one worker: what was asked, who waits for it, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hybridplan.jobs.process import Stopped, TimeIsUp, WorkerEnded, WorkerProcess, unpickled
from hybridplan.jobs.protocol import Kind
from hybridplan.jobs.request import Request
from hybridplan.jobs.state import JobState, Outcome
from hybridplan.plan import SolveStatus

STUDIES: Final = "hybridplan.analysis.studies:runner"
"""What workers load."""
GRACE_S: Final = 5.0
"""A worker that has not answered this long after its time limit is killed."""
WARM_UP_S: Final = 60.0


@dataclass(eq=False)
class Job:
    """A request that is queued or running. ``ending_by`` (monotonic time): nobody waits for it any more, but it would
    end so soon that its worker is left alive until then.
    """

    request: Request
    visitors: set[str]
    since: float = field(default_factory=time.monotonic)
    message: str = ""
    partial: object = None
    slot: int | None = None
    """The slot that runs it; None while it is queued."""
    absent_since: float | None = None
    ending_by: float | None = None

    @property
    def key(self) -> str:
        """Key of its request."""
        return self.request.key

    def begin(self, slot: int) -> None:
        """It now runs in this slot."""
        self.slot, self.since, self.message = slot, time.monotonic(), "Starting"

    def state(self, position: int) -> JobState:
        """What those who wait for it see; ``position`` in the queue counts while it is queued."""
        seconds = time.monotonic() - self.since
        if self.slot is None:
            return JobState("queued", "Waiting for a free worker", seconds, position)
        return JobState("running", self.message, seconds, partial=self.partial)


@dataclass(frozen=True)
class Limits:
    """What one request may take: seconds (a worker may answer up to ``grace_s`` later) and memory of its worker."""

    seconds: float
    memory_gib: float
    grace_s: float = GRACE_S

    def run(self, worker: WorkerProcess, job: Job, is_wanted: Callable[[], bool]) -> Outcome | None:
        """The outcome of one job; None where nobody waits for it any more."""

        def say(text: str) -> None:
            job.message = text

        def show(partial: object) -> None:
            job.partial = partial

        try:
            worker.warm_up(WARM_UP_S, is_wanted)
            worker.ask(job.request, self.seconds)
            kind, content = worker.answer(self.seconds + self.grace_s, is_wanted, say, show)
        except Stopped:
            return None
        except TimeIsUp:
            return Outcome(error=f"Stopped: no answer within the time limit of {self.seconds:g} s.")
        except WorkerEnded:
            return Outcome(
                error="The solver process ended without an answer; it may have needed more than "
                f"{self.memory_gib:g} GiB of memory. Plan fewer periods, workloads or pools, or try again."
            )
        if kind is Kind.RESULT:
            result = unpickled(content)
            is_sound = getattr(result, "status", None) != SolveStatus.FAILED
            return Outcome(result, size_bytes=len(content), worker_is_sound=is_sound)
        return Outcome(error=content.decode("utf-8", "replace"), worker_is_sound=kind is Kind.REFUSED)
