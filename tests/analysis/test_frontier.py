"""Frontiers: hand-solved curves, the same answers as single solves, and the shape that convex models must have.

Ten units of work an hour may run clean (5 USD and 0.1 kg of CO2e a unit) or dirty (2 USD and 0.6 kg).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from builders import pool, random_document, rigid, scenario

from hybridplan.analysis.frontier import Frontier, Point, capped, frontier
from hybridplan.analysis.frontier.study import _Study
from hybridplan.domain import Scenario, require
from hybridplan.model.solve import optimise
from hybridplan.model.sweep import Sweep, Swept
from hybridplan.plan import SolveStatus


def site(provider: str, grams: float) -> dict[str, Any]:
    """A public site on a grid of so many g/kWh."""
    return {"kind": "public", "provider": provider, "jurisdiction": "DE", "grid_carbon_g_per_kwh": grams}


def estate(demand: float = 10.0, *, between: bool = False, **fields: Any) -> Scenario:
    """Clean and dirty pools of 50 accelerators, 1 kW each; ``between``: also one of 3 USD and 0.3 kg."""
    sites = {"here": site("green", 100.0), "far": site("coal", 600.0), "mid": site("gas", 300.0)}
    links = {
        "far": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0},
        "mid": {"from_site": "here", "to_site": "mid", "round_trip_ms": 1.0},
    }
    pools = {
        "clean": pool("on_demand", 50, 5.0, busy_kw=1.0),
        "dirty": pool("on_demand", 50, 2.0, busy_kw=1.0, site="far"),
    }
    if between:
        pools["between"] = pool("on_demand", 50, 3.0, busy_kw=1.0, site="mid")
    return scenario(pools, {"w": rigid([demand])}, sites=sites, links=links, **fields)


def solved(found: Frontier) -> list[Point]:
    points = [point for point in found.points if point.objective_usd is not None]
    assert [point.cap for point in points] == sorted(point.cap for point in points)
    return points


def test_two_pools_make_a_straight_line() -> None:
    """d dirty units emit 0.6 d + 0.1 (10 - d) kg and cost 50 - 3 d USD: with c kg allowed 50 - 6 (c - 1) USD.

    From 1 kg (all clean, 50 USD) to 6 kg (all dirty, 20 USD); a tonne more saves 6,000 USD; no knee, nothing to bend.
    """
    found = frontier(estate(), "carbon", points=9)
    points = solved(found)
    assert (len(points), found.serves_all, found.status) == (9, True, SolveStatus.OPTIMAL)
    for point in points:
        kg = point.cap * 1000.0
        assert point.objective_usd == pytest.approx(50.0 - 6.0 * (kg - 1.0), rel=1e-9)
        assert point.cost_usd == point.objective_usd
        assert point.reached == pytest.approx(point.cap, rel=1e-9)
        assert (point.unserved_share, point.is_dominated, point.is_knee) == (0.0, False, False)
    assert points[0].cap * 1000.0 == pytest.approx(1.0, abs=0.001)
    assert points[-1].cap * 1000.0 == pytest.approx(6.0)
    assert [point.usd_per_unit for point in points[1:-1]] == pytest.approx([6000.0] * 7)


def test_points_go_where_the_curve_bends() -> None:
    """Dirty to between: 1 USD for 0.3 kg; between to clean: 2 USD for 0.2 kg. The bend is at ten units of between.

    3 kg and 30 USD; a tonne saves 10,000 USD below it and 3,333 above.
    """
    points = solved(frontier(estate(between=True), "carbon", points=6))
    (knee,) = [point for point in points if point.is_knee]
    assert knee.cap * 1000.0 == pytest.approx(3.0, rel=1e-6)
    assert knee.objective_usd == pytest.approx(30.0)
    for point in points:
        kg = point.cap * 1000.0
        expected = 30.0 + 10.0 * (3.0 - kg) if kg <= 3.0 else 30.0 - 10.0 / 3.0 * (kg - 3.0)
        assert point.objective_usd == pytest.approx(expected, rel=1e-9)


def test_the_share_of_a_provider_against_costs() -> None:
    """With share s of coal, 10 s units cost 2 and the rest 5 USD: 50 - 30 s, down to half each, the least largest."""
    points = solved(frontier(estate(), "provider_share", points=6))
    assert points[0].cap == pytest.approx(0.5, abs=1e-3)  # a thousandth of the range
    assert points[-1].cap == pytest.approx(1.0)
    for point in points:
        assert point.objective_usd == pytest.approx(50.0 - 30.0 * point.cap, rel=1e-9)


def test_work_that_is_not_served_is_said_and_not_sold_as_saving() -> None:
    """120 units on 100 accelerators leave 20 at 100 USD each; less carbon leaves more, down to nothing at all.

    All 100 busy emit 35 kg and cost 350 USD; at a cap of 0 all 120 stay unserved: 12,000 USD of penalty.
    """
    found = frontier(estate(120.0), "carbon", points=5)
    points = solved(found)
    assert not found.serves_all
    assert (points[0].cap, points[0].objective_usd, points[0].cost_usd) == (0.0, pytest.approx(12_000.0), 0.0)
    assert points[0].unserved_share == pytest.approx(1.0)
    assert points[-1].objective_usd == pytest.approx(350.0 + 2000.0)
    assert points[-1].unserved_share == pytest.approx(20.0 / 120.0)
    assert points[-1].reached == pytest.approx(0.035)


def test_the_cap_that_the_scenario_has_is_put_aside() -> None:
    loose = frontier(estate(), "carbon", points=3)
    tight = frontier(estate(policy={"carbon_cap": {"tonnes": 0.002}}), "carbon", points=3)
    assert tight.points == loose.points


@pytest.mark.parametrize("seed", range(6))
def test_every_point_is_what_a_single_solve_gives_and_the_curve_is_convex(seed: int) -> None:
    document = random_document(seed)
    for number, place in enumerate(document["sites"].values()):
        place["grid_carbon_g_per_kwh"] = 100.0 + 150.0 * number
    for number, one in enumerate(document["pools"].values()):
        one |= {"busy_kw": 0.5 + 0.1 * number, "idle_kw": 0.1}
    base = require(document)
    found = frontier(base, "carbon", points=6)
    if not found.points:
        assert not optimise(base).status.has_plan
        return
    if found.serves_all:
        document["workloads"] = {key: {**work, "must_serve": True} for key, work in document["workloads"].items()}
    points = solved(found)
    for point in points:
        alone = optimise(capped(require(document), "carbon", point.cap))
        assert alone.objective_usd == pytest.approx(point.objective_usd, rel=1e-6, abs=1e-6)
    money = [(point.cap, float(point.objective_usd or 0.0)) for point in points]
    slack = 1e-7 * max(1.0, abs(money[0][1]))
    assert all(b <= a + slack for (_, a), (_, b) in pairwise(money))
    for (x, a), (y, b), (z, c) in zip(money, money[1:], money[2:], strict=False):
        assert b <= a + (c - a) * (y - x) / (z - x) + slack


def test_whole_nodes_have_points_without_prices() -> None:
    """Nodes of four: ten units need three dirty nodes (12 accelerators rented); no price of the cap is claimed."""
    document = estate().to_dict()
    for one in document["pools"].values():
        one |= {"accelerators_per_node": 4, "whole_nodes": True, "min_busy_share": 0.1}
    points = solved(frontier(require(document), "carbon", points=4))
    assert [point.usd_per_unit for point in points] == [None] * len(points)
    money = [float(point.objective_usd or 0.0) for point in points]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(money))


def test_a_sweep_that_fails_leaves_points_solved_alone_and_no_price_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second solve of the sweep is given up: those points are right all the same, and claim no price."""
    swept, calls = Sweep.solve, list[float]()

    def solve(self: Sweep, same: Scenario, cap: float, seconds: float) -> Swept:
        calls.append(cap)
        found = swept(self, same, cap, seconds)
        return replace(found, status=SolveStatus.FAILED) if len(calls) % 2 else found

    monkeypatch.setattr(Sweep, "solve", solve)
    points = solved(frontier(estate(), "carbon", points=9))
    assert {point.usd_per_unit is None for point in points} == {True, False}
    for point in points:
        assert point.objective_usd == pytest.approx(50.0 - 6.0 * (point.cap * 1000.0 - 1.0), rel=1e-9)
        inside = points[0].cap < point.cap < points[-1].cap
        assert not inside or point.usd_per_unit in (None, pytest.approx(6000.0))


