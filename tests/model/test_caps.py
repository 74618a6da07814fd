"""Caps on carbon and on the share of a provider: hand-solved, with every kind of model, and properties that must hold.

Ten units of work an hour may run at two providers: ``clean`` costs 5 USD and emits 0.1 kg, ``dirty`` costs 2 USD and
emits 0.6 kg, per unit. Without a cap all is dirty: 20 USD, 6 kg.
"""

from __future__ import annotations

from math import inf
from typing import Any

import pytest
from builders import deferrable, one_site, pool, rigid, scenario
from feature_documents import random_feature_document
from hand import broken, money, nearly, planned, shadow, usd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hybridplan.domain import require
from hybridplan.model.ranging import ranges
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

few = settings(max_examples=10)
seeds = st.integers(min_value=0, max_value=100_000)


def site(provider: str, grams: float | None, **fields: Any) -> dict[str, Any]:
    """A public site on a grid of so many g/kWh."""
    return {"kind": "public", "provider": provider, "jurisdiction": "DE", "grid_carbon_g_per_kwh": grams, **fields}


SITES = {"here": site("green", 100.0), "far": site("coal", 600.0)}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}


def two(**dirty: Any) -> dict[str, Any]:
    """Both pools, 1 kW each; ``dirty`` changes the second."""
    return {
        "clean": pool("on_demand", 50, 5.0, busy_kw=1.0),
        "dirty": pool("on_demand", 50, 2.0, busy_kw=1.0, **{"site": "far", **dirty}),
    }


def solved(policy: dict[str, Any], pools: dict[str, Any] | None = None, **fields: Any) -> Plan:
    """Ten units of work on two pools."""
    fields = {"sites": SITES, "links": LINKS, **fields}
    return planned(pools or two(), {"w": rigid([10.0])}, policy=policy, **fields)


def busy(plan: Plan) -> dict[str, float]:
    """Busy accelerator-hours by pool."""
    rows = plan.quantities
    return dict(zip(rows["pool"], rows["busy_accelerator_hours"], strict=True))


def tonnes(plan: Plan) -> float:
    """What the plan emits."""
    return float(plan.quantities["carbon_tonnes"].sum())


@pytest.mark.parametrize(
    ("kilograms", "total", "price"),
    [(6.1, 20.0, 0.0), (5.9, 20.6, 6000.0), (4.0, 32.0, 6000.0), (1.1, 49.4, 6000.0), (0.5, 525.0, 950_000.0)],
)
def test_carbon_cap_on_both_sides(kilograms: float, total: float, price: float) -> None:
    """c clean units: 0.1 c + 0.6 (10 - c) = cap, so c = (6 - cap) / 0.5: 5.9 kg 0.2, 4 kg 4, 1.1 kg 9.8; 20 + 3 c USD.

    A tonne less costs (5 - 2) / (0.0006 - 0.0001) = 6,000 USD. Below 1 kg work is left: with 0.5 kg 5 units are clean,
    25 USD, and 5 unserved at 100; a unit more saves 95 USD and emits 0.0001 t: 950,000 USD per tonne.
    """
    plan = solved({"carbon_cap": {"tonnes": kilograms / 1000}})
    assert plan.objective_usd == nearly(total)
    assert tonnes(plan) == pytest.approx(min(kilograms, 6.0) / 1000)
    assert shadow(plan, "carbon_cap", "policy") == nearly(price)


def test_carbon_cap_per_year_counts_the_share_of_the_horizon() -> None:
    """One hour of 8,760: 35.04 t a year are 4 kg."""
    plan = solved({"carbon_cap": {"tonnes": 35.04, "per": "year"}})
    assert plan.objective_usd == nearly(32.0)
    assert shadow(plan, "carbon_cap") == nearly(6000.0)


def test_a_cap_of_nothing_leaves_what_emits_nothing() -> None:
    """Without grid carbon a site counts as 0 t, so that all work goes there, at 5 USD."""
    blind = {**SITES, "here": site("green", None)}
    for sites, total in ((SITES, 1000.0), (blind, 50.0)):
        assert solved({"carbon_cap": {"tonnes": 0.0}}, sites=sites).objective_usd == nearly(total)


