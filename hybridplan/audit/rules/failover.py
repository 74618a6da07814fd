"""Room after a failure: what goes on, stands by and is placed anew fits what survives, and what is added in time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.elastic import elastic_codes, ready
from hybridplan.audit.failover import levels, needs
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.units import MINUTES_PER_HOUR


def failover_capacity(ledger: Ledger) -> list[Rows]:
    """Need <= n + extra in every surviving pool, and <= what is available where anything is added; accelerators.

    For each failure that moves shared or cold work, and each time within which some of it must work again: need is what
    dedicated work keeps there, its standby, and what is redispatched of work that is due by then. What is held back is
    released. Extra: ramp x (that time - lead time) of on-demand pools with a ramp; 0 for a time of 0.
    """
    every = np.arange(len(ledger.axes.pools), dtype=np.int64)

    def room(codes: Ints, extra: Floats) -> Floats:
        n = ledger.provisioned[codes]
        return np.where(extra > 0, np.minimum(n + extra, ledger.available[codes]), n)

    return [_rows(ledger, every, "more must run in the pool after the failure than is there in time", room)]


def failover_started(ledger: Ledger) -> list[Rows]:
    """The same with the n of each period that the lead time of a pool covers: what is booting does not help yet."""
    codes = elastic_codes(ledger, lambda pool: pool.lead_time_hours > 0)
    least = dict(zip(codes.tolist(), ready(ledger, codes), strict=True))

    def room(found: Ints, extra: Floats) -> Floats:
        return np.array([least[code] for code in found.tolist()]).reshape(len(found), len(ledger.axes.hours)) + extra

    return [_rows(ledger, codes, "more must run in the pool after the failure than is past its lead time", room)]


def _rows(ledger: Ledger, codes: Ints, what: str, room: Callable[[Ints, Floats], Floats]) -> Rows:
    """One row for each of these pools, failure that it survives, and time."""
    failures, records = ledger.axes.failures, list[str]()
    shape = 0, len(ledger.axes.hours)
    found, most = [np.zeros(shape)], [np.zeros(shape)]
    for f in np.flatnonzero(failures.moves).tolist():
        left = codes[~failures.lost_pools[f][codes]]
        for minutes in levels(ledger):
            found.append(needs(ledger, f, minutes)[left])
            most.append(room(left, _extra(ledger, left, minutes)))
            records += [f"{ledger.axes.pools[code]}/{failures.ids[f]}" for code in left.tolist()]
    need, limit = np.concatenate(found), np.concatenate(most)
    return by_period(what, records, ["accelerators"] * len(records), need - limit, scale_of(need, limit))


def _extra(ledger: Ledger, codes: Ints, minutes: float) -> Floats:
    """(len(codes), 1) accelerators that the pools can add within this time."""
    pools = list(ledger.scenario.pools.values())
    found = [
        (pools[code].ramp_up_accelerators_per_hour or 0.0) * (minutes / MINUTES_PER_HOUR - pools[code].lead_time_hours)
        if pools[code].purchase_option == "on_demand" and minutes > 0
        else 0.0
        for code in codes.tolist()
    ]
    return np.maximum(np.array(found, dtype=np.float64), 0.0).reshape(len(codes), 1)
