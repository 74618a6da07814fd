"""Caps on unserved work: hand-solved, with windows and weights, the oracle, and properties that must hold.

Ten units of work in one hour may run at 2 USD each; a unit that is left costs its penalty.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, pool, random_document, rigid, scenario
from feature_documents import random_feature_document
from feature_oracle import FeatureOracle
from hand import broken, nearly, planned, shadow, usd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Oracle

from hybridplan.audit import audit
from hybridplan.domain import parse, require
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

few = settings(max_examples=10)
seeds = st.integers(min_value=0, max_value=100_000)
CLOUD = {"c": pool("on_demand", 50, 2.0)}


def left(plan: Plan, workload: str = "w") -> float:
    """Share of the demand that is unserved."""
    return plan.unserved[workload].share


@pytest.mark.parametrize(
    ("cap", "total", "price"),
    [(None, 0.0, 0.0), (1.0, 0.0, 0.0), (0.4, 12.0, 2.0), (0.05, 19.0, 2.0), (0.0, 20.0, 2.0)],
)
def test_a_cap_with_free_shedding_on_both_sides(cap: float | None, total: float, price: float) -> None:
    """Shedding is free, so all that may be left is: 10 (1 - cap) units at 2 USD. One more unit left saves 2 USD."""
    work = rigid([10.0], unserved_usd_per_unit=0.0, unserved_share_cap=cap)
    plan = planned(CLOUD, {"w": work})
    assert plan.objective_usd == nearly(total)
    assert left(plan) == pytest.approx(1.0 if cap is None else cap)
    assert shadow(plan, "unserved_cap") == nearly(price)


def test_a_cap_above_what_is_left_anyway_is_worth_nothing() -> None:
    """4 of 10 units fit; 60 % are left at 100 USD each. A cap of 61 % changes nothing, one of 59 % has no plan."""
    pools = {"o": pool("owned", 4, 0.0)}
    plan = planned(pools, {"w": rigid([10.0], unserved_share_cap=0.61)})
    assert plan.objective_usd == nearly(600.0)
    assert shadow(plan, "unserved_cap") == nearly(0.0)
    assert optimise(scenario(pools, {"w": rigid([10.0], unserved_share_cap=0.59)})).status is SolveStatus.INFEASIBLE


def test_the_penalty_is_paid_from_what_one_more_unit_saves() -> None:
    """A unit left saves 2 USD and costs 0.5."""
    plan = planned(CLOUD, {"w": rigid([10.0], unserved_usd_per_unit=0.5, unserved_share_cap=0.1)})
    assert plan.objective_usd == nearly(18.0 + 0.5)
    assert shadow(plan, "unserved_cap", "w") == nearly(1.5)


def test_demand_of_another_unit_may_be_left_in_part() -> None:
    """One more unit of demand costs 2 USD x 0.75, since a quarter of it may be left for nothing; three hours each."""
    blocks = {"b": {"start": "2026-06-01T00:00:00+00:00", "periods": 2, "period_hours": 1.0, "weight": 3.0}}
    work = rigid([10.0, 6.0], unserved_usd_per_unit=0.0, unserved_share_cap=0.25)
    plan = planned(CLOUD, {"w": work}, horizon={"blocks": blocks})
    assert plan.objective_usd == nearly(0.75 * 16 * 3 * 2.0)
    assert shadow(plan, "rigid_demand", hour=0) == nearly(3 * 2.0 * 0.75)
    more = usd(CLOUD, {"w": {**work, "demand_units_per_hour": {"b": [11.0, 6.0]}}}, horizon={"blocks": blocks})
    assert more - plan.objective_usd == nearly(shadow(plan, "rigid_demand", hour=0))


def test_the_cap_counts_all_hours_together() -> None:
    """2 accelerators: of 1 + 5 units 3 are left in the second hour, half of all, though none in the first."""
    pools = {"o": pool("owned", 2, 0.0)}
    for cap, status in ((0.5, SolveStatus.OPTIMAL), (0.4999, SolveStatus.INFEASIBLE)):
        assert optimise(scenario(pools, {"w": rigid([1.0, 5.0], unserved_share_cap=cap)}, periods=2)).status is status


def test_windows_count_with_their_weights_and_growth() -> None:
    """Volumes 10 (once) and 4 x 1.5 = 6 (twice): 22 units; a quarter are 5.5. At 2 USD each: 16.5 x 2 = 33."""
    blocks = {
        "b": {"start": "2026-06-01T00:00:00+00:00", "periods": 1},
        "c": {"start": "2026-06-02T00:00:00+00:00", "periods": 1, "weight": 2.0, "demand_factor": 1.5},
    }
    work = deferrable(10.0, 0, 1, unserved_usd_per_unit=0.0, unserved_share_cap=0.25)
    later = {"block": "c", "start": "2026-06-02T00:00:00+00:00", "end": "2026-06-02T01:00:00+00:00"}
    work["windows"]["v2"] = {**later, "volume_units": 4.0}
    plan = planned(CLOUD, {"w": work}, horizon={"blocks": blocks})
    assert plan.objective_usd == nearly(33.0)
    assert left(plan) == pytest.approx(0.25)
    assert shadow(plan, "unserved_cap") == nearly(2.0)
    # One more unit of volume in each of the two occurrences: 2 x 2 USD, a quarter of it left.
    assert shadow(plan, "window_demand", "w:v2") == nearly(2 * 2.0 * 0.75)


def test_each_workload_has_its_own() -> None:
    """10 and 10 units on 12 accelerators: 8 must be left; v may leave 1, so w leaves 7, though it pays more for it."""
    pools = {"o": pool("owned", 12, 0.0)}
    work = {"v": rigid([10.0], unserved_share_cap=0.1), "w": rigid([10.0], unserved_usd_per_unit=900.0)}
    plan = planned(pools, work)
    assert (left(plan, "v"), left(plan, "w")) == (pytest.approx(0.1), pytest.approx(0.7))
    assert shadow(plan, "unserved_cap", "v") == nearly(800.0), "a unit of v left in place of one of w"


def test_with_whole_nodes_with_cones_and_owned_first() -> None:
    """Nodes of 4 at 2 USD an accelerator: 20 % left are 8 served, two nodes: 16.

    Cones: two owned pools of 10, weight 1, at most half of 10 left: 2.5 on each, 2 x 2.5^2 / 10 = 1.25.
    Owned first: 4 on own accelerators, then 4 rented: 8 USD.
    """
    work = {"w": rigid([10.0], unserved_usd_per_unit=0.0, unserved_share_cap=0.2)}
    pools = {"c": pool("on_demand", 50, 2.0, whole_nodes=True, accelerators_per_node=4)}
    plan = planned(pools, work)
    assert (plan.kind, plan.objective_usd) == ("mixed_integer", nearly(16.0))
    half = {"w": rigid([10.0], unserved_usd_per_unit=0.0, unserved_share_cap=0.5)}
    pools = {"a": pool("owned", 10, 0.0), "b": pool("owned", 10, 0.0)}
    plan = planned(pools, half, policy={"balance": {"form": "squared", "weight_usd_per_hour": 1.0}})
    assert (plan.kind, left(plan)) == ("conic", pytest.approx(0.5, rel=1e-5))
    assert plan.objective_usd == pytest.approx(1.25, rel=1e-5)
    pools = {"o": pool("owned", 4, 0.0), **CLOUD}
    assert usd(pools, work, policy={"owned_first": True}) == nearly(8.0)


@pytest.mark.parametrize("cap", [0.0, 0.0999, 0.1, 0.1001])
def test_the_audit_refuses_a_plan_just_over_the_cap(cap: float) -> None:
    """One of ten units is left."""
    plan = planned({"o": pool("owned", 9, 0.0)}, {"w": rigid([10.0])})
    judge = require(plan.scenario.to_dict() | {"workloads": {"w": rigid([10.0], unserved_share_cap=cap)}})
    assert broken(plan, judge) == (set() if cap >= 0.1 else {"unserved_cap"})


def test_a_price_of_nothing_with_a_cap_is_a_warning() -> None:
    """What a frontier against unserved work sets: no penalty, and a share that may be left."""
    document = scenario(CLOUD, {"w": rigid([10.0])}).to_dict()
    document["workloads"]["w"] |= {"unserved_usd_per_unit": 0.0, "unserved_share_cap": 0.05}
    made, issues = parse(document)
    assert made is not None
    (issue,) = issues
    assert (issue.path, issue.severity) == ("workloads.w.unserved_usd_per_unit", "warning")
    assert issue.message.endswith("so the plan may shed it on purpose, up to its cap (5 %)")
    document["workloads"]["w"]["must_serve"] = True
    _, issues = parse(document)
    assert [(i.path, i.severity) for i in issues] == [("workloads.w.unserved_share_cap", "warning")]
    assert usd(CLOUD, {"w": document["workloads"]["w"]}) == nearly(20.0)


def test_without_a_cap_the_content_is_as_before() -> None:
    plain = scenario(CLOUD, {"w": rigid([10.0])})
    none = scenario(CLOUD, {"w": rigid([10.0], unserved_share_cap=None)})
    assert plain.content_hash == none.content_hash


# -- random scenarios ---------------------------------------------------------------------------------------------


def capped(document: dict[str, Any], share: float, price: float | None = None) -> dict[str, Any]:
    """The same with this cap for every workload, and this penalty where given."""
    changes: dict[str, Any] = {"unserved_share_cap": share}
    if price is not None:
        changes["unserved_usd_per_unit"] = price
    works = {key: {**work, **changes} for key, work in document["workloads"].items()}
    return {**document, "workloads": works}


def solved(document: dict[str, Any]) -> Plan:
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (plan.status, plan.certificate)
    return plan


def most_left(plan: Plan) -> float:
    return max(left(plan, w) for w in plan.scenario.workloads)


@pytest.mark.parametrize("start", [0, 20])
def test_the_oracle_agrees(start: int) -> None:
    """40 scenarios, shedding free, capped at what the plan with penalties leaves and a little more: to 1e-6."""
    for seed in range(start, start + 20):
        document = random_document(seed) if seed % 2 else random_feature_document(seed)
        cap = min(most_left(solved(document)) + 0.05, 1.0)
        scenario_ = require(capped(document, cap, price=0.0))
        oracle = Oracle(scenario_) if seed % 2 else FeatureOracle(scenario_)
        oracle.build()
        plan, expected = optimise(scenario_), oracle.least()
        assert expected is not None
        assert plan.objective_usd == pytest.approx(expected, rel=1e-6, abs=1e-6), seed
        assert plan.tables is not None
        assert audit(scenario_, plan.tables).ok, seed


@few
@given(seeds, st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2).map(sorted))
def test_a_lower_cap_never_costs_less(seed: int, shares: list[float]) -> None:
    document = random_document(seed)
    low, high = (solved(capped(document, round(share, 6), price=0.0)).objective_usd for share in shares)
    assert low is None or (high is not None and low >= high - 1e-7 * abs(high) - 1e-7)


@few
@given(seeds, st.floats(0.1, 0.9))
def test_the_value_of_a_cap_lies_between_the_differences(seed: int, share: float) -> None:
    """Dual x demand, summed over the workloads, against a little more and a little less of every cap."""
    document = random_document(seed)
    floor = most_left(solved(document))
    assume(floor < 0.99)
    cap, step = floor + (1 - floor) * share, 1e-5
    plan, more, less = (solved(capped(document, cap + by, price=0.0)) for by in (0.0, step, -step))
    assert plan.objective_usd is not None
    assert more.objective_usd is not None
    assert less.objective_usd is not None
    rows = plan.shadow_prices[plan.shadow_prices["limit"] == "unserved_cap"]
    demand = {w: u.quantity / u.share for w, u in plan.unserved.items() if u.share > 0}
    dual = sum(u * demand.get(w, 0.0) for w, u in zip(rows["record"], rows["usd_per_unit"], strict=True))
    saved, lost = (plan.objective_usd - more.objective_usd) / step, (less.objective_usd - plan.objective_usd) / step
    slack = 1e-3 * max(abs(saved), abs(dual)) + 1e-2
    assert saved - slack <= dual <= lost + slack
