"""Sets of changes by hand: each part gives way as little as suffices, racks may be full, nodes whole.

And what is solved in place of the whole scenario has a plan exactly where that has one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import deferrable, one_site, pool, rigid, scenario

from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.sentences import diagnosis as words
from hybridplan.domain import Scenario
from hybridplan.model.possible import essential, possible
from hybridplan.model.solve import optimise
from hybridplan.plan import Diagnosis, Relaxation


def one_set(planted: Scenario) -> dict[tuple[str, str], Relaxation]:
    """The set by rule and record, which is applied and re-solved here once more."""
    found = diagnose(planted)
    assert found.alternatives == ()
    assert found.sufficient_set
    assert all(change.proven and change.is_least for change in found.sufficient_set)
    assert optimise(apply(planted, *found.sufficient_set)).status.has_plan
    return {(change.rule, change.record): change for change in found.sufficient_set}


def test_counted_rules_of_a_set_give_way_only_as_far_as_needed() -> None:
    """Four providers must be used for 10 hours each in one hour, of pools with 12, 12, 3 and 2: two can be, 2 fewer.

    There is work for them: 24 units and 2 more.

    Beside it v waits for what can never come before it in the only hour: both rules must go, and neither alone does.
    """
    sites = {"here": one_site()["here"]} | {
        key: {"kind": "public", "provider": key, "jurisdiction": "US"} for key in ("p", "q", "r", "s")
    }
    planted = scenario(
        {key: pool("on_demand", most, 1.0, site=key) for key, most in (("p", 12), ("q", 12), ("r", 3), ("s", 2))},
        {
            "u": rigid([24.0], must_serve=True),
            "w": deferrable(1.0, 0, 1, must_serve=True),
            "v": deferrable(1.0, 0, 1, must_serve=True, after="w"),
        },
        sites=sites,
        links={k: {"from_site": "here", "to_site": k, "round_trip_ms": 1.0} for k in ("p", "q", "r", "s")},
        policy={"min_providers": 4, "provider_counts_from_accelerator_hours": 10.0},
    )
    found = one_set(planted)
    assert set(found) == {("min_providers", "policy"), ("after", "v")}
    assert found["min_providers", "policy"].new_value == 2


def test_a_set_that_fills_the_racks_to_the_brim() -> None:
    """10 units each of v and w on pools of 4 and 6 of 2 rack units; 40 units of racks hold just 20: 6 and 4 more."""
    other = {"throughput": {"big": {"units_per_accelerator_hour": 1.0}}}
    owned = {"a": pool("owned", 4.0, 1.0, rack_units_per_accelerator=2.0)}
    owned["b"] = {**pool("owned", 6.0, 1.0, rack_units_per_accelerator=2.0), "sku": "big"}
    works = {"v": rigid([10.0], must_serve=True), "w": rigid([10.0], must_serve=True, **other)}
    found = one_set(scenario(owned, works, sites=one_site(rack_units_limit=40.0)))
    assert {key: change.amount for key, change in found.items()} == {
        ("capacity", "a"): pytest.approx(6.0),
        ("capacity", "b"): pytest.approx(4.0),
    }


def test_one_change_that_fills_the_racks_to_the_brim() -> None:
    """10 units on 4 accelerators of 2 rack units, of which 20 fit: 6 more."""
    own = pool("owned", 4.0, 1.0, rack_units_per_accelerator=2.0)
    works = {"w": rigid([10.0], must_serve=True)}
    found = diagnose(scenario({"own": own}, works, sites=one_site(rack_units_limit=20.0))).alternatives
    capacity = next(change for change in found if change.rule == "capacity")
    assert capacity.proven
    assert capacity.amount == pytest.approx(6.0)


def test_three_causes_at_once_with_whole_nodes() -> None:
    """v has 9 units and one node of 8 that may be switched off, w 13 and one: a node more each; x must not be idle.

    Nodes cost 1 USD an accelerator and hour: 2 x 8 + 2 x 8 = 32 USD, where the budget is 20: 12 more. x of 5 units has
    no pool at all, so that all of it stays undone.
    """
    fields: dict[str, Any] = {"owned_cost": "avoidable", "whole_nodes": True, "accelerators_per_node": 8}
    pools = {"a": pool("owned", 8, 1.0, **fields), "b": {**pool("owned", 8, 1.0, **fields), "sku": "big"}}
    works = {
        "v": rigid([9.0], must_serve=True),
        "w": rigid([13.0], must_serve=True, throughput={"big": {"units_per_accelerator_hour": 1.0}}),
        "x": rigid([5.0], must_serve=True, throughput={"none": {"units_per_accelerator_hour": 1.0}}),
    }
    found = one_set(scenario(pools, works, policy={"budget": {"usd": 20.0}}))
    assert set(found) == {("capacity", "a"), ("capacity", "b"), ("must_serve", "x"), ("budget", "policy")}
    assert found["capacity", "a"].amount == pytest.approx(8.0)
    assert found["capacity", "b"].amount == pytest.approx(8.0)
    assert found["must_serve", "x"].amount == pytest.approx(5.0)


def test_a_promise_in_a_set_is_given_up_where_less_of_it_is_not_enough() -> None:
    """All 10 units of v are promised after the only site is lost; at least 6 must be served: nothing may be promised.

    A little less is not enough, since 1 % of 6 units after the failure is more than nothing. u of 5 units, of which 4
    must be served, has no pool: all of it stays undone.
    """
    works = {
        "v": rigid([10.0], promised_share=1.0, unserved_share_cap=0.4),
        "u": rigid([5.0], unserved_share_cap=0.2, throughput={"none": {"units_per_accelerator_hour": 1.0}}),
    }
    dark = {"contingencies": {"dark": {"kind": "site", "record": "here"}}}
    found = one_set(scenario({"own": pool("owned", 10.0, 1.0)}, works, policy=dark))
    assert set(found) == {("promise", "v"), ("unserved_cap", "u")}
    assert found["promise", "v"].amount == pytest.approx(1.0)
    assert found["unserved_cap", "u"].amount == pytest.approx(0.8)


@pytest.mark.parametrize("capacity", [9.0, 10.0])
def test_work_that_may_stay_undone_is_left_out_and_decides_nothing(capacity: float) -> None:
    """10 units must be served, 51 more need not be."""
    works = {
        "w": rigid([10.0], must_serve=True),
        "v": rigid([50.0]),
        "u": deferrable(1.0, 0, 1),
    }
    planted = scenario({"own": pool("owned", capacity, 1.0)}, works)
    assert set(essential(planted).workloads) == {"w"}
    assert possible(planted, 10.0) is (capacity >= 10.0)
    assert optimise(planted).status.has_plan is (capacity >= 10.0)


def test_nothing_is_left_out_where_more_work_may_help() -> None:
    """A pool of which at least 4 are on must be half busy: 1 unit that must be served is too little, 2 more are not."""
    own = pool("on_demand", 10, 1.0, min_provisioned_accelerators=4.0, min_busy_share=0.5)
    works = {"w": rigid([1.0], must_serve=True), "v": rigid([2.0])}
    planted = scenario({"p": own}, works)
    assert set(essential(planted).workloads) == {"w", "v"}
    assert possible(planted, 10.0) is True


def test_an_offer_that_may_not_be_the_least_says_so() -> None:
    planted = scenario({"own": pool("owned", 9.0, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    found = diagnose(planted)
    first, *rest = found.alternatives
    late = Diagnosis(
        (replace(first, is_least=False), *rest), (), "Not every rule was tried: the time limit was reached."
    )
    assert "Less may do" in words.changes(planted, late)[1]
    assert not any("Less may do" in line for line in words.changes(planted, found))
    assert words.withheld(planted, late) == ["Not every rule was tried: the time limit was reached."]
