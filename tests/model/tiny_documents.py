"""Tiny random scenarios with whole nodes, replicas and sites, small enough to try every whole number."""

from __future__ import annotations

from typing import Any

import numpy as np
from builders import START, deferrable, one_site, pool, rigid

SHAPES = ("rigid", "two_rigid", "gang", "two_gangs", "gang_and_rigid", "job", "gang_job")
ELASTIC = (
    "ramp_up_accelerators_per_hour",
    "ramp_down_accelerators_per_hour",
    "lead_time_hours",
    "min_provisioned_accelerators",
    "min_on_hours",
    "start_usd_per_node",
    "initial_provisioned_accelerators",
)


def tiny_document(seed: int) -> dict[str, Any]:
    """One or two pools and workloads, one to three hours, at least one whole thing."""
    rng = np.random.default_rng([seed, 11])
    shape = SHAPES[seed % len(SHAPES)]
    periods = int(rng.integers(1, 3 if "gang" in shape else 4))
    pools = {f"p{i}": _pool(rng, i, periods, shape) for i in range(1 if shape == "two_rigid" else rng.integers(1, 3))}
    if shape in ("rigid", "two_rigid", "job") and not any(p.get("whole_nodes") for p in pools.values()):
        pools["p0"] = _whole(rng, pool("on_demand", 12.0, float(rng.uniform(0.5, 3))), 4, periods)
    return {
        "schema_version": 1,
        "name": f"tiny {seed}",
        "horizon": {"blocks": {"b": {"start": START, "periods": periods, "weight": float(rng.choice([1.0, 7.0]))}}},
        "sites": {
            **one_site(electricity_usd_per_kwh=0.3, pue=1.3),
            "there": {"kind": "public", "provider": "x", "jurisdiction": "US", "electricity_usd_per_kwh": 0.2},
        },
        "pools": pools,
        "workloads": _workloads(rng, shape, periods, pools),
        "links": {
            "out": {"from_site": "here", "to_site": "there", "round_trip_ms": 5.0},
            "back": {"from_site": "there", "to_site": "here", "round_trip_ms": 5.0},
        },
    }


def _pool(rng: np.random.Generator, i: int, periods: int, shape: str) -> dict[str, Any]:
    node = int(rng.choice([2, 4]))
    size = float(node * rng.integers(1, 4) + (rng.random() < 0.2))
    power = {"busy_kw": 1.0, "idle_kw": 0.4}
    price = float(rng.uniform(0.3, 4.0))
    kind = str(rng.choice(["rented", "down", "kept", "plain", "sunk"], p=[0.35, 0.25, 0.15, 0.15, 0.1]))
    fields: dict[str, Any] = {
        "held_back_share": float(rng.choice([0.0, 0.0, 0.1])),
        "site": str(rng.choice(["here", "there"])) if kind in ("rented", "plain") else "here",
    }
    if rng.random() < 0.2:
        fields["up_share"] = {"b": [float(x) for x in rng.choice([1.0, 0.5], size=periods)]}
    if kind == "plain":
        return pool("on_demand", size, price, **fields)
    if kind == "rented":
        return _whole(rng, pool("on_demand", size, price, **fields), node, periods)
    if kind == "sunk":
        return pool("owned", size, price, price_includes_energy=False, **power, **fields)
    if kind == "kept":
        whole = {"whole_nodes": True, "accelerators_per_node": node, "owned_cost": "avoidable"}
        return pool("owned", size, price, price_includes_energy=False, **power, **whole, **fields)
    cost = str(rng.choice(["sunk", "avoidable"]))
    down = pool("owned", size, price / 2, price_includes_energy=False, owned_cost=cost, can_power_down=True)
    return _whole(rng, {**down, **power, **fields}, node, periods)


def _whole(rng: np.random.Generator, made: dict[str, Any], node: int, periods: int) -> dict[str, Any]:
    """Whole nodes, and some of what elastic pools may ask for."""
    nodes = int(made["capacity_accelerators"] // node)
    drawn: dict[str, float] = {
        "ramp_up_accelerators_per_hour": float(node * rng.choice([1.0, 1.5])),
        "ramp_down_accelerators_per_hour": float(node * rng.choice([1.0, 1.5])),
        "lead_time_hours": float(rng.choice([0.5, periods - 0.5])),
        "min_provisioned_accelerators": float(node * rng.integers(0, nodes + 1)) - 0.5 * (rng.random() < 0.3),
        "min_on_hours": float(rng.choice([1.5, 2.0, 3.0])),
        "start_usd_per_node": float(rng.choice([0.5, 3.0, 15.0])),
        "initial_provisioned_accelerators": float(node * rng.integers(0, nodes + 1)),
    }
    drawn["min_provisioned_accelerators"] = max(drawn["min_provisioned_accelerators"], 0.0)
    drawn["min_on_hours"] = min(drawn["min_on_hours"], float(periods))
    taken = {field: value for field, value in drawn.items() if rng.random() < 0.3}
    return {**made, "whole_nodes": True, "accelerators_per_node": node, **taken}


def _workloads(rng: np.random.Generator, shape: str, periods: int, pools: dict[str, Any]) -> dict[str, Any]:
    if shape in ("job", "gang_job"):
        return {"w": _job(rng, shape == "gang_job", periods, pools)}
    found = {"w": _rigid(rng, periods, gang="gang" in shape)}
    if shape in ("two_rigid", "two_gangs", "gang_and_rigid"):
        found["v"] = _rigid(rng, periods, gang=shape == "two_gangs")
    return found


def _common(rng: np.random.Generator, gang: bool) -> dict[str, Any]:
    through = {
        "units_per_accelerator_hour": float(rng.choice([1.0, 2.5])),
        "service_ms": 10.0,
        "accelerators_per_replica": int(rng.choice([2, 3, 4])) if gang else 1,
    }
    return {
        "unserved_usd_per_unit": float(rng.choice([1.0, 4.0, 30.0])),
        "throughput": {"gpu": through},
        "whole_replicas": gang,
        "route_cost_usd_per_unit": {"p0": float(rng.choice([0.0, 0.3]))},
        "must_serve": bool(rng.random() < 0.1),
    }


def _rigid(rng: np.random.Generator, periods: int, *, gang: bool) -> dict[str, Any]:
    fields = _common(rng, gang)
    if rng.random() < 0.35:
        fields["latency_statistic"] = "mean"
        fields["latency_objective_ms"] = float(rng.choice([15.0, 20.0, 40.0]))
        fields["max_load_share"] = float(rng.choice([0.95, 0.6]))
    demand = [float(x) for x in rng.integers(0, 14, size=periods) * fields["throughput"]["gpu"][_UNITS]]
    return rigid(demand, **fields)


_UNITS = "units_per_accelerator_hour"


def _job(rng: np.random.Generator, gang: bool, periods: int, pools: dict[str, Any]) -> dict[str, Any]:
    fields = _common(rng, gang)
    fields["one_site"] = bool(rng.random() < 0.7)
    # With one pool at each place a limit on the whole job is a limit on each pool.
    places = [made["site"] for made in pools.values()]
    if (gang or len(places) == 1) and rng.random() < 0.4:
        fields["parallel_limit_accelerators"] = float(rng.integers(2, 9))
    start = int(rng.integers(0, 2)) if periods > 1 else 0
    volume = float(rng.integers(1, 10 * (periods - start) + 1)) * fields["throughput"]["gpu"][_UNITS]
    return deferrable(volume, start, periods, **fields)
