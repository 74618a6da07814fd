"""Copies of datasets: where they stand, and where work needs them."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.data import fits, holds
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, once, scale_of
from hybridplan.domain import Dataset, Scenario


def copies(ledger: Ledger) -> list[Rows]:
    """A copy stands where it is present, planned or may be chosen, and where residency and attributes allow it.

    Those that are present or planned stand. With home, at least ``min_copies`` share no site, zone or provider.
    """
    scenario, sites = ledger.scenario, ledger.axes.records.sites
    records, words, wrong = list[str](), list[str](), list[float]()
    for code, (key, dataset) in enumerate(scenario.datasets.items()):
        for number, site in enumerate(sites):
            for is_wrong, text in _faults(ledger, dataset, site, bool(ledger.copies[code, number])):
                records.append(f"{key}/{site}")
                words.append(text)
                wrong.append(float(is_wrong))
    found = np.asarray(wrong, dtype=np.float64)
    return [once(words, records, ["copies"] * len(records), found, np.ones(len(found))), *_apart(ledger)]


def _faults(ledger: Ledger, dataset: Dataset, site: str, is_there: bool) -> list[tuple[bool, str]]:
    copy = dataset.copies.get(site)
    is_given = copy is not None and copy.state != "choosable"
    may_stand = copy is not None and site != dataset.home_site
    return [
        (is_there and not may_stand, "there is a copy where none may be made"),
        (is_there and not fits(ledger.scenario, dataset, site), "a copy breaks residency, or an attribute is missing"),
        (is_given and not is_there, "a copy that is present or planned is not in the plan"),
    ]


def _apart(ledger: Ledger) -> list[Rows]:
    scenario, sites = ledger.scenario, ledger.axes.records.sites
    least, apart = list[float](), list[float]()
    for code, dataset in enumerate(scenario.datasets.values()):
        stands = {dataset.home_site, *(sites[at] for at in np.flatnonzero(ledger.copies[code]).tolist())}
        least.append(float(dataset.min_copies))
        apart.append(float(_number_apart(scenario, dataset, stands)))
    asked, found = np.asarray(least, dtype=np.float64), np.asarray(apart, dtype=np.float64)
    names = list(scenario.datasets)
    what = "fewer copies than asked for share no failure domain"
    return [once(what, names, ["copies"] * len(names), asked - found, np.ones(len(names)))]


def _number_apart(scenario: Scenario, dataset: Dataset, stands: set[str]) -> int:
    """How many of these places share nothing that copies must not share; places whose zone is not known may all lie in
    one of the known zones, so that they add nothing to them."""
    if dataset.copies_apart == "site":
        return len(stands)
    if dataset.copies_apart == "provider":
        return len({scenario.sites[site].provider for site in stands})
    known = {scenario.sites[site].zone for site in stands} - {None}
    return max(len(known), 1)


def copy_needed(ledger: Ledger) -> list[Rows]:
    """Nothing is busy, assigned or on standby at a site without a copy of each dataset of the work; accelerators."""
    works, may_take_over = list(ledger.scenario.workloads.values()), ledger.axes.failures.may_take_over
    found, missing = list[int](), list[bool]()
    for k, (w, p) in enumerate(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True)):
        # A pair that is ruled out is wrong as it is, and that is a rule of its own.
        if works[w].datasets and may_take_over[w, p]:
            found.append(k)
            missing.append(not holds(ledger, w, p))
    used = ledger.in_use[found]
    stray = np.where(np.asarray(missing, dtype=bool)[:, None], used, 0.0)
    what = "work runs where there is no copy of its data"
    names = [ledger.pairs[k] for k in found]
    return [by_period(what, names, ["accelerators"] * len(found), stray, scale_of(stray))]
