"""Routes that need data at their site, or a backup for their results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from audit_tables import broken
from choice_cases import choices, chosen, unchecked

from hybridplan.audit import audit, eligibility
from hybridplan.audit.routes import backup_site


def reason(pool: str, *changes: dict[str, Any]) -> str:
    return eligibility(unchecked(*changes), "web", pool)[1]


def web(**fields: Any) -> dict[str, Any]:
    return {"workloads": {"web": fields}}


@pytest.mark.parametrize("state", ["present", "planned", "choosable"])
def test_a_copy_that_is_there_or_may_be_opens_the_route(state: str) -> None:
    assert reason("od", {"datasets": {"d": {"copies": {"east": {"state": state}}}}}) == ""


def test_without_a_copy_there_is_no_route() -> None:
    """The home of the data needs none; with two datasets each must be there."""
    assert reason("od", {"datasets": {"d": {"copies": {"east": None}}}}) == (
        "there is no copy of d at east, and none may be made"
    )
    assert reason("own", {"datasets": {"d": {"copies": {"east": None}}}}) == ""
    both = web(datasets=["d", "m"])
    assert reason("own", both) == ""
    assert reason("own", both, {"datasets": {"m": {"copies": {"home": None}}}}) == (
        "there is no copy of m at home, and none may be made"
    )


@pytest.mark.parametrize(
    ("fields", "site", "backup"),
    [
        ({}, "home", "west"),
        ({}, "east", "home"),
        ({"backup_sites": ["east", "west"]}, "east", "west"),
        ({"backup_sites": ["east"]}, "east", None),
        ({"backup_apart": "provider", "backup_sites": ["west", "home"]}, "east", "home"),
        # Residency passes the west over, which is in NL.
        ({"allowed_jurisdictions": ["DE"], "backup_sites": ["west", "east"]}, "home", "east"),
        ({"allowed_jurisdictions": ["DE"]}, "home", None),
        # The site itself offers it, whatever its pools do: the pools in the east do, the east does not.
        ({"required_attributes": ["sealed"], "backup_sites": ["east", "west"]}, "home", "west"),
        ({"required_attributes": ["sealed", "iso"], "backup_sites": ["east", "west"]}, "home", None),
        # Home and west are in zone a, the east in zone b.
        ({"backup_apart": "zone", "backup_sites": ["home", "west", "east"]}, "home", "east"),
        ({"backup_apart": "zone", "backup_sites": ["east", "west"]}, "east", "west"),
        ({"backup_apart": "zone", "backup_sites": ["west"]}, "home", None),
    ],
)
def test_the_first_backup_site_that_is_apart_is_taken(fields: dict[str, Any], site: str, backup: str | None) -> None:
    """In the case with providers the west belongs to that of the east."""
    same = {"sites": {"west": {"provider": "acme" if fields.get("backup_apart") == "provider" else "bolt"}}}
    offered = {"sites": {"west": {"attributes": ["sealed"]}}, "pools": {"od": {"attributes": ["sealed", "iso"]}}}
    zones = {"sites": {site: {"zone": zone} for site, zone in {"home": "a", "west": "a", "east": "b"}.items()}}
    scenario = unchecked(web(**fields), same, offered, zones)
    assert backup_site(scenario, scenario.workloads["web"], site) == backup


def test_a_zone_that_is_not_known_is_apart_from_none() -> None:
    apart = web(backup_apart="zone", backup_sites=["west", "east"])
    for zones in ({}, {"home": "a"}, {"west": "a", "east": "b"}):
        scenario = unchecked(apart, {"sites": {site: {"zone": zone} for site, zone in zones.items()}})
        assert backup_site(scenario, scenario.workloads["web"], "home") is None


def test_work_whose_backup_lacks_an_attribute_is_found() -> None:
    """The only backup site of what runs at home is the west, which does not offer what the pools do by themselves."""
    sealed = {"pools": {pool: {"attributes": ["sealed"]} for pool in ("own", "od", "res")}}
    asked = web(required_attributes=["sealed"], backup_sites=["west"])
    scenario = unchecked(asked, sealed)
    assert "routes" in broken(audit(scenario, chosen(scenario)))
    assert reason("own", asked, sealed) == "no backup site is apart from home and keeps residency and attributes"
    assert reason("own", asked, sealed, {"sites": {"west": {"attributes": ["sealed"]}}}) == ""


def test_without_a_backup_or_a_link_to_it_there_is_no_route() -> None:
    assert reason("own", web(backup_sites=["home"])) == (
        "no backup site is apart from home and keeps residency and attributes"
    )
    assert reason("own", {"links": {"hw": None}}) == "no link from home to the backup at west"
    assert reason("od", {"links": {"back": None}}) == "no link from east to the backup at home"
    assert reason("own", web(backup_sites=[]), {"links": {"hw": None}}) == ""
    assert reason("own", web(result_gb_per_unit=0.0), {"links": {"hw": None}}) == ""


def test_work_on_such_a_route_is_found() -> None:
    scenario = unchecked(web(backup_sites=["home"]))
    assert "routes" in broken(audit(scenario, chosen(scenario)))


def test_a_missing_price_of_storage_is_no_price_of_nothing() -> None:
    scenario = unchecked({"sites": {"east": {"storage_usd_per_gb_month": None}}})
    assert not audit(scenario, chosen(scenario)).ok


def test_standby_before_the_first_copy_is_found_too() -> None:
    """One accelerator of res stands by for the loss of home in period 0, when the data is not yet there.

    Nothing is promised of what home serves alone then: 1 % of 4 units is more than 0, so the promise fails too.
    """
    failure = {"f": {"kind": "site", "record": "home"}}
    scenario = choices({"workloads": {"web": {"promised_share": 0.01}}, "policy": {"contingencies": failure}})
    plan = chosen(scenario)
    row = plan.provisioned.iloc[[0]].assign(workload="web", pool="res", accelerators_standby=1.0, units_per_hour=1.0)
    standby = row[["workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour"]]
    n = plan.provisioned.copy()
    first = (n["pool"] == "res") & (n["period_start"] == n["period_start"].min())
    n.loc[first, "accelerators_provisioned"] = 1.0
    found = audit(scenario, replace(plan, standby=standby, provisioned=n))
    assert broken(found) == {"routes"}


@pytest.mark.parametrize(
    ("offering", "expected"),
    [
        (("out", "hw", "we"), set()),
        (("out", "hw"), {"sync"}),
        (("hw", "we"), {"sync"}),
        ((), {"sync"}),
    ],
)
def test_data_is_sent_over_links_that_offer_what_it_requires(offering: tuple[str, ...], expected: set[str]) -> None:
    """d goes to the east directly and by the west; m, which requires nothing, and the work are not asked."""
    scenario = unchecked(
        {
            "datasets": {"d": {"required_link_attributes": ["encrypted"]}},
            "links": {link: {"attributes": ["fast", "encrypted"]} for link in offering},
        }
    )
    assert broken(audit(scenario, chosen(scenario))) == expected
