"""From charges of the audit to entries of a bill: one for each row of a period, with all that is the same in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from hybridplan.audit import Charge
from hybridplan.audit.costs import UNITS
from hybridplan.domain import Pool, Scenario, Site

_COMPUTE: Final = ("Compute", "Virtual Machines")
_OTHER: Final = ("Other", "Other (Other)")
_SERVICES: Final[dict[str, tuple[str, tuple[str, str]]]] = {
    "on_demand": ("Accelerators on demand", _COMPUTE),
    "interruptible": ("Interruptible accelerators", _COMPUTE),
    "owned_fixed": ("Owned accelerators", _COMPUTE),
    "commitment": ("Reserved accelerators", _COMPUTE),
    "start": ("Node starts", _COMPUTE),
    "energy": ("Electricity", _OTHER),
    "carbon": ("Carbon price", _OTHER),
    "route": ("Route costs", _OTHER),
    "transfer": ("Data transfer", ("Networking", "Network Connectivity")),
}
"""Term, or purchase option of what is used -> name of the service, its category and subcategory."""
_PRICED_OTHERWISE: Final = frozenset({"owned_fixed", "carbon", "route", "start"})
"""No provider's price list holds these prices."""
_NOT_BILLED: Final = frozenset({"owned_fixed", "carbon"})
"""Hardware was paid for when it was bought; the carbon price is one's own, and nobody sends an invoice for it."""
_RESOURCES: Final = frozenset({"usage", "owned_fixed", "commitment", "energy", "carbon", "start"})
"""Terms that are about a pool; transfer and routes are about work on its way to one."""


@dataclass(frozen=True)
class Entry:
    """Rows that differ by period only: the charge, whether its money is cash, and cost, and the fixed columns."""

    charge: Charge
    is_billed: bool
    is_effective: bool
    is_consumed: bool
    fixed: dict[str, Any]


def entries(scenario: Scenario, charges: dict[str, list[Charge]]) -> Iterator[Entry]:
    """All entries of which there is any quantity.

    A commitment gives three: its purchase (cash, no cost), and what is used and what is not (cost, no cash).
    """
    for term, found in charges.items():
        if term == "commitment":
            for key in dict.fromkeys(charge.record for charge in found):
                yield from _commitment(scenario, [charge for charge in found if charge.record == key])
            continue
        for charge in found:
            if charge.quantity.any():
                yield Entry(charge, term not in _NOT_BILLED, True, True, _fixed(scenario, term, charge))


def _commitment(scenario: Scenario, parts: list[Charge]) -> Iterator[Entry]:
    """Of one commitment: ``parts`` are what is used and what is not, and together what is paid for."""
    key = parts[0].record
    commitment, base = scenario.commitments[key], _fixed(scenario, "commitment", parts[0])
    base |= {
        "CommitmentDiscountId": key,
        "CommitmentDiscountName": commitment.name or key,
        "CommitmentDiscountCategory": "Usage",
        "CommitmentDiscountType": "Reserved capacity",
        "CommitmentDiscountUnit": base["PricingUnit"],
    }
    itself = {
        "ResourceId": key,
        "ResourceName": commitment.name or key,
        "ResourceType": "Commitment",
        "ConsumedUnit": None,
    }
    bought = {"ChargeCategory": "Purchase", "ChargeFrequency": "Recurring", "PricingCategory": "Standard"}
    whole = replace(parts[0], quantity=parts[0].quantity + parts[1].quantity)
    yield Entry(whole, True, False, False, base | itself | bought)
    for part in parts:
        status = {"CommitmentDiscountStatus": "Used" if part.is_used else "Unused", "PricingCategory": "Committed"}
        yield Entry(part, False, True, part.is_used, base | status | ({} if part.is_used else itself))


def _fixed(scenario: Scenario, term: str, charge: Charge) -> dict[str, Any]:
    """What is the same in all periods; columns that are not named are null."""
    pool = scenario.pools[charge.pool]
    site = scenario.sites[charge.way[0] if charge.way else pool.site]
    service, (category, subcategory) = _SERVICES[pool.purchase_option if term == "usage" else term]
    unit = _unit(scenario, term, charge, pool)
    about_pool = {
        "ResourceId": charge.pool,
        "ResourceName": pool.name or charge.pool,
        "ResourceType": "Accelerator pool",
    }
    return {
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Recurring" if term == "owned_fixed" else "Usage-Based",
        "ChargeDescription": _description(scenario, service, charge, pool),
        "PricingCategory": _pricing(term, pool),
        "PricingUnit": unit,
        "ConsumedUnit": unit,
        **_place(site),
        "ServiceCategory": category,
        "ServiceName": service,
        "ServiceSubcategory": subcategory,
        **(about_pool if term in _RESOURCES else {}),
        "SkuId": pool.sku if UNITS[term] == "accelerator-hours" else None,
        "x_Workload": charge.workload or None,
        "x_Site": pool.site,
        "x_Pool": charge.pool,
        "x_Term": term,
        "x_PurchaseOption": pool.purchase_option,
    }


def _place(site: Site) -> dict[str, Any]:
    """Who provides it, and where; of data the site that it leaves, since that is who charges for it."""
    names = dict.fromkeys(("ProviderName", "PublisherName", "InvoiceIssuerName"), site.provider)
    return {**names, "RegionId": site.region or None, "RegionName": site.region or None}


def _pricing(term: str, pool: Pool) -> str:
    if term in _PRICED_OTHERWISE:
        return "Other"
    return "Dynamic" if term == "usage" and pool.purchase_option == "interruptible" else "Standard"


def _unit(scenario: Scenario, term: str, charge: Charge, pool: Pool) -> str:
    """Written as the specification asks: counted things with a capital, accelerator-hours as Accelerator-Hours."""
    if term == "route":
        return _capital(scenario.workloads[charge.workload].unit or "units")
    if UNITS[term] == "accelerator-hours":
        return f"{_capital(pool.unit)}-Hours"
    return {"kWh": "kWh", "GB": "GB", "t": "Tonnes", "nodes": "Nodes"}[UNITS[term]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _description(scenario: Scenario, service: str, charge: Charge, pool: Pool) -> str:
    site = scenario.sites[pool.site].name or pool.site
    about = f"{service}: {pool.name or charge.pool} ({pool.sku}, {site})"
    if charge.way:
        about += f", from {charge.way[0]} to {charge.way[1]}"
    if charge.workload:
        about += f", for {scenario.workloads[charge.workload].name or charge.workload}"
    return about
