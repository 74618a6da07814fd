"""Rules of the policy on providers, and attributes that nothing offers; both sides of each check."""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.domain import parse
from hybridplan.errors import Issue

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "east": {"kind": "public", "provider": "acme", "jurisdiction": "DE", "attributes": ["encryption_at_rest"]},
    "west": {"kind": "edge", "provider": "bolt", "jurisdiction": "DE"},
}
LINKS = {
    "out": {"from_site": "here", "to_site": "east", "round_trip_ms": 1.0, "attributes": ["encryption_in_transit"]},
    "away": {"from_site": "here", "to_site": "west", "round_trip_ms": 1.0},
}
POOLS = {
    "a": pool("owned", 9, 1.0, attributes=["dedicated_tenancy"]),
    "e": pool("on_demand", 9, 2.0, site="east"),
    "w": pool("on_demand", 9, 2.0, site="west"),
}


def found(policy: dict[str, Any], work: dict[str, Any] | None = None, **parts: Any) -> list[Issue]:
    made = scenario(POOLS, {"k": rigid([1.0])}, sites=SITES, links=LINKS).to_dict()
    made["workloads"]["k"] |= work or {}
    return parse({**made, **parts, "policy": policy})[1]


def plan(**rates: float) -> dict[str, Any]:
    return {"s": {"usd_per_hour": 1.0, "rates_usd_per_accelerator_hour": rates}}


@pytest.mark.parametrize(
    "policy",
    [
        {"min_providers": 2},
        {"min_providers": 1, "max_providers": 1},
        {"max_providers": 0},
        {"min_providers": 1, "provider_counts_from_accelerator_hours": 5},
        {"provider_fixed_usd_per_hour": {"acme": 1.5}},
        {"provider_share_cap": 0.5, "provider_share_of": "rented_usd"},
        {"provider_share_cap": 0.4},
    ],
)
def test_rules_on_providers_that_can_hold_raise_no_issue(policy: dict[str, Any]) -> None:
    """Two providers, acme and bolt; with what is owned, each may be held to 40 % of all hours."""
    assert found(policy) == []


@pytest.mark.parametrize(
    ("policy", "path", "severity", "words"),
    [
        ({"min_providers": 2, "max_providers": 1}, "min_providers", "error", "is above max_providers (1)"),
        ({"min_providers": 3}, "min_providers", "error", "cannot be met: pools are rented from 2"),
        ({"max_providers": 2}, "max_providers", "warning", "has no effect: there are 2 to rent from"),
        (
            {"provider_counts_from_accelerator_hours": 5},
            "provider_counts_from_accelerator_hours",
            "warning",
            "has no effect without min_providers",
        ),
        (
            {"provider_fixed_usd_per_hour": {"acne": 1}},
            "provider_fixed_usd_per_hour.acne",
            "error",
            "no site has the provider acne",
        ),
        (
            {"provider_fixed_usd_per_hour": {"own": 1}},
            "provider_fixed_usd_per_hour.own",
            "warning",
            "nothing is rented from own",
        ),
        ({"provider_share_of": "rented_usd"}, "provider_share_of", "warning", "without provider_share_cap"),
        (
            {"provider_share_cap": 0.4, "provider_share_of": "rented_usd"},
            "provider_share_cap",
            "warning",
            "leaves nothing to rent: all that is paid for rented pools goes to 2 providers",
        ),
    ],
)
def test_rules_on_providers_that_cannot_hold_are_named(
    policy: dict[str, Any], path: str, severity: str, words: str
) -> None:
    (issue,) = found(policy)
    assert (issue.path, issue.severity) == (f"policy.{path}", severity)
    assert words in issue.message
    assert issue.mend
    assert issue.value


def test_a_share_of_what_is_paid_needs_spend_commitments_by_provider() -> None:
    policy = {"provider_share_cap": 0.6, "provider_share_of": "rented_usd"}
    assert found(policy, spend_commitments=plan(e=1.5)) == []
    assert found({"provider_share_cap": 0.6}, spend_commitments=plan(e=1.5, w=1.5)) == []
    (issue,) = found(policy, spend_commitments=plan(e=1.5, w=1.5))
    assert (issue.path, issue.severity) == ("policy.provider_share_of", "error")
    assert "covers pools of acme, bolt" in issue.message


@pytest.mark.parametrize(
    "work",
    [
        {"required_attributes": ["encryption_at_rest"]},
        {"required_attributes": ["dedicated_tenancy"]},
        {"required_link_attributes": ["encryption_in_transit"]},
    ],
)
def test_an_attribute_that_something_offers_raises_no_issue(work: dict[str, Any]) -> None:
    assert found({}, work) == []


@pytest.mark.parametrize(
    ("field", "name", "who"),
    [
        ("required_attributes", "encryption_in_transit", "no site or pool"),
        ("required_link_attributes", "encryption_at_rest", "no link"),
    ],
)
def test_an_attribute_that_nothing_offers_is_named(field: str, name: str, who: str) -> None:
    (issue,) = found({}, {field: [name]})
    assert (issue.path, issue.severity, issue.value) == (f"workloads.k.{field}", "warning", name)
    assert issue.message == f"{who} offers {name}"


def test_a_copy_is_reached_only_over_links_that_offer_what_the_dataset_asks_for() -> None:
    priced = {key: {**site, "storage_usd_per_gb_month": 0.1} for key, site in SITES.items()}

    def copies(site: str) -> list[Issue]:
        data = {
            "home_site": "here",
            "size_gb": 1.0,
            "copies": {site: {"state": "planned"}},
            "required_link_attributes": ["encryption_in_transit"],
        }
        return found({}, {"datasets": ["d"]}, sites=priced, datasets={"d": data})

    assert copies("east") == []
    (issue,) = copies("west")
    assert (issue.path, issue.severity) == ("datasets.d.copies.west", "error")
    assert "no links that offer encryption_in_transit lead from here" in issue.message
