"""Each hard rule by itself: the least change that suffices, by hand, and that changes of all rules have their words."""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, one_site, pool, rigid, scenario

from hybridplan.analysis.diagnose import RANKS, apply, diagnose
from hybridplan.analysis.sentences import diagnosis as words
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import Scenario
from hybridplan.model import catalogue
from hybridplan.model.solve import optimise
from hybridplan.plan import Relaxation, SolveStatus

FAR = {"kind": "public", "provider": "x", "jurisdiction": "US"}
SECOND = {"gpu": {"units_per_accelerator_hour": 3600.0, "service_ms": 1000.0}}


def offers(planted: Scenario, **options: Any) -> dict[tuple[str, str], Relaxation]:
    """Alternatives by rule and record; each is applied and re-solved here once more, and has a whole sentence."""
    assert optimise(planted).status is SolveStatus.INFEASIBLE
    found = diagnose(planted, **options)
    for change in found.alternatives:
        assert optimise(apply(planted, change)).status.has_plan
        assert words.relaxation(planted, change)
    return {(change.rule, change.record): change for change in found.alternatives}


def two_sites(**links: Any) -> dict[str, Any]:
    """Users at here, a provider at far, a link each way."""
    return {
        "sites": {**one_site(), "far": FAR},
        "links": {
            "l": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, **links},
            "m": {"from_site": "far", "to_site": "here", "round_trip_ms": 1.0},
        },
    }


def test_more_on_offer_of_an_expansion_and_space_for_it() -> None:
    """12 units on 5 owned and 4 that may be bought: 3 more on offer; 2 rack units each, and room for 9 x 2 = 18."""
    planted = scenario(
        {"o": pool("owned", 5, 1.0, rack_units_per_accelerator=2.0)},
        {"w": rigid([12.0], must_serve=True)},
        sites=one_site(rack_units_limit=30.0),
        expansions={"e": {"pool": "o", "max_accelerators": 4.0, "capex_usd_per_accelerator": 100.0}},
    )
    assert offers(planted)["max_accelerators", "e"].amount == pytest.approx(3.0, rel=1e-6)
    document = planted.to_dict()
    document["expansions"]["e"]["max_accelerators"] = 20.0
    document["sites"]["here"]["rack_units_limit"] = 18.0
    found = offers(Scenario.model_validate(document))
    assert found["site_space", "here"].amount == pytest.approx(6.0, rel=1e-6)
    assert "give here 6" in words.relaxation(planted, found["site_space", "here"])


def test_what_must_be_bought_or_committed_to_against_a_budget() -> None:
    """8 accelerators at 1 USD for one hour, 5 USD to spend: 3 fewer; the work is left undone."""
    for section, extra in (
        ("commitments", {"fee_usd_per_accelerator_hour": 1.0}),
        ("spend_commitments", {"rates_usd_per_accelerator_hour": {"c": 1.0}}),
    ):
        unit = "accelerators" if section == "commitments" else "usd_per_hour"
        record = {f"max_new_{unit}": 10.0, f"min_new_{unit}": 8.0, **extra}
        pools = {"c": pool("on_demand", 20, 2.0)}
        if section == "commitments":
            pools["r"], record["pool"] = pool("reserved", 0, 0.0), "r"
        planted = scenario(pools, {"w": rigid([1.0])}, policy={"budget": {"usd": 5.0}}, **{section: {"k": record}})
        assert offers(planted)[f"min_new_{unit}", "k"].amount == pytest.approx(3.0, rel=1e-6)


def test_more_on_offer_of_a_commitment() -> None:
    """12 units on a reserved pool with 5 that may be committed to: 7 more."""
    record = {"pool": "r", "max_new_accelerators": 5.0, "fee_usd_per_accelerator_hour": 1.0}
    planted = scenario(
        {"r": pool("reserved", 0, 0.0)}, {"w": rigid([12.0], must_serve=True)}, commitments={"k": record}
    )
    assert offers(planted)["max_new_accelerators", "k"].amount == pytest.approx(7.0, rel=1e-6)


def test_more_private_line_beside_a_link() -> None:
    """900 GB an hour are 2 Gbit/s: 1 there, 0.4 on offer; 0.6 more of either."""
    planted = scenario(
        {"c": pool("on_demand", 1000, 1.0, site="far")},
        {"w": rigid([900.0], must_serve=True, ingress_gb_per_unit=1.0)},
        **two_sites(gbps=1.0, max_private_gbps=0.4, private_usd_per_gbps_hour=1.0),
    )
    found = offers(planted)
    assert found["max_private_gbps", "l"].amount == pytest.approx(0.6, rel=1e-6)
    assert found["link_bandwidth", "l"].amount == pytest.approx(0.6, rel=1e-6)


def test_a_cap_on_the_mean_by_hand() -> None:
    """10 busy of 15 are a load of 2 / 3 and a mean of 3 s, where 2 s are the cap: 1,000 ms more."""
    work = rigid([36_000.0], must_serve=True, throughput=SECOND, mean_latency_cap_ms=2000.0)
    found = offers(scenario({"p": pool("on_demand", 15, 2.0)}, {"w": work}))
    assert found["mean_latency", "w"].amount == pytest.approx(1000.0, rel=1e-3)


