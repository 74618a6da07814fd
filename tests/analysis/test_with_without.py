"""Pairs with and without rules: prices, latency and carbon of small estates worked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from builders import hour, pool, rigid

from hybridplan.analysis.rule_pairs import Pair, Pairs, Side
from hybridplan.analysis.with_without import with_without
from hybridplan.domain import Scenario, require


def document(**work: Any) -> dict[str, Any]:
    """10 units in one hour: own 4 (sunk), near at 3 USD (10 ms, DE, 1 kW at 400 g), far at 1 USD (80 ms, US, clean)."""
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "near": {"kind": "public", "provider": "a", "jurisdiction": "DE", "grid_carbon_g_per_kwh": 400.0},
        "far": {"kind": "public", "provider": "b", "jurisdiction": "US", "grid_carbon_g_per_kwh": 0.0},
    }
    links = {
        f"here>{site}": {"from_site": "here", "to_site": site, "round_trip_ms": ms}
        for site, ms in (("near", 10.0), ("far", 80.0))
    }
    return {
        "schema_version": 1,
        "name": "pairs",
        "horizon": hour(),
        "sites": sites,
        "pools": {
            "own": pool("owned", 4.0, 1.0),
            "near": pool("on_demand", 20.0, 3.0, site="near", busy_kw=1.0),
            "far": pool("on_demand", 20.0, 1.0, site="far"),
        },
        "links": links,
        "workloads": {"w": rigid([10.0], **work)},
    }


def of(found: Pairs, code: str) -> Pair:
    (row,) = [row for row in found.rows if row.code == code]
    return row


def promised(**work: Any) -> Scenario:
    data = document(allowed_jurisdictions=["DE"], promised_share=1.0, **work)
    data["policy"] = {"contingencies": {"own-out": {"kind": "group", "pools": ["own"]}}}
    return require(data)


def test_residency_costs_the_dearer_pool_and_changes_latency_and_carbon() -> None:
    """With: 4 own at 1 USD and 6 nearby at 3 = 22 USD; mean 6/10 x 10 = 6 ms; 6 kWh x 400 g = 2.4 kg. Without: the 6
    go far at 1 USD = 10 USD; mean 6/10 x 80 = 48 ms; no carbon."""
    found = with_without(require(document(allowed_jurisdictions=["DE"])))
    row = of(found, "residency")
    assert row.records == ("w",)
    assert (row.with_rules.objective_usd, row.without.objective_usd) == pytest.approx((22.0, 10.0))
    assert row.usd == pytest.approx(12.0)
    assert (row.with_rules.mean_ms, row.without.mean_ms) == pytest.approx((6.0, 48.0))
    assert (row.with_rules.carbon_tonnes, row.without.carbon_tonnes) == pytest.approx((0.0024, 0.0))
    assert found.complete
    assert [row.code for row in found.rows] == ["residency"]


def test_latency_costs_the_near_pool() -> None:
    """Within 20 ms only nearby helps: again 22 against 10 USD."""
    row = of(with_without(require(document(latency_objective_ms=20.0))), "latency")
    assert row.usd == pytest.approx(12.0)


def test_a_promise_costs_its_standby() -> None:
    """After the loss of the 4 own ones 10 must go on: 6 run nearby, 4 more stand by there at 3 USD: 12 USD."""
    row = of(with_without(promised()), "promise")
    assert row.usd == pytest.approx(12.0)
    assert row.range_usd == pytest.approx((12.0, 12.0), abs=1e-6)
    assert (row.with_rules.unserved_share, row.without.unserved_share) == (0.0, 0.0)


def test_latency_goes_with_the_latency_after_a_failure() -> None:
    """An objective after failures means nothing without the one that holds before; both go. Objective and residency
    both name the near pool, so each alone costs nothing."""
    found = with_without(promised(latency_objective_ms=20.0, latency_after_failure_ms=40.0))
    assert of(found, "latency").usd == pytest.approx(0.0, abs=1e-9)
    assert [row.code for row in found.rows] == ["residency", "latency", "promise"]


def test_each_kind_adds_the_other_rules() -> None:
    """Half of the near pool held back doubles its price: 6 x 3 USD more."""
    data = document(allowed_jurisdictions=["DE"])
    data["pools"]["near"]["held_back_share"] = 0.5
    found = with_without(require(data), each_kind=True)
    assert [row.code for row in found.rows] == ["residency", "held_back"]
    assert of(found, "held_back").usd == pytest.approx(18.0)


def test_without_any_such_rule_there_is_no_pair() -> None:
    found = with_without(require(document()))
    assert (found.rows, found.complete) == ((), True)


def test_no_plan_with_the_rules_leaves_the_price_open() -> None:
    """The only allowed place has no capacity, and all must be served: with residency there is no plan."""
    data = document(allowed_jurisdictions=["FR"], must_serve=True)
    row = of(with_without(require(data)), "residency")
    assert (row.with_rules.status, row.without.status) == ("infeasible", "optimal")
    assert row.usd is None
    assert row.range_usd is None


def test_nothing_is_claimed_when_the_time_is_up() -> None:
    found = with_without(require(document(allowed_jurisdictions=["DE"])), time_limit_seconds=0.0)
    assert not found.complete
    assert found.rows[0].without == Side()


def test_the_table_has_two_rows_for_each_pair() -> None:
    table = with_without(promised()).table()
    assert list(zip(table["pair"], table["rules"], strict=True)) == [
        ("residency", "with"),
        ("residency", "without"),
        ("promise", "with"),
        ("promise", "without"),
    ]
