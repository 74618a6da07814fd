"""Pools grow and shrink only so fast."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


def _rows(decisions: Decisions, data: Data, field: str, sign: float) -> Rows | None:
    pools = data.provisioning.having(field)
    if not pools.size:
        return None
    rows = data.provisioning.steps(pools)
    shape = len(data.pools), len(data.periods)
    change = (rows.now(*shape) - rows.earlier(*shape)) @ cp.vec(decisions.provisioned, order="F") - rows.given
    hours = data.periods.hours[rows.period]
    most = data.provisioning.field(field)[rows.pool] * hours
    records = tuple(data.pools[p] for p in rows.pool)
    return Rows(sign * change, most, "<=", records, 1.0 / hours, "accelerators per hour", False, rows.period)


@dataclass(frozen=True)
class RampUp:
    """n[t] - n[t-1] <= ramp_up x h[t]; the period before the first of a block is its last, or the initial number."""

    name: str = "ramp_up"
    fields: tuple[str, ...] = ("pools.ramp_up_accelerators_per_hour", "pools.initial_provisioned_accelerators")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per pool with a rate and period, in accelerators."""
        return _rows(decisions, data, "ramp_up_accelerators_per_hour", 1.0)


@dataclass(frozen=True)
class RampDown:
    """n[t-1] - n[t] <= ramp_down x h[t]."""

    name: str = "ramp_down"
    fields: tuple[str, ...] = ("pools.ramp_down_accelerators_per_hour",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per pool with a rate and period, in accelerators."""
        return _rows(decisions, data, "ramp_down_accelerators_per_hour", -1.0)
