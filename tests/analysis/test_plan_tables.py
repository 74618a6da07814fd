"""Tables of the analysis against the arithmetic of ``small_plan``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from small_plan import HOUR_0, HOUR_1, baselines, plan, routes, scenario, served_plan, tables

from hybridplan.analysis import allocation, cost, energy, flows, frames, labels, latency, limits, utilisation
from hybridplan.plan import Unserved


def test_periods_carry_weight_and_hours() -> None:
    """Two hours, each of which occurs twice: 4 weighted hours."""
    table = frames.periods(scenario())
    assert table["weight_hours"].tolist() == [2.0, 2.0]
    assert table["period_start"].tolist() == [HOUR_0, HOUR_1]


def test_demanded_units() -> None:
    """Chat (100 + 300) x 2 = 800 requests; training 10 x 2 = 20 accelerator-hours."""
    assert frames.demanded_units(scenario()) == {"chat": 800.0, "train": 20.0}


def test_growth_scales_demand() -> None:
    """A demand factor of 1.5 gives 1,200 requests and 30 accelerator-hours."""
    horizon = scenario().model_dump(mode="json")["horizon"]
    horizon["blocks"]["b"]["demand_factor"] = 1.5
    assert frames.demanded_units(scenario(horizon=horizon)) == {"chat": 1200.0, "train": 30.0}


def test_demand_in_accelerators() -> None:
    """Hour 1: 28 busy; 20 requests / 10 = 2 lacking; 5 accelerator-hours of training spread over 2 hours = 2.5 each."""
    made = plan()
    table = allocation.demand_in_accelerators(made.scenario, tables(), made.routes, "b")
    assert table["used"].tolist() == [15.0, 28.0]
    assert table["unserved"].tolist() == [2.5, 4.5]
    assert table["demanded"].tolist() == [17.5, 32.5]


def test_totals_by_workload_and_pool() -> None:
    """Chat on own: (10 + 20) x 2 = 60 accelerator-hours, 600 of the 760 requests that are served."""
    table = allocation.totals(scenario(), tables()).set_index(["workload", "pool"])
    assert table.loc[("chat", "own"), "accelerator_hours"] == 60.0
    assert table.loc[("chat", "own"), "units"] == 600.0
    assert table.loc[("chat", "cloud"), "share_of_served"] == pytest.approx(160 / 760)
    assert table.loc[("train", "own"), "share_of_served"] == 1.0


def test_accelerator_hours_by_purchase_option() -> None:
    """Owned 70 of 86 accelerator-hours."""
    table = allocation.by_option(scenario(), tables()).set_index("purchase_option")
    assert table.loc["owned", "share"] == pytest.approx(70 / 86)
    assert table.loc["on_demand", "accelerator_hours"] == 16.0


def test_service_by_workload() -> None:
    """Chat: 760 of 800 served; training 10 of 20."""
    table = allocation.service(scenario(), tables()).set_index("workload")
    assert table.loc["chat", "served"] == 760.0
    assert table.loc["chat", "served_share"] == pytest.approx(0.95)
    assert table.loc["train", "unserved"] == 10.0


def test_deferrable_work_has_no_hourly_demand() -> None:
    assert allocation.demand_of_workload(scenario(), "train", "b").empty
    assert allocation.demand_of_workload(scenario(), "chat", "b")["units_per_hour"].tolist() == [100.0, 300.0]


def test_utilisation_of_owned_counts_what_is_available_and_of_rented_what_is_provisioned() -> None:
    """Own: 70 / 80; cloud: 8 / 8 in hour 1, nothing provisioned in hour 0."""
    table = utilisation.by_pool(scenario(), tables(), routes()).set_index("pool")
    assert table.loc["own", "utilisation"] == pytest.approx(70 / 80)
    assert table.loc["cloud", "utilisation"] == 1.0
    assert table.loc["own", "full_hours"] == 2.0
    hours = utilisation.by_period(scenario(), tables()).set_index(["pool", "period_start"])["utilisation"]
    assert hours[("own", HOUR_0)] == 0.75
    assert pd.isna(hours[("cloud", HOUR_0)])


def test_a_pool_without_any_capacity_has_no_utilisation() -> None:
    empty = tables().provisioned.assign(accelerators_provisioned=0.0, accelerators_available=0.0, accelerators_busy=0.0)
    table = utilisation.by_pool(scenario(), replace(tables(), provisioned=empty), routes())
    assert table["utilisation"].isna().all()
    assert table["full_hours"].tolist() == [0.0, 0.0]


def test_cost_by_term_has_a_column_per_plan() -> None:
    table = cost.by_term(plan()).set_index("term")
    assert table.loc["usage", "plan"] == 48.0
    assert table.loc["usage", "private_first"] == 156.0
    assert table.loc["transfer", "private_first"] == 0.0
    assert bool(table.loc["unserved", "is_penalty"])


def test_cost_by_pool() -> None:
    """Own 80; cloud 48 + 8; penalties 400 are tied to no pool."""
    table = cost.by_pool({"plan": plan().cost_lines}).set_index("pool")["plan"]
    assert table.to_dict() == {"": 400.0, "own": 80.0, "cloud": 56.0}
    cross = cost.by_pool_and_term(plan().cost_lines).set_index("pool")
    assert cross.loc["cloud", "transfer"] == 8.0
    assert cross["total"].sum() == 536.0
    assert cost.by_workload(plan().cost_lines).set_index("workload")["usd"].to_dict() == {
        "chat": 208.0,
        "train": 200.0,
        "": 128.0,
    }


def test_a_saving_needs_equal_service_and_no_broken_limit() -> None:
    """Private first: 636 - 536 = 100 saved. All on demand serves less. A rule that breaks a limit saves nothing."""
    table = cost.against_baselines(plan()).set_index("name")
    assert table.loc["private_first", "saving_usd"] == 100.0
    assert pd.isna(table.loc["all_on_demand", "saving_usd"])
    broken = replace(baselines()["private_first"], breaks=("the budget by 10 USD",))
    assert not cost.is_comparable(plan(), broken)


def test_unserved_work_that_is_only_rounding_counts_as_equal() -> None:
    almost = replace(baselines()["private_first"], unserved={"chat": Unserved(1e-5, "requests", 1e-8)})
    assert cost.is_comparable(served_plan(), almost)


def test_latency_floors_say_which_routes_are_used() -> None:
    """Chat served 600 of 760 at 30 ms and 160 at 50 ms: mean 34.2 ms, worst 50 ms, 50 ms of room to 100 ms."""
    table = latency.floors(plan())
    states = {(w, p): s for w, p, s in table[["workload", "pool", "state"]].itertuples(index=False, name=None)}
    assert states[("chat", "cloud")] == "used"
    assert states[("train", "cloud")] == "ruled out"
    mean = latency.mean_floor(table).set_index("workload")
    assert mean.loc["chat", "mean_used_ms"] == pytest.approx((600 * 30 + 160 * 50) / 760)
    assert mean.loc["chat", "room_ms"] == 50.0
    assert pd.isna(mean.loc["train", "room_ms"])


def test_flows() -> None:
    """80 requests/h x 0.5 GB for 2 weighted hours: 80 GB, at most 40 GB/h of 450, 8 USD."""
    routes = flows.by_route(scenario(), tables()).set_index(["workload", "pool"])
    assert routes.loc[("chat", "cloud"), "transfer_gb"] == 80.0
    assert routes.loc[("chat", "own"), "transfer_gb"] == 0.0
    links = flows.by_link(scenario(), tables()).set_index("link")
    assert links.loc["out", "transfer_gb"] == 80.0
    assert links.loc["out", "peak_share"] == pytest.approx(40 / 450)
    assert links.loc["out", "usd"] == 8.0
    assert links.loc["back", "transfer_gb"] == 0.0
    assert pd.isna(links.loc["back", "peak_share"])


def test_binding_limits_take_the_net_value_and_the_hours_of_the_rows() -> None:
    """One more own accelerator saves 10 net; its capacity binds in 2 weighted hours: 5 USD per hour."""
    table = limits.binding(plan())
    assert table["limit"].tolist() == ["one_more_accelerator"]
    assert table.loc[0, ["usd", "hours", "usd_per_hour", "valid_to"]].tolist() == [10.0, 2.0, 5.0, 24.0]
    assert bool(table.loc[0, "is_proven"])


def test_at_a_kink_the_resolve_counts_and_not_the_shadow_price() -> None:
    """The price promises 10; one more saves 4. A pool that was studied and saves nothing is no limit."""
    made = plan()
    kink = made.shadow_ranges.assign(usd_saved_by_one=4.0)
    assert limits.binding(plan(shadow_ranges=kink))["usd"].tolist() == [4.0]
    other = pd.concat([made.shadow_prices, made.shadow_prices.iloc[[2]].assign(record="cloud", usd_per_unit=11.0)])
    assert limits.binding(plan(shadow_prices=other))["record"].tolist() == ["own"]


def test_a_value_that_was_not_solved_again_is_a_ceiling() -> None:
    table = limits.binding(plan(shadow_ranges=plan().shadow_ranges.iloc[:0]))
    assert table["usd"].tolist() == [10.0]
    assert not table["is_proven"].any()
    assert table["valid_to"].isna().all()


def test_prices_per_window_belong_to_their_workload() -> None:
    """A window's dual of 40 over its weight of 2 is 20 USD per accelerator-hour of training."""
    prices = plan().shadow_prices.iloc[[3]].assign(limit="window_demand", record="train:w", usd_per_unit=40.0)
    table = limits.marginal_cost(plan(shadow_prices=prices))
    assert table.to_dict("records") == [{"workload": "train", "usd_per_unit_mean": 20.0, "usd_per_unit_most": 20.0}]


