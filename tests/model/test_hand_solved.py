"""Hand-solved plans: each docstring does the arithmetic; every limit is tried on both sides."""

from __future__ import annotations

import pytest
from builders import deferrable, hour, one_site, pool, rigid, scenario

from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def busy(plan: Plan, pool_id: str) -> float:
    """Accelerator-hours on a pool, hourly periods."""
    assert plan.tables is not None
    rows = plan.tables.allocation
    return float(rows.loc[rows["pool"] == pool_id, "accelerators_busy"].sum())


def cost(plan: Plan) -> dict[str, float]:
    assert plan.status is SolveStatus.OPTIMAL
    return {k: v for k, v in {**plan.cost_usd, **plan.penalty_usd}.items() if abs(v) > 1e-9}


def test_avoidable_owned_dearer_than_cloud_is_not_kept() -> None:
    """150 x 0.3 = 45 in the cloud beats 0.5 at home."""
    plan = optimise(
        scenario(
            {
                "own": pool("owned", 100, 0.5, owned_cost="avoidable"),
                "cloud": pool("on_demand", 200, 0.3),
            },
            {"w": rigid([150])},
        )
    )
    assert cost(plan) == pytest.approx({"usage": 45.0})


def test_sunk_owned_is_used_first_since_it_costs_nothing_more() -> None:
    """100 x 0.5 sunk + 50 x 0.3 = 65."""
    plan = optimise(
        scenario({"own": pool("owned", 100, 0.5), "cloud": pool("on_demand", 200, 0.3)}, {"w": rigid([150])})
    )
    assert cost(plan) == pytest.approx({"owned_fixed": 50.0, "usage": 15.0})
    assert plan.constant_usd == pytest.approx(50.0)


def test_owned_first_keeps_what_is_avoidable() -> None:
    """Least paid to others first: 100 at home, 50 x 0.3; then 50 + 15 = 65."""
    plan = optimise(
        scenario(
            {
                "own": pool("owned", 100, 0.5, owned_cost="avoidable"),
                "cloud": pool("on_demand", 200, 0.3),
            },
            {"w": rigid([150])},
            policy={"owned_first": True},
        )
    )
    assert cost(plan) == pytest.approx({"owned_fixed": 50.0, "usage": 15.0}, rel=1e-6)
    assert busy(plan, "own") == pytest.approx(100)


def test_keep_is_one_decision_for_the_whole_horizon() -> None:
    """Demand 10 then 2. Keeping k costs 2k for both hours (price 1), the rest is bought at 3.

    The first 2 kept save 3 + 3 - 2 = 4 each; the next 8 save 3 - 2 = 1 each: keep 10, cost 2 x 10 = 20.
    At a price of 2 the next 8 lose 3 - 4 = -1 each: keep 2, cost 2 x 2 x 2 + 8 x 3 = 32.
    """
    for price, kept, total in ((1.0, 10.0, 20.0), (2.0, 2.0, 32.0)):
        plan = optimise(
            scenario(
                {
                    "own": pool("owned", 20, price, owned_cost="avoidable"),
                    "cloud": pool("on_demand", 20, 3.0),
                },
                {"w": rigid([10, 2])},
                periods=2,
            )
        )
        assert plan.tables is not None
        assert plan.tables.kept["accelerators_kept"].tolist() == pytest.approx([kept])
        assert plan.objective_usd == pytest.approx(total)


def test_held_back_share_is_billed_on_rented_pools() -> None:
    """9 busy at 10 % held back need 10 provisioned: 10 x 2 = 20."""
    plan = optimise(scenario({"c": pool("on_demand", 20, 2.0, held_back_share=0.1)}, {"w": rigid([9])}))
    assert cost(plan) == pytest.approx({"usage": 20.0})


@pytest.mark.parametrize(("demand", "unserved"), [(9.0, 0.0), (9.5, 0.5)])
def test_capacity_on_both_sides(demand: float, unserved: float) -> None:
    """10 x 0.9 = 9 usable: 9 fits, 9.5 leaves 0.5 at 100 USD each."""
    plan = optimise(scenario({"o": pool("owned", 10, 0.0, held_back_share=0.1)}, {"w": rigid([demand])}))
    assert plan.unserved["w"].quantity == pytest.approx(unserved, abs=1e-9)
    assert plan.objective_usd == pytest.approx(100 * unserved, abs=1e-7)


