"""Data on links: of work between users, pools and backups, of changes to copies, and of first copies."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


@dataclass(frozen=True)
class Transfer:
    """g h x usd_per_gb x (F[l,t] - m[l,t]) + g h x private_usd_per_gb x m[l,t]; first copies once, at usd_per_gb.

    F = e_k x (ingress on the way out + egress on the way back + results to their backup) x y[k,t], and changes x shares
    of datasets; m = the part that goes over a private line.
    """

    name: str = "transfer"
    fields: tuple[str, ...] = (
        "links.usd_per_gb",
        "links.private_usd_per_gb",
        "workloads.ingress_gb_per_unit",
        "workloads.egress_gb_per_unit",
        "workloads.result_gb_per_unit",
        "datasets.change_gb_per_hour",
        "datasets.size_gb",
    )
    is_penalty: bool = False

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression:
        """USD per route and period, (K, T); with datasets or private lines in one row, followed by theirs."""
        rate = (data.traffic.usd_per_unit * data.productivity)[:, None] * data.periods.weight_hours
        work = cp.multiply(rate, decisions.effective)
        parts = [cp.vec(work, order="F")] if work.size else []
        if data.datasets.arcs:
            parts.append(cp.multiply(data.datasets.arc_usd, decisions.copies.shares))
        if data.private_lines.links:
            more = data.private_lines.more_usd_per_gb[:, None] * data.periods.weight_hours
            parts.append(cp.vec(cp.multiply(more, decisions.lines.flow), order="F"))
        return cp.hstack(parts) if len(parts) > 1 or (parts and not work.size) else work
