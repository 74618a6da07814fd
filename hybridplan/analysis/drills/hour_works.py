"""The workloads and datasets of one hour after a failure, for the best answer to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from hybridplan.analysis.drills.carrying import Response, is_promised
from hybridplan.audit.data import copying, hours_to_copy
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.routes import backup_site
from hybridplan.domain import Dataset, Link, Scenario, Workload
from hybridplan.domain.prices import dearest_unit_price_usd
from hybridplan.units import MAGNITUDE_MIN

_ROUNDING: Final = 1e-6
"""Share of the demand by which the best answer may serve less promised work than the stored one."""
_WORTH: Final = 10.0
"""What must be served is worth so many times the dearest way to serve it."""
_FAINT_USD: Final = 1e-6
"""Price of latency that keeps a queue modelled where only a cap on it, which is gone, asked for one."""


def works_of_hour(
    ledger: Ledger, found: Response, period: int, block_id: str, pools: Collection[str]
) -> dict[str, Workload]:
    """Every workload as rigid work of one period, with the objectives that hold after a failure, and no promise.

    Promised work is served at least as much as the stored answer serves it. ``pools``: those that there are.
    """
    is_kept, works = is_promised(ledger), dict[str, Workload]()
    for code, (key, work) in enumerate(ledger.scenario.workloads.items()):
        before = float(found.served_before[code, period])
        demand = before if ledger.axes.is_deferrable[code] else float(ledger.axes.demand[code, period])
        cap = None
        if is_kept[code] and demand > MAGNITUDE_MIN:
            missing = demand - float(found.served_after[code, period])
            cap = min(max(missing / demand, 0.0) + _ROUNDING, 1.0)
        changes: dict[str, Any] = {
            **_rigid(block_id, demand if demand > MAGNITUDE_MIN else 0.0),
            **_after_failure(work),
            **_data(ledger.scenario, found, work),
            "unserved_share_cap": cap,
            "route_cost_usd_per_unit": {
                pool: usd for pool, usd in work.route_cost_usd_per_unit.items() if pool in pools
            },
            "unserved_usd_per_unit": _penalty(ledger.scenario, work),
        }
        efficiency = _efficiency(ledger, code, period)
        if efficiency < 1.0:
            changes["throughput"] = {
                sku: rate.model_copy(
                    update={"units_per_accelerator_hour": rate.units_per_accelerator_hour * efficiency}
                )
                for sku, rate in work.throughput.items()
            }
        works[key] = work.model_copy(update=changes)
    return works


def _rigid(block_id: str, demand: float) -> dict[str, Any]:
    """Fields of deferrable work at their defaults."""
    return {
        "flexibility": "rigid",
        "demand_units_per_hour": {block_id: (demand,)},
        "windows": {},
        "parallel_limit_accelerators": None,
        "one_site": False,
        "after": None,
        "after_units_per_unit": 1.0,
        "scaling": {},
    }


def _after_failure(work: Workload) -> dict[str, Any]:
    has_only_cap = work.mean_latency_cap_ms is not None and work.congestion_usd_per_unit_second == 0
    return {
        "must_serve": False,
        "promised_share": 0.0,
        "promise_form": "dedicated",
        "recovery_minutes": 0.0,
        "latency_objective_ms": work.latency_after_failure_ms or work.latency_objective_ms,
        "latency_after_failure_ms": None,
        "availability_objective_share": None,
        "mean_latency_cap_ms": None,
        "congestion_usd_per_unit_second": _FAINT_USD if has_only_cap else work.congestion_usd_per_unit_second,
        "interruptible_share_cap": 1.0,
    }


def _penalty(scenario: Scenario, work: Workload) -> float:
    if not work.must_serve:
        return work.unserved_usd_per_unit
    gb = work.ingress_gb_per_unit + work.egress_gb_per_unit + work.result_gb_per_unit
    sent = gb * max((link.usd_per_gb for link in scenario.links.values()), default=0.0)
    return max(work.unserved_usd_per_unit, _WORTH * ((dearest_unit_price_usd(scenario, work) or 0.0) + sent), 1.0)


def _data(scenario: Scenario, found: Response, work: Workload) -> dict[str, Any]:
    """No work with data at sites that are lost, and no backup over links that are: it waits."""
    changes: dict[str, Any] = {}
    gone = found.lost.sites if work.datasets else frozenset[str]()
    if gone:
        allowed = tuple(site for site in work.allowed_sites if site not in gone)
        changes["denied_sites"] = tuple(dict.fromkeys((*work.denied_sites, *sorted(gone))))
        changes["allowed_sites"] = allowed
        if work.allowed_sites and not allowed:
            changes["throughput"] = {}
    ways = {_ends(link) for key, link in scenario.links.items() if key in found.lost.links}
    sites = {pool.site for pool in scenario.pools.values()}
    if work.backup_sites and any((site, backup_site(scenario, work, site)) in ways for site in sites):
        changes |= {"backup_sites": (), "result_gb_per_unit": 0.0, "result_kept_hours": 0.0}
    return changes


def _ends(link: Link) -> tuple[str, str]:
    return link.from_site, link.to_site


def _efficiency(ledger: Ledger, code: int, period: int) -> float:
    """Units of deferrable work / units if speed grew with the number of accelerators; 1 where it does."""
    mine = (ledger.pair_workload == code) & ledger.is_scaled
    ideal = float(np.sum(ledger.rate[mine] * ledger.busy[mine, period]))
    return min(float(np.sum(ledger.served[mine, period])) / ideal, 1.0) if ideal > MAGNITUDE_MIN else 1.0


def datasets_of_hour(ledger: Ledger, period: int) -> dict[str, Dataset]:
    """Datasets with the copies that are there in that hour; what they change by is taken off the links already."""
    sites, found = ledger.axes.records.sites, dict[str, Dataset]()
    for code, (key, dataset) in enumerate(ledger.scenario.datasets.items()):
        there = {}
        for place, site in enumerate(sites):
            is_made = bool(ledger.copies[code, place]) and site in dataset.copies
            if is_made and not copying(ledger.axes, hours_to_copy(ledger.scenario, dataset, site))[period]:
                there[site] = dataset.copies[site].model_copy(update={"state": "present"})
        changes = {
            "copies": there,
            "change_gb_per_hour": 0.0,
            "min_copies": 1,
            "relay_sites": (),
            "required_link_attributes": (),
        }
        found[key] = dataset.model_copy(update=changes)
    return found
