"""One scenario in which every field of what may be committed, bought or kept has a value of its own."""

from __future__ import annotations

from typing import Any

from builders import pool, rigid

QUARTERS = {"q1": "2026-01-05T00:00:00+00:00", "q2": "2026-04-06T00:00:00+00:00"}


def full_estate() -> dict[str, Any]:
    """Two blocks of two hours; three sites, all purchase options, tiers, private line, commitments of both kinds,
    an expansion, a dataset with copies, results with a backup. No check objects to it."""
    return {
        "schema_version": 1,
        "name": "full estate",
        "horizon": {"blocks": {key: {"start": start, "periods": 2, "weight": 13} for key, start in QUARTERS.items()}},
        "sites": _sites(),
        "pools": _pools(),
        "workloads": {
            "w": rigid(
                [],
                demand_units_per_hour={key: [4, 9] for key in QUARTERS},
                datasets=["corpus"],
                result_gb_per_unit=0.5,
                result_kept_hours=730,
                backup_sites=["far", "near"],
                backup_apart="provider",
            )
        },
        "links": _links(),
        "commitments": {
            "c1": {
                "name": "one year",
                "pool": "res",
                "accelerators": 2,
                "fee_usd_per_accelerator_hour": 1.9,
                "max_new_accelerators": 8,
                "min_new_accelerators": 1,
                "term_years": 1,
                "upfront_share": 0.5,
                "starts": QUARTERS["q1"],
                "ends": "2027-01-01T00:00:00+00:00",
                "price_source": "offer",
                "price_date": "2026-01-02",
                "notes": "first",
            }
        },
        "spend_commitments": {
            "plan": {
                "name": "savings",
                "usd_per_hour": 3.5,
                "max_new_usd_per_hour": 20,
                "min_new_usd_per_hour": 0.25,
                "rates_usd_per_accelerator_hour": {"od": 2.5, "od-near": 2.75},
                "term_years": 3,
                "upfront_share": 0.25,
                "starts": QUARTERS["q1"],
                "ends": "2027-06-01T00:00:00+02:00",
                "price_source": "list",
                "price_date": "2026-02-02",
                "notes": "second",
            }
        },
        "expansions": {
            "grow": {
                "name": "more of the same",
                "pool": "own",
                "max_accelerators": 16,
                "min_accelerators": 2,
                "capex_usd_per_accelerator": 30000,
                "interest_rate": 0.06,
                "life_years": 5,
                "salvage_share": 0.1,
                "staff_usd_per_accelerator_year": 900,
                "space_usd_per_accelerator_year": 350.5,
                "lead_time_blocks": 1,
                "price_source": "quote",
                "price_date": "2026-03-03",
                "notes": "third",
            }
        },
        "datasets": {
            "corpus": {
                "name": "training data",
                "home_site": "here",
                "size_gb": 900,
                "change_gb_per_hour": 1.5,
                "copies": {"near": {"state": "present"}, "far": {"state": "planned"}, "relay": {}},
                "min_copies": 2,
                "copies_apart": "provider",
                "relay_sites": ["relay"],
                "first_copy_gbps": 1,
                "allowed_jurisdictions": ["DE", "NL"],
                "required_attributes": ["safe"],
                "notes": "fourth",
            }
        },
    }


def _sites() -> dict[str, Any]:
    def site(kind: str, provider: str, jurisdiction: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "provider": provider,
            "jurisdiction": jurisdiction,
            "grid_carbon_g_per_kwh": 300,
            "storage_usd_per_gb_month": 0.02,
            "attributes": ["safe"],
        }

    limits = {"it_power_limit_kw": 400, "rack_units_limit": 90}
    return {
        "here": {**site("private", "own", "DE"), **limits},
        "near": site("public", "acme", "DE"),
        "far": site("public", "acme", "NL"),
        "relay": site("edge", "carrier", "DE"),
    }


def _pools() -> dict[str, Any]:
    tiers = {
        "t2": {"from_quantity": 40, "usd_per_accelerator_hour": 2.5},
        "t1": {"from_quantity": 20, "usd_per_accelerator_hour": 3.25},
    }
    return {
        "own": pool("owned", 10, 1.0, rack_units_per_accelerator=2, busy_kw=1, idle_kw=0.25, retires=QUARTERS["q2"]),
        "od": pool("on_demand", 100, 4.0, site="far"),
        "od-near": pool("on_demand", 100, 4.5, site="near"),
        "tiered": pool("on_demand", 100, 4.0, site="near", price_tiers=tiers, tier_form="volume", tier_basis="hour"),
        "res": pool("reserved", 0, 0, site="far"),
    }


def _links() -> dict[str, Any]:
    def link(start: str, end: str, **fields: Any) -> tuple[str, dict[str, Any]]:
        return f"{start}>{end}", {"from_site": start, "to_site": end, "round_trip_ms": 5, "gbps": 10, **fields}

    private = {
        "usd_per_gb": 0.05,
        "usd_per_hour": 0.75,
        "max_private_gbps": 40,
        "private_usd_per_gbps_hour": 0.5,
        "private_usd_per_hour": 2.25,
        "private_usd_per_gb": 0.01,
    }
    there = [link("here", site) for site in ("near", "relay")] + [link("here", "far", **private)]
    back = [link(site, "here") for site in ("near", "far", "relay")]
    return dict([*there, *back, link("relay", "far"), link("near", "far")])
