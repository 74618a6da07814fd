"""A latency objective that is moved takes the one after a failure along where it would become the shorter one."""

from __future__ import annotations

from typing import Any

import pytest

from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.frontier import frontier
from hybridplan.analysis.frontier.aims import capped
from hybridplan.analysis.sensitivity.paths import with_values
from hybridplan.analysis.sensitivity.tornado import tornado
from hybridplan.analysis.what_if import Moves, moved
from hybridplan.domain import require
from hybridplan.model.solve import optimise


def document(objective_ms: float, after_ms: float) -> dict[str, Any]:
    """5 units in one hour; t, 30 ms away, costs 2 USD for each and u, 34 ms away, 1. Half must go on without t."""

    def pool(site: str, price: float) -> dict[str, Any]:
        size = {"capacity_accelerators": 10, "price_usd_per_accelerator_hour": price}
        return {"site": site, "sku": "X", "purchase_option": "on_demand", **size}

    work = {
        "kind": "inference",
        "origin_site": "s",
        "unserved_usd_per_unit": 100,
        "must_serve": True,
        "promised_share": 0.5,
        "promise_form": "shared",
        "latency_objective_ms": objective_ms,
        "latency_after_failure_ms": after_ms,
        "throughput": {"X": {"units_per_accelerator_hour": 1}},
        "demand_units_per_hour": {"a": [5]},
    }
    return {
        "schema_version": 1,
        "name": "objectives",
        "horizon": {"blocks": {"a": {"start": "2026-01-05T00:00:00+00:00", "periods": 1}}},
        "sites": {key: {"kind": "public", "provider": key, "jurisdiction": "DE"} for key in "stu"},
        "links": {
            "st": {"from_site": "s", "to_site": "t", "round_trip_ms": 30},
            "su": {"from_site": "s", "to_site": "u", "round_trip_ms": 34},
        },
        "pools": {"p": pool("t", 2.0), "q": pool("u", 1.0)},
        "workloads": {"w": work},
        "policy": {"contingencies": {"without-t": {"kind": "site", "record": "t"}}},
    }


def test_an_impossible_objective_is_found_though_the_one_after_a_failure_is_short_too() -> None:
    """Nothing is within 20 ms, nor within 25 ms after a failure; from 34 ms on u is, where the promise is kept too."""
    scenario = require(document(20.0, 25.0))
    found = [change for change in diagnose(scenario, seconds=60).alternatives if change.rule == "latency"]
    assert [(change.record, change.amount, change.proven) for change in found] == [("w", pytest.approx(14.0), True)]
    work = apply(scenario, *found).workloads["w"]
    assert (work.latency_objective_ms, work.latency_after_failure_ms) == (pytest.approx(34.0), pytest.approx(34.0))


def test_a_slider_moves_both_where_it_must() -> None:
    """32 ms x 1.25 = 40 ms, above the 36 ms after a failure; 32 ms x 1.1 = 35.2 ms is not."""
    scenario = require(document(32.0, 36.0))
    works = [moved(scenario, Moves(latency=factor)).workloads["w"] for factor in (1.25, 1.1)]
    found = [(work.latency_objective_ms, work.latency_after_failure_ms) for work in works]
    assert found == [(pytest.approx(40.0), pytest.approx(40.0)), (pytest.approx(35.2), 36.0)]


def test_a_tornado_moves_both_where_it_must() -> None:
    """32 ms and 20 % more are 38.4 ms: all 5 run at u, 5 USD in place of 12.5. With 20 % less there is no plan."""
    scenario = require(document(32.0, 36.0))
    (bar,) = [bar for bar in tornado(scenario).bars if bar.code == "latency"]
    assert (bar.base_usd, bar.high.objective_usd) == (pytest.approx(12.5), pytest.approx(5.0))
    assert (bar.low.status, bar.high.status) == ("infeasible", "optimal")
    moved_alone = with_values(scenario, {"workloads.w.latency_objective_ms": 34.0}).workloads["w"]
    assert moved_alone.latency_after_failure_ms == 36.0


def test_every_point_of_a_frontier_opens_as_a_scenario_of_its_cost() -> None:
    """At 32 ms all 5 run at t and 2.5 stand ready at u: 5 x 2 + 2.5 x 1 = 12.5 USD; from 34 ms on at u alone: 5."""
    scenario = require(document(32.0, 36.0))
    points = frontier(scenario, "latency_objective", points=5).points
    assert {round(point.objective_usd or 0.0, 6) for point in points} == {12.5, 5.0}
    for point in points:
        opened = require(capped(scenario, "latency_objective", point.cap).to_dict())
        assert optimise(opened).objective_usd == pytest.approx(point.objective_usd)
