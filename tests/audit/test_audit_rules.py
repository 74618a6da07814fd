"""Every rule on both sides of its limit (the plan is worked out in audit_cases)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_cases import NO_WEB, STARTS, changed, estate, tables

from hybridplan.audit import RESIDUAL_COLUMNS, RULES, AuditReport, audit
from hybridplan.plan import PlanTables


def broken(report: AuditReport) -> set[str]:
    """Names of the rules that do not hold."""
    failed = report.residuals[~(report.residuals["relative"] <= 1e-6)]
    return set(failed["rule"])


def check(expected: set[str], plan: PlanTables | None = None, **changes: Any) -> AuditReport:
    report = audit(estate(**changes), tables() if plan is None else plan)
    assert broken(report) == expected
    assert report.ok is (not expected)
    assert bool(report.failures) is bool(expected)
    return report


def test_residuals_name_the_worst_condition_of_each_rule_and_record() -> None:
    """web may be 30.03 in period 1, where 28 + 2 are accounted for: 0.03 of 30.03 missing."""
    report = check({"rigid_demand"}, workloads={"web": {"demand_units_per_hour": {"b": [20.0, 30.03]}}})
    assert tuple(report.residuals.columns) == RESIDUAL_COLUMNS
    assert not report.residuals.duplicated(["rule", "record"]).any()
    row = report.residuals.iloc[0]
    assert (row["rule"], row["record"], row["block"], row["unit"]) == ("rigid_demand", "web", "b", "requests per hour")
    assert row["period_start"] == STARTS[1]
    assert (row["violation"], row["scale"]) == (pytest.approx(0.03), pytest.approx(30.03))
    assert report.max_residual == row["relative"] == pytest.approx(0.03 / 30.03)
    assert report.worst_rule == "rigid_demand"
    assert "2026-01-05 02:00 UTC" in report.failures[0]


def test_every_rule_leaves_a_residual_where_it_applies() -> None:
    scenario = estate(
        policy={
            "budget": {"usd": 1000.0},
            "carbon_cap": {"tonnes": 1.0},
            "provider_share_cap": 0.9,
            "max_providers": 1,
            "min_providers": 1,
            "contingencies": {"f": {"kind": "spot"}},
            "queue_form": "tangents",
        },
        workloads={
            "web": {
                "datasets": ["d"],
                "mean_latency_cap_ms": 50.0,
                "unserved_share_cap": 0.5,
                "promised_share": 0.1,
                "promise_form": "shared",
            },
            "nightly": {
                "parallel_limit_accelerators": 8.0,
                "must_serve": True,
                "whole_replicas": True,
                "one_site": True,
                "after": "web",
                "scaling": {"p": {"accelerators": 4.0, "efficiency_share": 0.5}},
            },
        },
        pools={
            "od": {
                "lead_time_hours": 1.0,
                "ramp_up_accelerators_per_hour": 1.0,
                "ramp_down_accelerators_per_hour": 1.0,
                "min_provisioned_accelerators": 1.0,
                "min_busy_share": 0.5,
                "min_on_hours": 2.0,
                "whole_nodes": True,
            }
        },
        commitments={"c": {"max_new_accelerators": 1.0}},
        spend_commitments={"s": {"usd_per_hour": 1.0, "rates_usd_per_accelerator_hour": {"od": 1.0}}},
        expansions={"e": {"pool": "own", "max_accelerators": 4.0, "capex_usd_per_accelerator": 1000.0}},
        datasets={"d": {"home_site": "home", "size_gb": 9.0, "copies": {"cloud": {"state": "planned"}}}},
        sites={
            "home": {"rack_units_limit": 9.0, "storage_usd_per_gb_month": 0.02},
            "cloud": {"it_power_limit_kw": 9.0, "storage_usd_per_gb_month": 0.02},
        },
        links={"out": {"max_private_gbps": 1.0}},
    )
    assert set(audit(scenario, tables()).residuals["rule"]) == set(RULES)


@pytest.mark.parametrize(
    ("value", "expected"), [(30.0, set()), (30.00001, set()), (30.001, {"rigid_demand"}), (29.999, {"rigid_demand"})]
)
def test_rigid_demand_is_met_to_a_millionth(value: float, expected: set[str]) -> None:
    """28 served + 2 unserved = 30; 1e-5 of 30 is 3e-7, within tolerance; 1e-3 is not."""
    check(expected, workloads={"web": {"demand_units_per_hour": {"b": [20.0, value]}}})


def test_a_small_row_is_judged_by_its_own_size() -> None:
    """1e-4 requests per hour are demanded and none accounted for: all of it is missing, however small."""
    busy = {("web", pool): [0.0, 0.0] for pool in ("own", "od", "spot", "res")}
    small = {"web": {"demand_units_per_hour": {"b": [1e-4, 0.0]}}}
    report = check({"rigid_demand"}, tables(busy=busy, n=NO_WEB, unserved=0.0), workloads=small)
    assert report.max_residual == pytest.approx(1.0)


def test_the_demand_factor_multiplies_demand_and_volume() -> None:
    """Half of 40, 60 and 48 is the same plan."""
    doubled = {
        "web": {"demand_units_per_hour": {"b": [40.0, 60.0]}},
        "nightly": {"windows": {"w": {"volume_units": 48.0}}},
    }
    check(set(), horizon={"blocks": {"b": {"demand_factor": 0.5}}}, workloads=doubled)
    check({"rigid_demand", "window_demand"}, workloads=doubled)


@pytest.mark.parametrize(
    ("volume", "expected"), [(24.0, set()), (24.01, {"window_demand"}), (23.99, {"window_demand"})]
)
def test_window_volume(volume: float, expected: set[str]) -> None:
    """2 h x 3 x 3.5 = 21, + 3 unserved = 24."""
    check(expected, workloads={"nightly": {"windows": {"w": {"volume_units": volume}}}})


@pytest.mark.parametrize(
    ("start", "expected"),
    [("02:00", set()), ("01:59", set()), ("00:01", set()), ("00:00", set())],
)
def test_a_period_belongs_to_a_window_when_it_lies_wholly_inside(start: str, expected: set[str]) -> None:
    """Period 0 is 00:00 to 02:00: a window from 00:01 holds period 1 alone, in which the work runs."""
    check(expected, workloads={"nightly": {"windows": {"w": {"start": f"2026-01-05T{start}:00Z"}}}})


@pytest.mark.parametrize(("start", "expected"), [("00:00", set()), ("00:01", {"window_demand"})])
def test_nothing_runs_outside_the_windows(start: str, expected: set[str]) -> None:
    """The same work in period 0, which only a window from 00:00 covers. own is then busy 7 of 10, and 5."""
    plan = tables(busy={("nightly", "own"): [3.0, 0.0], ("nightly", "spot"): [0.5, 0.0]}, n={"spot": [2.5, 3.0]})
    check(expected, plan, workloads={"nightly": {"windows": {"w": {"start": f"2026-01-05T{start}:00Z"}}}})


def test_must_serve_work_is_never_unserved() -> None:
    check({"must_serve"}, workloads={"web": {"must_serve": True}})
    check({"must_serve"}, workloads={"nightly": {"must_serve": True}})
    less = {"must_serve": True, "demand_units_per_hour": {"b": [20.0, 28.0]}}
    check(set(), tables(unserved=0.0), workloads={"web": less})
    served = {"must_serve": True, "windows": {"w": {"volume_units": 21.0}}}
    check(set(), tables(window_unserved=0.0), workloads={"nightly": served})


@pytest.mark.parametrize(
    ("pools", "plan", "expected"),
    [
        ({"od": {"held_back_share": 0.2}}, tables(), set()),
        ({"od": {"held_back_share": 0.21}}, tables(), {"capacity"}),
        ({}, tables(n={"od": [3.75, 4.999]}), {"capacity"}),
        ({}, tables(n={"od": [3.75, 5.001]}), {"capacity"}),
        ({}, tables(n={"res": [1.0, 4.0]}), {"capacity"}),
        ({}, tables(n={"res": [1.0, 4.001]}), {"capacity"}),
        ({"od": {"capacity_accelerators": 5.0}}, tables(available={"od": [5.0, 5.0]}), set()),
        ({"od": {"capacity_accelerators": 4.99}}, tables(available={"od": [4.99, 4.99]}), {"capacity"}),
        ({"od": {"capacity_accelerators": 5.0}}, tables(), {"capacity"}),
        ({"own": {"capacity_accelerators": 10.01}}, tables(kept=10.01), {"capacity"}),
        ({}, tables(n={"own": [9.99, 10.0]}), {"capacity"}),
        ({"od": {"up_share": {"b": [0.5, 0.25]}}}, tables(available={"od": [10.0, 5.0]}), set()),
        ({"od": {"up_share": {"b": [0.5, 0.24]}}}, tables(available={"od": [10.0, 4.8]}), {"capacity"}),
    ],
)
def test_capacity(pools: dict[str, Any], plan: PlanTables, expected: set[str]) -> None:
    """od: 4 / 0.8 = 5 of the quota; res: n up to the 4 committed; own: on with all 10; up_share scales quotas too."""
    check(expected, plan, pools=pools)


def test_committed_accelerators_of_one_pool_add_up() -> None:
    more = {"c2": {"pool": "res", "accelerators": 1.0, "fee_usd_per_accelerator_hour": 0.5}}
    check(set(), tables(available={"res": [5.0, 5.0]}), commitments=more)
    check({"capacity"}, commitments=more)


@pytest.mark.parametrize(("limit", "expected"), [(3.5, set()), (3.499, {"parallel_limit"})])
def test_parallel_limit(limit: float, expected: set[str]) -> None:
    """nightly runs on 3 + 0.5 accelerators at one time."""
    check(expected, workloads={"nightly": {"parallel_limit_accelerators": limit}})


@pytest.mark.parametrize(
    ("link", "gbps", "expected"),
    [
        ("out", 0.0233334, set()),
        ("out", 0.02333, {"link_bandwidth"}),
        ("back", 0.01, set()),
        ("back", 0.00999, {"link_bandwidth"}),
    ],
)
def test_link_bandwidth(link: str, gbps: float, expected: set[str]) -> None:
    """Out, period 1: web 18 x 0.5 = 9, nightly 1.5: 10.5 GB/h = 450 x 0.023333. Back: 18 x 0.25 = 4.5 = 450 x 0.01."""
    check(expected, links={link: {"gbps": gbps}})


@pytest.mark.parametrize(("gbps", "expected"), [(0.0122223, set()), (0.0122, {"link_bandwidth"})])
def test_ingress_and_egress_on_the_same_directed_link_add_up(gbps: float, expected: set[str]) -> None:
    """Users in the cloud, served on the own pool, send 2 x 0.5 = 1 GB/h beside web's 4.5: 5.5 = 450 x 0.012222."""
    other = {
        "kind": "data",
        "unit": "rows",
        "origin_site": "cloud",
        "demand_units_per_hour": {"b": [2.0, 2.0]},
        "unserved_usd_per_unit": 1.0,
        "throughput": {"S": {"units_per_accelerator_hour": 2.0}},
        "ingress_gb_per_unit": 0.5,
    }
    plan = tables(busy={("other", "own"): [1.0, 1.0]}, rate={"other": 2.0})
    check(expected, plan, links={"back": {"gbps": gbps}}, workloads={"other": other})


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ({"usd": 266.93}, set()),
        ({"usd": 266.92}, {"budget"}),
        ({"usd": 194859.0, "per": "year"}, set()),
        ({"usd": 194858.0, "per": "year"}, {"budget"}),
    ],
)
def test_budget_holds_costs_without_penalties(budget: dict[str, Any], expected: set[str]) -> None:
    """Costs 266.9295 (with penalties 395.9295); a year is 8760 / 12 = 730 times that: 194,858.535."""
    check(expected, policy={"budget": budget})


