"""What the scenarios with curved terms and with whole things say they teach is true of their solved plans."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pandas as pd
import pytest

from hybridplan.analysis import planner
from hybridplan.domain import Scenario, require
from hybridplan.io import catalogue
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

QUEUES, NODES = "serving_congestion", "whole_nodes"


def data_of(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(catalogue.scenario_paths()[name].read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=2)
def solved(name: str) -> Plan:
    return planner.solve(require(data_of(name)))


def again(data: dict[str, Any]) -> Plan:
    plan = optimise(require(data))
    assert plan.status is SolveStatus.OPTIMAL
    return plan


def usd(plan: Plan) -> float:
    assert plan.objective_usd is not None
    return plan.objective_usd


def rows_of(plan: Plan, workload: str) -> pd.DataFrame:
    assert plan.tables is not None
    rows = plan.tables.allocation
    return rows[rows["workload"] == workload]


def pool_series(plan: Plan, pool: str, column: str) -> pd.Series:
    assert plan.tables is not None
    rows = plan.tables.provisioned
    return rows[rows["pool"] == pool].set_index("period_start")[column]


def latency_ms(plan: Plan, workload: str) -> pd.DataFrame:
    """Rows of a workload with ``ms`` = round trip + service / (1 - busy / assigned), by hand from the tables."""
    columns = ["workload", "pool", "round_trip_ms", "service_ms"]
    rows = rows_of(plan, workload).merge(plan.routes[columns], on=["workload", "pool"])
    load = rows["accelerators_busy"] / rows["accelerators_assigned"]
    return rows.assign(ms=rows["round_trip_ms"] + rows["service_ms"] / (1 - load))


def mean_ms(plan: Plan, workload: str) -> float:
    rows = latency_ms(plan, workload)
    return float((rows["ms"] * rows["units_per_hour"]).sum() / rows["units_per_hour"].sum())


def hourly_mean_ms(plan: Plan, workload: str) -> pd.Series:
    rows = latency_ms(plan, workload)
    weighted = (rows["ms"] * rows["units_per_hour"]).groupby(rows["period_start"]).sum()
    return weighted / rows.groupby("period_start")["units_per_hour"].sum()


def test_waiting_has_a_price_so_room_has_a_value() -> None:
    plan = solved(QUEUES)
    busy = pool_series(plan, "fra-h100", "accelerators_busy")
    assert busy.max() <= 0.70 * 24
    data = data_of(QUEUES)
    data["pools"]["fra-h100"]["capacity_accelerators"] += 1
    assert (usd(plan) - usd(again(data))) / 168 == pytest.approx(4.3, rel=0.02)
    assert mean_ms(plan, "chat-70b") == pytest.approx(450, rel=0.02)
    assert plan.cost_usd["usage"] == pytest.approx(4200, rel=0.01)


def test_a_higher_price_on_waiting_buys_shorter_queues() -> None:
    data = data_of(QUEUES)
    data["workloads"]["chat-70b"]["congestion_usd_per_unit_second"] *= 2
    twice = again(data)
    assert mean_ms(twice, "chat-70b") == pytest.approx(375, rel=0.01)
    assert twice.cost_usd["usage"] == pytest.approx(5870, rel=0.01)
    for work in data["workloads"].values():
        work.pop("congestion_usd_per_unit_second", None)
    assert again(data).cost_usd["usage"] == pytest.approx(930, rel=0.01)


def test_the_cap_on_the_mean_binds_in_every_hour() -> None:
    plan = solved(QUEUES)
    means = hourly_mean_ms(plan, "assistant-8b")
    assert len(means) == 168
    assert means.min() >= 1500 * (1 - 1e-4)
    assert means.max() <= 1500 * (1 + 1e-6)
    assert hourly_mean_ms(plan, "parcels").max() == pytest.approx(45, rel=1e-4)
    for cap, change in ((1000, 670), (3000, -600)):
        data = data_of(QUEUES)
        data["workloads"]["assistant-8b"]["mean_latency_cap_ms"] = cap
        assert usd(again(data)) - usd(plan) == pytest.approx(change, rel=0.02)


def test_a_cheap_slow_card_is_not_rented() -> None:
    """L40S: 2.378 / 11.84 = 0.201 USD per thousand; H100: 7.3616 / 33.27 = 0.221. Service 1,024 / 1,603 = 0.64 s."""
    plan = solved(QUEUES)
    pools, units = plan.scenario.pools, plan.scenario.workloads["assistant-8b"].throughput
    slow = pools["aws-sto-l40s"].price_usd_per_accelerator_hour / units["L40S"].units_per_accelerator_hour
    fast = pools["aws-sto-h100"].price_usd_per_accelerator_hour / units["H100"].units_per_accelerator_hour
    assert (round(slow, 2), round(fast, 2)) == (0.20, 0.22)
    service = plan.routes.set_index(["workload", "pool"])["service_ms"]
    assert service["assistant-8b", "aws-sto-l40s"] == pytest.approx(640, abs=5)
    assert service["assistant-8b", "aws-sto-h100"] == pytest.approx(230, abs=5)
    room = 640 / (1500 - plan.routes.set_index(["workload", "pool"])["round_trip_ms"]["assistant-8b", "aws-sto-l40s"])
    assert room > 0.4
    assert pool_series(plan, "aws-sto-l40s", "accelerators_provisioned").max() <= 1e-6
    assert pool_series(plan, "aws-sto-h100", "accelerators_provisioned").sum() > 500


def test_cones_prove_what_straight_lines_only_approach() -> None:
    plan = solved(QUEUES)
    assert plan.certificate is not None
    assert (plan.kind, plan.certificate.bound_source) == ("conic", "weak duality")
    assert abs(plan.certificate.gap) <= 1e-6
    data = data_of(QUEUES)
    data["policy"]["queue_form"] = "tangents"
    lines = optimise(require(data))
    assert lines.certificate is not None
    assert lines.certificate.passed
    assert lines.kind == "linear"
    assert usd(plan) <= usd(lines) <= 1.01 * usd(plan)
    assert lines.certificate.tangent_error_usd > 0
    assert lines.certificate.bound_usd <= usd(plan)


def in_fractions() -> Scenario:
    data = data_of(NODES)
    for pool in data["pools"].values():
        pool.pop("whole_nodes", None)
    for work in data["workloads"].values():
        work.pop("whole_replicas", None)
        work.pop("one_site", None)
    return require(data)


def test_whole_things_change_the_answer() -> None:
    plan, loose = solved(NODES), optimise(in_fractions())
    assert (plan.kind, loose.kind) == ("mixed_integer", "linear")
    assert usd(loose) == pytest.approx(2909, rel=5e-4)
    assert loose.cost_usd["usage"] == pytest.approx(93, rel=0.02)
    assert usd(plan) == pytest.approx(4340, rel=5e-4)
    assert plan.cost_usd["usage"] == pytest.approx(1510, rel=5e-4)
    assert plan.certificate is not None
    assert plan.certificate.passed
    assert plan.certificate.gap <= 1e-6
    assert plan.certificate.relaxation_bound_usd == pytest.approx(usd(loose), rel=1e-6)
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.extra_usd == pytest.approx(0, abs=1e-6)
    assert plan.whole_nodes.short_periods == 0


def test_nodes_start_whole_and_stay_on() -> None:
    """At least four hours are two periods of two hours; 24 hours of the one rented node are 12 periods of 8."""
    plan = solved(NODES)
    rented = pool_series(plan, "aws-sto-h100", "accelerators_provisioned").to_numpy()
    assert set(rented.round(6)) == {0.0, 8.0}
    assert rented.sum() == pytest.approx(12 * 8)
    starts = [t for t in range(24) if rented[t] > rented[t - 1]]
    assert starts
    for t in starts:
        assert rented[(t + 1) % 24] >= 8
    busy = pool_series(plan, "aws-sto-h100", "accelerators_busy").to_numpy()
    assert all(busy[t] <= 1e-9 for t in starts), "a node that boots does no work"
    assert plan.cost_usd["start"] > 20
    own = pool_series(plan, "fra-h100", "accelerators_provisioned").to_numpy()
    assert set((own / 8).round(6)) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    up = pool_series(plan, "fra-h100", "accelerators_available").to_numpy()
    assert sum(up < 32) == 6
    assert (own <= up + 1e-9).all()
    assert own.min() < 24, "a node is switched off"
    assert plan.instant_objective_usd is not None
    assert usd(plan) - plan.instant_objective_usd == pytest.approx(350, rel=0.02)


def test_the_gang_is_whole_and_stays_at_one_site() -> None:
    rows = rows_of(solved(NODES), "training")
    assert set(rows["accelerators_assigned"].round(6)) <= {16.0, 32.0}
    assert set(rows["pool"]) == {"fra-h100"}
    assert len(rows) < 22, "it stops and goes"
    # Sixteen at 95 % of the ideal speed do 15.2 units per hour, where the whole gang is busy.
    full = rows[rows["accelerators_busy"] >= 16 - 1e-6]
    assert full["units_per_hour"].to_numpy() == pytest.approx(15.2)
    assert len(full) >= 10


def test_training_waits_for_its_data() -> None:
    """0.25 TB per H100-hour: used through t is at most what was prepared through t - 1, and once it is equal."""
    plan = solved(NODES)
    start = pool_series(plan, "fra-cpu", "accelerators_busy").index
    done = {
        key: rows_of(plan, key).groupby("period_start")["units_per_hour"].sum().reindex(start, fill_value=0.0).cumsum()
        * 2
        for key in ("training", "preparation")
    }
    spare = (done["preparation"].shift(1, fill_value=0.0) - 0.25 * done["training"]).to_numpy()
    assert spare.min() >= -1e-6
    assert (spare[2:] <= 1e-6).any()
    servers = pool_series(plan, "aws-sto-cpu", "accelerators_provisioned").to_numpy()
    assert servers.sum() > 0
    assert (servers % 96).max() == pytest.approx(0)
    data = data_of(NODES)
    data["workloads"]["training"].pop("after")
    data["workloads"]["training"].pop("after_units_per_unit")
    assert usd(plan) - usd(again(data)) == pytest.approx(48, rel=0.02)


def test_smaller_gangs_and_another_week_for_maintenance() -> None:
    data = data_of(NODES)
    data["workloads"]["training"]["throughput"]["H100"]["accelerators_per_replica"] = 8
    assert usd(solved(NODES)) - usd(again(data)) == pytest.approx(720, rel=0.01)
    data = data_of(NODES)
    data["pools"]["fra-h100"].pop("up_share")
    assert usd(solved(NODES)) - usd(again(data)) == pytest.approx(590, rel=0.01)
