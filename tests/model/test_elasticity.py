"""Hand-solved pools that grow and shrink: each docstring does the arithmetic; every limit is tried on both sides."""

from __future__ import annotations

from typing import Any

import pytest
from builders import START, deferrable, one_site, pool, rigid, scenario
from hand import broken, money, nearly, planned, provisioned, shadow, usd

from hybridplan.analysis.planner import solve
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus


def rented(**fields: Any) -> dict[str, Any]:
    """50 accelerators at 1 USD per hour."""
    return {"c": pool("on_demand", 50, 1.0, **fields)}


def work(*demand: float, **fields: Any) -> dict[str, Any]:
    """Rigid work, unserved at 100 USD per unit."""
    return {"w": rigid(list(demand), **fields)}


@pytest.mark.parametrize(("ramp", "total"), [(11.0, 30.0), (10.0, 30.0), (9.0, 327.0)])
def test_ramp_up_from_an_initial_number(ramp: float, total: float) -> None:
    """0 at first, demand 10 then 20: at 10 per hour all is served for 30; at 9 there are 9 and 18: 27 + 3 x 100."""
    pools = rented(ramp_up_accelerators_per_hour=ramp, initial_provisioned_accelerators=0.0)
    assert usd(pools, work(10, 20), periods=2) == nearly(total)


@pytest.mark.parametrize(("ramp", "total"), [(20.0, 20.0), (11.0, 29.0), (10.0, 30.0)])
def test_ramp_up_wraps_round_the_block(ramp: float, total: float) -> None:
    """Demand 0 then 20: at 20 per hour 20; at 11 the hour before holds 9 already, at 10 it holds 10."""
    pools = rented(ramp_up_accelerators_per_hour=ramp)
    assert usd(pools, work(0, 20), periods=2) == nearly(total)
    assert usd(pools, work(20, 0), periods=2) == nearly(total)


def test_ramps_are_per_hour_whatever_the_period() -> None:
    """2-hour periods: 5 per hour are 10 per period. (10 + 20) x 2 hours x 1 USD = 60."""
    horizon = {"blocks": {"b": {"start": START, "periods": 2, "period_hours": 2.0}}}
    pools = rented(ramp_up_accelerators_per_hour=5.0)
    assert usd(pools, work(0, 20), horizon=horizon) == nearly(60.0)


def test_the_ramp_has_a_shadow_price() -> None:
    """Each further accelerator of ramp saves one idle hour of 1 USD: 30 at 10, 29 at 11."""
    plan = planned(rented(ramp_up_accelerators_per_hour=10.0), work(0, 20), periods=2)
    assert shadow(plan, "ramp_up", "c") == nearly(1.0)
    plan = planned(rented(ramp_down_accelerators_per_hour=10.0), work(20, 0), periods=2)
    assert shadow(plan, "ramp_down", "c") == nearly(1.0)


@pytest.mark.parametrize(("ramp", "total"), [(20.0, 0.0), (8.0, 16.0), (5.0, 25.0)])
def test_ramp_down_from_an_initial_number(ramp: float, total: float) -> None:
    """20 at first and nothing to do: at 8 per hour 12 and 4 are still paid, at 5 there are 15 and 10."""
    pools = rented(ramp_down_accelerators_per_hour=ramp, initial_provisioned_accelerators=20.0)
    assert usd(pools, work(0, 0), periods=2) == nearly(total)


def test_the_initial_number_stands_before_the_first_block_only() -> None:
    """Two blocks at 10 per hour, 10 before the first. Demand 0 then 20: both hold 10 in the quiet hour: 30 + 30.

    Demand 20 then 0: the first block reaches 20 at once and pays 20; the second follows its own end and pays 20 + 10.
    The order in the file does not matter.
    """
    blocks = {"late": {"start": "2026-06-08T00:00:00+00:00", "periods": 2}, "early": {"start": START, "periods": 2}}
    pools = rented(ramp_up_accelerators_per_hour=10.0, initial_provisioned_accelerators=10.0)
    for demand, total in (([0.0, 20.0], 60.0), ([20.0, 0.0], 50.0)):
        works = {"w": rigid([], demand_units_per_hour={"late": demand, "early": demand})}
        assert usd(pools, works, horizon={"blocks": blocks}) == nearly(total)


@pytest.mark.parametrize(("hours", "total"), [(0.0, 10.0), (0.5, 20.0), (1.0, 20.0), (1.5, 30.0)])
def test_lead_time_is_billed_before_work_can_run(hours: float, total: float) -> None:
    """10 needed in the last of three hours: one hour of lead bills 2 hours; 1.5 hours count as 2 periods."""
    assert usd(rented(lead_time_hours=hours), work(0, 0, 10), periods=3) == nearly(total)


