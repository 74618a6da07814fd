"""Caps on carbon and on the share of a provider in what people read: values, use, diagnosis, simple rules, nodes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import deferrable, one_site, pool, rigid, scenario

from hybridplan.analysis import caps, registry
from hybridplan.analysis import limits as limit_tables
from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.rounding import whole_nodes
from hybridplan.analysis.sentences import caps as cap_sentences
from hybridplan.analysis.sentences import diagnosis, limits, next_step, nodes, savings
from hybridplan.domain import Scenario
from hybridplan.io import plan_document
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, Relaxation, SolveStatus

SITES = {
    "here": {"kind": "public", "provider": "green", "jurisdiction": "DE", "grid_carbon_g_per_kwh": 100.0},
    "far": {"kind": "public", "provider": "coal", "jurisdiction": "DE", "grid_carbon_g_per_kwh": 600.0},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}


def made(policy: dict[str, Any], *, must_serve: bool = False, **fields: Any) -> Scenario:
    """Ten units on clean at 5 USD and 0.1 kg or on dirty at 2 USD and 0.6 kg, each of another provider."""
    pools = {
        "clean": pool("on_demand", 50, 5.0, busy_kw=1.0),
        "dirty": pool("on_demand", 50, 2.0, site="far", busy_kw=1.0),
    }
    fields = {"sites": SITES, "links": LINKS, "policy": policy, **fields}
    return scenario(pools, {"w": rigid([10.0], must_serve=must_serve)}, **fields)


def solved(policy: dict[str, Any]) -> Plan:
    plan = optimise(made(policy))
    assert plan.status is SolveStatus.OPTIMAL
    return plan


def offers(planted: Scenario) -> dict[tuple[str, str], Relaxation]:
    """Alternatives by rule and record, each applied and solved again."""
    assert optimise(planted).status is SolveStatus.INFEASIBLE
    found = diagnose(planted).alternatives
    for change in found:
        assert change.proven
        assert optimise(apply(planted, change)).status.has_plan
    return {(change.rule, change.record): change for change in found}


# -- values and use -----------------------------------------------------------------------------------------------


def test_what_a_tonne_more_saves_is_said_with_its_price() -> None:
    """A unit moved from clean to dirty saves 3 USD for 0.0005 t."""
    plan = solved({"carbon_cap": {"tonnes": 0.004}})
    assert limits.binding(plan) == ["Carbon is at its cap: allowing more would save 6,000 USD per tonne of CO₂e."]
    (row,) = limit_tables.binding(plan).to_dict("records")
    assert (row["limit"], row["usd"], row["unit"]) == ("carbon_cap", pytest.approx(6000.0), "t CO2e")
    assert limits.name(plan, "carbon_cap", "policy") == "Cap on carbon"
    assert registry.seen_in("carbon_cap") == "Energy and carbon"


def test_what_a_percent_more_for_a_provider_saves() -> None:
    """One percent of 10 hours is 0.1 hours: 0.3 USD."""
    plan = solved({"provider_share_cap": 0.6})
    assert limits.binding(plan) == [
        "Provider coal carries as much of the work as one may: one more percent of all accelerator-hours there would "
        "save 0.300 USD over the hour."
    ]
    (row,) = limit_tables.binding(plan).to_dict("records")
    assert (row["record"], row["usd"]) == ("coal", pytest.approx(0.3))
    assert limits.name(plan, "provider_share", "coal") == "Largest share of a provider: coal"
    assert registry.seen_in("provider_share") == "Where it runs"


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"carbon_cap": {"tonnes": 0.004}}, "has to be this low: each tonne of CO₂e more saves 6,000 USD"),
        ({"provider_share_cap": 0.6}, "coal may carry more of the work: one more percent"),
    ],
)
def test_the_next_step_asks_about_the_cap_that_costs_most(policy: dict[str, Any], words: str) -> None:
    step = next_step(solved(policy), date(2026, 11, 26))
    assert words in step.text
    assert step.page == "assumptions"


def test_a_provider_with_the_name_of_a_pool_keeps_its_own() -> None:
    plan = optimise(made({"provider_share_cap": 0.6}, sites={**SITES, "far": {**SITES["far"], "provider": "clean"}}))
    assert limits.name(plan, "provider_share", "clean") == "Largest share of a provider: clean"


def test_what_the_plan_uses_of_its_caps() -> None:
    """4 clean and 6 dirty: 4 kg, and coal carries 60 %."""
    plan = solved({"carbon_cap": {"tonnes": 35.04, "per": "year"}, "provider_share_cap": 0.75})
    assert cap_sentences.carbon(plan) == (
        "The plan emits 0.00400 t of CO₂e over the hour; its cap is 0.00400 t (35 t per year)."
    )
    assert cap_sentences.providers(plan) == (
        "coal carries 60 % of the busy accelerator-hours; one provider may carry 75 %."
    )
    assert caps.by_provider(plan)["share"].tolist() == pytest.approx([0.6, 0.4])
    free = solved({})
    assert cap_sentences.carbon(free) == ""
    assert cap_sentences.providers(free) == ""
    nothing = solved({"provider_share_cap": 0.0})
    assert cap_sentences.providers(nothing).startswith("Nothing runs on what is rented")


# -- diagnosis ----------------------------------------------------------------------------------------------------


def test_a_yearly_cap_on_carbon_gives_way_in_its_own_unit() -> None:
    """All clean emits 1 kg; the cap is half of that in each of 8,760 hours: 4.38 t a year are missing."""
    cap = {"tonnes": 4.38, "per": "year"}
    found = offers(made({"carbon_cap": cap}, must_serve=True))
    change = found["carbon_cap", "policy"]
    assert change.amount == pytest.approx(4.38, rel=1e-6)
    assert change.unit == "t CO2e per year"
    text = diagnosis.relaxation(made({"carbon_cap": cap}), change)
    assert text == "raise the cap on carbon by 4.38 t CO2e per year"
    assert found["must_serve", "w"].amount == pytest.approx(5.0)


def test_a_cap_far_below_what_is_always_on() -> None:
    """5,200 owned idle at 0.5 kW and 1 kg: 2.6 t against 1 g."""
    planted = scenario(
        {"o": pool("owned", 5200, 0.0, busy_kw=0.5, idle_kw=0.5)},
        {"w": rigid([1.0])},
        sites=one_site(grid_carbon_g_per_kwh=1000.0),
        policy={"carbon_cap": {"tonnes": 1e-6}},
    )
    assert offers(planted)["carbon_cap", "policy"].amount == pytest.approx(2.6 - 1e-6, rel=1e-6)


def test_work_that_only_one_provider_can_do_asks_for_a_larger_share() -> None:
    """10 units that only coal may do, and 5 that anybody may: at most 15 hours, so coal needs 10 / 15."""
    planted = made({"provider_share_cap": 0.5}).to_dict()
    planted["workloads"]["w"] |= {"must_serve": True, "allowed_sites": ["far"]}
    planted["workloads"]["v"] = rigid([5.0], allowed_sites=["here"])
    found = offers(Scenario.model_validate(planted))
    change = found["provider_share", "policy"]
    assert change.amount == pytest.approx(10 / 15 - 0.5, rel=1e-6)
    assert change.new_value == pytest.approx(10 / 15, rel=1e-6)
    text = diagnosis.relaxation(Scenario.model_validate(planted), change)
    assert text == "let one provider carry 16.7 % more of all accelerator-hours (at most 66.7 %)"
    assert ("must_serve", "w") in found


def test_the_least_share_is_found_where_more_work_at_the_provider_lowers_it() -> None:
    """Chat, 10 units at coal, must be served. Each of 10 units of preparation there lets 3 of training run at home.

    Against a cap of 20 % fewest hours lack without preparation: 10 of 10 hours. But with all of it coal has 20 hours
    of 50: 40 %.
    """
    sites = {"here": {**SITES["here"], "kind": "private"}, "far": SITES["far"]}
    pools = {"own": pool("owned", 30, 0.0), "dirty": pool("on_demand", 50, 2.0, site="far")}
    work = {
        "chat": rigid([10.0, 0.0], must_serve=True, allowed_sites=["far"]),
        "prepare": deferrable(10.0, 0, 1, allowed_sites=["far"]),
        "train": deferrable(30.0, 1, 2, allowed_sites=["here"], after="prepare", after_units_per_unit=1 / 3),
    }
    fields: dict[str, Any] = {"sites": sites, "links": LINKS, "policy": {"provider_share_cap": 0.2}}
    found = offers(scenario(pools, work, periods=2, **fields))
    assert found["provider_share", "policy"].amount == pytest.approx(0.2, rel=1e-6)


def test_more_capacity_emits_from_the_cap() -> None:
    """12 units on 10 owned, 0.4 kg each: 12 emit 4.8 kg, which a cap of 4.5 kg does not allow and one of 5 does."""
    for kilograms, expected in ((4.5, {("must_serve", "w")}), (5.0, {("must_serve", "w"), ("capacity", "o")})):
        planted = scenario(
            {"o": pool("owned", 10, 1.0, busy_kw=1.0, idle_kw=0.5)},
            {"w": rigid([12.0], must_serve=True)},
            sites=one_site(grid_carbon_g_per_kwh=400.0),
            policy={"carbon_cap": {"tonnes": kilograms / 1000}},
        )
        assert set(offers(planted)) == expected


def test_a_set_gives_its_capacity_the_carbon_that_it_emits() -> None:
    """12 and 13 units on 10 each of two kinds: 2 + 3 more, which emit 5 x 0.4 kg beyond the 8 kg of a cap."""
    power = {"busy_kw": 1.0, "idle_kw": 0.5}
    other = {"throughput": {"big": {"units_per_accelerator_hour": 1.0}}}
    planted = scenario(
        {"a": pool("owned", 10, 1.0, **power), "b": {**pool("owned", 10, 1.0, **power), "sku": "big"}},
        {"v": rigid([12.0], must_serve=True), "w": rigid([13.0], must_serve=True, **other)},
        sites=one_site(grid_carbon_g_per_kwh=400.0),
        policy={"carbon_cap": {"tonnes": 0.008}},
    )
    found = diagnose(planted)
    assert not found.alternatives
    changes = {(change.rule, change.record): change.amount for change in found.sufficient_set}
    assert changes["carbon_cap", "policy"] == pytest.approx(0.002, rel=1e-6)
    assert changes["capacity", "a"] == pytest.approx(2.0, rel=1e-6)
    assert optimise(apply(planted, *found.sufficient_set)).status.has_plan


def test_a_set_with_a_larger_share() -> None:
    """Chat, 40 units, only at coal; 5 at home; and 13 on 10 of another kind: no change is enough alone.

    With 3 more of that kind 40 of 58 hours are at coal: 69 %.
    """
    other = {"throughput": {"big": {"units_per_accelerator_hour": 1.0}}}
    planted = scenario(
        {
            "dirty": pool("on_demand", 50, 2.0, site="far"),
            "own": pool("owned", 5, 0.0),
            "big": {**pool("owned", 10, 0.0), "sku": "big"},
        },
        {
            "chat": rigid([40.0], must_serve=True, allowed_sites=["far"]),
            "home": rigid([5.0], allowed_sites=["here"]),
            "large": rigid([13.0], must_serve=True, **other),
        },
        sites={"here": {**SITES["here"], "kind": "private"}, "far": SITES["far"]},
        links=LINKS,
        policy={"provider_share_cap": 0.5},
    )
    found = diagnose(planted)
    assert not found.alternatives
    changes = {(change.rule, change.record): change for change in found.sufficient_set}
    assert set(changes) == {("provider_share", "policy"), ("capacity", "big")}
    assert changes["provider_share", "policy"].new_value == pytest.approx(40 / 58, rel=1e-6)
    assert changes["capacity", "big"].amount == pytest.approx(3.0, rel=1e-6)
    assert all(change.proven for change in found.sufficient_set)


# -- simple rules and whole nodes ---------------------------------------------------------------------------------


def test_simple_rules_say_which_cap_they_break() -> None:
    """Cheapest first is all dirty: 6 kg, all at coal."""
    policy = {"carbon_cap": {"tonnes": 0.004}, "provider_share_cap": 0.75}
    found = baselines(made(policy))["all_on_demand"]
    assert {text.split(",")[0] for text in found.breaks} == {"carbon_cap", "provider_share"}
    words = savings.broken_limits(made(policy), found.breaks)
    assert "the plan emits more than the cap on carbon" in words
    assert "(coal)" in words


def test_rounding_up_to_nodes_says_that_it_breaks_a_cap_or_a_budget() -> None:
    """4 dirty and 6 clean at 0.5 kW idle. In nodes of 8 there are 8 and 8: 4 and 2 more stand idle.

    Carbon: 4 x 0.5 x 0.6 + 2 x 0.5 x 0.1 = 1.3 kg. Cost: 4 x 2 + 2 x 5 = 18 USD above 38.
    """
    document = made({"carbon_cap": {"tonnes": 0.003}, "budget": {"usd": 38.0}}).to_dict()
    for each in document["pools"].values():
        each |= {"accelerators_per_node": 8, "idle_kw": 0.5}
    plan = optimise(Scenario.model_validate(document))
    assert plan.objective_usd == pytest.approx(38.0)
    rounded = whole_nodes(plan)
    assert rounded is not None
    assert rounded.extra_tonnes == pytest.approx(0.0013)
    with_nodes = Plan(**{**vars(plan), "whole_nodes": rounded})
    lines = nodes.whole_nodes(with_nodes)
    assert (
        "Rounded up it would be 18 USD over the budget. What would change this: a budget that is 18 USD higher."
        in lines
    )
    assert (
        "Rounded up it would emit 0.00130 t of CO₂e more than the cap on carbon allows. What would change this: a cap "
        "that is 0.00130 t higher." in lines
    )
    kept = plan_document.unpack(plan_document.pack(with_nodes), with_nodes.scenario).whole_nodes
    assert kept is not None
    assert kept.extra_tonnes == rounded.extra_tonnes
