"""From charges of the audit to entries of a bill: one for each row of a period, with all that is the same in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from hybridplan.audit import Charge
from hybridplan.audit.costs import UNITS
from hybridplan.domain import Pool, Scenario, Site
from hybridplan.domain.features import public_provider

_COMPUTE: Final = ("Compute", "Virtual Machines")
_NETWORK: Final = ("Networking", "Network Connectivity")
_OTHER: Final = ("Other", "Other (Other)")
_SERVICES: Final[dict[str, tuple[str, tuple[str, str]]]] = {
    "on_demand": ("Accelerators on demand", _COMPUTE),
    "interruptible": ("Interruptible accelerators", _COMPUTE),
    "owned_fixed": ("Owned accelerators", _COMPUTE),
    "expansion": ("Bought accelerators", _COMPUTE),
    "commitment": ("Reserved accelerators", _COMPUTE),
    "spend": ("Committed spend", _COMPUTE),
    "start": ("Node starts", _COMPUTE),
    "energy": ("Electricity", _OTHER),
    "carbon": ("Carbon price", _OTHER),
    "route": ("Route costs", _OTHER),
    "transfer": ("Data transfer", _NETWORK),
    "link_fixed": ("Links", _NETWORK),
    "provider_fixed": ("Provider fees", _OTHER),
    "storage": ("Storage", ("Storage", "Other (Storage)")),
}
"""Term, or purchase option of what is used -> name of the service, its category and subcategory."""
_UNITS: Final = {"kWh": "kWh", "GB": "GB", "GB-months": "GB-Months", "t": "Tonnes", "nodes": "Nodes", "hours": "Hours"}
_PRICED_OTHERWISE: Final = frozenset({"owned_fixed", "expansion", "carbon", "route", "start", "provider_fixed"})
"""No provider's price list holds these prices."""
_NOT_BILLED: Final = frozenset({"owned_fixed", "expansion", "carbon"})
"""Hardware is paid for when it is bought; the carbon price is one's own, and nobody sends an invoice for it."""
_RECURRING: Final = frozenset({"owned_fixed", "expansion", "link_fixed", "provider_fixed"})
_RESOURCES: Final = frozenset({"usage", "owned_fixed", "expansion", "commitment", "energy", "carbon", "start"})
"""Terms that are about a pool; transfer and routes are about work on its way to one."""
_ABOUT_THE_RECORD: Final = {"link_fixed": "Link", "provider_fixed": "Provider"}
"""Terms that are about the record that is paid for, and what it is."""


@dataclass(frozen=True)
class Entry:
    """Rows that differ by period only: the charge, whether its money is cash, and cost, and the fixed columns."""

    charge: Charge
    is_billed: bool
    is_effective: bool
    is_consumed: bool
    fixed: dict[str, Any]


def plain_entries(scenario: Scenario, term: str, charges: list[Charge]) -> Iterator[Entry]:
    """All entries of a term of which there is any quantity; commitments have entries of their own."""
    for charge in charges:
        if charge.quantity.any():
            yield Entry(charge, term not in _NOT_BILLED, True, True, fixed(scenario, term, charge))


def fixed(scenario: Scenario, term: str, charge: Charge) -> dict[str, Any]:
    """What is the same in all periods; columns that are not named are null."""
    pool = scenario.pools.get(charge.pool)
    site_id = _site(scenario, term, charge)
    service, (category, subcategory) = _SERVICES[_service(term, charge, pool)]
    unit = _unit(scenario, term, charge, pool)
    return {
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Recurring" if term in _RECURRING else "Usage-Based",
        "ChargeDescription": _description(scenario, service, charge, pool),
        "PricingCategory": _pricing(term, pool),
        "PricingUnit": unit,
        "ConsumedUnit": unit,
        **_place(scenario.sites[site_id]),
        "ServiceCategory": category,
        "ServiceName": service,
        "ServiceSubcategory": subcategory,
        **_resource(scenario, term, charge, pool),
        "SkuId": pool.sku if pool and UNITS[term] == "accelerator-hours" else None,
        "x_Workload": charge.workload or None,
        "x_Site": charge.site or (pool.site if pool else site_id),
        "x_Pool": charge.pool or None,
        "x_Term": term,
        "x_PurchaseOption": pool.purchase_option if pool else None,
        **(dict.fromkeys(("RegionId", "RegionName", "x_Site")) if term == "provider_fixed" else {}),
    }


