"""A small estate in which things fail and work is promised, for the page Resilience."""

from __future__ import annotations

from typing import Any

from feature_scenarios import plain


def promising(form: str = "dedicated") -> dict[str, Any]:
    """Chat runs on its own accelerators and promises half if their site fails; notes have no promise.

    Transfer makes the cloud dearer, so nothing runs there while nothing has failed. A fire happens twice a year.
    """
    document = plain()
    fire = {"kind": "site", "record": "fra", "name": "fire *in* Frankfurt", "failures_per_year": 2.0}
    document["policy"] = {"contingencies": {"dark": fire | {"repair_hours": 12.0}}}
    chat = document["workloads"]["chat"] | {"ingress_gb_per_unit": 0.0001}
    document["workloads"]["notes"] = chat | {"name": "Notes", "demand_units_per_hour": {"b": [3600.0] * 6}}
    document["workloads"]["chat"] = chat | {"promised_share": 0.5, "promise_form": form, "recovery_minutes": 30.0}
    document["workloads"]["chat"]["availability_objective_share"] = 0.9999
    document["links"]["out"]["usd_per_gb"] = 1.0
    return document
