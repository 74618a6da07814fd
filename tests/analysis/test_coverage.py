"""Rules by site, what the tables place there, and what lies outside: worked by hand, from tables made by hand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pandas as pd
import pytest
from builders import hour, pool, rigid

from hybridplan.analysis import coverage
from hybridplan.analysis.coverage import Cell
from hybridplan.analysis.sentences import coverage as words
from hybridplan.domain import Scenario, require
from hybridplan.plan import Plan, PlanTables, SolverRun, SolveStatus

START = pd.Timestamp("2026-06-01T00:00:00Z")


def document(**work: Any) -> dict[str, Any]:
    """Users at home in DE; a cloud in DE with one confidential pool of two, and one in US; two hours that count 3."""
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "attributes": ["sealed"]},
        "near": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
        "far": {"kind": "public", "provider": "cloud", "jurisdiction": "US", "attributes": ["sealed"]},
    }
    pools = {
        "own": pool("owned", 10.0, 1.0),
        "plain": pool("on_demand", 10.0, 2.0, site="near"),
        "secret": pool("on_demand", 10.0, 4.0, site="near", attributes=["sealed"]),
        "cheap": pool("on_demand", 10.0, 1.0, site="far"),
    }
    ways = {("here", "near"): ["tls"], ("near", "here"): ["tls"], ("here", "far"): [], ("far", "here"): ["tls"]}
    links = {
        f"{a}>{b}": {"from_site": a, "to_site": b, "round_trip_ms": 90.0 if "far" in (a, b) else 5.0, "attributes": has}
        for (a, b), has in ways.items()
    }
    return {
        "schema_version": 1,
        "name": "coverage",
        "horizon": hour(2, weight=3.0),
        "sites": sites,
        "pools": pools,
        "links": links,
        "workloads": {"w": rigid([4.0, 4.0], **work)},
    }


def cell(scenario: Scenario, rule: str, site: str, record: str = "w", tables: PlanTables | None = None) -> Cell:
    (found,) = [
        one for one in coverage.matrix(scenario, tables) if (one.record, one.rule, one.site) == (record, rule, site)
    ]
    return found


def rows(columns: list[str], *values: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=columns)


def allocation(*values: tuple[str, str, float]) -> pd.DataFrame:
    """(workload, pool, busy) in the first hour; one unit per accelerator-hour."""
    columns = ["workload", "pool", "block", "period_start", "accelerators_busy", "accelerators_assigned"]
    full = [(w, p, "b", START, busy, busy, busy) for w, p, busy in values]
    return rows([*columns, "units_per_hour"], *full)


def plan(scenario: Scenario, **tables: pd.DataFrame) -> Plan:
    """A plan that holds these tables, whatever the rules say."""
    given = {"allocation": allocation(), **tables}
    none = pd.DataFrame()
    made = PlanTables(provisioned=none, unserved_hourly=none, unserved_windows=none, kept=none, **given)
    return Plan(scenario, SolveStatus.OPTIMAL, SolverRun("none", "0", 0.0, 0.0, 1.0), none, tables=made)


def test_residency_and_sites() -> None:
    found = require(document(allowed_jurisdictions=["DE"], denied_sites=["near"]))
    assert [cell(found, "residency", site).state for site in found.sites] == ["met", "met", "not_met"]
    assert cell(found, "residency", "far").names == ("US",)
    assert [cell(found, "sites", site).state for site in found.sites] == ["met", "not_met", "met"]
    assert cell(found, "sites", "near").why == "denied"


def test_what_nobody_asks_is_not_asked() -> None:
    assert {one.state for one in coverage.matrix(require(document()))} == {"not_asked"}


def test_an_attribute_of_one_pool_is_met_and_names_those_without() -> None:
    found = require(document(required_attributes=["sealed"]))
    near = cell(found, "attribute", "near")
    assert (near.subject, near.state, near.why, near.names) == ("sealed", "met", "some_pools", ("plain",))
    assert [cell(found, "attribute", site).why for site in ("here", "far")] == ["", ""]
    bare = document(required_attributes=["sealed"])
    del bare["pools"]["secret"]
    assert cell(require(bare), "attribute", "near").state == "not_met"


def test_links_there_and_back_each_need_the_attribute() -> None:
    """There is no tls from here to far, but back; within a site nothing is needed; nothing is sent back in a."""
    one_way = require(document(required_link_attributes=["tls"]))
    assert [cell(one_way, "link_there", site).state for site in one_way.sites] == ["met", "met", "not_met"]
    assert cell(one_way, "link_there", "far").names == ("here>far",)
    assert cell(one_way, "link_back", "far").state == "not_asked"
    both = require(document(required_link_attributes=["tls"], egress_gb_per_unit=0.1))
    assert [cell(both, "link_back", site).state for site in both.sites] == ["met", "met", "met"]


def test_latency_by_the_floor_and_after_a_failure() -> None:
    """5 ms to near, 90 ms to far: within 10 ms only near, within 95 ms both; after a failure 95 ms are allowed."""
    work = {"latency_objective_ms": 10.0, "latency_after_failure_ms": 95.0, "promised_share": 0.5}
    data = document(**work)
    data["policy"] = {"contingencies": {"f": {"kind": "site", "record": "near"}}}
    found = require(data)
    assert [cell(found, "latency", site).state for site in found.sites] == ["met", "met", "not_met"]
    assert cell(found, "latency", "far").names == ("cheap",)
    assert {cell(found, "latency_after", site).state for site in found.sites} == {"met"}


def test_data_that_may_be_copied_counts_until_the_plan_decides() -> None:
    data = document(datasets=["d"])
    for site in data["sites"].values():
        site["storage_usd_per_gb_month"] = 0.1
    copies = {"near": {"state": "choosable"}}
    data["datasets"] = {"d": {"home_site": "here", "size_gb": 50.0, "copies": copies}}
    found = require(data)
    assert [cell(found, "data", site).why for site in found.sites] == ["", "may_copy", "no_copy"]
    made = plan(found, copies=rows(["dataset", "site"], ("d", "near"))).tables
    assert cell(found, "data", "near", tables=made).state == "met"
    none = plan(found).tables
    assert cell(found, "data", "near", tables=none).why == "no_copy"


def amount(table: pd.DataFrame, record: str, site: str, role: str) -> float:
    mine = (table["record"] == record) & (table["site"] == site) & (table["role"] == role)
    (value,) = table.loc[mine, "amount"].tolist()
    return float(value)


def test_placed_by_role() -> None:
    """An hour counts 3: 4 busy at home are 12 accelerator-hours, 2 on standby nearby 6. After f 1 + 2 run nearby (9),
    after g 5 (15): the larger one counts."""
    standby = rows(
        ["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"],
        ("w", "plain", "b", START, 2.0, 2.0),
    )
    after = [("f", "plain", 1.0), ("f", "secret", 2.0), ("g", "plain", 5.0)]
    redispatch = rows(
        ["contingency", "workload", "pool", "block", "period_start", "accelerators_assigned", "units_per_hour"],
        *((f, "w", p, "b", START, n, n) for f, p, n in after),
    )
    made = plan(require(document()), allocation=allocation(("w", "own", 4.0)), standby=standby, redispatch=redispatch)
    table = coverage.placed(made)
    assert amount(table, "w", "here", "runs") == pytest.approx(12.0)
    assert amount(table, "w", "near", "standby") == pytest.approx(6.0)
    assert amount(table, "w", "near", "redispatch") == pytest.approx(15.0)
    assert len(table) == 3 * 4
    assert set(table.loc[table["site"] == "far", "amount"]) == {0.0}


def test_backup_of_results_lies_at_the_backup_site() -> None:
    """4 units x 3 hours x 0.5 GB = 6 GB go from home to near, the first backup site that is apart."""
    data = document(result_gb_per_unit=0.5, result_kept_hours=10.0, backup_sites=["here", "near"])
    for site in data["sites"].values():
        site["storage_usd_per_gb_month"] = 0.1
    made = plan(require(data), allocation=allocation(("w", "own", 4.0)))
    assert amount(coverage.placed(made), "w", "near", "backup") == pytest.approx(6.0)
    assert coverage.outside(made).empty


def backed_up(**work: Any) -> dict[str, Any]:
    """Results of work at home are backed up nearby, or far away."""
    kept = {"result_gb_per_unit": 0.5, "result_kept_hours": 10.0, "backup_sites": ["near", "far"]}
    data = document(**{**kept, **work})
    for site in data["sites"].values():
        site["storage_usd_per_gb_month"] = 0.1
    return data


def test_where_results_are_backed_up_and_what_the_site_that_keeps_them_offers() -> None:
    """From home they go nearby, from nearby far away, and from there nowhere, since no link leads on."""
    data = backed_up(required_attributes=["sealed"])
    data["sites"]["near"]["attributes"] = ["sealed"]
    data["links"]["near>far"] = {"from_site": "near", "to_site": "far", "round_trip_ms": 9.0}
    found = require(data)
    at = {site: cell(found, "backup", site) for site in found.sites}
    assert [(one.state, one.why, one.names) for one in at.values()] == [
        ("met", "backed_up", ("near",)),
        ("met", "backed_up", ("far",)),
        ("not_met", "no_backup_link", ("near",)),
    ]
    assert words.details(found, [at["here"]]) == "Backup of results: met (to near)"
    kept = [cell(found, "attribute_backup", site) for site in found.sites]
    assert [one.state for one in kept] == ["not_asked", "met", "met"]
    assert words.rule(kept[1]) == "Sealed, where backups are kept"
    assert not [one for one in coverage.matrix(require(backed_up())) if one.rule == "attribute_backup"]


def test_a_backup_by_zone_has_its_cell() -> None:
    """near shares the zone of home, so that far keeps what is made at home; nothing is far enough from far."""
    data = backed_up(backup_apart="zone")
    for site, zone in {"here": "a", "near": "a", "far": "b"}.items():
        data["sites"][site]["zone"] = zone
    found = require(data)
    assert cell(found, "backup", "here").names == ("far",)
    data["workloads"]["w"]["backup_sites"] = ["near"]
    lone = cell(require(data), "backup", "here")
    assert (lone.state, lone.why) == ("not_met", "no_backup")


def test_a_backup_at_a_site_that_lacks_an_attribute_lies_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool nearby is sealed and its site is not: that is enough for work there, and not for what is kept there; nor
    does the pool count in which results are made.

    4 units x 3 hours x 0.5 GB = 6 GB lie outside, wherever the choice of the site came from.
    """
    data = backed_up(required_attributes=["sealed"], backup_sites=["far"])
    data["pools"]["own"]["attributes"] = ["sealed"]
    found = require(data)
    works = {"w": found.workloads["w"].model_copy(update={"backup_sites": ("near", "far")})}
    loose = found.model_copy(update={"workloads": works})
    assert cell(loose, "attribute_backup", "near").why == "lacking"
    assert cell(loose, "backup", "here").names == ("far",)
    made = plan(loose, allocation=allocation(("w", "own", 4.0)))
    assert amount(coverage.placed(made), "w", "far", "backup") == pytest.approx(6.0)
    monkeypatch.setattr(
        import_module("hybridplan.analysis.coverage.placements"), "backup_site", lambda scenario, work, site: "near"
    )
    (row,) = coverage.outside(made).to_dict("records")
    assert (row["role"], row["site"], row["rule"], row["subject"]) == ("backup", "near", "attribute", "sealed")
    assert row["amount"] == pytest.approx(6.0)


