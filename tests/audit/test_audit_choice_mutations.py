"""Each rule of what is chosen, broken on purpose: it is found, and only it; at its limit it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_tables import broken
from choice_cases import COPIES, choices, chosen, unchecked

from hybridplan.audit import audit, certify
from hybridplan.audit.ledger import open_ledger
from hybridplan.plan import PlanTables

Change = dict[str, Any]


def at(path: str, value: Any) -> Change:
    """{"a": {"b": value}} of "a.b"."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return value  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "holds", "breaks", "rule"),
    [
        ("commitments.c.max_new_accelerators", 1.0, 0.75, "new_commitment"),
        ("commitments.c.min_new_accelerators", 1.0, 1.5, "new_commitment"),
        ("spend_commitments.s.max_new_usd_per_hour", 0.25, 0.125, "new_commitment"),
        ("spend_commitments.s.min_new_usd_per_hour", 0.25, 0.5, "new_commitment"),
        ("spend_commitments.s.usd_per_hour", 1.0, 0.75, "spend_commitment"),
        ("spend_commitments.s.starts", "2026-07-06T00:00:00Z", "2026-07-06T00:30:00Z", "covered"),
        ("spend_commitments.s.ends", "2026-07-06T00:30:00Z", "2026-07-06T00:00:00Z", "covered"),
        ("spend_commitments.s.rates_usd_per_accelerator_hour", {}, {"od": None, "res": 1.25}, "covered"),
        ("expansions.e.max_accelerators", 6.0, 4.0, "bought"),
        ("expansions.e.min_accelerators", 6.0, 8.0, "bought"),
        ("pools.own.accelerators_per_node", 3, 4, "whole_nodes"),
        ("sites.home.rack_units_limit", 3.0, 2.9, "site_space"),
        ("sites.home.it_power_limit_kw", 6.0, 5.9, "site_power"),
        ("links.out.max_private_gbps", 1.0, 0.9, "private_line"),
        ("links.out.gbps", 1.5, 1.4, "link_bandwidth"),
        ("datasets.d.relay_sites", ["west"], [], "sync"),
        ("datasets.m.min_copies", 2, 3, "copies"),
        ("datasets.m.copies.home.state", "choosable", "present", "copies"),
        ("datasets.m.copies.east", {}, None, "copies"),
        ("datasets.m.allowed_jurisdictions", ["NL", "DE"], ["NL"], "copies"),
        ("datasets.m.required_attributes", [], ["sealed"], "copies"),
        ("sites.west.provider", "bolt", "acme", "copies"),
        ("datasets.d.allowed_jurisdictions", ["DE", "NL"], ["DE"], "sync"),
    ],
)
def test_both_sides_of_each_limit(path: str, holds: Any, breaks: Any, rule: str) -> None:
    within, beyond = unchecked(at(path, holds)), unchecked(at(path, breaks))
    assert audit(within, chosen(within)).failures == ()
    assert broken(audit(beyond, chosen(beyond))) == {rule}


