"""Promised work is served after any one contingency, by what survives and by standby of its own."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.choices.lines import pick_lines
from hybridplan.model.component import Rows, in_periods
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, scales
from hybridplan.model.limits.link_bandwidth import standing_traffic
from hybridplan.model.periods import Array
from hybridplan.units import GB_PER_HOUR_PER_GBPS


def standby_units(data: Data) -> Array:
    """Work units per hour that one accelerator on standby can take: e_k c_k; (K,)."""
    units: Array = data.productivity * data.queues.load_limit
    return units


@dataclass(frozen=True)
class Promise:
    """share_w x (D - u) <= sum over routes k that survive f of e_k (y_k + c_k sb_k), in every period.

    One row per promised workload and contingency f that takes a route from it.
    """

    name: str = "promise"
    fields: tuple[str, ...] = ("workloads.promised_share", "policy.contingencies")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(cases, T) rows in unit scales."""
        cases = data.promises.cases
        if not cases:
            return None
        scale = scales(data, [case.workload for case in cases])
        share = np.array([data.promises.share[case.workload] for case in cases])
        where = [data.rigid.index(case.workload) for case in cases]
        by_route = np.zeros((len(cases), len(data.routes)))
        for row, case in enumerate(cases):
            by_route[row, case.survivors] = -data.productivity[case.survivors] / scale[row]
        by_standby = np.array([-data.promises.pick(case, standby_units(data)) for case in cases]) / scale[:, None]
        lhs = sp.csr_array(by_route) @ decisions.effective - sp.diags_array(share) @ decisions.unserved[where]
        if decisions.standby.size:
            lhs = lhs + sp.csr_array(by_standby) @ decisions.standby
        rhs = -share[:, None] * data.demand[where] / scale[:, None]
        return Rows(lhs, rhs, "<=", tuple(case.record for case in cases), scale, "work units per hour")


@dataclass(frozen=True)
class PromiseBandwidth:
    """After a contingency the promised work that is left, and standby where it is needed, fits every limited link.

    Work without a promise may be stopped; all standby of the workloads that lost a route is taken as used. Changes to
    copies, and first copies, go on. A private line carries its part: its bandwidth stands beside that of the link.
    """

    name: str = "promise_bandwidth"
    fields: tuple[str, ...] = ("workloads.promised_share", "policy.contingencies", "links.gbps")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(links x contingencies where standby uses the link, T) rows in GB per hour; shown per Gbit/s."""
        found = list(_by_failure(data))
        if not found or not decisions.standby.size:
            return None
        records, links = [record for record, *_ in found], [link for _, link, *_ in found]
        by_route, by_standby = (sp.csr_array(np.array(part)) for part in zip(*(row[2:] for row in found), strict=True))
        lhs = by_route @ decisions.effective + by_standby @ decisions.standby
        names = [data.traffic.limited[link] for link in links]
        if (copied := standing_traffic(decisions, data, names)) is not None:
            lhs = lhs + copied
        if (beside := pick_lines(data.private_lines, names)).nnz:
            bought = cp.reshape(decisions.lines.gbps, (beside.shape[1], 1), order="F")
            lhs = lhs - beside @ bought @ np.full((1, len(data.periods)), GB_PER_HOUR_PER_GBPS)
        rhs = in_periods(data.traffic.limit_gb_per_hour[links], len(data.periods))
        scale = np.full(len(records), 1.0 / GB_PER_HOUR_PER_GBPS)
        return Rows(lhs, rhs, "<=", tuple(records), scale, "Gbit/s")


def _by_failure(data: Data) -> list[tuple[str, int, Array, Array]]:
    """``link/contingency``, position of the link, GB per busy accelerator-hour (K,) and per standby one (S,)."""
    promises, rate = data.promises, data.traffic.limited_gb_per_busy_hour.toarray()
    of_standby = rate * data.queues.load_limit if data.routes else rate
    rows = []
    for failure in dict.fromkeys(case.contingency for case in promises.cases):
        cases = [case for case in promises.cases if case.contingency == failure]
        hit = {case.workload for case in cases}
        stays = {k for k, r in enumerate(data.routes) if r.workload in promises.share and r.workload not in hit}
        left = np.array(sorted(stays | {int(k) for case in cases for k in case.survivors}), dtype=np.intp)
        for link, name in enumerate(data.traffic.limited):
            standby = sum((promises.pick(case, of_standby[link]) for case in cases), np.zeros(len(promises.standby)))
            if standby.any():
                busy = np.zeros(len(data.routes))
                busy[left] = rate[link, left]
                rows.append((f"{name}/{failure}", link, busy, standby))
    return rows