def test_lead_time_reaches_over_the_edge_of_the_block() -> None:
    """10 needed in the first hour: without an initial number the last hour of the block stands before it: 20 USD."""
    plan = planned(rented(lead_time_hours=1.0), work(10, 0, 0), periods=3)
    assert plan.objective_usd == nearly(20.0)
    assert provisioned(plan, "c") == [nearly(10.0), nearly(0.0), nearly(10.0)]


@pytest.mark.parametrize(("initial", "total"), [(10.0, 10.0), (4.0, 604.0), (0.0, 1000.0)])
def test_lead_time_after_an_initial_number(initial: float, total: float) -> None:
    """Only what stood before can work in the first hour: 4 serve 4, and 6 x 100 are unserved."""
    pools = rented(lead_time_hours=1.0, initial_provisioned_accelerators=initial)
    assert usd(pools, work(10, 0, 0), periods=3) == nearly(total)


def test_the_lead_time_has_a_shadow_price() -> None:
    """Each accelerator that is ready costs 1 USD in the hour before and 1 USD in its own: 2 rows of 1 USD."""
    plan = planned(rented(lead_time_hours=1.0), work(0, 0, 10), periods=3)
    assert shadow(plan, "provisioning", "c") == nearly(2.0)
    assert shadow(plan, "rigid_demand", "w", 2) == nearly(2.0)


def test_held_back_share_is_kept_free_of_what_is_ready() -> None:
    """9 busy with a tenth held back need 10 ready: 10 in both hours = 20 USD."""
    assert usd(rented(lead_time_hours=1.0, held_back_share=0.1), work(0, 9), periods=2) == nearly(20.0)


@pytest.mark.parametrize(("least", "total", "worth"), [(2.0, 3.0, 0.0), (5.0, 5.0, 1.0)])
def test_min_provisioned(least: float, total: float, worth: float) -> None:
    """Demand 3: a least number of 5 bills 5, and each one less would save 1 USD."""
    plan = planned(rented(min_provisioned_accelerators=least), work(3))
    assert plan.objective_usd == nearly(total)
    assert abs(shadow(plan, "min_provisioned", "c")) == nearly(worth)


def test_min_provisioned_is_lower_where_fewer_are_up() -> None:
    """8 of quota, half up: at most 4, so at least 4 of the wanted 5. 4 USD for a demand of 3."""
    pools = {"c": pool("on_demand", 8, 1.0, min_provisioned_accelerators=5.0, up_share={"b": [0.5]})}
    assert usd(pools, work(3)) == nearly(4.0)


def test_min_provisioned_without_any_work_for_the_pool_is_paid() -> None:
    """No workload has a throughput on its SKU: 5 x 1 = 5 USD, and 3 rented at 2."""
    pools = {
        "idle": {**pool("on_demand", 8, 1.0, min_provisioned_accelerators=5.0), "sku": "other"},
        "c": pool("on_demand", 8, 2.0),
    }
    assert usd(pools, work(3)) == nearly(11.0)


@pytest.mark.parametrize(("share", "total"), [(0.5, 30.0), (0.6, 25 / 3 + 55 / 3 + 500 / 3)])
def test_min_busy_share(share: float, total: float) -> None:
    """Demand 5 then 20 at 10 per hour. Half busy: 10 then 20 are allowed, 30 USD.

    0.6 busy: 5 / 0.6 = 8.33 then 18.33, so 1.67 x 100 unserved.
    """
    pools = rented(ramp_up_accelerators_per_hour=10.0, min_busy_share=share)
    plan = planned(pools, work(5, 20), periods=2)
    assert plan.objective_usd == nearly(total)
    assert (abs(shadow(plan, "min_busy", "c")) > 1.0) == (share == 0.6)


@pytest.mark.parametrize(("hours", "total"), [(0.0, 10.0), (1.0, 10.0), (1.5, 20.0), (2.0, 20.0), (3.0, 20.0)])
def test_min_on_hours(hours: float, total: float) -> None:
    """10 needed in one of three hours: on for 2 hours they cost 20, and 1.5 hours count as 2.

    3 hours cost no more: 5, 10, 5 are on, and of two groups of 5 one starts where the other may stop soon after.
    """
    assert usd(rented(min_on_hours=hours), work(0, 10, 0), periods=3) == nearly(total)
    assert usd(rented(min_on_hours=hours), work(0, 0, 10), periods=3) == nearly(total)


