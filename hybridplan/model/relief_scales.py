"""Reliefs of rules: whose they are, about how large, in which unit, and how far one moves each right side."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation
from hybridplan.model.least_share import most_carried
from hybridplan.model.limits.unserved_cap import demanded_units
from hybridplan.model.one_more import enlarged, one_up
from hybridplan.model.periods import Array
from hybridplan.units import MAGNITUDE_MIN, of_horizon

_OF_POOLS: Final = {
    "ramp_up": "ramp_up_accelerators_per_hour",
    "ramp_down": "ramp_down_accelerators_per_hour",
    "min_provisioned": "min_provisioned_accelerators",
}
"""Rules whose scale is a field of the pool."""
_OF_SITES: Final = {"site_power": "it_power_limit_kw", "site_space": "rack_units_limit"}
_OF_HORIZON: Final = ("budget", "carbon_cap")
"""Rules on a sum over the horizon, which may be given per year."""


def record_of(name: str, row: str, data: Data) -> str:
    """The record of a relief: one for all windows of a workload, all providers, or all failures of a promise."""
    if name.startswith("interruptible_share"):
        return data.owner[row]
    if name == "promise":
        return row.split("/")[0]
    return "policy" if name == "provider_share" else row


def scale_of(name: str, rows: Rows, position: int, data: Data) -> float | None:
    """About what the rule allows today, in its own unit; None where it has no relief."""
    record = rows.records[position]
    works = data.scenario.workloads
    if name == "must_serve":
        return max(float(demanded_units(data, [record])[0]), 1e-6)
    if name == "capacity":
        if data.option("reserved")[position] and enlarged(data.scenario, record) is None:
            return None
        peak = _peak(data)[position] + _peak_after(data)[position]
        return max(float(data.capacity[position]), float(peak)) or None
    if name == "parallel_limit":
        return works[record].parallel_limit_accelerators
    if name == "link_bandwidth":
        return data.scenario.links[record].gbps
    if name in _OF_SITES:
        limit: float | None = getattr(data.scenario.sites[record], _OF_SITES[name])
        return limit
    if name.startswith("interruptible_share"):
        work = works[data.owner[record]]
        is_hard = work.must_serve or work.unserved_share_cap is not None
        return 1.0 if is_hard and work.interruptible_share_cap < 1.0 else None
    if name == "promise":
        work = works[record.split("/")[0]]
        return 1.0 if work.must_serve or work.unserved_share_cap is not None else None
    if name in _OF_POOLS:
        return float(getattr(data.scenario.pools[record], _OF_POOLS[name]))
    if name in ("provider_share", "unserved_cap"):
        return 1.0
    if name in _OF_HORIZON:
        limit = float(np.asarray(rows.rhs)[position] * rows.unit_scale[position])
        usual = max(_usual_usd(data), 1.0) if name == "budget" else max(_usual_tonnes(data), MAGNITUDE_MIN)
        return max(limit, usual) / _year_share(name, data)
    return None


def _peak(data: Data) -> Array:
    """Accelerators that work could use at most at one time; (P,)."""
    peak = np.zeros(len(data.pools))
    np.add.at(peak, data.route_pool, np.max(data.busy_limit, axis=1, initial=0.0))
    return peak


def _peak_after(data: Data) -> Array:
    """Accelerators that work which takes over after a failure could use at most at one time; (P,)."""
    peak = np.zeros(len(data.pools))
    if data.promises.pairs:
        np.add.at(peak, data.promises.pool, np.max(data.most_after, axis=1, initial=0.0))
    return peak


def _usual_tonnes(data: Data) -> float:
    """About what all capacity that work could use emits over the horizon."""
    used = np.where(data.provisioning.always_on, data.capacity, np.minimum(_peak(data), data.capacity))
    return float(used @ (data.busy_kw * data.carbon_per_kwh())) * data.scenario.horizon.plan_hours


def _usual_usd(data: Data) -> float:
    """About what all capacity that work could use costs over the horizon: a budget may be far below it.

    Rented at the middle price: one that nobody would pay must not set the scale.
    """
    peak = _peak(data)
    owned, paid = data.option("owned"), data.price[~data.option("owned") & (data.price > 0)]
    rented = float(np.median(paid)) * float(np.minimum(peak, data.capacity)[~owned].sum()) if paid.size else 0.0
    fees = sum(c.fee_usd_per_accelerator_hour * c.accelerators for c in data.scenario.commitments.values())
    fees += float(data.offers.usd @ data.offers.least) / data.scenario.horizon.plan_hours
    fixed = float(data.price[owned] @ data.capacity[owned]) + fees
    return (fixed + rented) * data.scenario.horizon.plan_hours


def _per(name: str, data: Data) -> Literal["horizon", "year"]:
    """For which time the budget or the cap on carbon is given."""
    policy = data.scenario.policy
    limit = policy.carbon_cap if name == "carbon_cap" else policy.budget
    return "horizon" if limit is None else limit.per


def _year_share(name: str, data: Data) -> float:
    """Units of the horizon per unit of the budget, or of the cap on carbon, as it is given."""
    return of_horizon(1.0, _per(name, data), data.scenario.horizon.plan_hours)


def unit_of(rule: str, rows: Rows, data: Data) -> str:
    if rule in ("interruptible_share", "provider_share", "unserved_cap", "promise"):
        return "share"
    return f"{rows.unit} per year" if rule in _OF_HORIZON and _per(rule, data) == "year" else rows.unit


def right_side_per_unit(name: str, rows: Rows, model: Formulation) -> Array:
    """How far one own unit of relief moves each compiled right side; shape of the rows."""
    data = model.data
    if name == "capacity":
        usable: Array = data.usable_share[:, None] * one_up(data)
        return usable
    if name == "interruptible_share":
        hourly: Array = data.demand[[data.rigid.index(r) for r in rows.records]] / rows.unit_scale[:, None]
        return hourly
    if name == "promise":
        demand: Array = data.demand[[data.rigid.index(r.split("/")[0]) for r in rows.records]]
        return demand / rows.unit_scale[:, None]
    if name == "interruptible_share_window":
        return np.array([row.volume_units for row in data.windows]) / rows.unit_scale
    per_unit = 1.0 / rows.unit_scale
    if name == "unserved_cap":
        per_unit = per_unit * demanded_units(data, list(rows.records))
    if name in _OF_HORIZON:
        per_unit = per_unit * _year_share(name, data)
    if name == "provider_share":
        per_unit = per_unit * most_carried(data)
    shape = tuple(rows.lhs.shape)
    repeated: Array = per_unit if len(shape) == 1 else np.repeat(per_unit[:, None], shape[1], axis=1)
    return repeated
