"""What runs where after a failure, as the plan says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.ledger import Ledger


class After(NamedTuple):
    """Work after a failure by pair, K' of them: codes by :class:`~hybridplan.audit.axes.Axes`.

    Each pair stands here at most once.
    """

    workload: Ints
    """(K',) code of the workload."""
    pool: Ints
    """(K',) code of the pool."""
    units: Floats
    """(K', T) work units per hour."""
    accelerators: Floats
    """(K', T) accelerators assigned, standby that is called included."""


def carried(ledger: Ledger, contingency_id: str) -> Floats:
    """(W, T) work units per hour that go on after a failure: the sums of :func:`after` by workload.

    Work without a promise stops. Raises KeyError for an unknown contingency.
    """
    left = after(ledger, contingency_id)
    total = np.zeros((len(ledger.axes.workloads), len(ledger.axes.hours)))
    for code, row in zip(left.workload.tolist(), left.units, strict=True):
        total[code] += row
    return total


def after(ledger: Ledger, contingency_id: str, *, keep_unpromised: bool = False) -> After:
    """What runs where after a failure.

    - dedicated: what is allocated to pairs that survive; where the failure hits the work, with its standby there.
    - shared, cold: where it is redispatched; what is allocated, where the failure hits none of this work.
    - without a promise, and deferrable: nothing; with ``keep_unpromised`` what is allocated to pairs that survive.

    Raises KeyError for an unknown contingency.
    """
    failures, f = ledger.axes.failures, _code(ledger, contingency_id)
    is_promised = failures.is_dedicated | failures.is_shared
    stays = failures.is_dedicated | (failures.is_shared & ~failures.moves[f]) | (~is_promised & keep_unpromised)
    works, pools = ledger.pair_workload, ledger.pair_pool
    kept = np.flatnonzero(stays[works] & failures.left[f][works, pools])
    is_called = (failures.is_dedicated & failures.hits[f])[works[kept]][:, None]
    moved = np.flatnonzero((ledger.redispatch_failure == f) & failures.moves[f])
    called = np.where(is_called, ledger.standby[kept], 0.0)
    units = ledger.served[kept] + np.where(is_called, standby_can(ledger)[kept], 0.0)
    return After(
        np.concatenate([works[kept], ledger.redispatch_workload[moved]]),
        np.concatenate([pools[kept], ledger.redispatch_pool[moved]]),
        np.concatenate([units, can(ledger)[moved]]),
        np.concatenate([ledger.assigned[kept] + called, ledger.redispatched[moved]]),
    )


def standby_can(ledger: Ledger) -> Floats:
    """(K, T) work units per hour that standby can serve: e_k x c_k^f x accelerators."""
    return _can(ledger, ledger.pair_workload, ledger.pair_pool, ledger.standby)


def can(ledger: Ledger) -> Floats:
    """(R, T) work units per hour that redispatched work can be served: e_k x c_k^f x accelerators."""
    return _can(ledger, ledger.redispatch_workload, ledger.redispatch_pool, ledger.redispatched)


def largest_needs(ledger: Ledger) -> Floats:
    """(P, T) the most accelerators that promised work needs in each pool after any failure that moves shared work.

    0 in pools that survive none of them, and where nothing moves. Room to grow is not taken off.
    """
    found = np.zeros((len(ledger.axes.pools), len(ledger.axes.hours)))
    for f in np.flatnonzero(ledger.axes.failures.moves).tolist():
        found = np.maximum(found, needs(ledger, f, np.inf))
    return found


def needs(ledger: Ledger, f: int, minutes: float) -> Floats:
    """(P, T) accelerators that promised work needs after the failure with this code; 0 in pools that are lost.

    Of dedicated work what is assigned, and what stands by, on pairs that survive; of shared and cold work what is
    redispatched, as far as it must work again within ``minutes``.
    """
    failures, works = ledger.axes.failures, list(ledger.scenario.workloads.values())
    left = failures.left[f][ledger.pair_workload, ledger.pair_pool] & failures.is_dedicated[ledger.pair_workload]
    found = ledger.per_pool(np.where(left[:, None], ledger.assigned + ledger.standby, 0.0))
    due = np.array([level(work.promise_form, work.recovery_minutes) <= minutes for work in works], dtype=bool)
    for row in np.flatnonzero((ledger.redispatch_failure == f) & due[ledger.redispatch_workload]).tolist():
        found[ledger.redispatch_pool[row]] += ledger.redispatched[row]
    return np.where(failures.lost_pools[f][:, None], 0.0, found)


def levels(ledger: Ledger) -> list[float]:
    """Minutes within which shared and cold work must work again, each once, ascending."""
    works = ledger.scenario.workloads.values()
    shared = ledger.axes.failures.is_shared.tolist()
    found = {
        level(work.promise_form, work.recovery_minutes) for work, moves in zip(works, shared, strict=True) if moves
    }
    return sorted(found)


def level(form: str, recovery_minutes: float) -> float:
    """Minutes within which work with this form of promise must work again: at once unless it is cold."""
    return recovery_minutes if form == "cold" else 0.0


def _can(ledger: Ledger, works: Ints, pools: Ints, accelerators: Floats) -> Floats:
    per_accelerator = (ledger.axes.rate * ledger.axes.load_limit_after)[works, pools]
    found: Floats = np.where(accelerators != 0, per_accelerator[:, None] * accelerators, 0.0)
    return found


def _code(ledger: Ledger, contingency_id: str) -> int:
    ids = ledger.axes.failures.ids
    if contingency_id not in ids:
        raise KeyError(contingency_id)
    return ids.index(contingency_id)