def test_maintenance_hour_sends_work_to_the_cloud() -> None:
    """Half of 10 is up in hour 2: 5 x 4 = 20 rented."""
    plan = optimise(
        scenario(
            {"o": pool("owned", 10, 0.0, up_share={"b": [1, 0.5]}), "c": pool("on_demand", 10, 4.0)},
            {"w": rigid([10, 10])},
            periods=2,
        )
    )
    assert cost(plan) == pytest.approx({"usage": 20.0})


def test_energy_is_paid_on_busy_and_idle_with_pue() -> None:
    """10 owned on, 4 busy: 4 x 1 + 6 x 0.25 = 5.5 kW, x PUE 1.2 x 0.2 = 1.32; fixed 10 x 0.1 = 1."""
    plan = optimise(
        scenario(
            {"o": pool("owned", 10, 0.1, price_includes_energy=False, busy_kw=1.0, idle_kw=0.25)},
            {"w": rigid([4])},
            sites=one_site(pue=1.2, electricity_usd_per_kwh=0.2, grid_carbon_g_per_kwh=400),
        )
    )
    assert cost(plan) == pytest.approx({"owned_fixed": 1.0, "energy": 1.32})
    row = plan.quantities.set_index("pool").loc["o"]
    assert row["energy_kwh"] == pytest.approx(6.6)
    assert row["carbon_tonnes"] == pytest.approx(6.6 * 400 / 1e6)


def test_carbon_price_moves_work_to_the_cleaner_site() -> None:
    """Dirty: 1.0 + 1 kW x 800 g x P; clean: 1.2 + 1 kW x 50 g x P. Equal at P = 0.2 / 750 g = 266.7 USD/t."""
    for price, winner in ((200.0, "dirty"), (300.0, "clean")):
        plan = optimise(
            scenario(
                {
                    "dirty": pool("on_demand", 10, 1.0, busy_kw=1.0),
                    "clean": pool("on_demand", 10, 1.2, busy_kw=1.0, site="green"),
                },
                {"w": rigid([5])},
                sites={
                    **one_site(grid_carbon_g_per_kwh=800),
                    "green": {
                        "kind": "public",
                        "provider": "x",
                        "jurisdiction": "SE",
                        "grid_carbon_g_per_kwh": 50,
                    },
                },
                links={"l": {"from_site": "here", "to_site": "green", "round_trip_ms": 9}},
                policy={"carbon_usd_per_tonne": price},
            )
        )
        assert busy(plan, winner) == pytest.approx(5)


def _far(gbps: float | None, **work: object) -> Plan:
    link = {"from_site": "here", "to_site": "far", "round_trip_ms": 20, "usd_per_gb": 0.1}
    back = {"from_site": "far", "to_site": "here", "round_trip_ms": 20, "usd_per_gb": 0.05}
    if gbps is not None:
        link["gbps"] = gbps
    return optimise(
        scenario(
            {"near": pool("on_demand", 100, 3.0), "far": pool("on_demand", 100, 1.0, site="far")},
            {"w": rigid([90], **work)},
            sites={**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}},
            links={"out": link, "back": back},
        )
    )


def test_transfer_is_paid_both_ways() -> None:
    """Far: 1 + 2 GB x 0.1 + 4 GB x 0.05 = 1.4 per unit, under 3: 90 x 1.4 = 126."""
    plan = _far(None, ingress_gb_per_unit=2, egress_gb_per_unit=4)
    assert cost(plan) == pytest.approx({"usage": 90.0, "transfer": 36.0})


def test_bandwidth_limits_what_goes_out() -> None:
    """0.2 Gbit/s = 90 GB/h carries 45 units of 2 GB; the other 45 run near: 45 x 1.2 + 45 x 3 = 189.

    One more Gbit/s = 450 GB/h = 225 units, each saving 3 - 1.2 = 1.8: 405 USD.
    """
    plan = _far(0.2, ingress_gb_per_unit=2)
    assert plan.objective_usd == pytest.approx(189.0)
    prices = plan.shadow_prices.set_index("limit")
    assert prices.loc["one_more_gbps", "usd_per_unit"] == pytest.approx(405.0)


