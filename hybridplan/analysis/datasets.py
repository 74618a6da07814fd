"""Where data lies: copies of datasets and who uses them, the ways they take, results and their backups."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from hybridplan.analysis import frames, labels
from hybridplan.audit.data import Flows, fits, hours_to_copy
from hybridplan.audit.ledger import open_ledger
from hybridplan.audit.routes import backup_site
from hybridplan.domain import Dataset, Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.units import HOURS_PER_MONTH, gb_per_hour

HOME, PRESENT, PLANNED, CHOSEN, LEFT = "home", "present", "planned", "chosen", "left"
"""States of a copy in a plan; ``left``: it may be chosen, and is not."""
COPY_COLUMNS: Final = (
    "dataset",
    "name",
    "site",
    "site_name",
    "state",
    "size_gb",
    "storage_usd",
    "first_copy_hours",
    "change_gb_per_hour",
    "jurisdiction",
    "is_allowed",
    "works",
    "accelerator_hours",
)
WAY_COLUMNS: Final = (
    "dataset",
    "name",
    "site",
    "site_name",
    "link",
    "link_name",
    "share",
    "gb_per_hour",
    "of_link",
    "change_usd",
    "first_usd",
)
RESULT_COLUMNS: Final = (
    "workload",
    "name",
    "site",
    "backup",
    "gb",
    "kept_gb",
    "storage_usd",
    "backup_gb_per_hour",
    "jurisdictions",
)


def occur(scenario: Scenario) -> bool:
    """Whether there are datasets, or results that are kept."""
    return bool(scenario.datasets) or any(_keeps_results(scenario, key) for key in scenario.workloads)


def copies(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """COPY_COLUMNS: every copy, at home first, and those that may be chosen and are not.

    storage_usd: size x price x plan hours / 730. first_copy_hours: from the start of the horizon until it is there.
    change_gb_per_hour: what is sent to it in every hour. works: workloads that run at the site and use it, and their
    accelerator_hours there. Of a copy that is left out, storage and sync are 0.
    """
    scenario, names, sites = plan.scenario, labels.datasets(plan.scenario), labels.sites(plan.scenario)
    made = {(str(d), str(s)) for d, s in tables.copies.itertuples(index=False, name=None)}
    used, rows = _use(scenario, tables), list[dict[str, object]]()
    months = scenario.horizon.plan_hours / HOURS_PER_MONTH
    for key, dataset in scenario.datasets.items():
        for site in dict.fromkeys([dataset.home_site, *dataset.copies]):
            state = _state(dataset, site, (key, site) in made)
            stands, price = state != LEFT, scenario.sites[site].storage_usd_per_gb_month
            works = used.get((key, site), {})
            rows.append(
                {
                    "dataset": key,
                    "name": names[key],
                    "site": site,
                    "site_name": sites[site],
                    "state": state,
                    "size_gb": dataset.size_gb,
                    "storage_usd": dataset.size_gb * (np.nan if price is None else price) * months if stands else 0.0,
                    "first_copy_hours": hours_to_copy(scenario, dataset, site),
                    "change_gb_per_hour": dataset.change_gb_per_hour if stands and state != HOME else 0.0,
                    "jurisdiction": scenario.sites[site].jurisdiction,
                    "is_allowed": fits(scenario, dataset, site),
                    "works": tuple(works),
                    "accelerator_hours": sum(works.values()),
                }
            )
    return pd.DataFrame(rows, columns=list(COPY_COLUMNS))


def ways(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """WAY_COLUMNS: links over which data for each copy goes, in the order of the way from home.

    share: of the copy's data; gb_per_hour: changes on it in every hour, of_link: their part of its bandwidth, NaN where
    that is not limited. change_usd: over the horizon, at the mean price of the link; first_usd: of the first copy.
    """
    scenario = plan.scenario
    names, sites, links = labels.datasets(scenario), labels.sites(scenario), labels.links(scenario)
    paid, rows = _change_price(scenario, tables), list[dict[str, object]]()
    for key, site, link, share in _in_order(scenario, tables):
        dataset, way = scenario.datasets[key], scenario.links[link]
        rate = dataset.change_gb_per_hour * share
        first = 0.0 if dataset.copies[site].state == "present" else dataset.size_gb * share
        rows.append(
            {
                "dataset": key,
                "name": names[key],
                "site": site,
                "site_name": sites[site],
                "link": link,
                "link_name": links[link],
                "share": share,
                "gb_per_hour": rate,
                "of_link": np.nan if way.gbps is None else rate / gb_per_hour(way.gbps),
                "change_usd": rate * paid[link],
                "first_usd": first * way.usd_per_gb,
            }
        )
    return pd.DataFrame(rows, columns=list(WAY_COLUMNS))


def results(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """RESULT_COLUMNS: by workload and site where it runs: results over the horizon, and their backup.

    kept_gb: GB that lie there in the mean, GB per hour x hours kept. storage_usd: there and at the backup.
    backup_gb_per_hour: sent to it in the mean; backup is empty where there is none.
    """
    scenario, names, rows = plan.scenario, labels.workloads(plan.scenario), list[dict[str, object]]()
    work = tables.allocation
    units = work["units_per_hour"].astype(float) * frames.weight_hours(scenario, work)
    places = work["pool"].map(lambda key: scenario.pools[str(key)].site)
    hours = scenario.horizon.plan_hours
    for key, site, amount in _sums(units, work["workload"], places):
        one = scenario.workloads[key]
        if not _keeps_results(scenario, key):
            continue
        backup = (backup_site(scenario, one, site) or "") if one.backup_sites else ""
        gb = amount * one.result_gb_per_unit
        prices = [scenario.sites[place].storage_usd_per_gb_month or 0.0 for place in (site, backup) if place]
        rows.append(
            {
                "workload": key,
                "name": names[key],
                "site": site,
                "backup": backup,
                "gb": gb,
                "kept_gb": gb / hours * one.result_kept_hours,
                "storage_usd": gb * one.result_kept_hours / HOURS_PER_MONTH * sum(prices),
                "backup_gb_per_hour": gb / hours if backup else 0.0,
                "jurisdictions": tuple(scenario.sites[place].jurisdiction for place in (site, backup) if place),
            }
        )
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def _keeps_results(scenario: Scenario, workload: str) -> bool:
    return scenario.workloads[workload].result_gb_per_unit > 0


def _state(dataset: Dataset, site: str, is_made: bool) -> str:
    if site == dataset.home_site:
        return HOME
    state = dataset.copies[site].state
    return state if state != "choosable" else CHOSEN if is_made else LEFT


def _use(scenario: Scenario, tables: PlanTables) -> dict[tuple[str, str], dict[str, float]]:
    """Accelerator-hours by (dataset, site) and workload."""
    work = tables.allocation
    hours = work["accelerators_busy"].astype(float) * frames.weight_hours(scenario, work)
    places = work["pool"].map(lambda key: scenario.pools[str(key)].site)
    found: dict[tuple[str, str], dict[str, float]] = {}
    for key, site, amount in _sums(hours, work["workload"], places):
        if amount > 0:
            for dataset in scenario.workloads[key].datasets:
                found.setdefault((dataset, site), {})[key] = amount
    return found


def _sums(values: pd.Series[float], works: pd.Series[str], sites: pd.Series[str]) -> list[tuple[str, str, float]]:
    """(workload, site, sum)."""
    table = pd.DataFrame({"workload": works.astype(str), "site": sites.astype(str), "value": values.astype(float)})
    sums = table.groupby(["workload", "site"], sort=False)["value"].sum().reset_index()
    return [(str(work), str(site), float(value)) for work, site, value in sums.itertuples(index=False, name=None)]


def _in_order(scenario: Scenario, tables: PlanTables) -> list[tuple[str, str, str, float]]:
    """Rows of the syncs, of each copy from home on: a link comes after one that leads to where it begins."""
    rows = [(str(d), str(s), str(link), float(share)) for d, s, link, share in tables.syncs.itertuples(index=False)]
    out: list[tuple[str, str, str, float]] = []
    for pair in dict.fromkeys((row[0], row[1]) for row in rows):
        left, reached = [row for row in rows if row[:2] == pair], {scenario.datasets[pair[0]].home_site}
        while left:
            following = [row for row in left if scenario.links[row[2]].from_site in reached] or left
            out += following
            reached |= {scenario.links[row[2]].to_site for row in following}
            left = [row for row in left if row not in following]
    return out


def _change_price(scenario: Scenario, tables: PlanTables) -> dict[str, float]:
    """USD over the horizon for 1 GB in every hour of each link: the mean price of all that crosses it."""
    ledger = open_ledger(scenario, tables)
    price = Flows(ledger).usd_per_gb @ ledger.axes.weight_hours
    return dict(zip(scenario.links, price.tolist(), strict=True))
