"""Forms of a promise, what they need, and what has no effect; both sides of each check."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from builders import deferrable, pool, rigid, scenario

from hybridplan.domain import parse
from hybridplan.domain.checks.size import route_periods
from hybridplan.errors import Issue

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}
OD = pool("on_demand", 9, 1.0, site="far", ramp_up_accelerators_per_hour=4.0, lead_time_hours=0.5)
POOLS = {"a": pool("owned", 9, 1.0), "b": OD}
LOST = {"lost": {"kind": "site", "record": "here"}}


def document(work: dict[str, Any], failures: Any = None, pools: dict[str, Any] = POOLS) -> dict[str, Any]:
    made = scenario(pools, {"w": rigid([1.0, 1.0])}, periods=2, sites=SITES, links=LINKS).to_dict()
    return {**made, "workloads": {"w": work}, "policy": {"contingencies": LOST if failures is None else failures}}


def found(*args: Any) -> list[Issue]:
    return parse(document(*args))[1]


def promised(**fields: Any) -> dict[str, Any]:
    return rigid([1.0, 1.0], promised_share=0.5, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"promise_form": "shared"},
        {"promise_form": "shared", "recovery_minutes": 5},
        {"recovery_minutes": 5},
        {"promise_form": "cold", "recovery_minutes": 31},
        {"latency_objective_ms": 50, "latency_after_failure_ms": 50},
        {"latency_objective_ms": 50, "latency_after_failure_ms": 80},
    ],
)
def test_a_promise_with_all_that_it_needs_raises_no_issue(fields: dict[str, Any]) -> None:
    """The lead time of the on-demand pool is 0.5 h: within 31 minutes it grows for one."""
    assert found(promised(**fields)) == []


@pytest.mark.parametrize(
    ("fields", "field", "severity", "words"),
    [
        ({"promise_form": "cold"}, "recovery_minutes", "warning", "is 0, so cold promises no more than shared"),
        (
            {"promise_form": "cold", "recovery_minutes": 30},
            "recovery_minutes",
            "warning",
            "not longer than any lead time (the shortest is 30 minutes)",
        ),
        ({"latency_after_failure_ms": 50}, "latency_after_failure_ms", "error", "needs an objective"),
        (
            {"latency_objective_ms": 50, "latency_after_failure_ms": 49},
            "latency_after_failure_ms",
            "error",
            "below the objective while nothing has failed (50 ms)",
        ),
        ({"availability_objective_share": 0.99}, "availability_objective_share", "warning", "failures_per_year"),
    ],
)
def test_what_lacks_or_contradicts_is_named(fields: dict[str, Any], field: str, severity: str, words: str) -> None:
    (issue,) = found(promised(**fields))
    assert (issue.path, issue.severity) == (f"workloads.w.{field}", severity)
    assert words in issue.message
    assert issue.mend
    assert issue.value


@pytest.mark.parametrize("pools", [{"a": POOLS["a"], "b": {**OD, "ramp_up_accelerators_per_hour": None}}])
def test_cold_without_a_pool_that_can_grow_is_warned_of(pools: dict[str, Any]) -> None:
    (issue,) = found(promised(promise_form="cold", recovery_minutes=60), LOST, pools)
    assert (issue.path, issue.severity) == ("workloads.w.promise_form", "warning")
    assert "has a ramp" in issue.message


def test_an_objective_for_availability_counts_with_random_failures() -> None:
    failures = {"lost": {**LOST["lost"], "failures_per_year": 0.5}}
    assert found(promised(availability_objective_share=0.99), failures) == []
    assert found(rigid([1.0, 1.0]), failures) == []  # they are replayed, so they say something without a promise too


@pytest.mark.parametrize(
    ("field", "value"), [("promise_form", "shared"), ("recovery_minutes", 5), ("latency_after_failure_ms", 90)]
)
def test_fields_of_a_promise_without_one_have_no_effect(field: str, value: Any) -> None:
    fields = {field: value} | ({"latency_objective_ms": 90} if field.startswith("latency") else {})
    (issue,) = found(rigid([1.0, 1.0], **fields), {})
    assert (issue.path, issue.severity) == (f"workloads.w.{field}", "warning")
    assert "has no effect: nothing is promised" in issue.message


def test_windows_promise_nothing_in_any_form() -> None:
    (issue,) = found(deferrable(1.0, 0, 1, promise_form="cold"), {})
    assert (issue.path, issue.severity) == ("workloads.w.promise_form", "warning")
    assert "only rigid work can promise" in issue.message
    (issue,) = found(deferrable(1.0, 0, 1, promise_form="cold", promised_share=0.5))
    assert (issue.path, issue.severity) == ("workloads.w.promised_share", "error")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"kind": "group", "sites": ["here", "far"]}, "all pools that can do this work are lost"),
        ({"kind": "group", "pools": ["a"], "links": ["out"]}, "the links between here and the pools that are left"),
    ],
)
def test_why_nothing_can_take_over_is_said(failure: dict[str, Any], words: str) -> None:
    (issue,) = found(promised(), {"f": failure})
    assert (issue.path, issue.severity) == ("workloads.w.promised_share", "warning")
    assert f"cannot be kept in f: {words}" in issue.message


@pytest.mark.parametrize(
    "fields",
    [
        {"denied_sites": ["far"]},
        {"allowed_sites": ["here"]},
        {"required_link_attributes": ["encryption_in_transit"]},
        {"egress_gb_per_unit": 1.0},
    ],
)
def test_pools_that_the_work_may_not_use_take_nothing_over(fields: dict[str, Any]) -> None:
    """Far is denied, not allowed, reached by no link that is encrypted, or has no link back."""
    issues = [one for one in found(promised(**fields)) if one.path == "workloads.w.promised_share"]
    assert ["all pools that can do this work are lost" in one.message for one in issues] == [True]


def test_the_size_counts_what_takes_over_after_each_failure() -> None:
    """2 pools x 2 periods = 4 for work without a promise; twice with standby; shared: 2 + 3 failures = 5 times."""
    failures = {
        **LOST,
        "far": {"kind": "site", "record": "far"},
        "link": {"kind": "link", "record": "out"},
    }

    def size(work: dict[str, Any]) -> int:
        made = parse(document(copy.deepcopy(work), failures))[0]
        assert made is not None
        return route_periods(made)

    assert [size(rigid([1.0, 1.0])), size(promised()), size(promised(promise_form="shared"))] == [4, 8, 20]
