"""Rows of vendors' tables onto the records of a document that they speak of: prices, rates, links."""

from __future__ import annotations

import re
from statistics import median
from typing import Any, Final

from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.forms.periods import Document, records, section_of

Row = dict[str, Any]

_ZONE: Final = re.compile(r"(?P<region>[a-z]+-[a-z]+\d+)-[a-z]", re.ASCII)
_WORLD: Final = "global"


def prices(document: Document, rows: list[Row]) -> None:
    """Set list prices and their source on pools, and fees on commitments.

    Provider (of the site), region, SKU and purchase option must agree; ``global`` fits every region. Among several
    fitting rows those with the pool's own node size count, and of these the median price is taken (the lower one of
    two middle ones). Raises :class:`InvalidInput` where no pool fits.
    """
    index: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in rows:
        key = (str(row["provider"]), str(row["region"]), str(row["sku"]), str(row["purchase_option"]))
        index.setdefault(key, []).append(row)
    sites, pools = records(document, "sites"), records(document, "pools")
    changed = 0
    for pool_id, pool in pools.items():
        site = sites.get(str(pool.get("site")), {})
        provider, option = str(site.get("provider")), str(pool.get("purchase_option"))
        sku = str(pool.get("sku"))
        fitting = index.get((provider, str(site.get("region")), sku, option)) or index.get(
            (provider, _WORLD, sku, option)
        )
        if not fitting:
            continue
        row = _typical(fitting, pool.get("accelerators_per_node", 1))
        if option == "reserved":
            changed += _set_fees(document, pool_id, row)
        else:
            pool["price_usd_per_accelerator_hour"] = row["price_usd_per_accelerator_hour"]
            _set_source(pool, row, "price_source", "price_date")
            changed += 1
    if not changed:
        raise InvalidInput(
            [
                Issue(
                    "pools",
                    "no pool has the provider, region, SKU and purchase option of any of these prices",
                    mend="Check provider and region of the sites, or choose the provider when importing.",
                )
            ]
        )


def rates(document: Document, rows: list[Row]) -> None:
    """Set grid carbon and PUE on sites of the same provider and region; :class:`InvalidInput` where none fits."""
    by_place = {(str(row["provider"]), str(row["region"])): row for row in rows}
    changed = 0
    for site in records(document, "sites").values():
        row = by_place.get((str(site.get("provider")), str(site.get("region"))))
        if row is None:
            continue
        for field in ("grid_carbon_g_per_kwh", "pue"):
            if row.get(field) is not None:
                site[field] = row[field]
        _set_source(site, row, "rates_source", "rates_date", given=("rates_source", "rates_date"))
        changed += 1
    if not changed:
        mend = "Check provider and region of the sites."
        raise InvalidInput([Issue("sites", "no site has the provider and region of any of these rows", mend=mend)])


def links(document: Document, rows: list[Row]) -> None:
    """Set round trip, price and bandwidth between sites; a pair that has no link yet gets one where its trip is known.

    ``from_site`` and ``to_site`` of a row are site ids, ``provider:region`` (a zone counts as its region) or regions.
    Raises :class:`InvalidInput` where no row joins two sites, or a new link lacks its round trip.
    """
    names = _site_names(document)
    section = section_of(document, "links")
    existing = {(link.get("from_site"), link.get("to_site")): link for link in records(document, "links").values()}
    changed, no_trip = 0, []
    for row in rows:
        for start in _sites(names, str(row["from_site"])):
            for end in _sites(names, str(row["to_site"])):
                if start == end:
                    continue
                link = existing.get((start, end))
                fields = {k: row[k] for k in ("round_trip_ms", "usd_per_gb", "gbps") if row.get(k) is not None}
                if link is None and "round_trip_ms" not in fields:
                    no_trip.append(f"{start}>{end}")
                    continue
                if link is None:
                    link = section[f"{start}>{end}"] = {"from_site": start, "to_site": end}
                    existing[start, end] = link
                link.update(fields)
                _set_source(link, row, "source", "as_of")
                changed += 1
    if not changed:
        raise InvalidInput([_no_link(no_trip)])


def _no_link(no_trip: list[str]) -> Issue:
    if no_trip:
        mend = "Import round trips first: a link without one cannot exist."
        return Issue("links", "these rows give no round trip, and there is no link yet", no_trip[0], "ms", mend)
    return Issue("links", "no row joins two sites of this scenario", mend="Check provider and region of the sites.")


def _site_names(document: Document) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for site_id, site in records(document, "sites").items():
        region = str(site.get("region") or "")
        for name in {site_id, f"{site.get('provider')}:{region}", region} - {""}:
            names.setdefault(name, []).append(site_id)
    return names


def _sites(names: dict[str, list[str]], place: str) -> list[str]:
    if place in names:
        return names[place]
    provider, _, region = place.rpartition(":")
    zone = _ZONE.fullmatch(region)
    return names.get(f"{provider}:{zone['region']}", []) if zone else []


def _typical(rows: list[Row], per_node: Any) -> Row:
    same = [row for row in rows if row.get("accelerators_per_node") == per_node] or rows
    ordered = sorted(same, key=lambda row: float(row["price_usd_per_accelerator_hour"]))
    middle = median(float(row["price_usd_per_accelerator_hour"]) for row in ordered)
    return max(
        (row for row in ordered if row["price_usd_per_accelerator_hour"] <= middle),
        key=lambda row: float(row["price_usd_per_accelerator_hour"]),
    )


def _set_fees(document: Document, pool_id: str, row: Row) -> int:
    found = [c for c in records(document, "commitments").values() if c.get("pool") == pool_id]
    for commitment in found:
        commitment["fee_usd_per_accelerator_hour"] = row["price_usd_per_accelerator_hour"]
        _set_source(commitment, row, "price_source", "price_date")
    return len(found)


def _set_source(record: Row, row: Row, source: str, as_of: str, given: tuple[str, str] = ("source", "as_of")) -> None:
    for field, name in ((source, given[0]), (as_of, given[1])):
        if row.get(name):
            record[field] = row[name]
        else:
            record.pop(field, None)
