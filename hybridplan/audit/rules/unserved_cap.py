"""Cap on unserved work: how much of a workload's demand over the horizon may stay undone."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.costs.unserved import demanded_units, unserved_units
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of


def unserved_cap(ledger: Ledger) -> list[Rows]:
    """Units unserved over the horizon <= cap x units demanded, judged by the demand."""
    works = list(ledger.scenario.workloads.values())
    codes = [w for w, work in enumerate(works) if work.unserved_share_cap is not None]
    if not codes:
        return []
    share = np.array([works[w].unserved_share_cap for w in codes], dtype=np.float64)
    left, demand = unserved_units(ledger)[codes], demanded_units(ledger)[codes]
    return [
        once(
            "more of the demand is unserved than its cap allows",
            [ledger.axes.workloads[w] for w in codes],
            [works[w].unit for w in codes],
            left - share * demand,
            scale_of(demand, left),
        )
    ]
