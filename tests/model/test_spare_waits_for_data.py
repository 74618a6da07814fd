"""Accelerators that are spare for a queue wait for the data as the work does, also where a rule rewards them."""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus


def counting(hours: float, state: str) -> Scenario:
    """Ten accelerators of the cloud for two hours; the 450 GB of data come in the first, at 1 Gbit/s.

    Both hours of all ten would be 20 accelerator-hours of the provider that must count, and the second alone is 10.
    """
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "storage_usd_per_gb_month": 0.0},
        "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE", "storage_usd_per_gb_month": 0.0},
    }
    data = {"d": {"home_site": "here", "size_gb": 450.0, "copies": {"far": {"state": state}}, "first_copy_gbps": 1.0}}
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0}}
    works: dict[str, Any] = {
        "w": rigid(
            [1.0, 1.0],
            datasets=["d"],
            throughput=through,
            latency_objective_ms=100.0,
            latency_statistic="mean",
        )
    }
    return scenario(
        {"own": pool("owned", 10, 1.0), "rent": pool("on_demand", 10, 3.0, site="far")},
        works,
        periods=2,
        sites=sites,
        datasets=data,
        links={"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}},
        policy={"min_providers": 1, "provider_counts_from_accelerator_hours": hours},
    )


@pytest.mark.parametrize(
    ("hours", "state", "status"),
    [
        (10.0, "planned", SolveStatus.OPTIMAL),
        (10.1, "planned", SolveStatus.INFEASIBLE),
        (20.0, "present", SolveStatus.OPTIMAL),
        (20.1, "present", SolveStatus.INFEASIBLE),
    ],
)
def test_nothing_is_assigned_before_the_data_is_there(hours: float, state: str, status: SolveStatus) -> None:
    assert optimise(counting(hours, state)).status is status


@pytest.mark.parametrize(("hours", "status"), [(20.0, SolveStatus.OPTIMAL), (20.1, SolveStatus.INFEASIBLE)])
def test_what_is_on_for_a_failure_may_be_on_before_the_data_is_there(hours: float, status: SolveStatus) -> None:
    """w may go to the cloud if here is lost, so that how much is on there is decided, in the first hour too.

    All ten in both hours are 20 accelerator-hours at 3 USD, with 1 USD for using the cloud in each hour and 20 for what
    is owned.
    """
    document = counting(hours, "planned").to_dict()
    document["policy"]["provider_fixed_usd_per_hour"] = {"cloud": 1.0}
    document["policy"]["contingencies"] = {"f": {"kind": "site", "record": "here"}}
    document["workloads"]["w"] |= {"promised_share": 1.0, "promise_form": "shared", "unserved_usd_per_unit": 1.0}
    plan = optimise(require(document))
    assert plan.status is status
    if status is SolveStatus.OPTIMAL:
        # Where nothing survives nothing is promised: the first unit is not served.
        assert plan.objective_usd == pytest.approx(60.0 + 2.0 + 20.0 + 1.0, rel=1e-6)