@pytest.mark.parametrize(("objective_ms", "where"), [(25.0, "far"), (24.9, "near")])
def test_latency_floor_on_both_sides(objective_ms: float, where: str) -> None:
    """Round trip 20 + service 5 = 25 ms: allowed at 25, ruled out just below."""
    through = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}}
    plan = _far(None, latency_objective_ms=objective_ms, throughput=through)
    assert busy(plan, where) == pytest.approx(90)
    reason = plan.routes.set_index("pool").loc["far", "reason"]
    assert reason == ("" if where == "far" else "latency")


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"allowed_jurisdictions": ["DE"]}, "residency"),
        ({"required_attributes": ["encryption_in_use"]}, "attributes"),
        ({"denied_sites": ["far"]}, "denied_site"),
        ({"allowed_sites": ["here"]}, "not_allowed_site"),
    ],
)
def test_placement_rules_close_the_route_exactly(rule: dict[str, list[str]], reason: str) -> None:
    plan = _far(None, **rule)
    assert plan.routes.set_index("pool").loc["far", "reason"] == reason
    assert busy(plan, "far") == 0.0


def test_deferrable_work_goes_to_the_cheap_hours() -> None:
    """Rigid 8, 2, 8 on 10 owned leaves 2, 8, 2 free; 12 units fit for nothing, 13 rent one hour at 3."""
    for volume, rented in ((12, 0.0), (13, 3.0)):
        plan = optimise(
            scenario(
                {"o": pool("owned", 10, 0.0), "c": pool("on_demand", 10, 3.0)},
                {"r": rigid([8, 2, 8]), "d": deferrable(volume, 0, 3)},
                periods=3,
            )
        )
        assert plan.objective_usd == pytest.approx(rented, abs=1e-9)


def test_no_work_outside_the_window() -> None:
    """The window is hour 1 alone: 4 owned there, the other 3 of 7 are rented at 2."""
    plan = optimise(
        scenario(
            {"o": pool("owned", 4, 0.0), "c": pool("on_demand", 10, 2.0)},
            {"d": deferrable(7, 1, 2)},
            periods=3,
        )
    )
    assert plan.objective_usd == pytest.approx(6.0)
    assert plan.tables is not None
    assert set(plan.tables.allocation["period_start"].dt.hour) == {1}


@pytest.mark.parametrize(("limit", "unserved"), [(5.0, 0.0), (4.0, 2.0)])
def test_parallel_limit_on_both_sides(limit: float, unserved: float) -> None:
    """10 units in 2 hours: 5 at a time suffice; 4 at a time do 8."""
    plan = optimise(
        scenario(
            {"o": pool("owned", 50, 0.0)},
            {"d": deferrable(10, 0, 2, parallel_limit_accelerators=limit)},
            periods=2,
        )
    )
    assert plan.unserved["d"].quantity == pytest.approx(unserved, abs=1e-9)


def test_interruptible_share_cap() -> None:
    """At most 30 % of 10 on spot at 1, the rest at 4: 3 + 28 = 31."""
    plan = optimise(
        scenario(
            {"spot": pool("interruptible", 50, 1.0), "od": pool("on_demand", 50, 4.0)},
            {"w": rigid([10], interruptible=True, interruptible_share_cap=0.3)},
        )
    )
    assert plan.objective_usd == pytest.approx(31.0)


def test_interruption_overhead_with_the_best_checkpoint_interval() -> None:
    """c = 0.02 h, lambda = 0.04 /h: tau = sqrt(2 x 0.02 / 0.04) = 1 h.

    Overhead = 0.02 / 1 + 0.04 (0.5 + 0.2) = 0.048, so 9.52 units need 10 accelerator-hours: 10 USD.
    """
    plan = optimise(
        scenario(
            {"spot": pool("interruptible", 50, 1.0, interruptions_per_hour=0.04)},
            {"w": rigid([9.52], interruptible=True, checkpoint_hours=0.02, restart_hours=0.2)},
        )
    )
    assert plan.objective_usd == pytest.approx(10.0)


def test_work_that_cannot_be_interrupted_stays_off_spot() -> None:
    plan = optimise(
        scenario({"s": pool("interruptible", 50, 1.0), "d": pool("on_demand", 50, 4.0)}, {"w": rigid([10])})
    )
    assert plan.objective_usd == pytest.approx(40.0)


