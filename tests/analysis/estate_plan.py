"""A plan with commitments, hardware, a private line and a dataset, small enough to work out by hand, without a solver.

A year of four blocks of two hours that each occur 1,095 times: 4 x 2 x 1,095 = 8,760 hours. In every block the first
hour is the peak, the second the trough.

- own: 8 H100 in Frankfurt (sunk, 2 rack units and 1 kW busy, 0.4 kW idle each, electricity 0.10 USD/kWh, PUE 1.2),
  which retire with the third quarter. The expansion buys 7.5 of up to 16, which come in the second quarter: capex
  20,000 USD over 4 years at no interest is 5,000 USD a year; staff 300 and space 200 make it 5,500 USD a year. Nodes of
  8. Load 8 and 4 in q1, 15.5 and 4 in q2, 7.5 and 4 in q3 and q4.
- base: committed H100 in the cloud. Steady holds 4 and adds 2 at 2 USD (1 year, half upfront), from q1 on. Ending holds
  2 at 2.50 USD until q3 (no upfront). So 8 in q1 and q2, 6 in q3 and q4; load 8 and 3, then 6 and 3.
- rent: H100 on demand there at 4 USD: 4 and 0 in q1 and q2, 6 and 0 in q3 and q4.
- other: A100 on demand elsewhere at 3 USD: 3 and 1 in every block.
- The savings plan holds 3 USD an hour and adds 6, from q2 on; rates 2.80 (rent) and 2 (other). At each peak it covers
  2 of rent and 1.7 of other (5.6 + 3.4 = 9), at each trough 1 of other (2).
- A private line to the cloud of 2 Gbit/s (up to 10) at 0.50 USD per Gbit/s and hour and 1 USD an hour, data 0.01 USD/GB
  in place of 0.05. 100 GB/h go over it at each peak.
- The dataset of 900 GB lives in Frankfurt and changes by 9 GB/h; a copy is chosen in the cloud, one is planned far away
  (through the cloud).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from hybridplan.domain import Scenario, require
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    COPY_COLUMNS,
    COST_LINE_COLUMNS,
    COVERED_COLUMNS,
    KEPT_COLUMNS,
    PRIVATE_FLOW_COLUMNS,
    PROVISIONED_COLUMNS,
    PURCHASE_COLUMNS,
    QUANTITY_COLUMNS,
    ROUTE_COLUMNS,
    SYNC_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    Certificate,
    Plan,
    PlanTables,
    SolverRun,
    SolveStatus,
)

STARTS = {"q1": "2026-01-05", "q2": "2026-04-06", "q3": "2026-07-06", "q4": "2026-10-05"}
OWN = {"q1": (8.0, 4.0), "q2": (15.5, 4.0), "q3": (7.5, 4.0), "q4": (7.5, 4.0)}
STANDING = {"q1": 8.0, "q2": 15.5, "q3": 7.5, "q4": 7.5}
BASE = {"q1": (8.0, 3.0), "q2": (8.0, 3.0), "q3": (6.0, 3.0), "q4": (6.0, 3.0)}
COMMITTED = {"q1": 8.0, "q2": 8.0, "q3": 6.0, "q4": 6.0}
RENT = {"q1": (4.0, 0.0), "q2": (4.0, 0.0), "q3": (6.0, 0.0), "q4": (6.0, 0.0)}
OTHER = dict.fromkeys(STARTS, (3.0, 1.0))


def document() -> dict[str, Any]:
    """The scenario as plain values."""
    pool = {"sku": "H100", "accelerators_per_node": 8}
    owned = {"name": "Own H100", "site": "fra", "purchase_option": "owned", "capacity_accelerators": 8.0}
    owned |= {"price_usd_per_accelerator_hour": 1.0, "price_includes_energy": False, "busy_kw": 1.0, "idle_kw": 0.4}
    owned |= {"retires": _at("q3"), "rack_units_per_accelerator": 2.0}
    free = {"capacity_accelerators": 0.0, "price_usd_per_accelerator_hour": 0.0}
    speed = {"units_per_accelerator_hour": 1.0}
    return {
        "schema_version": 1,
        "name": "Estate",
        "horizon": {"blocks": {key: {"start": _at(key), "periods": 2, "weight": 1095.0} for key in STARTS}},
        "sites": {
            "fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE", "pue": 1.2}
            | {"electricity_usd_per_kwh": 0.1, "storage_usd_per_gb_month": 0.02}
            | {"rack_units_limit": 40.0, "it_power_limit_kw": 20.0},
            "cld": {"name": "Cloud West", "kind": "public", "provider": "cloud", "jurisdiction": "IE"}
            | {"storage_usd_per_gb_month": 0.03},
            "far": {"name": "Far", "kind": "public", "provider": "other", "jurisdiction": "US"}
            | {"storage_usd_per_gb_month": 0.01},
        },
        "links": {
            "out": {"from_site": "fra", "to_site": "cld", "round_trip_ms": 5.0, "usd_per_gb": 0.05, "gbps": 10.0}
            | {"max_private_gbps": 10.0, "private_usd_per_gbps_hour": 0.5, "private_usd_per_hour": 1.0}
            | {"private_usd_per_gb": 0.01},
            "on": {"from_site": "cld", "to_site": "far", "round_trip_ms": 5.0, "usd_per_gb": 0.02},
        },
        "pools": {
            "own": pool | owned,
            "base": pool | free | {"name": "Cloud base", "site": "cld", "purchase_option": "reserved"},
            "rent": pool
            | {"name": "Cloud rent", "site": "cld", "purchase_option": "on_demand", "capacity_accelerators": 100.0}
            | {"price_usd_per_accelerator_hour": 4.0},
            "other": {"name": "Far rent", "site": "far", "sku": "A100", "purchase_option": "on_demand"}
            | {"capacity_accelerators": 100.0, "price_usd_per_accelerator_hour": 3.0},
        },
        "commitments": {
            "steady": {"name": "Steady", "pool": "base", "accelerators": 4.0, "fee_usd_per_accelerator_hour": 2.0}
            | {"max_new_accelerators": 8.0, "term_years": 1.0, "upfront_share": 0.5}
            | {"price_source": "price list", "price_date": "2025-12-01"},
            "ending": {"name": "Ending", "pool": "base", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 2.5}
            | {"ends": _at("q3")},
        },
        "spend_commitments": {
            "plan": {"name": "Savings plan", "usd_per_hour": 3.0, "max_new_usd_per_hour": 9.0, "starts": _at("q2")}
            | {"rates_usd_per_accelerator_hour": {"rent": 2.8, "other": 2.0}, "term_years": 3.0},
        },
        "expansions": {
            "nodes": {"name": "New nodes", "pool": "own", "max_accelerators": 16.0, "lead_time_blocks": 1}
            | {"capex_usd_per_accelerator": 20000.0, "interest_rate": 0.0, "life_years": 4.0, "salvage_share": 0.0}
            | {"staff_usd_per_accelerator_year": 300.0, "space_usd_per_accelerator_year": 200.0}
            | {"price_source": "offer", "price_date": "2025-11-01"},
        },
        "datasets": {
            "images": {"name": "Images", "home_site": "fra", "size_gb": 900.0, "change_gb_per_hour": 9.0}
            | {"copies": {"cld": {}, "far": {"state": "planned"}}, "relay_sites": ["cld"], "first_copy_gbps": 1.0},
        },
        "workloads": {
            "train": {"name": "Training", "kind": "inference", "unit": "steps", "origin_site": "fra"}
            | {"unserved_usd_per_unit": 99.0, "throughput": {"H100": speed, "A100": speed}, "datasets": ["images"]}
            | {"demand_units_per_hour": {key: list(_demand(key)) for key in STARTS}},
        },
    }


def _at(block: str) -> str:
    return f"{STARTS[block]}T00:00:00Z"


def _demand(block: str) -> tuple[float, float]:
    loads = (OWN[block], BASE[block], RENT[block], OTHER[block])
    return sum(load[0] for load in loads), sum(load[1] for load in loads)


def hours(block: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Peak and trough of a block."""
    first = pd.Timestamp(_at(block))
    return first, first + pd.Timedelta(hours=1)


