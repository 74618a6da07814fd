"""Copies of datasets: enough of them, work only where they are, and their data on its way to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.domain.features import rewards_provisioning
from hybridplan.model.boxes import redispatch_limit, spare_limit, standby_limit
from hybridplan.model.choices.copies import sent_out
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.model.routes import Pair


@dataclass(frozen=True)
class Copies:
    """Sites, zones or providers with a copy, home included >= min_copies."""

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
    """y[k,t], standby, and work after a failure, <= its box x z of each choosable copy that the pair needs there."""

    name: str = "copy_needed"
    fields: tuple[str, ...] = ("workloads.datasets", "datasets.copies")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(needs of routes, of standby, of work after a failure, T) rows in accelerators."""
        lhs, records = list[cp.Expression](), list[str]()
        for amount, limit, pairs, needs in _placed(decisions, data):
            if needs:
                lhs.append(_only_with_copy(decisions, amount, limit, needs))
                records += [f"{pairs[row].workload}/{'/'.join(data.datasets.choosable[c])}" for row, c in needs]
        if not lhs:
            return None
        shape = len(records), len(data.periods)
        return Rows(cp.vstack(lhs), np.zeros(shape), "<=", tuple(records), np.ones(shape[0]), "accelerators")


Placed = tuple[cp.Expression, Array, list[Pair], list[tuple[int, int]]]


def _placed(decisions: Decisions, data: Data) -> Iterator[Placed]:
    """What runs, stands by, or runs after a failure: with its box, its pairs, and (row, choice) that each needs."""
    yield decisions.busy, data.busy_limit, data.routes, data.datasets.needs
    if decisions.spare.size and rewards_provisioning(data.scenario):
        where = data.queues.spare
        of_route = [(row, c) for k, c in data.datasets.needs for row in np.flatnonzero(where == k).tolist()]
        yield decisions.spare, spare_limit(data), [data.routes[k] for k in where], of_route
    promises = data.promises
    after = (
        (decisions.standby, standby_limit, promises.standby),
        (decisions.redispatch, redispatch_limit, promises.moving),
    )
    for amount, limit, positions in after:
        if amount.size:
            of_pair = [(row, c) for k, c in promises.data.needs for row in np.flatnonzero(positions == k).tolist()]
            yield amount, limit(data), [promises.pairs[k] for k in positions], of_pair


def _only_with_copy(
    decisions: Decisions, amount: cp.Expression, limit: Array, needs: list[tuple[int, int]]
) -> cp.Expression:
    """amount - box x z; ``needs``: rows of ``amount`` and choices."""
    rows, choices = [row for row, _ in needs], [c for _, c in needs]
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
