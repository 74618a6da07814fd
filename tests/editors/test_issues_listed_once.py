"""A field that two tables of a page show has its issues below one of them only."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from test_more_table_pages import opened

from hybridplan.domain import parse
from hybridplan.io import catalogue, scenario_json
from hybridplan.ui.editors.data_tables import LINES
from hybridplan.ui.editors.demand_tables import WORKLOADS
from hybridplan.ui.editors.failure_tables import PROMISES
from hybridplan.ui.editors.inventory_tables import GROWTH, LINKS, POOLS
from hybridplan.ui.editors.problems import issues_in
from hybridplan.ui.editors.purchase_tables import HARDWARE, TIER_TERMS
from hybridplan.ui.editors.workload_views import JOBS, LATENCY

WORKS = (WORKLOADS, LATENCY, PROMISES, JOBS)


def broken(section: str, field: str, value: object) -> dict[str, Any]:
    """The demo with this value in the first record of a section."""
    document = scenario_json.load(catalogue.scenario_paths()["demo"]).to_dict()
    next(iter(document[section].values()))[field] = value
    return document


@pytest.mark.parametrize(
    ("section", "field", "value", "tables", "listed"),
    [
        ("workloads", "promised_share", 1.4, WORKS, PROMISES),
        ("workloads", "promised_share", "most", WORKS, PROMISES),
        ("workloads", "promise_form", "warm", WORKS, PROMISES),
        ("workloads", "latency_objective_ms", -5, WORKS, WORKLOADS),
        ("workloads", "latency_statistic", "p42", WORKS, LATENCY),
        ("workloads", "whole_replicas", "perhaps", WORKS, WORKLOADS),
        ("pools", "owned_cost", "gone", (POOLS, GROWTH, HARDWARE, TIER_TERMS), POOLS),
        ("pools", "purchase_option", "leased", (POOLS, GROWTH, HARDWARE, TIER_TERMS), POOLS),
        ("links", "from_site", "", (LINKS, LINES), LINKS),
    ],
)
def test_it_is_listed_once(section: str, field: str, value: object, tables: tuple[Any, ...], listed: Any) -> None:
    document = broken(section, field, value)
    issues = parse(document)[1]
    found = Counter(table.name for table in tables for _ in issues_in(table, document, issues))
    assert dict(found) == {listed.name: 1}


def test_the_page_demand_lists_a_promise_that_is_no_share_once() -> None:
    app = opened("demand", broken("workloads", "promised_share", 1.4))
    lists = [one.value for one in app.dataframe if "How to mend it" in one.value.columns]
    assert sum(frame["Column"].str.contains("Promised").sum() for frame in lists) == 1
