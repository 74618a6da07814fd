"""Small scenarios for tests: hand-made ones, and random ones that use every feature."""

from __future__ import annotations

from typing import Any

import numpy as np

from hybridplan.domain import Scenario, require

START = "2026-06-01T00:00:00+00:00"


def hour(periods: int = 1, **fields: Any) -> dict[str, Any]:
    """A horizon of one block of hourly periods."""
    return {"blocks": {"b": {"start": START, "periods": periods, **fields}}}


def one_site(**fields: Any) -> dict[str, Any]:
    """One private site called here."""
    return {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE", **fields}}


def pool(option: str, capacity: float, price: float, **fields: Any) -> dict[str, Any]:
    """A pool at the site here with the SKU gpu."""
    return {
        "site": "here",
        "sku": "gpu",
        "purchase_option": option,
        "capacity_accelerators": capacity,
        "price_usd_per_accelerator_hour": price,
        **fields,
    }


def rigid(demand: list[float], **fields: Any) -> dict[str, Any]:
    """A rigid workload with one unit per accelerator-hour, from here, unserved at 100 USD per unit."""
    return {
        "kind": "inference",
        "origin_site": "here",
        "demand_units_per_hour": {"b": demand},
        "unserved_usd_per_unit": 100.0,
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0}},
        **fields,
    }


def deferrable(volume: float, start: int, end: int, **fields: Any) -> dict[str, Any]:
    """A deferrable workload with one window from hour ``start`` to hour ``end`` of 1 June."""
    window = {
        "block": "b",
        "start": f"2026-06-01T{start:02d}:00:00+00:00",
        "end": f"2026-06-01T{end:02d}:00:00+00:00",
        "volume_units": volume,
    }
    return {
        "kind": "training",
        "origin_site": "here",
        "flexibility": "deferrable",
        "windows": {"v": window},
        "unserved_usd_per_unit": 100.0,
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0}},
        **fields,
    }


def scenario(pools: dict[str, Any], workloads: dict[str, Any], *, periods: int = 1, **fields: Any) -> Scenario:
    """A scenario at one site unless ``sites`` says otherwise."""
    document = {
        "schema_version": 1,
        "name": "test",
        "horizon": hour(periods),
        "sites": one_site(),
        "pools": pools,
        "workloads": workloads,
        **fields,
    }
    return require(document)


def random_document(seed: int) -> dict[str, Any]:
    """A small scenario drawn from ``seed``: blocks, sites, links, every purchase option, rigid and deferrable work."""
    rng = np.random.default_rng(seed)
    blocks = _blocks(rng)
    sites = _sites(rng)
    skus = ["gpu", "big"]
    pools, commitments = _pools(rng, sites, skus, blocks)
    workloads = {f"w{i}": _workload(rng, list(sites), skus, list(pools), blocks) for i in range(rng.integers(1, 4))}
    return {
        "schema_version": 1,
        "name": f"random {seed}",
        "horizon": {"blocks": blocks},
        "sites": sites,
        "pools": pools,
        "commitments": commitments,
        "workloads": workloads,
        "links": _links(rng, list(sites)),
        "policy": {
            "carbon_usd_per_tonne": float(rng.choice([0.0, 80.0])),
            "provider_discount_share": {"cloud": float(rng.choice([0.0, 0.2]))},
        },
    }


def _blocks(rng: np.random.Generator) -> dict[str, Any]:
    blocks = {}
    for i in range(rng.integers(1, 3)):
        blocks[f"b{i}"] = {
            "start": f"2026-06-{1 + 7 * i:02d}T00:00:00+00:00",
            "periods": int(rng.integers(1, 5)),
            "period_hours": float(rng.choice([1.0, 0.5, 2.0])),
            "weight": float(rng.choice([1.0, 13.0])),
            "demand_factor": float(rng.choice([1.0, 1.25])),
            "price_factor": float(rng.choice([1.0, 0.9])),
        }
    return blocks


def _sites(rng: np.random.Generator) -> dict[str, Any]:
    def rates() -> dict[str, Any]:
        return {
            "pue": float(rng.uniform(1.1, 1.6)),
            "electricity_usd_per_kwh": float(rng.uniform(0.05, 0.3)),
            "grid_carbon_g_per_kwh": float(rng.uniform(20, 700)),
        }

    sites = {"home": {"kind": "private", "provider": "own", "jurisdiction": "DE", **rates()}}
    for i in range(rng.integers(1, 3)):
        where = str(rng.choice(["DE", "US"]))
        sites[f"c{i}"] = {"kind": "public", "provider": "cloud", "jurisdiction": where, **rates()}
    return sites


