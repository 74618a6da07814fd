"""After any one contingency promised work fits what is provisioned at the pools that are left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.model.values import Values
from hybridplan.units import MINUTES_PER_HOUR


@dataclass(frozen=True)
class Room:
    """One contingency, one pool that survives it, and one time that work can wait for what takes over."""

    contingency: str
    pool: int
    minutes: float
    extra: float
    """Accelerators by which the pool grows within that time."""

    def record(self, data: Data) -> str:
        """``contingency/pool``, with the minutes where there are any."""
        name = f"{self.contingency}/{data.pools[self.pool]}"
        return f"{name}/{self.minutes:g}" if self.minutes else name


def rooms(data: Data) -> list[Room]:
    """Where work with a shared or cold promise may go after a failure."""
    promises = data.promises
    found = dict[tuple[str, int], set[float]]()
    for case, pair in promises.moves:
        found.setdefault((case.contingency, int(promises.pool[pair])), set()).add(waits(data, case.workload))
    return [Room(f, p, rho, _grown(data, p, rho)) for (f, p), levels in found.items() for rho in sorted(levels)]


def waits(data: Data, workload: str) -> float:
    """Minutes that a workload can wait for what takes over; 0 for a shared promise."""
    work = data.scenario.workloads[workload]
    return work.recovery_minutes if work.promise_form == "cold" else 0.0


def _grown(data: Data, pool: int, minutes: float) -> float:
    """ramp_up x (minutes / 60 - lead time) of on-demand pools with a ramp, else 0."""
    one = data.scenario.pools[data.pools[pool]]
    if one.purchase_option != "on_demand" or one.ramp_up_accelerators_per_hour is None:
        return 0.0
    return one.ramp_up_accelerators_per_hour * max(0.0, minutes / MINUTES_PER_HOUR - one.lead_time_hours)


def load_after(decisions: Decisions, data: Data, found: list[Room]) -> cp.Expression:
    """Accelerators that promised work takes of each room: what goes on, its standby, what is placed anew; (R, T)."""
    by_route, by_standby, by_move = shares_of_rooms(data, found)
    load = sp.csr_array(by_move) @ decisions.redispatch
    if by_route.any():
        load = load + sp.csr_array(by_route) @ decisions.assigned
    if by_standby.any():
        load = load + sp.csr_array(by_standby) @ decisions.standby
    return load


def load_of_rooms(values: Values, data: Data, found: list[Room]) -> Array:
    """The same of an answer; (R, T)."""
    by_route, by_standby, by_move = shares_of_rooms(data, found)
    load: Array = by_route @ values.assigned
    if values.redispatch is not None:
        load = load + by_move @ values.redispatch
    if values.standby is not None:
        load = load + by_standby @ values.standby[data.promises.standby]
    return load


def shares_of_rooms(data: Data, found: list[Room]) -> tuple[Array, Array, Array]:
    """1 where a route (R, K), standby (R, S) or a move (R, M) counts in a room, else 0."""
    promises = data.promises
    by_route = np.zeros((len(found), len(data.routes)))
    by_standby = np.zeros((len(found), len(promises.standby)))
    by_move = np.zeros((len(found), len(promises.moves)))
    going = {room.contingency: _going_on(data, room.contingency) for room in found}
    failure = np.array([case.contingency for case, _ in promises.moves], dtype=object)
    pool, wait = promises.pool[promises.moving], np.array([waits(data, case.workload) for case, _ in promises.moves])
    for r, room in enumerate(found):
        routes, pairs = going[room.contingency]
        by_route[r] = routes & (data.route_pool == room.pool)
        by_standby[r] = pairs[promises.standby] & (promises.pool[promises.standby] == room.pool)
        by_move[r] = (failure == room.contingency) & (pool == room.pool) & (wait <= room.minutes)
    return by_route, by_standby, by_move


def _going_on(data: Data, contingency: str) -> tuple[Array, Array]:
    """True for routes (K,), and failover pairs (F,), of work with a dedicated promise that survive."""
    promises = data.promises
    routes, pairs = np.zeros(len(data.routes), dtype=bool), np.zeros(len(promises.pairs), dtype=bool)
    for workload in promises.share:
        if workload not in promises.moved:
            left, survivors = promises.surviving(workload, contingency)
            routes[left], pairs[survivors] = True, True
    return routes, pairs


@dataclass(frozen=True)
class FailoverCapacity:
    """What promised work takes of a pool after f <= n[p,t] + what the pool grows by in time; held-back share released.

    Where it grows, all of that also fits the quota that is up.
    """

    name: str = "failover_capacity"
    fields: tuple[str, ...] = ("workloads.promise_form", "workloads.recovery_minutes", "policy.contingencies")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(contingencies x pools x waits, then those that grow once more, T) rows in accelerators."""
        found = rooms(data)
        if not found:
            return None
        load, pools = load_after(decisions, data, found), [room.pool for room in found]
        extra = np.array([room.extra for room in found])
        lhs = load - decisions.provisioned[pools]
        rhs = np.repeat(extra[:, None], len(data.periods), axis=1)
        records = [room.record(data) for room in found]
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
        found = rooms(data)
        places = list(_lags(data, found))
        if not places:
            return None
        rooms_at, periods, before = (np.array(part, dtype=np.intp) for part in zip(*places, strict=True))
        pools = np.array([found[r].pool for r in rooms_at], dtype=np.intp)
        count, width = len(places), len(data.periods)
        now = _pick(rooms_at * width + periods, len(found) * width)
        is_inside = before >= 0
        earlier = _pick(np.where(is_inside, pools * width + before, -1), len(data.pools) * width)
        load = cp.vec(load_after(decisions, data, found), order="C")
        lhs = now @ load - earlier @ cp.vec(decisions.provisioned, order="C")
        initial = np.nan_to_num(data.provisioning.field("initial_provisioned_accelerators"))[pools]
        rhs = np.array([found[r].extra for r in rooms_at]) + np.where(is_inside, 0.0, initial)
        records = tuple(found[r].record(data) for r in rooms_at)
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
