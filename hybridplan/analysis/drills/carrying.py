"""What goes on after a contingency, by pair and period: the numbers behind drills, tables and replays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.data import Flows, legs_of
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.audit.rules.promise import after
from hybridplan.domain.contingency import Lost, lost
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan
from hybridplan.units import gb_per_hour


@dataclass(frozen=True)
class Response:
    """After one contingency. K pairs run before it, or are ready to run after it; shapes (K,) and (K, T)."""

    axes: Axes
    contingency: str
    lost: Lost
    workload: Ints
    pool: Ints
    survives: NDArray[np.bool_]
    """The pair goes on, whether anything runs there or not."""
    before: Floats
    """Units per hour in the plan."""
    before_accelerators: Floats
    ready: Floats
    """Units per hour that the plan has ready after the contingency for promised work; 0 for all other work."""
    ready_accelerators: Floats
    units: Floats
    """Units per hour that serve: at most what was served before, on pairs where the work runs already first."""
    accelerators: Floats

    @cached_property
    def moved(self) -> Floats:
        """(K, T) units per hour that run where they did not run before."""
        return np.maximum(self.units - self.before, 0.0)

    @cached_property
    def served_before(self) -> Floats:
        """(W, T) units per hour in the plan."""
        return self.per_workload(self.before)

    @cached_property
    def served_after(self) -> Floats:
        """(W, T) units per hour after the contingency."""
        return self.per_workload(self.units)

    @cached_property
    def surviving(self) -> Floats:
        """(W, T) units per hour of what runs in the plan that survives where it runs."""
        return self.per_workload(np.where(self.survives[:, None], self.before, 0.0))

    def per_workload(self, values: Floats) -> Floats:
        """(W, T) sum over the pools."""
        return _summed(len(self.axes.workloads), self.workload, values)


def opened(plan: Plan) -> Ledger:
    """The plan's tables as arrays. Raises :class:`InvalidInput` where there are none."""
    if plan.tables is None:
        raise InvalidInput([Issue("plan", "has no tables, so that nothing can fail in it")])
    return open_ledger(plan.scenario, plan.tables)


def respond(ledger: Ledger, contingency_id: str, *, keep_unpromised: bool = False) -> Response:
    """What goes on after the contingency. Raises :class:`InvalidInput` where the policy has none of this id."""
    known = ledger.scenario.policy.contingencies
    if contingency_id not in known:
        raise InvalidInput([Issue("contingency", "is not known", contingency_id, mend=f"Known: {', '.join(known)}.")])
    taken, axes = lost(known[contingency_id], ledger.scenario), ledger.axes
    workload, pool, ready, accelerators = after(ledger, contingency_id)
    own = ledger.pair_workload * len(axes.pools) + ledger.pair_pool
    other = workload * len(axes.pools) + pool
    keys = np.union1d(own, other)
    shape = len(keys), len(axes.hours)
    workload_codes, pool_codes = keys // max(len(axes.pools), 1), keys % max(len(axes.pools), 1)
    found = Response(
        axes,
        contingency_id,
        taken,
        workload_codes,
        pool_codes,
        axes.failures.left[list(known).index(contingency_id), workload_codes, pool_codes],
        _placed(ledger.served, np.searchsorted(keys, own), shape),
        _placed(ledger.assigned, np.searchsorted(keys, own), shape),
        _placed(ready, np.searchsorted(keys, other), shape),
        _placed(accelerators, np.searchsorted(keys, other), shape),
        np.zeros(shape),
        np.zeros(shape),
    )
    found = _called(found)
    return _with_unpromised(ledger, found) if keep_unpromised else found


def is_promised(ledger: Ledger) -> NDArray[np.bool_]:
    """(W,) True for rigid work with a promise."""
    share = np.array([work.promised_share for work in ledger.scenario.workloads.values()], dtype=np.float64)
    return (share > 0) & ~ledger.axes.is_deferrable


def promised(ledger: Ledger) -> Floats:
    """(W, T) units per hour that are promised: share x (demand - unserved); 0 for work without a promise."""
    share = np.array([work.promised_share for work in ledger.scenario.workloads.values()], dtype=np.float64)
    share = np.where(is_promised(ledger), share, 0.0)
    asked: Floats = share[:, None] * np.nan_to_num(ledger.axes.demand - ledger.unserved)
    return np.maximum(asked, 0.0)


