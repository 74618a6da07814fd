"""Congestion: what the latency of served work, queue included, is worth. A penalty, no cost."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines
from hybridplan.audit.queues import latency_units
from hybridplan.units import MS_PER_SECOND


def congestion(ledger: Ledger) -> list[CostLine]:
    """Sum of g h x price per unit-second / 1000 x e [round trip y + s (y + y^2 / (a - y))] by pair (USD).

    Infinite where all that is assigned is busy.
    """
    price = [work.congestion_usd_per_unit_second for work in ledger.scenario.workloads.values()]
    if not any(price):
        return []
    per_ms = np.asarray(price, dtype=np.float64)[ledger.pair_workload] / MS_PER_SECOND
    time = latency_units(ledger) @ ledger.axes.weight_hours
    # Latency without a price costs nothing, even where it is endless.
    return pair_lines(ledger, np.where(per_ms == 0, 0.0, per_ms * time))
