"""Simple rules beside a plan with datasets: they wait for copies, keep them in sync, and make none themselves."""

from __future__ import annotations

from typing import Any

import pytest
from builders import one_site, pool, rigid, scenario

from hybridplan.analysis.baselines import baselines
from hybridplan.model.solve import optimise
from hybridplan.plan import Baseline

FREE = {"storage_usd_per_gb_month": 0.0}
THERE = {"kind": "public", "provider": "x", "jurisdiction": "DE", **FREE}


def on_demand(state: str, **fields: Any) -> Baseline:
    """The rule that rents all: 3 USD here, 1 USD there, where 900 GB must be; 2 hours at 1 Gbit/s."""
    data = {"home_site": "here", "size_gb": 900.0, "first_copy_gbps": 1.0, "copies": {"there": {"state": state}}}
    link = {"from_site": "here", "to_site": "there", "round_trip_ms": 1.0, "usd_per_gb": 0.01}
    estate = scenario(
        {"dear": pool("on_demand", 10, 3.0), "cheap": pool("on_demand", 10, 1.0, site="there")},
        {"w": rigid([5.0] * 4, datasets=["d"], ingress_gb_per_unit=2.0)},
        periods=4,
        sites={**one_site(**FREE), "there": THERE},
        links={"out": {**link, "gbps": 2.0}},
        datasets={"d": {**data, **fields}},
    )
    found = baselines(estate, optimise(estate))["all_on_demand"]
    assert found.breaks == ()
    return found


def test_a_rule_waits_for_a_planned_copy_and_pays_for_it() -> None:
    """Two hours at 5 x 3, two at 5 x 1 = 40; 900 x 0.01 for the copy and 2 x 5 x 2 x 0.01 for the work = 9.2."""
    found = on_demand("planned")
    assert {k: v for k, v in found.cost_usd.items() if v} == pytest.approx({"usage": 40.0, "transfer": 9.2})


def test_a_rule_makes_no_copy_that_may_be_chosen() -> None:
    """All four hours at home: 4 x 5 x 3."""
    found = on_demand("choosable")
    assert {k: v for k, v in found.cost_usd.items() if v} == pytest.approx({"usage": 60.0})


def test_a_rule_leaves_a_sync_its_bandwidth() -> None:
    """2 Gbit/s carry 900 GB per hour; 894 change, so 6 are left: 3 of 5 units there, 2 here, in each of 4 hours: 36.
    The sync costs 4 x 894 x 0.01, the work 4 x 6 x 0.01."""
    found = on_demand("present", change_gb_per_hour=894.0)
    assert {k: v for k, v in found.cost_usd.items() if v} == pytest.approx({"usage": 36.0, "transfer": 36.0})
