"""Must serve: nothing of this work may stay unserved."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, once, scale_of


def must_serve(ledger: Ledger) -> list[Rows]:
    """u = 0, judged by the demand of the period or the volume of the window it belongs to."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    bound = np.array([work.must_serve for work in works], dtype=bool)
    rigid = np.flatnonzero(bound & ~axes.is_deferrable)
    left, demand = ledger.unserved[rigid], axes.demand[rigid]
    slots = [(position, slot) for position, slot in enumerate(axes.windows) if bound[slot.workload]]
    window_left = ledger.window_unserved[[position for position, _ in slots]]
    volume = np.array([slot.volume for _, slot in slots], dtype=np.float64)
    what = "work that must be served is unserved"
    return [
        by_period(
            what,
            [axes.workloads[w] for w in rigid.tolist()],
            [f"{works[w].unit} per hour" for w in rigid.tolist()],
            np.abs(left),
            scale_of(demand, left),
        ),
        once(
            what,
            [f"{axes.workloads[slot.workload]}/{slot.name}" for _, slot in slots],
            [works[slot.workload].unit for _, slot in slots],
            np.abs(window_left),
            scale_of(volume, window_left),
        ),
    ]
