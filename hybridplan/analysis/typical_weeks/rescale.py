"""Typical weeks scaled so that their weighted total is that of the year, without a new peak."""

from __future__ import annotations

import numpy as np

from hybridplan.analysis.typical_weeks.year import Floats


def scaled_to_total(values: Floats, weights: Floats, total: float, most: float) -> Floats | None:
    """min(f x values, most) with the f at which sum(weights x result) is ``total``; None where no f reaches it.

    Hours at ``most`` are held there and the others scaled on, until none rises above it: at most one round per hour.
    """
    if total <= 0:
        return np.zeros_like(values)
    held = np.zeros(len(values), dtype=bool)
    while True:
        free = float(weights[~held] @ values[~held])
        left = total - most * float(weights[held].sum())
        if free <= 0:
            # Rounding may leave a last trace of the total when every hour is held.
            return np.where(held, most, values) if abs(left) <= 1e-12 * total else None
        out = np.where(held, most, values * (left / free))
        above = ~held & (out > most * (1.0 + 1e-12))
        if not above.any():
            return np.minimum(out, most)
        held |= above
