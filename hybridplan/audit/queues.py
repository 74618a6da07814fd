"""Latency with a queue: at accelerators that share themselves among all requests present, in the mean."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger


def latency_units(ledger: Ledger) -> Floats:
    """(K, T) e [round trip y + s (y + y^2 / (a - y))]: units per hour x their mean latency in ms.

    0 where nothing is busy, infinite where something is and nothing is left free (a <= y): such a queue never ends.
    Only for pairs with a queue; 0 elsewhere.
    """
    axes, busy = ledger.axes, ledger.busy
    trip = axes.round_trip_ms[ledger.pair_workload, ledger.pair_pool][:, None]
    service = axes.service_ms[ledger.pair_workload, ledger.pair_pool][:, None]
    free = ledger.assigned - busy
    queue = np.where(free <= 0, np.inf, busy**2 / free)
    time = ledger.rate[:, None] * (trip * busy + np.where(service == 0, 0.0, service * (busy + queue)))
    return np.where(ledger.has_queue[:, None] & (busy != 0), time, 0.0)