def test_providers() -> None:
    """12 units on pools of 8 and 8 at two providers: one is too few; where three must be used there are only two."""
    other = {**FAR, "provider": "y"}
    shape: dict[str, Any] = {
        "sites": {**one_site(), "far": FAR, "away": other},
        "links": {k: {"from_site": "here", "to_site": k, "round_trip_ms": 1.0} for k in ("far", "away")},
    }
    pools = {"f": pool("on_demand", 8, 1.0, site="far"), "a": pool("on_demand", 8, 1.0, site="away")}
    planted = scenario(pools, {"w": rigid([12.0], must_serve=True)}, policy={"max_providers": 1}, **shape)
    found = offers(planted)
    assert (found["max_providers", "policy"].amount, found["max_providers", "policy"].new_value) == (1.0, 2)
    asked = {"min_providers": 2, "provider_counts_from_accelerator_hours": 9.0}
    planted = scenario(pools, {"w": rigid([1.0])}, policy=asked, **shape)
    assert offers(planted)["min_providers", "policy"].new_value == 0


def test_a_share_of_the_rent() -> None:
    """12 units, 8 at 1 USD from each: at best 6 and 6, a half; the cap is 0.4."""
    other = {**FAR, "provider": "y"}
    planted = scenario(
        {"f": pool("on_demand", 8, 1.0, site="far"), "a": pool("on_demand", 8, 1.0, site="away")},
        {"w": rigid([12.0], must_serve=True)},
        sites={**one_site(), "far": FAR, "away": other},
        links={k: {"from_site": "here", "to_site": k, "round_trip_ms": 1.0} for k in ("far", "away")},
        policy={"provider_share_cap": 0.4, "provider_share_of": "rented_usd"},
    )
    found = offers(planted)["provider_share", "policy"]
    assert found.amount == pytest.approx(0.1, rel=1e-6)
    assert "of all rent" in words.relaxation(planted, found)


def test_whole_nodes_and_one_site() -> None:
    """9 units: nodes of 8 on a pool of 12 give 8. And 9 units at one of two sites with 5 and 6 each."""
    nodes = pool("on_demand", 12, 1.0, whole_nodes=True, accelerators_per_node=8)
    found = offers(scenario({"p": nodes}, {"w": rigid([9.0], must_serve=True)}))
    assert ("whole_nodes", "p") in found
    assert found["capacity", "p"].amount == pytest.approx(4.0, rel=1e-6)
    work = deferrable(9.0, 0, 1, must_serve=True, one_site=True)
    pools = {"o": pool("owned", 5, 1.0), "f": pool("on_demand", 6, 1.0, site="far")}
    assert ("one_site", "d") in offers(scenario(pools, {"d": work}, **two_sites()))


def test_least_use_and_least_time_on() -> None:
    """At least 4 on and 80 % busy, 2 busy: 50 % is what there can be. And an hour of work with 3 h on, power for 2."""
    pools = {"c": pool("on_demand", 10, 1.0, min_provisioned_accelerators=4.0, min_busy_share=0.8)}
    found = offers(scenario(pools, {"w": rigid([2.0], must_serve=True)}))
    assert found["min_busy_share", "c"].amount == pytest.approx(0.3, rel=1e-6)
    assert found["min_provisioned", "c"].amount == pytest.approx(1.5, rel=1e-6)
    pools = {"c": pool("on_demand", 10, 1.0, min_on_hours=3.0, initial_provisioned_accelerators=0.0)}
    work = rigid([0.0, 2.0, 0.0, 0.0], must_serve=True)
    planted = scenario(pools, {"w": work}, periods=4, policy={"budget": {"usd": 4.0}})
    found = offers(planted)
    assert found["min_on_hours", "c"].amount == pytest.approx(1.0)
    assert found["budget", "policy"].amount == pytest.approx(2.0, rel=1e-6)


def test_copies_of_data() -> None:
    """Work runs at far, where no copy may be: one there helps. 2 copies cost 1 USD each, 2 units 2 USD."""
    kept = {"storage_usd_per_gb_month": 73.0}
    shape = two_sites() | {"sites": {**one_site(**kept), "far": FAR | kept}}
    pools, data = {"c": pool("on_demand", 10, 1.0, site="far")}, {"home_site": "here", "size_gb": 10.0}
    work = rigid([2.0], must_serve=True, datasets=["d"])
    planted = scenario(pools, {"w": work}, datasets={"d": data}, **shape)
    found = offers(planted)
    assert set(found) == {("copies", "d/far"), ("must_serve", "w")}
    assert words.relaxation(planted, found["copies", "d/far"]) == "allow a copy of d at far"
    data |= {"copies": {"far": {}}, "min_copies": 2}
    short: dict[str, Any] = {"policy": {"budget": {"usd": 1.5}}, "datasets": {"d": data}}
    found = offers(scenario(pools, {"w": work}, **short, **shape))
    assert set(found) == {("budget", "policy")}
    assert found["budget", "policy"].amount == pytest.approx(2.5, rel=1e-6)
    found = offers(scenario(pools, {"w": rigid([2.0], datasets=["d"])}, **short, **shape))
    assert found["min_copies", "d"].amount == 1.0


