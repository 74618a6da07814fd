"""The report's section on blocks: there with several, sums in its tables, hostile labels as plain text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hybridplan.analysis import planner
from hybridplan.domain import require
from hybridplan.io import catalogue, scenario_json
from hybridplan.plan import Plan
from hybridplan.report import content_blocks
from hybridplan.report.content import content
from hybridplan.report.html import html


@pytest.fixture(scope="module")
def plan() -> Plan:
    document = scenario_json.load(catalogue.scenario_paths()["smart_city"]).to_dict()
    first = next(iter(document["horizon"]["blocks"].values()))
    first["label"] = "<b>Working</b> day"
    return planner.solve(require(document))


def test_several_blocks_have_a_section_after_the_results(plan: Plan) -> None:
    report = content(plan, made_at=datetime(2026, 6, 1, tzinfo=UTC))
    section = next(one for one in report.evidence if one.key == "blocks")
    assert [one.key for one in section.tables] == ["blocks", "cost-by-block", "use-by-block"]
    assert len(section.tables[0].rows) == len(plan.scenario.horizon.blocks)
    assert "blocks" in section.bullets[0]
    assert section.tables[1].rows[-1][0] == "All costs"
    assert {len(row) for one in section.tables for row in one.rows} == {10, 3}


def test_labels_are_text(plan: Plan) -> None:
    assert "<b>Working</b> day" not in html(plan, content(plan, made_at=datetime(2026, 6, 1, tzinfo=UTC)))


def test_a_single_block_has_none() -> None:
    plan = planner.solve(scenario_json.load(catalogue.scenario_paths()["reference_sunk"]))
    assert plan.tables is not None
    assert content_blocks.sections(plan, plan.tables) == ()
