"""After any one contingency promised work fits what is provisioned at the pools that are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.model.after_failure import Room
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.model.values import Values


def load_after(decisions: Decisions, data: Data) -> cp.Expression:
    """Accelerators that promised work takes of each room: what goes on, its standby, what is placed anew; (R, T)."""
    by_route, by_standby, by_move = data.after_failure.shares
    load = sp.csr_array(by_move) @ decisions.redispatch
    if by_route.any():
        load = load + sp.csr_array(by_route) @ decisions.assigned
    if by_standby.any():
        load = load + sp.csr_array(by_standby) @ decisions.standby
    return load


def load_of_rooms(values: Values, data: Data) -> Array:
    """The same of an answer; (R, T)."""
    by_route, by_standby, by_move = data.after_failure.shares
    load: Array = by_route @ values.assigned
    if values.redispatch is not None:
        load = load + by_move @ values.redispatch
    if values.standby is not None:
        load = load + by_standby @ values.standby[data.promises.standby]
    return load


@dataclass(frozen=True)
class FailoverCapacity:
    """What promised work takes of a pool after f <= n[p,t] + what the pool grows by in time; held-back share released.

    Where it grows, all of that also fits the quota that is up.
    """

    name: str = "failover_capacity"
    fields: tuple[str, ...] = ("workloads.promise_form", "workloads.recovery_minutes", "policy.contingencies")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(contingencies x pools x waits, then those that grow once more, T) rows in accelerators."""
        found = data.after_failure.rooms
        if not found:
            return None
        load, pools = load_after(decisions, data), [room.pool for room in found]
        extra = np.array([room.extra for room in found])
        lhs = load - decisions.provisioned[pools]
        rhs = np.repeat(extra[:, None], len(data.periods), axis=1)
        records = [room.record(data.pools) for room in found]
        grown = [r for r, room in enumerate(found) if room.extra > 0]
        if grown:
            most = (data.capacity[:, None] * data.up_share)[[found[r].pool for r in grown]]
            lhs, rhs = cp.vstack([lhs, load[grown]]), np.vstack([rhs, most])
            records += [f"{records[r]}/quota" for r in grown]
        return Rows(lhs, rhs, "<=", tuple(records), np.ones(len(records)), "accelerators")


@dataclass(frozen=True)
class FailoverStarted:
    """The same in pools that take time to start: n of every period of the lead time before."""

    name: str = "failover_started"
    fields: tuple[str, ...] = ("workloads.promise_form", "pools.lead_time_hours")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per room, period and earlier period of the lead time; accelerators."""
        found = data.after_failure.rooms
        places = list(_lags(data, found))
        if not places:
            return None
        rooms_at, periods, before = (np.array(part, dtype=np.intp) for part in zip(*places, strict=True))
        pools = np.array([found[r].pool for r in rooms_at], dtype=np.intp)
        count, width = len(places), len(data.periods)
        now = _pick(rooms_at * width + periods, len(found) * width)
        is_inside = before >= 0
        earlier = _pick(np.where(is_inside, pools * width + before, -1), len(data.pools) * width)
        load = cp.vec(load_after(decisions, data), order="C")
        lhs = now @ load - earlier @ cp.vec(decisions.provisioned, order="C")
        initial = np.nan_to_num(data.provisioning.field("initial_provisioned_accelerators"))[pools]
        rhs = np.array([found[r].extra for r in rooms_at]) + np.where(is_inside, 0.0, initial)
        records = tuple(found[r].record(data.pools) for r in rooms_at)
        return Rows(lhs, rhs, "<=", records, np.ones(count), "accelerators", False, periods)


def _pick(columns: npt.NDArray[np.intp], width: int) -> sp.csr_array:
    """One row per element with 1 in its column; nothing where that is -1."""
    (rows,) = np.nonzero(columns >= 0)
    return sp.csr_array((np.ones(len(rows)), (rows, columns[rows])), shape=(len(columns), width))


def _lags(data: Data, found: list[Room]) -> Iterator[tuple[int, int, int]]:
    """(room, period, earlier period; -1 before the horizon)."""
    for r, room in enumerate(found):
        if data.provisioning.elastic[room.pool]:
            for period, before in zip(*data.provisioning.lead_of(room.pool), strict=True):
                if before != period:
                    yield r, int(period), int(before)
