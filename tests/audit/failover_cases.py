"""An estate whose work is placed anew after a failure, with a plan and its failover worked out by hand.

Block ``b``: two periods of 1 h; users at home; one accelerator does one unit per hour.

    pool  where  provider  option      accelerators   USD per hour
    own   home   own       owned       10             1
    east  east   acme      on demand   20, 20 % of them held back, 2
    west  west   bolt      on demand   20             3
    spot  west   bolt      spot        20             1
    far   far    bolt      on demand   20, in the US  1

``web`` (demand 10, 12; only in DE; not on spot) runs 2, 2 on own and 8, 10 in east; its promise is shared: 80 %.
``core`` (demand 4, 4; only in DE) runs on own; its promise is dedicated: 50 %. ``side`` (demand 1, 1) runs on own and
promises nothing. So own is loaded with 7 of 10, and n of east is 8 / 0.8 = 10, then 12.5.

If east is lost web needs 8, then 9.6: 6, 6 on own, where core keeps 4 and side stops, and 2, 3.6 in west. Nothing else
runs in west, so that is n there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pandas as pd
from audit_cases import merged
from audit_tables import Series, labels, plan_of, stamped
from pydantic_core import to_json

from hybridplan.domain import Scenario, require
from hybridplan.plan import PlanTables


def _pool(site: str, option: str, price: float, **more: Any) -> dict[str, Any]:
    size = 10.0 if option == "owned" else 20.0
    fields = {"site": site, "sku": "S", "purchase_option": option, "capacity_accelerators": size}
    return {**fields, "price_usd_per_accelerator_hour": price, **more}


def _site(kind: str, provider: str, jurisdiction: str = "DE") -> dict[str, Any]:
    return {"kind": kind, "provider": provider, "jurisdiction": jurisdiction}


def _link(start: str, end: str, trip: float) -> dict[str, Any]:
    return {"from_site": start, "to_site": end, "round_trip_ms": trip}


def _work(demand: list[float], **more: Any) -> dict[str, Any]:
    return {
        "kind": "inference",
        "unit": "requests",
        "origin_site": "home",
        "demand_units_per_hour": {"b": demand},
        "unserved_usd_per_unit": 100.0,
        "throughput": {"S": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}},
        "allowed_jurisdictions": ["DE"],
        **more,
    }


FAILOVER: dict[str, Any] = {
    "schema_version": 1,
    "name": "Work that is placed anew after a failure",
    "horizon": {"blocks": {"b": {"start": "2026-01-05T00:00:00Z", "periods": 2}}},
    "sites": {
        "home": _site("private", "own"),
        "east": _site("public", "acme"),
        "west": _site("public", "bolt"),
        "far": _site("public", "bolt", "US"),
    },
    "pools": {
        "own": _pool("home", "owned", 1.0),
        "east": _pool("east", "on_demand", 2.0, held_back_share=0.2),
        "west": _pool("west", "on_demand", 3.0),
        "spot": _pool("west", "interruptible", 1.0),
        "far": _pool("far", "on_demand", 1.0),
    },
    "workloads": {
        "web": _work([10.0, 12.0], promised_share=0.8, promise_form="shared", ingress_gb_per_unit=0.5),
        "core": _work([4.0, 4.0], promised_share=0.5),
        "side": _work([1.0, 1.0]),
    },
    "links": {
        "out-e": _link("home", "east", 10.0),
        "back-e": _link("east", "home", 10.0),
        "out-w": _link("home", "west", 30.0),
        "back-w": _link("west", "home", 30.0),
        "out-f": _link("home", "far", 80.0),
    },
    "policy": {"contingencies": {"east-lost": {"kind": "site", "record": "east"}}},
}
BUSY: Series = {
    ("web", "own"): [2.0, 2.0],
    ("web", "east"): [8.0, 10.0],
    ("core", "own"): [4.0, 4.0],
    ("side", "own"): [1.0, 1.0],
}
MOVED: dict[tuple[str, str, str], list[float]] = {
    ("east-lost", "web", "own"): [6.0, 6.0],
    ("east-lost", "web", "west"): [2.0, 3.6],
}
N = {"west": [2.0, 3.6]}


def failing(*changes: dict[str, Any]) -> Scenario:
    """The estate with changes, one after the other."""
    return require(reduce(merged, changes, FAILOVER))


def unchecked(*changes: dict[str, Any]) -> Scenario:
    """The same where the checks of inputs would object: the audit must find what is wrong by itself."""
    document: Any = reduce(merged, changes, FAILOVER)
    return Scenario.model_validate_json(to_json(document))


def after(**contingency: Any) -> dict[str, Any]:
    """A change: this failure is the only one, under the id of the one that it replaces."""
    return {"policy": {"contingencies": {"east-lost": {"record": None, **contingency}}}}


def redispatch(
    scenario: Scenario, values: dict[tuple[str, str, str], list[float]], per: dict[tuple[str, str], float] | None = None
) -> pd.DataFrame:
    """Rows of accelerators after each failure, by (contingency, workload, pool); ``per``: units of one, else 1."""
    rows = [
        (*key, *labels(scenario)[t][:2], value, (per or {}).get(key[1:], 1.0) * value)
        for key, series in values.items()
        for t, value in enumerate(series)
        if value
    ]
    names = ["contingency", "workload", "pool", "block", "period_start", "accelerators_assigned", "units_per_hour"]
    return stamped(pd.DataFrame(rows, columns=names))


def standing(
    scenario: Scenario, values: dict[tuple[str, str], list[float]], per: dict[tuple[str, str], float] | None = None
) -> pd.DataFrame:
    """Rows of accelerators on standby by (workload, pool)."""
    rows = [
        (*key, *labels(scenario)[t][:2], value, (per or {}).get(key, 1.0) * value)
        for key, series in values.items()
        for t, value in enumerate(series)
        if value
    ]
    names = ["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"]
    return stamped(pd.DataFrame(rows, columns=names))


def moving(
    scenario: Scenario,
    *,
    moved: dict[tuple[str, str, str], list[float]] | None = None,
    n: dict[str, list[float]] | None = None,
    busy: Series | None = None,
    assigned: Series | None = None,
    standby: dict[tuple[str, str], list[float]] | None = None,
    per: dict[tuple[str, str], float] | None = None,
    available: dict[str, list[float]] | None = None,
) -> PlanTables:
    """The plan of the module's docstring, with rows added or replaced; rows of 0 are left out."""
    plan = plan_of(scenario, {**BUSY, **(busy or {})}, assigned=assigned, n={**N, **(n or {})}, available=available)
    return replace(
        plan,
        redispatch=redispatch(scenario, {**MOVED, **(moved or {})}, per),
        standby=standing(scenario, standby or {}, per),
    )
