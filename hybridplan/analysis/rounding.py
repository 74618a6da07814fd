"""Whole nodes: the plan rounded up to replicas and nodes, its cost and its distance to the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from hybridplan.audit import decided_usd
from hybridplan.audit.failover import largest_needs
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.plan import Plan, WholeNodes

_ROUND = 1e-6
"""Accelerators by which a solver's number may lie above a whole one without costing another."""


def whole_nodes(plan: Plan, data: Data | None = None) -> WholeNodes | None:
    """Accelerators per pool and period rounded up to whole replicas, then to whole nodes, where capacity allows.

    Needed is the larger of the load (assigned, and on standby) over the usable share (of pools that grow and shrink:
    what the plan provisions), what promised work takes after a failure, and the sum over workloads of their load
    rounded up to ``accelerators_per_replica`` (rounding may use the share held back); it is rounded up to
    ``accelerators_per_node``. Where that exceeds what is available, whole available nodes are used and the period
    counts as short. Rented pools pay for the nodes; owned pools whose cost is avoidable keep whole nodes; what is
    bought or newly committed is rounded up and paid.
    """
    if plan.tables is None or plan.objective_usd is None or plan.certificate is None:
        return None
    data = data or Data(plan.scenario)
    needed = np.maximum(_held(plan, data), _in_replicas(plan, data))
    node = np.array([plan.scenario.pools[p].accelerators_per_node for p in data.pools], dtype=float)[:, None]
    bought, rounded = _bought(plan, data)
    offered = data.offers.by_pool(rounded, len(data.pools)) * data.standing.maintained
    available = data.capacity[:, None] * data.up_share + offered
    wanted = np.ceil((needed - _ROUND) / node) * node
    most = np.floor((available + _ROUND) / node) * node
    whole = np.maximum(np.minimum(wanted, most), 0.0)
    fits = wanted <= most + _ROUND
    new = data.offers.by_pool(rounded - bought, len(data.pools)) * data.standing.maintained
    extra, tonnes = _extra(plan, data, whole, new)
    extra += float((rounded - bought) @ data.offers.usd)
    objective = plan.objective_usd + extra
    size = decided_usd(plan.objective_usd, plan.constant_usd)
    return WholeNodes(
        provisioned=_table(data, whole, node, fits),
        objective_usd=objective,
        extra_usd=extra,
        distance_to_bound=(objective - plan.certificate.bound_usd) / size,
        short_periods=int(np.sum(~fits & (needed > _ROUND))),
        extra_tonnes=tonnes,
    )


def _bought(plan: Plan, data: Data) -> tuple[Array, Array]:
    """Accelerators bought or newly committed as planned, and in whole nodes, up where the offer allows; (R,)."""
    assert plan.tables is not None
    rows = plan.tables.purchases
    size = dict(zip(zip(rows["kind"], rows["record"], strict=True), rows["quantity"], strict=True))
    bought = np.array([size.get(record, 0.0) for record in data.offers.records], dtype=float)
    node = data.provisioning.node[data.offers.pool] if data.offers.records else np.zeros(0)
    most = np.floor((data.offers.most + _ROUND) / node) * node
    return bought, np.maximum(np.minimum(np.ceil((bought - _ROUND) / node) * node, most), bought)


def _held(plan: Plan, data: Data) -> Array:
    """Accelerators that work takes, before or after a failure, or that an elastic pool provisions; (P, T)."""
    assert plan.tables is not None
    # On pools that are always on, idle accelerators are shared out among queued work: only the least is needed.
    load = _in_pools(plan.tables.allocation, _least_assigned(plan.tables.allocation, data), data)
    load += _standing_by(plan, data)
    least = np.maximum(load / data.usable_share[:, None], _after_failure(plan, data))
    said = plan.tables.provisioned["accelerators_provisioned"].to_numpy(dtype=float).reshape(load.shape)
    decided = data.provisioning.elastic.copy()
    # What is provisioned beyond the load there is for what comes after a failure.
    decided[data.reserving] = True
    return np.where(decided[:, None], said, least)


def _after_failure(plan: Plan, data: Data) -> Array:
    """Most accelerators that promised work takes after any one failure in pools that are always on; (P, T)."""
    assert plan.tables is not None
    rows = plan.tables.allocation
    least = rows.assign(accelerators_assigned=_least_assigned(rows, data))
    tables = replace(plan.tables, allocation=least, redispatch=_as_promised(plan))
    needed = largest_needs(open_ledger(plan.scenario, tables))
    return np.where(data.provisioning.always_on[:, None], needed, 0.0)


def _as_promised(plan: Plan) -> pd.DataFrame:
    """Work after each failure with its promised share alone: where there is room a plan shows more of it."""
    assert plan.tables is not None
    moved, works = plan.tables.redispatch, plan.scenario.workloads
    hour = ["workload", "block", "period_start"]
    served = plan.tables.allocation.groupby(hour)["units_per_hour"].sum().rename("served").reset_index()
    share = np.array([works[w].promised_share for w in moved["workload"]], dtype=float)
    promised = share * moved.merge(served, on=hour, how="left")["served"].fillna(0.0).to_numpy(dtype=float)
    placed = moved.groupby(["contingency", *hour])["units_per_hour"].transform("sum").to_numpy(dtype=float)
    part = np.minimum(np.divide(promised, placed, out=np.ones_like(placed), where=placed > 0), 1.0)
    return moved.assign(accelerators_assigned=moved["accelerators_assigned"] * part)


