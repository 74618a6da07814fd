"""A plan with a queue, an elastic pool and jobs, small enough to work out by hand, made without a solver.

One block of four hours that occurs five times. One accelerator-hour does 3,600 requests of chat at 1,000 ms each, so
one at a time; chat wants p95 within 20,000 ms and at most 90 % load.

- own (10 H100 in Frankfurt, always on): chat is 4 busy of 8 assigned in hours 0 to 2, 1 of 2 in hour 3; preparation 2
  in hour 0 and 1 in hour 1 (2 shards per accelerator-hour); training 8 in hour 3, which do the work of 6.
- burst (20 H100 on demand, 20 ms away, nodes of 4, lead time 1 h): provisioned 4, 8, 4, 0; chat is 3 busy of 4 in hour
  1; training is a gang of 4 in hour 2. Half of it is in maintenance in hour 2. A node costs 8 USD to start.

Preparation wants 8 shards in hours 0 and 1 and gets 6. Training (1 step per accelerator-hour) wants 10 steps in hours 1
to 3 and gets them; each step needs half a shard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from hybridplan.domain import Scenario, require
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    COST_LINE_COLUMNS,
    KEPT_COLUMNS,
    PROVISIONED_COLUMNS,
    QUANTITY_COLUMNS,
    ROUTE_COLUMNS,
    SHADOW_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    Certificate,
    Plan,
    PlanTables,
    SolverRun,
    SolveStatus,
    Unserved,
)

HOURS = [pd.Timestamp("2026-03-02T00:00:00Z") + pd.Timedelta(hours=h) for h in range(5)]


def document() -> dict[str, Any]:
    """The scenario as plain values."""
    pool = {"sku": "H100", "accelerators_per_node": 4}
    work = {"origin_site": "fra", "throughput": {"H100": {"units_per_accelerator_hour": 1.0}}}
    return {
        "schema_version": 1,
        "name": "Queues and jobs",
        "policy": {"queue_form": "tangents"},
        "horizon": {"blocks": {"b": {"start": "2026-03-02T00:00:00Z", "periods": 4, "weight": 5.0}}},
        "sites": {
            "fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE"},
            "cld": {"name": "Cloud West", "kind": "public", "provider": "cloud", "jurisdiction": "IE"},
        },
        "links": {
            "out": {"from_site": "fra", "to_site": "cld", "round_trip_ms": 20.0},
            "back": {"from_site": "cld", "to_site": "fra", "round_trip_ms": 20.0},
        },
        "pools": {
            "own": pool
            | {"name": "fra-private", "site": "fra", "purchase_option": "owned", "capacity_accelerators": 10.0}
            | {"price_usd_per_accelerator_hour": 1.0},
            "burst": pool
            | {"name": "cloud-burst", "site": "cld", "purchase_option": "on_demand", "capacity_accelerators": 20.0}
            | {"price_usd_per_accelerator_hour": 3.0, "lead_time_hours": 1.0, "ramp_up_accelerators_per_hour": 4.0}
            | {"start_usd_per_node": 8.0, "up_share": {"b": [1.0, 1.0, 0.5, 1.0]}},
        },
        "workloads": {
            "chat": work
            | {"name": "Chat", "kind": "inference", "unit": "requests", "unserved_usd_per_unit": 1.0}
            | {"demand_units_per_hour": {"b": [14400.0, 25200.0, 14400.0, 3600.0]}, "max_load_share": 0.9}
            | {"throughput": {"H100": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}}
            | {"latency_objective_ms": 20000.0, "latency_statistic": "p95"},
            "prep": work
            | {"name": "Preparation", "kind": "data", "unit": "shards", "flexibility": "deferrable"}
            | {"throughput": {"H100": {"units_per_accelerator_hour": 2.0}}, "unserved_usd_per_unit": 5.0}
            | {"windows": {"w": _window(0, 2, 8.0)}},
            "train": work
            | {"name": "Training", "kind": "training", "unit": "steps", "flexibility": "deferrable"}
            | {"unserved_usd_per_unit": 9.0, "after": "prep", "after_units_per_unit": 0.5, "whole_replicas": True}
            | {"throughput": {"H100": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 4}}}
            | {"windows": {"w": _window(1, 4, 10.0)}}
            | {
                "scaling": {
                    "a": {"accelerators": 4.0, "efficiency_share": 1.0},
                    "b": {"accelerators": 8.0, "efficiency_share": 0.75},
                }
            },
        },
    }


def _window(first: int, last: int, volume: float) -> dict[str, Any]:
    edges = {"start": HOURS[first].isoformat(), "end": HOURS[last].isoformat()}
    return {"block": "b", "volume_units": volume, **edges}


def scenario(**changes: Any) -> Scenario:
    """The scenario, with top-level fields of the document replaced."""
    return require({**document(), **changes})


def tables() -> PlanTables:
    """The decisions of the module's docstring."""
    rows = [
        ("chat", "own", "b", HOURS[0], 4.0, 8.0, 14400.0),
        ("prep", "own", "b", HOURS[0], 2.0, 2.0, 4.0),
        ("chat", "own", "b", HOURS[1], 4.0, 8.0, 14400.0),
        ("chat", "burst", "b", HOURS[1], 3.0, 4.0, 10800.0),
        ("prep", "own", "b", HOURS[1], 1.0, 1.0, 2.0),
        ("chat", "own", "b", HOURS[2], 4.0, 8.0, 14400.0),
        ("train", "burst", "b", HOURS[2], 4.0, 4.0, 4.0),
        ("chat", "own", "b", HOURS[3], 1.0, 2.0, 3600.0),
        ("train", "own", "b", HOURS[3], 8.0, 8.0, 6.0),
    ]
    own = [("own", "b", HOURS[h], 10.0, 10.0, busy) for h, busy in enumerate((6.0, 5.0, 4.0, 9.0))]
    made = ((4.0, 20.0, 0.0), (8.0, 20.0, 3.0), (4.0, 10.0, 4.0), (0.0, 20.0, 0.0))
    burst = [("burst", "b", HOURS[h], n, most, busy) for h, (n, most, busy) in enumerate(made)]
    return PlanTables(
        allocation=pd.DataFrame(rows, columns=list(ALLOCATION_COLUMNS)),
        provisioned=pd.DataFrame([*own, *burst], columns=list(PROVISIONED_COLUMNS)),
        unserved_hourly=pd.DataFrame(columns=list(UNSERVED_HOURLY_COLUMNS)),
        unserved_windows=pd.DataFrame([("prep", "w", 2.0)], columns=list(UNSERVED_WINDOW_COLUMNS)),
        kept=pd.DataFrame([("own", 10.0)], columns=list(KEPT_COLUMNS)),
    )