def test_min_on_counts_only_starts_within_the_horizon() -> None:
    """10 stood before: they may stop after the first hour. From 0 they start in it and stay for 2 hours."""
    for initial, total in ((10.0, 10.0), (0.0, 20.0)):
        pools = rented(min_on_hours=2.0, initial_provisioned_accelerators=initial)
        assert usd(pools, work(10, 0, 0), periods=3) == nearly(total)


def test_min_on_has_a_shadow_price() -> None:
    """Each accelerator that has been started costs a second hour of 1 USD."""
    plan = planned(rented(min_on_hours=2.0), work(0, 10, 0), periods=3)
    assert abs(shadow(plan, "min_on", "c")) == nearly(1.0)


@pytest.mark.parametrize(("price", "total", "start"), [(2.0, 12.0, 4.0), (6.0, 16.0, 0.0)])
def test_start_cost_against_staying_on(price: float, total: float, start: float) -> None:
    """Demand 8 then 0, nodes of 4, 1 USD per hour: 8 + 2 starts, or 16 for both hours. Equal at 4 USD per node."""
    plan = planned(rented(start_usd_per_node=price, accelerators_per_node=4), work(8, 0), periods=2)
    assert plan.objective_usd == nearly(total)
    assert plan.cost_usd["start"] == nearly(start)


def test_start_costs_count_weights_but_not_hours() -> None:
    """3 occurrences, 2-hour periods: usage 3 x 2 x 8 = 48; 2 nodes x 2 USD x 3 = 12."""
    horizon = {"blocks": {"b": {"start": START, "periods": 2, "period_hours": 2.0, "weight": 3.0}}}
    pools = rented(start_usd_per_node=2.0, accelerators_per_node=4)
    plan = planned(pools, work(8, 0), horizon=horizon)
    assert money(plan) == {"usage": nearly(48.0), "start": nearly(12.0)}


@pytest.mark.parametrize(("initial", "start"), [(8.0, 0.0), (6.0, 1.0), (0.0, 4.0)])
def test_start_cost_after_an_initial_number(initial: float, start: float) -> None:
    """8 needed from the first hour on: 8, 6 or 0 stood before, 0, half a node or 2 nodes of 4 are started at 2 USD."""
    pools = rented(start_usd_per_node=2.0, accelerators_per_node=4, initial_provisioned_accelerators=initial)
    assert money(planned(pools, work(8, 8), periods=2)).get("start", 0.0) == nearly(start)


def test_nothing_is_started_where_the_block_follows_its_own_end() -> None:
    """8 in every hour: always on, no start."""
    pools = rented(start_usd_per_node=2.0, accelerators_per_node=4)
    assert money(planned(pools, work(8, 8), periods=2)) == {"usage": nearly(16.0)}


def test_start_cost_is_part_of_the_budget() -> None:
    """8 + 4 = 12 for 8 units, so 1.5 USD each: with 9 USD only 6 units are served."""
    pools = rented(start_usd_per_node=2.0, accelerators_per_node=4)
    for budget, unserved in ((12.0, 0.0), (9.0, 2.0)):
        plan = planned(pools, work(8, 0), periods=2, policy={"budget": {"usd": budget}})
        assert plan.unserved["w"].quantity == pytest.approx(unserved, abs=1e-6)


@pytest.mark.parametrize(("down", "total"), [(False, 1.6), (True, 0.8)])
def test_energy_is_saved_by_powering_down(down: bool, total: float) -> None:
    """10 owned, 4 then 0 busy at 1 kW, 0.25 kW idle, 0.2 USD per kWh.

    On: (4 + 6 x 0.25 + 10 x 0.25) x 0.2 = 1.6. Off: 4 x 0.2 = 0.8. The sunk 10 x 0.1 x 2 h = 2 stay.
    """
    owned = pool("owned", 10, 0.1, can_power_down=down, price_includes_energy=False, busy_kw=1.0, idle_kw=0.25)
    plan = planned({"o": owned}, work(4, 0), periods=2, sites=one_site(electricity_usd_per_kwh=0.2))
    assert money(plan) == {"owned_fixed": nearly(2.0), "energy": nearly(total)}
    assert provisioned(plan, "o") == ([nearly(4.0), nearly(0.0)] if down else [10.0, 10.0])


def test_powering_down_does_not_help_against_a_slow_start() -> None:
    """As above, but 0 to 4 takes two hours at 2 per hour: 2 idle ones draw 0.25 kW: 0.8 + 2 x 0.25 x 0.2 = 0.9."""
    slow = {"can_power_down": True, "ramp_up_accelerators_per_hour": 2.0}
    owned = pool("owned", 10, 0.0, price_includes_energy=False, busy_kw=1.0, idle_kw=0.25, **slow)
    assert usd({"o": owned}, work(4, 0), periods=2, sites=one_site(electricity_usd_per_kwh=0.2)) == nearly(0.9)


