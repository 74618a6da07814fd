"""Datasets and results are checked: where they may be, how copies are reached, and what keeping them costs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from builders import hour, pool, rigid

from hybridplan.domain import parse
from hybridplan.domain.checks import size
from hybridplan.errors import Issue


def site(provider: str, jurisdiction: str = "DE", **fields: Any) -> dict[str, Any]:
    return {
        "kind": "public",
        "provider": provider,
        "jurisdiction": jurisdiction,
        "storage_usd_per_gb_month": 0.02,
        **fields,
    }


def link(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"from_site": start, "to_site": end, "round_trip_ms": 5, "gbps": 10, **fields}


def estate() -> dict[str, Any]:
    """A dataset at home, a copy there already, one chosen behind a relay; work that needs it and keeps results."""
    return {
        "schema_version": 1,
        "name": "data",
        "horizon": hour(4),
        "sites": {
            "here": site("own", attributes=["safe"]),
            "near": site("acme", attributes=["safe"]),
            "far": site("acme", attributes=["safe"]),
            "relay": site("other", attributes=["safe"]),
        },
        "pools": {"a": pool("owned", 10, 1.0), "b": pool("on_demand", 10, 3.0, site="near")},
        "workloads": {
            "w": rigid(
                [1, 2, 3, 4],
                datasets=["d"],
                result_gb_per_unit=2,
                result_kept_hours=730,
                backup_sites=["here", "near"],
            )
        },
        "links": {
            f"{start}>{end}": link(start, end)
            for start, end in (
                ("here", "near"),
                ("near", "here"),
                ("here", "relay"),
                ("relay", "far"),
            )
        },
        "datasets": {
            "d": {
                "home_site": "here",
                "size_gb": 900,
                "change_gb_per_hour": 1,
                "copies": {"near": {"state": "present"}, "far": {}},
                "relay_sites": ["relay"],
                "first_copy_gbps": 1,
                "min_copies": 2,
                "copies_apart": "provider",
                "allowed_jurisdictions": ["DE"],
                "required_attributes": ["safe"],
            }
        },
    }


def changed(changes: dict[str, Any]) -> list[Issue]:
    """The issues of the estate with values set at paths; None removes one."""
    data = deepcopy(estate())
    for path, value in changes.items():
        *parents, last = path.split("/")
        node = data
        for name in parents:
            node = node[name]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return parse(data)[1]


def test_the_estate_has_no_issue() -> None:
    assert changed({}) == []


BY_ZONE = {"datasets/d/copies_apart": "zone"}
BACKUP_BY_ZONE = {**BY_ZONE, "datasets/d/min_copies": 1, "workloads/w/backup_apart": "zone"}
HERE, NEAR, FAR = {"sites/here/zone": "a"}, {"sites/near/zone": "b"}, {"sites/far/zone": "b"}
ZONED = {**BY_ZONE, **HERE, **NEAR, **FAR}
ERRORS: list[tuple[dict[str, Any], str, str]] = [
    ({"datasets/d/home_site": "moon"}, "datasets.d.home_site", "there is no site"),
    ({"datasets/d/copies/moon": {}}, "datasets.d.copies", "there is no site"),
    ({"datasets/d/relay_sites": ["moon"]}, "datasets.d.relay_sites", "there is no site"),
    ({"workloads/w/datasets": ["moon"]}, "workloads.w.datasets", "there is no dataset"),
    ({"workloads/w/datasets": ["d", "d"]}, "workloads.w.datasets", "named twice"),
    ({"workloads/w/backup_sites": ["moon"]}, "workloads.w.backup_sites", "there is no site"),
    ({"datasets/d/copies/here": {}}, "datasets.d.copies.here", "holds it already"),
    ({"sites/here/jurisdiction": "US"}, "datasets.d.home_site", "here is in US, outside its residency (DE)"),
    ({"sites/near/jurisdiction": "US"}, "datasets.d.copies.near", "outside its residency"),
    ({"sites/far/attributes": []}, "datasets.d.copies.far", "far does not offer safe"),
    ({"sites/relay/jurisdiction": "US"}, "datasets.d.relay_sites", "relay is in US"),
    ({"datasets/d/min_copies": 3}, "datasets.d.min_copies", "at 2 provider(s) at most"),
    ({"datasets/d/min_copies": 4, "datasets/d/copies_apart": "site"}, "datasets.d.min_copies", "at 3 site(s) at most"),
    ({"datasets/d/first_copy_gbps": None}, "datasets.d.first_copy_gbps", "no link leads straight from here to far"),
    ({"links/here>near": None}, "datasets.d.copies.near", "no links lead from here"),
    # Zones tell here from near and far; relay only passes data on.
    ({**ZONED, "datasets/d/min_copies": 3}, "datasets.d.min_copies", "at 2 zone(s) at most"),
    ({**BY_ZONE, **NEAR, **FAR}, "sites.here.zone", "is needed, since copies of d are kept apart by zone"),
    ({**BY_ZONE, **HERE, **FAR}, "sites.near.zone", "is needed, since copies of d are kept apart by zone"),
    ({**BACKUP_BY_ZONE, **HERE}, "sites.near.zone", "is needed, since results of w are backed up here"),
    ({"workloads/w/required_attributes": ["safe", "iso"]}, "workloads.w.backup_sites", "near does not offer iso"),
    (
        {
            "workloads/w/required_attributes": ["safe", "iso"],
            "sites/near/attributes": ["iso"],
            "sites/here/attributes": ["safe", "iso"],
        },
        "workloads.w.backup_sites",
        "near does not offer safe",
    ),
    ({"sites/far/storage_usd_per_gb_month": None}, "sites.far.storage_usd_per_gb_month", "dataset d is or may be kept"),
]
WARNINGS: list[tuple[dict[str, Any], str, str]] = [
    (
        {**BACKUP_BY_ZONE, **NEAR, **FAR, "workloads/w/backup_sites": ["far"]},
        "sites.here.zone",
        "is not given, so w, whose results are backed up in another zone, does not run here",
    ),
    ({"links/relay>far": None}, "datasets.d.copies.far", "never made"),
    ({"datasets/d/relay_sites": []}, "datasets.d.copies.far", "never made"),
    ({"datasets/d/first_copy_gbps": 0.4}, "datasets.d.first_copy_gbps", "takes 5 hours"),
    (
        {
            "links/here>near/gbps": 1.0,
            "datasets/e": {
                "home_site": "here",
                "size_gb": 9,
                "copies": {"near": {"state": "planned"}},
                "min_copies": 2,
            },
        },
        "datasets.e.first_copy_gbps",
        "what other datasets send there",
    ),
    ({"workloads/w/datasets": [], "datasets/d/min_copies": 1}, "datasets.d", "no workload needs it"),
    (
        {"pools/a/site": "relay", "pools/b/site": "relay", "workloads/w/backup_sites": []},
        "workloads.w.datasets",
        "holds, or may hold",
    ),
    ({"workloads/w/result_gb_per_unit": 0}, "workloads.w.result_kept_hours", "no results to keep"),
    ({"workloads/w/result_gb_per_unit": 0}, "workloads.w.backup_sites", "no results to back up"),
    ({"workloads/w/result_kept_hours": 0}, "workloads.w.result_kept_hours", "costs nothing"),
    ({"workloads/w/backup_sites": [], "workloads/w/backup_apart": "provider"}, "workloads.w.backup_apart", "no effect"),
    ({"workloads/w/backup_sites": ["far"]}, "workloads.w.backup_sites", "no site where this work can run has a link"),
]


@pytest.mark.parametrize(
    ("changes", "path", "message", "severity"),
    [*((*case, "error") for case in ERRORS), *((*case, "warning") for case in WARNINGS)],
)
def test_a_fault_is_named_with_its_place_and_how_to_mend_it(
    changes: dict[str, Any], path: str, message: str, severity: str
) -> None:
    found = [issue for issue in changed(changes) if issue.path == path and message in issue.message]
    assert len(found) == 1, changed(changes)
    assert found[0].severity == severity
    assert found[0].mend


def test_a_copy_may_be_passed_on_by_a_site_that_holds_one_but_not_by_one_that_may_be_chosen() -> None:
    """far is reached by near only where the copy there is present or planned."""
    way = {"links/relay>far": None, "links/near>far": link("near", "far")}
    assert changed(way) == []
    (issue,) = changed({**way, "datasets/d/copies/near": {"state": "choosable"}, "datasets/d/min_copies": 1})
    assert issue.path == "datasets.d.copies.far"


def test_a_copy_that_is_there_and_never_changes_needs_no_way() -> None:
    assert changed({"links/here>near": None, "workloads/w/backup_sites": [], "datasets/d/change_gb_per_hour": 0}) == []


def test_results_need_a_price_where_they_are_made_and_where_they_are_backed_up() -> None:
    """Without the dataset: both pools' sites, and the backup of each; far and relay keep nothing."""
    free: dict[str, Any] = {"datasets": {}, "workloads/w/datasets": []}
    prices = {f"sites/{name}/storage_usd_per_gb_month": None for name in ("here", "near", "far", "relay")}
    assert {issue.path for issue in changed({**free, **prices})} == {
        "sites.here.storage_usd_per_gb_month",
        "sites.near.storage_usd_per_gb_month",
    }
    at_home = {**free, **prices, "workloads/w/allowed_sites": ["here"], "workloads/w/backup_sites": []}
    assert [issue.path for issue in changed(at_home)] == ["sites.here.storage_usd_per_gb_month"]


