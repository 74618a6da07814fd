"""The full estate with every field of failures, promises, providers and links at a value of its own."""

from __future__ import annotations

from typing import Any

from full_estate import full_estate

FAILURES: dict[str, dict[str, Any]] = {
    "dark": {"name": "fire", "kind": "site", "record": "here", "failures_per_year": 0.1, "repair_hours": 72},
    "grid": {"kind": "zone", "record": "grid-2"},
    "acme": {"kind": "provider", "record": "acme", "failures_per_year": 0.25},
    "cut": {"kind": "link", "record": "here>far", "failures_per_year": 2, "repair_hours": 0.5},
    "spot": {"kind": "spot", "failures_per_year": 12},
    "feed": {"name": "feed B", "kind": "group", "sites": ["relay"], "pools": ["od"], "links": ["relay>far"]},
}


def full_resilience() -> dict[str, Any]:
    """Failures of all six kinds, a cold promise, rules on providers, zones and link attributes. No check objects."""
    document = full_estate()
    document["sites"]["near"]["zone"] = "grid-2"
    document["sites"]["here"]["zone"] = "grid-1"
    document["pools"]["od"] |= {"zone": "hall-7", "ramp_up_accelerators_per_hour": 50, "lead_time_hours": 0.25}
    document["pools"]["spot"] = {
        **document["pools"]["od-near"],
        "purchase_option": "interruptible",
        "price_usd_per_accelerator_hour": 1.5,
    }
    document["pools"]["edge"] = {**document["pools"]["od-near"], "site": "relay"}
    for link in document["links"].values():
        link["attributes"] = ["encryption_in_transit", "private"]
    document["datasets"]["corpus"]["required_link_attributes"] = ["encryption_in_transit"]
    document["workloads"]["w"] |= {
        "promised_share": 0.5,
        "promise_form": "cold",
        "recovery_minutes": 30,
        "latency_objective_ms": 40,
        "latency_after_failure_ms": 90,
        "availability_objective_share": 0.999,
        "required_link_attributes": ["encryption_in_transit", "private"],
    }
    document["policy"] = {
        "provider_share_cap": 0.9,
        "provider_share_of": "rented_usd",
        "min_providers": 1,
        "max_providers": 1,
        "provider_counts_from_accelerator_hours": 2.5,
        "provider_fixed_usd_per_hour": {"acme": 1.25},
        "contingencies": {key: dict(failure) for key, failure in FAILURES.items()},
    }
    return document
