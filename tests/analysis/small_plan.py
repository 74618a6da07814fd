"""A plan small enough to add up by hand, made without a solver.

One block of two hours that occurs twice (plan_hours 4). Chat (rigid, 10 requests per accelerator-hour) wants 100 and
300 requests per hour; training (deferrable, 1 accelerator-hour per accelerator-hour) wants 10 per occurrence.

- hour 0: own runs chat on 10 and training on 5 of its 20 accelerators
- hour 1: own runs chat on 20, cloud on 8; 20 requests per hour are not served; 5 accelerator-hours of training neither

Cost: owned 1 USD x 20 x 4 h = 80; cloud 3 USD x 8 x 2 h = 48; transfer 0.5 GB x 80 requests/h x 2 h x 0.1 USD = 8.
Penalty: 20 requests/h x 2 h x 5 USD = 200, and 5 x 2 x 20 USD = 200. Objective 536, of which 80 is constant.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from hybridplan.domain import Scenario, require
from hybridplan.plan import (
    COST_LINE_COLUMNS,
    QUANTITY_COLUMNS,
    RANGE_COLUMNS,
    ROUTE_COLUMNS,
    SHADOW_COLUMNS,
    Baseline,
    Certificate,
    Diagnosis,
    Plan,
    PlanTables,
    Relaxation,
    SolverRun,
    SolveStatus,
    Unserved,
    WholeNodes,
)

HOUR_0 = pd.Timestamp("2026-03-02T00:00:00Z")
HOUR_1 = HOUR_0 + pd.Timedelta(hours=1)


def document() -> dict[str, Any]:
    """The scenario as plain values."""
    return {
        "schema_version": 1,
        "name": "Two sites",
        "horizon": {
            "blocks": {"b": {"start": "2026-03-02T00:00:00Z", "periods": 2, "weight": 2.0}},
            "time_zone": "Europe/Berlin",
        },
        "sites": {
            "fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE"},
            "cld": {"name": "Cloud West", "kind": "public", "provider": "cloud", "jurisdiction": "IE"},
        },
        "pools": {
            "own": {
                "name": "fra-private",
                "site": "fra",
                "sku": "H100",
                "purchase_option": "owned",
                "capacity_accelerators": 20.0,
                "price_usd_per_accelerator_hour": 1.0,
                "accelerators_per_node": 8,
                "price_date": "2026-01-01",
            },
            "cloud": {
                "name": "cloud-h100",
                "site": "cld",
                "sku": "H100",
                "purchase_option": "on_demand",
                "capacity_accelerators": 8.0,
                "price_usd_per_accelerator_hour": 3.0,
                "accelerators_per_node": 8,
                "price_date": "2026-02-01",
            },
        },
        "links": {
            "out": {"from_site": "fra", "to_site": "cld", "round_trip_ms": 20.0, "usd_per_gb": 0.1, "gbps": 1.0},
            "back": {"from_site": "cld", "to_site": "fra", "round_trip_ms": 20.0},
        },
        "workloads": {
            "chat": {
                "name": "Chat",
                "kind": "inference",
                "unit": "requests",
                "origin_site": "fra",
                "demand_units_per_hour": {"b": [100.0, 300.0]},
                "unserved_usd_per_unit": 5.0,
                "throughput": {"H100": {"units_per_accelerator_hour": 10.0, "service_ms": 30.0, "is_estimate": True}},
                "latency_objective_ms": 100.0,
                "ingress_gb_per_unit": 0.5,
            },
            "train": {
                "kind": "training",
                "origin_site": "fra",
                "flexibility": "deferrable",
                "windows": {
                    "w": {
                        "block": "b",
                        "start": "2026-03-02T00:00:00Z",
                        "end": "2026-03-02T02:00:00Z",
                        "volume_units": 10.0,
                    }
                },
                "unserved_usd_per_unit": 20.0,
                "throughput": {"H100": {"units_per_accelerator_hour": 1.0}},
                "allowed_sites": ["fra"],
            },
        },
    }


def scenario(**changes: Any) -> Scenario:
    """The scenario, with top-level fields of the document replaced."""
    return require({**document(), **changes})


def tables() -> PlanTables:
    """The decisions of the module's docstring."""
    allocation = pd.DataFrame(
        [
            ("chat", "own", "b", HOUR_0, 10.0, 10.0, 100.0),
            ("train", "own", "b", HOUR_0, 5.0, 5.0, 5.0),
            ("chat", "own", "b", HOUR_1, 20.0, 20.0, 200.0),
            ("chat", "cloud", "b", HOUR_1, 8.0, 8.0, 80.0),
        ],
        columns=[
            "workload",
            "pool",
            "block",
            "period_start",
            "accelerators_busy",
            "accelerators_assigned",
            "units_per_hour",
        ],
    )
    provisioned = pd.DataFrame(
        [
            ("own", "b", HOUR_0, 20.0, 20.0, 15.0),
            ("own", "b", HOUR_1, 20.0, 20.0, 20.0),
            ("cloud", "b", HOUR_0, 0.0, 8.0, 0.0),
            ("cloud", "b", HOUR_1, 8.0, 8.0, 8.0),
        ],
        columns=[
            "pool",
            "block",
            "period_start",
            "accelerators_provisioned",
            "accelerators_available",
            "accelerators_busy",
        ],
    )
    return PlanTables(
        allocation=allocation,
        provisioned=provisioned,
        unserved_hourly=pd.DataFrame(
            [("chat", "b", HOUR_1, 20.0)], columns=["workload", "block", "period_start", "units_per_hour"]
        ),
        unserved_windows=pd.DataFrame([("train", "w", 5.0)], columns=["workload", "window", "units"]),
        kept=pd.DataFrame([("own", 20.0)], columns=["pool", "accelerators_kept"]),
    )


