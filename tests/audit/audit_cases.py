"""A small estate with a plan worked out by hand, and a builder of plan tables from plain numbers.

Block ``b``: two periods of 2 h, weight 3, so g h = 6 in each and plan_hours = 12. Accelerators busy:

    workload  pool   period 0  period 1   units per accelerator-hour
    web       own    4         5          2
    web       od     3         4          2
    web       spot   2         3          2
    web       res    1         2          2
    nightly   own    0         3          3
    nightly   spot   0         0.5        3

web:     period 0: 2 x (4 + 3 + 2 + 1) = 20 of 20; period 1: 2 x (5 + 4 + 3 + 2) = 28 of 30, so 2 per hour unserved.
nightly: 2 h x 3 x (3 + 0.5) = 21 of 24 in its window, which is period 1; 3 unserved.
n:       own 10, 10 (all that is available); od 3 / 0.8 = 3.75 and 4 / 0.8 = 5; spot 2, 3.5; res 1, 2.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pandas as pd

from hybridplan.domain import Scenario, require
from hybridplan.plan import PlanTables

STARTS = pd.DatetimeIndex(["2026-01-05T00:00Z", "2026-01-05T02:00Z"]).as_unit("us")

ESTATE: dict[str, Any] = {
    "schema_version": 1,
    "name": "Estate of the audit's tests",
    "horizon": {"blocks": {"b": {"start": "2026-01-05T00:00:00Z", "periods": 2, "period_hours": 2.0, "weight": 3.0}}},
    "sites": {
        "home": {
            "kind": "private",
            "provider": "own",
            "jurisdiction": "DE",
            "pue": 1.5,
            "electricity_usd_per_kwh": 0.2,
            "grid_carbon_g_per_kwh": 400.0,
        },
        "cloud": {
            "kind": "public",
            "provider": "acme",
            "jurisdiction": "NL",
            "pue": 1.2,
            "grid_carbon_g_per_kwh": 100.0,
        },
    },
    "pools": {
        "own": {
            "site": "home",
            "sku": "S",
            "purchase_option": "owned",
            "capacity_accelerators": 10.0,
            "price_usd_per_accelerator_hour": 0.5,
            "price_includes_energy": False,
            "busy_kw": 1.0,
            "idle_kw": 0.25,
        },
        "od": {
            "site": "cloud",
            "sku": "S",
            "purchase_option": "on_demand",
            "capacity_accelerators": 20.0,
            "price_usd_per_accelerator_hour": 2.0,
            "busy_kw": 1.0,
            "idle_kw": 0.5,
            "held_back_share": 0.2,
        },
        "spot": {
            "site": "cloud",
            "sku": "S",
            "purchase_option": "interruptible",
            "capacity_accelerators": 20.0,
            "price_usd_per_accelerator_hour": 1.0,
            "busy_kw": 1.0,
            "idle_kw": 0.5,
        },
        "res": {
            "site": "cloud",
            "sku": "S",
            "purchase_option": "reserved",
            "capacity_accelerators": 0.0,
            "price_usd_per_accelerator_hour": 0.0,
            "busy_kw": 1.0,
            "idle_kw": 0.5,
        },
    },
    "commitments": {"c": {"pool": "res", "accelerators": 4.0, "fee_usd_per_accelerator_hour": 0.75}},
    "workloads": {
        "web": {
            "kind": "inference",
            "unit": "requests",
            "origin_site": "home",
            "demand_units_per_hour": {"b": [20.0, 30.0]},
            "unserved_usd_per_unit": 7.0,
            "throughput": {"S": {"units_per_accelerator_hour": 2.0, "service_ms": 5.0}},
            "ingress_gb_per_unit": 0.5,
            "egress_gb_per_unit": 0.25,
            "interruptible": True,
            "route_cost_usd_per_unit": {"od": 0.01},
        },
        "nightly": {
            "kind": "training",
            "unit": "steps",
            "origin_site": "home",
            "flexibility": "deferrable",
            "windows": {
                "w": {
                    "block": "b",
                    "start": "2026-01-05T02:00:00Z",
                    "end": "2026-01-05T04:00:00Z",
                    "volume_units": 24.0,
                }
            },
            "unserved_usd_per_unit": 5.0,
            "throughput": {"S": {"units_per_accelerator_hour": 3.0}},
            "ingress_gb_per_unit": 1.0,
            "interruptible": True,
        },
    },
    "links": {
        "out": {"from_site": "home", "to_site": "cloud", "round_trip_ms": 10.0, "usd_per_gb": 0.02, "gbps": 1.0},
        "back": {"from_site": "cloud", "to_site": "home", "round_trip_ms": 30.0, "usd_per_gb": 0.04, "gbps": 1.0},
    },
    "policy": {"carbon_usd_per_tonne": 50.0},
}

BUSY = {
    ("web", "own"): [4.0, 5.0],
    ("web", "od"): [3.0, 4.0],
    ("web", "spot"): [2.0, 3.0],
    ("web", "res"): [1.0, 2.0],
    ("nightly", "own"): [0.0, 3.0],
    ("nightly", "spot"): [0.0, 0.5],
}
PROVISIONED = {"own": [10.0, 10.0], "od": [3.75, 5.0], "spot": [2.0, 3.5], "res": [1.0, 2.0]}
NO_WEB = {"od": [0.0, 0.0], "spot": [0.0, 0.5], "res": [0.0, 0.0]}
"""n where web runs nowhere but, perhaps, at home: nightly keeps half an accelerator busy in spot."""
AVAILABLE = {"own": [10.0, 10.0], "od": [20.0, 20.0], "spot": [20.0, 20.0], "res": [4.0, 4.0]}
RATE = {"web": 2.0, "nightly": 3.0}


def merged(document: Any, changes: Any) -> Any:
    """JSON merge patch: None removes a key."""
    if not isinstance(changes, dict):
        return changes
    result = deepcopy(document) if isinstance(document, dict) else {}
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def estate(**changes: Any) -> Scenario:
    """The estate with changes at the top level: ``estate(pools={"od": {"capacity_accelerators": 5.0}})``."""
    return require(merged(ESTATE, changes))


def allocation(busy: dict[tuple[str, str], list[float]], rate: dict[str, float] | None = None) -> pd.DataFrame:
    """Allocation rows of every value that is not 0."""
    rates = RATE | (rate or {})
    rows = [
        (work, pool, "b", STARTS[t], value, value, rates[work] * value)
        for (work, pool), values in busy.items()
        for t, value in enumerate(values)
        if value
    ]
    names = ["workload", "pool", "block", "period_start", "accelerators_busy", "accelerators_assigned"]
    return pd.DataFrame(rows, columns=[*names, "units_per_hour"]).astype({"period_start": STARTS.dtype})


def provisioned(
    n: dict[str, list[float]], available: dict[str, list[float]], busy: dict[tuple[str, str], list[float]]
) -> pd.DataFrame:
    """One row per pool and period; busy is the sum over the workloads."""
    rows = [
        (pool, "b", STARTS[t], n[pool][t], available[pool][t], sum(v[t] for (_, p), v in busy.items() if p == pool))
        for pool in n
        for t in range(2)
    ]
    names = ["pool", "block", "period_start", "accelerators_provisioned", "accelerators_available"]
    return pd.DataFrame(rows, columns=[*names, "accelerators_busy"])


def tables(
    busy: dict[tuple[str, str], list[float]] | None = None,
    n: dict[str, list[float]] | None = None,
    available: dict[str, list[float]] | None = None,
    unserved: float = 2.0,
    window_unserved: float = 3.0,
    kept: float = 10.0,
    rate: dict[str, float] | None = None,
) -> PlanTables:
    """The plan of the module's docstring, with parts replaced."""
    every = BUSY | (busy or {})
    return PlanTables(
        allocation=allocation(every, rate),
        provisioned=provisioned(PROVISIONED | (n or {}), AVAILABLE | (available or {}), every),
        unserved_hourly=pd.DataFrame(
            {"workload": ["web"], "block": ["b"], "period_start": STARTS[1:], "units_per_hour": [unserved]}
        ),
        unserved_windows=pd.DataFrame({"workload": ["nightly"], "window": ["w"], "units": [window_unserved]}),
        kept=pd.DataFrame({"pool": ["own"], "accelerators_kept": [kept]}),
    )


def changed(plan: PlanTables, table: str, frame: pd.DataFrame) -> PlanTables:
    """The plan with one table replaced."""
    return replace(plan, **{table: frame})
