"""Shadow prices: what one more unit of each binding limit is worth, in the units people use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.domain.queue_factors import LOADS
from hybridplan.model.component import Rows
from hybridplan.model.costs.commitment import standing_usd
from hybridplan.model.curves import balanced
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation
from hybridplan.model.one_more import TAKES, filled, in_rooms, own_cost_usd, taken
from hybridplan.model.periods import Array
from hybridplan.plan import SHADOW_COLUMNS

REPORTED = {
    "interruptible_share_window": "interruptible_share",
    "new_spend": "new_commitment",
    "provider_hours": "min_providers",
}
"""Limits that share one name on pages."""
_DUST_USD = 1e-9
_NO_PRICE = ("latency", "copy_needed", "sync")
"""Latency is priced by the millisecond; the others hold no limit that someone could move."""


def shadow_prices(model: Formulation) -> pd.DataFrame:
    """All non-zero row duals (SHADOW_COLUMNS) and, summed over the horizon, one more accelerator or Gbit/s.

    ``<=`` rows: USD saved by one more unit of the right side; demand rows: USD that one more unit costs.
    ``one_more_accelerator`` = sum_t dual x (1 - held_back_share) x up_share, less the pool's own energy and rent.
    """
    frames = [_row_prices(model, name, rows) for name, rows in model.rows.items() if name not in _NO_PRICE]
    frames += [_latency(model), _one_more_accelerator(model), _one_more_gbps(model)]
    found = [frame for frame in frames if len(frame)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(SHADOW_COLUMNS))


def _dual(model: Formulation, name: str) -> Array:
    """Dual of a limit in USD per unit of its right side as compiled; 0 where nothing could be decided."""
    dual = model.constraints[name].dual_value
    if dual is None:
        return np.zeros(model.rows[name].lhs.shape)
    value = np.asarray(dual, dtype=float) * model.money_scale
    return -value if model.rows[name].sense == "==" else value


def _row_prices(model: Formulation, name: str, rows: Rows) -> pd.DataFrame:
    periods, data = model.data.periods, model.data
    dual = _dual(model, name) - _through_share_caps(model, name) - _through_unserved_caps(model, name)
    dual = dual + _through_promises(model, name)
    if rows.by_period:
        price = dual / rows.unit_scale[:, None]
        r, t = np.nonzero(np.abs(price) > _DUST_USD)
        block, start, weight = periods.block[t], periods.start[t], periods.weight_hours[t]
        value = price[r, t]
    elif rows.periods is not None:
        price = dual / rows.unit_scale
        (r,) = np.nonzero(np.abs(price) > _DUST_USD)
        t = rows.periods[r]
        block, start, weight = periods.block[t], periods.start[t], periods.weight_hours[t]
        value = price[r]
    else:
        price = dual / rows.unit_scale
        (r,) = np.nonzero(np.abs(price) > _DUST_USD)
        block, start = np.full(len(r), "", dtype=object), pd.DatetimeIndex([pd.NaT] * len(r), tz="UTC")
        weight = np.array([_weight(data, name, rows.records[i]) for i in r], dtype=float)
        value = price[r]
    records = np.array(rows.records, dtype=object)[r]
    limit = REPORTED.get(name, name)
    return _frame(limit, records, block, start, value, rows.unit, weight)


def _latency(model: Formulation) -> pd.DataFrame:
    """What one more millisecond of a latency objective saves: dual x a x dc/dT, by route and period.

    From factor s / (1 - c) = T - rtt: dc/dT = (1 - c) / (T - rtt); 0 where the largest load or a step of the table
    of factors limits a route.
    """
    if "latency" not in model.rows:
        return pd.DataFrame(columns=list(SHADOW_COLUMNS))
    data, routes = model.data, model.data.queues.queued
    per_ms = np.array([_load_per_ms(data, int(k)) for k in routes])
    assigned = np.asarray(model.decisions.assigned.value)[routes]
    worth = np.maximum(_dual(model, "latency"), 0.0) * assigned + _worth_after(model)[routes]
    price = worth * per_ms[:, None]
    r, t = np.nonzero(price > _DUST_USD)
    names = np.array([data.routes[k].workload for k in routes], dtype=object)
    periods = data.periods
    where = periods.block[t], periods.start[t]
    return _frame("latency", names[r], *where, price[r, t], "ms", periods.weight_hours[t])


def _worth_after(model: Formulation) -> Array:
    """USD that what takes over on each route would save for each unit by which it may be busier; (K, T).

    Only where the objective after a failure is the same one.
    """
    data, promises = model.data, model.data.promises
    worth = np.zeros((len(data.routes), len(data.periods)))
    if "promise" not in model.rows:
        return worth
    per_unit = _dual(model, "promise") / model.rows["promise"].unit_scale[:, None]
    of_pair = np.zeros((len(promises.pairs), len(data.periods)))
    for row, case in enumerate(promises.cases):
        where = promises.moving if case.is_moved else promises.standby
        amount = np.asarray((model.decisions.redispatch if case.is_moved else model.decisions.standby).value)
        if where.size:
            taken_over = promises.pick(case, promises.rate)[:, None] * np.maximum(amount, 0.0)
            np.add.at(of_pair, where, taken_over * per_unit[row])
    works = data.scenario.workloads
    for k, pair in enumerate(promises.pairs):
        if promises.route[k] >= 0 and works[pair.workload].latency_after_failure_ms is None:
            worth[promises.route[k]] += of_pair[k]
    return worth


def _load_per_ms(data: Data, k: int) -> float:
    """dc/dT of one route."""
    route = data.routes[k]
    work = data.scenario.workloads[route.workload]
    if work.latency_objective_ms is None or work.latency_statistic == "no_queue":
        return 0.0
    is_step = work.latency_statistic != "mean" and route.load_limit in LOADS
    if is_step or route.load_limit >= work.max_load_share:
        return 0.0
    return (1.0 - route.load_limit) / (work.latency_objective_ms - route.round_trip_ms)


def _through_share_caps(model: Formulation, name: str) -> Array | float:
    """What one more unit of demand saves by letting more of it run on interruptible pools (their cap is a share)."""
    capped = {"rigid_demand": "interruptible_share", "window_demand": "interruptible_share_window"}.get(name, "")
    if capped not in model.rows:
        return 0.0
    rows, demand = model.rows[capped], model.rows[name]
    dual = _dual(model, capped)
    saved = np.zeros(demand.lhs.shape)
    for i, record in enumerate(rows.records):
        cap = model.data.scenario.workloads[model.data.owner[record]].interruptible_share_cap
        saved[demand.records.index(record)] += cap * dual[i]
    return saved


def _through_unserved_caps(model: Formulation, name: str) -> Array | float:
    """What one more unit of demand saves by letting more of it stay unserved (the cap is a share of all demand)."""
    if name not in ("rigid_demand", "window_demand") or "unserved_cap" not in model.rows:
        return 0.0
    data, demand = model.data, model.rows[name]
    dual = dict(zip(model.rows["unserved_cap"].records, _dual(model, "unserved_cap"), strict=True))
    works = data.scenario.workloads
    owners = [data.owner[record] for record in demand.records]
    worth = np.array([dual.get(w, 0.0) * (works[w].unserved_share_cap or 0.0) for w in owners], dtype=float)
    hours = np.array([row.weight for row in data.windows], dtype=float)
    saved: Array = worth * hours if name == "window_demand" else worth[:, None] * data.periods.weight_hours
    return saved


def _through_promises(model: Formulation, name: str) -> Array | float:
    """What one more unit of rigid demand costs by the standby that it is promised."""
    if name != "rigid_demand" or "promise" not in model.rows:
        return 0.0
    cost = np.zeros((len(model.data.rigid), len(model.data.periods)))
    dual, share = _dual(model, "promise"), model.data.promises.share
    for row, case in enumerate(model.data.promises.cases):
        cost[model.data.rigid.index(case.workload)] += share[case.workload] * dual[row]
    return cost


def _weight(data: Data, name: str, record: str) -> float:
    if name in ("window_demand", "interruptible_share_window", "one_site"):
        return next(row.weight for row in data.windows if f"{row.workload}:{row.window}" == record)
    return data.scenario.horizon.plan_hours


def _one_more_accelerator(model: Formulation) -> pd.DataFrame:
    data = model.data
    gross = np.zeros(len(data.pools))
    if "capacity" in model.rows:
        gross = np.sum(_dual(model, "capacity") * data.usable_share[:, None] * data.up_share, axis=1)
    gross += _after_failure(model)
    net = gross - own_cost_usd(data) + _evener(model) - _taken_usd(model)
    # What is avoidable need not be kept, so one more of it never costs money.
    net = np.where(data.avoidable, np.maximum(net, 0.0), net)
    # A binding budget is spent by fees too, and the share of a provider in the rent moves with them.
    spent = 1.0 + (float(_dual(model, "budget")[0]) / 1000.0 if "budget" in model.rows else 0.0)
    fee = np.where(data.option("reserved"), _mean_fee(data), 0.0)
    net = net - (spent + _through_rent(model)) * fee
    (r,) = np.nonzero(np.abs(net) > _DUST_USD)
    return _whole_horizon("one_more_accelerator", data, np.array(data.pools, dtype=object)[r], net[r], "accelerators")


def _through_rent(model: Formulation) -> Array:
    """What one more USD of rent for each pool costs by a cap on the share of a provider in all rent; (P,)."""
    data, policy = model.data, model.data.scenario.policy
    worth = np.zeros(len(data.pools))
    if "provider_share" not in model.rows or policy.provider_share_of != "rented_usd":
        return worth
    dual = _dual(model, "provider_share") / model.rows["provider_share"].unit_scale
    worth += dual @ model.decisions.providers.known.of_pools - (policy.provider_share_cap or 0.0) * float(dual.sum())
    return worth


def _after_failure(model: Formulation) -> Array:
    """What one more accelerator saves by its room after a failure: where all that stands is on, or in the quota."""
    data, rows = model.data, model.rows.get("failover_capacity")
    if rows is None:
        return np.zeros(len(data.pools))
    saved: Array = np.sum((in_rooms(data, rows).T @ _dual(model, "failover_capacity")) * data.up_share, axis=1)
    return saved


def _taken_usd(model: Formulation) -> Array:
    """What one more accelerator takes by itself from binding limits: budget, carbon, power and space; (P,)."""
    cost = np.zeros(len(model.data.pools))
    for name in TAKES:
        if name in model.rows:
            takes = taken(model.data, name, model.rows[name])
            cost += np.tensordot(_dual(model, name), takes, axes=takes.ndim - 1)
    return cost


def _evener(model: Formulation) -> Array:
    """What one more accelerator of each pool saves by making its use look more even; (P,)."""
    data, curves, balance = model.data, model.decisions.curves, model.data.scenario.policy.balance
    saved = np.zeros(len(data.pools))
    if balance is None or not curves.uneven.size:
        return saved
    pools = balanced(data)
    busy = np.asarray(model.decisions.busy_by_pool.value)[pools]
    if curves.largest is not None:
        dual = np.asarray(curves.largest.dual_value) * model.money_scale
        saved[pools] = np.sum(dual * busy / data.capacity[pools][:, None] ** 2, axis=1)
    else:
        rate = balance.weight_usd_per_hour * data.periods.weight_hours
        saved[pools] = np.sum(rate * (busy / data.capacity[pools][:, None]) ** 2, axis=1)
    return saved


def _mean_fee(data: Data) -> Array:
    """Fee of one committed accelerator over the horizon, mean over the pool's commitments; (P,)."""
    fees = np.zeros(len(data.pools))
    for commitment, usd in zip(data.scenario.commitments.values(), standing_usd(data), strict=True):
        i = data.pools.index(commitment.pool)
        fees[i] += usd / data.capacity[i] if usd else 0.0
    return fees


