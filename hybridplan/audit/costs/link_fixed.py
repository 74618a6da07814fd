"""Link, fixed: what links cost in every hour, whatever crosses them."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Axes
from hybridplan.audit.charges import Charge
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine


def link_fixed(ledger: Ledger) -> list[CostLine]:
    """(USD per hour + private USD per Gbit/s and hour x x + private USD per hour where x > 0) x plan hours, by link.

    x: Gbit/s bought of the private line beside the link.
    """
    usd = dict.fromkeys(ledger.axes.records.links, 0.0)
    for one in link_fixed_charges(ledger):
        usd[one.record] += float(one.usd_per_unit * one.quantity @ ledger.axes.weight)
    return [CostLine("", "", money, key) for key, money in usd.items()]


def link_fixed_charges(ledger: Ledger) -> list[Charge]:
    """The same by period, in hours: the link as it is, and its private line."""
    hours, found = ledger.axes.hours, []
    for (key, link), gbps in zip(ledger.scenario.links.items(), ledger.private_gbps.tolist(), strict=True):
        line = link.private_usd_per_gbps_hour * gbps + (link.private_usd_per_hour if gbps > 0 else 0.0)
        for usd in (link.usd_per_hour, line):
            price = np.full(len(hours), usd)
            way = link.from_site, link.to_site
            found.append(Charge("", "", hours * float(usd != 0), price, price, record=key, way=way))
    return found


def links_usd(axes: Axes) -> float:
    """The part that no decision changes: the links as they are."""
    return axes.plan_hours * sum(link.usd_per_hour for link in axes.scenario.links.values())