def test_the_cap_counts_pue_idle_power_and_the_share_held_back() -> None:
    """8 units need 10 rented at 20 % held back: (8 x 1 + 2 x 0.5) kW x PUE 1.5 x 0.4 kg = 5.4 kg, 0.675 per unit."""
    pools = {"c": pool("on_demand", 50, 2.0, busy_kw=1.0, idle_kw=0.5, held_back_share=0.2)}
    sites = one_site(pue=1.5, grid_carbon_g_per_kwh=400.0)
    for kilograms, left in ((5.4, 0.0), (4.05, 2.0)):
        policy = {"carbon_cap": {"tonnes": kilograms / 1000}}
        plan = planned(pools, {"w": rigid([8.0])}, sites=sites, policy=policy)
        assert plan.unserved["w"].quantity == pytest.approx(left, abs=1e-7)


def test_the_price_of_carbon_and_its_cap_count_the_same_tonnes() -> None:
    """At 4,000 USD a tonne dirty costs 2 + 2.4 and clean 5 + 0.4: all dirty, 6 kg are 24 USD. The cap adds 2,000."""
    plan = solved({"carbon_usd_per_tonne": 4000.0})
    assert money(plan) == nearly({"usage": 20.0, "carbon": 24.0})
    plan = solved({"carbon_usd_per_tonne": 4000.0, "carbon_cap": {"tonnes": 0.004}})
    assert money(plan) == nearly({"usage": 32.0, "carbon": 16.0})
    assert shadow(plan, "carbon_cap") == nearly(2000.0)


@pytest.mark.parametrize("work", [{}, {"w": rigid([4.0])}])
def test_what_is_always_on_emits_whatever_is_decided(work: dict[str, Any]) -> None:
    """10 owned idle at 0.5 kW and 0.4 kg: 2 kg, with work or without: a cap of 2.001 is kept, one of 1.999 is not."""
    pools = {"o": pool("owned", 10, 0.1, busy_kw=0.5, idle_kw=0.5)}
    sites = one_site(grid_carbon_g_per_kwh=400.0)
    for kilograms, status in ((2.001, SolveStatus.OPTIMAL), (1.999, SolveStatus.INFEASIBLE)):
        policy = {"carbon_cap": {"tonnes": kilograms / 1000}}
        assert optimise(scenario(pools, work, sites=sites, policy=policy)).status is status


def test_one_more_accelerator_that_is_always_on_takes_its_idle_carbon_from_the_cap() -> None:
    """10 owned (0.2 kg idle, 0.6 busy) and clean at 5: 12 units, cap 6.1 kg. Owned are free once on, so b owned are
    busy and 12 - b clean: 2 + 0.4 b + 0.1 (12 - b) = 6.1, b = 29 / 3, and 7 / 3 clean are 11.67 USD beside 10 x 1 sunk.

    The cap is worth 5 / 0.0003 = 16,667 USD per tonne: b more by one emits 0.3 kg more and saves 5 USD. One more owned
    is not full, so it is worth nothing, costs 1 USD and emits 0.2 kg, 3.33 USD: -4.33 in all.
    """
    pools = {
        "own": pool("owned", 10, 1.0, busy_kw=0.6, idle_kw=0.2),
        "clean": pool("on_demand", 50, 5.0, site="far", busy_kw=1.0),
    }
    sites = {"here": site("own", 1000.0, kind="private"), "far": site("green", 100.0)}
    work, fields = {"w": rigid([12.0])}, {"sites": sites, "links": LINKS}
    plan = planned(pools, work, policy={"carbon_cap": {"tonnes": 0.0061}}, **fields)
    assert plan.objective_usd == nearly(10.0 + 35.0 / 3.0)
    assert shadow(plan, "carbon_cap") == nearly(50_000.0 / 3.0)
    assert shadow(plan, "one_more_accelerator", "own") == nearly(-13.0 / 3.0)
    pools["own"]["capacity_accelerators"] = 10.5
    more = usd(pools, work, policy={"carbon_cap": {"tonnes": 0.0061}}, **fields)
    assert more - plan.objective_usd == nearly(0.5 * 13.0 / 3.0)


