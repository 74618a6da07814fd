"""A scenario whose plan commits, buys and copies, for pages and reports: four seasons of four hours each."""

from __future__ import annotations

from typing import Any

STARTS = {"q1": "2027-01-04", "q2": "2027-04-05", "q3": "2027-07-05", "q4": "2027-10-04"}
LABELS = {"q1": "Winter", "q2": "Spring", "q3": "Summer", "q4": "Autumn"}
SHAPE = {"q1": (13.0, 18.0, 22.0, 14.0), "q2": (21.0, 24.0, 28.0, 22.0), "q3": (18.0, 24.0, 30.0, 20.0)}
"""Accelerators that chat needs in each hour."""


def estate() -> dict[str, Any]:
    """Own H100 that retire in summer, more to buy; committed and rented H100 in a cloud, a savings plan; data there."""
    pool = {"sku": "H100", "accelerators_per_node": 4}
    site = {"kind": "public", "provider": "cloud", "jurisdiction": "IE", "storage_usd_per_gb_month": 0.03}
    link = {"round_trip_ms": 5.0, "usd_per_gb": 0.05, "gbps": 10.0}
    line = {"max_private_gbps": 5.0, "private_usd_per_gbps_hour": 0.1, "private_usd_per_gb": 0.01}
    return {
        "schema_version": 1,
        "name": "Estate to buy for",
        "horizon": {
            "blocks": {
                key: {"start": f"{day}T00:00:00Z", "periods": 4, "weight": 547.5, "label": LABELS[key]}
                for key, day in STARTS.items()
            }
        },
        "sites": {
            "fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE", "pue": 1.2}
            | {"electricity_usd_per_kwh": 0.1, "storage_usd_per_gb_month": 0.02}
            | {"rack_units_limit": 40.0, "it_power_limit_kw": 30.0},
            "cld": site | {"name": "Cloud West"},
            "far": site | {"name": "Cloud North", "provider": "north", "jurisdiction": "SE"},
        },
        "links": {
            "out": link | line | {"from_site": "fra", "to_site": "cld"},
            "back": link | {"from_site": "cld", "to_site": "fra"},
            "north": link | {"from_site": "fra", "to_site": "far"},
            "south": link | {"from_site": "far", "to_site": "fra"},
            "over": link | {"from_site": "cld", "to_site": "far"},
        },
        "pools": {
            "own": pool
            | {"name": "Own H100", "site": "fra", "purchase_option": "owned", "capacity_accelerators": 4.0}
            | {"price_usd_per_accelerator_hour": 1.0, "price_includes_energy": False, "busy_kw": 1.0, "idle_kw": 0.4}
            | {"retires": f"{STARTS['q3']}T00:00:00Z", "rack_units_per_accelerator": 2.0},
            "base": pool
            | {"name": "Cloud base", "site": "cld", "purchase_option": "reserved", "capacity_accelerators": 0.0}
            | {"price_usd_per_accelerator_hour": 0.0},
            "rent": pool
            | {"name": "Cloud rent", "site": "cld", "purchase_option": "on_demand", "capacity_accelerators": 100.0}
            | {"price_usd_per_accelerator_hour": 4.0},
        },
        "commitments": {
            "steady": {"name": "Steady", "pool": "base", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 2.0}
            | {"max_new_accelerators": 4.0, "term_years": 1.0, "upfront_share": 0.5, "price_source": "offer"}
            | {"price_date": "2026-10-01"},
        },
        "spend_commitments": {
            "plan": {"name": "Savings plan", "max_new_usd_per_hour": 40.0, "term_years": 3.0}
            | {"rates_usd_per_accelerator_hour": {"rent": 2.8}},
        },
        "expansions": {
            "nodes": {"name": "New nodes", "pool": "own", "max_accelerators": 8.0, "lead_time_blocks": 1}
            | {"capex_usd_per_accelerator": 25000.0, "interest_rate": 0.05, "life_years": 4.0}
            | {"staff_usd_per_accelerator_year": 300.0, "space_usd_per_accelerator_year": 200.0}
            | {"price_source": "offer", "price_date": "2026-11-01"},
        },
        "datasets": {
            "images": {"name": "Images", "home_site": "fra", "size_gb": 900.0, "change_gb_per_hour": 9.0}
            | {"copies": {"cld": {"state": "present"}, "far": {}}, "min_copies": 3, "first_copy_gbps": 2.0}
            | {"allowed_jurisdictions": ["DE", "IE", "SE"]},
        },
        "workloads": {
            "chat": {"name": "Chat", "kind": "inference", "unit": "requests", "origin_site": "fra"}
            | {"unserved_usd_per_unit": 1.0, "ingress_gb_per_unit": 0.01, "datasets": ["images"]}
            | {"throughput": {"H100": {"units_per_accelerator_hour": 1000.0}}}
            | {"result_gb_per_unit": 0.001, "result_kept_hours": 730.0, "backup_sites": ["cld", "fra"]}
            | {"demand_units_per_hour": {key: [1000.0 * n for n in SHAPE.get(key, SHAPE["q3"])] for key in STARTS}},
        },
    }
