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
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

LINEAR = ("demo", "smart_manufacturing", "smart_city", "financial_risk")
BROKEN = {"smart_city": {"promise", "carbon_cap"}, "financial_risk": {"provider_share"}}
"""What filling what is owned first breaks: it knows nothing of caps, and keeps standby only where it has room left."""
LATENCY = ("latency_objective_ms", "latency_statistic", "latency_point", "latency_after_failure_ms")


def data_of(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(catalogue.scenario_paths()[name].read_text(encoding="utf-8"))
    return copy.deepcopy(data)


@lru_cache(maxsize=8)
def solved(name: str) -> Plan:
    return planner.solve(require(data_of(name)))


def objective(data: dict[str, Any]) -> float:
    usd = optimise(require(data)).objective_usd
    assert usd is not None
    return usd


def base_usd(name: str) -> float:
    usd = solved(name).objective_usd
    assert usd is not None
    return usd


def hours_on(name: str, workload: str, pool: str) -> float:
    return total(name, workload, pool, "accelerators_busy")


def units_on(name: str, workload: str, pool: str) -> float:
    return total(name, workload, pool, "units_per_hour")


def total(name: str, workload: str, pool: str, column: str) -> float:
    tables = solved(name).tables
    assert tables is not None
    rows = tables.allocation
    mine = rows[(rows["workload"] == workload) & (rows["pool"] == pool)]
    return float(mine[column].sum())


@pytest.mark.parametrize("name", LINEAR)
def test_all_is_served_proven_and_cheaper_than_filling_owned_first(name: str) -> None:
    plan = solved(name)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.kind == "linear"
    assert plan.certificate is not None
    assert plan.certificate.passed
    assert sum(row.share for row in plan.unserved.values()) <= 1e-9
    greedy = plan.baselines["private_first"]
    assert {text.split(",")[0] for text in greedy.breaks} == BROKEN.get(name, set())
    assert sum(row.share for row in greedy.unserved.values()) <= 1e-9
    assert greedy.objective_usd > 1.2 * base_usd(name)
    binding = limits.binding(plan)
    assert len(binding[binding["usd"].abs() > 0.01]) >= 2


@pytest.mark.parametrize("name", ["smart_manufacturing", "smart_city", "financial_risk"])
def test_renting_everything_breaks_a_promise(name: str) -> None:
    assert any("must_serve" in text for text in solved(name).baselines["all_on_demand"].breaks)


def without_latency(name: str, *workloads: str) -> float:
    """Objective when these workloads (none named: all) promise nothing about latency."""
    data = data_of(name)
    for key in workloads or data["workloads"]:
        for field in LATENCY:
            data["workloads"][key].pop(field, None)
    return objective(data)


def without(name: str, field: str, *workloads: str) -> float:
    """What the plan saves when these workloads (none named: all) lack a field."""
    data = data_of(name)
    for key in workloads or data["workloads"]:
        data["workloads"][key].pop(field, None)
    return base_usd(name) - objective(data)


def share_on(name: str, workload: str, pool: str) -> float:
    """Part of a workload's units that a pool serves."""
    every = sum(units_on(name, workload, one) for one in solved(name).scenario.pools)
    return units_on(name, workload, pool) / every


def stands_by(name: str, workload: str) -> dict[str, float]:
    """Most accelerators on standby at one time, by pool."""
    tables = solved(name).tables
    assert tables is not None
    rows = tables.standby[tables.standby["workload"] == workload]
    return {str(pool): float(most) for pool, most in rows.groupby("pool")["accelerators_standby"].max().items()}


def load_limit(name: str, workload: str, pool: str) -> float:
    routes = solved(name).routes
    mine = routes[(routes["workload"] == workload) & (routes["pool"] == pool) & routes["eligible"]]
    return float(mine["load_limit"].iloc[0])


def test_demo() -> None:
    plan = solved("demo")
    rented = plan.baselines["all_on_demand"]
    assert not rented.breaks
    assert sum(row.share for row in rented.unserved.values()) <= 1e-9
    assert base_usd("demo") / rented.objective_usd < 1 / 7
    assert base_usd("demo") / plan.baselines["private_first"].objective_usd == pytest.approx(0.605, abs=0.01)
    assert hours_on("demo", "images-sdxl", "gcp-ams-l4-spot") > 250
    assert hours_on("demo", "evaluation", "aws-sto-h100-spot") > 300
    assert hours_on("demo", "chat-70b", "azure-fra-h100") > 150
    assert hours_on("demo", "chat-70b", "azure-fra-mi300x") > 150
    assert plan.cost_usd["transfer"] > 50
    for pool, net_usd_per_hour in (("fra-h100", 6.4), ("fra-a100", 0.74)):
        data = data_of("demo")
        data["pools"][pool]["capacity_accelerators"] += 1
        assert (base_usd("demo") - objective(data)) / 168 == pytest.approx(net_usd_per_hour, rel=0.02)


def test_demo_assigns_all_that_is_owned_in_every_hour() -> None:
    tables = solved("demo").tables
    assert tables is not None
    assigned = tables.allocation.groupby("pool")["accelerators_assigned"].sum()
    usable = {"fra-h100": 56, "fra-a100": 84, "muc-l4": 16, "aws-fra-a100-reserved": 16}
    assert {pool: assigned[pool] / 168 for pool in usable} == pytest.approx(usable, rel=1e-6)


def test_demo_pays_its_rent_for_promises_on_latency() -> None:
    plan = solved("demo")
    assert 0.75 < load_limit("demo", "chat-70b", "fra-h100") < 0.8
    assert load_limit("demo", "chat-70b", "azure-fra-h100") == pytest.approx(2 / 3, abs=0.01)
    for pool in ("fra-a100", "aws-fra-a100-reserved"):
        assert load_limit("demo", "chat-70b", pool) == pytest.approx(1 / 7, abs=0.01)
        assert hours_on("demo", "chat-70b", pool) <= 1e-6
    assert plan.cost_usd["usage"] == pytest.approx(18_200, rel=0.01)
    data = data_of("demo")
    for work in data["workloads"].values():
        for field in LATENCY:
            work.pop(field, None)
    assert planner.solve(require(data)).cost_usd["usage"] == pytest.approx(1_040, rel=0.02)
    sooner = data_of("demo")
    sooner["workloads"]["chat-70b"]["latency_objective_ms"] = 1500
    assert planner.solve(require(sooner)).cost_usd["usage"] == pytest.approx(1.5 * plan.cost_usd["usage"], rel=0.03)
    assert plan.instant_objective_usd is not None
    assert base_usd("demo") - plan.instant_objective_usd == pytest.approx(1_120, rel=0.02)


def test_demo_goes_on_after_a_failure_at_the_price_of_the_plants_standby() -> None:
    name = "demo"
    assert without(name, "promised_share") == pytest.approx(120, rel=0.05)
    assert without(name, "promised_share", "inspection") == pytest.approx(120, rel=0.05)
    dedicated = data_of(name)
    dedicated["workloads"]["chat-70b"]["promise_form"] = "dedicated"
    assert objective(dedicated) - base_usd(name) == pytest.approx(2_500, rel=0.02)
    assert without(name, "allowed_jurisdictions") == pytest.approx(5_900, rel=0.02)


def test_smart_manufacturing() -> None:
    name = "smart_manufacturing"
    routes = solved(name).routes
    vision = routes[(routes["workload"] == "defect-vision") & routes["pool"].isin(["azure-t4", "edge-l4"])]
    floors = dict(zip(vision["pool"], vision["eligible"], strict=True))
    assert floors == {"azure-t4": False, "edge-l4": True}
    assert 0 < hours_on(name, "defect-vision", "azure-h100") < 50
    assert share_on(name, "defect-vision", "room-a100") == pytest.approx(0.19, abs=0.01)
    assert share_on(name, "predictive-maintenance", "edge-l4") > 0.9
    assert stands_by(name, "defect-vision") == {"room-a100": pytest.approx(1.8, abs=0.2)}
    assert without(name, "promised_share", "defect-vision") == pytest.approx(455, rel=0.02)
    assert without(name, "promised_share", "operator-assistant") == pytest.approx(920, rel=0.02)
    assert without(name, "allowed_jurisdictions") == pytest.approx(2_590, rel=0.02)
    assert share_on(name, "digital-twin", "sto-h100-spot") == pytest.approx(0.6, abs=1e-6)
    more = data_of(name)
    more["workloads"]["digital-twin"]["interruptible_share_cap"] = 0.8
    assert 1 - objective(more) / base_usd(name) == pytest.approx(0.03, abs=0.005)
    saved = {}
    for pool in ("edge-l4", "room-a100"):
        data = data_of(name)
        data["pools"][pool]["capacity_accelerators"] += 1
        saved[pool] = (base_usd(name) - objective(data)) / 168
    assert saved["room-a100"] == pytest.approx(2.65, rel=0.03)
    assert saved["edge-l4"] < 0


def usd_per_unit_at_the_limit(name: str, workload: str, pool: str) -> float:
    """Price / (units per accelerator-hour x efficiency x load limit)."""
    scenario = solved(name).scenario
    record = scenario.pools[pool]
    units = scenario.workloads[workload].throughput[record.sku].units_per_accelerator_hour
    return record.price_usd_per_accelerator_hour / (units * record.efficiency * load_limit(name, workload, pool))


def test_smart_manufacturing_trains_in_the_cloud_because_the_assistant_keeps_a_promise() -> None:
    name, work = "smart_manufacturing", "operator-assistant"
    for pool in ("room-a100", "azure-a100"):
        assert load_limit(name, work, pool) == pytest.approx(2 / 3, abs=0.01)
        assert hours_on(name, work, pool) > 40
    assert 0.75 < load_limit(name, work, "azure-h100") < 0.8
    assert hours_on(name, work, "azure-h100") <= 1e-6
    a100, h100 = (usd_per_unit_at_the_limit(name, work, pool) for pool in ("azure-a100", "azure-h100"))
    assert h100 / a100 == pytest.approx(1.07, abs=0.005)
    assert base_usd(name) - without_latency(name, work) == pytest.approx(2150, rel=0.005)
    assert rent_of_training(solved(name)) > 2150
    data = data_of(name)
    for field in LATENCY:
        data["workloads"][work].pop(field)
    assert rent_of_training(planner.solve(require(data))) <= 1e-6


def rent_of_training(plan: Plan) -> float:
    """What the twin and the retraining of the inspection model pay for A100 in Azure."""
    lines = plan.cost_lines
    mine = lines["workload"].isin(["digital-twin", "vision-retraining"]) & (lines["pool"] == "azure-a100")
    return float(lines[mine & (lines["term"] == "usage")]["usd"].sum())


def test_smart_city() -> None:
    name = "smart_city"
    scenario = solved(name).scenario
    tables = solved(name).tables
    assert tables is not None
    rows = tables.allocation
    raw = {key for key, work in scenario.workloads.items() if "raw_video" in work.required_attributes}
    places = {scenario.pools[pool].site for pool in rows[rows["workload"].isin(raw)]["pool"]}
    assert places <= {"edge-north", "edge-south", "city-dc"}
    assistant = rows[(rows["workload"] == "citizen-assistant") & (rows["pool"] == "azure-ams-a100")]
    assert set(assistant["block"]) == {"workday"}
    assert hours_on(name, "citizen-assistant", "gcp-fra-l4") <= 1e-6
    per_hour = {key: scenario.pools[key].price_usd_per_accelerator_hour for key in ("gcp-fra-l4", "azure-ams-a100")}
    units = scenario.workloads["citizen-assistant"].throughput
    l4 = per_hour["gcp-fra-l4"] / units["L4"].units_per_accelerator_hour
    a100 = per_hour["azure-ams-a100"] / units["A100-80GB"].units_per_accelerator_hour
    assert l4 < a100
    limits_of = {key: load_limit(name, "citizen-assistant", key) for key in per_hour}
    assert l4 / limits_of["gcp-fra-l4"] > a100 / limits_of["azure-ams-a100"]
    assert limits_of["gcp-fra-l4"] == pytest.approx(0.53, abs=0.01)
    assert 0.55 < load_limit(name, "signal-control", "north-l4") < 0.6
    assert 0.70 < load_limit(name, "signal-control", "dc-a100") < 0.72
    prices = solved(name).shadow_prices
    mine = prices[(prices["limit"] == "capacity") & (prices["record"] == "north-l4")]
    by_day = mine.groupby("block")["usd_per_unit"].sum() / mine.groupby("block")["weight_hours"].sum()
    assert by_day.to_dict() == pytest.approx({"workday": 2.1, "weekend": 0.06}, rel=0.03)


def test_smart_city_keeps_standby_for_its_lights_and_shares_the_rest() -> None:
    name = "smart_city"
    assert stands_by(name, "signal-control") == {"dc-a100": pytest.approx(1.0, abs=0.05)}
    assert without(name, "promised_share", "signal-control") == pytest.approx(580, rel=0.02)
    for key in ("cameras-north", "cameras-south", "citizen-assistant"):
        assert 0 < without(name, "promised_share", key) < 100
    assert without(name, "allowed_jurisdictions") == pytest.approx(0.0, abs=0.01)
    assert share_on(name, "air-quality", "sto-h100-spot") > 0.5
    assert share_on(name, "anonymous-statistics", "sto-l4-spot") > 0.5
    free = data_of(name)
    del free["policy"]["carbon_cap"]
    assert base_usd(name) - objective(free) == pytest.approx(170, rel=0.03)


def test_financial_risk() -> None:
    name = "financial_risk"
    plan = solved(name)
    risk = plan.routes[(plan.routes["workload"] == "overnight-risk") & plan.routes["eligible"]]
    assert set(risk["pool"]) == {"bank-h100", "azure-ams-h100-conf"}
    assert plan.tables is not None
    provisioned = plan.tables.provisioned
    quota = plan.scenario.pools["azure-ams-h100-conf"].capacity_accelerators
    confidential = provisioned[provisioned["pool"] == "azure-ams-h100-conf"].set_index("period_start")
    friday = confidential.loc["2026-06-05T20:00+02:00":"2026-06-06T05:00+02:00", "accelerators_provisioned"]
    assert len(friday) == 10
    assert friday.sum() > 0.9 * 10 * quota
    moved = plan.tables.allocation
    moved = moved[(moved["workload"] == "advisor-assistant") & (moved["pool"] == "azure-fra-h100")]
    hours = set(moved["period_start"].dt.tz_convert("Europe/Berlin").dt.hour)
    assert len(moved) >= 20
    assert hours <= {20, 21, 22, 23, 0, 1, 2, 3, 4, 5}
    longer = data_of(name)
    for window in longer["workloads"]["overnight-risk"]["windows"].values():
        window["end"] = window["end"].replace("T06", "T07")
    assert base_usd(name) - objective(longer) == pytest.approx(1460, rel=0.03)
    assert plan.baselines["private_first"].objective_usd / base_usd(name) == pytest.approx(1.41, abs=0.01)
    assert load_limit(name, "fraud-scoring", "bank-l4") == pytest.approx(0.6, abs=0.01)
    assert 0.70 < load_limit(name, "fraud-scoring", "bank-h100") < 0.75
    assert 0.75 < load_limit(name, "advisor-assistant", "bank-h100") < 0.8
    assert load_limit(name, "advisor-assistant", "azure-fra-h100") == pytest.approx(2 / 3, abs=0.01)
    assert base_usd(name) - without_latency(name, "fraud-scoring") == pytest.approx(470, rel=0.02)
    assert base_usd(name) - without_latency(name, "advisor-assistant") == pytest.approx(2900, rel=0.02)


def test_financial_risk_pays_for_standby_residency_and_a_limit_on_one_provider() -> None:
    name = "financial_risk"
    assert without(name, "promised_share", "fraud-scoring") == pytest.approx(715, rel=0.02)
    assert without(name, "promised_share", "advisor-assistant") == pytest.approx(0.0, abs=0.01)
    tables = solved(name).tables
    assert tables is not None
    assert set(tables.redispatch["pool"]) == {"bank-h100"}
    assert without(name, "allowed_jurisdictions") == pytest.approx(4_540, rel=0.02)
    free = data_of(name)
    del free["policy"]["provider_share_cap"]
    assert base_usd(name) - objective(free) == pytest.approx(75, rel=0.03)