def test_a_new_solve_with_one_more_accelerator_counts_its_carbon_too() -> None:
    """20 units: 10 owned (0.2 kg idle, 0.6 busy), the others clean (c) or dirty (d, 0.9 kg). 11 kg less 6 leave 5:

    c + d = 10 and 0.1 c + 0.9 d = 5, so 5 and 5: 10 + 25 + 10 = 45. One more owned leaves 4.4 kg for 9: d = 4.375 and
    c = 4.625, 31.875 in place of 35; its own dollar paid that saves 2.125, and two save twice that.
    """
    pools = {**two(), "own": pool("owned", 10, 1.0, site="home", busy_kw=0.6, idle_kw=0.2)}
    sites = {"home": site("own", 1000.0, kind="private"), "here": SITES["here"], "far": site("coal", 900.0)}
    links = {**LINKS, "home": {"from_site": "here", "to_site": "home", "round_trip_ms": 1.0}}
    policy = {"carbon_cap": {"tonnes": 0.011}}
    plan = planned(pools, {"w": rigid([20.0])}, sites=sites, links=links, policy=policy)
    assert plan.objective_usd == nearly(45.0)
    assert shadow(plan, "one_more_accelerator", "own") == nearly(2.125)
    (row,) = ranges(plan.scenario, plan.shadow_prices).to_dict("records")
    assert (row["pool"], row["usd_saved_by_one"]) == ("own", nearly(2.125))
    pools["own"]["capacity_accelerators"] = 11.0
    assert usd(pools, {"w": rigid([20.0])}, sites=sites, links=links, policy=policy) == nearly(45.0 - 2.125)


@pytest.mark.parametrize(("cap", "total", "price"), [(1.0, 20.0, 0.0), (0.6, 32.0, 3.0), (0.5, 35.0, None)])
def test_provider_share_on_both_sides(cap: float, total: float, price: float | None) -> None:
    """With 60 % coal 6 units are dirty: 12 + 20 = 32; with 50 % 25 + 10 = 35.

    An hour more at coal is a unit moved from green: 3 USD. So 10 % of the 10 hours are worth 3 USD, and the difference
    between the two caps is that. At 50 % both rows bind, and a hair more lets one more unit move.
    """
    plan = solved({"provider_share_cap": cap})
    assert plan.objective_usd == nearly(total)
    assert busy(plan)["dirty"] == pytest.approx(10 * cap)
    if price is not None:
        assert shadow(plan, "provider_share", "coal") == nearly(price)
        assert shadow(plan, "provider_share", "green") == nearly(0.0)


@pytest.mark.parametrize("cap", [0.55, 0.7, 0.9])
def test_the_value_of_a_share_is_the_difference_that_it_makes(cap: float) -> None:
    """Dual x all busy hours against (f(cap - h) - f(cap + h)) / 2h: linear in between, so exact."""
    plan, step = solved({"provider_share_cap": cap}), 0.01
    low, high = (solved({"provider_share_cap": cap + sign * step}).objective_usd for sign in (-1, 1))
    assert low is not None
    assert high is not None
    assert shadow(plan, "provider_share") * 10.0 == pytest.approx((low - high) / (2 * step), rel=1e-6)


def test_what_is_owned_or_private_counts_for_no_provider_but_for_the_whole() -> None:
    """20 units: 10 on own accelerators, paid for anyway. A quarter each is 5 at coal and 5 at green: 10 + 25 = 35."""
    sites = {**SITES, "edge": {"kind": "edge", "provider": "coal", "jurisdiction": "DE"}}
    links = {**LINKS, "edge": {"from_site": "here", "to_site": "edge", "round_trip_ms": 1.0}}
    pools = {**two(), "own": pool("owned", 10, 0.0, site="edge")}
    fields = {"sites": sites, "links": links, "policy": {"provider_share_cap": 0.25}}
    plan = planned(pools, {"w": rigid([20.0])}, **fields)
    assert plan.objective_usd == nearly(35.0)
    assert busy(plan) == pytest.approx({"clean": 5.0, "dirty": 5.0, "own": 10.0})
    private = {**SITES, "far": {**SITES["far"], "kind": "private"}}
    assert solved({"provider_share_cap": 0.0}, sites=private).objective_usd == nearly(20.0)