def _pools(
    rng: np.random.Generator, sites: dict[str, Any], skus: list[str], blocks: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    pools: dict[str, Any] = {}
    commitments: dict[str, Any] = {}
    for i in range(rng.integers(2, 5)):
        option = str(rng.choice(["owned", "on_demand", "interruptible", "reserved"], p=[0.4, 0.3, 0.2, 0.1]))
        own_energy = option == "owned" and bool(rng.random() < 0.5)
        name = f"p{i}"
        reserved = option == "reserved"
        pools[name] = {
            "site": "home" if option == "owned" else str(rng.choice(list(sites))),
            "sku": str(rng.choice(skus)),
            "purchase_option": option,
            "capacity_accelerators": 0.0 if reserved else float(rng.integers(0, 60)),
            "price_usd_per_accelerator_hour": 0.0 if reserved else float(rng.uniform(0.2, 4.0)),
            "price_includes_energy": not own_energy,
            "owned_cost": str(rng.choice(["sunk", "avoidable"])),
            "busy_kw": 0.9,
            "idle_kw": 0.2,
            "held_back_share": float(rng.choice([0.0, 0.1])),
            "efficiency": float(rng.choice([1.0, 0.8])),
            "interruptions_per_hour": 0.05 if option == "interruptible" else 0.0,
        }
        if rng.random() < 0.3:
            pools[name]["up_share"] = {
                b: [float(x) for x in rng.choice([1.0, 0.5], size=block["periods"])] for b, block in blocks.items()
            }
        if reserved:
            commitments[f"k{i}"] = {
                "pool": name,
                "accelerators": float(rng.integers(1, 30)),
                "fee_usd_per_accelerator_hour": float(rng.uniform(0.2, 2.0)),
            }
    return pools, commitments


def _workload(
    rng: np.random.Generator, sites: list[str], skus: list[str], pools: list[str], blocks: dict[str, Any]
) -> dict[str, Any]:
    rate = float(rng.choice([1.0, 50.0, 2000.0]))
    work: dict[str, Any] = {
        "kind": "inference",
        "origin_site": str(rng.choice(sites)),
        "unserved_usd_per_unit": float(rng.uniform(5, 40)) / rate,
        "throughput": {
            sku: {"units_per_accelerator_hour": rate * float(rng.uniform(0.5, 2.0)), "service_ms": 20.0}
            for sku in skus
            if rng.random() < 0.85
        },
        "ingress_gb_per_unit": float(rng.choice([0.0, 0.5])) / rate,
        "egress_gb_per_unit": float(rng.choice([0.0, 0.2])) / rate,
        "interruptible": bool(rng.random() < 0.6),
        "interruptible_share_cap": float(rng.choice([1.0, 0.3])),
        "checkpoint_hours": float(rng.choice([0.0, 0.02])),
        "restart_hours": 0.1,
    }
    if rng.random() < 0.3:
        work["latency_objective_ms"] = 40.0
    if rng.random() < 0.3:
        work["allowed_jurisdictions"] = ["DE"]
    if rng.random() < 0.3:
        work["route_cost_usd_per_unit"] = {str(rng.choice(pools)): 0.3 / rate}
    if rng.random() < 0.6:
        work["demand_units_per_hour"] = {
            b: [float(x) * rate for x in rng.integers(0, 50, size=block["periods"])] for b, block in blocks.items()
        }
        return work
    work["flexibility"] = "deferrable"
    work["windows"] = {b: _whole_block(rng, b, block, rate) for b, block in blocks.items()}
    if rng.random() < 0.5:
        work["parallel_limit_accelerators"] = float(rng.integers(2, 40))
    return work


def _whole_block(rng: np.random.Generator, name: str, block: dict[str, Any], rate: float) -> dict[str, Any]:
    start = np.datetime64(block["start"][:19])
    end = start + np.timedelta64(int(block["periods"] * block["period_hours"] * 3600), "s")
    return {
        "block": name,
        "start": f"{start}+00:00",
        "end": f"{end}+00:00",
        "volume_units": float(rng.integers(1, 80)) * rate,
    }


def _links(rng: np.random.Generator, sites: list[str]) -> dict[str, Any]:
    links = {}
    for a in sites:
        for b in sites:
            if a != b and rng.random() < 0.9:
                links[f"{a}>{b}"] = {
                    "from_site": a,
                    "to_site": b,
                    "round_trip_ms": float(rng.choice([5.0, 30.0])),
                    "usd_per_gb": float(rng.choice([0.0, 0.05])),
                    **({"gbps": float(rng.choice([0.01, 0.05]))} if rng.random() < 0.4 else {}),
                }
    return links
