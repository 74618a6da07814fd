"""What promised work shares after each failure: rooms in pools, and links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hybridplan.domain import Scenario
from hybridplan.model.periods import Array
from hybridplan.model.promises import Promises
from hybridplan.model.routes import Pair
from hybridplan.model.traffic import Traffic
from hybridplan.units import MINUTES_PER_HOUR

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Room:
    """One contingency, one pool that survives it, and one time that work can wait for what takes over."""

    contingency: str
    pool: int
    minutes: float
    extra: float
    """Accelerators by which the pool grows within that time."""

    def record(self, pools: list[str]) -> str:
        """``contingency/pool``, with the minutes where there are any."""
        name = f"{self.contingency}/{pools[self.pool]}"
        return f"{name}/{self.minutes:g}" if self.minutes else name


@dataclass(frozen=True)
class OnLink:
    """GB per busy accelerator-hour on one link after a contingency: of what runs (K,), stands by (S,), moves (M,)."""

    record: str
    link: int
    busy: Array
    standby: Array
    moved: Array


class AfterFailure:
    """Rooms and links after each failure, and what counts in them.

    Nothing of it depends on promised shares or latency objectives: it holds for all that a sweep moves.
    """

    def __init__(self, scenario: Scenario, promises: Promises, routes: list[Pair], traffic: Traffic) -> None:
        self._scenario, self._promises, self._routes, self._traffic = scenario, promises, routes, traffic
        self._pools = list(scenario.pools)

    @cached_property
    def rooms(self) -> list[Room]:
        """Where work with a shared or cold promise may go after a failure."""
        found = dict[tuple[str, int], set[float]]()
        for case, pair in self._promises.moves:
            room = case.contingency, int(self._promises.pool[pair])
            found.setdefault(room, set()).add(self._waits(case.workload))
        return [Room(f, p, rho, self._grown(p, rho)) for (f, p), levels in found.items() for rho in sorted(levels)]

    @cached_property
    def shares(self) -> tuple[Array, Array, Array]:
        """1 where a route (R, K), standby (R, S) or a move (R, M) counts in a room, else 0."""
        promises, found, moving = self._promises, self.rooms, self._promises.moving
        pool_of = {pool: p for p, pool in enumerate(self._pools)}
        route_pool = np.array([pool_of[route.pool] for route in self._routes], dtype=np.intp)
        by_route = np.zeros((len(found), len(self._routes)))
        by_standby, by_move = np.zeros((len(found), len(promises.standby))), np.zeros((len(found), len(moving)))
        going = {failure: self._dedicated(failure) for failure in {room.contingency for room in found}}
        failure = np.array([case.contingency for case, _ in promises.moves], dtype=object)
        wait = np.array([self._waits(case.workload) for case, _ in promises.moves])
        for r, room in enumerate(found):
            routes, pairs = going[room.contingency]
            by_route[r] = routes & (route_pool == room.pool)
            by_standby[r] = pairs[promises.standby] & (promises.pool[promises.standby] == room.pool)
            by_move[r] = (failure == room.contingency) & (promises.pool[moving] == room.pool) & (wait <= room.minutes)
        return by_route, by_standby, by_move

    @cached_property
    def links(self) -> list[OnLink]:
        """Where what takes over uses a link with limited bandwidth."""
        return list(self._links())

    def _waits(self, workload: str) -> float:
        """Minutes that a workload can wait for what takes over; 0 for a shared promise."""
        work = self._scenario.workloads[workload]
        return work.recovery_minutes if work.promise_form == "cold" else 0.0

    def _grown(self, pool: int, minutes: float) -> float:
        """ramp_up x (minutes / 60 - lead time) of on-demand pools with a ramp, else 0."""
        one = self._scenario.pools[self._pools[pool]]
        if one.purchase_option != "on_demand" or one.ramp_up_accelerators_per_hour is None:
            return 0.0
        return one.ramp_up_accelerators_per_hour * max(0.0, minutes / MINUTES_PER_HOUR - one.lead_time_hours)

    def _dedicated(self, contingency: str) -> tuple[Mask, Mask]:
        """True for routes (K,), and failover pairs (F,), of work with a dedicated promise that survive."""
        promises = self._promises
        routes, pairs = np.zeros(len(self._routes), dtype=bool), np.zeros(len(promises.pairs), dtype=bool)
        for workload in promises.share:
            if workload not in promises.moved:
                left, survivors = promises.surviving(workload, contingency)
                routes[left], pairs[survivors] = True, True
        return routes, pairs

    def _links(self) -> Iterator[OnLink]:
        promises, rate = self._promises, self._traffic.limited_gb_per_busy_hour.toarray()
        of_pair = promises.gb_per_busy_hour
        for failure in dict.fromkeys(case.contingency for case in promises.cases):
            cases = [case for case in promises.cases if case.contingency == failure]
            left = self._stays(failure)
            for link, name in enumerate(self._traffic.limited):
                standby, moved = np.zeros(len(promises.standby)), np.zeros(len(promises.moves))
                for case in cases:
                    if case.is_moved:
                        moved += promises.pick(case, of_pair[link])
                    else:
                        standby += promises.pick(case, of_pair[link])
                if (standby.any() or moved.any()) and name not in promises.lost[failure].links:
                    yield OnLink(f"{name}/{failure}", link, np.where(left, rate[link], 0.0), standby, moved)

    def _stays(self, failure: str) -> Mask:
        """True for routes of promised work that go on where they run; (K,)."""
        promises = self._promises
        cases = {case.workload: case for case in promises.cases if case.contingency == failure}
        left = np.zeros(len(self._routes), dtype=bool)
        for k, route in enumerate(self._routes):
            if route.workload in promises.share:
                case = cases.get(route.workload)
                # Without a case the failure takes nothing from it.
                left[k] = case is None or (not case.is_moved and k in case.left)
        return left
