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
        ({"kind": "meteor", "record": "here"}, "f.kind", "input should be 'site', 'provider' or 'spot'"),
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


def test_a_failure_that_nothing_survives_is_warned_of() -> None:
    (issue,) = issues(rigid([1.0], promised_share=0.5), LOST, {"a": POOLS["a"]})
    assert (issue.path, issue.severity) == ("workloads.w.promised_share", "warning")
    assert "cannot be kept in lost" in issue.message


def test_a_promise_that_can_be_kept_raises_no_issue() -> None:
    failures = {**LOST, "p": {"kind": "provider", "record": "cloud"}, "s": {"kind": "spot"}}
    assert issues(rigid([1.0], promised_share=0.5), failures) == []


def test_form_of_workloads_and_defaults() -> None:
    made, _ = parse(document(rigid([1.0], promised_share=0.5), LOST))
    assert made is not None
    assert "promised_share" in forms.to_csv(made.to_dict(), "workloads").splitlines()[0]
    plain, _ = parse(document(rigid([1.0]), {}))
    assert plain is not None
    assert "policy" not in plain.to_dict()
    assert plain.content_hash == scenario(POOLS, {"w": rigid([1.0])}, sites=SITES, links=LINKS).content_hash
