"""Pools, sites and links from the bundled catalogue, with what it does not know said in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from hybridplan.io import catalogue
from hybridplan.ui.editors.rows import Document, section

PRICE_COLUMNS: Final = (
    "sku",
    "purchase_option",
    "term_years",
    "instance_type",
    "accelerators_per_node",
    "price_usd_per_accelerator_hour",
    "source",
    "as_of",
)
_LONGEST_TEXT: Final = 200
_SHORT: Final = {"on_demand": "od", "interruptible": "spot", "reserved": "res"}
Record = dict[str, Any]


@dataclass(frozen=True)
class Added:
    """A document with a pool from the catalogue; ``pool``: its id; ``notes``: what else was added or is not known."""

    document: Document
    pool: str
    notes: list[str] = field(default_factory=list)


def add_pool(document: Document, offer: Mapping[str, Any], accelerators: float) -> Added:
    """Add the offer (a row of ``catalogue.prices()``) as a pool of at most ``accelerators``, with its site and links.

    A reserved offer gets no capacity of its own but a commitment of ``accelerators`` at its fee.
    """
    provider, region, sku = str(offer["provider"]), str(offer["region"]), str(offer["sku"])
    option = str(offer["purchase_option"])
    notes: list[str] = []
    document, site = _with_site(document, provider, region, notes)
    pools = section(document, "pools")
    pool_id = _free(f"{site}-{sku}-{_SHORT.get(option, option)}".lower(), pools)
    is_reserved = option == "reserved"
    price, whole = float(offer["price_usd_per_accelerator_hour"]), _plain(accelerators)
    record: Record = {
        "name": f"{provider} {region} {sku}, {option.replace('_', ' ')}"[:_LONGEST_TEXT],
        "site": site,
        "sku": sku,
        "purchase_option": option,
        "capacity_accelerators": 0 if is_reserved else whole,
        "price_usd_per_accelerator_hour": 0 if is_reserved else price,
        **_power(sku, notes),
        "accelerators_per_node": int(offer["accelerators_per_node"]),
        "price_source": str(offer["source"])[:_LONGEST_TEXT],
        "price_date": str(offer["as_of"]),
        "notes": f"instance type {offer['instance_type']}"[:_LONGEST_TEXT],
    }
    document = {**document, "pools": {**pools, pool_id: record}}
    if is_reserved:
        document = _with_commitment(document, pool_id, whole, price, record, offer)
    if option == "interruptible":
        notes.append("How often it is interrupted is not in the catalogue: enter interruptions per hour in the pool.")
    return Added(document, pool_id, notes)


def known_links(document: Document, site_id: str) -> tuple[dict[str, Record], list[str]]:
    """Links between a site and all others that the catalogue has, by id, and the pairs that it does not have."""
    sites, present = section(document, "sites"), _pairs(document)
    here = sites[site_id]
    found: dict[str, Record] = {}
    missing: list[str] = []
    for other_id, other in sites.items():
        if other_id == site_id or not isinstance(other, dict):
            continue
        for from_id, start, to_id, end in ((site_id, here, other_id, other), (other_id, other, site_id, here)):
            if (from_id, to_id) in present:
                continue
            link = _link(start, end)
            if link is None:
                missing.append(f"{from_id} to {to_id}")
            else:
                found[f"{from_id}>{to_id}"] = {"from_site": from_id, "to_site": to_id, **link}
    return found, missing


def _with_site(document: Document, provider: str, region: str, notes: list[str]) -> tuple[Document, str]:
    """The document with a site of this provider and region, its id, and its links; nothing where it is there."""
    sites = section(document, "sites")
    for site_id, site in sites.items():
        if isinstance(site, dict) and (site.get("provider"), site.get("region")) == (provider, region):
            return document, site_id
    site_id = _free(_slug(f"{provider}-{region}"), sites)
    document = {**document, "sites": {**sites, site_id: _site(provider, region, notes)}}
    found, missing = known_links(document, site_id)
    notes.append(f"Added site {site_id} and {len(found)} links from the catalogue.")
    if missing:
        shown = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
        notes.append(f"The catalogue has no round trip or transfer price for {shown}: add these links yourself.")
    return {**document, "links": {**section(document, "links"), **found}}, site_id


def _site(provider: str, region: str, notes: list[str]) -> Record:
    table = catalogue.regions()
    rows = table[(table["provider"] == provider) & (table["region"] == region)].to_dict("records")
    record: Record = {"kind": "public", "provider": provider, "region": region}
    if not rows or not rows[0]["jurisdiction"]:
        notes.append("The catalogue does not say where this region is: fill in the jurisdiction of the new site.")
        return record
    row = rows[0]
    record |= {"name": f"{provider} {row['location']}", "jurisdiction": row["jurisdiction"]}
    sources = []
    for column, prefix, label in (("pue", "pue", "PUE"), ("grid_carbon_g_per_kwh", "carbon", "carbon")):
        if math.isfinite(row[column]):
            record[column] = row[column]
            sources.append(f"{label}: {row[f'{prefix}_source']}")
        else:
            notes.append(f"The catalogue has no {label} for {provider} {region}.")
    record["rates_source"] = "; ".join(sources)[:_LONGEST_TEXT]
    dates = [row[name] for name in ("carbon_as_of", "pue_as_of") if row[name]]
    return record | ({"rates_date": min(dates)} if dates else {})


def _power(sku: str, notes: list[str]) -> Record:
    table = catalogue.accelerators()
    rows = table[table["sku"] == sku].to_dict("records")
    if not rows:
        notes.append(f"The catalogue has no power for {sku}: its energy and carbon are not counted.")
        return {}
    return {"busy_kw": rows[0]["busy_kw"], "idle_kw": rows[0]["idle_kw"]}


def _with_commitment(
    document: Document, pool: str, accelerators: float, fee: float, record: Record, offer: Mapping[str, Any]
) -> Document:
    commitments = section(document, "commitments")
    years = float(offer["term_years"])
    commitment = {
        "name": f"{years:g}-year commitment" if math.isfinite(years) else "",
        "pool": pool,
        "accelerators": accelerators,
        "fee_usd_per_accelerator_hour": fee,
        "price_source": record["price_source"],
        "price_date": record["price_date"],
    }
    return {**document, "commitments": {**commitments, _free(f"{pool}-commitment", commitments): commitment}}


def _link(start: Mapping[str, Any], end: Mapping[str, Any]) -> Record | None:
    """Round trip and transfer price between two sites' regions; None where the catalogue lacks either."""
    row = _link_rows().get(tuple(str(site.get(name)) for site in (start, end) for name in ("provider", "region")))
    if row is None or not (math.isfinite(row["round_trip_ms"]) and math.isfinite(row["usd_per_gb"])):
        return None
    source = f"round trip: {row['rtt_source']}; price: {row['egress_source']}"[:_LONGEST_TEXT]
    dates = [row[name] for name in ("rtt_as_of", "egress_as_of") if row[name]]
    out = {"round_trip_ms": row["round_trip_ms"], "usd_per_gb": row["usd_per_gb"], "source": source}
    return out | ({"as_of": min(dates)} if dates else {})


def _link_rows() -> dict[tuple[str, ...], Record]:
    names = ("from_provider", "from_region", "to_provider", "to_region")
    return {tuple(str(row[name]) for name in names): row for row in _records(catalogue.links())}


def _records(table: pd.DataFrame) -> list[Record]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _pairs(document: Document) -> set[tuple[Any, Any]]:
    links = section(document, "links").values()
    return {(link.get("from_site"), link.get("to_site")) for link in links if isinstance(link, dict)}


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-").lower()[:70]


def _free(wanted: str, taken: Mapping[str, Any] | Sequence[str]) -> str:
    return next(name for name in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
