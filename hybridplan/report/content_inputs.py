"""Evidence about the inputs: what was planned, with which prices and rates, from which source and date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sentences import evidence, handover
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.domain.attributes import attribute_labels
from hybridplan.domain.prices import contracted_price_usd, discount_share
from hybridplan.plan import Plan
from hybridplan.report import content_offers
from hybridplan.report.content_demand import demand
from hybridplan.report.content_parts import Column, Section, Table
from hybridplan.report.content_tables import count, number, share, shortened, table, text

_SHARE_OF = {"accelerator_hours": "busy accelerator-hours", "rented_usd": "all that is paid for rented pools"}
_SITE_KIND = {"private": "own", "public": "public cloud", "edge": "edge"}


def sections(plan: Plan) -> tuple[Section, ...]:
    """What was planned, sites, capacity and prices, demand, links, rules and rates, and what is assumed."""
    scenario = plan.scenario
    about = (scenario.description,) if scenario.description else ()
    horizon = tuple(handover.horizon(scenario))
    return (
        Section("planned", "What was planned", paragraphs=about, bullets=horizon),
        _sites(scenario),
        _pools(scenario),
        demand(plan),
        *_links(scenario),
        *content_offers.sections(scenario),
        _policy(scenario),
        Section("assumed", "What is taken for granted", bullets=tuple(evidence.assumptions(scenario))),
    )


def _sites(scenario: Scenario) -> Section:
    names, rate = labels.sites(scenario), scenario.display_currency
    rows = pd.DataFrame(
        [
            {
                "name": names[key],
                "kind": _SITE_KIND[site.kind],
                "provider": ", ".join(part for part in (site.provider, site.region) if part),
                "law": site.jurisdiction,
                "zone": site.zone or "",
                "offers": _offers(site.attributes),
                "pue": site.pue,
                "power": _times(site.electricity_usd_per_kwh, rate.units_per_usd),
                "carbon": site.grid_carbon_g_per_kwh,
                "source": site.rates_source,
                "day": _day(site.rates_date),
            }
            for key, site in scenario.sites.items()
        ]
    )
    columns = {
        "name": text("Site"),
        "kind": text("Kind"),
        "provider": text("Provider, region"),
        "law": text("Law"),
        **_if_any(rows, zone="Zone", offers="Offers"),
        "pue": number("PUE (facility / IT power)"),
        "power": number(f"Electricity ({rate.code} per kWh)"),
        "carbon": number("Grid carbon (g CO₂e per kWh)"),
        "source": text("Source of rates"),
        "day": text("Date"),
    }
    return Section("sites", "Sites", paragraphs=shortened(rows), tables=_some("sites", "Sites", rows, columns))


def _pools(scenario: Scenario) -> Section:
    fees, pools = _commitments(scenario), _pool_rows(scenario)
    code = scenario.display_currency.code
    columns = {
        "name": text("Pool"),
        "site": text("Site"),
        "sku": text("Accelerator"),
        "option": text("Paid as"),
        "size": count("Accelerators"),
        "price": number(f"Price ({code} per accelerator-hour)"),
        "discount": share("Discount"),
        **_if_any(pools, zone="Own zone", offers="Offers besides its site"),
        "source": text("Source of price"),
        "day": text("Date"),
    }
    if not (pools["discount"] > 0).any():
        del columns["discount"]
    fee = {
        "name": text("Commitment"),
        "pool": text("Pool"),
        "size": count("Accelerators"),
        "price": number(f"Fee ({code} per accelerator-hour)"),
        "source": text("Source of fee"),
        "day": text("Date"),
    }
    return Section(
        "pools",
        "Capacity and prices",
        paragraphs=(say("note.contracted"), *shortened(pools)),
        tables=(*_some("pools", "Pools", pools, columns), *_some("commitments", "Commitments", fees, fee)),
    )


def _pool_rows(scenario: Scenario) -> pd.DataFrame:
    rate, sites = scenario.display_currency.units_per_usd, labels.sites(scenario)
    rows = []
    for key, name in labels.pools(scenario).items():
        pool = scenario.pools[key]
        paid = labels.PURCHASE_OPTION[pool.purchase_option]
        is_kept = pool.purchase_option == "owned" and pool.owned_cost == "avoidable"
        is_reserved = pool.purchase_option == "reserved"
        committed = sum(one.accelerators for one in scenario.commitments.values() if one.pool == key)
        rows.append(
            {
                "name": name,
                "site": sites[pool.site],
                "sku": labels.accelerator(scenario, key),
                "option": f"{paid}, if kept" if is_kept else paid,
                "size": committed if is_reserved else pool.capacity_accelerators,
                "price": None if is_reserved else contracted_price_usd(scenario, pool) * rate,
                "discount": 0.0 if is_reserved else discount_share(scenario, pool),
                "zone": pool.zone or "",
                "offers": _offers(pool.attributes),
                "source": "see commitments" if is_reserved else pool.price_source,
                "day": fmt.NO_VALUE if is_reserved else _day(pool.price_date),
            }
        )
    names = ["name", "site", "sku", "option", "size", "price", "discount", "zone", "offers", "source", "day"]
    return pd.DataFrame(rows, columns=names)


def _commitments(scenario: Scenario) -> pd.DataFrame:
    rate, pools = scenario.display_currency.units_per_usd, labels.pools(scenario)
    rows = [
        {
            "name": one.name or key,
            "pool": pools.get(one.pool, one.pool),
            "size": one.accelerators,
            "price": one.fee_usd_per_accelerator_hour * rate,
            "source": one.price_source,
            "day": _day(one.price_date),
        }
        for key, one in scenario.commitments.items()
    ]
    return pd.DataFrame(rows)


def _links(scenario: Scenario) -> tuple[Section, ...]:
    if not scenario.links:
        return ()
    names, rate = labels.links(scenario), scenario.display_currency
    rows = pd.DataFrame(
        [
            {
                "name": names[key],
                "trip": link.round_trip_ms,
                "price": link.usd_per_gb * rate.units_per_usd,
                "gbps": "not limited" if link.gbps is None else fmt.number(link.gbps),
                "offers": _offers(link.attributes),
                "source": link.source,
                "day": _day(link.as_of),
            }
            for key, link in scenario.links.items()
        ]
    )
    columns = {
        "name": text("From, to"),
        "trip": number("Round trip (ms)"),
        "price": number(f"Price ({rate.code} per GB)"),
        "gbps": text("Bandwidth (Gbit/s)"),
        **_if_any(rows, offers="Offers"),
        "source": text("Source"),
        "day": text("Date"),
    }
    found = _some("links", "Links", rows, columns)
    return (Section("links", "Links between sites", paragraphs=shortened(rows), tables=found),)


def _policy(scenario: Scenario) -> Section:
    columns = (Column("Rule or rate", "text"), Column("Value", "text"), Column("Source and date", "text"))
    rows = tuple(_rules(scenario))
    return Section(
        "policy",
        "Rules, finance and currency",
        paragraphs=(say("note.finance"),),
        tables=(Table("policy", "Rules and rates", columns, rows),),
    )


def _rules(scenario: Scenario) -> Iterable[tuple[str, str, str]]:
    policy, money, finance = scenario.policy, scenario.display_currency, scenario.finance
    yield "Budget", _budget(scenario), fmt.NO_VALUE
    carbon = policy.carbon_usd_per_tonne
    yield "Carbon price", f"{fmt.money(carbon, money)} per tonne CO₂e" if carbon > 0 else "none", fmt.NO_VALUE
    if policy.carbon_cap is not None:
        tonnes = f"{fmt.number(policy.carbon_cap.tonnes)} t CO₂e {_span(scenario, policy.carbon_cap.per)}"
        yield "Cap on carbon", tonnes, fmt.NO_VALUE
    yield from _providers(scenario)
    for key, failure in labels.contingencies(scenario).items():
        yield f"Failure to survive ({key})", failure, fmt.NO_VALUE
    yield "Owned first", "yes" if policy.owned_first else "no", fmt.NO_VALUE
    if policy.balance is not None:
        weight = f"{fmt.money(policy.balance.weight_usd_per_hour, money)} per hour"
        yield "Price of uneven use (a penalty)", weight, fmt.NO_VALUE
    for provider, part in policy.provider_discount_share.items():
        yield f"Discount of {provider}", fmt.share(part), fmt.NO_VALUE
    origin = _origin(finance.source, finance.as_of)
    yield "Interest", f"{fmt.share(finance.interest_rate)} per year", origin
    yield "Life of hardware", f"{fmt.count(finance.life_years)} years", origin
    yield "Salvage", f"{fmt.share(finance.salvage_share)} of the purchase price", origin
    if money.code != "USD" or money.units_per_usd != 1:
        yield "Display currency", f"{money.units_per_usd:g} {money.code} per USD", _origin(money.source, money.as_of)


def _providers(scenario: Scenario) -> Iterable[tuple[str, str, str]]:
    policy, money = scenario.policy, scenario.display_currency
    if policy.provider_share_cap is not None:
        share_of_all = f"{fmt.share(policy.provider_share_cap)} of {_SHARE_OF[policy.provider_share_of]}"
        yield "Largest share of one provider", share_of_all, fmt.NO_VALUE
    if policy.min_providers:
        hours = policy.provider_counts_from_accelerator_hours
        counts = f", each for {fmt.number(hours)} rented accelerator-hours or more"
        yield "Fewest providers", f"{fmt.count(policy.min_providers)}{counts}", fmt.NO_VALUE
    if policy.max_providers is not None:
        yield "Most providers", fmt.count(policy.max_providers), fmt.NO_VALUE
    for provider, usd in policy.provider_fixed_usd_per_hour.items():
        yield f"Using {provider} at all", f"{fmt.money(usd, money)} per hour", fmt.NO_VALUE


def _budget(scenario: Scenario) -> str:
    budget = scenario.policy.budget
    if budget is None:
        return "none"
    return f"{fmt.money(budget.usd, scenario.display_currency)} {_span(scenario, budget.per)}"


def _span(scenario: Scenario, per: str) -> str:
    return "per year" if per == "year" else f"for {fmt.span(scenario.horizon.plan_hours)}"


def _offers(attributes: Iterable[str]) -> str:
    return ", ".join(attribute_labels(attributes))


def _if_any(rows: pd.DataFrame, **titles: str) -> dict[str, Any]:
    """Columns of text that are shown where any row has something in them."""
    return {name: text(title) for name, title in titles.items() if len(rows) and rows[name].astype(bool).any()}


def _some(key: str, title: str, rows: pd.DataFrame, columns: dict[str, Any]) -> tuple[Table, ...]:
    return (table(key, title, rows, columns),) if len(rows) else ()


def _origin(source: str, day: date | None) -> str:
    return ", ".join(part for part in (source, "" if day is None else fmt.day(day)) if part) or fmt.NO_VALUE


def _day(day: date | None) -> str:
    return fmt.NO_VALUE if day is None else fmt.day(day)


def _times(value: float | None, rate: float) -> float | None:
    return None if value is None else value * rate
