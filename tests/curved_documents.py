"""Small random scenarios with prices and caps on mean latency and with squared balance."""

from __future__ import annotations

from typing import Any

import numpy as np
from builders import START, one_site, pool, rigid


def curved_document(seed: int, *, caps: bool = True) -> dict[str, Any]:
    """One to three pools at two sites, one or two rigid workloads, one or two hours; always a curve and some demand."""
    rng = np.random.default_rng([seed, 13])
    periods, weight = int(rng.integers(1, 3)), float(rng.choice([1.0, 13.0]))
    pools = {f"p{i}": _pool(rng) for i in range(rng.integers(1, 4))}
    workloads = {f"w{i}": _work(rng, periods, caps) for i in range(rng.integers(1, 3))}
    policy: dict[str, Any] = {}
    has_owned = any(made["purchase_option"] == "owned" for made in pools.values())
    if has_owned and rng.random() < 0.5:
        policy["balance"] = {"form": "squared", "weight_usd_per_hour": float(rng.choice([0.3, 3.0]))}
    return {
        "schema_version": 1,
        "name": f"curved {seed}",
        "horizon": {"blocks": {"b": {"start": START, "periods": periods, "weight": weight}}},
        "sites": {
            **one_site(electricity_usd_per_kwh=0.3),
            "there": {"kind": "public", "provider": "x", "jurisdiction": "US", "electricity_usd_per_kwh": 0.2},
        },
        "pools": pools,
        "workloads": workloads,
        "links": {
            "out": {"from_site": "here", "to_site": "there", "round_trip_ms": float(rng.choice([5.0, 40.0]))},
        },
        "policy": policy,
    }


def _pool(rng: np.random.Generator) -> dict[str, Any]:
    owned = bool(rng.random() < 0.5)
    fields: dict[str, Any] = {"busy_kw": 1.0, "idle_kw": 0.3, "price_includes_energy": not owned}
    if owned:
        fields["can_power_down"] = bool(rng.random() < 0.5)
        fields["owned_cost"] = str(rng.choice(["sunk", "avoidable"]))
    elif rng.random() < 0.3:
        fields["ramp_up_accelerators_per_hour"] = 4.0
    fields["site"] = "here" if owned else str(rng.choice(["here", "there"]))
    size, price = float(rng.integers(5, 40)), float(rng.uniform(0.3, 3.0))
    return pool("owned" if owned else "on_demand", size, price, **fields)


def _work(rng: np.random.Generator, periods: int, caps: bool) -> dict[str, Any]:
    rate, service = float(rng.choice([1.0, 60.0])), float(rng.choice([10.0, 200.0]))
    kind = str(rng.choice(["price", "cap", "both"] if caps else ["price"]))
    fields: dict[str, Any] = {
        "throughput": {"gpu": {"units_per_accelerator_hour": rate, "service_ms": service}},
        "unserved_usd_per_unit": float(rng.choice([2.0, 40.0])) / rate,
        "max_load_share": float(rng.choice([0.95, 0.7])),
    }
    if kind in ("price", "both"):
        # A second of waiting is worth up to about an accelerator-hour per request.
        fields["congestion_usd_per_unit_second"] = float(rng.choice([0.05, 0.5, 5.0])) / rate * 1000 / service
    if kind in ("cap", "both"):
        fields["mean_latency_cap_ms"] = service * float(rng.choice([1.2, 2.0, 4.0]))
    if rng.random() < 0.3:
        fields["latency_objective_ms"], fields["latency_statistic"] = 45 + 3 * service, "mean"
    demand = [float(x) * rate for x in rng.integers([1, 0][:periods], 25)]
    return rigid(demand, **fields)