def test_pools_of_one_provider_at_several_sites_count_together() -> None:
    """Both sites are coal's: half of the work may run there, and nothing else is to be had, so nothing runs."""
    sites = {"here": site("coal", 100.0), "far": site("coal", 600.0, kind="edge")}
    assert solved({"provider_share_cap": 0.5}, sites=sites).objective_usd == nearly(1000.0)


def test_weights_and_lengths_of_periods_count() -> None:
    """10 units for 1 h and 10 for 2 h, three times: 10 + 60 hours; 50 % is 35 of them: 35 x 2 + 35 x 5 = 245."""
    blocks = {
        "b": {"start": "2026-06-01T00:00:00+00:00", "periods": 1},
        "c": {"start": "2026-06-02T00:00:00+00:00", "periods": 1, "period_hours": 2.0, "weight": 3.0},
    }
    work = {**rigid([10.0]), "demand_units_per_hour": {"b": [10.0], "c": [10.0]}}
    fields = {"sites": SITES, "links": LINKS, "horizon": {"blocks": blocks}}
    plan = planned(two(), {"w": work}, policy={"provider_share_cap": 0.5}, **fields)
    assert plan.objective_usd == nearly(245.0)
    emitted = {"carbon_cap": {"tonnes": 0.0245}}
    assert usd(two(), {"w": work}, policy=emitted, **fields) == nearly(245.0), "35 x 0.6 + 35 x 0.1 = 24.5 kg"


def test_no_work_keeps_every_cap() -> None:
    for work in ({}, {"w": rigid([0.0])}):
        policy = {"provider_share_cap": 0.0, "carbon_cap": {"tonnes": 0.0}}
        assert usd(two(), work, policy=policy, sites=SITES, links=LINKS) == nearly(0.0)


def test_with_owned_first() -> None:
    """Own at 1 USD and 0.6 kg, avoidable, comes before coal-free rent at 0.5. A cap of 3.5 kg halves it: 5 + 2.5."""
    pools = {
        "own": pool("owned", 20, 1.0, owned_cost="avoidable", busy_kw=1.0),
        "rented": pool("on_demand", 50, 0.5, site="far", busy_kw=1.0),
    }
    sites = {"here": site("own", 600.0, kind="private"), "far": site("green", 100.0)}
    for policy, total in (({}, 10.0), ({"carbon_cap": {"tonnes": 0.0035}}, 7.5)):
        plan = solved({"owned_first": True, **policy}, pools, sites=sites)
        assert plan.objective_usd == pytest.approx(total, rel=1e-6)
    # Only what is owned keeps a share of 20 %: with 4 of it, 1 is rented and 5 are left, at 4 + 0.5 + 500.
    pools["own"]["capacity_accelerators"] = 4.0
    plan = solved({"owned_first": True, "provider_share_cap": 0.2}, pools, sites=sites)
    assert plan.objective_usd == pytest.approx(504.5, rel=1e-6)


def test_with_whole_nodes() -> None:
    """Dirty in nodes of 4, idle as hungry as busy. Carbon 4 kg: one node, 2.4 kg, and 6 clean, 0.6: 8 + 30 = 38 USD.

    A share of 50 % means 5 and 5: two nodes, 16, and 5 clean, 25: 41.
    """
    pools = two(whole_nodes=True, accelerators_per_node=4, idle_kw=1.0)
    for policy, total in (({"carbon_cap": {"tonnes": 0.004}}, 38.0), ({"provider_share_cap": 0.5}, 41.0)):
        plan = solved(policy, pools)
        assert plan.kind == "mixed_integer"
        assert plan.objective_usd == nearly(total)