@pytest.mark.parametrize(
    ("parts", "rules"),
    [
        # 0.5 Gbit/s carry 225 GB/h, less than 267.5.
        ({"purchases": {("private_line", "out"): 0.5}}, {"private_flow"}),
        # More on the private line than crosses the link.
        ({"private": [67.5, 100.0, 300.0, 0.0]}, {"private_flow"}),
        # Nothing beside the first copy on the private line: 67.5 + 675 > 675.
        ({"private": [0.0, 100.0, 267.5, 0.0]}, {"link_bandwidth"}),
        # A part of the data gets lost on its way through the west.
        ({"syncs": {("d", "east", "we"): 0.2}}, {"sync"}),
        # The first leg by the west is missing.
        ({"syncs": {("d", "east", "hw"): 0.0}}, {"sync"}),
        # A copy that needs nothing.
        ({"syncs": {("m", "east", "we"): 1.0}}, {"sync"}),
        # A copy that was chosen and is sent nothing.
        ({"copies": [*COPIES, ("m", "home")]}, {"sync"}),
        # A copy where none may be made.
        ({"copies": [*COPIES, ("d", "west")]}, {"copies"}),
        # A planned copy that work needs is not there.
        ({"copies": [("m", "east")]}, {"copies", "copy_needed"}),
        # A copy that is present is left out, so that m has one provider only.
        ({"copies": [("d", "east")]}, {"copies"}),
        # The first copy is not there yet.
        ({"busy": {("web", "od"): [0.5, 1.0, 2.0, 2.0]}}, {"routes", "link_bandwidth"}),
        # Half of one of two nodes.
        (
            {
                "purchases": {("expansion", "e"): 5.0},
                "available": {"own": [4.0, 4.0, 5.0, 5.0]},
                "busy": {("web", "own"): [4.0, 4.0, 5.0, 5.0]},
            },
            {"whole_nodes"},
        ),
        # Fewer than are said to be available were bought, or committed.
        ({"purchases": {("expansion", "e"): 4.0}}, {"capacity"}),
        ({"purchases": {("commitment", "c"): 0.5}}, {"capacity"}),
    ],
)
def test_a_wrong_plan_is_found(parts: dict[str, Any], rules: set[str]) -> None:
    assert broken(audit(choices(), chosen(choices(), **parts))) == rules


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        # 4 + 6 accelerators in block a: 5 of 3 rack units, and 4 x 1 + 6 x 0.5 = 7 of 6 kW.
        (at("expansions.e.lead_time_blocks", 0), {"capacity", "site_space", "site_power"}),
        # 4 + 6 in block b.
        (at("pools.own.retires", None), {"capacity", "site_space", "site_power"}),
        (at("pools.own.retires", "2026-07-06T00:00:01Z"), {"capacity", "site_space", "site_power"}),
        (at("commitments.c2.ends", None), {"capacity"}),
        (at("commitments.c.starts", "2026-01-06T00:00:00Z"), {"capacity"}),
    ],
)
def test_dates_decide_what_there_is(change: Change, rules: set[str]) -> None:
    scenario = choices(change)
    assert broken(audit(scenario, chosen(scenario))) == rules


def test_more_covered_than_provisioned() -> None:
    """2.5 of 2, which 0.5 USD a piece would pay for; 2 are in order."""
    scenario = choices(at("spend_commitments.s.rates_usd_per_accelerator_hour.od", 0.5))
    assert audit(scenario, chosen(scenario, covered=[0.0, 0.0, 2.0, 2.0])).failures == ()
    assert broken(audit(scenario, chosen(scenario, covered=[0.0, 0.0, 2.5, 2.0]))) == {"covered"}


def test_a_tiered_pool_is_not_covered() -> None:
    tier = {"t": {"from_quantity": 1.0, "usd_per_accelerator_hour": 1.0}}
    scenario = unchecked(at("pools.od.price_tiers", tier))
    assert broken(audit(scenario, chosen(scenario))) == {"covered"}


def test_a_longer_first_copy_closes_the_next_period() -> None:
    """900 GB at 1.9 Gbit/s = 855 GB/h take 1.05 h, so that period 1 is closed too; at 2 Gbit/s it is not."""
    wide = at("links.out.gbps", 9.0)
    assert audit(choices(wide), chosen(choices(wide))).failures == ()
    scenario = choices(wide, at("datasets.d.first_copy_gbps", 1.9))
    assert broken(audit(scenario, chosen(scenario))) == {"routes"}


def test_only_the_first_block_waits_for_a_first_copy() -> None:
    """0.01 Gbit/s = 4.5 GB/h, 200 h: block a is closed as a whole, block b, months later, is not."""
    scenario = choices(at("links.out.gbps", 9.0), at("datasets.d.first_copy_gbps", 0.01))
    idle: dict[str, Any] = {("web", "od"): [0.0, 0.0, 2.0, 2.0], ("web", "res"): [0.0, 0.0, 2.0, 1.0]}
    assert audit(scenario, chosen(scenario, busy=idle, private=[0.0, 0.0, 267.5, 0.0])).failures == ()


