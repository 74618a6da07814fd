"""Edges that solvers stumble over: two objectives with whole things, hours without work, very large and small numbers.

Every figure is worked out in the docstring.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from builders import deferrable, one_site, pool, rigid, scenario

from hybridplan.analysis import planner
from hybridplan.domain import Scenario
from hybridplan.model import linear
from hybridplan.model import solve as solving
from hybridplan.model.extract import extract
from hybridplan.model.ranging import ranges
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

SECOND = {"gpu": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}


def optimal(given: Scenario) -> Plan:
    plan = optimise(given)
    assert plan.status is SolveStatus.OPTIMAL, (plan.status, plan.certificate, plan.solver)
    return plan


@pytest.mark.parametrize(("first", "total"), [(True, 48.0), (False, 16.0)])
def test_owned_first_with_gangs_is_bounded_by_the_least_total(first: bool, total: float) -> None:
    """Two workloads of 4 in gangs of 8. Divisible, both fit 8 owned accelerators for 8 busy x 10 kWh = 80, nothing
    rented: the whole plan below is cheaper, so this is no bound for it.

    Whole and owned first: one gang owned (4 x 10), one rented (8 x 1): 48. Else both rented: 16.
    """
    gang = rigid(
        [4.0],
        whole_replicas=True,
        throughput={"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 8}},
    )
    owned = pool("owned", 8, 0.0, can_power_down=True, busy_kw=10.0, price_includes_energy=False)
    plan = optimal(
        scenario(
            {"o": owned, "c": pool("on_demand", 100, 1.0)},
            {"v": gang, "w": gang},
            sites=one_site(electricity_usd_per_kwh=1.0),
            policy={"owned_first": first},
        )
    )
    assert plan.objective_usd == pytest.approx(total)
    assert plan.certificate is not None
    assert plan.certificate.relaxation_bound_usd is not None
    assert plan.certificate.relaxation_bound_usd <= total + 1e-6


def test_shadow_prices_of_ids_with_colons() -> None:
    """5 units, at most half of them interruptible at 1, the rest on demand at 3: one more unit costs 2."""
    pools = {"s": pool("interruptible", 50, 1.0), "d": pool("on_demand", 50, 3.0)}
    plan = optimal(scenario(pools, {"a:b": rigid([5.0], interruptible=True, interruptible_share_cap=0.5)}))
    prices = plan.shadow_prices
    assert prices.loc[prices["limit"] == "rigid_demand", "usd_per_unit"].sum() == pytest.approx(2.0)


@pytest.mark.parametrize("field", ["mean_latency_cap_ms", "congestion_usd_per_unit_second"])
def test_no_work_at_all_with_curves(field: str) -> None:
    """Nothing to do costs what is sunk: 12 x 0.5 x 3 hours = 18."""
    pools = {"o": pool("owned", 12, 0.5), "c": pool("on_demand", 100, 1.0)}
    plan = optimal(scenario(pools, {"w": rigid([0.0] * 3, throughput=SECOND, **{field: 2000.0})}, periods=3))
    assert plan.objective_usd == pytest.approx(18.0)


@pytest.mark.parametrize("size", [1e-4, 1e-2, 1.0, 1e2, 1e4])
def test_cones_scale_with_the_work(size: float) -> None:
    """A cap of twice the service time: half busy. 10 busy take 20, of which 12 are owned (12 x 0.5 x 2 hours = 12) and
    8 rented at 1; 20 take 40, 28 of them rented: 12 + 8 + 28 = 48.
    """
    pools = {"o": pool("owned", 12 * size, 0.5), "c": pool("on_demand", 100 * size, 1.0)}
    demand = [36_000.0 * size, 72_000.0 * size]
    plan = optimal(scenario(pools, {"w": rigid(demand, throughput=SECOND, mean_latency_cap_ms=2000.0)}, periods=2))
    assert plan.kind == "conic"
    assert plan.objective_usd == pytest.approx(48.0 * size, rel=1e-6)


@pytest.mark.parametrize("capacity", [100.0, 1e7])
def test_cones_with_much_more_than_is_needed(capacity: float) -> None:
    """The square root of test_curved_scenarios: 40 assigned for 10 busy cost 16, whatever else there is."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 1000.0}}
    work = rigid([10.0], throughput=through, congestion_usd_per_unit_second=0.9)
    assert optimal(scenario({"c": pool("on_demand", capacity, 0.1)}, {"w": work})).objective_usd == pytest.approx(
        16.0, rel=1e-6
    )