def test_what_lies_outside_is_found_in_every_role() -> None:
    """Residency DE and a sealed place: far keeps only the second, the plain pool nearby only the first."""
    work = {"allowed_jurisdictions": ["DE"], "required_attributes": ["sealed"], "required_link_attributes": ["tls"]}
    found = require(document(**work))
    within = plan(found, allocation=allocation(("w", "own", 4.0), ("w", "secret", 1.0)))
    assert coverage.outside(within).empty
    standby = rows(
        ["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"],
        ("w", "plain", "b", START, 2.0, 2.0),
    )
    beyond = plan(found, allocation=allocation(("w", "cheap", 1.0)), standby=standby)
    table = coverage.outside(beyond)
    said = set(zip(table["role"], table["pool"], table["rule"], table["amount"], strict=True))
    assert said == {
        ("runs", "cheap", "residency", 3.0),
        ("runs", "cheap", "link_there", 3.0),
        ("standby", "plain", "attribute", 6.0),
    }
    assert any("1 rule" in line or "outside" in line for line in words.stays(beyond))


def test_copies_relays_and_their_links_are_held_to_the_rules_of_the_data() -> None:
    """The copy nearby comes over far: far lies outside DE, and here>far offers no tls."""
    data = document()
    for site in data["sites"].values():
        site["storage_usd_per_gb_month"] = 0.1
    data["links"]["far>near"] = {"from_site": "far", "to_site": "near", "round_trip_ms": 90.0, "attributes": ["tls"]}
    data["datasets"] = {
        "d": {
            "home_site": "here",
            "size_gb": 50.0,
            "change_gb_per_hour": 1.0,
            "copies": {"near": {"state": "present"}},
            "allowed_jurisdictions": ["DE"],
            "required_link_attributes": ["tls"],
        }
    }
    found = require(data)
    columns = ["dataset", "site", "link", "share"]
    copies = rows(["dataset", "site"], ("d", "near"))
    direct = plan(found, copies=copies, syncs=rows(columns, ("d", "near", "here>near", 1.0)))
    assert coverage.outside(direct).empty
    assert amount(coverage.placed(direct), "d", "near", "copy") == 50.0
    assert amount(coverage.placed(direct), "d", "far", "relay") == 0.0
    relayed = rows(columns, ("d", "near", "here>far", 0.25), ("d", "near", "far>near", 0.25))
    around = plan(found, copies=copies, syncs=relayed)
    assert amount(coverage.placed(around), "d", "far", "relay") == 0.25
    table = coverage.outside(around)
    assert list(zip(table["role"], table["site"], table["rule"], strict=True)) == [
        ("relay", "far", "residency"),
        ("relay", "far", "link_sync"),
    ]


def test_the_sentence_says_what_stays_and_that_nothing_is_outside() -> None:
    found = require(document(allowed_jurisdictions=["DE"]))
    (line,) = words.stays(plan(found, allocation=allocation(("w", "own", 4.0))))
    assert line == "All of w stays in DE: 0 accelerator-hours, 0 standby, 0 after a failure, 0 GB of results outside."
