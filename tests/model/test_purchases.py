"""Capacity that is bought, newly committed, expires or retires, and the limits of its site: solved by hand."""

from __future__ import annotations

from typing import Any

import pytest

from hybridplan.analysis.baselines import baselines
from hybridplan.analysis.diagnose import diagnose
from hybridplan.domain import require
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus


def document(**changes: Any) -> dict[str, Any]:
    """Two blocks of three hours, ten times each: 60 hours. 5, 8 and 10 accelerators are needed in both.

    On demand one costs 4 USD/h, so all of it costs (5 + 8 + 10) x 4 x 10 x 2 = 1,840.
    """
    work = {
        "kind": "inference",
        "origin_site": "s",
        "unserved_usd_per_unit": 100,
        "throughput": {"X": {"units_per_accelerator_hour": 1}},
        "demand_units_per_hour": {"a": [5, 8, 10], "b": [5, 8, 10]},
    }
    found: dict[str, Any] = {
        "schema_version": 1,
        "name": "purchases",
        "horizon": {
            "blocks": {
                "a": {"start": "2026-01-05T00:00:00+00:00", "periods": 3, "weight": 10},
                "b": {"start": "2026-07-06T00:00:00+00:00", "periods": 3, "weight": 10},
            }
        },
        "sites": {"s": {"kind": "public", "provider": "p", "jurisdiction": "DE"}},
        "pools": {"od": pool("on_demand", 100, 4.0)},
        "workloads": {"w": work},
    }
    for name, part in changes.items():
        found[name] = {**found.get(name, {}), **part}
    return found


def pool(option: str, capacity: float, price: float, **more: Any) -> dict[str, Any]:
    """A pool of X at the only site."""
    return {
        "site": "s",
        "sku": "X",
        "purchase_option": option,
        "capacity_accelerators": capacity,
        "price_usd_per_accelerator_hour": price,
        **more,
    }


def commitment(**more: Any) -> dict[str, Any]:
    """A reserved pool and the commitment behind it, at 2.50 USD/h; for an accelerator 150 in 60 hours."""
    return {
        "pools": {"res": pool("reserved", 0, 0)},
        "commitments": {"c": {"pool": "res", "fee_usd_per_accelerator_hour": 2.5, **more}},
    }


