"""Transfer: data of work between sites, and data that makes copies and keeps them in sync."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges
from hybridplan.audit.data import Flows, needs_sync
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines


def transfer(ledger: Ledger) -> list[CostLine]:
    """Sum of g h e y x (GB per unit x USD/GB) over the ways to the pool, back, and of results to their backup (USD).

    Beside it by dataset: change per hour x share x USD/GB x g h, and once size x share x the link's own USD/GB for
    first copies. Else USD/GB is the mean price of all traffic of the link in the period, private line included. Free
    within a site. NaN where data would have to cross sites without a link.
    """
    flows, weight = Flows(ledger), ledger.axes.weight
    usd = np.zeros(len(ledger.pair_pool))
    for quantity, price, _ in _of_work(ledger, flows):
        usd += (quantity * price) @ weight
    by_dataset = dict.fromkeys(ledger.axes.records.datasets, 0.0)
    for one in _of_copies(ledger, flows):
        by_dataset[one.record] += float(one.usd_per_unit * one.quantity @ weight)
    return [*pair_lines(ledger, usd), *(CostLine("", "", money, key) for key, money in by_dataset.items())]


def transfer_charges(ledger: Ledger) -> list[Charge]:
    """The same by period and direction, in GB; pairs that send nothing pay nothing.

    A first copy stands in the first period as a whole, and its quantity is divided by the weight of the period, since
    it is made once.
    """
    flows, found = Flows(ledger), list[Charge]()
    for quantity, price, ways in _of_work(ledger, flows):
        found += pair_charges(ledger, quantity, price, ways=ways)
    return [*found, *_of_copies(ledger, flows)]


def _of_work(ledger: Ledger, flows: Flows) -> list[tuple[Floats, Floats, list[tuple[str, str]]]]:
    """(K, T) GB of one occurrence and USD per GB of each way, and its sites."""
    units, found = ledger.served * ledger.axes.hours, []
    for leg in flows.legs:
        gb = leg.gb_per_unit[:, None]
        found.append((gb * units, np.where(gb == 0, 0.0, flows.price_of(leg.sites)), leg.sites))
    return found


def _of_copies(ledger: Ledger, flows: Flows) -> list[Charge]:
    axes, scenario = ledger.axes, ledger.scenario
    datasets, links = list(scenario.datasets.items()), list(scenario.links.values())
    columns = (ledger.sync_dataset, ledger.sync_site, ledger.sync_link, ledger.sync_share)
    found = []
    for d, s, code, share in zip(*(column.tolist() for column in columns), strict=True):
        (key, dataset), link, site = datasets[d], links[code], axes.records.sites[s]
        way = link.from_site, link.to_site
        change = dataset.change_gb_per_hour * share * axes.hours
        price = flows.usd_per_gb[code]
        found.append(Charge("", "", change, price, price, record=key, way=way))
        copy = dataset.copies.get(site)
        if needs_sync(dataset, site) and copy is not None and copy.state != "present":
            once = np.zeros(len(axes.hours))
            once[:1] = dataset.size_gb * share / axes.weight[:1]
            own = np.full(len(axes.hours), link.usd_per_gb)
            found.append(Charge("", "", once, own, own, record=key, way=way))
    return found