def routes() -> pd.DataFrame:
    """All pairs are allowed. Chat: between the loads 0.80 (3.75 / 0.2 = 18.75 s) and 0.85 (3.809 / 0.15 = 25.4 s) the
    factor is at most 3.809, so 20 s allow a load of 1 - 3.809 / 20 = 0.80955; at no load the factor is 2.996."""
    far = 1 - 3809.0 / 19980.0
    rows = [
        ("chat", "own", True, "", "", 3600.0, 2996.0, False, 0.0, 1000.0, 1 - 3809.0 / 20000.0),
        ("chat", "burst", True, "", "", 3600.0, 3016.0, False, 20.0, 1000.0, far),
        ("prep", "own", True, "", "", 2.0, 0.0, False, 0.0, 0.0, 1.0),
        ("prep", "burst", True, "", "", 2.0, 20.0, False, 20.0, 0.0, 1.0),
        ("train", "own", True, "", "", 1.0, 0.0, False, 0.0, 0.0, 1.0),
        ("train", "burst", True, "", "", 1.0, 20.0, False, 20.0, 0.0, 1.0),
    ]
    return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))


def shadow_prices() -> pd.DataFrame:
    """A millisecond for chat is worth something on both routes in hour 1; growth in hours 0 and 1; and definitions."""
    rows = [
        ("latency", "chat", "b", HOURS[1], 3.0, "ms", 5.0),
        ("latency", "chat", "b", HOURS[1], 2.0, "ms", 5.0),
        ("ramp_up", "burst", "b", HOURS[0], 10.0, "accelerators per hour", 5.0),
        ("ramp_up", "burst", "b", HOURS[1], 10.0, "accelerators per hour", 5.0),
        ("provisioning", "burst", "b", HOURS[1], 15.0, "accelerators", 5.0),
        ("provisioning", "burst", "b", HOURS[1], 15.0, "accelerators", 5.0),
        ("scaling", "train/own", "b", HOURS[3], 4.0, "accelerators", 5.0),
    ]
    return pd.DataFrame(rows, columns=list(SHADOW_COLUMNS))


def plan(**changes: Any) -> Plan:
    """The plan of the module's docstring: 10 nodes started in all cost 80 USD; 1,000 USD, of it 50 for slow scaling."""
    quantities = pd.DataFrame(
        [("own", 120.0, 200.0, 200.0, 0.0, 0.0), ("burst", 35.0, 80.0, 350.0, 0.0, 0.0)],
        columns=list(QUANTITY_COLUMNS),
    )
    lines = [
        ("owned_fixed", False, "", "own", 200.0),
        ("usage", False, "", "burst", 240.0),
        ("start", False, "", "burst", 80.0),
        ("unserved", True, "prep", "", 480.0),
    ]
    made = Plan(
        scenario=scenario(),
        status=SolveStatus.OPTIMAL,
        solver=SolverRun("HiGHS", "1.16.0", 0.02, 0.05, 60.0, 12, 8),
        routes=routes(),
        tables=tables(),
        certificate=Certificate(True, 321, 3e-13, "", 1000.0, 8e-9, "weak duality", 1000.0),
        objective_usd=1000.0,
        constant_usd=200.0,
        cost_usd={"owned_fixed": 200.0, "usage": 240.0, "start": 80.0},
        penalty_usd={"unserved": 480.0},
        cost_lines=pd.DataFrame([(*line, "", "") for line in lines], columns=list(COST_LINE_COLUMNS)),
        quantities=quantities,
        unserved={"prep": Unserved(10.0, "shards", 0.25)},
        shadow_prices=shadow_prices(),
        instant_objective_usd=950.0,
    )
    return replace(made, **changes)


def changed(path: str, value: Any) -> Scenario:
    """The scenario with one field replaced, e.g. ``workloads.chat.max_load_share``."""
    made = document()
    *parents, name = path.split(".")
    here = made
    for key in parents:
        here = here[key]
    here[name] = value
    return require(made)
