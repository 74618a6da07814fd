"""What the shipped scenarios say they teach is true of their solved plans."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from typing import Any

import pytest

from hybridplan.analysis import limits, planner
from hybridplan.domain import require
from hybridplan.io import catalogue
from hybridplan.plan import Plan, SolveStatus

STORIES = ("demo", "smart_manufacturing", "smart_city", "financial_risk")


def data_of(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(catalogue.scenario_paths()[name].read_text(encoding="utf-8"))
    return copy.deepcopy(data)


@lru_cache(maxsize=8)
def solved(name: str) -> Plan:
    return planner.solve(require(data_of(name)))


def objective(data: dict[str, Any]) -> float:
    usd = planner.solve(require(data)).objective_usd
    assert usd is not None
    return usd


def base_usd(name: str) -> float:
    usd = solved(name).objective_usd
    assert usd is not None
    return usd


def hours_on(name: str, workload: str, pool: str) -> float:
    tables = solved(name).tables
    assert tables is not None
    rows = tables.allocation
    mine = rows[(rows["workload"] == workload) & (rows["pool"] == pool)]
    return float(mine["accelerators_busy"].sum())


@pytest.mark.parametrize("name", STORIES)
def test_all_is_served_proven_and_cheaper_than_filling_owned_first(name: str) -> None:
    plan = solved(name)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.certificate is not None
    assert plan.certificate.passed
    assert sum(row.share for row in plan.unserved.values()) <= 1e-9
    greedy = plan.baselines["private_first"]
    assert not greedy.breaks
    assert sum(row.share for row in greedy.unserved.values()) <= 1e-9
    assert greedy.objective_usd > 1.2 * base_usd(name)
    binding = limits.binding(plan)
    assert len(binding[binding["usd"].abs() > 0.01]) >= (1 if name == "financial_risk" else 2)


@pytest.mark.parametrize("name", ["smart_manufacturing", "smart_city", "financial_risk"])
def test_renting_everything_breaks_a_promise(name: str) -> None:
    assert any("must_serve" in text for text in solved(name).baselines["all_on_demand"].breaks)


def test_demo() -> None:
    plan = solved("demo")
    rented = plan.baselines["all_on_demand"]
    assert not rented.breaks
    assert sum(row.share for row in rented.unserved.values()) <= 1e-9
    assert base_usd("demo") / rented.objective_usd == pytest.approx(0.236, abs=0.01)
    assert base_usd("demo") / plan.baselines["private_first"].objective_usd == pytest.approx(0.76, abs=0.015)
    assert hours_on("demo", "images-sdxl", "gcp-ams-l4-spot") > 1000
    assert hours_on("demo", "evaluation", "aws-sto-h100-spot") > 300
    assert hours_on("demo", "chat-70b", "azure-fra-h100") > 300
    assert plan.cost_usd["transfer"] > 50
    for pool, net_usd_per_hour in (("fra-h100", 5.8), ("fra-a100", 0.66)):
        data = data_of("demo")
        data["pools"][pool]["capacity_accelerators"] += 1
        assert (base_usd("demo") - objective(data)) / 168 == pytest.approx(net_usd_per_hour, rel=0.05)


def test_smart_manufacturing() -> None:
    routes = solved("smart_manufacturing").routes
    vision = routes[(routes["workload"] == "defect-vision") & routes["pool"].isin(["azure-t4", "edge-l4"])]
    floors = dict(zip(vision["pool"], vision["eligible"], strict=True))
    assert floors == {"azure-t4": False, "edge-l4": True}
    assert hours_on("smart_manufacturing", "defect-vision", "azure-h100") < 50
    more = data_of("smart_manufacturing")
    more["workloads"]["digital-twin"]["interruptible_share_cap"] = 0.8
    assert 1 - objective(more) / base_usd("smart_manufacturing") == pytest.approx(0.05, abs=0.005)
    for pool, net_usd_per_hour in (("edge-l4", 1.2), ("room-a100", 3.2)):
        data = data_of("smart_manufacturing")
        data["pools"][pool]["capacity_accelerators"] += 1
        assert (base_usd("smart_manufacturing") - objective(data)) / 168 == pytest.approx(net_usd_per_hour, rel=0.05)


def test_smart_city() -> None:
    scenario = solved("smart_city").scenario
    tables = solved("smart_city").tables
    assert tables is not None
    rows = tables.allocation
    raw = {name for name, work in scenario.workloads.items() if "raw_video" in work.required_attributes}
    places = {scenario.pools[pool].site for pool in rows[rows["workload"].isin(raw)]["pool"]}
    assert places <= {"edge-north", "edge-south", "city-dc"}
    assert hours_on("smart_city", "citizen-assistant", "gcp-fra-l4") > 50
    prices = solved("smart_city").shadow_prices
    mine = prices[(prices["limit"] == "capacity") & (prices["record"] == "north-l4")]
    by_day = mine.groupby("block")["usd_per_unit"].sum() / mine.groupby("block")["weight_hours"].sum()
    assert by_day["workday"] > 3 * by_day["weekend"]


def test_financial_risk() -> None:
    rows = solved("financial_risk").routes
    risk = rows[(rows["workload"] == "overnight-risk") & rows["eligible"]]
    assert set(risk["pool"]) == {"bank-h100", "azure-ams-h100-conf"}
    longer = data_of("financial_risk")
    for window in longer["workloads"]["overnight-risk"]["windows"].values():
        window["end"] = window["end"].replace("T06", "T07")
    assert base_usd("financial_risk") - objective(longer) == pytest.approx(1800, rel=0.03)
    greedy = solved("financial_risk").baselines["private_first"].objective_usd
    assert greedy / base_usd("financial_risk") == pytest.approx(1.8, abs=0.03)
