"""Every used route of queued work keeps enough accelerators assigned for its latency objective."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Latency:
    """y[k,t] <= c_k a[k,t] with c_k = min(largest load, 1 - kappa s_k / (T - rtt_k)).

    The same as rtt_k + kappa s_k a / (a - y) <= T together with y <= rho_max a.
    """

    name: str = "latency"
    fields: tuple[str, ...] = (
        "workloads.latency_objective_ms",
        "workloads.latency_statistic",
        "workloads.max_load_share",
    )

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(queued routes, T) rows in accelerators."""
        routes = data.queues.queued
        if not routes.size:
            return None
        load = data.queues.load_limit[routes]
        spare = decisions.spare[data.queues.spare_of(routes)]
        lhs = sp.diags_array(1.0 - load) @ decisions.busy[routes] - sp.diags_array(load) @ spare
        records = tuple(f"{data.routes[k].workload}/{data.routes[k].pool}" for k in routes)
        rhs = np.zeros((len(routes), len(data.periods)))
        return Rows(lhs, rhs, "<=", records, np.ones(len(routes)), "accelerators")


@dataclass(frozen=True)
class MeanLatency:
    """sum_k e_k [rtt_k y + s_k (y + y^2 / (a - y))] <= cap x sum_k e_k y, per workload and period."""

    name: str = "mean_latency"
    fields: tuple[str, ...] = ("workloads.mean_latency_cap_ms",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(workloads with a cap, T) rows: mean latency over cap, in unit scales."""
        queues, routes, works = data.queues, data.queues.capped, data.scenario.workloads
        if not routes.size:
            return None
        records = tuple(dict.fromkeys(data.routes[k].workload for k in routes))
        cap = np.array([works[data.routes[k].workload].mean_latency_cap_ms for k in routes], dtype=float)
        scale = np.array([data.unit_scale[data.routes[k].workload] for k in routes])
        rate = data.productivity[routes] / (cap * scale)
        pick = np.array([[float(data.routes[k].workload == w) for k in routes] for w in records])
        alone = rate * (queues.round_trip_ms[routes] + queues.service_ms[routes] - cap)
        waiting = rate * queues.service_ms[routes]
        lhs: cp.Expression = (pick * alone) @ decisions.busy[routes] + (pick * waiting) @ decisions.curves.waiting_above
        rhs = np.zeros((len(records), len(data.periods)))
        return Rows(lhs, rhs, "<=", records, np.ones(len(records)), "share of the cap")
