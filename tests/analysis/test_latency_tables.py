"""Achieved latency against the arithmetic of ``feature_plan``: mean = round trip + 1,000 ms / (1 - load)."""

from __future__ import annotations

import numpy as np
import pytest
from feature_plan import HOURS, changed, plan, routes
from small_plan import plan as plan_without_queues

from hybridplan.analysis import latency
from hybridplan.domain.queue_factors import FACTORS, LOADS, factor_at


def test_latency_of_a_route_in_a_period() -> None:
    """own: load 0.5, mean 2,000; its factors 3.432 for p95 (6,864) and 0.567 for p50 (1,134).

    burst: load 0.75, mean 20 + 4,000; p95 with 3.693: 20 + 14,772 = 14,792, 5,208 below 20,000.
    """
    table = latency.achieved(plan()).set_index(["pool", "period_start"])
    own, burst = table.loc[("own", HOURS[0])], table.loc[("burst", HOURS[1])]
    assert [own["load"], own["mean_ms"]] == [0.5, 2000.0]
    assert own["p95_ms"] == pytest.approx(6864)
    assert own["p50_ms"] == pytest.approx(1134)
    assert burst["mean_ms"] == 4020.0
    assert burst["achieved_ms"] == burst["p95_ms"] == pytest.approx(14792)
    assert burst["room_ms"] == pytest.approx(5208)
    assert burst["statistic"] == "p95"


@pytest.mark.parametrize("statistic", [*FACTORS, "mean"])
def test_factors_of_many_loads_are_those_of_each(statistic: str) -> None:
    """At, just above and between tabulated loads, and a rounding above the last."""
    loads = np.array([0.0, 1e-12, *LOADS[1:], *(x + 1e-6 for x in LOADS[:-1]), *(x + 0.02 for x in LOADS[:-1])])
    assert latency.factors(statistic, loads).tolist() == [factor_at(statistic, float(x)) for x in loads]
    assert latency.factors(statistic, np.array([0.95 * (1 + 1e-6)])) == factor_at(statistic, 0.95)


def test_by_route_over_units_and_worst_period() -> None:
    """own serves (14,400 x 3 + 3,600) x 5 = 234,000 requests, burst 54,000 of 288,000."""
    made = plan()
    table = latency.by_route(made, latency.achieved(made)).set_index("pool")
    assert table.loc["own", "share_of_served"] == pytest.approx(234 / 288)
    assert table.loc["own", "mean_ms"] == 2000.0
    assert table.loc["burst", "load"] == 0.75
    assert table.loc["burst", "room_ms"] == pytest.approx(5208)
    assert not table["is_batched"].any()


def test_by_workload() -> None:
    """Mean (234,000 x 2,000 + 54,000 x 4,020) / 288,000 = 2,378.75; hour 1 alone (72,000 x 2,000 + 54,000 x 4,020) /
    126,000 = 2,865.71; the factor at the largest load, 0.75, is 3.693."""
    made = plan()
    (row,) = latency.by_workload(made, latency.achieved(made)).to_dict("records")
    assert row["mean_ms"] == pytest.approx(2378.75)
    assert row["worst_mean_ms"] == pytest.approx(361080 / 126)
    assert (row["pool"], row["period_start"]) == ("burst", HOURS[1])
    assert (row["kappa"], row["max_load_share"], row["load"]) == (3.693, 0.9, 0.75)
    assert np.isnan(row["cap_ms"])


def test_the_slowest_route_of_each_period() -> None:
    rows = latency.worst_by_period(latency.achieved(plan()), "chat", "b")
    assert rows["mean_ms"].tolist() == [2000.0, 4020.0, 2000.0, 2000.0]


def test_an_objective_without_its_queue_is_held_against_round_trip_and_service() -> None:
    """Latency has a price, so a queue is modelled; the objective of 1,100 ms is on 20 + 1,000 alone."""
    document = changed("workloads.chat.latency_statistic", "no_queue").to_dict()
    document["workloads"]["chat"] |= {"latency_objective_ms": 1100.0, "congestion_usd_per_unit_second": 0.01}
    made = plan(scenario=plan().scenario.model_validate(document))
    table = latency.achieved(made).set_index(["pool", "period_start"])
    assert table.loc[("burst", HOURS[1]), "achieved_ms"] == 1020.0
    assert table.loc[("burst", HOURS[1]), "mean_ms"] == 4020.0
    (row,) = latency.by_workload(made, latency.achieved(made)).to_dict("records")
    assert row["kappa"] == 1.0


def test_a_queue_without_an_objective_has_no_room() -> None:
    document = changed("workloads.chat.congestion_usd_per_unit_second", 0.01).to_dict()
    for field in ("latency_objective_ms", "latency_statistic"):
        del document["workloads"]["chat"][field]
    made = plan(scenario=plan().scenario.model_validate(document))
    table = latency.achieved(made)
    assert table["objective_ms"].isna().all()
    assert table["achieved_ms"].isna().all()
    assert set(table["statistic"]) == {""}
    assert latency.by_workload(made, table).loc[0, "pool"] == "burst"


@pytest.mark.parametrize(("rate", "batched"), [(3600.0, False), (3630.0, False), (3640.0, True), (7200.0, True)])
def test_batching_shows_where_throughput_and_service_time_differ(rate: float, batched: bool) -> None:
    """3,600 per hour at 1,000 ms each is one at a time; more than 1 % beside that is not."""
    found = latency.is_batched(plan(routes=routes().assign(units_per_accelerator_hour=rate)))
    assert bool(found.iloc[0]) is batched


def test_a_replica_of_several_accelerators_serves_one_at_a_time() -> None:
    """450 per accelerator-hour on gangs of 8 are 3,600 per replica and hour."""
    speed = {"units_per_accelerator_hour": 450.0, "service_ms": 1000.0, "accelerators_per_replica": 8}
    made = plan(
        scenario=changed("workloads.chat.throughput", {"H100": speed}),
        routes=routes().assign(units_per_accelerator_hour=450.0),
    )
    assert not latency.is_batched(made).iloc[0]


def test_without_queues_there_is_nothing_but_floors() -> None:
    made = plan_without_queues()
    assert latency.queued(made.scenario) == []
    assert latency.achieved(made).empty
    assert latency.by_route(made, latency.achieved(made)).empty
    assert latency.by_workload(made, latency.achieved(made)).empty
    assert len(latency.floors(made)) == 4
    assert latency.achieved(plan(tables=None)).empty


def test_rounding_is_neither_room_nor_a_breach() -> None:
    """14,792 ms against an objective of 14,791.99999: 7e-10 of it."""
    table = latency.achieved(plan(scenario=changed("workloads.chat.latency_objective_ms", 14791.99999)))
    assert table.set_index("pool").loc["burst", "room_ms"] == 0.0
