"""Parallel limit: most accelerators that one deferrable workload uses at one time."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def parallel_limit(ledger: Ledger) -> list[Rows]:
    """sum of a over all pools <= limit in every period; accelerators."""
    found = [
        (code, work.parallel_limit_accelerators)
        for code, work in enumerate(ledger.scenario.workloads.values())
        if work.parallel_limit_accelerators is not None
    ]
    limit = np.array([most for _, most in found], dtype=np.float64)[:, None]
    assigned = ledger.per_workload(ledger.assigned)[[code for code, _ in found]]
    return [
        by_period(
            "more accelerators run at one time than the workload allows",
            [ledger.axes.workloads[code] for code, _ in found],
            ["accelerators"] * len(found),
            assigned - limit,
            scale_of(assigned, limit),
        )
    ]