def takeover_order(axes: Axes, workload: Ints, pool: Ints) -> Ints:
    """Pairs in the order in which they take over: workload, shortest round trip, lower contracted price, id."""
    prices = np.array([contracted_price_usd(axes.scenario, p) for p in axes.scenario.pools.values()], dtype=np.float64)
    places = {key: place for place, key in enumerate(sorted(axes.pools))}
    ids = np.array([places[key] for key in axes.pools], dtype=np.int64)
    trip = np.nan_to_num(axes.round_trip_ms[workload, pool], nan=np.inf)
    order: Ints = np.lexsort((ids[pool], prices[pool], trip, workload))
    return order


def _called(found: Response) -> Response:
    """Of what is ready, what serves: what runs on the pair already, then the others one after another."""
    units = np.minimum(found.before, found.ready)
    missing = np.maximum(found.served_before - found.per_workload(units), 0.0)
    for k in takeover_order(found.axes, found.workload, found.pool).tolist():
        w = found.workload[k]
        more = np.minimum(found.ready[k] - units[k], missing[w])
        units[k] += more
        missing[w] -= more
    share = np.divide(units, found.ready, out=np.zeros_like(units), where=found.ready > 0)
    return replace(found, units=units, accelerators=share * found.ready_accelerators)


def _with_unpromised(ledger: Ledger, found: Response) -> Response:
    """Work without a promise, and the part of shared work that is beyond it, runs on where it survives, by one factor
    for each pool and link that promised work fills: what is left there / what such work takes.
    """
    before = _unpromised(found)
    part = np.divide(before, found.before, out=np.zeros_like(before), where=found.before > 0)
    load = part * found.before_accelerators
    pools = len(found.axes.pools)
    room = ledger.powered_on - _summed(pools, found.pool, found.accelerators)
    share = _share(room, _summed(pools, found.pool, load))[found.pool]
    flows, legs = Flows(ledger), legs_of(ledger.scenario, found.workload, found.pool)
    for code, (key, link) in enumerate(ledger.scenario.links.items()):
        if link.gbps is None or key in found.lost.links:
            continue
        ends = (link.from_site, link.to_site)
        uses = [np.array([pair == ends for pair in leg.sites], dtype=bool) for leg in legs]
        gb = sum((leg.gb_per_unit * use for leg, use in zip(legs, uses, strict=True)), np.zeros(len(found.pool)))
        most = gb_per_hour(link.gbps + float(ledger.private_gbps[code]))
        room = most - flows.of_changes[code] - flows.of_first_copies[code] - gb @ found.units
        share = np.where((gb > 0)[:, None], np.minimum(share, _share(room, gb @ before)), share)
    return replace(found, units=found.units + share * before, accelerators=found.accelerators + share * load)


def _unpromised(found: Response) -> Floats:
    """(K, T) units per hour on surviving pairs that no promise covers; at most what the work lacks in all."""
    above = np.where(found.survives[:, None], np.maximum(found.before - found.units, 0.0), 0.0)
    lacks = np.maximum(found.served_before - found.served_after, 0.0)[found.workload]
    total = found.per_workload(above)[found.workload]
    wanted: Floats = above * _share(lacks, total)
    return wanted


def _share(room: Floats, wanted: Floats) -> Floats:
    """room / wanted, within 0 and 1; 1 where nothing is wanted. Dust of rounding takes nothing."""
    part = np.divide(room, wanted, out=np.ones_like(wanted), where=wanted > 0)
    return np.clip(np.where(part > 1.0 - 1e-9, 1.0, part), 0.0, 1.0)


def _placed(values: Floats, rows: Ints, shape: tuple[int, int]) -> Floats:
    found = np.zeros(shape)
    found[rows] = values
    return found


def _summed(count: int, codes: Ints, values: Floats) -> Floats:
    total = np.zeros((count, values.shape[1]))
    for code, row in zip(codes.tolist(), values, strict=True):
        total[code] += row
    return total
