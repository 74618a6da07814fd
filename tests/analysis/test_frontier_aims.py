"""Every aim of a frontier: hand-solved ends and prices, and points that single solves give on random scenarios."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from builders import pool, rigid, scenario
from feature_documents import random_feature_document

from hybridplan.analysis.frontier import MEASURES, Aim, Frontier, available, capped, frontier
from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus


def queue(**fields: Any) -> Scenario:
    """40 requests an hour of 100 ms each on rented accelerators at 2 USD, one unit per accelerator-hour."""
    work = rigid([40.0], latency_objective_ms=400.0, latency_statistic="mean", **fields)
    work["throughput"] = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 100.0}}
    return scenario({"cloud": pool("on_demand", 500, 2.0)}, {"w": work})


def money(found: Frontier) -> list[tuple[float, float]]:
    return [(point.cap, point.objective_usd) for point in found.points if point.objective_usd is not None]


def test_a_shorter_objective_needs_more_accelerators() -> None:
    """100 / (1 - load) <= T: load = 1 - 100 / T, so 80 / (1 - 100 / T) USD; at 200 ms 160, at 800 ms 640 / 7 USD.

    Drawn from twice today's 400 ms. 500 accelerators carry 40 at a load of 0.08: T = 100 / 0.92 = 108.7 ms, 1,000 USD.
    """
    found = frontier(queue(), "latency_objective", of="w", points=9)
    assert (found.unit, found.of, found.serves_all, found.complete) == ("ms", "w", True, True)
    for cap, usd in money(found):
        assert usd == pytest.approx(80.0 / (1.0 - 100.0 / cap), rel=1e-6)
    assert money(found)[0][0] == pytest.approx(100.0 / 0.92, rel=8e-3)
    assert money(found)[-1] == (800.0, pytest.approx(640.0 / 7.0))
    assert all(point.usd_per_unit is None for point in found.points)
    as_factor = frontier(queue(), "latency_objective", points=3)
    assert as_factor.unit == "times today's objectives"
    assert money(as_factor)[-1] == (2.0, pytest.approx(640.0 / 7.0))


def test_routes_that_an_objective_rules_out_are_closed() -> None:
    """Without a queue: the far pool (1 USD) answers in 30 + 5 ms, the near one (3 USD) in 5 ms; ten units.

    From 35 ms on 10 USD, below it 30 USD, below 5 ms nothing.
    """
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
    }
    work = rigid([10.0], latency_objective_ms=40.0)
    work["throughput"] = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}}
    pools = {"near": pool("on_demand", 50, 3.0), "cheap": pool("on_demand", 50, 1.0, site="far")}
    links = {"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 30.0}}
    found = frontier(scenario(pools, {"w": work}, sites=sites, links=links), "latency_objective", of="w", points=12)
    for cap, usd in money(found):
        assert usd == pytest.approx(10.0 if cap >= 35.0 else 30.0)
    assert money(found)[0][0] == pytest.approx(5.0, abs=0.1)
    assert {round(usd) for _, usd in money(found)} == {10, 30}


def test_mean_latency_is_capped_by_straight_lines_that_never_promise_too_little() -> None:
    """Today's 400 ms allow a load of 0.75: 320 / 3 USD. A cap of c ms needs a load of 1 - 100 / c, up to 2 % more."""
    found = frontier(queue(), "mean_latency", of="w", points=7)
    assert found.unit == "ms, mean of the worst hour"
    assert found.points[-1].cap == pytest.approx(400.0)
    for point in found.points:
        assert point.reached is not None
        assert point.reached <= point.cap * (1 + 1e-9)
        alone = optimise(capped(queue(must_serve=True), "mean_latency", point.cap, "w"))
        assert alone.objective_usd == pytest.approx(point.objective_usd, rel=1e-6)
        least = 80.0 / (1.0 - 100.0 / point.cap)
        assert least - 1e-6 <= (point.objective_usd or 0.0) <= 1.05 * least


def test_less_interruptible_work_costs_what_it_saves() -> None:
    """Spot at 1 USD, on demand at 3 USD, ten units: share s on spot costs 30 - 20 s; today's own cap of 0.8 holds."""
    pools = {"spot": pool("interruptible", 50, 1.0), "firm": pool("on_demand", 50, 3.0)}
    work = rigid([10.0], interruptible=True, interruptible_share_cap=0.8)
    found = frontier(scenario(pools, {"w": work}), "interruptible_share", points=5)
    assert money(found)[0][0] == 0.0
    assert money(found)[-1][0] == pytest.approx(0.8)
    for point in found.points:
        assert point.objective_usd == pytest.approx(30.0 - 20.0 * point.cap)
        assert point.interruptible_share == pytest.approx(point.cap)
    assert [point.usd_per_unit for point in found.points[1:-1]] == pytest.approx([20.0] * 3)


