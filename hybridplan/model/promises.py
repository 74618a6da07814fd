"""Work that is promised to go on after a failure: what survives it, where standby may be, where work may go."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Scenario, Workload
from hybridplan.domain.contingency import Lost, lost
from hybridplan.model.datasets import Datasets
from hybridplan.model.periods import Array, Periods
from hybridplan.model.routes import Pair, RouteIndex, load_under
from hybridplan.model.traffic import Traffic

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]
_LEAST_LOAD = 1e-3
"""Accelerators that may be less busy than this after a failure take over a part only."""


@dataclass(frozen=True)
class Case:
    """One promised workload and one contingency."""

    workload: str
    contingency: str
    left: Positions
    """Positions of its routes that go on, in order."""
    survivors: Positions
    """Positions of its failover pairs that go on, in order."""
    is_moved: bool
    """True: all of it is placed anew (shared, cold); False: it goes on where it runs, and its standby takes over."""

    @property
    def record(self) -> str:
        """``workload/contingency``; ids hold no slash."""
        return f"{self.workload}/{self.contingency}"


class Promises:
    """Cases, and decisions after a failure.

    F failover pairs: routes of promised work, and pairs that only the latency objective rules out and that keep the one
    after a failure. S of them may hold standby; M (failure, pair) are where shared and cold work may go.
    """

    def __init__(self, scenario: Scenario, index: RouteIndex, periods: Periods) -> None:
        self._scenario, self._links, self._periods = scenario, index.links, periods
        works = {key: one for key, one in scenario.workloads.items() if one.promised_share > 0}
        self.share = {key: one.promised_share for key, one in works.items()}
        """Promised share by workload."""
        self.lost = {key: lost(one, scenario) for key, one in scenario.policy.contingencies.items()}
        self._routes = index.routes
        self.moved = [key for key, one in works.items() if one.promise_form != "dedicated"]
        """Workloads with a shared or cold promise."""
        self._routes_left = self._left(self._routes)
        hit = {(w, f): self._hits(w, f) for f in self.lost for w in works}
        moving = [f for f in self.lost if any(hit[w, f] for w in self.moved)]
        needed = {w for (w, _), is_hit in hit.items() if is_hit} | (set(self.moved) if moving else set())
        self.pairs = [pair for pair in map(self._after, index.pairs) if pair is not None and pair.workload in needed]
        self._pairs_left = self._left(self.pairs)
        self.cases = [
            self._case(w, f, w in self.moved)
            for f in self.lost
            for w in works
            if (f in moving if w in self.moved else hit[w, f])
        ]
        found = [case.survivors for case in self.cases if not case.is_moved]
        self.standby: Positions = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intp)
        """(S,) positions of the pairs with standby."""
        self.moves = [(case, int(k)) for case in self.cases if case.is_moved for k in case.survivors]
        """(M,) case and position of the pair."""
        self.called: Mask | None = None
        """(M,) False where work stays in place after all, or may not go; None: nowhere."""

    def _hits(self, workload: str, contingency: str, is_open: Mask | bool = True) -> bool:
        """Whether it takes an open route of the workload, used or not."""
        return bool(np.any(~self._routes_left[contingency] & _of(workload, self._routes) & is_open))

    def _left(self, pairs: Sequence[Pair]) -> dict[str, Mask]:
        """By contingency: True for the pairs that go on."""
        return {f: np.array([self._goes_on(pair, gone) for pair in pairs], dtype=bool) for f, gone in self.lost.items()}

    def _goes_on(self, pair: Pair, gone: Lost) -> bool:
        """Pool and path are left; copies of data fail with their site, and so with the pools there."""
        work, site = self._scenario.workloads[pair.workload], self._scenario.pools[pair.pool].site
        if pair.pool in gone.pools:
            return False
        ways = [(work.origin_site, site), *([(site, work.origin_site)] if work.egress_gb_per_unit > 0 else [])]
        return all(start == end or self._links[start, end] not in gone.links for start, end in ways)

    def _after(self, pair: Pair) -> Pair | None:
        """The pair with its largest load after a failure; None where it is no failover pair."""
        work = self._scenario.workloads[pair.workload]
        if any(reason.code != "latency" for reason in pair.reasons):
            return None
        load = load_under(pair, _relaxed(work))
        return None if load is None else replace(pair, load_limit=load, reasons=())

    def _case(self, workload: str, contingency: str, is_moved: bool) -> Case:
        return Case(workload, contingency, *self.surviving(workload, contingency), is_moved)

    def surviving(self, workload: str, contingency: str) -> tuple[Positions, Positions]:
        """Positions of its routes, and of its failover pairs, that go on."""
        routes = self._routes_left[contingency] & _of(workload, self._routes)
        pairs = self._pairs_left[contingency] & _of(workload, self.pairs)
        return np.flatnonzero(routes), np.flatnonzero(pairs)

    # -- arrays over pairs ----------------------------------------------------------------------------------------

    @cached_property
    def rate(self) -> Array:
        """e, work units per busy accelerator-hour; (F,)."""
        return np.array([pair.units_per_accelerator_hour for pair in self.pairs], dtype=float)

    @cached_property
    def load_limit(self) -> Array:
        """c, how busy an accelerator may be after a failure; (F,)."""
        return np.array([pair.load_limit for pair in self.pairs], dtype=float)

    @cached_property
    def units(self) -> Array:
        """e x c, work units per hour that one accelerator can take after a failure; (F,)."""
        found: Array = self.rate * self.load_limit
        return found

    @cached_property
    def pool(self) -> Positions:
        """Position of the pool of each pair; (F,)."""
        where = {pool: p for p, pool in enumerate(self._scenario.pools)}
        return np.array([where[pair.pool] for pair in self.pairs], dtype=np.intp)

    @cached_property
    def route(self) -> Positions:
        """Position of the route that is the same pair; -1 where it is none; (F,)."""
        where = {(route.workload, route.pool): k for k, route in enumerate(self._routes)}
        return np.array([where.get((pair.workload, pair.pool), -1) for pair in self.pairs], dtype=np.intp)

    @cached_property
    def moving(self) -> Positions:
        """Position of the pair of each move; (M,)."""
        return np.array([k for _, k in self.moves], dtype=np.intp)

    @cached_property
    def takers(self) -> Positions:
        """Pools to which work may go after a failure."""
        found: Positions = np.unique(self.pool[self.moving])
        return found

    @cached_property
    def data(self) -> Datasets:
        """What the pairs need of copies of datasets."""
        return Datasets(self._scenario, self._periods, self.pairs, self._links)

    @cached_property
    def gb_per_busy_hour(self) -> Array:
        """GB per busy accelerator-hour on each link with limited bandwidth; (L, F)."""
        found: Array = Traffic(self._scenario, self.pairs, self._links).limited_gb_per_busy_hour.toarray()
        return found

    @cached_property
    def pair_by_pool(self) -> sp.csr_array:
        """(P, F) 1 where the pair lies in the pool."""
        return self.by_pool(np.arange(len(self.pairs)))

    def by_pool(self, positions: Positions) -> sp.csr_array:
        """(P, len(positions)) 1 where the pair lies in the pool."""
        count = len(positions)
        shape = len(self._scenario.pools), count
        return sp.csr_array((np.ones(count), (self.pool[positions], np.arange(count))), shape=shape)

    def under(self, scenario: Scenario) -> tuple[Promises, Array]:
        """The same decisions under stricter latency objectives, and True for pairs that these rule out; (F,)."""
        found = [load_under(pair, _relaxed(scenario.workloads[pair.workload])) for pair in self.pairs]
        changed = copy(self)
        changed.pairs = [
            pair if load is None else replace(pair, load_limit=load)
            for pair, load in zip(self.pairs, found, strict=True)
        ]
        for name in ("load_limit", "units"):
            changed.__dict__.pop(name, None)
        is_open = np.array([load_under(one, scenario.workloads[one.workload]) is not None for one in self._routes])
        moving = {f for f in self.lost if any(self._hits(w, f, is_open) for w in self.moved)}
        out = np.array([load is None for load in found], dtype=bool)
        changed.called = np.array([case.contingency in moving and not out[k] for case, k in self.moves], dtype=bool)
        return changed, out

    def pick(self, case: Case, value: Array) -> Array:
        """(S,) or (M,) ``value`` (F,) of the pairs that take over in the case, 0 elsewhere."""
        if case.is_moved:
            mine = np.array([one is case for one, _ in self.moves], dtype=bool)
            return np.where(mine, value[self.moving], 0.0)
        kept: Array = np.where(np.isin(self.standby, case.survivors), value[self.standby], 0.0)
        return kept


def _of(workload: str, pairs: Sequence[Pair]) -> Mask:
    return np.array([pair.workload == workload for pair in pairs], dtype=bool)


def most_after(promises: Promises, demand: Array, rigid: Sequence[str]) -> Array:
    """Accelerators of each pair that would surely take all of its demand after a failure; 0 while a first copy that it
    needs is made; (F, T)."""
    if not promises.pairs:
        return np.zeros((0, demand.shape[1]))
    where = [rigid.index(pair.workload) for pair in promises.pairs]
    # A queue may ask for more of them under a stricter objective, which moves no box.
    load = np.where(promises.load_limit < 1.0, _LEAST_LOAD, 1.0)
    need: Array = demand[where] / (promises.rate * load)[:, None]
    need[promises.data.closed] = 0.0
    return need


def _relaxed(work: Workload) -> Workload:
    """The workload with the latency objective that holds after a failure."""
    if work.latency_after_failure_ms is None:
        return work
    return work.model_copy(update={"latency_objective_ms": work.latency_after_failure_ms})
