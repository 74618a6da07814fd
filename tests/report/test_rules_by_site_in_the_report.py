"""The report tells who checks compliance what stays where, and which site does not keep which rule."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import hybridplan as hp
from hybridplan.io import catalogue
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan
from hybridplan.report import content_coverage
from hybridplan.report.content import content

MADE = datetime(2026, 6, 1, 12, tzinfo=UTC)


@lru_cache(maxsize=2)
def plan(name: str) -> Plan:
    return optimise(hp.load(catalogue.scenario_paths()[name]))


def test_the_section_says_that_nothing_is_outside_and_where_rules_are_not_met() -> None:
    """Raw video is offered on the city's own machines only: not at Google, Azure and AWS."""
    (section,) = content_coverage.sections(plan("smart_city"))
    assert section.paragraphs[0].startswith("Nothing is placed where a rule on place or security is not met")
    assert any(
        line.startswith("All of Traffic cameras, north stays in DE: 0 accelerator-hours") for line in section.bullets
    )
    (table,) = section.tables
    rows = [row for row in table.rows if row[:2] == ("Traffic cameras, north", "Raw video")]
    sites = {site for row in rows for site in row[2].split(", ")}
    assert sites == {"Google Cloud Frankfurt", "Azure West Europe", "AWS Stockholm"}


def test_it_stands_in_the_report_where_there_are_rules() -> None:
    keys = [section.key for section in content(plan("smart_city"), made_at=MADE).evidence]
    assert "coverage" in keys
    assert content_coverage.sections(plan("reference_sunk")) == ()
