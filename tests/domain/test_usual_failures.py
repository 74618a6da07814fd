"""Failures that are added at one click: what there is to lose, and nothing twice."""

from __future__ import annotations

from typing import Any

from builders import pool, rigid, scenario

from hybridplan.domain import Scenario, parse
from hybridplan.domain.usual_failures import usual_failures

SITES = {
    "fra": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
    "east": {"kind": "public", "provider": "acme", "jurisdiction": "DE"},
    "west": {"kind": "public", "provider": "acme", "jurisdiction": "DE"},
    "bolt-ams": {"kind": "edge", "provider": "bolt", "jurisdiction": "NL"},
    "office": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
}
POOLS = {
    "a": pool("owned", 9, 1.0, site="fra"),
    "e": pool("on_demand", 9, 2.0, site="east"),
    "w": pool("interruptible", 9, 1.0, site="west"),
    "b": pool("on_demand", 9, 2.0, site="bolt-ams"),
}


def made(pools: dict[str, Any], failures: dict[str, Any] | None = None) -> Scenario:
    work = rigid([1.0], origin_site="fra", promised_share=0.5)
    return scenario(pools, {"k": work}, sites=SITES, policy={"contingencies": failures or {}})


def test_every_site_with_pools_every_provider_of_several_sites_and_spot() -> None:
    """Acme runs two sites. Bolt runs one, so losing bolt is losing that site; at the office stands nothing."""
    found = {key: (one.kind, one.record) for key, one in usual_failures(made(POOLS)).items()}
    assert found == {
        "site-fra": ("site", "fra"),
        "site-east": ("site", "east"),
        "site-west": ("site", "west"),
        "site-bolt-ams": ("site", "bolt-ams"),
        "provider-acme": ("provider", "acme"),
        "spot": ("spot", None),
    }


def test_what_is_there_is_not_added_again_whatever_it_is_called() -> None:
    """The group of fra and the provider bolt take what site-fra and site-bolt-ams would take."""
    there = {"dark": {"kind": "group", "sites": ["fra"]}, "b": {"kind": "provider", "record": "bolt"}}
    assert set(usual_failures(made(POOLS, there))) == {"site-east", "site-west", "provider-acme", "spot"}


def test_an_id_that_is_taken_gets_a_number() -> None:
    there = {"site-fra": {"kind": "site", "record": "east"}}
    found = usual_failures(made(POOLS, there))
    assert found["site-fra-2"].record == "fra"
    assert "site-east" not in found


def test_without_spot_there_is_no_spot_and_with_all_of_them_nothing_is_left_to_add() -> None:
    start = made({key: one for key, one in POOLS.items() if key != "w"})
    added = usual_failures(start)
    assert "spot" not in added
    document = start.to_dict()
    document["policy"] = {"contingencies": {key: one.model_dump(mode="json") for key, one in added.items()}}
    after, issues = parse(document)
    assert after is not None
    assert usual_failures(after) == {}
    assert not [issue for issue in issues if issue.path.startswith("policy")]