def routes() -> pd.DataFrame:
    """Three routes and one pair that is ruled out."""
    rows = [
        ("chat", "own", True, "", "", 10.0, 30.0, True, 0.0, 30.0, 1.0),
        ("chat", "cloud", True, "", "", 10.0, 50.0, True, 20.0, 30.0, 1.0),
        ("train", "own", True, "", "", 1.0, 0.0, False, 0.0, 0.0, 1.0),
        ("train", "cloud", False, "not_allowed_site", "cld is not an allowed site", 1.0, 20.0, False, 20.0, 0.0, 1.0),
    ]
    return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))


def cost_lines() -> pd.DataFrame:
    """Audited money of the module's docstring; sums to 536."""
    rows = [
        ("owned_fixed", False, "", "own", 80.0),
        ("usage", False, "", "cloud", 48.0),
        ("transfer", False, "chat", "cloud", 8.0),
        ("unserved", True, "chat", "", 200.0),
        ("unserved", True, "train", "", 200.0),
    ]
    return pd.DataFrame([(*row, "", "") for row in rows], columns=list(COST_LINE_COLUMNS))


def shadow_prices() -> pd.DataFrame:
    """Own is full in hour 1: 12 USD over its 2 weighted hours; one more all along saves 10 net of its own cost."""
    rows = [
        ("capacity", "own", "b", HOUR_0, 0.0, "accelerators", 2.0),
        ("capacity", "own", "b", HOUR_1, 12.0, "accelerators", 2.0),
        ("one_more_accelerator", "own", "", pd.NaT, 10.0, "accelerators", 4.0),
        ("rigid_demand", "chat", "b", HOUR_0, 1.0, "requests per hour", 2.0),
        ("rigid_demand", "chat", "b", HOUR_1, 10.0, "requests per hour", 2.0),
    ]
    return pd.DataFrame(rows, columns=list(SHADOW_COLUMNS))


def shadow_ranges() -> pd.DataFrame:
    """A re-solve with one more own accelerator found the same 10 USD, and that it holds up to 24."""
    return pd.DataFrame([("own", 10.0, 10.0, 24.0)], columns=list(RANGE_COLUMNS))


