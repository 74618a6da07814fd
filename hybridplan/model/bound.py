"""Bound: weak duality on the compiled problem, whoever produced the multipliers."""

from __future__ import annotations

import numpy as np

from hybridplan.model.linear import Compiled
from hybridplan.model.periods import Array


def lower_bound(compiled: Compiled, multipliers: Array) -> float:
    """No feasible x costs less than this.

    For min c'x + d, A x = b or <= b, l <= x <= u and any multipliers m (>= 0 on inequalities):
    d - m'b + sum_j min((c + A'm)_j l_j, (c + A'm)_j u_j). NaN or an infinite box with a cost on it gives -inf.
    """
    m = np.array(multipliers, dtype=float)
    m[compiled.equalities :] = np.maximum(m[compiled.equalities :], 0.0)
    reduced = compiled.cost + compiled.matrix.T @ m
    with np.errstate(invalid="ignore"):
        at_box = np.where(reduced > 0, reduced * compiled.lower, reduced * compiled.upper)
    at_box[reduced == 0] = 0.0
    bound = compiled.offset - float(m @ compiled.right) + float(at_box.sum())
    return bound if np.isfinite(bound) else -np.inf
