"""Elastic pools, jobs, limits and utilisation against the arithmetic of ``feature_plan``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from feature_plan import HOURS, changed, plan, scenario, shadow_prices, tables
from small_plan import plan as plain_plan
from small_plan import scenario as plain_scenario

from hybridplan.analysis import elasticity, jobs, limits, registry, result_tables, utilisation
from hybridplan.plan import Plan


def burst() -> pd.DataFrame:
    table = elasticity.over_time(scenario(), tables())
    return table.loc[table["pool"] == "burst"].reset_index(drop=True)


def test_what_boots_is_provisioned_but_was_not_there_an_hour_ago() -> None:
    """n = 4, 8, 4, 0 after 0 (the block's own end): ready = least of this hour and the one before = 0, 4, 4, 0."""
    rows = burst()
    assert rows["provisioned"].tolist() == [4.0, 8.0, 4.0, 0.0]
    assert rows["ready"].tolist() == [0.0, 4.0, 4.0, 0.0]
    assert rows["booting"].tolist() == [4.0, 4.0, 0.0, 0.0]
    assert rows["started"].tolist() == [4.0, 4.0, 0.0, 0.0]
    assert rows["assigned"].tolist() == [0.0, 4.0, 4.0, 0.0]
    assert rows["busy"].tolist() == [0.0, 3.0, 4.0, 0.0]
    assert rows["period_start"].tolist() == HOURS[:4]


def test_maintenance_is_what_the_quota_loses() -> None:
    """Half of 20 in hour 2."""
    assert burst()["in_maintenance"].tolist() == [0.0, 0.0, 10.0, 0.0]
    assert burst()["available"].tolist() == [20.0, 20.0, 10.0, 20.0]


def test_a_pool_that_is_on_boots_nothing_and_starts_nothing() -> None:
    table = elasticity.over_time(scenario(), tables())
    own = table.loc[table["pool"] == "own"]
    assert own["ready"].tolist() == [10.0] * 4
    assert own["started"].sum() == 0


def test_hours_and_starts_of_elastic_pools() -> None:
    """16 provisioned x 5 = 80, busy 7 x 5 = 35, booting 8 x 5 = 40; 8 started x 5 = 40 = 10 nodes of 4 at 8 USD."""
    (row,) = elasticity.by_pool(plan(), tables()).to_dict("records")
    assert (row["pool"], row["provisioned_hours"], row["busy_hours"], row["idle_hours"]) == ("burst", 80.0, 35.0, 45.0)
    assert (row["booting_hours"], row["starts"], row["starts_nodes"], row["start_usd"]) == (40.0, 40.0, 10.0, 80.0)
    assert row["most"] == 8.0
    assert pd.isna(row["most_nodes"])


def test_whole_nodes_are_counted_where_the_plan_counts_them() -> None:
    made = plan(scenario=changed("pools.burst.whole_nodes", True))
    assert elasticity.by_pool(made, tables())["most_nodes"].tolist() == [2.0]
    assert elasticity.in_nodes(made.scenario, "burst")
    assert not elasticity.in_nodes(made.scenario, "own")


def test_the_price_of_slow_scaling() -> None:
    assert elasticity.slow_scaling_usd(plan()) == 50.0
    assert elasticity.slow_scaling_usd(plan(instant_objective_usd=None)) is None


def test_pools_with_something_to_see_over_time() -> None:
    assert elasticity.elastic_pools(scenario()) == ["burst"]
    maintained = changed("pools.own.up_share", {"b": [1.0, 0.5, 1.0, 1.0]})
    assert elasticity.shown_pools(maintained) == ["burst", "own"]
    assert elasticity.shown_pools(plain_scenario()) == []


def test_windows_with_what_is_done() -> None:
    """Preparation: 2 and 1 accelerators for an hour at 2 shards = 6 of 8. Training: 4 steps, then 6 from 8."""
    rows = jobs.windows(plan(), tables()).set_index("workload")
    prep, train = rows.loc["prep"], rows.loc["train"]
    assert (prep["done"], prep["unserved"], prep["share_done"]) == (6.0, 2.0, 0.75)
    assert (prep["begins"], prep["finishes"]) == (HOURS[0], HOURS[2])
    assert (prep["peak"], prep["accelerator_hours"], prep["gang"]) == (2.0, 3.0, 0.0)
    assert (train["done"], train["unserved"], train["share_done"]) == (10.0, 0.0, 1.0)
    assert (train["begins"], train["finishes"]) == (HOURS[2], HOURS[4])
    assert (train["peak"], train["accelerator_hours"], train["gang"]) == (8.0, 12.0, 4.0)
    assert (train["start"], train["end"]) == (HOURS[1], HOURS[4])
    assert sorted(train["sites"]) == ["cld", "fra"]


def test_a_window_in_which_nothing_runs() -> None:
    rows = tables().allocation
    nothing = replace(tables(), allocation=rows.loc[rows["workload"] != "prep"])
    prep = jobs.windows(plan(), nothing).set_index("workload").loc["prep"]
    assert (prep["done"], prep["share_done"], prep["peak"], prep["sites"]) == (0.0, 0.0, 0.0, ())
    assert pd.isna(prep["finishes"])
    none_at_all = replace(tables(), allocation=rows.iloc[:0])
    assert jobs.windows(plan(), none_at_all)["done"].tolist() == [0.0, 0.0]


def test_nothing_asked_is_all_done() -> None:
    made = plan(scenario=changed("workloads.prep.windows.w.volume_units", 0.0))
    assert jobs.windows(made, tables()).set_index("workload").loc["prep", "share_done"] == 1.0


def test_a_follower_takes_what_was_done_before() -> None:
    """Shards done at the end of each hour 4, 6, 6, 6; taken half a shard a step: 0, 0, 2, 5."""
    rows = jobs.progress(plan(), tables(), "train", "b")
    assert rows["done"].tolist() == [0.0, 4.0, 6.0, 6.0, 6.0]
    assert rows["taken"].tolist() == [0.0, 0.0, 0.0, 2.0, 5.0]
    assert rows["time"].tolist() == HOURS


def test_efficiency_where_gains_shrink() -> None:
    """4 accelerators do the work of 4, 8 that of 6."""
    rows = jobs.efficiency(plan(), tables(), "train").sort_values("busy")
    assert rows["effective"].tolist() == [4.0, 6.0]
    assert rows["efficiency"].tolist() == [1.0, 0.75]
    assert jobs.scaled(plan()) == ["train"]
    assert jobs.curves(plan(), "train") == {name: [(0, 0), (4, 4), (8, 6)] for name in ("own", "burst")}


def test_a_limit_sums_rows_and_counts_an_hour_once() -> None:
    """Two routes in the same 5 weighted hours: 3 + 2 = 5 USD, 1 USD per hour; growth binds in 10 hours: 20 USD."""
    table = limits.binding(plan()).set_index("limit")
    assert table.loc["latency", ["usd", "hours", "usd_per_hour", "unit"]].tolist() == [5.0, 5.0, 1.0, "ms"]
    assert table.loc["ramp_up", ["usd", "hours", "usd_per_hour"]].tolist() == [20.0, 10.0, 2.0]


def test_definitions_are_no_limits() -> None:
    """What must be provisioned, the scaling curve and the choice of a site have values, but nobody can order more."""
    assert set(limits.binding(plan())["limit"]) == {"latency", "ramp_up"}


def capped() -> Plan:
    """A cap of 3,000 ms on chat's mean."""
    rows = [("mean_latency", "chat", "b", HOURS[1], 50.0, "share of the cap", 5.0)]
    prices = pd.DataFrame(rows, columns=list(shadow_prices().columns))
    return plan(scenario=changed("workloads.chat.mean_latency_cap_ms", 3000.0), shadow_prices=prices)


def test_a_cap_on_mean_latency_is_worth_something_per_millisecond() -> None:
    """1 ms more gives 25,200 units per hour / (3,000 ms x 3,600 units per accelerator-hour) = 7/3,000 of a unit of the
    row, worth 50 USD each: 0.11667 USD."""
    (row,) = limits.binding(capped()).to_dict("records")
    assert (row["unit"], row["hours"]) == ("ms", 5.0)
    assert row["usd"] == pytest.approx(50 * 7 / 3000)
    in_ms = replace(capped(), shadow_prices=capped().shadow_prices.assign(unit="ms"))
    assert limits.binding(in_ms)["usd"].tolist() == [50.0]


def test_a_value_that_nobody_would_act_on_is_left_out() -> None:
    """Below a millionth of the objective of 1,000 USD."""
    prices = shadow_prices().iloc[[0]]
    assert len(limits.binding(plan(shadow_prices=prices.assign(usd_per_unit=2e-3)))) == 1
    assert limits.binding(plan(shadow_prices=prices.assign(usd_per_unit=0.9e-3))).empty


def test_a_pool_is_as_full_as_what_work_needs() -> None:
    """own: chat needs 4 / 0.80955 = 4.941 of its 8 in hour 0, so own, with 2 more for preparation, is not full; in hour
    3 it needs 1.24 beside the gang of 8, 9.24 of 10. Twice as busy it would need 11.9, 10.9, 9.88 and 10.5 (no gang
    is busier): full in three hours that occur five times."""
    made = plan()
    table = utilisation.by_pool(made.scenario, tables(), made.routes).set_index("pool")
    busy = 4 / (1 - 3.809 / 20)
    assert table.loc["own", "needed_accelerator_hours"] == pytest.approx(5 * (3 * busy + 3 + busy / 4 + 8))
    assert table.loc["own", "full_hours"] == 0.0
    assert table.loc["own", "utilisation"] == pytest.approx(24 / 40)
    assert table.loc["burst", "utilisation"] == pytest.approx(7 / 16)
    crowded = tables().allocation.assign(accelerators_busy=lambda rows: rows["accelerators_busy"] * 2)
    full = utilisation.by_pool(made.scenario, replace(tables(), allocation=crowded), made.routes).set_index("pool")
    assert full.loc["own", "full_hours"] == 15.0


def test_a_pool_that_may_be_switched_off_counts_what_is_available() -> None:
    assert utilisation.basis(changed("pools.own.can_power_down", True), "own") == "available"


def test_tables_for_the_workbook_stand_only_where_they_occur() -> None:
    found = result_tables.tables(plan())
    assert list(found) == ["Latency", "Switched on", "Jobs"]
    assert set(found["Switched on"]["pool"]) == {"burst"}
    assert list(result_tables.tables(plain_plan())) == ["Jobs"]
    assert result_tables.tables(plan(tables=None)) == {}


def test_tabs_of_features_that_do_not_occur_are_left_out() -> None:
    assert "switched" in registry.tabs(scenario())
    assert "switched" not in registry.tabs(plain_scenario())
    works = plain_scenario().to_dict()["workloads"]
    assert "jobs" not in registry.tabs(plain_scenario(workloads={"chat": works["chat"]}))