@pytest.mark.parametrize(("form", "kind"), [("exact", "conic"), ("tangents", "linear")])
def test_with_cones_and_with_straight_lines(form: str, kind: str) -> None:
    """Uneven use, squared: x^2 / 10 for each of two pools of 10 that are paid for, 1 USD each. 5 and 5: 5.0 in all.

    x on dirty owned and 10 - x on clean committed ones: a cap of 3 kg means x = 4: 1.6 + 3.6 = 5.2. At most 40 % at
    green mean x = 6, and the same sum.
    """
    pools = {
        "own": pool("owned", 10, 1.0, busy_kw=1.0),
        "res": pool("reserved", 0, 0.0, site="far", busy_kw=1.0),
    }
    fields = {
        "sites": {"here": site("own", 600.0, kind="private"), "far": site("green", 100.0)},
        "commitments": {"k": {"pool": "res", "accelerators": 10.0, "fee_usd_per_accelerator_hour": 1.0}},
    }
    even = {"balance": {"form": "squared", "weight_usd_per_hour": 1.0}, "queue_form": form}
    for policy, owned in (({"carbon_cap": {"tonnes": 0.003}}, 4.0), ({"provider_share_cap": 0.4}, 6.0)):
        plan = optimise(scenario(pools, {"w": rigid([10.0])}, **{**fields, "links": LINKS}, policy={**even, **policy}))
        assert plan.kind == kind
        assert plan.status.has_plan
        assert plan.certificate is not None
        assert plan.certificate.passed
        assert plan.objective_usd == pytest.approx(25.2, rel=1e-6)
        assert busy(plan)["own"] == pytest.approx(owned, rel=1e-6)
        if form == "exact":
            # x more by one costs 2 (10 - x - x) / 10 = 0.4 USD less, and emits 0.0005 t more.
            per_unit = shadow(plan, "carbon_cap") * 0.0005 + shadow(plan, "provider_share")
            assert per_unit == pytest.approx(0.4, rel=1e-5)


def test_work_with_shrinking_gains_keeps_a_share_with_accelerators_that_do_nothing_more() -> None:
    """What is busy counts, whether it gains or not. Training may use 4 owned (all of its work on 2) and 4 rented ones.

    Chat, 4 units, runs only at the provider. Half of all is 4 of 8 hours: training must keep all 4 owned ones busy.
    """
    curve = {
        "a": {"accelerators": 2.0, "efficiency_share": 1.0},
        "b": {"accelerators": 4.0, "efficiency_share": 0.5},
    }
    sites = {"here": site("own", None, kind="private"), "far": site("coal", None)}
    pools = {"own": pool("owned", 4, 0.0), "rented": pool("on_demand", 50, 1.0, site="far", attributes=["tee"])}
    work = {
        "chat": rigid([4.0], required_attributes=["tee"]),
        "train": deferrable(2.0, 0, 1, scaling=curve, allowed_sites=["here"]),
    }
    fields = {"sites": sites, "links": LINKS}
    plan = planned(pools, work, policy={"provider_share_cap": 0.5}, **fields)
    assert plan.objective_usd == nearly(4.0)
    assert busy(plan) == pytest.approx({"own": 4.0, "rented": 4.0})
    plan = planned(pools, work, policy={"provider_share_cap": 0.7}, **fields)
    assert busy(plan) == pytest.approx({"own": 2.0, "rented": 4.0}), "4 of 6 are less than 70 %: nothing runs idle"


@pytest.mark.parametrize(
    "policy", [{"carbon_cap": {"tonnes": 0.005999}}, {"provider_share_cap": 0.9999}], ids=["carbon", "share"]
)
def test_the_audit_refuses_a_plan_just_over_a_cap(policy: dict[str, Any]) -> None:
    """All dirty: 6 kg, and all at one provider."""
    plan = solved({})
    judge = require({**plan.scenario.to_dict(), "policy": policy})
    assert broken(plan, judge) == {"carbon_cap" if "carbon_cap" in policy else "provider_share"}


# -- properties ---------------------------------------------------------------------------------------------------


def linear(seed: int) -> dict[str, Any]:
    """A random scenario without caps and without a penalty that could tie."""
    document = random_feature_document(seed)
    document["policy"].pop("carbon_cap", None)
    document["policy"].pop("provider_share_cap", None)
    return document


def best(document: dict[str, Any]) -> Plan:
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (plan.status, plan.certificate)
    return plan


def cost(document: dict[str, Any]) -> float:
    """Objective; infinite where no plan exists."""
    found = best(document).objective_usd
    return inf if found is None else found