def test_attributes_and_sites_only_where_asked() -> None:
    """The only pool lacks one attribute of two, or stands at a site that is not allowed, or is denied."""
    for field, values, new in (
        ("required_attributes", ["a", "b"], ("a",)),
        ("required_link_attributes", ["tls"], None),
        ("allowed_sites", ["here"], ("here", "far")),
        ("denied_sites", ["far"], None),
    ):
        planted = scenario(
            {"c": pool("on_demand", 10, 1.0, site="far", attributes=["a"])},
            {"w": rigid([2.0], must_serve=True, **{field: values})},
            **two_sites(),
        )
        rule = {"required_attributes": "attributes", "required_link_attributes": "link_attributes"}.get(field, field)
        hidden = diagnose(planted)
        assert hidden.withheld == ((rule, "w"),)
        assert all(change.rule == "must_serve" for change in hidden.alternatives)
        (sentence,) = words.withheld(planted, hidden)
        assert sentence.endswith(" of w.")
        found = offers(planted, offer_residency=True)
        assert found[rule, "w"].new_value == new
        assert diagnose(planted, offer_residency=True).withheld == ()


def test_residency_and_a_site_rule_together() -> None:
    """Neither alone is enough: both are named together, and as one set where asked."""
    work = rigid([2.0], must_serve=True, allowed_jurisdictions=["DE"], denied_sites=["far"])
    planted = scenario({"c": pool("on_demand", 10, 1.0, site="far")}, {"w": work}, **two_sites())
    assert diagnose(planted).withheld == (("residency_and_security", ""),)
    assert words.withheld(planted, diagnose(planted))[0].endswith("there would be a plan without all of them together.")


def test_causes_of_two_kinds_need_one_set_of_both() -> None:
    """Two providers must be used for 9 hours each, one has 8; and 30 units must be served on 8 + 20: 2 more, or undone.

    The fewest providers give way by a count, capacity by an amount: neither alone is enough, and latency is no cause.
    """
    other = {**FAR, "provider": "y"}
    planted = scenario(
        {"f": pool("on_demand", 8, 1.0, site="far"), "a": pool("on_demand", 20, 1.0, site="away")},
        {"w": rigid([30.0], must_serve=True, latency_objective_ms=500.0)},
        sites={**one_site(), "far": FAR, "away": other},
        links={k: {"from_site": "here", "to_site": k, "round_trip_ms": 1.0} for k in ("far", "away")},
        policy={"min_providers": 2, "provider_counts_from_accelerator_hours": 40.0},
    )
    found = diagnose(planted)
    assert not found.alternatives
    rules = {change.rule: change for change in found.sufficient_set}
    assert set(rules) == {"min_providers", "capacity"}
    assert rules["capacity"].amount == pytest.approx(2.0, rel=1e-6)
    assert optimise(apply(planted, *found.sufficient_set)).status.has_plan


LOOSENED_BY = {
    "must_serve": "must_serve",
    "unserved_cap": "unserved_cap",
    "latency": "latency",
    "mean_latency": "mean_latency",
    "capacity": "capacity",
    "ramp_up": "ramp_up",
    "ramp_down": "ramp_down",
    "min_provisioned": "min_provisioned",
    "min_busy": "min_busy_share",
    "min_on": "min_on_hours",
    "kept": "capacity",
    "new_commitment": "max_new_accelerators",
    "new_spend": "max_new_usd_per_hour",
    "spend_commitment": "max_new_usd_per_hour",
    "bought": "max_accelerators",
    "site_space": "site_space",
    "site_power": "site_power",
    "parallel_limit": "parallel_limit",
    "one_site": "one_site",
    "after": "after",
    "link_bandwidth": "link_bandwidth",
    "private_line": "max_private_gbps",
    "copies": "min_copies",
    "copy_needed": "copies",
    "interruptible_share": "interruptible_share",
    "interruptible_share_window": "interruptible_share",
    "budget": "budget",
    "carbon_cap": "carbon_cap",
    "provider_share": "provider_share",
    "max_providers": "max_providers",
    "min_providers": "min_providers",
    "provider_hours": "min_providers",
    "promise": "promise",
    "promise_bandwidth": "link_bandwidth",
    "failover_capacity": "capacity",
    "failover_started": "promise",
    "window_demand": "deadline",
}
"""By limit: a change that loosens it."""
MEANINGS = {"rigid_demand", "provisioning", "covered", "scaling", "private_flow", "sync"}
"""Limits that say what a quantity is."""


def test_every_limit_gives_way_or_says_what_a_quantity_is() -> None:
    names = {limit.name for limit in catalogue.LIMITS}
    assert names - MEANINGS == set(LOOSENED_BY)
    assert set(LOOSENED_BY.values()) <= set(RANKS)


def test_every_change_has_its_words() -> None:
    assert {rule for rule in RANKS if f"relax.{rule}" not in ENGLISH} == set()
    assert len(set(RANKS)) == len(RANKS)