def test_nothing_is_drawn_where_there_is_no_plan_or_no_time() -> None:
    document = estate(120.0).to_dict()
    document["workloads"]["w"]["must_serve"] = True
    impossible = frontier(require(document), "carbon")
    assert (impossible.status, impossible.points) == (SolveStatus.INFEASIBLE, ())
    late = frontier(estate(), "carbon", time_limit_seconds=1e-9)
    assert (late.status, late.points) == (SolveStatus.NO_PLAN_IN_TIME, ())
    assert list(late.table().columns)[:3] == ["cap", "status", "reached"]


def test_one_point_is_all_where_nothing_is_stricter() -> None:
    """On a grid without carbon the cheapest plan emits nothing already: that is found, not stopped."""
    sites = {"here": site("green", 0.0)}
    found = frontier(
        scenario({"clean": pool("on_demand", 50, 5.0, busy_kw=1.0)}, {"w": rigid([10.0])}, sites=sites), "carbon"
    )
    assert (len(found.points), found.points[0].cap, found.complete) == (1, 0.0, True)


def test_a_solve_that_the_time_limit_ends_is_no_point_without_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the third solve on there is no time: what was found stays, and nothing is said to be impossible."""
    swept, calls = Sweep.solve, list[float]()

    def solve(self: Sweep, same: Scenario, cap: float, seconds: float) -> Swept:
        calls.append(cap)
        return swept(self, same, cap, seconds) if len(calls) < 3 else Swept(SolveStatus.NO_PLAN_IN_TIME)

    monkeypatch.setattr(Sweep, "solve", solve)
    monkeypatch.setattr(_Study, "_alone", staticmethod(lambda scenario, seconds: Swept(SolveStatus.NO_PLAN_IN_TIME)))
    found = frontier(estate(between=True), "carbon", points=9)
    assert {point.status for point in found.points} == {SolveStatus.OPTIMAL}
    assert (len(found.points), found.complete) == (2, False)
