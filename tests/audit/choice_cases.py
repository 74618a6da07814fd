"""An estate in which everything is chosen that can be: bought, committed, covered, sent apart, copied, kept in sync.

Block ``a``: two periods of 1 h, weight 2; block ``b``: two of 2 h, weight 3, price factor 1.5. So g h = 2, 2, 6, 6 and
plan_hours = 16. One accelerator does one unit per hour. Work ``web`` sits at home:

    pool  where  busy       n           available   why
    own   home   4 4 6 6    4 4 6 6     4 4 6 6     4 retire with block b, when 6 arrive that are bought
    od    east   0 1 2 2    0 1 2 2     20 each     of block b 1 and 0.5 are covered at 1.25 USD, out of 1 + 0.25 USD
    res   east   0 3 2 1    0 3 2 1     5 5 3 3     c: 2 + 1 new; c2: 2, which end with block a

Demand 5, 8, 10, 10, so 1, 0, 0, 1 stay unserved. Nothing runs in the east in period 0: data ``d`` (900 GB at home) is
copied there at 2 Gbit/s = 900 GB/h, which takes 1 h, three quarters directly and one by the relay in the west.

GB per hour on ``out`` (home -> east): 50 per unit in the east = 0, 200, 200, 150, and 0.75 x 90 = 67.5 of changes, so
F = 67.5, 267.5, 267.5, 217.5; on its private line 67.5, 100, 267.5, 0; the first copy 0.75 x 900 = 675 in period 0,
which is all that 1.5 Gbit/s carry beside the private line. Results, 2 GB per unit, go to the west from home and home
from the east. ``m`` (100 GB in the west) is present in the east, and may be copied to home, but is not.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import pandas as pd
from audit_cases import merged
from audit_tables import labels, plan_of, stamped
from pydantic_core import to_json

from hybridplan.domain import Scenario, require
from hybridplan.plan import PlanTables

_RENTED = {"site": "east", "sku": "S"}

CHOICES: dict[str, Any] = {
    "schema_version": 1,
    "name": "Everything that can be chosen",
    "horizon": {
        "blocks": {
            "a": {"start": "2026-01-05T00:00:00Z", "periods": 2, "weight": 2.0},
            "b": {
                "start": "2026-07-06T00:00:00Z",
                "periods": 2,
                "period_hours": 2.0,
                "weight": 3.0,
                "price_factor": 1.5,
            },
        }
    },
    "sites": {
        "home": {
            "kind": "private",
            "provider": "own",
            "jurisdiction": "DE",
            "storage_usd_per_gb_month": 0.01,
            "it_power_limit_kw": 6.0,
            "rack_units_limit": 3.0,
        },
        "east": {"kind": "public", "provider": "acme", "jurisdiction": "DE", "storage_usd_per_gb_month": 0.02},
        "west": {"kind": "public", "provider": "bolt", "jurisdiction": "NL", "storage_usd_per_gb_month": 0.03},
    },
    "pools": {
        "own": {
            "site": "home",
            "sku": "S",
            "purchase_option": "owned",
            "capacity_accelerators": 4.0,
            "price_usd_per_accelerator_hour": 0.5,
            "retires": "2026-07-06T00:00:00Z",
            "rack_units_per_accelerator": 0.5,
            "busy_kw": 1.0,
            "idle_kw": 0.5,
            "whole_nodes": True,
            "accelerators_per_node": 2,
        },
        "od": {
            **_RENTED,
            "purchase_option": "on_demand",
            "capacity_accelerators": 20.0,
            "price_usd_per_accelerator_hour": 2.0,
        },
        "res": {
            **_RENTED,
            "purchase_option": "reserved",
            "capacity_accelerators": 0.0,
            "price_usd_per_accelerator_hour": 0.0,
        },
    },
    "commitments": {
        "c": {"pool": "res", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 1.0, "max_new_accelerators": 3.0},
        "c2": {
            "pool": "res",
            "accelerators": 2.0,
            "fee_usd_per_accelerator_hour": 0.5,
            "ends": "2026-07-06T00:00:00Z",
        },
    },
    "spend_commitments": {
        "s": {
            "usd_per_hour": 1.0,
            "max_new_usd_per_hour": 2.0,
            "rates_usd_per_accelerator_hour": {"od": 1.25},
            "starts": "2026-07-06T00:00:00Z",
        }
    },
    "expansions": {
        "e": {
            "pool": "own",
            "max_accelerators": 8.0,
            "capex_usd_per_accelerator": 8760.0,
            "interest_rate": 0.0,
            "life_years": 2.0,
            "salvage_share": 0.0,
            "staff_usd_per_accelerator_year": 876.0,
            "space_usd_per_accelerator_year": 876.0,
            "lead_time_blocks": 1,
        }
    },
    "datasets": {
        "d": {
            "home_site": "home",
            "size_gb": 900.0,
            "change_gb_per_hour": 90.0,
            "copies": {"east": {"state": "planned"}},
            "relay_sites": ["west"],
            "first_copy_gbps": 2.0,
        },
        "m": {
            "home_site": "west",
            "size_gb": 100.0,
            "copies": {"east": {"state": "present"}, "home": {"state": "choosable"}},
            "min_copies": 2,
            "copies_apart": "provider",
            "first_copy_gbps": 2.0,
        },
    },
    "workloads": {
        "web": {
            "kind": "inference",
            "origin_site": "home",
            "demand_units_per_hour": {"a": [5.0, 8.0], "b": [10.0, 10.0]},
            "unserved_usd_per_unit": 9.0,
            "throughput": {"S": {"units_per_accelerator_hour": 1.0}},
            "datasets": ["d"],
            "ingress_gb_per_unit": 50.0,
            "result_gb_per_unit": 2.0,
            "result_kept_hours": 365.0,
            "backup_sites": ["home", "west"],
        }
    },
    "links": {
        "out": {
            "from_site": "home",
            "to_site": "east",
            "round_trip_ms": 5.0,
            "usd_per_gb": 0.02,
            "gbps": 1.5,
            "usd_per_hour": 0.5,
            "max_private_gbps": 2.0,
            "private_usd_per_gbps_hour": 0.25,
            "private_usd_per_hour": 1.0,
            "private_usd_per_gb": 0.01,
        },
        "back": {"from_site": "east", "to_site": "home", "round_trip_ms": 5.0, "usd_per_gb": 0.04},
        "hw": {"from_site": "home", "to_site": "west", "round_trip_ms": 5.0, "usd_per_gb": 0.03},
        "we": {"from_site": "west", "to_site": "east", "round_trip_ms": 5.0, "usd_per_gb": 0.05},
        "wh": {"from_site": "west", "to_site": "home", "round_trip_ms": 5.0, "usd_per_gb": 0.03},
    },
}
BUSY = {
    ("web", "own"): [4.0, 4.0, 6.0, 6.0],
    ("web", "od"): [0.0, 1.0, 2.0, 2.0],
    ("web", "res"): [0.0, 3.0, 2.0, 1.0],
}
AVAILABLE = {"own": [4.0, 4.0, 6.0, 6.0], "res": [5.0, 5.0, 3.0, 3.0]}
PURCHASES = {
    ("commitment", "c"): 1.0,
    ("spend_commitment", "s"): 0.25,
    ("expansion", "e"): 6.0,
    ("private_line", "out"): 1.0,
}
COVERED = [0.0, 0.0, 1.0, 0.5]
PRIVATE = [67.5, 100.0, 267.5, 0.0]
COPIES = [("d", "east"), ("m", "east")]
SYNCS = {("d", "east", "out"): 0.75, ("d", "east", "hw"): 0.25, ("d", "east", "we"): 0.25}


def choices(*changes: dict[str, Any]) -> Scenario:
    """The estate with changes, one after the other."""
    return require(_document(*changes))


def unchecked(*changes: dict[str, Any]) -> Scenario:
    """The same where the checks of inputs would object: the audit must find what is wrong by itself."""
    return Scenario.model_validate_json(to_json(_document(*changes)))


def _document(*changes: dict[str, Any]) -> Any:
    return reduce(merged, changes, CHOICES)


def chosen(
    scenario: Scenario,
    *,
    busy: dict[tuple[str, str], list[float]] | None = None,
    available: dict[str, list[float]] | None = None,
    purchases: dict[tuple[str, str], float] | None = None,
    covered: list[float] | None = None,
    private: list[float] | None = None,
    copies: list[tuple[str, str]] | None = None,
    syncs: dict[tuple[str, str, str], float] | None = None,
) -> PlanTables:
    """The plan of the module's docstring, with parts replaced."""
    plan = plan_of(scenario, BUSY | (busy or {}), available=AVAILABLE | (available or {}))
    bought = PURCHASES | (purchases or {})
    shares = SYNCS | (syncs or {})
    return replace(
        plan,
        purchases=pd.DataFrame(
            [(*key, value) for key, value in bought.items()], columns=["kind", "record", "quantity"]
        ),
        covered=by_period(
            scenario, ("spend_commitment", "pool"), ("s", "od"), "accelerators_covered", covered or COVERED
        ),
        private_flows=by_period(scenario, ("link",), ("out",), "gb_per_hour", private or PRIVATE),
        copies=pd.DataFrame(COPIES if copies is None else copies, columns=["dataset", "site"]),
        syncs=pd.DataFrame(
            [(*key, value) for key, value in shares.items() if value], columns=["dataset", "site", "link", "share"]
        ),
    )


def by_period(
    scenario: Scenario, columns: tuple[str, ...], ids: tuple[str, ...], number: str, values: list[float]
) -> pd.DataFrame:
    """Rows of every value that is not 0."""
    rows = [
        (*ids, block, start, value) for (block, start, _), value in zip(labels(scenario), values, strict=True) if value
    ]
    return stamped(pd.DataFrame(rows, columns=[*columns, "block", "period_start", number]))
