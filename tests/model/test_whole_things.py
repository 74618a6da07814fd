"""Hand-solved whole nodes, replicas and sites: each docstring does the arithmetic, with and without the whole thing."""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, one_site, pool, rigid, scenario
from hand import assigned, broken, money, nearly, planned, provisioned, units, usd

from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

SITES = {**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}}
FAR = {
    "out": {"from_site": "here", "to_site": "far", "round_trip_ms": 20.0},
    "back": {"from_site": "far", "to_site": "here", "round_trip_ms": 20.0},
}


def nodes(option: str, capacity: float, price: float, **fields: Any) -> dict[str, Any]:
    """A pool in whole nodes of 4."""
    return pool(option, capacity, price, whole_nodes=True, accelerators_per_node=4, **fields)


def gang(demand: list[float], size: int = 4, **fields: Any) -> dict[str, Any]:
    """Rigid work in whole replicas."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 10.0, "accelerators_per_replica": size}}
    return rigid(demand, whole_replicas=True, throughput=through, **fields)


@pytest.mark.parametrize(("demand", "total"), [(4.0, 4.0), (5.0, 8.0), (8.0, 8.0), (8.5, 12.0)])
def test_rented_nodes_are_whole(demand: float, total: float) -> None:
    """Nodes of 4 at 1 USD per accelerator: 5 need two nodes."""
    plan = planned({"c": nodes("on_demand", 40, 1.0)}, {"w": rigid([demand])})
    assert plan.kind == "mixed_integer"
    assert plan.objective_usd == nearly(total)
    assert provisioned(plan, "c") == [nearly(total)]
    assert usd({"c": pool("on_demand", 40, 1.0)}, {"w": rigid([demand])}) == nearly(demand)


def test_the_certificate_says_whose_word_the_bound_is() -> None:
    """5 need 8; divisible they need 5, which our own bound of the relaxation cannot exceed."""
    plan = planned({"c": nodes("on_demand", 40, 1.0)}, {"w": rigid([5])})
    certificate = plan.certificate
    assert certificate is not None
    assert certificate.bound_source == "solver"
    assert certificate.bound_usd == nearly(8.0)
    assert certificate.relaxation_bound_usd == nearly(5.0)
    assert plan.solver.gap_target is not None
    assert not plan.solver.stopped_early
    assert plan.shadow_ranges.empty


def test_a_rest_below_a_node_is_never_provisioned() -> None:
    """A quota of 10 is two nodes: of 9 units 8 are served."""
    plan = planned({"c": nodes("on_demand", 10, 1.0)}, {"w": rigid([9])})
    assert money(plan) == {"usage": nearly(8.0), "unserved": nearly(100.0)}


@pytest.mark.parametrize(("price", "total"), [(3.0, 7.0), (5.0, 8.0)])
def test_a_fraction_elsewhere_may_be_cheaper_than_a_node(price: float, total: float) -> None:
    """The fifth unit: a second node for 4 USD, or one accelerator elsewhere for 3 or 5."""
    pools = {"c": nodes("on_demand", 40, 1.0), "d": pool("on_demand", 40, price)}
    assert usd(pools, {"w": rigid([5])}) == nearly(total)


@pytest.mark.parametrize(("price", "kept", "total"), [(1.9, 4.0, 5.9), (5.0, 8.0, 8.0)])
def test_avoidable_nodes_are_kept_whole(price: float, kept: float, total: float) -> None:
    """Keep one node and rent the fifth unit, or keep two nodes at 1 USD per accelerator."""
    pools = {"o": nodes("owned", 40, 1.0, owned_cost="avoidable"), "c": pool("on_demand", 40, price)}
    plan = planned(pools, {"w": rigid([5])})
    assert plan.kind == "mixed_integer"
    assert plan.objective_usd == nearly(total)
    assert plan.tables is not None
    assert plan.tables.kept["accelerators_kept"].tolist() == [nearly(kept)]


def test_avoidable_nodes_that_may_power_down_are_whole_twice() -> None:
    """Demand 5 then 1: keep 8, on are 8 then 4. 8 x 0.5 x 2 = 8 USD; 1 kW x 1 USD x (5 + 1) + 0.5 x (3 + 3) = 9 USD."""
    power = {"price_includes_energy": False, "busy_kw": 1.0, "idle_kw": 0.5}
    pools = {"o": nodes("owned", 40, 0.5, owned_cost="avoidable", can_power_down=True, **power)}
    plan = planned(pools, {"w": rigid([5, 1])}, periods=2, sites=one_site(electricity_usd_per_kwh=1.0))
    assert money(plan) == {"owned_fixed": nearly(8.0), "energy": nearly(9.0)}
    assert provisioned(plan, "o") == [nearly(8.0), nearly(4.0)]


def test_sunk_nodes_that_are_always_on_need_no_whole_numbers() -> None:
    plan = planned({"o": nodes("owned", 10, 1.0)}, {"w": rigid([9])})
    assert plan.kind == "linear"
    assert plan.objective_usd == nearly(10.0)


@pytest.mark.parametrize(
    ("start", "on", "total"),
    [(1.0, [8.0, 0.0], 8.5), (3.0, [8.0, 8.0], 10.5), (1.9, [8.0, 0.0], 10.3), (2.1, [8.0, 8.0], 10.5)],
)
def test_a_node_stays_on_where_starting_costs_more(start: float, on: list[float], total: float) -> None:
    """8 owned in nodes of 4, 5 then 0 busy; 1 USD per kWh, 1 kW busy, 0.5 kW idle: 5 + 3 x 0.5 = 6.5 in the first hour.

    Then off: two starts. On: 8 x 0.5 = 4 more. A node each way costs 2 + one start. Equal at 2 USD per start.
    """
    power = {"price_includes_energy": False, "busy_kw": 1.0, "idle_kw": 0.5}
    pools = {"o": nodes("owned", 8, 0.0, can_power_down=True, start_usd_per_node=start, **power)}
    plan = planned(pools, {"w": rigid([5, 0])}, periods=2, sites=one_site(electricity_usd_per_kwh=1.0))
    assert plan.objective_usd == nearly(total)
    assert provisioned(plan, "o") == [nearly(x) for x in on]


@pytest.mark.parametrize(("hours", "total"), [(1.0, 8.0), (2.0, 16.0)])
def test_whole_nodes_stay_on_for_their_least_time(hours: float, total: float) -> None:
    """5 need two nodes for 8 USD; on for 2 hours they cost 16."""
    assert usd({"c": nodes("on_demand", 40, 1.0, min_on_hours=hours)}, {"w": rigid([5, 0, 0])}, periods=3) == nearly(
        total
    )


@pytest.mark.parametrize(("penalty", "total", "done"), [(100.0, 8.0, 5.0), (3.0, 7.0, 4.0)])
def test_a_replica_is_all_or_nothing(penalty: float, total: float, done: float) -> None:
    """5 units on replicas of 4: two for 8 USD, or one and a unit unserved for 3 USD."""
    plan = planned({"c": pool("on_demand", 40, 1.0)}, {"w": gang([5], unserved_usd_per_unit=penalty)})
    assert plan.kind == "mixed_integer"
    assert plan.objective_usd == nearly(total)
    assert sum(units(plan, "w", 1)) == nearly(done)
    assert assigned(plan, "c") == nearly(8.0 if done == 5 else 4.0)


@pytest.mark.parametrize(("capacity", "unserved"), [(8.0, 0.0), (7.9, 1.0), (3.9, 5.0)])
def test_a_replica_that_does_not_fit_does_nothing(capacity: float, unserved: float) -> None:
    """5 units need two replicas of 4; on 7.9 there is room for one, on 3.9 for none."""
    plan = planned({"o": pool("owned", capacity, 0.0)}, {"w": gang([5])})
    assert plan.unserved["w"].quantity == pytest.approx(unserved, abs=1e-6)


def test_replicas_are_whole_on_each_pool() -> None:
    """3 free on each of two pools: replicas of 4 fit on neither, of 3 on both."""
    pools = {"a": pool("owned", 3, 0.0), "b": pool("owned", 3, 0.0)}
    for size, unserved in ((4, 6.0), (3, 0.0)):
        assert usd(pools, {"w": gang([6], size)}) == nearly(100 * unserved)


def test_two_workloads_share_a_pool_by_whole_replicas() -> None:
    """10 accelerators: replicas of 6 and 4 units fit together; of 6 and 5 only the dearer one: 5 x 100 unserved."""
    for other, unserved in ((4, 0.0), (5, 500.0)):
        works = {"w": gang([6], 6), "v": gang([other], other)}
        assert usd({"o": pool("owned", 10, 0.0)}, works) == nearly(unserved)


def test_a_queue_leaves_part_of_each_replica_idle() -> None:
    """Load at most 1 - 10/20 = 0.5: 5 busy need 10 assigned, in replicas of 4: 12 USD."""
    work = gang([5], latency_objective_ms=20.0, latency_statistic="mean")
    plan = planned({"c": pool("on_demand", 40, 1.0)}, {"w": work})
    assert plan.objective_usd == nearly(12.0)
    assert assigned(plan, "c") == nearly(12.0)


def test_replicas_count_against_the_parallel_limit() -> None:
    """10 units in 2 hours on replicas of 4: a limit of 8 allows two at once, of 7.9 only one: 8 done, 200 unserved."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 4}}
    for limit, total in ((8.0, 0.0), (7.9, 200.0)):
        work = deferrable(10, 0, 2, whole_replicas=True, throughput=through, parallel_limit_accelerators=limit)
        assert usd({"o": pool("owned", 50, 0.0)}, {"w": work}, periods=2) == nearly(total)


