"""What the pages see of a study, and the results that are kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal

from hybridplan.plan import Plan, SolveStatus

Phase = Literal["queued", "running", "done", "cancelled", "failed", "unknown"]

KEPT_BYTES: Final = 256 * 2**20
"""Results are kept up to this much, measured as they came through the pipe; the one used longest ago goes first."""


_NOT_THE_END: Final = (SolveStatus.FAILED, SolveStatus.NO_PLAN_IN_TIME)


@dataclass(frozen=True)
class JobState:
    """One visitor's study of one scenario.

    ``position`` is 1 for the next in the queue, 0 outside it; ``seconds`` is the time since it was submitted (while
    queued) or begun (while running); ``message`` is the worker's last word and ``partial`` its result so far, where the
    study gives any; ``result`` belongs to phase done, ``error`` to phase failed.
    """

    phase: Phase
    message: str = ""
    seconds: float = 0.0
    position: int = 0
    result: object = None
    error: str = ""
    partial: object = None

    @property
    def is_live(self) -> bool:
        """True while an answer is still to come."""
        return self.phase in ("queued", "running")

    @property
    def plan(self) -> Plan | None:
        """The result, where it is a plan."""
        return self.result if isinstance(self.result, Plan) else None


@dataclass(frozen=True)
class Outcome:
    """How a study ended: with a result, or with the reason why there is none.

    ``worker_is_sound``: the process that gave it may take another job.
    """

    result: object = None
    error: str = ""
    size_bytes: int = 0
    worker_is_sound: bool = False

    @property
    def is_final(self) -> bool:
        """True where asking again would give the same: neither failed nor ended by the time limit."""
        if self.result is None or getattr(self.result, "status", None) in _NOT_THE_END:
            return False
        return getattr(self.result, "complete", True) is not False


class KeptOutcomes:
    """Outcomes by the key of their request, least recently used first out.

    Not thread-safe: the pool holds its lock around it.
    """

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[str, Outcome] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> Outcome | None:
        """The outcome, now the most recently used; None where it is not kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome; the newest one stays even where it alone is over the limit."""
        self.drop(key)
        self._kept[key] = outcome
        self._bytes += self._weight(outcome)
        while self._bytes > self._limit_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= self._weight(oldest)

    def drop(self, key: str) -> None:
        """Forget an outcome."""
        outcome = self._kept.pop(key, None)
        if outcome is not None:
            self._bytes -= self._weight(outcome)

    @staticmethod
    def _weight(outcome: Outcome) -> int:
        return outcome.size_bytes + 1024
