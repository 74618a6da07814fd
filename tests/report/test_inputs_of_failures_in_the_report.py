"""New inputs in the report: zones, attributes, rules on providers, and how a promise is kept."""

from __future__ import annotations

from typing import Any

import pytest
from builders import pool, rigid, scenario
from report_cases import MADE_AT

import hybridplan as hp
from hybridplan.report.content import Report, content

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "zone": "hall-1"},
    "far": {"kind": "public", "provider": "acme", "jurisdiction": "DE", "attributes": ["audit_soc2", "green_power"]},
}
SAFE = ["encryption_in_transit"]
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0, "attributes": SAFE}}
FAILURES = {"dark": {"kind": "site", "record": "here"}}


def report(sites: Any = SITES, links: Any = LINKS, policy: Any = None, **work: Any) -> Report:
    pools = {"a": pool("owned", 9, 1.0), "b": pool("on_demand", 9, 2.0, site="far")}
    made = scenario(pools, {"w": rigid([4.0], **work)}, sites=sites, links=links, policy=policy or {})
    return content(hp.solve(made), made_at=MADE_AT)


def cells(found: Report, section: str, table: int = 0) -> list[dict[str, Any]]:
    """Rows of a table by the titles of its columns."""
    one = next(part for part in found.evidence if part.key == section).tables[table]
    return [dict(zip([column.label for column in one.columns], row, strict=True)) for row in one.rows]


def test_zones_and_attributes_stand_with_their_records_in_plain_words() -> None:
    found = report()
    here, far = cells(found, "sites")
    assert (here["Zone"], far["Zone"]) == ("hall-1", "–")
    assert far["Offers"] == "an audit to SOC 2, green power"
    assert cells(found, "links")[0]["Offers"] == "encryption in transit"
    assert not {"Own zone", "Offers besides its site"} & set(cells(found, "pools")[0])


def test_what_nobody_gave_takes_no_column() -> None:
    bare = {key: {k: v for k, v in site.items() if k not in ("zone", "attributes")} for key, site in SITES.items()}
    links = {"out": {key: value for key, value in LINKS["out"].items() if key != "attributes"}}
    found = report(bare, links)
    assert not {"Zone", "Offers"} & set(cells(found, "sites")[0])
    assert "Offers" not in cells(found, "links")[0]


def test_rules_on_providers_are_listed() -> None:
    policy = {
        "min_providers": 1,
        "max_providers": 3,
        "provider_counts_from_accelerator_hours": 2,
        "provider_fixed_usd_per_hour": {"acme": 1.5},
        "provider_share_cap": 1.0,
        "provider_share_of": "rented_usd",
    }
    rules = {row["Rule or rate"]: row["Value"] for row in cells(report(policy=policy), "policy")}
    assert rules["Fewest providers"] == "1, each for 2 rented accelerator-hours or more"
    assert rules["Most providers"] == "3"
    assert rules["Using acme at all"] == "1.50 USD per hour"
    assert rules["Largest share of one provider"] == "100 % of all that is paid for rented pools"


def test_how_a_promise_is_kept_and_what_its_links_must_offer_stand_with_the_workload() -> None:
    policy = {"contingencies": FAILURES}
    work = {
        "promised_share": 0.8,
        "promise_form": "shared",
        "recovery_minutes": 15,
        "latency_objective_ms": 50,
        "latency_after_failure_ms": 90,
        "required_link_attributes": SAFE,
    }
    (row,) = cells(report(policy=policy, **work), "demand", 1)
    assert row["Promised"] == "80 % after a failure, by what survives, within 15 minutes, then in 90 ms"
    assert row["May run"] == "over links with encryption in transit"


def test_where_results_are_backed_up_and_what_keeps_copies_apart() -> None:
    """Said where there is any; else there is no column for it."""
    sites = {key: {**site, "storage_usd_per_gb_month": 1.0, "zone": key} for key, site in SITES.items()}
    kept = {"result_gb_per_unit": 1.0, "result_kept_hours": 1.0, "backup_sites": ["far"], "backup_apart": "zone"}
    (row,) = cells(report(sites, **kept), "demand", 1)
    assert row["Results backed up"] == "at far, the first at another zone than where they are made"
    assert "Results backed up" not in cells(report(sites), "demand", 1)[0]


@pytest.mark.parametrize("least", [1, 2])
def test_what_copies_must_not_share_stands_with_their_number(least: int) -> None:
    sites = {key: {**site, "storage_usd_per_gb_month": 1.0, "zone": key} for key, site in SITES.items()}
    data = {"home_site": "here", "size_gb": 1.0, "copies": {"far": {"state": "present"}}, "min_copies": least}
    pools = {"a": pool("owned", 9, 1.0)}
    work = {"w": rigid([4.0], datasets=["d"])}
    made = scenario(pools, work, sites=sites, links=LINKS, datasets={"d": {**data, "copies_apart": "zone"}})
    (row,) = cells(content(hp.solve(made), made_at=MADE_AT), "datasets")
    assert row.get("Apart by") == (None if least == 1 else "zone")
