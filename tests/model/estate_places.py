"""Parts of random estates on places: what sites, pools, data and backups must offer, and what keeps copies apart."""

from __future__ import annotations

from typing import Any

from estate_scenarios import Draw, likely

Document = dict[str, Any]


def secured(rng: Draw, document: Document, whole: bool) -> None:
    """Sites and pools that are sealed, and work and data that need it; backups at sites that are sealed themselves."""
    sites = document["sites"]
    for place in [*sites.values(), *document["pools"].values()]:
        if likely(rng, 0.7):
            place["attributes"] = ["sealed"]
    for work in document["workloads"].values():
        if work.get("must_serve") or not likely(rng, 0.35):
            continue
        work["required_attributes"] = ["sealed"]
        if named := work.get("backup_sites"):
            # At least one of them is, so that there is a backup still.
            sites[named[-1]]["attributes"] = ["sealed"]
            work["backup_sites"] = [s for s in named if "attributes" in sites[s]]
    for data in document.get("datasets", {}).values():
        places = [data["home_site"], *data["copies"], *data["relay_sites"]]
        if likely(rng, 0.5) and all("attributes" in sites[s] for s in places):
            data["required_attributes"] = ["sealed"]


def zoned(rng: Draw, document: Document, whole: bool) -> None:
    """Copies and backups apart by zone; every site named for it has a zone, other sites may have none."""
    for data in document.get("datasets", {}).values():
        if data["copies"] and likely(rng, 0.4):
            named = [data["home_site"], *data["copies"]]
            zones = _zones(rng, document, named)
            data["copies_apart"], data["min_copies"] = "zone", int(rng.integers(1, len(zones) + 1))
    for work in document["workloads"].values():
        if work.get("backup_sites") and not work.get("must_serve") and likely(rng):
            _zones(rng, document, work["backup_sites"])
            work["backup_apart"] = "zone"


def _zones(rng: Draw, document: Document, sites: list[str]) -> set[str]:
    return {document["sites"][s].setdefault("zone", str(rng.choice(["za", "zb", "zc"]))) for s in sites}