def scenario(**changes: Any) -> Scenario:
    """The scenario, with top-level fields of the document replaced."""
    return require({**document(), **changes})


def tables() -> PlanTables:
    """The decisions of the module's docstring."""
    work, ready, covered, flow = [], [], [], []
    loads = {"own": OWN, "base": BASE, "rent": RENT, "other": OTHER}
    for block in STARTS:
        most = {"own": STANDING[block], "base": COMMITTED[block], "rent": 100.0, "other": 100.0}
        for place, start in enumerate(hours(block)):
            for pool, by_block in loads.items():
                load = by_block[block][place]
                if load:
                    work.append(("train", pool, block, start, load, load, load))
                on = STANDING[block] if pool == "own" else load
                ready.append((pool, block, start, on, most[pool], load))
            if block != "q1":
                taken = (("rent", 2.0), ("other", 1.7)) if place == 0 else (("other", 1.0),)
                covered += [("plan", pool, block, start, number) for pool, number in taken]
        flow.append(("out", block, hours(block)[0], 100.0))
    bought = [
        ("commitment", "steady", 2.0),
        ("spend_commitment", "plan", 6.0),
        ("expansion", "nodes", 7.5),
        ("private_line", "out", 2.0),
    ]
    return PlanTables(
        allocation=pd.DataFrame(work, columns=list(ALLOCATION_COLUMNS)),
        provisioned=pd.DataFrame(ready, columns=list(PROVISIONED_COLUMNS)),
        unserved_hourly=pd.DataFrame(columns=list(UNSERVED_HOURLY_COLUMNS)),
        unserved_windows=pd.DataFrame(columns=list(UNSERVED_WINDOW_COLUMNS)),
        kept=pd.DataFrame([("own", 8.0)], columns=list(KEPT_COLUMNS)),
        purchases=pd.DataFrame(bought, columns=list(PURCHASE_COLUMNS)),
        covered=pd.DataFrame(covered, columns=list(COVERED_COLUMNS)),
        private_flows=pd.DataFrame(flow, columns=list(PRIVATE_FLOW_COLUMNS)),
        copies=pd.DataFrame([("images", "cld"), ("images", "far")], columns=list(COPY_COLUMNS)),
        syncs=pd.DataFrame(
            [("images", "cld", "out", 1.0), ("images", "far", "out", 1.0), ("images", "far", "on", 1.0)],
            columns=list(SYNC_COLUMNS),
        ),
    )


