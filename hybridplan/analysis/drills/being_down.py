"""What each state of failures takes from work: one contingency, or several at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from hybridplan.analysis.drills.carrying import Response, respond
from hybridplan.analysis.drills.timeline import Timeline
from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger

_SAME: Final = 1e-9
"""Share of what is served below which a loss is rounding."""

State = tuple[int, ...]
"""Codes of the contingencies that are down: the one that began first, then the others, ascending."""


class Sums(NamedTuple):
    """Added up along the timeline, by workload: units that are lost, and hours in which any are."""

    units: list[Floats]
    short: list[Floats]


@dataclass
class Losses:
    """Losses of a plan by state.

    While something is down the failover of what began first serves, less the pairs that the others take; until a
    workload's recovery minutes are over only what survives all of them where it runs.
    """

    ledger: Ledger
    line: Timeline
    keep_unpromised: bool
    _responses: dict[int, Response] = field(default_factory=dict)

    def of(self, state: State) -> tuple[Sums, Sums]:
        """Before, and after the recovery minutes are over."""
        found, left = self._response(state[0]), self._left(state)
        served = found.served_before
        where_it_runs = found.per_workload(np.where(left[:, None], found.before, 0.0))
        elsewhere = found.per_workload(np.where(left[:, None], found.units, 0.0))
        return self._sums(served, where_it_runs), self._sums(served, elsewhere)

    def _response(self, code: int) -> Response:
        if code not in self._responses:
            key = self.ledger.axes.failures.ids[code]
            self._responses[code] = respond(self.ledger, key, keep_unpromised=self.keep_unpromised)
        return self._responses[code]

    def _left(self, state: State) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(K,) True for pairs that survive all of them."""
        found = self._response(state[0])
        left: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.all(
            self.ledger.axes.failures.left[list(state)][:, found.workload, found.pool], axis=0
        )
        return left

    def _sums(self, served: Floats, left: Floats) -> Sums:
        lost = np.where(served - left > _SAME * served, served - left, 0.0)
        return Sums(
            [self.line.added_up(row) for row in lost],
            [self.line.added_up((row > 0).astype(np.float64)) for row in lost],
        )
