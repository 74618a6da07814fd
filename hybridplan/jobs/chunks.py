"""Which worker solves which point next: neighbours stay together, and every point is handed out until it is done."""

from __future__ import annotations

from itertools import pairwise


class Chunks:
    """The points ``0 .. count - 1`` in as many contiguous chunks as there are workers. Not thread-safe.

    A worker takes the points of its chunk in their order, so that each starts from the basis of a neighbour. When its
    chunk is empty it takes over the later half of the largest one. A point whose worker was lost comes first, up to
    ``retries`` times.
    """

    def __init__(self, count: int, workers: int, retries: int) -> None:
        edges = [count * number // workers for number in range(workers + 1)]
        self._chunks = [range(start, stop) for start, stop in pairwise(edges)]
        self._again: list[int] = []
        self._losses: dict[int, int] = {}
        self._retries = retries

    @property
    def is_empty(self) -> bool:
        """True while all points are handed out; one may still come back."""
        return not self._again and not any(self._chunks)

    def take(self, worker: int) -> int | None:
        """The next point for a worker; None where all are handed out (one may still come back)."""
        if self._again:
            return self._again.pop(0)
        if not self._chunks[worker]:
            largest = max(range(len(self._chunks)), key=lambda number: len(self._chunks[number]))
            rest = self._chunks[largest]
            middle = rest.start + len(rest) // 2
            self._chunks[largest], self._chunks[worker] = range(rest.start, middle), range(middle, rest.stop)
        mine = self._chunks[worker]
        if not mine:
            return None
        self._chunks[worker] = mine[1:]
        return mine[0]

    def lost(self, point: int) -> bool:
        """The worker that had this point is gone. False where it has been lost too often to be handed out again."""
        self._losses[point] = self._losses.get(point, 0) + 1
        if self._losses[point] > self._retries:
            return False
        self._again.append(point)
        return True
