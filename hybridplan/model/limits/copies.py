"""Copies of datasets: enough of them, work only where they are, and their data on its way to them."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.choices.copies import sent_out
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions, standby_limit
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Copies:
    """Sites, or providers, with a copy, home included >= min_copies."""

    name: str = "copies"
    fields: tuple[str, ...] = ("datasets.min_copies", "datasets.copies_apart")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per dataset whose standing copies are not enough, in copies."""
        domains, lacking = data.datasets.domains, data.datasets.lacking
        if not lacking:
            return None
        names = list(lacking)
        index = [names.index(d) for d, _ in domains], list(range(len(domains)))
        pick = sp.csr_array((np.ones(len(domains)), index), shape=(len(names), len(domains)))
        need = np.array(list(lacking.values()), dtype=float)
        lhs = -(pick @ decisions.copies.domains) if domains else cp.Constant(np.zeros(len(names)))
        return Rows(lhs, -need, "<=", tuple(names), np.ones(len(names)), "copies", by_period=False)


@dataclass(frozen=True)
class CopyNeeded:
    """y[k,t], and standby, <= its box x z of each choosable copy that the route needs at its site."""

    name: str = "copy_needed"
    fields: tuple[str, ...] = ("workloads.datasets", "datasets.copies")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(needs of routes, then of standby, T) rows in accelerators."""
        needs, records = data.datasets.needs, list[str]()
        lhs: list[cp.Expression] = []
        stand = {int(k): s for s, k in enumerate(data.promises.standby)}
        parts = [(decisions.busy, {k: k for k in range(len(data.routes))}, data.busy_limit)]
        if decisions.standby.size:
            parts.append((decisions.standby, stand, standby_limit(data)))
        for amount, place, limit in parts:
            mine = [(place[k], k, c) for k, c in needs if k in place]
            if mine:
                lhs.append(_only_with_copy(decisions, amount, limit, mine))
                records += [f"{data.routes[k].workload}/{'/'.join(data.datasets.choosable[c])}" for _, k, c in mine]
        if not lhs:
            return None
        shape = len(records), len(data.periods)
        return Rows(cp.vstack(lhs), np.zeros(shape), "<=", tuple(records), np.ones(shape[0]), "accelerators")


def _only_with_copy(
    decisions: Decisions, amount: cp.Expression, limit: Array, needs: list[tuple[int, int, int]]
) -> cp.Expression:
    """amount - box x z; ``needs``: rows of ``amount``, routes, and choices."""
    rows, choices = [row for row, _, _ in needs], [c for _, _, c in needs]
    made = decisions.copies.made[choices][:, None] @ np.ones((1, limit.shape[1]))
    return amount[rows] - cp.multiply(decisions.copies.room * limit[rows], made)


@dataclass(frozen=True)
class Sync:
    """For each copy: one copy's worth (z of it) leaves home, and no site on the way keeps or adds any."""

    name: str = "sync"
    fields: tuple[str, ...] = ("datasets.copies", "datasets.relay_sites")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per copy and site on its ways, in copies."""
        nodes = data.datasets.nodes
        if not nodes:
            return None
        lhs = -sent_out(data.datasets, decisions.copies)
        if data.datasets.arcs:
            lhs = data.datasets.net_out @ decisions.copies.shares + lhs
        records = tuple(
            "/".join((data.datasets.synced[n].dataset, data.datasets.synced[n].site, site)) for n, site in nodes
        )
        ones = np.ones(len(nodes))
        return Rows(lhs, np.zeros(len(nodes)), "==", records, ones, "copies", by_period=False)
