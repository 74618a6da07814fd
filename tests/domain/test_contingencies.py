"""Promises and contingencies as inputs: what is refused, what is warned of, and what they leave unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, pool, rigid, scenario

from hybridplan.domain import parse
from hybridplan.errors import Issue
from hybridplan.io import forms

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}
POOLS = {"a": pool("owned", 9, 1.0), "b": pool("on_demand", 9, 1.0, site="far")}
LOST = {"lost": {"kind": "site", "record": "here"}}


def document(work: dict[str, Any], failures: dict[str, Any], pools: dict[str, Any] = POOLS) -> dict[str, Any]:
    made = scenario(pools, {"w": rigid([1.0])}, sites=SITES, links=LINKS).to_dict()
    return {**made, "workloads": {"w": work}, "policy": {"contingencies": failures}}


def issues(*args: Any) -> list[Issue]:
    return parse(document(*args))[1]


@pytest.mark.parametrize(
    ("failure", "path", "words"),
    [
        ({"kind": "site", "record": "nowhere"}, "f.record", "there is no site with this id"),
        ({"kind": "provider", "record": "here"}, "f.record", "there is no provider with this id"),
        ({"kind": "site"}, "f.record", "must name the site that fails"),
        ({"kind": "spot", "record": "here"}, "f.record", "names no record"),
        ({"kind": "zone", "record": "east"}, "f.record", "there is no zone with this id"),
        ({"kind": "zone"}, "f.record", "must name the zone that fails"),
        ({"kind": "link", "record": "here"}, "f.record", "there is no link with this id"),
        ({"kind": "group"}, "f.sites", "must name the sites, pools or links"),
        ({"kind": "group", "record": "here", "sites": ["here"]}, "f.record", "names no record"),
        ({"kind": "group", "sites": ["nowhere"]}, "f.sites", "there is no site with this id"),
        ({"kind": "group", "pools": ["out"]}, "f.pools", "there is no pool with this id"),
        ({"kind": "group", "links": ["a"]}, "f.links", "there is no link with this id"),
        ({"kind": "site", "record": "here", "pools": ["b"]}, "f.pools", "only a group names pools"),
        ({"kind": "spot", "links": ["out"]}, "f.links", "only a group names links"),
        (
            {"kind": "meteor", "record": "here"},
            "f.kind",
            "input should be 'site', 'zone', 'provider', 'link', 'spot' or 'group'",
        ),
        ({"record": "here"}, "f.kind", "field required"),
    ],
)
def test_what_is_no_contingency_is_refused(failure: dict[str, Any], path: str, words: str) -> None:
    (issue,) = issues(rigid([1.0], promised_share=0.5), {"f": failure})
    assert (issue.path, issue.severity) == (f"policy.contingencies.{path}", "error")
    assert words in issue.message


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (deferrable(1.0, 0, 1, promised_share=0.5), "is for rigid work only"),
        (rigid([1.0], promised_share=0.5, whole_replicas=True), "cannot be planned together with whole_replicas"),
        (rigid([1.0], promised_share=1.5), "less than or equal to 1"),
    ],
)
def test_what_cannot_be_promised_is_refused_by_name(work: dict[str, Any], words: str) -> None:
    (issue,) = issues(work, LOST)
    assert (issue.path, issue.severity) == ("workloads.w.promised_share", "error")
    assert words in issue.message
    assert issue.unit == "share from 0 to 1"


@pytest.mark.parametrize(
    ("work", "failures", "path", "words"),
    [
        (rigid([1.0], promised_share=0.5), {}, "workloads.w.promised_share", "there is no contingency"),
        (rigid([1.0]), LOST, "policy.contingencies", "no workload promises"),
        (
            rigid([1.0], promised_share=0.5),
            {**LOST, "again": {"kind": "site", "record": "here"}},
            "policy.contingencies.again",
            "is the same failure as lost",
        ),
    ],
)
def test_what_has_no_effect_is_warned_of(work: Any, failures: Any, path: str, words: str) -> None:
    (issue,) = issues(work, failures)
    assert (issue.path, issue.severity) == (path, "warning")
    assert words in issue.message


@pytest.mark.parametrize(
    "again",
    [
        {"kind": "provider", "record": "own"},
        {"kind": "zone", "record": "cellar"},
        {"kind": "group", "sites": ["here"]},
        {"kind": "group", "sites": ["here"], "pools": ["a"]},
    ],
)
def test_the_same_failure_under_another_kind_is_warned_of(again: dict[str, Any]) -> None:
    """Own runs the site here alone, the zone cellar holds it alone, and pool a stands there: all take the same."""
    made = document(rigid([1.0], promised_share=0.5), {**LOST, "again": again})
    made["sites"]["here"]["zone"] = "cellar"
    (issue,) = parse(made)[1]
    assert (issue.path, issue.severity) == ("policy.contingencies.again", "warning")
    assert "is the same failure as lost" in issue.message


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ({"kind": "spot"}, "no pool is interruptible"),
        ({"kind": "site", "record": "office"}, "no pool, link or copy of data"),
        ({"kind": "group", "sites": ["office"]}, "no pool, link or copy of data"),
    ],
)
def test_a_failure_that_takes_nothing_is_warned_of_and_two_such_are_not_the_same(failure: Any, words: str) -> None:
    made = document(rigid([1.0], promised_share=0.5), {**LOST, "f": failure, "g": failure})
    made["sites"]["office"] = {"kind": "edge", "provider": "own", "jurisdiction": "DE"}
    found = parse(made)[1]
    assert [(one.path, one.severity) for one in found] == [
        ("policy.contingencies.f", "warning"),
        ("policy.contingencies.g", "warning"),
    ]
    assert all("takes nothing" in one.message and words in one.message for one in found)


def test_a_site_without_pools_that_holds_a_copy_of_data_is_a_failure() -> None:
    made = document(rigid([1.0], promised_share=0.5), {**LOST, "f": {"kind": "site", "record": "vault"}})
    made["sites"]["vault"] = {
        "kind": "private",
        "provider": "own",
        "jurisdiction": "DE",
        "storage_usd_per_gb_month": 0.1,
    }
    made["datasets"] = {"d": {"home_site": "vault", "size_gb": 1.0}}
    assert [one.path for one in parse(made)[1]] == ["datasets.d"]  # no workload needs it


def test_a_failure_that_nothing_survives_is_warned_of() -> None:
    (issue,) = issues(rigid([1.0], promised_share=0.5), LOST, {"a": POOLS["a"]})
    assert (issue.path, issue.severity) == ("workloads.w.promised_share", "warning")
    assert "cannot be kept in lost" in issue.message


def test_promises_that_can_be_kept_raise_no_issue() -> None:
    """All six kinds; on its own site w goes on without the link, and each of the pools without the other."""
    failures = {
        **LOST,
        "p": {"kind": "provider", "record": "cloud"},
        "s": {"kind": "spot"},
        "z": {"kind": "zone", "record": "hall"},
        "l": {"kind": "link", "record": "out"},
        "g": {"kind": "group", "pools": ["spot"], "links": ["out"]},
    }
    pools = {**POOLS, "c": {**POOLS["b"], "zone": "hall"}, "spot": pool("interruptible", 9, 1.0, site="far")}
    assert issues(rigid([1.0], promised_share=0.5), failures, pools) == []


def test_form_of_workloads_and_defaults() -> None:
    made, _ = parse(document(rigid([1.0], promised_share=0.5), LOST))
    assert made is not None
    assert "promised_share" in forms.to_csv(made.to_dict(), "workloads").splitlines()[0]
    plain, _ = parse(document(rigid([1.0]), {}))
    assert plain is not None
    assert "policy" not in plain.to_dict()
    assert plain.content_hash == scenario(POOLS, {"w": rigid([1.0])}, sites=SITES, links=LINKS).content_hash
