"""Boxes: the most that each decision can be, from the data."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from hybridplan.domain.features import rewards_provisioning
from hybridplan.model.data import Data
from hybridplan.model.periods import Array


def spare_limit(data: Data) -> Array:
    """What the pool gives; where capacity may be relaxed, what the load limit may ask for; (S, T).

    0 while a first copy that the route needs is made.
    """
    queues = data.queues
    give = data.usable[data.route_pool[queues.spare]]
    if data.roomy:
        room = 1.0 / np.maximum(queues.load_limit[queues.spare], 1e-3) + queues.replica[queues.spare]
        give = np.maximum(give, data.busy_limit[queues.spare] * room[:, None] + queues.replica[queues.spare][:, None])
    # Nothing is busy then, but a rule that counts what is provisioned would have it assigned all the same.
    return np.where(data.datasets.closed[queues.spare], 0.0, give)


def standby_limit(data: Data) -> Array:
    """What the pool gives, and what all of the demand would take, unless more pays by itself; (S, T)."""
    where = data.promises.standby
    need, give = data.most_after[where], data.usable[data.promises.pool[where]]
    if data.roomy:
        return need
    return np.where(need > 0, give, 0.0) if rewards_provisioning(data.scenario) else np.minimum(give, need)


def redispatch_limit(data: Data) -> Array:
    """What all of the demand would take, within what may be up of the pool; (M, T)."""
    limit: Array = data.most_after[data.promises.moving]
    return limit


def standby_by_pool(data: Data) -> sp.csr_array:
    """(P, S) 1 where the standby is kept in the pool."""
    return data.promises.by_pool(data.promises.standby)


def elastic_limit(data: Data) -> Array:
    """Most that may be provisioned of each pool; (P, T)."""
    limit = data.most_available
    if not data.roomy or not data.routes:
        return limit
    room = np.maximum(limit, _taken_at_most(data) + data.provisioning.node[:, None])
    # What carries a peak may have to be on all around it.
    most: Array = np.maximum(room, room.max(axis=1, keepdims=True))
    return most


def _taken_at_most(data: Data) -> Array:
    """Accelerators of each pool that hold all work that may run there, and its standby; (P, T)."""
    need = np.asarray(data.incidence(data.pools, "pool") @ data.busy_limit)
    if data.queues.spare.size:
        extra = data.incidence(data.pools, "pool")[:, data.queues.spare] @ spare_limit(data)
        need = need + np.asarray(extra)
    if data.promises.standby.size:
        need = need + np.asarray(standby_by_pool(data) @ standby_limit(data))
    if data.promises.moves:
        moved = np.unique(data.promises.moving)
        need = need + np.asarray(data.promises.by_pool(moved) @ data.most_after[moved])
    taken: Array = need / data.usable_share[:, None]
    return taken


def billed_at_most(data: Data, most: Array) -> Array:
    """What may be billed at most; tiers that end where the work does are found much faster. (P, T)."""
    if not data.routes:
        return most
    least = ~data.provisioning.always_on & ~data.provisioning.elastic
    if rewards_provisioning(data.scenario):
        # More than the work takes may be on for what comes after a failure.
        least[data.reserving] = False
    taken = np.minimum(most, _taken_at_most(data) * (1.0 + 1e-9))
    billed: Array = np.where(least[:, None], taken, most)
    return billed


def node_limit(data: Data) -> Array:
    whole = data.provisioning.whole
    limit: Array = np.floor(elastic_limit(data)[whole] / data.provisioning.node[whole][:, None] + 1e-9)
    return limit
