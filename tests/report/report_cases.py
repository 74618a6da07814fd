"""Plans that reports are made of: shipped scenarios, and small ones whose figures can be worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import hybridplan as hp
from hybridplan.analysis import planner
from hybridplan.domain import require

SCENARIOS = Path(__file__).resolve().parents[2] / "data" / "scenarios"
MADE_AT = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
START, END = "2026-06-01T00:00:00+02:00", "2026-06-01T02:00:00+02:00"


@cache
def shipped(name: str) -> hp.Plan:
    """The plan of a scenario that comes with hybridplan."""
    return hp.solve(hp.load(SCENARIOS / f"{name}.json"))


def document(name: str) -> dict[str, Any]:
    """A shipped scenario as plain values."""
    found: dict[str, Any] = json.loads((SCENARIOS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def two_hours() -> dict[str, Any]:
    """Two hours; 10 own accelerators at 1 USD, 5 to rent at 3 USD; demand 10 and 20 units, each 1 accelerator-hour.

    The cheapest: own 10 in both hours, rented 5 in the second, in which 5 units stay unserved.
    Cost 10 x 2 x 1 + 5 x 3 = 35 USD, of which 20 is sunk; busy 25 accelerator-hours; 5 of 30 units are not served, at
    a penalty of 5 x 100 = 500 USD. Shown at 0.8 EUR per USD.
    """
    work = {
        "name": "Chat",
        "kind": "inference",
        "unit": "requests",
        "origin_site": "fra",
        "demand_units_per_hour": {"b": [10.0, 20.0]},
        "unserved_usd_per_unit": 100.0,
        "throughput": {"H100": {"units_per_accelerator_hour": 1.0, "source": "own test", "as_of": "2026-05-04"}},
        "demand_source": "own meter",
        "demand_date": "2026-05-05",
    }
    return {
        "schema_version": 1,
        "name": "Two hours",
        "horizon": {"blocks": {"b": {"label": "Morning", "start": START, "periods": 2}}, "time_zone": "Europe/Berlin"},
        "sites": {"fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE"}},
        "pools": {
            "own": _pool("Own", "owned", 10.0, 1.0) | {"price_source": "own books", "price_date": "2026-01-02"},
            "rent": _pool("Rented", "on_demand", 5.0, 3.0) | {"discount_share": 0.0, "price_date": "2026-11-01"},
        },
        "workloads": {"chat": work},
        "display_currency": {"code": "EUR", "units_per_usd": 0.8, "source": "central bank", "as_of": "2026-11-25"},
    }


def _pool(name: str, option: str, size: float, price: float) -> dict[str, Any]:
    return {
        "name": name,
        "site": "fra",
        "sku": "H100",
        "purchase_option": option,
        "capacity_accelerators": size,
        "price_usd_per_accelerator_hour": price,
    }


@cache
def short() -> hp.Plan:
    """The plan of :func:`two_hours`."""
    return hp.solve(require(two_hours()))


@cache
def impossible() -> hp.Plan:
    """The same work, all of which must be served: 5 accelerators are missing in the second hour."""
    asked = two_hours()
    asked["workloads"]["chat"]["must_serve"] = True
    return hp.solve(require(asked))


@cache
def too_late() -> hp.Plan:
    """A plan for which there was no time."""
    return planner.solve(hp.load(SCENARIOS / "demo.json"), time_limit_seconds=1e-9)