def expansion(owned: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An owned pool, and an expansion: 8,760 USD over one year without interest are 1 USD/h."""
    terms = {"capex_usd_per_accelerator": 8760.0, "interest_rate": 0.0, "life_years": 1.0, "max_accelerators": 3.0}
    return {
        "pools": {"own": pool("owned", **{"capacity": 0, "price": 1.0, **(owned or {})})},
        "expansions": {"e": {"pool": "own", **terms, **more}},
    }


def solved(**changes: Any) -> Plan:
    """The plan, which must be proven cheapest; its audit passed."""
    plan = optimise(require(document(**changes)))
    assert plan.status is SolveStatus.OPTIMAL, (plan.status, plan.certificate)
    return plan


def size(plan: Plan, record: str) -> float:
    """What was bought or newly committed."""
    assert plan.tables is not None
    rows = plan.tables.purchases
    return float(rows.loc[rows["record"] == record, "quantity"].item())


def test_a_new_commitment_reaches_as_far_as_its_hours_pay() -> None:
    """The 6th to 8th accelerator is needed in 40 hours: 160 on demand, 150 committed. The 9th in 20: 80. So 8, of which
    one is committed already: 8 x 150 + 2 accelerators x 20 h x 4 = 1,360."""
    plan = solved(**commitment(accelerators=1, max_new_accelerators=50))
    assert size(plan, "c") == pytest.approx(7)
    assert plan.objective_usd == pytest.approx(1360)
    assert plan.cost_usd["commitment"] == pytest.approx(1200)
    assert plan.constant_usd == pytest.approx(150)


def test_a_commitment_pays_and_gives_until_it_ends() -> None:
    """Ended before b: 8 accelerators in a are 8 x 2.5 x 30 = 600, and 2 x 10 h x 4 = 80 on demand; b 920. 1,600."""
    plan = solved(**commitment(accelerators=1, max_new_accelerators=50, ends="2026-07-01T00:00:00+00:00"))
    assert size(plan, "c") == pytest.approx(7)
    assert plan.objective_usd == pytest.approx(1600)


@pytest.mark.parametrize(("most", "least", "taken"), [(3, 0, 3), (50, 0, 8), (50, 9, 9)])
def test_a_new_commitment_stays_within_its_bounds(most: float, least: float, taken: float) -> None:
    """8 would be best; 3 are all there is, or 9 must be taken."""
    plan = solved(**commitment(max_new_accelerators=most, min_new_accelerators=least))
    assert size(plan, "c") == pytest.approx(taken)


def test_one_more_on_offer_is_worth_what_it_saves() -> None:
    """With 3 on offer the 4th is needed in all 60 hours: 240 - 150 = 90, by the price and by a second solve."""
    first, second = (solved(**commitment(max_new_accelerators=most)) for most in (3, 4))
    rows = first.shadow_prices
    price = rows.loc[rows["limit"] == "new_commitment", "usd_per_unit"].item()
    assert price == pytest.approx(90)
    assert (first.objective_usd or 0) - (second.objective_usd or 0) == pytest.approx(90)


def test_what_is_bought_serves_and_is_paid_from_its_arrival() -> None:
    """2 installed retire before b: 60, and a rents 17 x 10 x 4 = 680. 3 arrive in b: 90, each saves 120;
    there 14 x 10 x 4 = 560 are rented. 1,390 in all."""
    owned = {"capacity": 2, "retires": "2026-07-01T00:00:00+00:00"}
    plan = solved(**expansion(owned, lead_time_blocks=1))
    assert size(plan, "e") == pytest.approx(3)
    assert plan.cost_usd["owned_fixed"] == pytest.approx(60)
    assert plan.cost_usd["expansion"] == pytest.approx(90)
    assert plan.objective_usd == pytest.approx(1390)


@pytest.mark.parametrize(("hourly_usd", "bought"), [(3.99, 3.0), (4.01, 0.0)])
def test_an_expansion_is_bought_up_to_the_price_that_it_saves(hourly_usd: float, bought: float) -> None:
    """The first three are needed in every hour, at 4 USD on demand."""
    plan = solved(**expansion(capex_usd_per_accelerator=8760.0 * hourly_usd))
    assert size(plan, "e") == pytest.approx(bought)


def test_staff_space_interest_and_salvage_are_paid_by_the_year() -> None:
    """1,000 at 10 % over 2 years, 21 % left: r (C - S / 1.21) / (1 - 1 / 1.21) = 0.1 (1000 - 210 / 1.21) /
    (0.21 / 1.21) = 0.1 (1210 - 210) / 0.21 = 476.190476; + 300 + 99.809524 = 876: 0.10 USD/h for 3 x 60 h."""
    terms: dict[str, Any] = {
        "capex_usd_per_accelerator": 1000.0,
        "interest_rate": 0.1,
        "life_years": 2.0,
        "salvage_share": 0.21,
        "staff_usd_per_accelerator_year": 300.0,
        "space_usd_per_accelerator_year": 876.0 - 300.0 - 100.0 / 0.21,
    }
    assert solved(**expansion(**terms)).cost_usd["expansion"] == pytest.approx(3 * 60 * 0.1)


def test_terms_that_are_not_given_are_those_of_the_scenario() -> None:
    """8,760 over the 4 years of ``finance``, without interest: 0.25 USD/h."""
    terms = {"interest_rate": None, "life_years": None}
    plan = solved(**expansion(**terms), finance={"interest_rate": 0.0, "life_years": 4.0})
    assert plan.cost_usd["expansion"] == pytest.approx(3 * 60 * 0.25)


def test_whole_nodes_are_bought_whole() -> None:
    """Of 3 on offer only one node of 2; 2 x 60 x 1 + (23 x 20 - 2 x 60) x 4 = 1,480."""
    plan = solved(**expansion({"whole_nodes": True, "accelerators_per_node": 2}))
    assert size(plan, "e") == 2
    assert plan.kind == "mixed_integer"
    assert plan.objective_usd == pytest.approx(1480)


def test_maintenance_takes_from_what_is_bought() -> None:
    """Half is up in a: 1.5 of 3 in 30 hours, 3 in the other 30. 180 + (460 - 45 - 90) x 4 = 1,480."""
    plan = solved(**expansion({"up_share": {"a": [0.5, 0.5, 0.5]}}))
    assert plan.objective_usd == pytest.approx(1480)


def test_what_is_kept_is_paid_until_it_retires() -> None:
    """At 3 USD/h both of 2 are kept: 2 x 3 x 30 = 180 in place of 240; 1,840 - 60."""
    owned = pool("owned", 2, 3.0, owned_cost="avoidable", retires="2026-07-01T00:00:00+00:00")
    plan = solved(pools={"own": owned})
    assert plan.cost_usd["owned_fixed"] == pytest.approx(180)
    assert plan.objective_usd == pytest.approx(1780)


@pytest.mark.parametrize(("racks", "bought"), [(16.0, 2.0), (18.0, 2.5), (30.0, 3.0)])
def test_racks_hold_what_stands_and_what_is_bought(racks: float, bought: float) -> None:
    """4 units each: 2 stand in a, so that (2 + b) x 4 fit; in b they are gone and do not limit."""
    owned = {"capacity": 2, "rack_units_per_accelerator": 4.0, "retires": "2026-07-01T00:00:00+00:00"}
    changes = expansion(owned)
    plan = solved(**changes, sites={"s": {**document()["sites"]["s"], "rack_units_limit": racks}})
    assert size(plan, "e") == pytest.approx(bought)
    rows = plan.shadow_prices
    assert ("site_space" in set(rows["limit"])) == (bought < 3)


@pytest.mark.parametrize(("limit_kw", "busy"), [(8.0, 6.0), (9.0, 8.0), (10.0, 10.0)])
def test_a_site_draws_no_more_power_than_it_has(limit_kw: float, busy: float) -> None:
    """10 are always on: 5 kW idle, and 0.5 kW more for each busy one: at most (limit - 5) / 0.5 in the third hour."""
    owned = pool("owned", 10, 1.0, busy_kw=1.0, idle_kw=0.5)
    site = {**document()["sites"]["s"], "it_power_limit_kw": limit_kw, "grid_carbon_g_per_kwh": 100.0}
    changed = document(sites={"s": site})
    plan = optimise(require({**changed, "pools": {"own": owned}}))
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.tables is not None
    assert plan.tables.allocation["accelerators_busy"].max() == pytest.approx(busy)
    assert ("site_power" in set(plan.shadow_prices["limit"])) == (busy < 10)


def test_an_expansion_is_paid_to_others_where_owned_comes_first() -> None:
    """What is kept costs nothing to others, what is bought 1 USD/h, what is rented 4: all three are bought."""
    plan = solved(**expansion({"capacity": 1}), policy={"owned_first": True})
    assert size(plan, "e") == pytest.approx(3)


def test_more_power_is_offered_where_it_is_what_lacks() -> None:
    """10 accelerators at 1 kW busy need 10 kW in the third hour; 8 are there, so 2 more suffice, proven by a solve."""
    site = {**document()["sites"]["s"], "it_power_limit_kw": 8.0, "grid_carbon_g_per_kwh": 100.0}
    work = {**document()["workloads"]["w"], "must_serve": True}
    pools = {"od": pool("on_demand", 100, 4.0, busy_kw=1.0)}
    scenario = require(document(sites={"s": site}, workloads={"w": work}, pools=pools))
    found = diagnose(scenario)
    power = next(change for change in found.alternatives if change.rule == "site_power")
    assert power.amount == pytest.approx(2, rel=1e-6)
    assert power.proven
    assert power.path == "sites/s/it_power_limit_kw"


def test_the_simple_rules_buy_what_must_be_bought_and_nothing_else() -> None:
    """2 must be bought, at 1 USD/h: 2 x 60. They serve first where private goes first, (460 - 120) x 4 = 1,360 more;
    where all is rented they idle beside 1,840."""
    scenario = require(document(**expansion(min_accelerators=2.0)))
    found = baselines(scenario)
    assert found["private_first"].objective_usd == pytest.approx(1480)
    assert found["all_on_demand"].objective_usd == pytest.approx(1960)
    assert not found["private_first"].breaks
