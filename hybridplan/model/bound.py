"""Bound: weak duality on the compiled problem, whoever produced the multipliers."""

from __future__ import annotations

import numpy as np

from hybridplan.model.linear import Compiled
from hybridplan.model.periods import Array


def lower_bound(compiled: Compiled, multipliers: Array) -> float:
    """No feasible x costs less than this.

    For min c'x + d, A x = b or <= b or b - A x in a second-order cone, l <= x <= u, and any multipliers m (>= 0 on
    inequalities; in the cone, which is its own dual, on cone rows): d - m'b + sum_j min((c + A'm)_j l_j, (c + A'm)_j
    u_j). Multipliers that are not in their cone are moved into it. NaN or an infinite box with a cost on it gives -inf.
    """
    m = np.array(multipliers, dtype=float)
    flat = slice(compiled.equalities, len(m) - sum(compiled.cones))
    m[flat] = np.maximum(m[flat], 0.0)
    _into_cones(m, compiled)
    reduced = compiled.cost + compiled.matrix.T @ m
    with np.errstate(invalid="ignore"):
        at_box = np.where(reduced > 0, reduced * compiled.lower, reduced * compiled.upper)
    at_box[reduced == 0] = 0.0
    bound = compiled.offset - float(m @ compiled.right) + float(at_box.sum())
    return bound if np.isfinite(bound) else -np.inf


def _into_cones(m: Array, compiled: Compiled) -> None:
    """Raise the first entry of every cone's multipliers to the length of the others."""
    if not compiled.cones:
        return
    sizes = np.asarray(compiled.cones)
    first = len(m) - sizes.sum() + np.cumsum(sizes) - sizes
    squares = np.add.reduceat(m[first[0] :] ** 2, first - first[0]) - m[first] ** 2
    m[first] = np.maximum(m[first], np.sqrt(np.maximum(squares, 0.0)) * (1.0 + 1e-15))
