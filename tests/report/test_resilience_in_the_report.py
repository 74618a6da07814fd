"""Failures in the report: what can fail, what goes on, who takes over; on paper too."""

from __future__ import annotations

from typing import Any

from builders import pool, rigid, scenario
from report_cases import MADE_AT

import hybridplan as hp
from hybridplan.report import files
from hybridplan.report.content import Report, Section, content

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, "usd_per_gb": 1.0}}
FAILURES = {
    "lost": {"kind": "site", "record": "here", "failures_per_year": 0.5, "repair_hours": 12.0},
    "gone": {"kind": "provider", "record": "cloud"},
}


def plan(failures: Any = FAILURES, **work: Any) -> hp.Plan:
    """Ten requests on ten owned accelerators; what takes over is rented at far, at 3 USD."""
    pools = {"own": pool("owned", 10, 1.0), "far": pool("on_demand", 50, 3.0, site="far")}
    works = {"w": rigid([10.0], unit="requests", ingress_gb_per_unit=0.1, **work)}
    return hp.solve(scenario(pools, works, sites=SITES, links=LINKS, policy={"contingencies": failures}))


def section(report: Report) -> Section:
    return next(one for one in report.evidence if one.key == "failures")


def test_what_can_fail_what_goes_on_and_who_takes_over() -> None:
    """80 % of ten requests go to far when Frankfurt is lost; after the loss of the cloud all goes on where it is."""
    tables = {one.key: one for one in section(content(plan(promised_share=0.8), made_at=MADE_AT)).tables}
    lost, gone = tables["failures"].rows
    assert lost == ("loss of Frankfurt", "own", "0.500", "12")
    assert gone[1:] == ("far", "–", "–")
    assert tables["survival"].rows == (
        ("w", "loss of Frankfurt", "80 %", "80 %", "80 %"),
        ("w", "loss of all that cloud runs", "80 %", "100 %", "100 %"),
    )
    assert tables["failover"].rows == (("w", "loss of Frankfurt", "1", "far", "8", "requests", "8", "1"),)


def test_a_shared_promise_says_so() -> None:
    found = section(content(plan(promised_share=0.8, promise_form="shared"), made_at=MADE_AT))
    assert any(line.startswith("w: kept by what survives (shared)") for line in found.bullets)
    assert not any("stand by" in line for line in found.bullets)


def test_without_a_promise_it_still_says_what_each_failure_leaves() -> None:
    found = section(content(plan(), made_at=MADE_AT))
    assert found.paragraphs[0].startswith("No work is promised")
    assert [row[3] for row in next(one for one in found.tables if one.key == "survival").rows] == ["0 %", "100 %"]


def test_without_failures_there_is_no_such_section() -> None:
    found = content(plan(failures={}), made_at=MADE_AT)
    assert not [one for one in found.evidence if one.key == "failures"]


def test_the_report_is_built_on_paper() -> None:
    made = files.files(plan(promised_share=0.8), made_at=MADE_AT)
    assert made["pdf"].build()[:5] == b"%PDF-"
    assert b"Who takes over" in made["html"].build()
