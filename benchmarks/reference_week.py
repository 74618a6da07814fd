"""A fixed random week: 168 hours x 12 pools x 10 workloads; what our own code adds to the solver's run time.

All work promises its latency, queue included: on every route accelerators are assigned beyond the load, and held to a
latency row in every period.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np

from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise

SEED = 20_260_105
HOURS = 168
RUNS = 7
SITES = 6
SKUS = ("H100", "A100", "L40S")
OPTIONS = ("owned", "on_demand", "interruptible")
POOLS = 12
WORKLOADS = 10


def scenario() -> Scenario:
    """The reference week; the same on every machine."""
    random = np.random.default_rng(SEED)
    return require(
        {
            "schema_version": 1,
            "name": "Reference week",
            "horizon": {"blocks": {"week": {"start": "2026-01-05T00:00:00+00:00", "periods": HOURS}}},
            "sites": {f"site-{i}": _site(i) for i in range(SITES)},
            "pools": {f"pool-{i}": _pool(i, random) for i in range(POOLS)},
            "workloads": {f"work-{i}": _workload(i, random) for i in range(WORKLOADS)},
            "links": {f"site-{i}>site-{j}": _link(i, j, random) for i in range(SITES) for j in range(SITES) if i != j},
        }
    )


def _site(i: int) -> dict[str, Any]:
    kind = ("private", "public")[i % 2]
    return {"kind": kind, "provider": f"provider-{i % 4}", "jurisdiction": ("DE", "FR", "IE")[i % 3], "pue": 1.2}


def _pool(i: int, random: np.random.Generator) -> dict[str, Any]:
    site = i % SITES
    option = "owned" if site % 2 == 0 else OPTIONS[1 + (i // SITES) % 2]
    return {
        "site": f"site-{site}",
        "sku": SKUS[i % len(SKUS)] if option == "owned" else SKUS[(i + 1) % len(SKUS)],
        "purchase_option": option,
        "capacity_accelerators": float(random.integers(40, 160)),
        "price_usd_per_accelerator_hour": round(float(random.uniform(0.8, 6.0)), 3),
        "owned_cost": "avoidable" if option == "owned" and i % 4 == 0 else "sunk",
        "held_back_share": 0.05,
        "interruptions_per_hour": 0.05 if option == "interruptible" else 0.0,
    }


def _workload(i: int, random: np.random.Generator) -> dict[str, Any]:
    hours = np.arange(HOURS)
    shape = 1.0 + 0.5 * np.sin(2.0 * np.pi * (hours - 6 - i) / 24.0) + random.uniform(0.0, 0.1, HOURS)
    demand = np.round(float(random.integers(20, 70)) * shape, 3)
    units = {sku: round(float(random.uniform(0.5, 2.0)), 3) for sku in SKUS}
    return {
        "kind": "inference",
        "origin_site": f"site-{i % SITES}",
        "demand_units_per_hour": {"week": demand.tolist()},
        "unserved_usd_per_unit": 100.0,
        "throughput": {sku: {"units_per_accelerator_hour": units[sku], "service_ms": 20.0} for sku in SKUS},
        "latency_objective_ms": 300.0 if i % 2 else 120.0,
        "latency_statistic": "p95" if i % 2 else "mean",
        "egress_gb_per_unit": 0.1,
        "interruptible": i % 3 == 0,
        "interruptible_share_cap": 0.5,
        "checkpoint_hours": 0.02,
    }


def _link(i: int, j: int, random: np.random.Generator) -> dict[str, Any]:
    link = {"from_site": f"site-{i}", "to_site": f"site-{j}", "usd_per_gb": 0.02, "gbps": 10.0}
    return {**link, "round_trip_ms": round(float(random.uniform(5.0, 60.0)), 1)}


def measure() -> dict[str, float]:
    """``overhead_ratio``: (scenario to tables and certificate) / HiGHS's own run time; the median of several runs."""
    week = scenario()
    runs = [optimise(week).solver for _ in range(RUNS + 1)][1:]
    assert all(run.columns for run in runs), "the reference week was not solved"
    return {
        "overhead_ratio": median(run.total_seconds / run.seconds for run in runs),
        "solver_s": median(run.seconds for run in runs),
        "total_s": median(run.total_seconds for run in runs),
        "overhead_s_per_10k_columns": median((r.total_seconds - r.seconds) / r.columns * 1e4 for r in runs),
        "columns": float(runs[0].columns),
    }
