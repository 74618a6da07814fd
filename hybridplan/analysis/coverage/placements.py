"""Where the plan puts each workload and dataset, in every role, and what of it lies where a rule is not kept.

Read from the tables of the plan and from the records alone, not from the routes that the model allowed: so it shows
what was done, not what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from hybridplan.audit.routes import backup_site
from hybridplan.domain import Link, Scenario
from hybridplan.plan import Plan, PlanTables

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "workload": ("runs", "standby", "redispatch", "backup"),
    "dataset": ("copy", "relay"),
}
"""What can lie at a site. redispatch: where it goes on after a failure; relay: a site that data passes through."""
UNITS: Final = {
    "runs": "accelerator-hours",
    "standby": "accelerator-hours",
    "redispatch": "accelerator-hours",
    "backup": "GB",
    "copy": "GB",
    "relay": "copies",
    "sync": "copies",
}
"""relay, sync: share of the data of each copy that goes over a link into the site, added up over copies and links."""
PLACEMENT_COLUMNS: Final = ("kind", "record", "role", "site", "pool", "link", "contingency", "amount")
PLACED_COLUMNS: Final = ("kind", "record", "site", "role", "amount", "unit")
OUTSIDE_COLUMNS: Final = (*PLACEMENT_COLUMNS, "unit", "rule", "subject")

_AMOUNT: Final = {"runs": "accelerators_busy", "standby": "accelerators_standby", "redispatch": "accelerators_assigned"}
Row = dict[str, Any]


def placements(plan: Plan) -> pd.DataFrame:
    """PLACEMENT_COLUMNS: all that the tables put anywhere, over the horizon.

    runs, standby, redispatch: sum of weight x hours x accelerators, by pool (redispatch also by contingency). backup:
    GB of results sent there. copy: size in GB, home included. relay and sync: share of the data for a copy that goes
    over a link into another site than its own (relay), or into its own (sync). Empty without tables.
    """
    if plan.tables is None:
        return pd.DataFrame(columns=list(PLACEMENT_COLUMNS))
    rows = [*_work(plan.scenario, plan.tables), *_backups(plan.scenario, plan.tables), *_data(plan)]
    return pd.DataFrame(rows, columns=list(PLACEMENT_COLUMNS))


def placed(plan: Plan) -> pd.DataFrame:
    """PLACED_COLUMNS: every record x site x role, exactly 0.0 where nothing is placed; redispatch: the largest over
    the contingencies."""
    found = _summed(placements(plan))
    scenario = plan.scenario
    records: dict[str, list[str]] = {"workload": list(scenario.workloads), "dataset": list(scenario.datasets)}
    rows = [
        (kind, record, site, role, found.get((kind, record, site, role), 0.0), UNITS[role])
        for kind, roles in ROLES.items()
        for record in records[kind]
        for site in scenario.sites
        for role in roles
    ]
    return pd.DataFrame(rows, columns=list(PLACED_COLUMNS))


def outside(plan: Plan) -> pd.DataFrame:
    """OUTSIDE_COLUMNS: everything placed where a rule on place or security is not kept; empty for every plan that
    passed its audit.

    One row for each such rule: residency, sites (allowed or denied), attribute (of pool and site together for work, of
    the site alone for data and for backups of results), link_there, link_back, link_backup, link_sync.
    """
    scenario, rows = plan.scenario, list[Row]()
    links = {(link.from_site, link.to_site): link for link in scenario.links.values()}
    for row in _rows(placements(plan)):
        broken = _broken(scenario, links, row)
        rows += [{**row, "unit": UNITS[row["role"]], "rule": rule, "subject": subject} for rule, subject in broken]
    return pd.DataFrame(rows, columns=list(OUTSIDE_COLUMNS))


def _summed(rows: pd.DataFrame) -> dict[tuple[str, ...], float]:
    if rows.empty:
        return {}
    place = ["kind", "record", "site", "role"]
    by_failure = rows.groupby([*place, "contingency"], sort=False)["amount"].sum().reset_index()
    most = by_failure.groupby(place, sort=False)["amount"].max().reset_index()
    return {tuple(str(row[name]) for name in place): float(row["amount"]) for row in _rows(most)}


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _hours(scenario: Scenario, rows: pd.DataFrame) -> pd.Series[float]:
    """Weight x hours of the period of each row."""
    each = {key: block.weight * block.period_hours for key, block in scenario.horizon.blocks.items()}
    return rows["block"].map(each).astype(float)


def _work(scenario: Scenario, tables: PlanTables) -> Iterator[Row]:
    sources = {"runs": tables.allocation, "standby": tables.standby, "redispatch": tables.redispatch}
    for role, table in sources.items():
        if table.empty:
            continue
        rows = table.assign(amount=table[_AMOUNT[role]].astype(float) * _hours(scenario, table))
        if "contingency" not in rows:
            rows["contingency"] = ""
        for row in _rows(rows.groupby(["workload", "pool", "contingency"], sort=False)["amount"].sum().reset_index()):
            pool, after = str(row["pool"]), str(row["contingency"])
            site = scenario.pools[pool].site
            yield _row("workload", str(row["workload"]), role, site, row["amount"], pool=pool, contingency=after)


def _backups(scenario: Scenario, tables: PlanTables) -> Iterator[Row]:
    """GB of results sent from each pool to the backup of its site."""
    table = tables.allocation
    if table.empty:
        return
    sent = table.assign(units=table["units_per_hour"].astype(float) * _hours(scenario, table))
    for row in _rows(sent.groupby(["workload", "pool"], sort=False)["units"].sum().reset_index()):
        key, pool = str(row["workload"]), str(row["pool"])
        work = scenario.workloads[key]
        site = backup_site(scenario, work, scenario.pools[pool].site) if work.backup_sites else None
        if site is not None and work.result_gb_per_unit > 0:
            yield _row("workload", key, "backup", site, row["units"] * work.result_gb_per_unit, pool=pool)


def _data(plan: Plan) -> Iterator[Row]:
    assert plan.tables is not None
    scenario = plan.scenario
    for key, dataset in scenario.datasets.items():
        yield _row("dataset", key, "copy", dataset.home_site, dataset.size_gb)
    for row in _rows(plan.tables.copies):
        key = str(row["dataset"])
        yield _row("dataset", key, "copy", str(row["site"]), scenario.datasets[key].size_gb)
    for row in _rows(plan.tables.syncs):
        link = str(row["link"])
        end = scenario.links[link].to_site
        role = "sync" if end == row["site"] else "relay"
        yield _row("dataset", str(row["dataset"]), role, end, float(row["share"]), link=link)


def _row(
    kind: str,
    record: str,
    role: str,
    site: str,
    amount: float,
    *,
    pool: str = "",
    link: str = "",
    contingency: str = "",
) -> Row:
    values = (kind, record, role, site, pool, link, contingency, float(amount))
    return dict(zip(PLACEMENT_COLUMNS, values, strict=True))


def _broken(scenario: Scenario, links: dict[tuple[str, str], Link], row: Row) -> Iterator[tuple[str, str]]:
    """(rule, attribute) of every rule that a placement breaks."""
    if row["amount"] == 0:
        return
    if row["kind"] == "dataset":
        yield from _broken_by_data(scenario, row)
        return
    work, site = scenario.workloads[row["record"]], scenario.sites[row["site"]]
    if work.allowed_jurisdictions and site.jurisdiction not in work.allowed_jurisdictions:
        yield ("residency", "")
    at = scenario.pools[row["pool"]].site
    ways = {"link_there": (work.origin_site, at)}
    if work.egress_gb_per_unit > 0:
        ways["link_back"] = (at, work.origin_site)
    offered = set(site.attributes)
    if row["role"] == "backup":
        ways = {"link_backup": (at, row["site"])}
    else:
        if row["site"] in work.denied_sites or (work.allowed_sites and row["site"] not in work.allowed_sites):
            yield ("sites", "")
        offered |= set(scenario.pools[row["pool"]].attributes)
    yield from (("attribute", one) for one in work.required_attributes if one not in offered)
    for rule, (start, end) in ways.items():
        link = links.get((start, end))
        has = set(work.required_link_attributes) if start == end else set(link.attributes) if link else set[str]()
        yield from ((rule, one) for one in work.required_link_attributes if one not in has)


def _broken_by_data(scenario: Scenario, row: Row) -> Iterator[tuple[str, str]]:
    dataset, site = scenario.datasets[row["record"]], scenario.sites[row["site"]]
    if dataset.allowed_jurisdictions and site.jurisdiction not in dataset.allowed_jurisdictions:
        yield ("residency", "")
    yield from (("attribute", one) for one in dataset.required_attributes if one not in site.attributes)
    if row["link"]:
        offered = scenario.links[row["link"]].attributes
        yield from (("link_sync", one) for one in dataset.required_link_attributes if one not in offered)
