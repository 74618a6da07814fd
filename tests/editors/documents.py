"""Small documents for the editor tests, and grids driven without a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hybridplan.ui.editors.columns import Table
from hybridplan.ui.editors.data_tables import COPIES, DATASETS, LINES, WORK_DATA
from hybridplan.ui.editors.demand_tables import BLOCKS, ROUTE_COSTS, THROUGHPUT, WINDOWS, WORKLOADS
from hybridplan.ui.editors.failure_tables import CONTINGENCIES, PROMISES, PROVIDER_PRICES
from hybridplan.ui.editors.frames import Edited, View, edited, view
from hybridplan.ui.editors.inventory_tables import DISCOUNTS, GROWTH, LINKS, POOLS, PRICES, RATES, SITES
from hybridplan.ui.editors.purchase_tables import (
    COMMITMENTS,
    EXPANSIONS,
    FEES,
    HARDWARE,
    SPEND,
    SPEND_RATES,
    TIER_TERMS,
    TIERS,
)
from hybridplan.ui.editors.workload_views import JOBS, LATENCY, SCALING

TABLES = (
    SITES,
    POOLS,
    COMMITMENTS,
    LINKS,
    DISCOUNTS,
    RATES,
    PRICES,
    FEES,
    WORKLOADS,
    THROUGHPUT,
    WINDOWS,
    ROUTE_COSTS,
    BLOCKS,
    GROWTH,
    LATENCY,
    JOBS,
    SCALING,
    SPEND,
    SPEND_RATES,
    EXPANSIONS,
    HARDWARE,
    TIER_TERMS,
    TIERS,
    DATASETS,
    COPIES,
    LINES,
    WORK_DATA,
    CONTINGENCIES,
    PROMISES,
    PROVIDER_PRICES,
)
SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "data" / "scenarios").glob("*.json"))


def bundled(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def small() -> dict[str, Any]:
    """Two sites, an owned and a reserved pool with its commitment, a rigid and a deferrable workload."""
    return {
        "schema_version": 1,
        "name": "Small",
        "horizon": {
            "blocks": {"day": {"start": "2026-06-01T00:00:00+02:00", "periods": 3}},
            "time_zone": "Europe/Berlin",
        },
        "sites": {
            "own": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
            "cloud": {"kind": "public", "provider": "acme", "jurisdiction": "NL", "pue": 1.1},
        },
        "pools": {
            "own-h100": {
                "site": "own",
                "sku": "H100",
                "purchase_option": "owned",
                "capacity_accelerators": 64,
                "price_usd_per_accelerator_hour": 1.5,
                "up_share": {"day": [1, 0.5, 1]},
            },
            "cloud-h100": {
                "site": "cloud",
                "sku": "H100",
                "purchase_option": "reserved",
                "capacity_accelerators": 0,
                "price_usd_per_accelerator_hour": 0,
            },
        },
        "commitments": {"c1": {"pool": "cloud-h100", "accelerators": 8, "fee_usd_per_accelerator_hour": 2.25}},
        "workloads": {
            "chat": {
                "kind": "inference",
                "unit": "requests",
                "origin_site": "own",
                "demand_units_per_hour": {"day": [10, 20.5, 30]},
                "unserved_usd_per_unit": 5,
                "throughput": {"H100": {"units_per_accelerator_hour": 100, "service_ms": 20}},
                "allowed_sites": ["own", "cloud"],
                "route_cost_usd_per_unit": {"cloud-h100": 0.01},
            },
            "train": {
                "kind": "training",
                "origin_site": "own",
                "flexibility": "deferrable",
                "windows": {
                    "w1": {
                        "block": "day",
                        "start": "2026-06-01T00:00:00+02:00",
                        "end": "2026-06-01T03:00:00+02:00",
                        "volume_units": 12,
                    }
                },
                "unserved_usd_per_unit": 100,
                "throughput": {"H100": {"units_per_accelerator_hour": 1}},
            },
        },
        "links": {
            "own>cloud": {"from_site": "own", "to_site": "cloud", "round_trip_ms": 8, "usd_per_gb": 0},
            "cloud>own": {"from_site": "cloud", "to_site": "own", "round_trip_ms": 8, "usd_per_gb": 0.05},
        },
        "policy": {"provider_discount_share": {"acme": 0.1}},
    }


def rich() -> dict[str, Any]:
    """The same with a queue, an elastic pool, whole things and jobs: valid, and no value at its default."""
    document = small()
    document["pools"]["burst"] = {
        "site": "cloud",
        "sku": "H100",
        "purchase_option": "on_demand",
        "capacity_accelerators": 64,
        "price_usd_per_accelerator_hour": 6.9,
        "accelerators_per_node": 8,
        "whole_nodes": True,
        "interconnect": "infiniband",
        "ramp_up_accelerators_per_hour": 32,
        "ramp_down_accelerators_per_hour": 16,
        "lead_time_hours": 0.25,
        "min_provisioned_accelerators": 8,
        "min_busy_share": 0.1,
        "min_on_hours": 2,
        "start_usd_per_node": 1.5,
        "initial_provisioned_accelerators": 16,
    }
    document["pools"]["own-h100"]["can_power_down"] = True
    document["workloads"]["chat"] |= {
        "latency_objective_ms": 900,
        "latency_statistic": "p95",
        "latency_point": "last_token",
        "prompt_tokens": 1500,
        "output_tokens": 200,
        "max_load_share": 0.8,
        "mean_latency_cap_ms": 700,
        "congestion_usd_per_unit_second": 0.001,
    }
    document["workloads"]["chat"]["throughput"]["H100"] = {
        "units_per_accelerator_hour": 100,
        "prefill_tokens_per_second": 6000,
        "decode_tokens_per_second": 400.5,
        "accelerators_per_replica": 8,
    }
    document["workloads"]["prepare"] = json.loads(json.dumps(document["workloads"]["train"]))
    document["workloads"]["train"] |= {
        "parallel_limit_accelerators": 48,
        "whole_replicas": True,
        "one_site": True,
        "after": "prepare",
        "after_units_per_unit": 0.2,
        "scaling": {
            "n1": {"accelerators": 8, "efficiency_share": 0.98},
            "ib": {"interconnect": "infiniband", "accelerators": 64, "efficiency_share": 0.92},
        },
    }
    document["policy"] |= {"balance": {"form": "squared", "weight_usd_per_hour": 2}, "queue_form": "tangents"}
    return document


def broken() -> dict[str, Any]:
    """The same with what people type by mistake, as the document keeps it."""
    document = small()
    document["pools"]["own-h100"] |= {
        "price_usd_per_accelerator_hour": "1,5",
        "site": "nowhere",
        "discount_share": None,
    }
    document["pools"]["own-h100 (2)"] = {"sku": "H100"}
    document["sites"]["(no id 3)"] = {"provider": "=acme", "pue": 99}
    document["workloads"]["chat"]["demand_units_per_hour"]["day"] = [1, None, "x"]
    document["workloads"]["chat"]["throughput"]["H100"]["units_per_accelerator_hour"] = "lots"
    document["policy"]["provider_discount_share"]["acme"] = "ten"
    document["horizon"]["blocks"]["day"]["periods"] = 3.5
    return document


class Typing:
    """A grid on a document, as the browser would drive it: cells set, rows added and removed."""

    def __init__(self, document: dict[str, Any], table: Table) -> None:
        self.document = document
        self.shown: View = view(document, table, table.columns)
        self.frame: pd.DataFrame = self.shown.frame.copy()
        self.keys = {label: row.key for label, row in enumerate(self.shown.rows)}

    def set(self, row: int, field: str, cell: object) -> Typing:
        self.frame.at[row, field] = cell
        return self

    def add(self, cells: Mapping[str, object]) -> Typing:
        label = max([-1, *self.frame.index]) + 1
        row = pd.DataFrame(
            [[cells.get(name) for name in self.frame.columns]], columns=self.frame.columns, index=[label]
        )
        self.frame = pd.concat([self.frame.astype("object"), row.astype("object")])
        return self

    def remove(self, row: int) -> Typing:
        self.frame = self.frame.drop(index=row)
        return self

    def mirror(self) -> Edited:
        """One run of the page."""
        said = edited(self.document, self.shown, self.frame, self.keys, "Europe/Berlin")
        self.document, self.keys = said.document, said.keys
        return said