def test_limits_without_a_net_value_stand_for_themselves() -> None:
    prices = plan().shadow_prices
    table = limits.binding(plan(shadow_prices=prices.loc[prices["limit"] != "one_more_accelerator"]))
    assert table["limit"].tolist() == ["capacity"]
    assert table["usd"].tolist() == [12.0]


def test_a_limit_that_costs_nothing_is_not_binding() -> None:
    prices, none = plan().shadow_prices, plan().shadow_ranges.iloc[:0]
    assert limits.binding(plan(shadow_prices=prices.assign(usd_per_unit=0.0), shadow_ranges=none)).empty
    assert limits.binding(plan(shadow_prices=prices.iloc[:0])).empty


def test_marginal_cost_of_demand() -> None:
    """Duals 1 and 10 over 2 weighted hours: 0.5 and 5 USD per request."""
    table = limits.marginal_cost(plan()).set_index("workload")
    assert table.loc["chat", "usd_per_unit_most"] == 5.0
    assert table.loc["chat", "usd_per_unit_mean"] == 2.75
    hourly = limits.by_period(plan(), "capacity", "own")
    assert hourly["usd_per_unit_hour"].tolist() == [0.0, 6.0]


def test_energy_by_pool_names_pools_whose_rates_are_missing() -> None:
    table = energy.by_pool(plan()).set_index("pool")
    assert table.loc["cloud", "share_of_carbon"] == pytest.approx(0.75)
    assert energy.pools_without_rates(plan()) == ["own", "cloud"]


def test_names_are_unique_and_fall_back_to_ids() -> None:
    assert labels.workloads(scenario()) == {"chat": "Chat", "train": "train"}
    assert labels.links(scenario())["out"] == "Frankfurt to Cloud West"
    twins = scenario().model_copy(
        update={"pools": {k: p.model_copy(update={"name": "same"}) for k, p in scenario().pools.items()}}
    )
    assert labels.pools(twins) == {"own": "same (own)", "cloud": "same (cloud)"}


def test_local_time_never_runs_back() -> None:
    """Berlin is one hour ahead of UTC in March; the clocks change on 29 March, so a block over it keeps its offset."""
    made = scenario()
    block = made.horizon.blocks["b"]
    starts = labels.wall_clock(made, block, frames.periods(made)["period_start"])
    assert starts.tolist() == [pd.Timestamp("2026-03-02T01:00:00"), pd.Timestamp("2026-03-02T02:00:00")]
    assert labels.clock_name(made, block) == "Europe/Berlin"
    long = block.model_copy(update={"periods": 24 * 40})
    assert labels.clock_name(made, long) == "UTC+0100"
