"""What the pages see of a solve, and the plans that are kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal

from hybridplan.plan import Plan

Phase = Literal["queued", "running", "done", "cancelled", "failed", "unknown"]

KEPT_BYTES: Final = 256 * 2**20
"""Plans are kept up to this much, measured as they came through the pipe; the one used longest ago goes first."""


@dataclass(frozen=True)
class JobState:
    """One visitor's solve of one scenario.

    ``position`` is 1 for the next in the queue, 0 outside it; ``seconds`` is the time since it was submitted (while
    queued) or begun (while running); ``message`` is the worker's last word; ``plan`` belongs to phase done, ``error``
    to phase failed.
    """

    phase: Phase
    message: str = ""
    seconds: float = 0.0
    position: int = 0
    plan: Plan | None = None
    error: str = ""

    @property
    def is_live(self) -> bool:
        """True while an answer is still to come."""
        return self.phase in ("queued", "running")


@dataclass(frozen=True)
class Outcome:
    """How a solve ended: with a plan, or with the reason why there is none.

    ``worker_is_sound``: the process that gave it may take another job.
    """

    plan: Plan | None = None
    error: str = ""
    size_bytes: int = 0
    worker_is_sound: bool = False


class KeptOutcomes:
    """Outcomes by content hash, least recently used first out. Not thread-safe: the pool holds its lock around it."""

    def __init__(self, limit_bytes: int = KEPT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[str, Outcome] = OrderedDict()
        self._bytes = 0

    def get(self, content_hash: str) -> Outcome | None:
        """The outcome, now the most recently used; None where it is not kept."""
        if content_hash in self._kept:
            self._kept.move_to_end(content_hash)
        return self._kept.get(content_hash)

    def put(self, content_hash: str, outcome: Outcome) -> None:
        """Keep an outcome; the newest one stays even where it alone is over the limit."""
        self.drop(content_hash)
        self._kept[content_hash] = outcome
        self._bytes += self._weight(outcome)
        while self._bytes > self._limit_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= self._weight(oldest)

    def drop(self, content_hash: str) -> None:
        """Forget an outcome."""
        outcome = self._kept.pop(content_hash, None)
        if outcome is not None:
            self._bytes -= self._weight(outcome)

    @staticmethod
    def _weight(outcome: Outcome) -> int:
        return outcome.size_bytes + 1024