@pytest.mark.parametrize("usd", [100.0, 1e5])
def test_a_penalty_that_means_never(usd: float) -> None:
    """Half busy on 20 rented at 1: 20, however dear it would be to serve nothing."""
    work = rigid([36_000.0], throughput=SECOND, mean_latency_cap_ms=2000.0, unserved_usd_per_unit=usd)
    plan = optimal(scenario({"c": pool("on_demand", 100, 1.0)}, {"w": work}))
    assert plan.objective_usd == pytest.approx(20.0, rel=1e-6)


def test_a_cap_out_of_reach_is_impossible_where_the_work_must_be_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 ms of service never fit 900 ms. Said even where the interior point gets nowhere."""
    work = rigid([36_000.0], throughput=SECOND, mean_latency_cap_ms=900.0, must_serve=True)
    planted = scenario({"c": pool("on_demand", 100, 1.0)}, {"w": work})
    assert optimise(planted).status is SolveStatus.INFEASIBLE

    def nowhere(*_: Any) -> linear.Run:
        return linear.Run("failed", "Clarabel", "", 0.0, message="InsufficientProgress")

    monkeypatch.setattr(linear, "_run_clarabel", nowhere)
    plan = optimise(planted)
    assert plan.status is SolveStatus.INFEASIBLE
    assert plan.tables is None
    possible = scenario({"c": pool("on_demand", 100, 1.0)}, {"w": {**work, "mean_latency_cap_ms": 1100.0}})
    plan = optimise(possible)
    assert plan.status is SolveStatus.FAILED
    assert plan.solver.message == "InsufficientProgress"


def test_a_relaxation_that_runs_out_of_time_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A divisible point that was found by then is not shown as a plan."""

    def late(*_: Any) -> linear.Run:
        return linear.Run("feasible", "HiGHS", "", 1.0)

    monkeypatch.setattr(solving, "run", late)
    nodes = pool("on_demand", 16, 1.0, whole_nodes=True, accelerators_per_node=8)
    plan = optimise(scenario({"c": nodes}, {"w": rigid([5.0])}))
    assert plan.status is SolveStatus.NO_PLAN_IN_TIME
    assert not plan.solver.stopped_early


def test_an_order_of_objectives_that_cannot_be_held_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step found a plan, so the second one cannot have shown that there is none."""
    real, calls = linear.run, list[int]()

    def second_fails(*args: Any) -> linear.Run:
        calls.append(1)
        return real(*args) if len(calls) == 1 else linear.Run("infeasible", "HiGHS", "", 0.0)

    monkeypatch.setattr(solving, "run", second_fails)
    model = solving.formulate(
        solving.Data(scenario({"c": pool("on_demand", 16, 1.0)}, {"w": rigid([5.0])}, policy={"owned_first": True}))
    )
    assert solving._minimise(model, 10.0, "highs").outcome == "failed"


SLOW = {"ramp_up_accelerators_per_hour": 2.0, "initial_provisioned_accelerators": 0.0}


@pytest.mark.parametrize(("stopped", "expected"), [(False, 12.0), (True, None)])
def test_slow_scaling_is_priced_only_by_a_search_that_ended(
    stopped: bool, expected: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """3 and 3 units in nodes of 1 at 2 USD: 12 with no ramp. What a stopped search found would be no difference."""
    given = scenario({"c": pool("on_demand", 16, 2.0, whole_nodes=True, **SLOW)}, {"w": rigid([3.0, 3.0])}, periods=2)
    real = planner.optimise

    def early(asked: Scenario, *, time_limit_seconds: float) -> Plan:
        plan = real(asked, time_limit_seconds=time_limit_seconds)
        is_quick = asked.pools["c"].ramp_up_accelerators_per_hour is None
        solver = solving.replace(plan.solver, stopped_early=stopped and is_quick)
        return solving.replace(plan, solver=solver)

    monkeypatch.setattr(planner, "optimise", early)
    assert planner.solve(given, time_limit_seconds=20.0).instant_objective_usd == (
        None if expected is None else pytest.approx(expected)
    )


def test_without_time_no_further_solve_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for the whole: a plan that took all of it comes without the price of slow scaling."""
    given = scenario({"c": pool("on_demand", 16, 2.0, **SLOW)}, {"w": rigid([3.0, 3.0])}, periods=2)
    clock = iter([0.0])
    monkeypatch.setattr(planner, "monotonic", lambda: next(clock, 100.0))
    plan = planner.solve(given, time_limit_seconds=20.0)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.instant_objective_usd is None
    assert plan.shadow_ranges.empty


