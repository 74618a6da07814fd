"""What is bought, committed to and copied in the report; and nothing of it where there is none."""

from __future__ import annotations

from functools import cache

import pytest
from purchase_documents import estate
from report_cases import MADE_AT, two_hours

import hybridplan as hp
from hybridplan.analysis.sentences import commitments, datasets, hardware, purchasing
from hybridplan.domain import require
from hybridplan.report.content import Report, Section, content
from hybridplan.report.html import html
from hybridplan.report.pdf import pdf


@cache
def plan() -> hp.Plan:
    return hp.solve(require(estate()))


def section(report: Report, key: str) -> Section:
    return next(one for one in (*report.decision, *report.evidence) if one.key == key)


def test_purchases_are_recommended_on_the_page_of_decision() -> None:
    report = content(plan(), made_at=MADE_AT)
    assert set(purchasing.decided(plan())) <= set(section(report, "recommended").bullets)
    assert section(report, "next").paragraphs[0].startswith("Before you sign")


def test_evidence_has_what_each_page_says() -> None:
    report = content(plan(), made_at=MADE_AT)
    found = section(report, "commitments")
    assert set(commitments.summary(plan())) <= set(found.bullets)
    assert " ".join(commitments.advice(plan())[0]) in found.bullets
    assert " ".join(hardware.advice(plan())[0]) in section(report, "hardware").bullets
    assert set(datasets.summary(plan())) <= set(section(report, "data").bullets)


def test_offers_stand_with_source_and_date() -> None:
    tables = {table.key: table for table in section(content(plan(), made_at=MADE_AT), "offers").tables}
    assert tables["offered-hardware"].rows[0][-2:] == ("offer", "1 Nov 2026")
    assert tables["offered-commitments"].rows[0][-2:] == ("offer", "1 Oct 2026")
    assert "Cloud rent 2.80 USD" in tables["spend-commitments"].rows[0]


@pytest.mark.parametrize("key", ["commitments", "hardware", "data", "offers", "datasets"])
def test_a_report_without_such_records_has_no_such_section(key: str) -> None:
    report = content(hp.solve(require(two_hours())), made_at=MADE_AT)
    assert key not in [one.key for one in report.evidence]


def test_it_is_set_in_both_forms() -> None:
    report = content(plan(), made_at=MADE_AT)
    assert "Where the data lies" in html(plan(), report)
    assert pdf(plan(), report).startswith(b"%PDF")