def missing() -> dict[str, Unserved]:
    """Chat: 40 of 800 requests; training: 10 of 20 accelerator-hours."""
    return {"chat": Unserved(40.0, "requests", 0.05), "train": Unserved(10.0, "accelerator-hours", 0.5)}


def baselines() -> dict[str, Baseline]:
    """One that serves the same and costs 100 more, and one that serves less."""
    same = Baseline(636.0, {"owned_fixed": 80.0, "usage": 156.0}, {"unserved": 400.0}, missing(), (), tables())
    less = {"chat": Unserved(720.0, "requests", 0.9), "train": Unserved(20.0, "accelerator-hours", 1.0)}
    other = Baseline(4128.0, {"owned_fixed": 80.0, "usage": 48.0}, {"unserved": 4000.0}, less, (), tables())
    return {"all_on_demand": other, "private_first": same}


def nodes() -> WholeNodes:
    """Own needs 2.5 nodes of 8: 3 would be 24, more than the 20 installed, so hour 1 does not fit."""
    frame = tables().provisioned[["pool", "block", "period_start"]].copy()
    frame["nodes"] = [2, 3, 0, 1]
    frame["accelerators_per_node"] = 8
    frame["accelerators_provisioned"] = [16.0, 20.0, 0.0, 8.0]
    frame["fits"] = [True, False, True, True]
    return WholeNodes(frame, 540.0, 4.0, 0.0088, 1)


def plan(**changes: Any) -> Plan:
    """The plan of the module's docstring, with fields replaced."""
    quantities = pd.DataFrame(
        [("own", 70.0, 80.0, 80.0, 49.0, 0.02), ("cloud", 16.0, 16.0, 32.0, 11.2, 0.06)],
        columns=list(QUANTITY_COLUMNS),
    )
    made = Plan(
        scenario=scenario(),
        status=SolveStatus.OPTIMAL,
        solver=SolverRun("HiGHS", "1.16.0", 0.02, 0.05, 60.0, 12, 8),
        routes=routes(),
        tables=tables(),
        certificate=Certificate(True, 214, 3e-13, "capacity of own", 536.0, 8e-9, "weak duality", 536.0),
        objective_usd=536.0,
        constant_usd=80.0,
        cost_usd={"owned_fixed": 80.0, "usage": 48.0, "transfer": 8.0},
        penalty_usd={"unserved": 400.0},
        cost_lines=cost_lines(),
        quantities=quantities,
        unserved=missing(),
        shadow_prices=shadow_prices(),
        shadow_ranges=shadow_ranges(),
        baselines=baselines(),
        whole_nodes=nodes(),
    )
    return replace(made, **changes)


def served_plan(**changes: Any) -> Plan:
    """The same plan, told that everything is served: 136 USD and no penalty."""
    lines = cost_lines()
    base = {
        "unserved": {},
        "penalty_usd": {"unserved": 0.0},
        "objective_usd": 136.0,
        "cost_lines": lines.loc[~lines["is_penalty"].astype(bool)],
        "baselines": {},
    }
    return plan(**{**base, **changes})


def impossible(**changes: Any) -> Plan:
    """No plan: two changes would each do, the first by 12.4 accelerators."""
    found = Diagnosis(
        (
            Relaxation("capacity", "own", 12.4, "accelerators", True, "pools.own.capacity_accelerators", 32.4),
            Relaxation("latency", "chat", 15.0, "ms", True, "workloads.chat.latency_objective_ms", 115.0),
        )
    )
    base = {
        "status": SolveStatus.INFEASIBLE,
        "tables": None,
        "certificate": None,
        "objective_usd": None,
        "diagnosis": found,
        "baselines": {},
        "unserved": {},
        "cost_usd": {},
        "penalty_usd": {},
        "whole_nodes": None,
        "shadow_prices": pd.DataFrame(columns=list(SHADOW_COLUMNS)),
    }
    return plan(**{**base, **changes})
