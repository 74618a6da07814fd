"""Fields and warnings of the caps on carbon and on the share of a provider."""

from __future__ import annotations

from typing import Any

import pytest
from builders import one_site, pool, rigid, scenario

from hybridplan.domain import parse
from hybridplan.errors import Issue


def issues(policy: dict[str, Any], sites: dict[str, Any] | None = None, **pools: dict[str, Any]) -> list[Issue]:
    """Issues about the policy, of ten units of work."""
    made = scenario(pools or {"c": pool("on_demand", 9, 1.0)}, {"w": rigid([10.0])}, sites=sites or one_site())
    _, found = parse({**made.to_dict(), "policy": policy})
    return [issue for issue in found if issue.path.startswith("policy")]


CLOUD = {"here": {"kind": "public", "provider": "x", "jurisdiction": "DE"}}
KNOWN = {"here": {**CLOUD["here"], "grid_carbon_g_per_kwh": 100.0}}


@pytest.mark.parametrize(
    ("policy", "path", "unit"),
    [
        ({"carbon_cap": {"tonnes": -1}}, "policy.carbon_cap.tonnes", "t CO2e"),
        ({"carbon_cap": {"tonnes": "much"}}, "policy.carbon_cap.tonnes", "t CO2e"),
        ({"carbon_cap": {"tonnes": 1e-9}}, "policy.carbon_cap.tonnes", "t CO2e"),
        ({"carbon_cap": {"tonnes": 1, "per": "week"}}, "policy.carbon_cap.per", ""),
        ({"carbon_cap": {}}, "policy.carbon_cap.tonnes", "t CO2e"),
        ({"provider_share_cap": 1.01}, "policy.provider_share_cap", "share from 0 to 1"),
        ({"provider_share_cap": -0.1}, "policy.provider_share_cap", "share from 0 to 1"),
    ],
)
def test_what_is_no_cap_is_refused(policy: dict[str, Any], path: str, unit: str) -> None:
    (issue,) = issues(policy)
    assert (issue.path, issue.unit, issue.severity) == (path, unit, "error")


def test_a_cap_on_carbon_says_which_pools_it_does_not_see() -> None:
    """One without power, one at a site without grid carbon; the third counts."""
    sites = {**KNOWN, "dark": {**CLOUD["here"]}}
    pools = {
        "no-power": pool("on_demand", 9, 1.0),
        "no-grid": pool("on_demand", 9, 1.0, site="dark", busy_kw=1.0),
        "seen": pool("on_demand", 9, 1.0, busy_kw=1.0),
    }
    (issue,) = issues({"carbon_cap": {"tonnes": 1.0}}, sites, **pools)
    assert (issue.path, issue.severity, issue.value) == ("policy.carbon_cap", "warning", "no-power, no-grid")
    assert "count as 0 t" in issue.message
    assert issues({"carbon_cap": {"tonnes": 1.0}}, sites, seen=pools["seen"]) == []
    assert issues({}, sites, **pools) == []


def test_many_unseen_pools_are_counted() -> None:
    (issue,) = issues({"carbon_cap": {"tonnes": 1.0}}, **{f"p{i}": pool("on_demand", 9, 1.0) for i in range(5)})
    assert issue.value == "p0, p1, p2 and 2 more"


def test_a_share_that_no_provider_can_have_is_warned_of() -> None:
    """Two providers and nothing of one's own: below a half each nothing may run; one third and one half do."""
    sites = {**CLOUD, "far": {**CLOUD["here"], "provider": "y"}}
    pools = {"a": pool("on_demand", 9, 1.0), "b": pool("on_demand", 9, 1.0, site="far")}
    (issue,) = issues({"provider_share_cap": 0.4}, sites, **pools)
    assert issue.severity == "warning"
    assert "leaves nothing to run: 2 providers" in issue.message
    assert "at least 0.5" in issue.mend
    assert issues({"provider_share_cap": 0.5}, sites, **pools) == []
    assert issues({"provider_share_cap": 0.4}, sites, **pools, own=pool("owned", 1, 1.0)) == []


def test_a_share_without_a_provider_has_no_effect() -> None:
    (issue,) = issues({"provider_share_cap": 0.4})
    assert "no effect" in issue.message


def test_without_a_cap_the_content_is_as_before() -> None:
    """None is the default: it is not written, so that earlier scenarios stay as they are."""
    plain = scenario({"c": pool("on_demand", 9, 1.0)}, {"w": rigid([10.0])})
    with_none = scenario(
        {"c": pool("on_demand", 9, 1.0)},
        {"w": rigid([10.0])},
        policy={"carbon_cap": None, "provider_share_cap": None},
    )
    assert plain.to_dict() == with_none.to_dict()
    assert plain.content_hash == with_none.content_hash
    assert "policy" not in plain.to_dict()