@pytest.mark.parametrize(
    ("workload", "cap", "expected"),
    [
        ("web", 0.2143, set()),
        ("web", 0.2142, {"interruptible_share"}),
        ("nightly", 0.1429, set()),
        ("nightly", 0.1428, {"interruptible_share"}),
    ],
)
def test_interruptible_share_of_the_units_served(workload: str, cap: float, expected: set[str]) -> None:
    """web, period 1: 6 of 28 served = 0.214286 (unserved work does not count); nightly's window: 3 of 21 = 0.142857."""
    check(expected, workloads={workload: {"interruptible_share_cap": cap}})


def test_interruptible_share_of_rigid_work_holds_in_each_period() -> None:
    """6 of 20 in period 0 and 0 of 28 in period 1: 0.125 over both, but 0.3 in period 0."""
    plan = tables(
        busy={("web", "own"): [3.0, 5.0], ("web", "spot"): [3.0, 0.0], ("web", "od"): [3.0, 7.0]},
        n={"spot": [3.0, 0.5], "od": [3.75, 8.75]},
    )
    check(set(), plan, workloads={"web": {"interruptible_share_cap": 0.3}})
    check({"interruptible_share"}, plan, workloads={"web": {"interruptible_share_cap": 0.29}})


def test_sunk_pools_are_kept_whole() -> None:
    check(set(), tables(kept=10.0))
    check({"kept"}, tables(kept=9.99))
    check({"kept"}, tables(kept=10.01))