def test_reserved_capacity_costs_its_fee_used_or_not() -> None:
    """6 committed at 1: 6 USD for 4 busy; the 5th to 8th unit of 8 demand: 6 fit, 2 rented at 5."""
    for demand, total in ((4, 6.0), (8, 16.0)):
        plan = optimise(
            scenario(
                {"r": pool("reserved", 0, 0.0), "c": pool("on_demand", 50, 5.0)},
                {"w": rigid([demand])},
                commitments={"k": {"pool": "r", "accelerators": 6, "fee_usd_per_accelerator_hour": 1.0}},
            )
        )
        assert plan.objective_usd == pytest.approx(total)
        assert plan.cost_usd["commitment"] == pytest.approx(6.0)


@pytest.mark.parametrize(("usd", "unserved"), [(30.0, 0.0), (24.0, 2.0)])
def test_budget_on_both_sides(usd: float, unserved: float) -> None:
    """10 units at 3 = 30; with 24 only 8 are bought (penalties are not part of the budget)."""
    plan = optimise(scenario({"c": pool("on_demand", 50, 3.0)}, {"w": rigid([10])}, policy={"budget": {"usd": usd}}))
    assert plan.unserved["w"].quantity == pytest.approx(unserved, abs=1e-7)


def test_budget_per_year_counts_the_share_of_the_horizon() -> None:
    """One hour of 8,760: a yearly 262,800 is 30 for the hour."""
    plan = optimise(
        scenario(
            {"c": pool("on_demand", 50, 3.0)},
            {"w": rigid([11])},
            policy={"budget": {"usd": 262_800, "per": "year"}},
        )
    )
    assert plan.unserved["w"].quantity == pytest.approx(1.0, abs=1e-7)


def test_must_serve_without_room_is_infeasible() -> None:
    for demand, status in ((10, SolveStatus.OPTIMAL), (10.01, SolveStatus.INFEASIBLE)):
        plan = optimise(scenario({"o": pool("owned", 10, 0.0)}, {"w": rigid([demand], must_serve=True)}))
        assert plan.status is status


def test_blocks_weigh_demand_prices_and_growth() -> None:
    """Weight 13, 2-hour periods, demand 4 x 1.5 = 6, price 2 x 0.5 = 1: 13 x 2 x 6 x 1 = 156."""
    plan = optimise(
        scenario(
            {"c": pool("on_demand", 50, 2.0)},
            {"w": rigid([4])},
            horizon=hour(1, weight=13, period_hours=2, demand_factor=1.5, price_factor=0.5),
        )
    )
    assert plan.objective_usd == pytest.approx(156.0)


def test_discounts_of_provider_and_pool() -> None:
    """List 4: provider 25 % off = 3; a pool's own 50 % overrides it = 2."""
    for own, price in ((None, 3.0), (0.5, 2.0)):
        fields = {} if own is None else {"discount_share": own}
        plan = optimise(
            scenario(
                {"c": pool("on_demand", 50, 4.0, **fields)},
                {"w": rigid([10])},
                policy={"provider_discount_share": {"own": 0.25}},
            )
        )
        assert plan.objective_usd == pytest.approx(10 * price)


@pytest.mark.parametrize(
    ("pools", "workloads"),
    [
        ({}, {}),
        ({}, {"w": rigid([3])}),
        ({"o": pool("owned", 5, 1.0)}, {}),
        ({"o": pool("owned", 5, 1)}, {"w": rigid([0])}),
    ],
)
def test_empty_estates_have_a_defined_answer(pools: dict[str, object], workloads: dict[str, object]) -> None:
    """No pools: 3 x 100 unserved. No work: the sunk 5 x 1 remains."""
    plan = optimise(scenario(pools, workloads))
    assert plan.status is SolveStatus.OPTIMAL
    unserved = 300.0 if workloads and not pools else 0.0
    assert plan.objective_usd == pytest.approx(unserved + 5.0 * len(pools))


def test_no_time_means_no_numbers() -> None:
    plan = optimise(scenario({"o": pool("owned", 5, 1.0)}, {"w": rigid([7] * 24)}, periods=24), time_limit_seconds=0.0)
    assert plan.status in (SolveStatus.NO_PLAN_IN_TIME, SolveStatus.OPTIMAL)
    if plan.status is SolveStatus.NO_PLAN_IN_TIME:
        assert plan.objective_usd is None
        assert plan.tables is None


def test_efficiency_scales_throughput() -> None:
    """8 units at 80 % need 10 accelerators x 2 = 20."""
    plan = optimise(scenario({"c": pool("on_demand", 50, 2.0, efficiency=0.8)}, {"w": rigid([8])}))
    assert plan.objective_usd == pytest.approx(20.0)