def test_what_may_power_down_is_never_more_than_what_is_kept() -> None:
    """Avoidable at 0.5 for 2 hours: keep 8 for 8 then 2 busy: 8 x 0.5 x 2 = 8 USD; the cloud at 3 would cost more.

    A least number of 9 keeps 9, for 9 USD.
    """
    for least, total in ((0.0, 8.0), (9.0, 9.0)):
        owned = pool("owned", 10, 0.5, owned_cost="avoidable", can_power_down=True, min_provisioned_accelerators=least)
        pools = {"o": owned, "c": pool("on_demand", 50, 3.0)}
        assert usd(pools, work(8, 8), periods=2) == nearly(total)


def test_always_on_pools_ignore_what_only_elastic_pools_can() -> None:
    """An owned pool that may not power down serves 10 from 0 at once, whatever its ramp says."""
    fields = {"ramp_up_accelerators_per_hour": 1.0, "lead_time_hours": 1.0, "initial_provisioned_accelerators": 0.0}
    plan = planned({"o": pool("owned", 10, 0.0, **fields)}, work(10, 10), periods=2)
    assert plan.objective_usd == nearly(0.0)


def test_committed_pools_ramp_too() -> None:
    """6 committed at 1 USD; from 0 at 3 per hour 3 then 6 serve 6 and 6: 3 x 100 unserved and 12 of fees."""
    slow = {"ramp_up_accelerators_per_hour": 3.0, "initial_provisioned_accelerators": 0.0}
    pools = {"r": pool("reserved", 0, 0.0, **slow)}
    commitments = {"k": {"pool": "r", "accelerators": 6, "fee_usd_per_accelerator_hour": 1.0}}
    assert usd(pools, work(6, 6), periods=2, commitments=commitments) == nearly(312.0)


def test_deferrable_work_waits_for_a_slow_pool() -> None:
    """9 units in 3 hours from 0 at 1.5 per hour: 1.5 + 3 + 4.5 = 9 fit exactly, 10 leave one undone: 9 + 100."""
    pools = rented(ramp_up_accelerators_per_hour=1.5, initial_provisioned_accelerators=0.0)
    for volume, total in ((9, 9.0), (10, 109.0)):
        assert usd(pools, {"d": deferrable(volume, 0, 3)}, periods=3) == nearly(total)


def test_contradicting_rules_are_infeasible() -> None:
    """10 wanted at least, half of 10 up in the first hour, 2 per hour: 5 then 10 is too steep; 5 per hour is not."""
    for ramp, status in ((2.0, SolveStatus.INFEASIBLE), (5.0, SolveStatus.OPTIMAL)):
        fields = {"min_provisioned_accelerators": 10.0, "up_share": {"b": [0.5, 1.0]}}
        pools = {"c": pool("on_demand", 10, 1.0, ramp_up_accelerators_per_hour=ramp, **fields)}
        assert optimise(scenario(pools, work(1, 1), periods=2)).status is status


def test_the_price_of_slow_scaling() -> None:
    """Demand 0 then 20 at 10 per hour costs 30; at once it would cost 20: slow scaling costs 10 USD."""
    plan = solve(scenario(rented(ramp_up_accelerators_per_hour=10.0), work(0, 20), periods=2))
    assert plan.objective_usd == nearly(30.0)
    assert plan.instant_objective_usd == nearly(20.0)
    plan = solve(scenario(rented(min_on_hours=2.0), work(0, 20), periods=2))
    assert plan.instant_objective_usd is None


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("ramp_up", {"ramp_up_accelerators_per_hour": 9.0}),
        ("ramp_down", {"ramp_down_accelerators_per_hour": 9.0}),
        ("provisioning", {"lead_time_hours": 1.0}),
        ("min_provisioned", {"min_provisioned_accelerators": 3.0}),
        ("min_busy", {"min_busy_share": 1.0, "held_back_share": 0.0}),
        ("min_on", {"min_on_hours": 2.0}),
    ],
)
def test_the_audit_refuses_a_plan_that_breaks_the_rule(rule: str, fields: dict[str, float]) -> None:
    """A plan made without the rule (12 provisioned for 10 busy, then 2 for none), judged with it."""
    loose = {"start_usd_per_node": 1e-3, "min_provisioned_accelerators": 2.0, "held_back_share": 1 / 6}
    plan = planned(rented(**loose), work(10, 0), periods=2)
    assert provisioned(plan, "c") == [nearly(12.0), nearly(2.0)]
    judged = scenario(rented(**{**loose, **fields}), work(10, 0), periods=2)
    assert broken(plan, judged) == {rule}