def with_cap(document: dict[str, Any], rule: str, value: float) -> dict[str, Any]:
    cap: Any = {"tonnes": value if value > 2e-6 else 0.0} if rule == "carbon_cap" else min(value, 1.0)
    return {**document, "policy": {**document["policy"], rule: cap}}


def use(plan: Plan, rule: str) -> float:
    """Tonnes, or the largest share of a provider."""
    if rule == "carbon_cap":
        return tonnes(plan)
    hours, pools, sites = busy(plan), plan.scenario.pools, plan.scenario.sites
    rented: dict[str, float] = {}
    for key, pool_of in pools.items():
        if pool_of.purchase_option != "owned" and sites[pool_of.site].kind != "private":
            provider = sites[pool_of.site].provider
            rented[provider] = rented.get(provider, 0.0) + hours[key]
    return max(rented.values(), default=0.0) / (sum(hours.values()) or 1.0)


RULES = ["carbon_cap", "provider_share_cap"]


@pytest.mark.parametrize("rule", RULES)
@few
@given(seeds, st.lists(st.floats(0.0, 1.2), min_size=2, max_size=2).map(sorted))
def test_a_lower_cap_never_costs_less(rule: str, seed: int, factors: list[float]) -> None:
    document = linear(seed)
    most = use(best(document), rule)
    assume(most > 1e-4)
    low, high = (cost(with_cap(document, rule, factor * most)) for factor in factors)
    assert low >= high - 1e-7 * abs(high) - 1e-7 if high < inf else low == inf


@pytest.mark.parametrize("rule", RULES)
@few
@given(seeds)
def test_a_cap_at_what_the_plan_uses_anyway_changes_nothing(rule: str, seed: int) -> None:
    document = linear(seed)
    plan = best(document)
    most = use(plan, rule)
    assume(most > 1e-4)
    assert cost(with_cap(document, rule, most * (1 + 1e-6))) == pytest.approx(plan.objective_usd, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("rule", RULES)
@few
@given(seeds, st.floats(0.3, 0.95))
def test_the_value_of_a_cap_lies_between_the_differences(rule: str, seed: int, factor: float) -> None:
    """Dual, of a share times all busy hours: not below what a little more saves, not above what a little less costs."""
    document = linear(seed)
    most = use(best(document), rule)
    assume(most > 1e-4)
    value, step = factor * most, 1e-4 * most
    plan = best(with_cap(document, rule, value))
    assume(plan.objective_usd is not None)
    per_unit = 1.0 if rule == "carbon_cap" else sum(busy(plan).values())
    dual = shadow(plan, rule.removesuffix("_cap") if rule != "carbon_cap" else rule) * per_unit
    saved = (plan.objective_usd - cost(with_cap(document, rule, value + step))) / step
    lost = (cost(with_cap(document, rule, value - step)) - plan.objective_usd) / step
    slack = 1e-3 * max(abs(saved), abs(dual)) + 1e-5 * abs(plan.objective_usd) / most
    assert saved - slack <= dual <= lost + slack


@pytest.mark.parametrize("rule", RULES)
@few
@given(seeds, st.floats(0.3, 0.95))
def test_doubling_every_price_doubles_cost_and_value(rule: str, seed: int, factor: float) -> None:
    document = linear(seed)
    most = use(best(document), rule)
    assume(most > 1e-4)
    document = with_cap(document, rule, factor * most)
    plan, twice = best(document), best(doubled(document))
    assume(plan.objective_usd is not None)
    assert twice.objective_usd == pytest.approx(2 * plan.objective_usd, rel=1e-7, abs=1e-7)
    limit = "carbon_cap" if rule == "carbon_cap" else "provider_share"
    assert shadow(twice, limit) == pytest.approx(2 * shadow(plan, limit), rel=1e-6, abs=1e-6)


def doubled(document: dict[str, Any]) -> dict[str, Any]:
    """Every price twice as high."""
    prices = ("usd_per_accelerator_hour", "usd_per_kwh", "usd_per_gb", "usd_per_unit", "usd_per_node", "usd_per_hour")

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: walk(part, key if key == "route_cost_usd_per_unit" else name) for name, part in value.items()}
        return 2 * value if key.endswith((*prices, "usd_per_tonne")) else value

    found: dict[str, Any] = walk(document, "")
    return found