@pytest.mark.parametrize(("one", "volume", "unserved"), [(False, 12, 0.0), (True, 12, 6.0), (True, 6, 0.0)])
def test_one_site(one: bool, volume: float, unserved: float) -> None:
    """6 at each of two sites for an hour: 12 units fit on both, 6 of them at one."""
    pools = {"a": pool("owned", 6, 0.0), "b": pool("owned", 6, 0.0, site="far")}
    works = {"w": deferrable(volume, 0, 1, one_site=one)}
    plan = planned(pools, works, sites=SITES, links=FAR)
    assert plan.kind == ("mixed_integer" if one else "linear")
    assert plan.objective_usd == nearly(100 * unserved)


def test_two_pools_of_one_site_may_share_a_window() -> None:
    pools = {"a": pool("owned", 6, 0.0), "b": pool("owned", 6, 0.0)}
    assert usd(pools, {"w": deferrable(12, 0, 1, one_site=True)}) == nearly(0.0)


def test_each_window_chooses_its_own_site() -> None:
    """Hour 1 only home is up, hour 2 only far: two windows run at a site each; one window of both hours loses 6."""
    pools = {
        "a": pool("owned", 6, 0.0, up_share={"b": [1.0, 0.0]}),
        "b": pool("owned", 6, 0.0, site="far", up_share={"b": [0.0, 1.0]}),
    }
    both = deferrable(12, 0, 2, one_site=True)
    halves = deferrable(6, 0, 1, one_site=True)
    halves["windows"]["late"] = deferrable(6, 1, 2)["windows"]["v"]
    for work, total in ((both, 600.0), (halves, 0.0)):
        assert usd(pools, {"w": work}, periods=2, sites=SITES, links=FAR) == nearly(total)