@pytest.mark.parametrize(("kept", "expected"), [(8.0, set()), (10.0, set()), (10.01, {"kept"}), (7.9, {"capacity"})])
def test_avoidable_pools_are_kept_up_to_what_is_installed(kept: float, expected: set[str]) -> None:
    """own is busy 8 in period 1: 8 are enough, 7.9 are not, 10 are installed."""
    plan = tables(kept=kept, n={"own": [kept, kept]}, available={"own": [kept, kept]})
    check(expected, plan, pools={"own": {"owned_cost": "avoidable"}})


@pytest.mark.parametrize(
    "change",
    [
        {"workloads": {"web": {"throughput": {"S": None, "T": {"units_per_accelerator_hour": 2.0}}}}},
        {"workloads": {"web": {"allowed_jurisdictions": ["DE"]}}},
        {"workloads": {"web": {"required_attributes": ["encryption_in_use"]}}},
        {"workloads": {"web": {"allowed_sites": ["home"]}}},
        {"workloads": {"web": {"denied_sites": ["home"]}}},
        {"workloads": {"web": {"latency_objective_ms": 14.999}}},
        {"workloads": {"web": {"interruptible": False}}},
        {"links": {"back": None}},
    ],
)
def test_work_on_a_route_that_is_ruled_out_is_refused(change: dict[str, Any]) -> None:
    report = audit(estate(**change), tables())
    assert "routes" in broken(report)
    assert not report.ok


