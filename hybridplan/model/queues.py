"""Routes on which more accelerators are assigned than are busy: queues kept short, and gangs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hybridplan.domain import Scenario
from hybridplan.domain.features import has_curve, has_queue
from hybridplan.model.periods import Array
from hybridplan.model.routes import Pair

Positions = npt.NDArray[np.intp]


class Queues:
    """Positions of routes, S of them with spare accelerators; the arrays of shape (S,) follow ``spare``."""

    def __init__(self, scenario: Scenario, routes: Sequence[Pair]) -> None:
        works = [scenario.workloads[route.workload] for route in routes]
        queued = np.array([has_queue(work) for work in works], dtype=bool)
        gang = np.array([work.whole_replicas for work in works], dtype=bool)
        self.spare: Positions = np.flatnonzero(queued | gang)
        """Routes with a decision on spare accelerators (assigned and idle)."""
        self.queued: Positions = np.flatnonzero(queued)
        self.gangs: Positions = np.flatnonzero(gang)
        self.capped: Positions = np.flatnonzero([work.mean_latency_cap_ms is not None for work in works])
        self.priced: Positions = np.flatnonzero([work.congestion_usd_per_unit_second > 0 for work in works])
        self.calm: Positions = np.flatnonzero([has_queue(work) and not has_curve(work) for work in works])
        """Queued routes whose latency has neither a price nor a cap."""
        self.load_limit: Array = np.array([route.load_limit for route in routes], dtype=float)
        """c_k; (K,)."""
        self.round_trip_ms: Array = np.array([route.round_trip_ms for route in routes], dtype=float)
        self.service_ms: Array = np.array([route.service_ms for route in routes], dtype=float)
        self.replica: Array = np.array(
            [
                work.throughput[scenario.pools[route.pool].sku].accelerators_per_replica
                for work, route in zip(works, routes, strict=True)
            ],
            dtype=float,
        )
        """Accelerators per replica; (K,)."""

    def spare_of(self, routes: Positions) -> Positions:
        """Positions in ``spare`` of these routes, all of which have spare accelerators."""
        return np.searchsorted(self.spare, routes)