def lines() -> pd.DataFrame:
    """What is paid, by the audit's rules.

    Steady: 6 x 2 x 8,760 = 105,120, used 1 at the peaks and 3/8 (q1, q2) or 3/6 (q3, q4) at the troughs: in the mean
    (1 + 0.375 + 1 + 0.375 + 1 + 0.5 + 1 + 0.5) / 8 = 0.71875, so 75,555 used and 29,565 not. Ending: 2 x 2.5 x 4,380 =
    21,900, used 0.6875: 15,056.25 and 6,843.75. Savings plan: 9 x 6,570 = 59,130; used 11 of 18 an hour pair: 36,135
    (18,396 for rent, 17,739 for other) and 22,995. Own: 8 x 1 x 4,380 = 35,040. Nodes: 7.5 x 5,500 / 8,760 x 6,570 =
    30,937.50. Usage: rent 4 x (4 + 2 + 4 + 4) x 1,095 = 61,320; other 3 x (4 + 3 x 1.3) x 1,095 = 25,951.50.
    """
    rows = [
        ("commitment", False, "", "base", 75555.0, "steady", ""),
        ("commitment", False, "", "base", 29565.0, "steady", "unused"),
        ("commitment", False, "", "base", 15056.25, "ending", ""),
        ("commitment", False, "", "base", 6843.75, "ending", "unused"),
        ("commitment", False, "", "rent", 18396.0, "plan", ""),
        ("commitment", False, "", "other", 17739.0, "plan", ""),
        ("commitment", False, "", "", 22995.0, "plan", "unused"),
        ("owned_fixed", False, "", "own", 35040.0, "", ""),
        ("expansion", False, "", "own", 30937.5, "nodes", ""),
        ("usage", False, "train", "rent", 61320.0, "", ""),
        ("usage", False, "train", "other", 25951.5, "", ""),
        ("link_fixed", False, "", "", 17520.0, "out", ""),
        ("storage", False, "", "", 648.0, "images", ""),
    ]
    return pd.DataFrame(rows, columns=list(COST_LINE_COLUMNS))


def routes() -> pd.DataFrame:
    """Every pool may do the work."""
    rows = [("train", pool, True, "", "", 1.0, 0.0, False, 0.0, 0.0, 1.0) for pool in ("own", "base", "rent", "other")]
    return pd.DataFrame(rows, columns=list(ROUTE_COLUMNS))


def plan(**changes: Any) -> Plan:
    """The plan of the module's docstring."""
    found = lines()
    cost = {str(term): float(usd) for term, usd in found.groupby("term", sort=False)["usd"].sum().items()}
    quantities = pd.DataFrame(
        [(pool, 1.0, 1.0, 1.0, 0.0, 0.0) for pool in ("own", "base", "rent", "other")], columns=list(QUANTITY_COLUMNS)
    )
    total = sum(cost.values())
    made = Plan(
        scenario=scenario(),
        status=SolveStatus.OPTIMAL,
        solver=SolverRun("HiGHS", "1.16.0", 0.02, 0.05, 60.0, 12, 8),
        routes=routes(),
        tables=tables(),
        certificate=Certificate(True, 321, 3e-13, "", total, 8e-9, "weak duality", total),
        objective_usd=total,
        cost_usd=cost,
        cost_lines=found,
        quantities=quantities,
    )
    return replace(made, **changes)
