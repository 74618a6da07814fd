"""Energy at the meter: what the busy accelerators draw, and what the idle ones do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger


class Energy(NamedTuple):
    """kWh, PUE included: of busy accelerators by pair (K first), of idle ones by pool (P first)."""

    busy_kwh: Floats
    idle_kwh: Floats


def energy(ledger: Ledger) -> Energy:
    """(K,) and (P,): sum over periods of g x PUE x h (busy_kw y + idle_kw (n - y)), the two parts apart."""
    kwh, weight = energy_by_period(ledger), ledger.axes.weight
    return Energy(kwh.busy_kwh @ weight, kwh.idle_kwh @ weight)


def energy_by_period(ledger: Ledger) -> Energy:
    """(K, T) and (P, T) in one occurrence of each period: PUE x h (busy_kw y + idle_kw (n - y)), the two parts apart.

    n is everything available for pools that are always on, and what is provisioned for all others.
    """
    pools = ledger.scenario.pools.values()
    pue = np.array([ledger.scenario.sites[pool.site].pue for pool in pools], dtype=np.float64)
    busy_kw = np.array([pool.busy_kw for pool in pools], dtype=np.float64) * pue
    idle_kw = np.array([pool.idle_kw for pool in pools], dtype=np.float64) * pue
    hours = ledger.axes.hours
    idle = ledger.powered_on - ledger.busy_by_pool
    return Energy(busy_kw[ledger.pair_pool][:, None] * ledger.busy * hours, idle_kw[:, None] * idle * hours)
