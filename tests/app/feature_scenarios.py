"""Small scenarios with queues, elastic pools, jobs and whole things, for the pages."""

from __future__ import annotations

from typing import Any

START = "2026-06-01T00:00:00+00:00"
END = "2026-06-01T06:00:00+00:00"


def plain() -> dict[str, Any]:
    """Six hours of rigid work on one owned and one rented pool: no feature at all."""
    work = {"kind": "inference", "unit": "requests", "origin_site": "fra", "unserved_usd_per_unit": 1.0}
    pool = {"sku": "H100", "accelerators_per_node": 4}
    return {
        "schema_version": 1,
        "name": "Plain",
        "horizon": {"blocks": {"b": {"start": START, "periods": 6, "weight": 2.0}}, "time_zone": "Europe/Berlin"},
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
            | {"name": "fra-h100", "site": "fra", "purchase_option": "owned", "capacity_accelerators": 12.0}
            | {"price_usd_per_accelerator_hour": 1.0},
            "burst": pool
            | {"name": "cloud-h100", "site": "cld", "purchase_option": "on_demand", "capacity_accelerators": 24.0}
            | {"price_usd_per_accelerator_hour": 4.0},
        },
        "workloads": {
            "chat": work
            | {"name": "Chat", "demand_units_per_hour": {"b": [3600.0 * n for n in (2, 4, 9, 9, 5, 3)]}}
            | {"throughput": {"H100": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}}
        },
    }


def queues() -> dict[str, Any]:
    """Chat wants p95 within 20 s; a second service times its first token, in the mean."""
    made = plain()
    made["workloads"]["chat"] |= {"latency_objective_ms": 20000.0, "latency_statistic": "p95", "max_load_share": 0.9}
    speed = {"units_per_accelerator_hour": 20000.0, "prefill_tokens_per_second": 10000.0}
    made["workloads"]["assist"] = made["workloads"]["chat"] | {
        "name": "Assistant",
        "demand_units_per_hour": {"b": [20000.0] * 6},
        "throughput": {"H100": speed},
        "latency_point": "first_token",
        "prompt_tokens": 1000.0,
        "latency_objective_ms": 400.0,
        "latency_statistic": "mean",
    }
    return made


def curves() -> dict[str, Any]:
    """Latency has a price and a cap, uneven use has a price: cones."""
    made = queues()
    made["workloads"]["chat"] |= {"congestion_usd_per_unit_second": 1e-4}
    made["workloads"]["assist"] |= {"mean_latency_cap_ms": 300.0}
    made["policy"] = {"balance": {"form": "squared", "weight_usd_per_hour": 0.5}}
    return made


def elastic() -> dict[str, Any]:
    """The rented pool boots for an hour, grows slowly and pays for starts."""
    made = plain()
    made["pools"]["burst"] |= {"lead_time_hours": 1.0, "ramp_up_accelerators_per_hour": 3.0, "start_usd_per_node": 2.0}
    made["pools"]["own"]["capacity_accelerators"] = 4.0
    return made


def jobs() -> dict[str, Any]:
    """Training follows preparation, and gains less and less from more accelerators; a third job cannot be done."""
    made = plain()
    window = {"w": {"block": "b", "start": START, "end": END, "volume_units": 12.0}}
    job = {"kind": "training", "unit": "steps", "origin_site": "fra", "flexibility": "deferrable"}
    speed = {"throughput": {"H100": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 2}}}
    points = {"a": {"accelerators": 4.0, "efficiency_share": 1.0}, "b": {"accelerators": 8.0, "efficiency_share": 0.7}}
    made["workloads"] |= {
        "prep": job | speed | {"name": "Preparation", "windows": window, "unserved_usd_per_unit": 90.0},
        "train": job
        | speed
        | {"name": "Training", "windows": window, "unserved_usd_per_unit": 90.0, "scaling": points}
        | {"after": "prep", "after_units_per_unit": 0.5},
        "huge": job
        | speed
        | {"name": "Too much", "windows": {"w": window["w"] | {"volume_units": 999.0}}, "unserved_usd_per_unit": 0.1},
    }
    return made


def whole() -> dict[str, Any]:
    """All of it in whole nodes and gangs, at one site, with straight lines for the curves."""
    made = curves()
    made["workloads"] |= {key: work for key, work in jobs()["workloads"].items() if key != "chat"}
    made["workloads"]["train"] |= {"whole_replicas": True, "one_site": True}
    made["pools"]["burst"] |= elastic()["pools"]["burst"] | {"whole_nodes": True}
    made["policy"]["queue_form"] = "tangents"
    return made


FEATURES = {"queues": queues, "curves": curves, "elastic": elastic, "jobs": jobs, "whole": whole}
