"""Storage: copies of datasets, home included, and results with their backup."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.charges import Charge, pair_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine, pair_lines
from hybridplan.audit.routes import backup_site
from hybridplan.domain import Scenario
from hybridplan.units import HOURS_PER_MONTH


def storage(ledger: Ledger) -> list[CostLine]:
    """Size x price per GB and month x plan hours / 730 at home and at every copy, by dataset (USD).

    Results: per work unit GB x hours kept / 730 x (price at the pool's site + price at the backup), by workload and
    pool. NaN where a price is needed and not given.
    """
    weight, usd = ledger.axes.weight, np.zeros(len(ledger.pair_pool))
    for quantity, price, _ in _of_results(ledger):
        usd += price * (quantity @ weight)
    by_dataset = dict.fromkeys(ledger.axes.records.datasets, 0.0)
    for one in _of_datasets(ledger):
        by_dataset[one.record] += float(one.usd_per_unit * one.quantity @ weight)
    return [*pair_lines(ledger, usd), *(CostLine("", "", money, key) for key, money in by_dataset.items())]


def storage_charges(ledger: Ledger) -> list[Charge]:
    """The same by period and site, in GB-months."""
    found = _of_datasets(ledger)
    for quantity, price, sites in _of_results(ledger):
        found += pair_charges(ledger, quantity, price, sites=sites)
    return found


def _of_datasets(ledger: Ledger) -> list[Charge]:
    axes, scenario, found = ledger.axes, ledger.scenario, []
    months = axes.hours / HOURS_PER_MONTH
    for code, (key, dataset) in enumerate(scenario.datasets.items()):
        copies = [axes.records.sites[at] for at in np.flatnonzero(ledger.copies[code]).tolist()]
        for site in dict.fromkeys([dataset.home_site, *copies]):
            price = np.full(len(months), _usd(scenario, site))
            found.append(Charge("", "", dataset.size_gb * months, price, price, record=key, site=site))
    return found


def _of_results(ledger: Ledger) -> list[tuple[Floats, Floats, list[str]]]:
    """(K, T) GB-months of one occurrence and (K,) prices, at the pools' sites and at their backups."""
    scenario = ledger.scenario
    works, pools = list(scenario.workloads.values()), list(scenario.pools.values())
    codes = zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)
    pairs = [(works[w], pools[p].site) for w, p in codes]
    kept = [work.result_gb_per_unit * work.result_kept_hours / HOURS_PER_MONTH for work, _ in pairs]
    quantity = np.asarray(kept, dtype=np.float64)[:, None] * ledger.served * ledger.axes.hours
    if not any(kept):
        return []
    backups = [backup_site(scenario, work, site) or "" for work, site in pairs]
    found = []
    for sites in ([site for _, site in pairs], backups):
        price = [_usd(scenario, site) if site and gb else 0.0 for site, gb in zip(sites, kept, strict=True)]
        held = np.where(np.array([bool(site) for site in sites])[:, None], quantity, 0.0)
        found.append((held, np.asarray(price, dtype=np.float64), sites))
    return found


def _usd(scenario: Scenario, site: str) -> float:
    price = scenario.sites[site].storage_usd_per_gb_month
    return float("nan") if price is None else price
