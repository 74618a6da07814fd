"""Congestion: what the time that work spends, queues included, is worth to its users."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.units import MS_PER_SECOND


@dataclass(frozen=True)
class Congestion:
    """price per unit and second x g h x e_k [rtt_k y + s_k (y + y^2 / (a - y))] / 1000, for workloads with a price."""

    name: str = "congestion"
    fields: tuple[str, ...] = ("workloads.congestion_usd_per_unit_second",)
    is_penalty: bool = True

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD per priced route and period."""
        queues, routes = data.queues, data.queues.priced
        if not routes.size:
            return np.zeros(0)
        works = data.scenario.workloads
        price = np.array([works[data.routes[k].workload].congestion_usd_per_unit_second for k in routes])
        rate = (price * data.productivity[routes] / MS_PER_SECOND)[:, None] * data.periods.weight_hours
        alone = (queues.round_trip_ms + queues.service_ms)[routes][:, None]
        waiting = queues.service_ms[routes][:, None]
        return cp.multiply(rate * alone, decisions.busy[routes]) + cp.multiply(rate * waiting, decisions.curves.waiting)
