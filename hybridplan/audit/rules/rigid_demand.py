"""Rigid demand: served + unserved = demand, in every period."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def rigid_demand(ledger: Ledger) -> list[Rows]:
    """|sum of e y + u - D| and u <= D, work units per hour; D includes the block's demand factor."""
    axes, works = ledger.axes, list(ledger.scenario.workloads.values())
    rigid = np.flatnonzero(~axes.is_deferrable)
    records = [axes.workloads[w] for w in rigid.tolist()]
    units = [f"{works[w].unit} per hour" for w in rigid.tolist()]
    served, demand = ledger.per_workload(ledger.served)[rigid], axes.demand[rigid]
    left = ledger.unserved[rigid]
    return [
        by_period(
            "served and unserved do not add up to the demand",
            records,
            units,
            np.abs(served + left - demand),
            scale_of(demand, served, left),
        ),
        by_period("more is unserved than demanded", records, units, left - demand, scale_of(demand, left)),
    ]