def test_work_runs_only_where_all_of_its_data_is() -> None:
    """It needs m too, of which there is no copy at home; one that is made needs 1/9 h, so that period 0 is closed.

    In block b, with nothing at home before, only the copy is missing.
    """
    scenario = choices(at("workloads.web.datasets", ["d", "m"]))
    assert broken(audit(scenario, chosen(scenario))) == {"copy_needed", "routes"}
    late: dict[str, Any] = {("web", "own"): [0.0, 4.0, 6.0, 6.0]}
    assert broken(audit(scenario, chosen(scenario, busy=late))) == {"copy_needed"}
    copied: dict[str, Any] = {"copies": [*COPIES, ("m", "home")], "syncs": {("m", "home", "wh"): 1.0}}
    assert audit(scenario, chosen(scenario, busy=late, **copied)).failures == ()


def test_a_chosen_copy_with_its_way_is_in_order_and_paid() -> None:
    """m to home: 100 GB on wh = 100 x 0.03 = 3 USD once, and 100 x 0.01 x 16 / 730 for its storage."""
    parts: dict[str, Any] = {"copies": [*COPIES, ("m", "home")], "syncs": {("m", "home", "wh"): 1.0}}
    before, after = audit(choices(), chosen(choices())), audit(choices(), chosen(choices(), **parts))
    assert after.failures == ()
    assert after.cost_usd["transfer"] - before.cost_usd["transfer"] == pytest.approx(3.0)
    assert after.cost_usd["storage"] - before.cost_usd["storage"] == pytest.approx(16 / 730)


def test_a_chosen_copy_passes_nothing_on() -> None:
    """m is chosen at home; data d may not pass through a site that only holds a chosen copy of its own."""
    chosen_west = {"datasets": {"d": {"copies": {"west": {"state": "choosable"}}, "relay_sites": []}}}
    scenario = choices(chosen_west)
    parts: dict[str, Any] = {"copies": [*COPIES, ("d", "west")], "syncs": {("d", "west", "hw"): 1.0}}
    assert broken(audit(scenario, chosen(scenario, **parts))) == {"sync"}
    planned = choices(chosen_west, at("datasets.d.copies.west.state", "planned"))
    assert audit(planned, chosen(planned, **parts)).failures == ()


FAULTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "twice": lambda frame: pd.concat([frame, frame.iloc[:1]], ignore_index=True),
    "unknown id": lambda frame: frame.assign(**{frame.columns[0]: "nothing"}),
    "a column missing": lambda frame: frame.drop(columns=frame.columns[-1]),
}


@pytest.mark.parametrize("table", ["purchases", "covered", "private_flows", "copies", "syncs"])
@pytest.mark.parametrize("fault", FAULTS)
def test_tables_of_a_wrong_form(table: str, fault: str) -> None:
    plan = chosen(choices())
    report = audit(choices(), replace(plan, **{table: FAULTS[fault](getattr(plan, table))}))
    assert "tables" in broken(report)
    assert any(text.startswith(f"tables, {table}") for text in report.failures)


NUMBERS = {
    "purchases": "quantity",
    "covered": "accelerators_covered",
    "private_flows": "gb_per_hour",
    "syncs": "share",
}


@pytest.mark.parametrize("table", NUMBERS)
@pytest.mark.parametrize("number", [np.nan, np.inf, -0.5])
def test_numbers_that_cannot_be(table: str, number: float) -> None:
    plan = chosen(choices())
    frame = getattr(plan, table).copy()
    frame.loc[frame.index[0], NUMBERS[table]] = number
    report = audit(choices(), replace(plan, **{table: frame}))
    assert not report.ok
    assert "tables" in broken(report)


@pytest.mark.parametrize(("table", "row"), [(table, row) for table in NUMBERS for row in range(3)])
@pytest.mark.parametrize("factor", [0.999, 1.001, 0.0])
def test_no_number_can_be_another(table: str, row: int, factor: float) -> None:
    """Each breaks a rule or changes the cost, so that the plan does not pass as the one that was optimised."""
    plan = chosen(choices())
    usd = audit(choices(), plan).objective_usd
    frame = getattr(plan, table).copy()
    at_row = frame.index[min(row, len(frame) - 1)]
    frame.loc[at_row, NUMBERS[table]] *= factor
    report = audit(choices(), replace(plan, **{table: frame}))
    assert not certify(report, usd, usd, "solver").passed


def _purchases(plan: PlanTables, kind: str, record: str) -> PlanTables:
    row = pd.DataFrame([(kind, record, 0.0)], columns=["kind", "record", "quantity"])
    return replace(plan, purchases=pd.concat([plan.purchases, row], ignore_index=True))


