"""Promises, failures and rules on providers held against each other: figures, names and causes, worked by hand.

Ten requests an hour run on ten owned accelerators in Frankfurt at a sunk 1 USD. What takes over is rented at 3 USD.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.analysis.compare import Comparison, compare
from hybridplan.analysis.sentences import compared_figures
from hybridplan.domain import Scenario

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
    "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, "usd_per_gb": 1.0}}
LOST, GONE = {"kind": "site", "record": "here"}, {"kind": "provider", "record": "cloud"}


def made(share: float = 0.8, own: float = 1.0, **changes: Any) -> Scenario:
    """The estate of this module. ``changes``: failures, sites, demand; all others are fields of the workload."""
    failures = changes.pop("failures", {"lost": LOST, "gone": GONE})
    sites, demand = changes.pop("sites", SITES), changes.pop("demand", 10.0)
    pools = {"own": pool("owned", 10, own), "rented": pool("on_demand", 50, 3.0, site="far")}
    work = rigid([demand], name="Chat", promised_share=share, ingress_gb_per_unit=0.1, **changes)
    return scenario(pools, {"w": work}, sites=sites, links=LINKS, policy={"contingencies": failures})


def figure(found: Comparison, name: str, code: str, column: str = "value") -> float:
    rows = found.figures.loc[(found.figures["name"] == name) & (found.figures["figure"] == code), column]
    return float(rows.iloc[0])


def text(found: Comparison, position: int = 1) -> str:
    return " ".join(found.sentences[position])


def shown(found: Comparison) -> dict[str, dict[str, str]]:
    """Figures as people read them, by their name."""
    return compared_figures.rows(found).set_index("figure").to_dict("index")


def values(found: Comparison) -> dict[str, tuple[str, ...]]:
    """Inputs that differ, by name: the value of each entrant."""
    return {row["what"]: tuple(row[name] for name in found.names) for row in found.inputs.to_dict("records")}


def test_what_is_promised_left_and_rented_stands_beside_the_other_figures() -> None:
    """80 % of ten: 8 stand by at 3 USD, 24, with 10 owned 34. Half: 5, 15, 25 in all. No promise: 10.

    The loss of Frankfurt is the worst failure: what stands by is what is left. That of the cloud takes nothing.
    """
    found = compare(made(), [made(0.5), made(0.0)], names=["first", "half", "none"])
    assert [figure(found, name, "objective") for name in found.names] == pytest.approx([34.0, 25.0, 10.0])
    assert [figure(found, name, "standby_rent") for name in found.names] == pytest.approx([24.0, 15.0, 0.0])
    assert [figure(found, name, "promised:w") for name in found.names[:2]] == pytest.approx([0.8, 0.5])
    assert [figure(found, name, "left:w") for name in found.names[:2]] == pytest.approx([0.8, 0.5])
    assert figure(found, "half", "promised:w", "change") == pytest.approx(-0.3)
    assert math.isnan(figure(found, "none", "left:w"))
    rows = shown(found)
    kept, promised = rows["All promises kept"], rows["Promised: Chat"]
    assert [kept[name] for name in found.names] == ["yes", "yes", "no promise"]
    assert promised["first"] == "80 %, standby of its own"
    assert (promised["none"], promised["change: half"]) == ("no promise", "−30 points")
    assert rows["Left at worst: Chat"]["half"] == "50 %, loss of Frankfurt"
    assert rows["Rent of standby (USD)"]["change: half"] == "−9 (−37.5 %)"
    assert "Chat promises 50 % after a failure (80 % in first): after the loss of Frankfurt, the worst, 50 %" in text(
        found
    )
    assert "Chat promises nothing after a failure (80 % in first)." in text(found, 2)


def test_a_promise_kept_by_what_survives_is_rented_beyond_the_load() -> None:
    """8 of the cloud are on and run nothing: the same 24 USD, yet no standby of Chat alone. All else is the same."""
    found = compare(made(), [made(promise_form="shared")], names=["first", "shared"])
    assert figure(found, "shared", "standby_rent") == 0.0
    assert figure(found, "shared", "beyond_rent") == pytest.approx(24.0)
    assert figure(found, "first", "beyond_rent") == pytest.approx(0.0)
    assert values(found)["how the promise of Chat is kept"] == ("standby of its own", "what survives")
    assert shown(found)["Promised: Chat"]["shared"] == "80 %, what survives"


def test_without_a_promise_there_is_no_such_figure_and_without_a_plan_no_value() -> None:
    found = compare(made(0.0), [made(0.0, own=2.0)])
    assert not [code for code in found.figures["figure"] if "promise" in code or "rent" in code]
    impossible = compare(made(), [made(demand=100.0, must_serve=True)], names=["first", "tight"])
    assert shown(impossible)["All promises kept"]["tight"] == "–"


def test_promises_and_failures_are_causes_like_other_limits() -> None:
    """Owned ones at 0.9: 1 USD less. 50 % promised: 9 less. First without the loss of Frankfurt: 24 less than with."""
    found = compare(made(), [made(0.5, own=0.9)], names=["first", "half"])
    assert figure(found, "half", "objective", "change") == pytest.approx(-10.0)
    assert "because promised share of Chat after a failure (80 % to 50 %) changed." in text(found)
    assert "That goes together with price of own (1 to 0.9" in text(found)
    added = compare(made(failures={"gone": GONE}), [made(own=0.9)], names=["first", "more"])
    assert figure(added, "more", "objective", "change") == pytest.approx(23.0)
    assert "because failure to survive: loss of Frankfurt was added." in text(added)
    assert values(added)["failure to survive: loss of Frankfurt"] == ("not there", "loss of Frankfurt")
    both = compare(made(), [made(0.0, own=0.9, failures={"gone": GONE})])
    assert "because promised share of Chat after a failure (80 % to 0 %) changed." in text(both)
    gone = compare(made(), [made(own=0.9, failures={"gone": GONE})])
    assert "because failure to survive: loss of Frankfurt was left out." in text(gone)


def test_a_failure_that_has_no_price_is_no_cause() -> None:
    """The loss of the cloud takes nothing that runs; that owned ones cost 2 in place of 1 is what costs 10 more."""
    found = compare(made(failures={"lost": LOST}), [made(own=2.0)], names=["first", "more"])
    assert figure(found, "more", "objective", "change") == pytest.approx(10.0)
    assert "because" not in text(found)
    assert "failure to survive: loss of all that cloud runs added" in text(found)


def test_the_only_input_that_differs_is_the_cause_without_a_price_too() -> None:
    """15 requests: 5 in the cloud for 15 USD and 0.5 of transfer; over a link without encryption they may not: 500."""
    needs = {"required_link_attributes": ["encryption_in_transit"]}
    found = compare(made(0.0, demand=15.0), [made(0.0, demand=15.0, **needs)], names=["first", "needs"])
    assert figure(found, "needs", "objective", "change") == pytest.approx(500.0 - 15.5)
    assert "because what Chat needs of links (none to encryption in transit) changed." in text(found)
    assert values(found) == {"what Chat needs of links": ("none", "encryption in transit")}


def test_ids_are_told_as_names_where_things_have_one() -> None:
    """Frankfurt has a name, the site far and the pool own have none; a zone and a provider are what they are called."""
    here = {**SITES["here"], "zone": "hall-1", "attributes": ["audit_soc2", "our_own_mark"]}
    fields = {"allowed_sites": ["here", "far"], "required_attributes": ["audit_soc2"]}
    group = {"kind": "group", "sites": ["here"], "pools": ["own"], "name": "Flood"}
    first = made(failures={"lost": LOST, "flood": {**group, "sites": ["far"]}})
    found = compare(first, [made(sites={**SITES, "here": here}, failures={"lost": GONE, "flood": group}, **fields)])
    inputs = values(found)
    assert inputs["zone of Frankfurt"] == ("none", "hall-1")
    assert inputs["what Frankfurt offers"] == ("none", "an audit to SOC 2, our own mark")
    assert inputs["sites that Chat may use"] == ("none", "Frankfurt, far")
    assert inputs["what Chat needs of sites and pools"] == ("none", "an audit to SOC 2")
    assert inputs["what fails in loss of Frankfurt"] == ("Frankfurt", "cloud")
    assert inputs["sites that fail in Flood"] == ("far", "Frankfurt")


def test_how_often_things_fail_changes_no_plan() -> None:
    found = compare(made(), [made(failures={"lost": {**LOST, "failures_per_year": 2.0}, "gone": GONE})])
    assert not found.inputs["matters"].any()
    assert "Nothing that a plan depends on differs" in text(found)
    assert list(values(found)) == ["yearly failures of loss of Frankfurt"]
    unpromised = compare(made(0.0), [made(0.0, failures={"gone": GONE})])
    assert not unpromised.inputs["matters"].any()


CLOUDS = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "green": {"kind": "public", "provider": "green", "jurisdiction": "DE"},
    "coal": {"kind": "public", "provider": "coal", "jurisdiction": "DE"},
}
TO_CLOUDS = {key: {"from_site": "here", "to_site": key, "round_trip_ms": 1.0} for key in ("green", "coal")}


def clouds(policy: dict[str, Any], coal: float = 2.0, green: float = 5.0) -> Scenario:
    """Ten requests an hour on six accelerators of coal and ten of green."""
    pools = {"dirty": pool("on_demand", 6, coal, site="coal"), "clean": pool("on_demand", 10, green, site="green")}
    return scenario(pools, {"w": rigid([10.0])}, sites=CLOUDS, links=TO_CLOUDS, policy=policy)


def test_rules_on_the_number_of_providers_are_causes_where_taking_them_back_shows_it() -> None:
    """Free: 6 at coal and 4 at green, 12 + 20 = 32. One provider, green at 4: all at green, 40; both again: 28.

    Green at 3 and at least 5 hours at each of two: 5 at coal and 5 at green, 25, where 6 and 4 cost 24: it costs less
    than 32 all the same, so the rule is no cause.
    """
    most = clouds({"max_providers": 1}, green=4.0)
    fewest = clouds({"min_providers": 2, "provider_counts_from_accelerator_hours": 5.0}, green=3.0)
    found = compare(clouds({}), [most, fewest], names=["free", "one", "two"])
    assert [figure(found, name, "objective") for name in found.names] == pytest.approx([32.0, 40.0, 25.0])
    assert "because most providers (none to 1) changed." in text(found)
    assert "That goes together with price of clean (5 to 4" in text(found)
    assert "because" not in text(found, 2).replace("because it", "")
    assert "fewest providers (0 to 2)" in text(found, 2)


def test_fewest_providers_and_where_they_count_from() -> None:
    """At least 4 hours at each of two: 6 and 4 anyway, 32. At least 5, and coal at 1.9: 5 x 1.9 + 25 = 34.5.

    With 4 hours again, and coal still at 1.9, it would be 6 x 1.9 + 20 = 31.4: the hours are the cause.
    """
    first = clouds({"min_providers": 2, "provider_counts_from_accelerator_hours": 4.0})
    other = clouds({"min_providers": 2, "provider_counts_from_accelerator_hours": 5.0}, coal=1.9)
    found = compare(first, [other], names=["first", "other"])
    assert [figure(found, name, "objective") for name in found.names] == pytest.approx([32.0, 34.5])
    assert "because use from which a provider counts (4 to 5 accelerator-hours) changed." in text(found)


def test_what_using_a_provider_costs_is_named_with_its_amount() -> None:
    """Green for 2 USD an hour more: 34. It alone differs, so it is the cause; beside another price it is not told."""
    fee = {"provider_fixed_usd_per_hour": {"green": 2.0}}
    found = compare(clouds({}), [clouds(fee), clouds(fee, coal=1.0)], names=["free", "fee", "cheaper"])
    assert [figure(found, name, "objective") for name in found.names] == pytest.approx([32.0, 34.0, 28.0])
    assert "because fee for using provider green (none to 2 USD per hour) changed." in text(found)
    assert "because" not in text(found, 2).replace("because it", "")
    assert "fee for using provider green (none to 2 USD per hour)" in text(found, 2)


def test_what_the_largest_share_is_of_is_said_in_words() -> None:
    """A field that is no number, with values that are codes in files."""
    share = {"provider_share_cap": 0.5}
    found = compare(clouds(share), [clouds({**share, "provider_share_of": "rented_usd"})], names=["hours", "rent"])
    assert values(found)["what the largest share of one provider is of"] == ("busy accelerator-hours", "rent paid")
