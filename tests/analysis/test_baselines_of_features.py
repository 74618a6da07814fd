"""Greedy rules with queues, elastic pools, gangs and followers, by hand; and whole nodes of such plans."""

from __future__ import annotations

import numpy as np
import pytest
from builders import deferrable, one_site, pool, rigid, scenario
from feature_documents import random_feature_document

from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.instant import instant_scaling
from hybridplan.analysis.planner import solve
from hybridplan.domain import require
from hybridplan.plan import Baseline

SECOND = {"gpu": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}


def provisioned(found: Baseline) -> list[float]:
    return [float(n) for n in found.tables.provisioned["accelerators_provisioned"]]


def test_a_queue_takes_spare_accelerators() -> None:
    """36,000 requests of 1 s an hour keep 10 busy; a mean of 2 s allows a load of 0.5: 20 x 2 USD = 40."""
    work = rigid([36_000.0], throughput=SECOND, latency_objective_ms=2000.0, latency_statistic="mean")
    found = baselines(scenario({"c": pool("on_demand", 100, 2.0)}, {"w": work}))["all_on_demand"]
    assert found.breaks == ()
    assert found.objective_usd == pytest.approx(40.0)


def test_a_cap_on_the_mean_is_kept_on_every_route() -> None:
    """A cap of 2 s asks for the same load of 0.5: 40 USD, and breaks nothing."""
    work = rigid([36_000.0], throughput=SECOND, mean_latency_cap_ms=2000.0)
    found = baselines(scenario({"c": pool("on_demand", 100, 2.0)}, {"w": work}))["all_on_demand"]
    assert found.breaks == ()
    assert found.objective_usd == pytest.approx(40.0)


def test_a_price_on_latency_keeps_accelerators_seven_tenths_busy() -> None:
    """10 busy of 10 / 0.7: rent 28.57; each request takes 1 / 0.3 s: 36,000 x 3.333 x 0.001 USD = 120."""
    work = rigid([36_000.0], throughput=SECOND, congestion_usd_per_unit_second=1e-3)
    found = baselines(scenario({"c": pool("on_demand", 100, 2.0)}, {"w": work}))["all_on_demand"]
    assert found.cost_usd["usage"] == pytest.approx(20 / 0.7)
    assert found.penalty_usd["congestion"] == pytest.approx(120.0)


def test_ramps_are_climbed_in_time() -> None:
    """20 in hour 3 of 4 at 5 an hour: 10, 15, 20, and 5 in the hour after, since the day repeats."""
    pools = {"c": pool("on_demand", 100, 1.0, ramp_up_accelerators_per_hour=5.0)}
    found = baselines(scenario(pools, {"w": rigid([0.0, 0.0, 20.0, 0.0])}, periods=4))["all_on_demand"]
    assert provisioned(found) == [10.0, 15.0, 20.0, 5.0]
    assert found.breaks == ()


def test_a_ramp_that_is_too_slow_breaks() -> None:
    """From 0 at 5 an hour there are 5 in the first hour; 20 are needed at once."""
    pools = {"c": pool("on_demand", 100, 1.0, ramp_up_accelerators_per_hour=5.0, initial_provisioned_accelerators=0.0)}
    found = baselines(scenario(pools, {"w": rigid([20.0, 0.0])}, periods=2))["all_on_demand"]
    assert [text.split(",")[0] for text in found.breaks] == ["ramp_up"]


def test_slow_shrinking_is_paid() -> None:
    """20, then 8 less each hour: 20, 12, 4, and 0 after that."""
    pools = {"c": pool("on_demand", 100, 1.0, ramp_down_accelerators_per_hour=8.0)}
    found = baselines(scenario(pools, {"w": rigid([20.0, 0.0, 0.0, 0.0])}, periods=4))["all_on_demand"]
    assert provisioned(found) == [20.0, 12.0, 4.0, 0.0]


def test_booting_and_staying_on_are_paid() -> None:
    """Lead time 1 h: 20 are on an hour early. At least 3 h on: an hour more than the two."""
    pools = {"c": pool("on_demand", 100, 1.0, lead_time_hours=1.0, min_on_hours=3.0)}
    found = baselines(scenario(pools, {"w": rigid([0.0, 20.0, 0.0, 0.0, 0.0])}, periods=5))["all_on_demand"]
    assert provisioned(found) == [20.0, 20.0, 20.0, 0.0, 0.0]
    assert found.breaks == ()


def test_nodes_start_whole() -> None:
    """5, 0, 20 on nodes of 8: 8, 0, 24; starts of 1 and 3 nodes at 3 USD = 12, and 32 accelerator-hours."""
    pools = {
        "c": pool("on_demand", 100, 1.0, whole_nodes=True, accelerators_per_node=8, start_usd_per_node=3.0),
    }
    found = baselines(scenario(pools, {"w": rigid([5.0, 0.0, 20.0])}, periods=3))["all_on_demand"]
    assert provisioned(found) == [8.0, 0.0, 24.0]
    assert found.cost_usd["usage"] == pytest.approx(32.0)
    # Hour 1 follows hour 3 with 24, so only hour 3 starts: 3 nodes.
    assert found.cost_usd["start"] == pytest.approx(9.0)