def test_the_last_share_of_work_has_its_price() -> None:
    """Ten owned for nothing and ten rented at 4 USD for 20 units: a share u unserved saves 80 u USD, up to half.

    What is not served costs nothing here: its price would hide what serving it costs.
    """
    pools = {"own": pool("owned", 10, 0.0, owned_cost="sunk"), "rent": pool("on_demand", 10, 4.0)}
    found = frontier(scenario(pools, {"w": rigid([20.0])}), "unserved", points=5)
    assert not found.serves_all
    assert found.points[0].cap == 0.0
    assert found.points[-1].cap >= 0.5
    for point in found.points:
        assert point.objective_usd == pytest.approx(max(40.0 - 80.0 * point.cap, 0.0), abs=1e-9)
        assert (point.unserved_share or 0.0) <= point.cap + 1e-9


def test_what_a_promise_costs() -> None:
    """Ten units near for 1 USD or far for 3 USD; either site may fail; share s is promised.

    Ten near carry the loss of far. After the loss of near 10 s far ones must be left: busy ones cost 2 USD more than
    near ones, standby costs 3 USD and near stays: 10 + 30 s with standby, 10 + 20 s with busy ones; but then less is
    near, so after the loss of far 10 s are left only while 10 (1 - s) >= 10 s. Above that each unit needs standby.
    With f far and busy, near standby n: f + m >= 10 s and 10 - f + n >= 10 s for standby m, n: up to s = 0.5 f = 10 s
    costs 10 + 20 s. From there on a further unit needs one standby far (3 USD) or one near (1 USD): f = 10 s and
    n = 20 s - 10 costs 10 + 20 s + 20 s - 10.
    """
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
    }
    pools = {"near": pool("on_demand", 50, 1.0), "away": pool("on_demand", 50, 3.0, site="far")}
    links = {"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 30.0}}
    losses = {"near": {"kind": "site", "record": "here"}, "far": {"kind": "site", "record": "far"}}
    base = scenario(pools, {"w": rigid([10.0])}, sites=sites, links=links, policy={"contingencies": losses})
    assert "promise" in available(base)
    found = frontier(base, "promise", points=7)
    assert [found.points[0].cap, found.points[-1].cap] == [0.0, 1.0]
    for point in found.points:
        share = 1.0 - point.cap
        assert point.objective_usd == pytest.approx(10.0 + 20.0 * share + max(20.0 * share - 10.0, 0.0))


def test_only_aims_that_mean_something_are_offered() -> None:
    assert available(queue()) == ["latency_objective", "mean_latency", "unserved"]
    assert set(available(require(random_feature_document(3)))) <= set(MEASURES)


OFFERED = [(seed, aim) for seed in range(5) for aim in available(require(random_feature_document(seed)))]


def test_random_scenarios_offer_most_aims() -> None:
    assert len({aim for _, aim in OFFERED}) >= 6


@pytest.mark.parametrize(("seed", "aim"), OFFERED)
def test_points_are_what_single_solves_give(seed: int, aim: Aim) -> None:
    """Also monotone; and convex where the cap enters the model in a straight line."""
    base = require(random_feature_document(seed))
    of = next(iter(MEASURES[aim].records(base)), "") if aim == "mean_latency" else ""
    found = frontier(base, aim, of=of, points=5, time_limit_seconds=30)
    under = base
    if found.serves_all:
        works = {key: work.model_copy(update={"must_serve": True}) for key, work in base.workloads.items()}
        under = base.model_copy(update={"workloads": works})
    for point in found.points:
        alone = optimise(capped(under, aim, point.cap, of))
        if point.status is SolveStatus.OPTIMAL and alone.status is SolveStatus.OPTIMAL:
            assert alone.objective_usd == pytest.approx(point.objective_usd, rel=1e-6, abs=1e-6)
        assert point.gap is None or point.gap <= 1e-6 or point.status is not SolveStatus.OPTIMAL
    known = money(found)
    slack = 1e-6 * max([1.0, *(abs(usd) for _, usd in known)])
    assert all(later <= earlier + slack for (_, earlier), (_, later) in pairwise(known))
    if aim in ("carbon", "unserved"):  # others multiply the cap with what is decided
        for (x, a), (y, b), (z, c) in zip(known, known[1:], known[2:], strict=False):
            assert b <= a + (c - a) * (y - x) / (z - x) + slack
