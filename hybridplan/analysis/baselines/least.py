"""The least that elastic pools may provision for a given load, by their own rules."""

from __future__ import annotations

from typing import Final

import numpy as np

from hybridplan.model.data import Data
from hybridplan.model.periods import Array

_ROUNDING: Final = 1e-9
_SWEEPS: Final = 100


def least_provisioned(data: Data, need: Array, available: Array) -> Array:
    """Smallest n >= ``need`` with whole nodes, lead time, least number, ramps and least time on; (P, T).

    ``need``: accelerators that the load takes in each pool and period. Every rule only ever raises n, so repeating
    them ends at the smallest number that keeps them all; where that is more than ``available`` the latter is taken,
    and a rule is broken. Rows of pools that are not elastic are ``need``.
    """
    made = data.provisioning
    result = need.copy()
    for p in np.flatnonzero(made.elastic):
        n = np.maximum(need[p], np.minimum(made.field("min_provisioned_accelerators")[p], available[p]))
        rules = _Rules(data, int(p))
        n = rules.early_enough(n)
        for _ in range(_SWEEPS):
            raised = rules.raised(n)
            if np.all(raised <= n + _ROUNDING):
                break
            n = raised
        node = made.node[p] if made.whole[p] else 0.0
        most = np.floor(available[p] / node + _ROUNDING) * node if node else available[p]
        result[p] = np.minimum(n, most)
    return result


class _Rules:
    """The rules of one pool as operations that raise n; (T,)."""

    def __init__(self, data: Data, pool: int) -> None:
        made = data.provisioning
        only = np.array([pool])
        steps = made.steps(only)
        self.before = np.where(steps.before >= 0, steps.before // len(data.pools), -1)
        self.given = steps.given
        self.lead = made.lead_of(pool)
        self.stay = made.stay_of(pool)
        hours = data.periods.hours
        self.up = np.nan_to_num(made.field("ramp_up_accelerators_per_hour"), nan=np.inf)[pool] * hours
        self.down = np.nan_to_num(made.field("ramp_down_accelerators_per_hour"), nan=np.inf)[pool] * hours
        self.node = made.node[pool] if made.whole[pool] else 0.0

    def early_enough(self, n: Array) -> Array:
        """What is used in a period is there during the lead time before it."""
        period, before = self.lead
        raised = n.copy()
        inside = before >= 0
        np.maximum.at(raised, before[inside], n[period[inside]])
        return raised

    def raised(self, n: Array) -> Array:
        """One sweep of all rules."""
        n = n.copy()
        for t in [*range(len(n) - 1, -1, -1), *range(len(n))]:
            b = self.before[t]
            earlier = self.given[t] if b < 0 else n[b]
            n[t] = max(n[t], earlier - self.down[t])
            if b >= 0:
                n[b] = max(n[b], n[t] - self.up[t])
        starts = np.maximum(n - np.where(self.before < 0, self.given, n[self.before]), 0.0)
        period, before = self.stay
        recent = np.bincount(period, starts[before], len(n)) if len(period) else np.zeros(len(n))
        n = np.maximum(n, recent)
        return np.ceil(n / self.node - _ROUNDING) * self.node if self.node else n