def test_ranges_stop_in_time() -> None:
    """A full pool at 1 beside one at 3: one more saves 2, if there is time to prove it."""
    given = scenario({"a": pool("on_demand", 5, 1.0), "b": pool("on_demand", 50, 3.0)}, {"w": rigid([20.0])})
    prices = optimal(given).shadow_prices
    found = ranges(given, prices)
    assert found["usd_saved_by_one"].tolist() == pytest.approx([2.0])
    assert ranges(given, prices, seconds=0.0).empty


def test_a_chain_without_routes() -> None:
    """Nothing can serve either: 2 x 3 units at 100 each."""
    works = {"a": deferrable(3.0, 0, 1, throughput={}), "b": deferrable(3.0, 0, 1, after="a", throughput={})}
    assert optimal(scenario({"c": pool("on_demand", 10, 2.0)}, works)).objective_usd == pytest.approx(600.0)


@pytest.mark.parametrize(("least", "busy"), [(0.0, 4.0), (0.5, 8.0)])
def test_no_accelerator_is_busy_with_nothing(least: float, busy: float) -> None:
    """3 units take 4 accelerators at 75 % for an hour; running costs nothing here, and the curve is flat from 4 to 16.

    Where half of what is on must be busy and 16 must be on, 8 run.
    """
    curve = {
        "a": {"accelerators": 4.0, "efficiency_share": 0.75},
        "b": {"accelerators": 16.0, "efficiency_share": 0.1875},
    }
    owned = pool(
        "owned", 16, 1.0, can_power_down=True, min_busy_share=least, min_provisioned_accelerators=16.0 if least else 0.0
    )
    plan = optimal(scenario({"o": owned}, {"w": deferrable(3.0, 0, 1, scaling=curve)}))
    assert plan.tables is not None
    assert plan.tables.allocation["units_per_hour"].sum() == pytest.approx(3.0)
    running = plan.tables.allocation["accelerators_busy"].sum()
    assert running == pytest.approx(busy) if not least else running >= busy - 1e-6


@pytest.mark.parametrize(("dust", "on"), [(5e-8, 0.0), (5e-6, 5e-6)])
def test_dust_of_an_interior_point_is_not_provisioned(dust: float, on: float) -> None:
    """In the hour without work a share of 5e-8 of the capacity is the solver's, one of 5e-6 is meant.

    Busy to 30 %, as all must be that is on, none of it would be.
    """
    elastic = pool("on_demand", 40, 1.0, min_busy_share=0.3)
    work = rigid([36_000.0, 0.0], throughput=SECOND, congestion_usd_per_unit_second=1e-3)
    model = solving.formulate(solving.Data(scenario({"o": elastic}, {"w": work}, periods=2)))
    assert solving._minimise(model, 10.0, "clarabel").outcome == "optimal"
    (provisioned,) = [part for part in model.decisions.provisioned.variables() if part.name() == "elastic"]
    provisioned.value = np.maximum(provisioned.value * np.array([[1.0, 0.0]]), [[0.0, dust * 40]])
    found = extract(model.decisions, model.data).provisioned["accelerators_provisioned"]
    assert found.tolist()[1] == pytest.approx(on * 40)


def test_demand_of_more_accelerators_than_solvers_can_count() -> None:
    """A billion units at 1e-12 per accelerator-hour: 10 accelerators do nothing to speak of, and 100 USD each is paid.

    1e21 accelerators would be infinite for a solver, which then called this impossible.
    """
    through = {"gpu": {"units_per_accelerator_hour": 1e-6}}
    plan = optimal(
        scenario({"c": pool("on_demand", 10, 1.0, efficiency=1e-6)}, {"w": rigid([1e9], throughput=through)})
    )
    assert plan.objective_usd == pytest.approx(1e11)
