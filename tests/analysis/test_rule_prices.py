"""Ledger of rules: hand-worked prices, an interaction that is not 0, sums that add up, prices that are never below 0.

Ten units of work an hour. Owned capacity of 10 costs 10 USD, used or not, half of it held back; renting costs 3 USD in
DE and 1 USD in US, where the work may not go: 5 run on own, 5 are rented in DE for 15 USD.
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, random_document, rigid, scenario

from hybridplan.analysis import rule_prices
from hybridplan.analysis.rule_kinds import KINDS, grouped, rules_of, without
from hybridplan.analysis.rule_ledger import Ledger, RulePrice, waterfall
from hybridplan.analysis.rule_prices import ledger
from hybridplan.analysis.sentences import rules
from hybridplan.domain import (
    Commitment,
    Dataset,
    Expansion,
    Policy,
    Pool,
    Scenario,
    SpendCommitment,
    Workload,
    require,
)
from hybridplan.domain.record import Record
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import SolveStatus

HOMES: dict[str, type[Record]] = {
    "policy": Policy,
    "pools": Pool,
    "workloads": Workload,
    "expansions": Expansion,
    "commitments": Commitment,
    "spend_commitments": SpendCommitment,
    "datasets": Dataset,
}
"""Records on which there may be rules."""


def estate(*, works: int = 1, work: dict[str, Any] | None = None, **fields: Any) -> Scenario:
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "de": {"kind": "public", "provider": "a", "jurisdiction": "DE"},
        "us": {"kind": "public", "provider": "b", "jurisdiction": "US"},
    }
    links = {to: {"from_site": "here", "to_site": to, "round_trip_ms": 1.0} for to in ("de", "us")}
    pools = {
        "own": pool("owned", 10, 1.0, held_back_share=0.5),
        "near": pool("on_demand", 50, 3.0, site="de"),
        "far": pool("on_demand", 50, 1.0, site="us"),
    }
    one = rigid([10.0 / works], allowed_jurisdictions=["DE"], **(work or {}))
    return scenario(pools, {f"w{n}": one for n in range(works)}, sites=sites, links=links, **fields)


def of(found: Ledger, kind: str) -> RulePrice:
    (row,) = [row for row in found.rules if row.kind == kind]
    return row


def test_two_rules_that_stand_in_for_each_other() -> None:
    """Without the share held back own takes all: 15 USD less. Without residency the 5 cost 1 USD each: 10 less. Without
    both nothing is rented: 15 less, not 25, so 10 are counted twice. Steps: 15, then 0."""
    found = ledger(estate())
    assert [(row.kind, row.records) for row in found.rules] == [("held_back", ("own",)), ("residency", ("w0",))]
    assert [row.usd for row in found.rules] == pytest.approx([15.0, 10.0])
    assert [row.step_usd for row in found.rules] == pytest.approx([15.0, 0.0], abs=1e-9)
    assert (found.own_usd, found.total_usd, found.interaction_usd) == pytest.approx((25.0, 15.0, 10.0))
    assert (found.objective_usd, found.without_usd) == pytest.approx((25.0, 10.0))
    assert {row.served for row in found.rules} == {"same"}
    assert found.complete
    assert found.solves == 4


def test_two_rules_of_which_either_is_enough() -> None:
    """The cheap pool lacks the attribute and lies abroad: without both 2 USD a unit are saved: -20 interact."""
    document = estate(work={"required_attributes": ["safe"]}).to_dict()
    document["pools"]["near"]["attributes"] = ["safe"]
    document["pools"]["own"] |= {"attributes": ["safe"], "held_back_share": 0.5}
    document["pools"]["own"]["capacity_accelerators"] = 0.0
    del document["pools"]["own"]["held_back_share"]
    found = ledger(require(document))
    assert [row.usd for row in found.rules] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert (found.total_usd, found.interaction_usd) == pytest.approx((20.0, -20.0))


def test_less_served_is_no_saving_and_says_so() -> None:
    """Unserved at 2 USD a unit: without must_serve the 5 rented at 3 USD are left: 5 USD less, 15 less of bills."""
    found = ledger(estate(work={"must_serve": True, "unserved_usd_per_unit": 2.0}))
    row = of(found, "must_serve")
    assert (row.usd, row.bills_usd, row.served) == (pytest.approx(5.0), pytest.approx(15.0), "less")
    assert row.unserved_share == pytest.approx(0.5)
    assert of(found, "residency").served == "same"


def test_a_price_is_a_rule_and_its_charge_is_told_apart() -> None:
    """1 kW at 500 g/kWh abroad and 100 USD a tonne: 0.05 USD a unit at the only pool: 10 units, 0.5 USD, all charge."""
    document = estate(policy={"carbon_usd_per_tonne": 100.0}).to_dict()
    document["sites"]["us"]["grid_carbon_g_per_kwh"] = 500.0
    document["pools"]["far"]["busy_kw"] = 1.0
    document["pools"]["own"]["capacity_accelerators"] = 0.0
    del document["pools"]["own"]["held_back_share"]
    del document["workloads"]["w0"]["allowed_jurisdictions"]
    row = of(ledger(require(document)), "carbon_price")
    assert (row.usd, row.charge_usd, row.bills_usd) == pytest.approx((0.5, 0.5, 0.5))


def test_rules_without_which_a_plan_becomes_possible() -> None:
    """A budget of 12 USD does not pay for work that must be served (25), nor without residency (15); it does where
    nothing is held back (10). There is no price without a plan to compare with."""
    document = estate(work={"must_serve": True}, policy={"budget": {"usd": 12.0}}).to_dict()
    found = ledger(require(document))
    assert (found.status, found.total_usd, found.own_usd, found.interaction_usd) == (
        SolveStatus.INFEASIBLE,
        None,
        None,
        None,
    )
    assert {row.kind: row.status for row in found.rules} == {
        "budget": "optimal",
        "held_back": "optimal",
        "residency": "infeasible",
        "must_serve": "optimal",
    }
    assert all(row.usd is None for row in found.rules)
    assert found.rules[0].after_usd == pytest.approx(25.0)
    assert found.rules[1].step_usd == pytest.approx(15.0)


def test_steps_that_cannot_cost_anything_are_not_solved() -> None:
    """Eight works with residency: with own set free first, nothing is rented, and no residency costs anything more. So
    only the plan, nine rules alone, and the last step are solved."""
    found = ledger(estate(works=8))
    assert found.solves == 1 + 9 + 1
    assert found.complete
    assert [row.step_usd for row in found.rules] == pytest.approx([15.0, *[0.0] * 8], abs=1e-9)
    assert {row.step_status for row in found.rules} == {"optimal"}


def test_whole_things_have_prices_between_two_proven_ones() -> None:
    """Nodes of four: 5 rented need 8. Without them 5: 9 USD less, whatever both gaps hide."""
    document = estate().to_dict()
    document["pools"]["near"] |= {"accelerators_per_node": 4, "whole_nodes": True}
    row = of(ledger(require(document)), "whole_nodes")
    assert row.usd == pytest.approx(9.0)
    assert row.least_usd is not None
    assert row.most_usd is not None
    assert row.least_usd <= 9.0 + 1e-9 <= row.most_usd + 1e-6


def adds_up(found: Ledger) -> None:
    """Steps telescope, and own prices less the interaction give the same difference."""
    assert found.objective_usd is not None
    assert found.without_usd is not None
    assert found.interaction_usd is not None
    room = 1e-9 * max(1.0, abs(found.objective_usd))
    steps = sum(row.step_usd or 0.0 for row in found.rules)
    assert found.objective_usd - steps == pytest.approx(found.without_usd, abs=room)
    own = sum(row.usd or 0.0 for row in found.rules)
    assert found.objective_usd - own + found.interaction_usd == pytest.approx(found.without_usd, abs=room)


@pytest.mark.parametrize("seed", range(6))
def test_removing_a_rule_never_costs_more_and_all_adds_up(seed: int) -> None:
    document = random_document(seed)
    document["policy"]["provider_share_cap"] = 0.6
    base = require(document)
    found = ledger(base)
    assert found.objective_usd is not None
    room = 1e-6 * max(1.0, abs(found.objective_usd))
    adds_up(found)
    for row in found.rules:
        assert row.usd is not None
        assert row.step_usd is not None
        assert row.usd >= -room
        assert row.step_usd >= -room
    bare = optimise(without(base, rules_of(base)))
    assert bare.objective_usd == pytest.approx(found.without_usd, abs=room)
    assert rules_of(bare.scenario) == []


def test_many_records_are_priced_together_and_none_is_dropped() -> None:
    base = estate(works=40)
    apart = rules_of(base)
    together = grouped(apart, 25)
    assert [len(rule.records) for rule in together] == [1, 40]
    assert {record for rule in together for record in rule.records} == {record for r in apart for record in r.records}
    found = ledger(base, most_solves=50)
    assert (found.is_grouped, found.solves) == (True, 4)
    assert of(found, "residency").usd == pytest.approx(10.0)
    with pytest.raises(InvalidInput, match="most_solves"):
        ledger(base, most_solves=10)


def test_every_field_is_a_rule_or_known_to_be_none() -> None:
    """A new field must be said to be a rule, in ``KINDS``, or to be none, here: a ledger must not miss a rule."""
    described = {"name", "notes", "model", "demand_source", "demand_date", "price_source", "price_date", "unit"}
    demand = {"kind", "flexibility", "demand_units_per_hour", "windows", "origin_site", "unserved_usd_per_unit"}
    work = {"throughput", "scaling", "after", "after_units_per_unit", "interruptible", "checkpoint_hours"}
    work |= {"checkpoint_interval_hours", "restart_hours", "ingress_gb_per_unit", "egress_gb_per_unit", "latency_point"}
    work |= {"prompt_tokens", "output_tokens", "route_cost_usd_per_unit"}
    work |= {"availability_objective_share"}  # read by replays of failures, never by a plan
    capacity = {"site", "sku", "purchase_option", "capacity_accelerators", "owned_cost", "busy_kw", "idle_kw"}
    capacity |= {"efficiency", "interruptions_per_hour", "accelerators_per_node", "interconnect", "can_power_down"}
    capacity |= {"lead_time_hours", "start_usd_per_node", "initial_provisioned_accelerators", "up_share", "attributes"}
    capacity |= {"retires", "rack_units_per_accelerator", "zone"}
    data = {"datasets", "result_gb_per_unit", "result_kept_hours", "home_site", "size_gb", "change_gb_per_hour"}
    data |= {"copies", "relay_sites", "first_copy_gbps"}
    terms = {
        "pool",
        "accelerators",
        "usd_per_hour",
        "term_years",
        "upfront_share",
        "starts",
        "ends",
        "max_accelerators",
    }
    terms |= {"max_new_accelerators", "max_new_usd_per_hour", "rates_usd_per_accelerator_hour", "interest_rate"}
    terms |= {"fee_usd_per_accelerator_hour", "capex_usd_per_accelerator", "life_years", "salvage_share"}
    terms |= {"staff_usd_per_accelerator_year", "space_usd_per_accelerator_year", "lead_time_blocks"}
    prices = {"price_tiers", "tier_form", "tier_basis"}
    prices |= {"price_usd_per_accelerator_hour", "discount_share", "price_includes_energy", "electricity_usd_per_kwh"}
    policy = {"provider_discount_share", "queue_form", "contingencies"}  # without a promise no contingency binds
    none = described | demand | work | capacity | data | terms | prices | policy
    for section, record in HOMES.items():
        rules_ = {name for kind in KINDS if kind.section == section for name in (*kind.fields, *kind.also)}
        assert set(record.model_fields) - rules_ - none == set(), section


def test_what_must_be_bought_and_copied_has_its_price() -> None:
    """2 bought at 5 USD/h, of which half is held back: 10 USD, less one unit that need not be rented at 3: 7.
    A copy of 1,000 GB at 0.73 USD a month of 730 hours: 1 USD in the hour."""
    document = estate().to_dict()
    terms = {"capex_usd_per_accelerator": 43_800.0, "interest_rate": 0.0, "life_years": 1.0, "max_accelerators": 4.0}
    document["expansions"] = {"new": {"pool": "own", "min_accelerators": 2.0, **terms}}
    copies = {"us": {"state": "choosable"}}
    document["datasets"] = {"corpus": {"home_site": "here", "size_gb": 1000.0, "min_copies": 2, "copies": copies}}
    for site in ("here", "us"):
        document["sites"][site]["storage_usd_per_gb_month"] = 0.73
    found = ledger(require(document))
    assert of(found, "must_buy").usd == pytest.approx(7.0)
    assert of(found, "least_copies").usd == pytest.approx(1.0)
    assert rules.name(require(document), of(found, "least_copies")) == "Least number of copies of corpus"


def test_a_promise_costs_its_standby() -> None:
    """All 10 run in DE at home or near (3 USD); 5 on own are lost with home, so 5 stand by elsewhere: near, 15 USD."""
    home = {"home": {"kind": "site", "record": "here"}}
    document = estate(work={"promised_share": 1.0}, policy={"contingencies": home})
    row = of(ledger(document), "promise")
    assert (row.usd, row.served) == (pytest.approx(15.0), "same")


def two_clouds(**policy: Any) -> dict[str, Any]:
    """Ten units an hour: 6 accelerators at one provider for 1 USD, 20 at another for 3 USD: 6 + 12 USD."""
    document = estate(policy=policy).to_dict()
    document["pools"] = {"one": pool("on_demand", 6, 1.0, site="de"), "two": pool("on_demand", 20, 3.0, site="us")}
    del document["workloads"]["w0"]["allowed_jurisdictions"]
    return document


def price_of(document: dict[str, Any], kind: str) -> float | None:
    """What the only rule of this kind costs."""
    return of(ledger(require(document)), kind).usd


def test_rules_on_providers_have_their_prices() -> None:
    """At most one: all ten at 3 USD, 12 more than 18. A fee of 2 USD an hour is paid as it is. Half of what is paid at
    most: 4 at the dear one are 12 of 18 USD, so z of them are left at 100 USD: 12 - 3 z <= 6, z = 2: 194 USD more."""
    assert price_of(two_clouds(max_providers=1), "provider_count") == pytest.approx(12.0)
    row = of(ledger(require(two_clouds(provider_fixed_usd_per_hour={"b": 2.0}))), "provider_fixed")
    assert (row.usd, row.charge_usd, row.bills_usd) == pytest.approx((2.0, 2.0, 2.0))
    shared = two_clouds(provider_share_cap=0.5, provider_share_of="rented_usd")
    assert price_of(shared, "provider_share") == pytest.approx(194.0)
    assert without(require(shared), rules_of(require(shared))).policy.provider_share_of == "accelerator_hours"


def test_required_attributes_of_links_have_a_price() -> None:
    """Only the way to the dear accelerators is encrypted: 30 USD in place of 18."""
    document = two_clouds()
    document["links"]["us"]["attributes"] = ["encrypted"]
    document["workloads"]["w0"]["required_link_attributes"] = ["encrypted"]
    assert price_of(document, "link_attributes") == pytest.approx(12.0)
    row = of(ledger(require(document)), "link_attributes")
    assert rules.name(require(document), row) == "Required attributes of links of w0"


def test_what_a_dataset_requires_of_links_has_a_price_and_where_it_may_be_has_none() -> None:
    """5 GB change in the hour: 5 USD on the direct link, which is encrypted, nothing on the way through US. No copy and
    no relay outside the residency of data can be entered at all, so that without it none is there to save with."""
    document = two_clouds()
    for key in ("here", "de", "us"):
        document["sites"][key] |= {"attributes": ["safe"], "storage_usd_per_gb_month": 0.0}
    document["links"] |= {
        "direct": {**document["links"]["de"], "from_site": "de", "to_site": "here", "usd_per_gb": 1.0},
        "out": {**document["links"]["de"], "from_site": "de", "to_site": "us"},
        "in": {**document["links"]["us"], "from_site": "us", "to_site": "here"},
    }
    document["links"]["direct"]["attributes"] = ["encrypted"]
    copies = {"here": {"state": "present"}}
    data = {"home_site": "de", "size_gb": 10.0, "change_gb_per_hour": 5.0, "copies": copies, "relay_sites": ["us"]}
    rules_ = {
        "allowed_jurisdictions": ["DE", "US"],
        "required_attributes": ["safe"],
        "required_link_attributes": ["encrypted"],
    }
    document["datasets"] = {"corpus": {**data, **rules_}}
    found = ledger(require(document))
    usd = {row.kind: row.usd for row in found.rules}
    assert usd == pytest.approx({"data_residency": 0.0, "data_attributes": 0.0, "data_link_attributes": 5.0}, abs=1e-9)


def test_the_latency_after_a_failure_goes_with_the_promise_and_with_the_objective() -> None:
    """Without the objective there is nothing to be later than; without the promise nothing goes on."""
    home = {"home": {"kind": "site", "record": "here"}}
    late = {"latency_objective_ms": 50.0, "latency_after_failure_ms": 80.0, "latency_statistic": "no_queue"}
    found = estate(
        work={"promised_share": 0.5, "promise_form": "cold", "recovery_minutes": 30.0, **late},
        policy={"contingencies": home},
    )
    by_kind = {rule.kind.code: rule for rule in rules_of(found)}
    for kind in ("latency", "promise"):
        assert without(found, [by_kind[kind]]).workloads["w0"].latency_after_failure_ms is None
    left = without(found, [by_kind["promise"]]).workloads["w0"]
    assert (left.promise_form, left.recovery_minutes) == ("dedicated", 0.0)


def test_every_kind_takes_its_rule_away() -> None:
    """A kind's fields exist where it looks for them, and no field stands in two kinds; but the latency after a failure
    means nothing without the promise, nor without the objective."""
    fields = [(kind.section, field) for kind in KINDS for field in (*kind.fields, *kind.also)]
    fields.remove(("workloads", "latency_after_failure_ms"))
    assert len(fields) == len(set(fields))
    assert not [pair for pair in fields if pair[1] not in HOMES[pair[0]].model_fields]
    base = estate(work={"must_serve": True})
    assert not without(base, rules_of(base)).workloads["w0"].allowed_jurisdictions
    assert base.workloads["w0"].must_serve
    assert without(base, rules_of(base)).content_hash != base.content_hash


def test_without_time_what_is_known_is_given_and_the_rest_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    late = ledger(estate(), time_limit_seconds=1e-9)
    assert (late.status, late.complete) == (SolveStatus.NO_PLAN_IN_TIME, False)
    assert {row.status for row in late.rules} == {"late"}
    clock = iter([0.0, 1.0, 2.0, 3.0, *[99.0] * 20])
    monkeypatch.setattr(rule_prices, "monotonic", lambda: next(clock))
    part = ledger(estate(), time_limit_seconds=50.0)
    assert [row.status for row in part.rules] == ["optimal", "optimal"]
    assert [row.step_status for row in part.rules] == ["optimal", "late"]
    assert (part.complete, part.total_usd, part.interaction_usd) == (False, None, None)
    assert part.own_usd == pytest.approx(25.0)


def test_a_scenario_without_rules_has_an_empty_ledger() -> None:
    base = estate()
    found = ledger(without(base, rules_of(base)))
    assert (found.rules, found.total_usd, found.own_usd, found.interaction_usd) == ((), 0.0, 0.0, 0.0)
    assert list(found.table().columns)[:3] == ["kind", "section", "records"]


@pytest.mark.parametrize("how", ["steps", "alone"])
def test_bars_of_the_waterfall_add_up_however_many_there_are(how: Any) -> None:
    """Two rules: 25 to 10 USD, by 15 and 0 in steps, by 15 and 10 alone with 10 taken back."""
    bars = waterfall(ledger(estate()), how)
    assert (bars[0].usd, bars[-1].usd) == pytest.approx((25.0, 10.0))
    expected = [-15.0, 0.0] if how == "steps" else [-15.0, -10.0, 10.0]
    assert [bar.usd for bar in bars[1:-1]] == pytest.approx(expected, abs=1e-9)
    few = waterfall(ledger(require(random_document(2))), how, most=2)
    assert few[0].usd + sum(bar.usd for bar in few[1:-1]) == pytest.approx(few[-1].usd, abs=1e-9 * abs(few[0].usd))
    assert len(few) <= (4 if how == "steps" else 5)


def test_words_for_every_kind_and_case() -> None:
    base = estate(work={"must_serve": True, "unserved_usd_per_unit": 2.0})
    lines = rules.summary(ledger(base), base)
    assert any("count" in line and "more than once" in line for line in lines)
    assert any("Must be served of w0 less would be served, so this is no saving: 5 USD less" in line for line in lines)
    assert any("Share held back of own the plan would cost 15 USD less" in line for line in lines)
    assert all(rules.kind_name(kind.code) for kind in KINDS)
    empty = without(base, rules_of(base))
    assert rules.summary(ledger(empty), empty) == ["There is no rule here beyond demand and capacity."]


def test_one_rule_whose_search_was_stopped_is_said_in_the_singular() -> None:
    base = scenario({"own": pool("owned", 20, 1.0)}, {"w": rigid([10.0], must_serve=True)})
    row = RulePrice("must_serve", "workloads", ("w",), "within_gap", usd=0.0, least_usd=0.0, most_usd=5.0)
    found = Ledger(SolveStatus.OPTIMAL, 1.0, (row,), 100.0, 100.0, complete=True)
    (said,) = rules.summary(found, base)
    assert said.startswith(
        "As far as was found 1 rule would cost nothing, but the searches were stopped early: up to 5 USD"
    )


def test_the_highest_load_stays_where_a_cap_on_mean_latency_still_needs_it() -> None:
    """40 requests of 100 ms at a load of at most 0.5: 80 accelerators, 160 USD, whatever 400 ms would allow (0.75).

    So the objective costs nothing; without the cap too there is no queue left to keep short.
    """
    work = rigid([40.0], latency_objective_ms=400.0, latency_statistic="mean", max_load_share=0.5)
    work |= {
        "mean_latency_cap_ms": 400.0,
        "throughput": {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 100.0}},
    }
    base = scenario({"cloud": pool("on_demand", 500, 2.0)}, {"w": work}, policy={"queue_form": "tangents"})
    assert optimise(base).objective_usd == pytest.approx(160.0)
    alone = [rule for rule in rules_of(base) if rule.kind.code == "latency"]
    assert without(base, alone).workloads["w"].max_load_share == 0.5
    assert without(base, rules_of(base)).workloads["w"].max_load_share == 0.95
    found = {row.kind: row for row in ledger(base).rules}
    assert (found["latency"].usd, found["mean_latency"].usd) == pytest.approx((0.0, 0.0), abs=1e-6)
