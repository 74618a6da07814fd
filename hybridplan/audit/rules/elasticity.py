"""Elasticity: pools grow and shrink no faster than they can, and keep enough on, busy, and on for long enough.

Each row is judged by the largest number that its pool has in the block, or by its own terms where these are larger.
"""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.elastic import before, elastic_codes, peak, per_pool, ready, started_lately
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def provisioning(ledger: Ledger) -> list[Rows]:
    """Load <= (1 - held_back_share) n, with n of this period and of each that its lead time covers; accelerators.

    Load: what is assigned, and what is on standby.
    """
    codes = elastic_codes(ledger)
    usable = (1.0 - per_pool(ledger, codes, lambda pool: pool.held_back_share)) * ready(ledger, codes)
    load = ledger.load[codes]
    what = "more is assigned than is provisioned, past its lead time, and not held back"
    return _rows(ledger, codes, what, load - usable, load, usable)


def ramp_up(ledger: Ledger) -> list[Rows]:
    """n - n before <= ramp up x h; accelerators."""
    codes = elastic_codes(ledger, lambda pool: pool.ramp_up_accelerators_per_hour is not None)
    most = per_pool(ledger, codes, lambda pool: pool.ramp_up_accelerators_per_hour) * ledger.axes.hours
    rise = ledger.provisioned[codes] - before(ledger, codes)
    return _rows(ledger, codes, "the pool grows faster than it can", rise - most, rise, most)


def ramp_down(ledger: Ledger) -> list[Rows]:
    """n before - n <= ramp down x h; accelerators."""
    codes = elastic_codes(ledger, lambda pool: pool.ramp_down_accelerators_per_hour is not None)
    most = per_pool(ledger, codes, lambda pool: pool.ramp_down_accelerators_per_hour) * ledger.axes.hours
    fall = before(ledger, codes) - ledger.provisioned[codes]
    return _rows(ledger, codes, "the pool shrinks faster than it can", fall - most, fall, most)


def min_provisioned(ledger: Ledger) -> list[Rows]:
    """n >= the smaller of the minimum and up_share x what there is whatever is decided; accelerators."""
    codes = elastic_codes(ledger, lambda pool: pool.min_provisioned_accelerators > 0)
    least = per_pool(ledger, codes, lambda pool: pool.min_provisioned_accelerators)
    least = np.minimum(least, ledger.axes.up_share[codes] * ledger.axes.nameplate[codes])
    n = ledger.provisioned[codes]
    return _rows(ledger, codes, "less is provisioned than the pool's minimum", least - n, least)


def min_busy(ledger: Ledger) -> list[Rows]:
    """sum y >= min_busy_share x n; accelerators."""
    codes = elastic_codes(ledger, lambda pool: pool.min_busy_share > 0)
    least = per_pool(ledger, codes, lambda pool: pool.min_busy_share) * ledger.provisioned[codes]
    busy = ledger.busy_by_pool[codes]
    return _rows(ledger, codes, "what is provisioned is not as busy as it must be", least - busy, least, busy)


def min_on(ledger: Ledger) -> list[Rows]:
    """n >= all that was started within the minimum time on, this period included; accelerators."""
    codes = elastic_codes(ledger, lambda pool: pool.min_on_hours > 0)
    lately = started_lately(ledger, codes)
    what = "what was started is off again before its minimum time"
    return _rows(ledger, codes, what, lately - ledger.provisioned[codes], lately)


def _rows(ledger: Ledger, codes: Ints, what: str, violation: Floats, *terms: Floats) -> list[Rows]:
    names = [ledger.axes.pools[code] for code in codes.tolist()]
    scale = scale_of(peak(ledger, codes), *terms)
    return [by_period(what, names, ["accelerators"] * len(names), violation, scale)]