@pytest.mark.parametrize(
    "change",
    [
        {"workloads": {"web": {"allowed_jurisdictions": ["DE", "NL"]}}},
        {"workloads": {"web": {"allowed_sites": ["home", "cloud"]}}},
        {"workloads": {"web": {"latency_objective_ms": 15.0}}},
        {
            "workloads": {"web": {"required_attributes": ["encryption_in_use"]}},
            "sites": {"cloud": {"attributes": ["encryption_in_use"]}},
            "pools": {"own": {"attributes": ["encryption_in_use"]}},
        },
        {"links": {"back": None}, "workloads": {"web": {"egress_gb_per_unit": 0.0}}},
    ],
)
def test_work_on_a_route_that_just_exists_is_accepted(change: dict[str, Any]) -> None:
    """Floor 10 + 5 = 15 ms equals the objective; attributes come from site or pool; no way back without egress."""
    check(set(), **change)


def test_a_route_that_is_ruled_out_holds_exactly_nothing() -> None:
    """1e-300 of an accelerator abroad is a breach of residency; a row of 0 is not."""
    plan = tables(busy={("web", pool): [0.0, 0.0] for pool in ("od", "spot", "res")}, n=NO_WEB, unserved=20.0)
    home = {"web": {"allowed_jurisdictions": ["DE"], "demand_units_per_hour": {"b": [8.0, 30.0]}}}
    for amount, expected in ((0.0, set()), (1e-300, {"routes"})):
        row = {
            "workload": "web",
            "pool": "od",
            "block": "b",
            "period_start": STARTS[:1],
            "accelerators_busy": amount,
            "accelerators_assigned": amount,
            "units_per_hour": 0.0,
        }
        frame = pd.concat([plan.allocation, pd.DataFrame(row)], ignore_index=True)
        check(expected, changed(plan, "allocation", frame), workloads=home)


@pytest.mark.parametrize("column", ["accelerators_assigned", "units_per_hour"])
def test_units_and_assigned_follow_from_busy(column: str) -> None:
    plan = tables()
    frame = plan.allocation.copy()
    frame.loc[0, column] *= 1.0001
    check({"routes"}, changed(plan, "allocation", frame))


