"""Hand-solved queues: each docstring does the arithmetic; every limit is tried on both sides."""

from __future__ import annotations

from typing import Any

import pytest
from builders import one_site, pool, rigid, scenario
from hand import assigned, money, nearly, planned, shadow, units, usd

from hybridplan.domain.queue_factors import FACTORS
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

SITES = {**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}}
FAR = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 20.0}}


def served(service_ms: float = 10.0, **fields: Any) -> dict[str, Any]:
    """Throughput of one unit per accelerator-hour."""
    return {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": service_ms, **fields}}


def timed(demand: float, objective_ms: float, statistic: str = "mean", **fields: Any) -> dict[str, Any]:
    """Rigid work of 10 ms with a latency objective."""
    fields = {"throughput": served(), **fields}
    return rigid([demand], latency_objective_ms=objective_ms, latency_statistic=statistic, **fields)


def test_the_mean_objective_sets_the_load() -> None:
    """s = 10 ms, T = 20 ms: load at most 1 - 10/20 = 0.5. 6 busy need 12 assigned, 12 x 2 = 24 USD."""
    plan = planned({"c": pool("on_demand", 50, 2.0)}, {"w": timed(6, 20)})
    assert plan.kind == "linear"
    assert money(plan) == {"usage": nearly(24.0)}
    assert assigned(plan, "c") == nearly(12.0)
    assert plan.tables is not None
    assert plan.tables.allocation["accelerators_busy"].tolist() == [nearly(6.0)]
    assert plan.tables.provisioned["accelerators_busy"].tolist() == [nearly(6.0)]


def test_one_more_millisecond_is_worth_its_shadow_price() -> None:
    """a = 6 / (1 - 10/T), cost 2a; slope at T = 20: 12 x 10/T^2 / (1 - 10/T)^2 = 12 x 0.025 / 0.25 = 1.2 USD per ms."""
    pools = {"c": pool("on_demand", 50, 2.0)}
    plan = planned(pools, {"w": timed(6, 20)})
    assert shadow(plan, "latency", "w") == nearly(1.2)
    saved = (usd(pools, {"w": timed(6, 19.999)}) - usd(pools, {"w": timed(6, 20.001)})) / 0.002
    assert shadow(plan, "latency", "w") == pytest.approx(saved, rel=1e-5)


@pytest.mark.parametrize(("capacity", "unserved"), [(12.0, 0.0), (11.0, 0.5)])
def test_assigned_accelerators_count_against_capacity(capacity: float, unserved: float) -> None:
    """12 assigned fit on 12; on 11 only 11 x 0.5 = 5.5 of 6 are served."""
    plan = planned({"o": pool("owned", capacity, 0.0)}, {"w": timed(6, 20)})
    assert plan.unserved["w"].quantity == pytest.approx(unserved, abs=1e-7)


def test_the_largest_load_holds_where_the_objective_is_loose() -> None:
    """T = 1,000 ms would allow a load of 0.99; at most 0.8: 6 / 0.8 = 7.5 x 2 = 15. A millisecond is worth nothing."""
    plan = planned({"c": pool("on_demand", 50, 2.0)}, {"w": timed(6, 1000, max_load_share=0.8)})
    assert plan.objective_usd == nearly(15.0)
    assert shadow(plan, "latency") == 0.0


@pytest.mark.parametrize(("objective_ms", "reason", "done"), [(10.0, "latency", 0.0), (10.0001, "", 0.01)])
def test_the_mean_objective_must_leave_room_above_the_floor(objective_ms: float, reason: str, done: float) -> None:
    """T = s = 10 ms leaves no load and no route. At 10.0001 ms the load is 1e-5: 1,000 owned serve 0.01."""
    plan = planned({"o": pool("owned", 1000, 0.0)}, {"w": timed(6, objective_ms)})
    assert plan.routes.set_index("pool").loc["o", "reason"] == reason
    assert sum(units(plan, "w", 1)) == pytest.approx(done, rel=1e-4)


@pytest.mark.parametrize(("objective_ms", "reason"), [(30.0, ""), (29.9, "latency")])
def test_without_a_queue_the_floor_may_equal_the_objective(objective_ms: float, reason: str) -> None:
    """Round trip 20 + service 10 = 30 ms, no queue: allowed at 30 ms, ruled out below; nothing is assigned idle."""
    plan = planned(
        {"c": pool("on_demand", 50, 2.0, site="far")},
        {"w": timed(6, objective_ms, "no_queue")},
        sites=SITES,
        links=FAR,
    )
    assert plan.routes.set_index("pool").loc["c", "reason"] == reason
    assert plan.objective_usd == nearly(12.0 if not reason else 600.0)


def test_the_round_trip_leaves_less_room_for_the_queue() -> None:
    """T = 40 ms. Near at 2 USD: 1 - 10/40 = 0.75, 2.67 a unit. Far at 1.2: 1 - 10/(40 - 20) = 0.5, 2.4 a unit.

    Far wins for 6 x 2.4 = 14.4; at 1.4 USD it costs 2.8 and near wins for 16.
    """
    for price, total in ((1.2, 14.4), (1.4, 16.0)):
        pools = {"near": pool("on_demand", 50, 2.0), "far": pool("on_demand", 50, price, site="far")}
        assert usd(pools, {"w": timed(6, 40)}, sites=SITES, links=FAR) == nearly(total)


@pytest.mark.parametrize("statistic", ["p50", "p90", "p95", "p99"])
def test_a_percentile_uses_the_factor_of_its_own_load(statistic: str) -> None:
    """At load 0.5 the factor is the tabulated one f: T = f x 10 / (1 - 0.5) allows that load: 12 assigned, 24 USD.

    With no load it is the first one: T a little below it allows no route, 6 x 100 USD.
    """
    pools = {"c": pool("on_demand", 50, 2.0)}
    half, none = FACTORS[statistic][10], FACTORS[statistic][0]
    assert usd(pools, {"w": timed(6, 20 * half, statistic, max_load_share=0.8)}) == nearly(24.0)
    assert usd(pools, {"w": timed(6, 10 * none * 0.999, statistic, max_load_share=0.8)}) == nearly(600.0)


def test_between_two_loads_of_the_table_the_larger_factor_counts() -> None:
    """p95 at T = 66 ms: at 0.45 3.384 x 10 / 0.55 = 61.5, at 0.5 3.432 x 10 / 0.5 = 68.6, so 1 - 34.32 / 66 = 0.48.

    6 / 0.48 x 2 = 25. At T = 68.64 the load is 0.5, and stays there until the next factor, 3.482, allows more.
    """
    pools = {"c": pool("on_demand", 50, 2.0)}
    assert usd(pools, {"w": timed(6, 66, "p95")}) == nearly(25.0)
    assert usd(pools, {"w": timed(6, 69, "p95")}) == nearly(24.0)
    assert usd(pools, {"w": timed(6, 70, "p95")}) == nearly(12 / (1 - 34.82 / 70))


def test_the_median_is_not_that_of_an_idle_accelerator() -> None:
    """p50 at T = 20 ms: at 0.75 0.488 x 10 / 0.25 = 19.52, at 0.8 23.6; between them 1 - 4.88 / 20 = 0.756.

    12 / 0.756 USD, where the factor of an idle accelerator, 0.694, would ask for 12 / 0.653.
    """
    assert usd({"c": pool("on_demand", 50, 2.0)}, {"w": timed(6, 20, "p50")}) == nearly(12 / 0.756)


def test_a_slower_pool_serves_a_request_slower() -> None:
    """Efficiency 0.5: a request takes 20 ms, so T = 40 ms allows a load of 0.5.

    6 units at 0.5 an hour are 12 busy and 24 assigned: 48 USD. With T = 20 ms there is no route: 600 USD.
    """
    pools = {"c": pool("on_demand", 50, 2.0, efficiency=0.5)}
    assert usd(pools, {"w": timed(6, 40)}) == nearly(48.0)
    assert usd(pools, {"w": timed(6, 20)}) == nearly(600.0)


@pytest.mark.parametrize(("point", "objective_ms"), [("first_token", 200.0), ("last_token", 4200.0)])
def test_tokens_set_the_service_time(point: str, objective_ms: float) -> None:
    """1,000 prompt tokens at 10,000 a second = 100 ms; 100 output tokens at 50 a second = 2,000 ms more.

    Twice the service time (200 and 4,200 ms) allows a load of 0.5: 24 USD.
    """
    rates = served(0.0, prefill_tokens_per_second=10_000.0, decode_tokens_per_second=50.0)
    tokens = {"latency_point": point, "prompt_tokens": 1000.0, "output_tokens": 100.0, "throughput": rates}
    assert usd({"c": pool("on_demand", 50, 2.0)}, {"w": timed(6, objective_ms, **tokens)}) == nearly(24.0)


def test_idle_accelerators_that_are_on_anyway_cost_nothing() -> None:
    """20 owned and on: 12 assigned to 6 busy. Energy 0.2 x (6 x 1 + 14 x 0.25) = 1.9, with or without a queue."""
    owned = pool("owned", 20, 0.0, price_includes_energy=False, busy_kw=1.0, idle_kw=0.25)
    sites = one_site(electricity_usd_per_kwh=0.2)
    for work in (timed(6, 20), rigid([6])):
        assert usd({"o": owned}, {"w": work}, sites=sites) == nearly(1.9)


def test_idle_rented_accelerators_draw_power() -> None:
    """12 rented, 6 busy: carbon 500 USD/t x 400 g x (6 x 1 + 6 x 0.25 kWh) = 0.2 x 7.5 = 1.5; usage 24."""
    cloud = pool("on_demand", 50, 2.0, busy_kw=1.0, idle_kw=0.25)
    sites, policy = one_site(grid_carbon_g_per_kwh=400), {"carbon_usd_per_tonne": 500.0}
    plan = planned({"c": cloud}, {"w": timed(6, 20)}, sites=sites, policy=policy)
    assert money(plan) == {"usage": nearly(24.0), "carbon": nearly(1.5)}


@pytest.mark.parametrize(("cap_ms", "total"), [(20.0, 24.0), (40.0, 16.0)])
def test_the_mean_latency_cap_on_one_route(cap_ms: float, total: float) -> None:
    """One route: the mean is 10 / (1 - load). Cap 20 ms: load 0.5, 24 USD; cap 40 ms: load 0.75, 8 assigned, 16 USD."""
    work = rigid([6], throughput=served(), mean_latency_cap_ms=cap_ms)
    plan = planned({"c": pool("on_demand", 50, 2.0)}, {"w": work})
    assert plan.kind == "conic"
    assert plan.objective_usd == pytest.approx(total, rel=1e-6)


def test_the_mean_latency_cap_is_over_all_routes() -> None:
    """Near: 5 owned at 0 USD; far: 20 ms away, dear. The cap of 30 ms holds for the mean, not on each route.

    Service 10 ms, load at most 0.5: 20 ms near, 40 ms far. Demand 4: near serves at most 2.5, far 1.5 with a = 3 for
    6 USD: (2.5 x 20 + 1.5 x 40) / 4 = 27.5 ms. Up to that cap this is all; a lower one needs more than 3 far away.
    """
    pools = {"near": pool("owned", 5, 0.0), "far": pool("on_demand", 50, 2.0, site="far")}
    totals = {}
    for cap in (30.0, 27.5, 27.0):
        work = rigid([4], throughput=served(), mean_latency_cap_ms=cap, max_load_share=0.5)
        totals[cap] = usd(pools, {"w": work}, sites=SITES, links=FAR)
    assert [totals[30.0], totals[27.5]] == pytest.approx([6.0, 6.0], rel=1e-5)
    assert totals[27.0] > 6.01


def test_the_mean_latency_cap_has_a_shadow_price() -> None:
    """Cost 12 / (1 - 10/T), slope 1.2 USD per ms at T = 20 ms as for the objective."""
    pools, work = {"c": pool("on_demand", 50, 2.0)}, {"throughput": served()}

    def at(cap: float) -> float:
        return usd(pools, {"w": rigid([6], mean_latency_cap_ms=cap, **work)})

    assert (at(19.9) - at(20.1)) / 0.2 == pytest.approx(1.2, rel=1e-3)
    prices = planned(pools, {"w": rigid([6], mean_latency_cap_ms=20.0, **work)}).shadow_prices
    assert "mean_latency" in set(prices["limit"])


def test_a_cap_below_every_floor_leaves_the_work_unserved() -> None:
    """Service 10 ms, cap 9 ms: 6 x 100."""
    work = rigid([6], throughput=served(), mean_latency_cap_ms=9.0)
    assert usd({"c": pool("on_demand", 50, 2.0)}, {"w": work}) == pytest.approx(600.0, rel=1e-5)


def test_no_demand_costs_nothing_under_a_cap_or_a_price() -> None:
    for curve in ({"mean_latency_cap_ms": 240.0}, {"congestion_usd_per_unit_second": 0.5}):
        plan = optimise(scenario({"c": pool("on_demand", 26, 1.9)}, {"w": rigid([0], throughput=served(), **curve)}))
        assert plan.status.has_plan, (curve, plan.status, plan.certificate)
        assert plan.objective_usd == pytest.approx(0.0, abs=1e-6)


def test_must_serve_with_a_queue_is_possible_only_with_enough_idle() -> None:
    for capacity, status in ((12, SolveStatus.OPTIMAL), (11.9, SolveStatus.INFEASIBLE)):
        plan = optimise(scenario({"o": pool("owned", capacity, 0.0)}, {"w": timed(6, 20, must_serve=True)}))
        assert plan.status is status


@pytest.mark.parametrize(("form", "expected"), [("largest", 5.0), ("squared", 100.0)])
def test_balance_spreads_work_over_owned_pools(form: str, expected: float) -> None:
    """Two free pools of 10 and 30, 20 units, weight 10 USD: even use is 20/40 = 0.5 in both.

    largest: 10 x 0.5 = 5 USD; squared: 10 x (5^2/10 + 15^2/30) = 100 USD.
    """
    policy = {"balance": {"form": form, "weight_usd_per_hour": 10.0}}
    plan = planned({"a": pool("owned", 10, 0.0), "b": pool("owned", 30, 0.0)}, {"w": rigid([20])}, policy=policy)
    assert money(plan) == {"balance": pytest.approx(expected, rel=1e-6)}
    assert sum(units(plan, "w", 1, "a")) == pytest.approx(5.0, rel=1e-3)


def test_balance_weighs_against_price() -> None:
    """1 free, 10 owned; rented at 2. Each unit off the pool lowers its use by 0.1: worth 0.1 x weight = 1 or 3 USD.

    Weight 10: all 10 stay: 10 x 1 = 10 USD. Weight 30: all are rented for 20 USD instead of a penalty of 30.
    """
    pools = {"o": pool("owned", 10, 0.0), "c": pool("on_demand", 50, 2.0)}
    for weight, total in ((10.0, {"balance": 10.0}), (30.0, {"usage": 20.0})):
        policy = {"balance": {"form": "largest", "weight_usd_per_hour": weight}}
        assert money(planned(pools, {"w": rigid([10])}, policy=policy)) == {k: nearly(v) for k, v in total.items()}


def test_balance_counts_what_is_installed_not_what_is_kept() -> None:
    """10 installed, avoidable at 1 USD: keeping 5 for 5 busy is a use of 0.5. 5 x 1 + 4 x 0.5 = 7 USD."""
    pools = {"o": pool("owned", 10, 1.0, owned_cost="avoidable")}
    policy = {"balance": {"weight_usd_per_hour": 4.0}}
    assert money(planned(pools, {"w": rigid([5])}, policy=policy)) == {
        "owned_fixed": nearly(5.0),
        "balance": nearly(2.0),
    }