@pytest.mark.parametrize(
    ("kind", "record", "words"),
    [
        ("commitment", "c2", "has no such option"),
        ("expansion", "c", "has no such option"),
        ("private_line", "back", "has no such option"),
        ("lease", "c", "is not a known kind of purchase"),
        ("expansion", "x", "is not a known record"),
    ],
)
def test_purchases_that_are_not_on_offer(kind: str, record: str, words: str) -> None:
    report = audit(choices(), _purchases(chosen(choices()), kind, record))
    assert broken(report) == {"tables"}
    assert words in report.failures[0]


def test_a_purchase_without_its_row_is_no_purchase_of_nothing() -> None:
    """Every record with an option has a row; what is missing is not a number, and costs no finite amount."""
    plan = chosen(choices())
    report = audit(choices(), replace(plan, purchases=plan.purchases.iloc[1:]))
    assert {"tables", "new_commitment"} <= broken(report)
    assert not np.isfinite(report.objective_usd)


def test_what_is_left_out_of_a_ledger_is_nothing() -> None:
    """Built without the new fields: nothing is bought, covered, copied or sent apart."""
    full = open_ledger(choices(), chosen(choices()))
    fields = ("axes", "pair_workload", "pair_pool", "busy", "assigned", "units", "standby", "standby_units")
    more = ("provisioned", "available_said", "busy_said", "unserved", "window_unserved", "kept_said", "faults")
    bare = type(full)(**{name: getattr(full, name) for name in (*fields, *more)})
    assert bare.available.tolist() == [[4, 4, 0, 0], [20, 20, 20, 20], [4, 4, 2, 2]]
    assert (bare.covered.shape, bare.private_flow.shape, bare.copies.shape) == ((0, 4), (5, 4), (2, 3))
    assert (bare.bought.tolist(), bare.private_gbps.tolist()) == ([0.0], [0.0] * 5)
    assert not bare.copies.any()


@pytest.mark.parametrize(("standby", "rules"), [(17.1, set()), (17.2, {"promise_bandwidth"})])
def test_after_a_failure_copies_and_standby_share_the_link_and_its_private_line(
    standby: float, rules: set[str]
) -> None:
    """Home is lost. In period 1, GB per hour on out: 200 of work, 67.5 of changes, 50 per accelerator on standby;
    1.5 + 1 Gbit/s carry 1125: room for 17.15.
    """
    promise = {
        "workloads": {"web": {"promised_share": 0.1}},
        "policy": {"contingencies": {"f": {"kind": "site", "record": "home"}}},
    }
    scenario = choices(promise, at("datasets.d.copies.east.state", "present"))
    plan = chosen(scenario, busy={("web", "od"): [1.0, 1.0, 2.0, 2.0]})
    n = plan.provisioned.copy()
    second = (n["pool"] == "od") & (n["period_start"] == sorted(set(n["period_start"]))[1])
    n.loc[second, "accelerators_provisioned"] += standby
    row = n[second].assign(workload="web", accelerators_standby=standby, units_per_hour=standby)
    columns = ["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"]
    assert broken(audit(scenario, replace(plan, provisioned=n, standby=row[columns]))) == rules


@pytest.mark.parametrize(
    ("zones", "rules"),
    [
        ({"west": "a", "east": "b"}, set()),
        ({"west": "a", "east": "a"}, {"copies"}),
        # Where one is not known, it may be the other one.
        ({"west": "a"}, {"copies"}),
        ({"east": "b"}, {"copies"}),
        ({}, {"copies"}),
    ],
)
def test_copies_apart_by_zone(zones: dict[str, str], rules: set[str]) -> None:
    """m stands in the west and in the east, and two copies are asked for; their providers differ in any case."""
    scenario = unchecked(
        at("datasets.m.copies_apart", "zone"), {"sites": {site: {"zone": zone} for site, zone in zones.items()}}
    )
    assert broken(audit(scenario, chosen(scenario))) == rules
    one = unchecked(
        at("datasets.m.copies_apart", "zone"),
        at("datasets.m.min_copies", 1),
        {"sites": {site: {"zone": zone} for site, zone in zones.items()}},
    )
    assert broken(audit(one, chosen(one))) == set()