def edited(table: str, column: str, value: object, rows: object = 0) -> PlanTables:
    plan = tables()
    frame = getattr(plan, table).copy()
    if isinstance(value, str):
        frame[column] = frame[column].astype(object)
    frame.loc[rows, column] = value
    return changed(plan, table, frame)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (edited("allocation", "pool", "elsewhere"), "pool 'elsewhere' is not a known pool"),
        (edited("allocation", "workload", "someone"), "workload 'someone' is not a known workload"),
        (edited("allocation", "block", "c"), "block 'c' is not a known block"),
        (edited("allocation", "period_start", STARTS[0] + pd.Timedelta("1us")), "not the start of a period"),
        (edited("allocation", "accelerators_busy", np.nan), "accelerators_busy is not finite"),
        (edited("provisioned", "accelerators_provisioned", np.inf), "accelerators_provisioned is not finite"),
        (edited("unserved_hourly", "workload", "nightly"), "is not a known rigid workload"),
        (edited("unserved_windows", "workload", "web"), "is not a known deferrable workload"),
        (edited("unserved_windows", "window", "x"), "window 'x' is not a known window"),
        (edited("kept", "pool", "od"), "is not a known owned pool"),
        (edited("kept", "accelerators_kept", "ten"), "accelerators_kept holds values that are no numbers"),
        (changed(tables(), "provisioned", tables().provisioned.iloc[1:]), "rows are missing"),
        (changed(tables(), "kept", tables().kept.iloc[:0]), "rows are missing"),
        (changed(tables(), "kept", tables().kept.drop(columns="pool")), "needs the column pool"),
        (changed(tables(), "kept", None), "is not a table"),  # type: ignore[arg-type]
        (
            changed(tables(), "unserved_windows", pd.concat([tables().unserved_windows] * 2)),
            "more than one row for the same window",
        ),
        (
            changed(
                tables(),
                "unserved_hourly",
                tables().unserved_hourly.assign(period_start=STARTS[1:].tz_localize(None)),
            ),
            "period_start is not a UTC timestamp",
        ),
    ],
)
def test_faults_of_form_are_told_in_words(plan: PlanTables, words: str) -> None:
    report = audit(estate(), plan)
    assert "tables" in broken(report)
    assert not report.ok
    assert any(words in failure for failure in report.failures), report.failures


def test_a_start_in_another_time_zone_is_the_same_moment() -> None:
    plan = tables()
    frame = plan.allocation.assign(period_start=plan.allocation["period_start"].dt.tz_convert("Asia/Tokyo"))
    check(set(), changed(plan, "allocation", frame))


def test_a_row_in_the_wrong_block_is_refused() -> None:
    """Two blocks of one period each; a row that starts in the second but names the first is a fault."""
    second = {"start": "2026-01-05T02:00:00Z", "periods": 1, "period_hours": 2.0, "weight": 3.0}
    split = {"blocks": {"b": {"periods": 1}, "c": second}}
    works = {
        "web": {"demand_units_per_hour": {"b": [20.0], "c": [30.0]}},
        "nightly": {"windows": {"w": {"block": "c"}}},
    }
    plan = tables()
    for name in ("allocation", "provisioned", "unserved_hourly"):
        frame = getattr(plan, name)
        later = frame["period_start"] == STARTS[1]
        plan = changed(plan, name, frame.assign(block=np.where(later, "c", "b")))
    assert check(set(), plan, horizon=split, workloads=works).objective_usd == pytest.approx(395.9295)
    wrong = plan.allocation.assign(block=["b", *plan.allocation["block"][1:]])
    wrong.loc[1, "block"] = "b"
    report = audit(estate(horizon=split, workloads=works), changed(plan, "allocation", wrong))
    assert any("in another block" in failure for failure in report.failures)


def test_negative_numbers_are_refused() -> None:
    """web's unserved work of -2 balanced by more served work: 32 - 2 = 30."""
    plan = tables(busy={("web", "own"): [4.0, 7.0]}, unserved=-2.0)
    assert broken(audit(estate(), plan)) == {"tables"}


@pytest.mark.parametrize("kept", [{}, {"own": {"capacity_accelerators": 0.0}}])
def test_an_empty_scenario_has_an_empty_plan(kept: dict[str, Any]) -> None:
    """No workloads, and no pools or one of size 0: nothing to pay, nothing to break."""
    pools = dict.fromkeys(["own", "od", "spot", "res"]) | kept
    scenario = estate(pools=pools, workloads={"web": None, "nightly": None}, commitments={"c": None})
    plan = tables()
    zero = plan.provisioned.query("pool in @kept").assign(
        accelerators_provisioned=0.0, accelerators_available=0.0, accelerators_busy=0.0
    )
    empty = PlanTables(
        plan.allocation.iloc[:0],
        zero,
        plan.unserved_hourly.iloc[:0],
        plan.unserved_windows.iloc[:0],
        plan.kept.query("pool in @kept").assign(accelerators_kept=0.0),
    )
    report = audit(scenario, empty)
    assert report.failures == ()
    assert report.objective_usd == 0.0
    assert report.cost_lines.empty
    assert report.unserved == {}
    assert not audit(scenario, plan).ok
