"""Scaling: where more accelerators gain less, work is done no faster than the points allow."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.domain.scaling import curve_on


def scaling(ledger: Ledger) -> list[Rows]:
    """units per hour <= e x the line through (0, 0) and the points, at y; y <= the accelerators of the last point.

    Each row is judged by the largest amount of its pair.
    """
    works, pools = list(ledger.scenario.workloads.values()), list(ledger.scenario.pools.values())
    found = np.flatnonzero(ledger.is_scaled & ledger.is_open)
    busy, units = ledger.busy[found], ledger.units[found]
    most, last = np.zeros_like(busy), np.zeros((len(found), 1))
    codes = list(zip(ledger.pair_workload[found].tolist(), ledger.pair_pool[found].tolist(), strict=True))
    for row, (w, p) in enumerate(codes):
        points = np.array([(0.0, 0.0), *curve_on(works[w], pools[p])], dtype=np.float64)
        most[row] = ledger.rate[found[row]] * np.interp(busy[row], points[:, 0], points[:, 1])
        last[row] = points[-1, 0]
    records = [ledger.pairs[k] for k in found.tolist()]
    per_hour = [f"{works[w].unit} per hour" for w, _ in codes]
    counted = ["accelerators"] * len(found)
    return [
        by_period(
            "more units are done than that many accelerators do",
            records,
            per_hour,
            units - most,
            _largest(units, most),
        ),
        by_period(
            "more accelerators work than the last point has", records, counted, busy - last, _largest(busy, last)
        ),
    ]


def _largest(*terms: Floats) -> Floats:
    """(rows, T) the largest value of each row, at least the floor."""
    return scale_of(*(np.abs(term).max(axis=1, keepdims=True, initial=0.0) for term in terms), np.zeros(terms[0].shape))
