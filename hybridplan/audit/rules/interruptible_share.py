"""Interruptible share: how much of the served work may run on capacity that can be taken away."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, once, scale_of
from hybridplan.audit.rules.window_demand import window_units


def interruptible_share(ledger: Ledger) -> list[Rows]:
    """Units served on interruptible pools <= cap x units served, per period (rigid) or window (deferrable)."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    cap = np.array([work.interruptible_share_cap for work in works], dtype=np.float64)
    is_spot = np.array([p.purchase_option == "interruptible" for p in ledger.scenario.pools.values()], dtype=bool)
    on_spot = np.where(is_spot[ledger.pair_pool][:, None], ledger.served, 0.0)
    rigid = np.flatnonzero(~axes.is_deferrable)
    spot, most = ledger.per_workload(on_spot)[rigid], (cap[:, None] * ledger.per_workload(ledger.served))[rigid]
    spot_w, served_w = window_units(ledger, on_spot), window_units(ledger, ledger.served)
    most_w = np.array([cap[slot.workload] for slot in axes.windows], dtype=np.float64) * served_w
    what = "more of the work runs on interruptible pools than its share cap allows"
    return [
        by_period(
            what,
            [axes.workloads[w] for w in rigid.tolist()],
            [f"{works[w].unit} per hour" for w in rigid.tolist()],
            spot - most,
            scale_of(spot, most),
        ),
        once(
            what,
            [f"{axes.workloads[slot.workload]}/{slot.name}" for slot in axes.windows],
            [works[slot.workload].unit for slot in axes.windows],
            spot_w - most_w,
            scale_of(spot_w, most_w),
        ),
    ]
