"""Latency: accelerators of work with a queue are never so busy that their queue breaks an objective or a cap."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.queues import latency_units
from hybridplan.audit.rows import Rows, by_period, scale_of


def latency(ledger: Ledger) -> list[Rows]:
    """y <= c_k a on every route with a queue; accelerators. c_k holds the objective and the largest load share."""
    found = np.flatnonzero(ledger.has_queue & ledger.is_open)
    limit = ledger.axes.load_limit[ledger.pair_workload[found], ledger.pair_pool[found]][:, None]
    busy, most = ledger.busy[found], limit * ledger.assigned[found]
    return [
        by_period(
            "the accelerators assigned are too busy for the latency objective or the largest load",
            [ledger.pairs[k] for k in found.tolist()],
            ["accelerators"] * len(found),
            busy - most,
            scale_of(busy, most),
        )
    ]


def mean_latency(ledger: Ledger) -> list[Rows]:
    """Mean over all units of a workload in a period, queue included, <= its cap; ms.

    sum e [round trip y + s (y + y^2 / (a - y))] / sum e y; nothing to hold where nothing is served.
    """
    caps = [
        (code, work.mean_latency_cap_ms)
        for code, work in enumerate(ledger.scenario.workloads.values())
        if work.mean_latency_cap_ms is not None and ledger.axes.queues[code]
    ]
    if not caps:
        return []
    codes, cap = [code for code, _ in caps], np.array([ms for _, ms in caps], dtype=np.float64)[:, None]
    time = ledger.per_workload(latency_units(ledger))[codes]
    units = ledger.per_workload(ledger.served)[codes]
    mean = np.divide(time, units, out=np.zeros_like(time), where=(units != 0) | (time != 0))
    # A scale of infinity would turn an endless queue into no number at all.
    scale = scale_of(np.where(np.isinf(mean), cap, mean), cap)
    return [
        by_period(
            "the mean latency is above its cap",
            [ledger.axes.workloads[code] for code in codes],
            ["ms"] * len(codes),
            mean - cap,
            scale,
        )
    ]
