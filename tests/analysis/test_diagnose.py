"""Planted infeasibilities: the cause is named, the amount is right, and every offered change makes a plan."""

from __future__ import annotations

import numpy as np
import pytest
from builders import deferrable, one_site, pool, rigid, scenario

from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.domain import Scenario
from hybridplan.model.solve import optimise
from hybridplan.plan import Relaxation, SolveStatus


def offers(planted: Scenario) -> dict[tuple[str, str], Relaxation]:
    """Alternatives by rule and record; each is applied and re-solved here once more."""
    assert optimise(planted).status is SolveStatus.INFEASIBLE
    diagnosis = diagnose(planted)
    for change in diagnosis.alternatives:
        assert change.proven
        assert optimise(apply(planted, change)).status.has_plan
    return {(change.rule, change.record): change for change in diagnosis.alternatives}


@pytest.mark.parametrize("seed", range(10))
def test_missing_capacity(seed: int) -> None:
    """Demand d on c accelerators at 1 - h usable: (d - c (1 - h)) / (1 - h) more, or that much work unserved."""
    rng = np.random.default_rng(seed)
    size, held, short = float(rng.integers(5, 90)), float(rng.choice([0, 0.1])), float(rng.uniform(0.5, 30))
    demand = size * (1 - held) + short
    found = offers(
        scenario(
            {"o": pool("owned", size, 1.0, held_back_share=held)}, {"w": rigid([1, demand], must_serve=True)}, periods=2
        )
    )
    assert found["capacity", "o"].amount == pytest.approx(short / (1 - held), rel=1e-6)
    assert found["must_serve", "w"].amount == pytest.approx(short, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_missing_budget(seed: int) -> None:
    """10 units at price p need 10 p; the budget is short by what was planted."""
    rng = np.random.default_rng(seed)
    price, short = float(rng.uniform(1, 9)), float(rng.uniform(0.5, 5))
    planted = scenario(
        {"c": pool("on_demand", 50, price)},
        {"w": rigid([10], must_serve=True)},
        policy={"budget": {"usd": 10 * price - short}},
    )
    found = offers(planted)
    assert found["budget", "policy"].amount == pytest.approx(short, rel=1e-5)


@pytest.mark.parametrize("seed", range(10))
def test_thin_link(seed: int) -> None:
    """d units of 2 GB need 2 d / 450 Gbit/s; the link has less by what was planted."""
    rng = np.random.default_rng(seed)
    demand, short = float(rng.integers(100, 900)), float(rng.uniform(0.05, 0.4))
    planted = scenario(
        {"c": pool("on_demand", 1000, 1.0, site="far")},
        {"w": rigid([demand], must_serve=True, ingress_gb_per_unit=2)},
        sites={**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}},
        links={"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 9, "gbps": 2 * demand / 450 - short}},
    )
    assert offers(planted)["link_bandwidth", "l"].amount == pytest.approx(short, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_short_deadline_by_parallel_limit(seed: int) -> None:
    """v units in 3 hours need v / 3 accelerators at one time."""
    rng = np.random.default_rng(seed)
    volume, short = float(rng.integers(30, 90)), float(rng.uniform(1, 5))
    work = deferrable(volume, 0, 3, must_serve=True, parallel_limit_accelerators=volume / 3 - short)
    planted = scenario({"o": pool("owned", 500, 1.0)}, {"d": work}, periods=3)
    assert offers(planted)["parallel_limit", "d"].amount == pytest.approx(short, rel=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_latency_too_strict(seed: int) -> None:
    """Round trip r + service s against T: short by r + s - T; the dearer, farther pool is not needed."""
    rng = np.random.default_rng(seed)
    trip, short = float(rng.integers(10, 60)), float(rng.uniform(0.5, 5))
    work = rigid(
        [5],
        must_serve=True,
        latency_objective_ms=trip + 5 - short,
        throughput={"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}},
    )
    there = {"kind": "public", "provider": "x", "jurisdiction": "US"}
    planted = scenario(
        {"far": pool("on_demand", 50, 1.0, site="far"), "farther": pool("on_demand", 50, 1.0, site="farther")},
        {"w": work},
        sites={**one_site(), "far": there, "farther": there},
        links={
            "l": {"from_site": "here", "to_site": "far", "round_trip_ms": trip},
            "m": {"from_site": "here", "to_site": "farther", "round_trip_ms": trip + 20},
        },
    )
    assert offers(planted)["latency", "w"].amount == pytest.approx(short, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_share_cap_too_strict(seed: int) -> None:
    """d units, o on demand: the other d - o must be interruptible: share (d - o) / d."""
    rng = np.random.default_rng(seed)
    demand, on_demand = 10.0, float(rng.integers(1, 6))
    planted = scenario(
        {"s": pool("interruptible", 50, 1.0), "d": pool("on_demand", on_demand, 4.0)},
        {"w": rigid([demand], must_serve=True, interruptible=True, interruptible_share_cap=0.2)},
    )
    found = offers(planted)
    assert found["interruptible_share", "w"].amount == pytest.approx((demand - on_demand) / demand - 0.2, rel=1e-6)


def test_residency_is_never_offered() -> None:
    planted = scenario(
        {"c": pool("on_demand", 50, 1.0, site="far")},
        {"w": rigid([5], must_serve=True, allowed_jurisdictions=["DE"])},
        sites={**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}},
        links={"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 1}},
    )
    assert set(offers(planted)) == {("must_serve", "w")}


def test_two_causes_need_one_set() -> None:
    """Two workloads, each on its own full pool: no single change suffices, 2 + 3 more accelerators together do."""
    other = {"throughput": {"big": {"units_per_accelerator_hour": 1.0}}}
    planted = scenario(
        {"a": pool("owned", 10, 1.0), "b": {**pool("owned", 10, 1.0), "sku": "big"}},
        {"v": rigid([12], must_serve=True), "w": rigid([13], must_serve=True, **other)},
    )
    diagnosis = diagnose(planted)
    assert not diagnosis.alternatives
    changes = diagnosis.sufficient_set
    assert changes
    assert all(change.proven for change in changes)
    assert optimise(apply(planted, *changes)).status.has_plan


def test_sunk_cost_above_the_budget() -> None:
    """10 x 2 = 20 sunk against a budget of 15: 5 more is needed, and nothing else helps."""
    planted = scenario({"o": pool("owned", 10, 2.0)}, {"w": rigid([1])}, policy={"budget": {"usd": 15}})
    found = offers(planted)
    assert set(found) == {("budget", "policy")}
    assert found["budget", "policy"].amount == pytest.approx(5.0)


SECOND = {"gpu": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}


def test_a_queue_that_is_too_short_for_its_pool() -> None:
    """10 busy on 15 is a load of 2 / 3: a mean of 3 s, where 2 s are promised; or 20 accelerators; or 7.5 x 3,600."""
    found = offers(
        scenario(
            {"p": pool("on_demand", 15, 2.0)},
            {
                "w": rigid(
                    [36_000.0],
                    must_serve=True,
                    throughput=SECOND,
                    latency_objective_ms=2000.0,
                    latency_statistic="mean",
                )
            },
        )
    )
    assert found["latency", "w"].amount == pytest.approx(1000.0, rel=1e-5)
    assert found["capacity", "p"].amount == pytest.approx(5.0, rel=1e-6)
    assert found["must_serve", "w"].amount == pytest.approx(9000.0, rel=1e-6)


def test_a_least_number_that_no_ramp_reaches() -> None:
    """From 0 at 3 an hour there are 3 in the first hour; 10 must be: 7 fewer, or 7 an hour more."""
    pools = {
        "p": pool(
            "on_demand",
            100,
            2.0,
            ramp_up_accelerators_per_hour=3.0,
            initial_provisioned_accelerators=0.0,
            min_provisioned_accelerators=10.0,
        )
    }
    found = offers(scenario(pools, {"w": rigid([5.0, 5.0])}, periods=2))
    assert found["min_provisioned", "p"].amount == pytest.approx(7.0, rel=1e-6)
    assert found["ramp_up", "p"].amount == pytest.approx(7.0, rel=1e-6)


def test_a_second_gang_that_does_not_fit() -> None:
    """10 units in one hour by gangs of 8: 16 accelerators, 6 more than there are; or 2 units unserved."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 8}}
    work = deferrable(10.0, 0, 1, must_serve=True, whole_replicas=True, throughput=through)
    found = offers(scenario({"p": pool("on_demand", 10, 1.0)}, {"w": work}))
    assert found["capacity", "p"].amount == pytest.approx(6.0, rel=1e-6)
    assert found["must_serve", "w"].amount == pytest.approx(2.0, rel=1e-6)


def test_a_cap_on_the_mean_that_is_too_low() -> None:
    """As the first case with a cap, which straight lines keep a little early: at least 5 more, at most 2 % above."""
    work = rigid([36_000.0], must_serve=True, throughput=SECOND, mean_latency_cap_ms=2000.0)
    found = offers(scenario({"p": pool("on_demand", 15, 2.0)}, {"w": work}))
    assert 5.0 <= found["capacity", "p"].amount <= 5.4


def test_a_reserved_pool_without_a_commitment_has_nothing_to_enlarge() -> None:
    """Its work cannot run: only leaving all 3 units unserved helps."""
    planted = scenario({"r": pool("reserved", 0, 0.0)}, {"w": rigid([3.0], must_serve=True)})
    assert set(offers(planted)) == {("must_serve", "w")}


def test_a_share_cap_of_zero_may_give_way() -> None:
    """10 units, 2 of them on demand: the other 8 must be interruptible, a share of 0.8."""
    planted = scenario(
        {"s": pool("interruptible", 50, 1.0), "d": pool("on_demand", 2, 4.0)},
        {"w": rigid([10.0], must_serve=True, interruptible=True, interruptible_share_cap=0.0)},
    )
    assert offers(planted)["interruptible_share", "w"].amount == pytest.approx(0.8, rel=1e-6)


def test_one_share_cap_holds_for_all_windows() -> None:
    """10 and 4 units in an hour each, 2 on demand: shares of 0.8 and 0.5, so the one cap rises from 0.1 to 0.8.

    The id holds a colon, as that of a window's record does.
    """
    work = deferrable(10.0, 0, 1, must_serve=True, interruptible=True, interruptible_share_cap=0.1)
    work["windows"]["u"] = deferrable(4.0, 1, 2)["windows"]["v"]
    planted = scenario({"s": pool("interruptible", 50, 1.0), "d": pool("on_demand", 2, 4.0)}, {"a:b": work}, periods=2)
    assert offers(planted)["interruptible_share", "a:b"].amount == pytest.approx(0.7, rel=1e-6)


def test_a_yearly_budget_gives_way_in_its_own_unit() -> None:
    """20 USD in the one hour planned are 20 x 8,760 in a year; the budget is 15 x 8,760."""
    budget = {"usd": 15 * 8760.0, "per": "year"}
    planted = scenario(
        {"c": pool("on_demand", 50, 2.0)}, {"w": rigid([10.0], must_serve=True)}, policy={"budget": budget}
    )
    found = offers(planted)["budget", "policy"]
    assert found.amount == pytest.approx(5 * 8760.0, rel=1e-6)
    assert found.unit == "USD per year"


def test_a_budget_far_below_what_is_sunk() -> None:
    """100 x 52 x 0.5 = 2,600 sunk against 1: many times the budget."""
    planted = scenario({"o": pool("owned", 5200, 0.5)}, {"w": rigid([1.0])}, policy={"budget": {"usd": 1.0}})
    assert offers(planted)["budget", "policy"].amount == pytest.approx(2599.0, rel=1e-6)


def test_a_least_number_above_what_is_up() -> None:
    """4 of 10 are up, 2 can be reached from 0: a least number of 10 means 4, and only one of 2 helps: 8 fewer."""
    pools = {
        "c": pool(
            "on_demand",
            10,
            2.0,
            min_provisioned_accelerators=10.0,
            up_share={"b": [0.4]},
            initial_provisioned_accelerators=0.0,
            ramp_up_accelerators_per_hour=2.0,
        )
    }
    found = offers(scenario(pools, {"w": rigid([1.0])}))
    assert found["min_provisioned", "c"].amount == pytest.approx(8.0, rel=1e-5)
    assert found["ramp_up", "c"].amount == pytest.approx(2.0, rel=1e-5)


def test_without_time_nothing_is_offered() -> None:
    planted = scenario({"o": pool("owned", 10, 1.0)}, {"w": rigid([12.0], must_serve=True)})
    diagnosis = diagnose(planted, seconds=0.0)
    assert diagnosis.message == "No cause was found in time."
    assert not diagnosis.alternatives
    assert not diagnosis.sufficient_set


def test_a_price_that_nobody_pays_does_not_hide_the_budget() -> None:
    """5 units at 2 need 10 USD, 9 more than there are; the pool at a billion is beside the point."""
    pools = {"a": pool("on_demand", 50, 2.0), "b": pool("on_demand", 50, 2.0), "c": pool("on_demand", 50, 1e9)}
    planted = scenario(pools, {"w": rigid([5.0], must_serve=True)}, policy={"budget": {"usd": 1.0}})
    assert offers(planted)["budget", "policy"].amount == pytest.approx(9.0, rel=1e-6)


def test_more_capacity_is_paid_from_the_budget() -> None:
    """12 units on 10 owned at 1 USD: 2 more cost 2, which a budget of 10 has not and one of 13 has."""
    for usd, expected in ((10.0, {("must_serve", "w")}), (13.0, {("must_serve", "w"), ("capacity", "o")})):
        planted = scenario(
            {"o": pool("owned", 10, 1.0)}, {"w": rigid([12.0], must_serve=True)}, policy={"budget": {"usd": usd}}
        )
        assert set(offers(planted)) == expected


def test_a_set_pays_for_its_capacity() -> None:
    """As the two causes above, with 20 USD sunk against a budget of 20: 2 + 3 accelerators at 1 USD need 5 more."""
    other = {"throughput": {"big": {"units_per_accelerator_hour": 1.0}}}
    planted = scenario(
        {"a": pool("owned", 10, 1.0), "b": {**pool("owned", 10, 1.0), "sku": "big"}},
        {"v": rigid([12.0], must_serve=True), "w": rigid([13.0], must_serve=True, **other)},
        policy={"budget": {"usd": 20.0}},
    )
    diagnosis = diagnose(planted)
    assert not diagnosis.alternatives
    found = {(change.rule, change.record): change for change in diagnosis.sufficient_set}
    assert all(change.proven for change in found.values())
    assert found["budget", "policy"].amount == pytest.approx(5.0, rel=1e-6)
    assert optimise(apply(planted, *diagnosis.sufficient_set)).status.has_plan


def test_a_change_that_a_new_solve_refutes_is_not_offered() -> None:
    """7 of 10 are up, nodes hold 4, at least 7 must be on: 4 are too few, 8 are not up.

    Of 11.43 a hair more than 8 are up, and then more than 8 must be on: capacity is no way out, a least number of 4 is;
    or parts of a node.
    """
    nodes = pool(
        "on_demand",
        10,
        1.0,
        whole_nodes=True,
        accelerators_per_node=4,
        up_share={"b": [0.7]},
        min_provisioned_accelerators=10.0,
    )
    found = offers(scenario({"c": nodes}, {"w": rigid([1.0])}))
    assert set(found) == {("min_provisioned", "c"), ("whole_nodes", "c")}
    assert found["min_provisioned", "c"].amount == pytest.approx(6.0, rel=1e-5)


def test_a_set_gives_up_a_least_number_above_what_is_up() -> None:
    """As above 4 of 10 are up and 2 can be reached; and 20 USD are sunk against 15. Both must give way."""
    slow = pool(
        "on_demand",
        10,
        2.0,
        min_provisioned_accelerators=10.0,
        up_share={"b": [0.4]},
        initial_provisioned_accelerators=0.0,
        ramp_up_accelerators_per_hour=2.0,
    )
    planted = scenario({"c": slow, "o": pool("owned", 10, 2.0)}, {"w": rigid([1.0])}, policy={"budget": {"usd": 15.0}})
    diagnosis = diagnose(planted)
    assert not diagnosis.alternatives
    assert {change.rule for change in diagnosis.sufficient_set} <= {"min_provisioned", "ramp_up", "budget"}
    assert all(change.proven for change in diagnosis.sufficient_set)
    assert optimise(apply(planted, *diagnosis.sufficient_set)).status.has_plan


def test_a_follower_in_one_hour_must_be_left_undone_or_not_wait() -> None:
    """Nothing comes before the only hour, however little a unit of the follower needs; gangs make it a search."""
    through = {"gpu": {"units_per_accelerator_hour": 30.0, "accelerators_per_replica": 2}}
    follower = deferrable(1.0, 0, 1, after="a", after_units_per_unit=1e-6, must_serve=True, whole_replicas=True)
    planted = scenario(
        {"o": pool("on_demand", 10, 1.0)}, {"a": deferrable(30.0, 0, 1, throughput=through), "d": follower}
    )
    assert set(offers(planted)) == {("must_serve", "d"), ("after", "d")}


def test_missing_capacity_of_a_pool_that_keeps_whole_nodes_is_whole_nodes() -> None:
    """12 installed are one node of 8; 13 need two of them: 4 more, since 5 more beyond the 8 do not fit one."""
    own = pool("owned", 12, 1.0, owned_cost="avoidable", whole_nodes=True, accelerators_per_node=8)
    change = offers(scenario({"own": own}, {"w": rigid([13.0], must_serve=True)}))["capacity", "own"]
    assert change.amount == pytest.approx(4.0)
    assert change.new_value == pytest.approx(16.0)


def test_a_set_makes_room_for_its_capacity() -> None:
    """3 accelerators of 2 rack units fill a site; two workloads of 5 must be served: 7 more, and 14 rack units."""
    works = {key: rigid([5.0], must_serve=True) for key in ("w", "v")}
    own = pool("owned", 3.0, 1.0, rack_units_per_accelerator=2.0)
    planted = scenario({"own": own}, works, sites=one_site(rack_units_limit=6.0))
    diagnosis = diagnose(planted)
    assert diagnosis.alternatives == ()
    found = {change.rule: (change.proven, change.amount) for change in diagnosis.sufficient_set}
    assert found == {"capacity": (True, pytest.approx(7.0)), "site_space": (True, pytest.approx(14.0))}
    assert optimise(apply(planted, *diagnosis.sufficient_set)).status.has_plan
