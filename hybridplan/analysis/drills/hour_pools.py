"""The pools and links of one hour after a failure, for the best answer to it."""

from __future__ import annotations

from hybridplan.analysis.drills.carrying import Response
from hybridplan.audit.data import Flows
from hybridplan.audit.ledger import Ledger
from hybridplan.domain import Link, Pool, PriceTier
from hybridplan.units import GB_PER_HOUR_PER_GBPS, MAGNITUDE_MIN

_RENTED = ("on_demand", "interruptible")


def pools_of_hour(ledger: Ledger, found: Response, period: int, *, rent_more: bool) -> dict[str, Pool]:
    """Surviving pools at no price with what is provisioned, or with what the stored answer grows them to.

    ``rent_more``: rented ones up to their quota that is up; what is above costs their list price.
    """
    load = dict.fromkeys(range(len(ledger.axes.pools)), 0.0)
    for k, p in enumerate(found.pool.tolist()):
        load[p] += float(found.accelerators[k, period])
    pools = dict[str, Pool]()
    for code, (key, pool) in enumerate(ledger.scenario.pools.items()):
        if key in found.lost.pools:
            continue
        there = max(float(ledger.powered_on[code, period]), load[code])
        more = rent_more and pool.purchase_option in _RENTED
        most = max(there, float(ledger.available[code, period])) if more else there
        if most > MAGNITUDE_MIN:
            pools[key] = _pool(pool, there if there > MAGNITUDE_MIN else 0.0, most)
    return pools


def _pool(pool: Pool, there: float, most: float) -> Pool:
    """``there`` accelerators for nothing, and up to ``most`` at the list price.

    Only rented pools keep their purchase option: it says what may run there and what interruptions take.
    """
    price = pool.price_usd_per_accelerator_hour if most > there else 0.0
    tiers = {"more": PriceTier(from_quantity=there, usd_per_accelerator_hour=price)} if there > 0 and price > 0 else {}
    return Pool(
        name=pool.name,
        site=pool.site,
        sku=pool.sku,
        unit=pool.unit,
        purchase_option=pool.purchase_option if pool.purchase_option in _RENTED else "owned",
        capacity_accelerators=most,
        price_usd_per_accelerator_hour=0.0 if there > 0 else price,
        price_tiers=tiers,
        tier_basis="hour",
        discount_share=pool.discount_share,
        efficiency=pool.efficiency,
        interruptions_per_hour=pool.interruptions_per_hour if pool.purchase_option == "interruptible" else 0.0,
        interconnect=pool.interconnect,
        attributes=pool.attributes,
    )


def links_of_hour(ledger: Ledger, found: Response, period: int) -> dict[str, Link]:
    """Links that are left, private lines within them, less what copies of data send in that hour."""
    flows, links = Flows(ledger), dict[str, Link]()
    for code, (key, link) in enumerate(ledger.scenario.links.items()):
        if key in found.lost.links:
            continue
        copies = float(flows.of_changes[code, period] + flows.of_first_copies[code, period]) / GB_PER_HOUR_PER_GBPS
        gbps = None
        if link.gbps is not None:
            gbps = max(link.gbps + float(ledger.private_gbps[code]) - copies, 2 * MAGNITUDE_MIN)
        links[key] = Link(
            from_site=link.from_site,
            to_site=link.to_site,
            round_trip_ms=link.round_trip_ms,
            usd_per_gb=link.usd_per_gb,
            gbps=gbps,
            attributes=link.attributes,
        )
    return links