def test_choices_count_towards_the_size_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 routes and 1 copy to choose in 4 periods, and 2 copies over 4 links: 3 x 4 + 8 = 20."""
    monkeypatch.setenv("HYBRIDPLAN_MAX_ROUTE_PERIODS", "20")
    assert changed({}) == []
    monkeypatch.setenv("HYBRIDPLAN_MAX_ROUTE_PERIODS", "19")
    (issue,) = changed({})
    assert "20 routes x periods, at most 19" in issue.message


def test_copies_of_all_datasets_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "MAX_RECORDS", 4)
    twice = {"datasets/e": {**estate()["datasets"]["d"], "copies": {"near": {}, "far": {}, "relay": {}}}}
    assert {issue.path for issue in changed(twice)} == {"datasets.*.copies"}


def test_zones_that_tell_copies_and_backups_apart_raise_no_issue() -> None:
    """Without a need to tell sites apart no zone is needed: one copy, or no results."""
    assert changed(ZONED) == []
    assert changed({**BACKUP_BY_ZONE, **HERE, **NEAR}) == []
    assert changed({"datasets/d/copies_apart": "zone", "datasets/d/min_copies": 1}) == []
    unneeded = {"workloads/w/backup_apart": "zone", "workloads/w/result_gb_per_unit": 0}
    assert {issue.path for issue in changed(unneeded)} == {
        "workloads.w.result_kept_hours",
        "workloads.w.backup_sites",
    }


def test_every_backup_site_that_lacks_an_attribute_is_named_at_once_and_pools_do_not_offer_it() -> None:
    lacking = {
        "workloads/w/required_attributes": ["safe", "iso", "sealed"],
        "sites/here/attributes": ["safe", "sealed"],
        "pools/a/attributes": ["iso", "sealed"],
        "pools/b/attributes": ["iso", "sealed"],
    }
    found = [issue for issue in changed(lacking) if issue.severity == "error"]
    assert [(issue.path, issue.value, issue.message.split(",")[0]) for issue in found] == [
        ("workloads.w.backup_sites", "here", "here does not offer iso"),
        ("workloads.w.backup_sites", "near", "near does not offer iso"),
    ]
    assert "sites.near.attributes" in found[1].mend
    assert "sealed" in found[1].message
    assert "sealed" not in found[0].message
    offered = {f"sites/{name}/attributes": ["safe", "iso", "sealed"] for name in ("here", "near")}
    assert changed({**lacking, **offered}) == []
    none_kept = changed({**lacking, "workloads/w/result_gb_per_unit": 0})
    assert not [issue for issue in none_kept if issue.severity == "error"]
