"""Plan tables for any small scenario from plain numbers, and two estates to try the rules of queues and elasticity on.

Everything that follows from the numbers given is filled in by plain loops: what is available, the least n, what stays
unserved. A test then changes the one number that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from audit_cases import merged

from hybridplan.audit import AuditReport
from hybridplan.domain import Scenario, require
from hybridplan.plan import PlanTables

Series = Mapping[tuple[str, str], Sequence[float]]

ONE_POOL: dict[str, Any] = {
    "schema_version": 1,
    "name": "One rented pool and one workload",
    "horizon": {"blocks": {"b": {"start": "2026-01-05T00:00:00Z", "periods": 4}}},
    "sites": {"home": {"kind": "public", "provider": "acme", "jurisdiction": "DE"}},
    "pools": {
        "od": {
            "site": "home",
            "sku": "S",
            "purchase_option": "on_demand",
            "capacity_accelerators": 20.0,
            "price_usd_per_accelerator_hour": 1.0,
        }
    },
    "workloads": {
        "web": {
            "kind": "inference",
            "unit": "requests",
            "origin_site": "home",
            "demand_units_per_hour": {"b": [4.0, 4.0, 4.0, 4.0]},
            "unserved_usd_per_unit": 5.0,
            "throughput": {"S": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}},
        }
    },
}
"""Four periods of 1 h in block b; one accelerator does one request per hour; 20 accelerators at 1 USD."""

SECOND_BLOCK: dict[str, Any] = {
    "horizon": {
        "blocks": {
            "b": {"weight": 2.0},
            "c": {"start": "2026-01-12T00:00:00Z", "periods": 3, "period_hours": 2.0, "weight": 3.0},
        }
    },
    "workloads": {"web": {"demand_units_per_hour": {"c": [4.0, 4.0, 4.0]}}},
}
"""Block b counts twice; block c holds three periods of 2 h and counts three times."""


def one_pool(*changes: dict[str, Any]) -> Scenario:
    """ONE_POOL with changes, one after the other."""
    document: Any = ONE_POOL
    for change in changes:
        document = merged(document, change)
    return require(document)


def broken(report: AuditReport) -> set[str]:
    """Names of the rules that do not hold; their residuals and words must agree."""
    failed = set(report.residuals[~(report.residuals["relative"] <= 1e-6)]["rule"])
    assert report.ok is not bool(report.failures)
    assert bool(failed) <= bool(report.failures)
    return failed


def labels(scenario: Scenario) -> list[tuple[str, datetime, float]]:
    """(block, start, hours) of each period."""
    return [(name, start, block.period_hours) for name, block in scenario.horizon.ordered() for start in block.starts()]


def up_share(scenario: Scenario, pool: str) -> list[float]:
    """Share that is up in each period."""
    given = scenario.pools[pool].up_share
    return [share for name, block in scenario.horizon.ordered() for share in given.get(name, (1.0,) * block.periods)]


def plan_of(
    scenario: Scenario,
    busy: Series,
    *,
    assigned: Series | None = None,
    units: Series | None = None,
    n: Mapping[str, Sequence[float]] | None = None,
    kept: Mapping[str, float] | None = None,
    available: Mapping[str, Sequence[float]] | None = None,
) -> PlanTables:
    """Tables of busy accelerators by (workload, pool) and period; all else as it follows, unless given."""
    rate = {key: speed(scenario, *key) for key in busy}
    held = dict(busy) | dict(assigned or {})
    done = {key: [rate[key] * y for y in values] for key, values in busy.items()} | dict(units or {})
    when = labels(scenario)
    rows = [
        (work, pool, when[t][0], when[t][1], busy[work, pool][t], held[work, pool][t], done[work, pool][t])
        for work, pool in busy
        for t in range(len(when))
        if busy[work, pool][t] or held[work, pool][t] or done[work, pool][t]
    ]
    names = ["workload", "pool", "block", "period_start"]
    numbers = ["accelerators_busy", "accelerators_assigned", "units_per_hour"]
    owned = {key: pool.capacity_accelerators for key, pool in scenario.pools.items() if pool.purchase_option == "owned"}
    keeps = owned | dict(kept or {})
    return PlanTables(
        allocation=stamped(pd.DataFrame(rows, columns=[*names, *numbers])),
        provisioned=_provisioned(scenario, busy, held, n or {}, keeps, available or {}),
        unserved_hourly=_unserved(scenario, done),
        unserved_windows=_window_unserved(scenario, done),
        kept=pd.DataFrame({"pool": list(keeps), "accelerators_kept": list(keeps.values())}),
    )


def stamped(frame: pd.DataFrame) -> pd.DataFrame:
    """With UTC timestamps, also where there are no rows."""
    return frame.assign(period_start=pd.DatetimeIndex(frame["period_start"], tz="UTC").as_unit("us"))


def speed(scenario: Scenario, work: str, pool: str) -> float:
    """Throughput x efficiency."""
    record = scenario.pools[pool]
    return scenario.workloads[work].throughput[record.sku].units_per_accelerator_hour * record.efficiency


def _provisioned(
    scenario: Scenario,
    busy: Series,
    held: Series,
    n: Mapping[str, Sequence[float]],
    kept: Mapping[str, float],
    available: Mapping[str, Sequence[float]],
) -> pd.DataFrame:
    rows = []
    for key, pool in scenario.pools.items():
        committed = sum(c.accelerators for c in scenario.commitments.values() if c.pool == key)
        most = kept.get(key, committed if pool.purchase_option == "reserved" else pool.capacity_accelerators)
        for t, ((block, start, _), share) in enumerate(zip(labels(scenario), up_share(scenario, key), strict=True)):
            load = sum(values[t] for (_, p), values in held.items() if p == key)
            least = load / (1.0 - pool.held_back_share)
            always_on = pool.purchase_option == "owned" and not pool.can_power_down
            up = available[key][t] if key in available else most * share
            count = n[key][t] if key in n else up if always_on else least
            work = sum(values[t] for (_, p), values in busy.items() if p == key)
            rows.append((key, block, start, float(count), float(up), float(work)))
    columns = ["pool", "block", "period_start", "accelerators_provisioned", "accelerators_available"]
    return stamped(pd.DataFrame(rows, columns=[*columns, "accelerators_busy"]))


def _unserved(scenario: Scenario, done: Series) -> pd.DataFrame:
    """Demand less what is done, of rigid work."""
    rows = []
    for key, work in scenario.workloads.items():
        if work.flexibility == "rigid":
            demand = [
                value * block.demand_factor
                for name, block in scenario.horizon.ordered()
                for value in work.demand_units_per_hour.get(name, (0.0,) * block.periods)
            ]
            for t, (block_id, start, _) in enumerate(labels(scenario)):
                left = demand[t] - sum(values[t] for (w, _), values in done.items() if w == key)
                if abs(left) > 1e-12:
                    rows.append((key, block_id, start, left))
    return stamped(pd.DataFrame(rows, columns=["workload", "block", "period_start", "units_per_hour"]))


def _window_unserved(scenario: Scenario, done: Series) -> pd.DataFrame:
    """Volume less what is done inside, of each window."""
    rows = []
    for key, work in scenario.workloads.items():
        for name, window in work.windows.items():
            left = window.volume_units * scenario.horizon.blocks[window.block].demand_factor
            for t, (_, start, hours) in enumerate(labels(scenario)):
                if window.start <= start and start + timedelta(hours=hours) <= window.end:
                    left -= hours * sum(values[t] for (w, _), values in done.items() if w == key)
            rows.append((key, name, 0.0 if abs(left) < 1e-12 else left))
    columns = ["workload", "window", "units"]
    return pd.DataFrame(rows, columns=columns).astype({"units": "float64", "workload": "str", "window": "str"})
