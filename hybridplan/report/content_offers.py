"""Evidence about what was on offer: commitments that may grow, savings plans, hardware, private lines; and the data."""

from __future__ import annotations

from datetime import date

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.hardware.expansions import terms
from hybridplan.analysis.sentences.purchasing import on_offer
from hybridplan.domain import Scenario
from hybridplan.domain.attributes import attribute_labels
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import count, number, share, table, text


def sections(scenario: Scenario) -> tuple[Section, ...]:
    """What may be bought and committed to, with source and date of its price; then datasets. Only what there is."""
    offers = (*_commitments(scenario), *_spend(scenario), *_expansions(scenario), *_lines(scenario))
    found = (Section("offers", "What is on offer", tables=offers),) if offers and on_offer(scenario) else ()
    data = _datasets(scenario)
    return (*found, *((Section("datasets", "Datasets", tables=data),) if data else ()))


def _commitments(scenario: Scenario) -> tuple[Table, ...]:
    names, pools, money = labels.commitments(scenario), labels.pools(scenario), scenario.display_currency
    rows = [
        {
            "name": names[key],
            "pool": pools.get(one.pool, one.pool),
            "most": one.max_new_accelerators,
            "fee": one.fee_usd_per_accelerator_hour * money.units_per_usd,
            "term": one.term_years,
            "upfront": one.upfront_share,
            "source": one.price_source,
            "day": _day(one.price_date),
        }
        for key, one in scenario.commitments.items()
        if one.max_new_accelerators > 0
    ]
    columns = {
        "name": text("Commitment"),
        "pool": text("Pool"),
        "most": count("At most (accelerators)"),
        "fee": number(f"Fee ({money.code} per accelerator-hour)"),
        "term": number("Term (years)"),
        "upfront": share("Paid upfront"),
        "source": text("Source of fee"),
        "day": text("Date"),
    }
    return (table("offered-commitments", "Commitments", pd.DataFrame(rows), columns),) if rows else ()


def _spend(scenario: Scenario) -> tuple[Table, ...]:
    names, pools, money = labels.spend_commitments(scenario), labels.pools(scenario), scenario.display_currency
    rows = [
        {
            "name": names[key],
            "held": one.usd_per_hour * money.units_per_usd,
            "most": one.max_new_usd_per_hour * money.units_per_usd,
            "rates": "; ".join(
                f"{pools.get(pool, pool)} {fmt.money(usd, money)}"
                for pool, usd in one.rates_usd_per_accelerator_hour.items()
            ),
            "term": one.term_years,
            "source": one.price_source,
            "day": _day(one.price_date),
        }
        for key, one in scenario.spend_commitments.items()
    ]
    columns = {
        "name": text("Spend commitment"),
        "held": number(f"Held ({money.code} per hour)"),
        "most": number(f"New at most ({money.code} per hour)"),
        "rates": text("Rates per accelerator-hour"),
        "term": number("Term (years)"),
        "source": text("Source of rates"),
        "day": text("Date"),
    }
    return (table("spend-commitments", "Spend commitments", pd.DataFrame(rows), columns),) if rows else ()


def _expansions(scenario: Scenario) -> tuple[Table, ...]:
    names, pools, money = labels.expansions(scenario), labels.pools(scenario), scenario.display_currency
    rows = [
        {
            "name": names[key],
            "pool": pools.get(one.pool, one.pool),
            "most": one.max_accelerators,
            "capex": one.capex_usd_per_accelerator * money.units_per_usd,
            "rate": terms(scenario, one).interest_rate,
            "life": terms(scenario, one).life_years,
            "yearly": (one.staff_usd_per_accelerator_year + one.space_usd_per_accelerator_year) * money.units_per_usd,
            "blocks": one.lead_time_blocks,
            "source": one.price_source,
            "day": _day(one.price_date),
        }
        for key, one in scenario.expansions.items()
    ]
    columns = {
        "name": text("Hardware"),
        "pool": text("Pool"),
        "most": count("At most (accelerators)"),
        "capex": number(f"Price ({money.code} each)"),
        "rate": share("Interest per year"),
        "life": number("Life (years)"),
        "yearly": number(f"Staff, space ({money.code} per year each)"),
        "blocks": count("Comes after (blocks)"),
        "source": text("Source of price"),
        "day": text("Date"),
    }
    return (table("offered-hardware", "Hardware", pd.DataFrame(rows), columns),) if rows else ()


def _lines(scenario: Scenario) -> tuple[Table, ...]:
    names, money = labels.links(scenario), scenario.display_currency
    rows = [
        {
            "name": names[key],
            "most": link.max_private_gbps,
            "price": link.private_usd_per_gbps_hour * money.units_per_usd,
            "fixed": link.private_usd_per_hour * money.units_per_usd,
            "gb": None if link.private_usd_per_gb is None else link.private_usd_per_gb * money.units_per_usd,
            "source": link.source,
            "day": _day(link.as_of),
        }
        for key, link in scenario.links.items()
        if link.max_private_gbps > 0
    ]
    columns = {
        "name": text("Private line from, to"),
        "most": number("At most (Gbit/s)"),
        "price": number(f"Price ({money.code} per Gbit/s and hour)"),
        "fixed": number(f"Fixed ({money.code} per hour)"),
        "gb": number(f"Data on it ({money.code} per GB)"),
        "source": text("Source"),
        "day": text("Date"),
    }
    return (table("offered-lines", "Private lines", pd.DataFrame(rows), columns),) if rows else ()


def _datasets(scenario: Scenario) -> tuple[Table, ...]:
    names, sites = labels.datasets(scenario), labels.sites(scenario)
    rows = [
        {
            "name": names[key],
            "home": sites.get(one.home_site, one.home_site),
            "size": one.size_gb,
            "change": one.change_gb_per_hour,
            "copies": one.min_copies,
            "apart": one.copies_apart,
            "law": fmt.listed(one.allowed_jurisdictions, "or") or "anywhere",
            "links": fmt.listed(attribute_labels(one.required_link_attributes)) or "any",
        }
        for key, one in scenario.datasets.items()
    ]
    columns = {
        "name": text("Dataset"),
        "home": text("Home"),
        "size": number("Size (GB)"),
        "change": number("Change (GB per hour)"),
        "copies": count("Copies at least"),
        "law": text("May stand in"),
    }
    if any(one.min_copies > 1 for one in scenario.datasets.values()):
        columns["apart"] = text("Apart by")
    if any(one.required_link_attributes for one in scenario.datasets.values()):
        columns["links"] = text("Travels over links with")
    return (table("datasets", "Datasets", pd.DataFrame(rows), columns),) if rows else ()


def _day(day: date | None) -> str:
    return fmt.NO_VALUE if day is None else fmt.day(day)