def test_gangs_stay_whole() -> None:
    """10 units in 4 hours by gangs of 8: 8, then 2 of a second gang of 8."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 8}}
    work = deferrable(10.0, 0, 4, whole_replicas=True, throughput=through)
    found = baselines(scenario({"c": pool("on_demand", 12, 1.0)}, {"w": work}, periods=4))["all_on_demand"]
    assert found.tables.allocation["accelerators_assigned"].tolist() == [8.0, 8.0]
    assert found.breaks == ()


def test_work_of_one_site_stays_there() -> None:
    """4 an hour here for 4 hours: 16 of 20 units, though 4 more an hour were free elsewhere."""
    pools = {"p": pool("on_demand", 4, 1.0), "q": pool("on_demand", 4, 1.1, site="there")}
    found = baselines(
        scenario(
            pools,
            {"w": deferrable(20.0, 0, 4, one_site=True)},
            periods=4,
            sites={**one_site(), "there": {"kind": "public", "provider": "c", "jurisdiction": "DE"}},
            links={"l": {"from_site": "here", "to_site": "there", "round_trip_ms": 1.0}},
        )
    )["all_on_demand"]
    assert found.unserved["w"].quantity == pytest.approx(4.0)
    assert found.breaks == ()


def test_a_follower_waits_whatever_its_price() -> None:
    """8 units at 4 an hour: the first workload takes hours 1 and 2, its follower 3 and 4, though dearer."""
    works = {"z": deferrable(8.0, 0, 4, after="a", unserved_usd_per_unit=900.0), "a": deferrable(8.0, 0, 4)}
    found = baselines(scenario({"c": pool("on_demand", 4, 1.0)}, works, periods=4))["all_on_demand"]
    assert found.breaks == ()
    assert found.objective_usd == pytest.approx(16.0)


def test_shrinking_gains_need_more_accelerators() -> None:
    """8 do the work of 8, 16 that of 12: 20 units are 12 in the first hour (16 busy) and 8 in the second: 24 USD."""
    points = {
        "x": {"accelerators": 8.0, "efficiency_share": 1.0},
        "y": {"accelerators": 16.0, "efficiency_share": 0.75},
    }
    found = baselines(
        scenario({"c": pool("on_demand", 40, 1.0)}, {"w": deferrable(20.0, 0, 2, scaling=points)}, periods=2)
    )["all_on_demand"]
    assert found.tables.allocation["accelerators_busy"].tolist() == [16.0, 8.0]
    assert found.objective_usd == pytest.approx(24.0)


def test_a_gang_with_shrinking_gains_stays_whole() -> None:
    """Gangs of 8 on 12: at most 8, which do the work of 8; 10 units take two hours with a gang each."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 8}}
    points = {
        "x": {"accelerators": 8.0, "efficiency_share": 1.0},
        "y": {"accelerators": 16.0, "efficiency_share": 0.75},
    }
    work = deferrable(10.0, 0, 2, whole_replicas=True, throughput=through, scaling=points)
    found = baselines(scenario({"c": pool("on_demand", 12, 1.0)}, {"w": work}, periods=2))["all_on_demand"]
    assert found.tables.allocation["accelerators_assigned"].tolist() == [8.0, 8.0]
    assert found.breaks == ()


def test_a_route_that_cannot_keep_the_cap_is_not_used() -> None:
    """A request takes 1 s, the cap is 0.9 s: nothing runs, and no cap is broken."""
    work = rigid([36_000.0], throughput=SECOND, mean_latency_cap_ms=900.0)
    found = baselines(scenario({"c": pool("on_demand", 100, 2.0)}, {"w": work}))["all_on_demand"]
    assert found.unserved["w"].share == 1.0
    assert found.breaks == ()


@pytest.mark.parametrize("seed", range(0, 60))
def test_no_rule_that_breaks_nothing_is_below_the_bound(seed: int) -> None:
    plan = solve(require(random_feature_document(seed)))
    if plan.certificate is None:
        return
    for name, found in plan.baselines.items():
        if not found.breaks:
            room = 1e-6 * max(abs(plan.certificate.bound_usd), 1.0)
            assert found.objective_usd >= plan.certificate.bound_usd - room, (seed, name)


def test_slow_scaling_has_a_price() -> None:
    """20 in hour 3 of 4, 5 an hour: 50 accelerator-hours instead of 20."""
    pools = {"c": pool("on_demand", 100, 1.0, ramp_up_accelerators_per_hour=5.0)}
    plan = solve(scenario(pools, {"w": rigid([0.0, 0.0, 20.0, 0.0])}, periods=4))
    assert plan.objective_usd == pytest.approx(50.0)
    assert plan.instant_objective_usd == pytest.approx(20.0)


def test_nothing_slow_has_no_price_of_slowness() -> None:
    """An owned pool that is always on has a ramp in vain."""
    pools = {"o": pool("owned", 10, 1.0, ramp_up_accelerators_per_hour=5.0), "c": pool("on_demand", 10, 1.0)}
    assert instant_scaling(scenario(pools, {"w": rigid([5.0])})) is None


def test_whole_nodes_count_what_a_queue_needs_not_what_is_idle() -> None:
    """10 busy at a load of 0.5 need 20 of 64 owned; idle ones that are on anyway are no need: 3 nodes of 8."""
    work = rigid([36_000.0], throughput=SECOND, latency_objective_ms=2000.0, latency_statistic="mean")
    plan = solve(scenario({"o": pool("owned", 64, 1.0, accelerators_per_node=8)}, {"w": work}))
    assert plan.tables is not None
    assert plan.whole_nodes is not None
    assert np.all(plan.tables.allocation["accelerators_assigned"] == 64.0)
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [3]


def test_whole_nodes_of_an_elastic_pool_are_those_that_are_on() -> None:
    """Hours 10, 15, 20, 5 on nodes of 4: 3, 4, 5, 2."""
    pools = {"c": pool("on_demand", 100, 1.0, ramp_up_accelerators_per_hour=5.0, accelerators_per_node=4)}
    plan = solve(scenario(pools, {"w": rigid([0.0, 0.0, 20.0, 0.0])}, periods=4))
    assert plan.whole_nodes is not None
    assert plan.whole_nodes.provisioned["nodes"].tolist() == [3, 4, 5, 2]
