"""Residency and security hold in every bundled scenario: exactly 0 outside, in every role, and every rule is asked."""

from __future__ import annotations

from functools import lru_cache

import pytest

from hybridplan.analysis import coverage
from hybridplan.domain import Scenario
from hybridplan.io import catalogue, scenario_json
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan

NAMES = tuple(catalogue.scenario_paths())
STORIES = ("demo", "smart_manufacturing", "smart_city", "financial_risk")


@lru_cache(maxsize=16)
def scenario(name: str) -> Scenario:
    return scenario_json.load(catalogue.scenario_paths()[name])


@lru_cache(maxsize=16)
def plan(name: str) -> Plan:
    return optimise(scenario(name))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_outside(name: str) -> None:
    found = plan(name)
    assert found.status.has_plan
    assert coverage.outside(found).empty


@pytest.mark.parametrize("name", STORIES)
def test_cells_outside_a_residency_are_exactly_0(name: str) -> None:
    """Not nearly: nothing is placed at all where the jurisdiction is not allowed, in any role."""
    found, bound = plan(name), 0
    rows = coverage.placed(found)
    for cell in coverage.matrix(scenario(name), found.tables):
        if cell.rule == "residency" and cell.state == "not_met":
            mine = (rows["kind"] == cell.kind) & (rows["record"] == cell.record) & (rows["site"] == cell.site)
            assert rows.loc[mine, "amount"].tolist() == [0.0] * mine.sum()
            bound += 1
    assert bound >= 4


@pytest.mark.parametrize("name", STORIES)
def test_what_is_used_keeps_every_rule_of_its_cells(name: str) -> None:
    """Where work runs, every rule on its site is met; after a failure the objective that holds then is."""
    found = plan(name)
    rows = coverage.placed(found)
    used = rows.loc[(rows["amount"] > 0) & (rows["role"] == "runs")]
    places = set(zip(used["record"], used["site"], strict=True))
    broken = [
        cell
        for cell in coverage.matrix(scenario(name), found.tables)
        if cell.state == "not_met" and (cell.record, cell.site) in places and cell.rule != "latency_after"
    ]
    assert not broken


def test_the_stories_use_all_kinds_of_failures_all_forms_and_rules_on_links() -> None:
    works = [work for name in STORIES for work in scenario(name).workloads.values()]
    failures = [one for name in STORIES for one in scenario(name).policy.contingencies.values()]
    assert {one.kind for one in failures} == {"site", "zone", "provider", "link", "spot", "group"}
    assert all(one.failures_per_year > 0 for one in failures)
    assert {work.promise_form for work in works if work.promised_share > 0} == {"dedicated", "shared", "cold"}
    assert any(work.latency_after_failure_ms for work in works)
    asked = {one for work in works for one in work.required_attributes}
    assert {"encryption_at_rest", "encryption_in_use", "dedicated_tenancy", "audit_pci_dss", "audit_iso27001"} <= asked
    for name in STORIES:
        assert any(work.required_link_attributes for work in scenario(name).workloads.values())
    assert scenario("smart_city").policy.carbon_cap is not None
    assert scenario("financial_risk").policy.provider_share_cap is not None
