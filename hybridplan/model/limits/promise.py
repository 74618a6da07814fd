"""Promised work is served after any one contingency: by what survives and standby of its own, or placed anew."""

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
from hybridplan.units import GB_PER_HOUR_PER_GBPS


def busy_after(decisions: Decisions, data: Data) -> tuple[cp.Expression, cp.Expression]:
    """Busy accelerators after a failure: c sb of what stands by, (S, T), and c a_f of what is placed anew, (M, T)."""
    promises = data.promises
    standby, moved = decisions.standby, decisions.redispatch
    if standby.size:
        standby = sp.diags_array(promises.load_limit[promises.standby]) @ standby
    if moved.size:
        moved = sp.diags_array(promises.load_limit[promises.moving]) @ moved
    return standby, moved


@dataclass(frozen=True)
class Promise:
    """share_w x (D - u) <= what goes on after f, in every period.

    dedicated: sum over routes that survive f of e y + sum over surviving failover pairs of e c sb, for each f that hits
    the workload. shared and cold: sum over surviving failover pairs of e c a_f, for each f that hits any such work. One
    row per promised workload and contingency.
    """

    name: str = "promise"
    fields: tuple[str, ...] = (
        "workloads.promised_share",
        "workloads.promise_form",
        "workloads.latency_after_failure_ms",
        "policy.contingencies",
    )

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(cases, T) rows in unit scales."""
        return self.rows_of(decisions, data, *busy_after(decisions, data))

    def rows_of(self, decisions: Decisions, data: Data, standby: cp.Expression, moved: cp.Expression) -> Rows | None:
        """The same with what is busy after a failure given; see :func:`busy_after`."""
        promises, cases = data.promises, data.promises.cases
        if not cases:
            return None
        scale = scales(data, [case.workload for case in cases])
        share = np.array([promises.share[case.workload] for case in cases])
        where = [data.rigid.index(case.workload) for case in cases]
        by_route = np.zeros((len(cases), len(data.routes)))
        for row, case in enumerate(cases):
            if not case.is_moved:
                by_route[row, case.left] = -data.productivity[case.left] / scale[row]
        lhs = sp.csr_array(by_route) @ decisions.effective - sp.diags_array(share) @ decisions.unserved[where]
        for amount, is_moved in ((standby, False), (moved, True)):
            if amount.size:
                nothing = np.zeros(amount.shape[0])
                units = [promises.pick(c, promises.rate) if c.is_moved is is_moved else nothing for c in cases]
                lhs = lhs - sp.csr_array(np.array(units) / scale[:, None]) @ amount
        rhs = -share[:, None] * data.demand[where] / scale[:, None]
        return Rows(lhs, rhs, "<=", tuple(case.record for case in cases), scale, "work units per hour")


@dataclass(frozen=True)
class PromiseBandwidth:
    """After a contingency the promised work that is left, and what takes over, fits every limited link that is left.

    Work without a promise may be stopped; all standby of the workloads that lost a route is taken as used. Changes to
    copies, and first copies, go on. A private line carries its part: its bandwidth stands beside that of the link.
    """

    name: str = "promise_bandwidth"
    fields: tuple[str, ...] = ("workloads.promised_share", "policy.contingencies", "links.gbps")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(links x contingencies where what takes over uses the link, T) rows in GB per hour; shown per Gbit/s."""
        return self.rows_of(decisions, data, *busy_after(decisions, data))

    def rows_of(self, decisions: Decisions, data: Data, standby: cp.Expression, moved: cp.Expression) -> Rows | None:
        """The same with what is busy after a failure given; see :func:`busy_after`."""
        found = data.after_failure.links
        if not found:
            return None
        records, links = [one.record for one in found], [one.link for one in found]
        lhs = sp.csr_array(np.array([one.busy for one in found])) @ decisions.effective
        if standby.size:
            lhs = lhs + sp.csr_array(np.array([one.standby for one in found])) @ standby
        if moved.size:
            lhs = lhs + sp.csr_array(np.array([one.moved for one in found])) @ moved
        names = [data.traffic.limited[link] for link in links]
        if (copied := standing_traffic(decisions, data, names)) is not None:
            lhs = lhs + copied
        if (beside := pick_lines(data.private_lines, names)).nnz:
            bought = cp.reshape(decisions.lines.gbps, (beside.shape[1], 1), order="F")
            lhs = lhs - beside @ bought @ np.full((1, len(data.periods)), GB_PER_HOUR_PER_GBPS)
        rhs = in_periods(data.traffic.limit_gb_per_hour[links], len(data.periods))
        scale = np.full(len(records), 1.0 / GB_PER_HOUR_PER_GBPS)
        return Rows(lhs, rhs, "<=", tuple(records), scale, "Gbit/s")