def test_whole_things_and_must_serve_can_be_infeasible() -> None:
    for capacity, status in ((8, SolveStatus.OPTIMAL), (7, SolveStatus.INFEASIBLE)):
        plan = optimise(scenario({"c": nodes("on_demand", capacity, 1.0)}, {"w": rigid([5], must_serve=True)}))
        assert plan.status is status


def test_whole_things_with_curves_need_straight_lines() -> None:
    """Exact cones and whole numbers are refused with the field to change; by tangents the plan is found.

    10 units, 1 s, 0.9 USD a second, 0.1 USD per accelerator: best at 40 assigned (test_curved_scenarios), which are 10
    nodes: 16 USD.
    """
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    works = {"w": rigid([10], throughput=through, congestion_usd_per_unit_second=0.9)}
    pools = {"c": nodes("on_demand", 400, 0.1)}
    with pytest.raises(InvalidInput, match="queue_form"):
        scenario(pools, works)
    plan = optimise(scenario(pools, works, policy={"queue_form": "tangents"}))
    assert plan.status.has_plan
    assert plan.kind == "mixed_integer"
    certificate = plan.certificate
    assert certificate is not None
    assert 16.0 - 1e-6 <= plan.objective_usd <= 16.0 + certificate.tangent_error_usd + 1e-6
    assert certificate.bound_usd <= 16.0 + 1e-6


def test_the_audit_refuses_fractions_of_whole_things() -> None:
    """Divisible plans, judged by a scenario in which something is whole."""
    plan = planned({"c": pool("on_demand", 40, 1.0, min_on_hours=1.0)}, {"w": rigid([5])})
    assert broken(plan, scenario({"c": nodes("on_demand", 40, 1.0)}, {"w": rigid([5])})) == {"whole_nodes"}
    plan = planned({"c": pool("on_demand", 40, 1.0)}, {"w": rigid([5])})
    assert broken(plan, scenario({"c": pool("on_demand", 40, 1.0)}, {"w": gang([5])})) == {"whole_replicas"}
    pools = {"a": pool("owned", 6, 0.0), "b": pool("owned", 6, 0.0, site="far")}
    places = {"sites": SITES, "links": FAR}
    plan = planned(pools, {"w": deferrable(12, 0, 1)}, **places)
    assert broken(plan, scenario(pools, {"w": deferrable(12, 0, 1, one_site=True)}, **places)) == {"one_site"}
