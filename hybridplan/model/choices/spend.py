"""Spend commitments: how many accelerators they cover in each period, and what is newly committed."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.periods import Array
from hybridplan.model.spending import Spending
from hybridplan.model.variables import variable


@dataclass(frozen=True)
class Spend:
    """Decisions on spend commitments; shapes as in :mod:`hybridplan.model.spending`."""

    covered: cp.Expression
    """v, accelerators; (V, T)."""
    covered_by_pool: cp.Expression | None
    """(P, T); None where nothing can be covered."""
    sizes: cp.Expression
    """USD per hour newly committed; (G,)."""
    definitions: tuple[cp.Constraint, ...] = ()


def build_spend(spending: Spending, most: Array) -> Spend:
    """Variables of all spend commitments; ``most`` is what may be provisioned of each pool, (P, T)."""
    sizes = variable("new_spend", spending.most)
    asked = np.flatnonzero(spending.least > 0)
    rules = (sizes[asked] >= spending.least[asked],) if asked.size else ()
    covered = variable("covered", spending.coverable(most))
    by_pool = spending.spread(len(most)) @ covered if covered.size else None
    return Spend(covered, by_pool, sizes, rules)


def read_spend(spend: Spend, spending: Spending, provisioned: Array, dust: float) -> tuple[Array, Array]:
    """Covered accelerators (V, T), at most what is ``provisioned`` (P, T), and newly committed USD per hour (G,)."""
    covered, sizes = np.zeros((len(spending.pool), provisioned.shape[1])), np.zeros(len(spending.most))
    if sizes.size:
        sizes = np.clip(np.asarray(spend.sizes.value, dtype=float), 0.0, spending.most)
        sizes = np.maximum(np.where(sizes < dust * spending.most, 0.0, sizes), spending.least)
    if not covered.size:
        return covered, sizes
    most = spending.coverable(provisioned)
    found = np.clip(np.asarray(spend.covered.value, dtype=float).reshape(most.shape), 0.0, most)
    found[found < dust * most] = 0.0
    spread = spending.spread(len(provisioned))
    found = found * _fit(spread @ found, provisioned)[spending.pool]
    spent = _fit(spending.taken @ found, spending.committed(sizes)[:, None])
    covered = found * np.where(spending.rate[:, None] > 0, spent[spending.commitment], 1.0)
    return covered, sizes


def _fit(used: Array, room: Array) -> Array:
    """Factor, at most 1, by which what is used fits the room."""
    share: Array = np.divide(room, used, out=np.ones_like(used), where=used > room)
    return share