def _one_more_gbps(model: Formulation) -> pd.DataFrame:
    if "link_bandwidth" not in model.rows:
        return pd.DataFrame(columns=list(SHADOW_COLUMNS))
    rows, shares = model.rows["link_bandwidth"], model.decisions.copies.shares.value
    worth = _dual(model, "link_bandwidth") / rows.unit_scale[:, None]
    if (after := model.rows.get("promise_bandwidth")) is not None:
        # The link is wider after a failure too.
        links = [rows.records.index(record.split("/")[0]) for record in after.records]
        np.add.at(worth, links, _dual(model, "promise_bandwidth") / after.unit_scale[:, None])
    value = np.sum(worth, axis=1)
    for wider, link, gbps in filled(model.data, np.zeros(0) if shares is None else np.asarray(shares)):
        value[rows.records.index(wider)] -= gbps @ worth[rows.records.index(link)]
    (r,) = np.nonzero(np.abs(value) > _DUST_USD)
    return _whole_horizon("one_more_gbps", model.data, np.array(rows.records, dtype=object)[r], value[r], "Gbit/s")


def _whole_horizon(limit: str, data: Data, records: Array, value: Array, unit: str) -> pd.DataFrame:
    block, start = np.full(len(value), "", dtype=object), pd.DatetimeIndex([pd.NaT] * len(value), tz="UTC")
    weight = np.full(len(value), data.scenario.horizon.plan_hours)
    return _frame(limit, records, block, start, value, unit, weight)


def _frame(
    limit: str, records: object, block: object, start: pd.DatetimeIndex, value: Array, unit: str, weight: Array
) -> pd.DataFrame:
    columns = (limit, records, block, start, value, unit, weight)
    return pd.DataFrame(dict(zip(SHADOW_COLUMNS, columns, strict=True)), index=range(len(value)))