def _in_pools(rows: pd.DataFrame, values: Array, data: Data) -> Array:
    """One value per row, added up by pool and period; (P, T)."""
    found = np.zeros((len(data.pools), len(data.periods)))
    pool_at = pd.Index(data.pools).get_indexer(pd.Index(rows["pool"]))
    time_at = data.periods.start.get_indexer(pd.DatetimeIndex(rows["period_start"]))
    np.add.at(found, (pool_at, time_at), values)
    return found


def _least_assigned(rows: pd.DataFrame, data: Data) -> Array:
    """Assigned accelerators that each row of the allocation needs."""
    position = {(route.workload, route.pool): k for k, route in enumerate(data.routes)}
    at = [position[key] for key in zip(rows["workload"], rows["pool"], strict=True)]
    assigned = rows["accelerators_assigned"].to_numpy(dtype=float)
    on = data.provisioning.always_on[data.route_pool[at]] & ~np.isin(at, data.queues.gangs) if at else np.zeros(0, bool)
    least = rows["accelerators_busy"].to_numpy(dtype=float) / data.queues.load_limit[at] if at else assigned
    result: Array = np.where(on, np.minimum(least, assigned), assigned)
    return result


def _in_replicas(plan: Plan, data: Data) -> Array:
    """Accelerators per pool and period with every workload's load in whole replicas; (P, T)."""
    assert plan.tables is not None
    rows = plan.tables.allocation
    works, pools = plan.scenario.workloads, plan.scenario.pools
    replica = np.array(
        [
            works[w].throughput[pools[p].sku].accelerators_per_replica
            for w, p in zip(rows["workload"], rows["pool"], strict=True)
        ],
        dtype=float,
    )
    load = np.ceil((_least_assigned(rows, data) - _ROUND) / np.maximum(replica, 1)) * replica
    return _in_pools(rows, load, data) + _standing_by(plan, data)


def _standing_by(plan: Plan, data: Data) -> Array:
    """Accelerators on standby in each pool and period; (P, T)."""
    assert plan.tables is not None
    rows = plan.tables.standby
    return _in_pools(rows, rows["accelerators_standby"].to_numpy(dtype=float), data)


def _extra(plan: Plan, data: Data, whole: Array, new: Array) -> tuple[float, float]:
    """What rounding adds: USD for usage of rented nodes, rent of kept nodes and idle power of all; tonnes of these.

    ``new``: up of what is bought beyond the plan, paid elsewhere, (P, T): it is there before more is kept.
    """
    assert plan.tables is not None
    shape = (len(data.pools), len(data.periods))
    before = plan.tables.provisioned["accelerators_provisioned"].to_numpy(dtype=float).reshape(shape)
    hours, prices = data.periods.weight_hours, data.periods.price_factor
    rate = np.array([contracted_price_usd(plan.scenario, pool) for pool in plan.scenario.pools.values()])
    more = np.maximum(whole - before, 0.0)
    rented = data.option("on_demand", "interruptible")
    rented[data.price_tiers.pools] = False
    usage = np.sum(np.where(rented[:, None], more * rate[:, None] * prices * hours, 0.0))
    usage += data.price_tiers.usage_usd(before + more) - data.price_tiers.usage_usd(before)
    idle = data.idle_kw * (data.energy_usd_per_kwh + data.carbon_usd_per_kwh)
    kept = np.where(data.avoidable, np.max(more - new, axis=1, initial=0.0), 0.0)
    always = data.provisioning.always_on[:, None]
    more = np.where(data.avoidable[:, None], kept[:, None] * data.up_share, np.where(always, 0.0, more))
    more = more + np.where(always, new, 0.0)
    rent = np.sum(kept * rate * data.standing.service_hours)
    tonnes = np.sum(more * (data.idle_kw * data.carbon_per_kwh())[:, None] * hours)
    return float(usage + rent + np.sum(more * idle[:, None] * hours)), float(tonnes)


def _table(data: Data, whole: Array, node: Array, fits: Array) -> pd.DataFrame:
    count, periods = whole.shape
    p, t = np.repeat(np.arange(count), periods), np.tile(np.arange(periods), count)
    size = np.repeat(node[:, 0], periods)
    return pd.DataFrame(
        {
            "pool": np.array(data.pools, dtype=object)[p],
            "block": data.periods.block[t],
            "period_start": data.periods.start[t],
            "nodes": np.rint(whole.ravel() / size).astype(int),
            "accelerators_per_node": size.astype(int),
            "accelerators_provisioned": whole.ravel(),
            "fits": fits.ravel(),
        }
    )