def _site(scenario: Scenario, term: str, charge: Charge) -> str:
    """The site that charges: of data the one that it leaves; of spend that is left that of the first pool it covers.

    Of the fee of a provider any of its sites: the fee is for all of them, and only who charges it is taken from here.
    """
    if charge.way:
        return charge.way[0]
    if charge.site:
        return charge.site
    if term == "provider_fixed":
        return _any_site(scenario, charge.record)
    rated = scenario.spend_commitments[charge.record].rates_usd_per_accelerator_hour if charge.is_spend else {}
    return scenario.pools[charge.pool or next(iter(rated), next(iter(scenario.pools)))].site


def _any_site(scenario: Scenario, provider: str) -> str:
    pools = scenario.pools.values()
    return next(pool.site for pool in pools if public_provider(pool, scenario.sites[pool.site]) == provider)


def _service(term: str, charge: Charge, pool: Pool | None) -> str:
    if term == "usage" and pool:
        return pool.purchase_option
    return "spend" if charge.is_spend and not pool else "on_demand" if charge.is_spend else term


def _resource(scenario: Scenario, term: str, charge: Charge, pool: Pool | None) -> dict[str, Any]:
    if term in _RESOURCES and pool:
        return {
            "ResourceId": charge.pool,
            "ResourceName": pool.name or charge.pool,
            "ResourceType": "Accelerator pool",
        }
    if term in _ABOUT_THE_RECORD:
        return {
            "ResourceId": charge.record,
            "ResourceName": charge.record,
            "ResourceType": _ABOUT_THE_RECORD[term],
        }
    if charge.record in scenario.datasets and term in ("transfer", "storage"):
        name = scenario.datasets[charge.record].name or charge.record
        return {"ResourceId": charge.record, "ResourceName": name, "ResourceType": "Dataset"}
    return {}


def _place(site: Site) -> dict[str, Any]:
    """Who provides it, and where; of data the site that it leaves, since that is who charges for it."""
    names = dict.fromkeys(("ProviderName", "PublisherName", "InvoiceIssuerName"), site.provider)
    return {**names, "RegionId": site.region or None, "RegionName": site.region or None}


def _pricing(term: str, pool: Pool | None) -> str:
    if term in _PRICED_OTHERWISE:
        return "Other"
    return "Dynamic" if term == "usage" and pool and pool.purchase_option == "interruptible" else "Standard"


def _unit(scenario: Scenario, term: str, charge: Charge, pool: Pool | None) -> str:
    """Written as the specification asks: counted things with a capital, accelerator-hours as Accelerator-Hours."""
    if term == "route":
        return _capital(scenario.workloads[charge.workload].unit or "units")
    if UNITS[term] == "accelerator-hours":
        return f"{_capital(pool.unit)}-Hours" if pool else "USD"
    return _UNITS[UNITS[term]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _description(scenario: Scenario, service: str, charge: Charge, pool: Pool | None) -> str:
    about = service
    if pool:
        site = scenario.sites[pool.site].name or pool.site
        about += f": {pool.name or charge.pool} ({pool.sku}, {site})"
    elif charge.record:
        about += f": {charge.record}"
    if charge.way:
        about += f", from {charge.way[0]} to {charge.way[1]}"
    if charge.site:
        about += f", at {scenario.sites[charge.site].name or charge.site}"
    if charge.workload:
        about += f", for {scenario.workloads[charge.workload].name or charge.workload}"
    return about
