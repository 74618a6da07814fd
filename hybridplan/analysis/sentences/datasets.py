"""Data in words: where each dataset lies, what its copies cost, how they are kept up to date, and where results lie."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import datasets, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import say
from hybridplan.domain import failure_domain
from hybridplan.plan import Plan, PlanTables

_ALL = 1 - 1e-6


def summary(plan: Plan) -> list[str]:
    """For each dataset: copies, cost, first copies, residency; then results and their backups."""
    if plan.tables is None or not datasets.occur(plan.scenario):
        return []
    rows, ways = datasets.copies(plan, plan.tables), datasets.ways(plan, plan.tables)
    found = list[str]()
    for key in plan.scenario.datasets:
        mine, moved = rows.loc[rows["dataset"] == key], ways.loc[ways["dataset"] == key]
        found += [
            _where(plan, mine),
            _cost(plan, mine, moved),
            *_made(mine),
            *_sync(mine, moved),
            *_law(plan, key, mine),
            *_apart(plan, key, mine),
        ]
    return [*found, *results(plan, plan.tables)]


def results(plan: Plan, tables: PlanTables) -> list[str]:
    """Where results lie, with their backup."""
    names, found = labels.sites(plan.scenario), list[str]()
    for row in datasets.results(plan, tables).to_dict("records"):
        apart = plan.scenario.workloads[str(row["workload"])].backup_apart
        code = "result.backup" if apart == "site" else f"result.backup_{apart}"
        code = code if row["backup"] else "result.no_backup"
        backup = say(code, site=names.get(row["backup"], ""))
        gb, usd = fmt.number(row["kept_gb"]), _money(plan, row["storage_usd"])
        found.append(
            say(
                "result.kept",
                name=row["name"],
                site=names[row["site"]],
                gb=gb,
                backup=backup,
                usd=usd,
                span=_span(plan),
            )
        )
    return found


def _where(plan: Plan, rows: pd.DataFrame) -> str:
    home, stands = rows.iloc[0], rows.loc[~rows["state"].isin([datasets.HOME, datasets.LEFT])]
    words = {"name": str(home["name"]), "size": fmt.number(float(home["size_gb"])), "home": str(home["site_name"])}
    if stands.empty:
        line = say("data.no_copies", **words)
    else:
        parts = [
            say("data.copy", site=str(site), state=say(f"copy.{state}"))
            for site, state in zip(stands["site_name"], stands["state"], strict=True)
        ]
        line = say("data.copies", parts=fmt.listed(parts), **words)
    left = rows.loc[rows["state"] == datasets.LEFT, "site_name"].astype(str).tolist()
    return f"{line} {say('data.left', name=str(home['name']), sites=fmt.shortened(left))}" if left else line


def _cost(plan: Plan, rows: pd.DataFrame, moved: pd.DataFrame) -> str:
    storage, usd = float(rows["storage_usd"].sum()), float(moved[["change_usd", "first_usd"]].to_numpy().sum())
    return say("data.cost", storage=_money(plan, storage), transfer=_money(plan, usd), span=_span(plan))


def _made(rows: pd.DataFrame) -> list[str]:
    """First copies that take time, and copies that nobody uses."""
    found = []
    stands = rows.loc[~rows["state"].isin([datasets.HOME, datasets.LEFT])]
    for row in stands.to_dict("records"):
        words = {"name": str(row["name"]), "site": str(row["site_name"])}
        if row["first_copy_hours"] > 0:
            found.append(say("data.first", hours=fmt.hours(round(row["first_copy_hours"], 1)), **words))
        if not row["works"]:
            found.append(say("data.unused", **words))
    return found


def _sync(rows: pd.DataFrame, moved: pd.DataFrame) -> list[str]:
    found = []
    for row in rows.loc[rows["change_gb_per_hour"] > 0].to_dict("records"):
        ways = moved.loc[moved["site"] == row["site"]]
        if ways.empty:
            continue
        path = fmt.listed([_way(way) for way in ways.to_dict("records")])
        rate = fmt.number(row["change_gb_per_hour"])
        found.append(say("data.sync", rate=rate, name=str(row["name"]), site=str(row["site_name"]), path=path))
    return found


def _way(way: dict[object, object] | dict[str, object]) -> str:
    row = dict(way)
    link, share, part = str(row["link_name"]), float(str(row["share"])), float(str(row["of_link"]))
    if share < _ALL:
        return say("data.split", link=link, part=fmt.share(share))
    return say("data.way", link=link, share=fmt.share(part)) if part == part else say("data.way_free", link=link)


def _law(plan: Plan, key: str, rows: pd.DataFrame) -> list[str]:
    dataset, stands = plan.scenario.datasets[key], rows.loc[rows["state"] != datasets.LEFT]
    name = str(rows["name"].iloc[0])
    if not dataset.allowed_jurisdictions:
        return [say("data.anywhere", name=name, places=fmt.listed(sorted(set(stands["jurisdiction"].astype(str)))))]
    allowed = fmt.listed(list(dataset.allowed_jurisdictions))
    broken = stands.loc[~stands["is_allowed"].astype(bool), "jurisdiction"].astype(str).tolist()
    if broken:
        return [say("data.residency_broken", name=name, allowed=allowed, places=fmt.listed(sorted(set(broken))))]
    return [say("data.residency", name=name, allowed=allowed)]


def _apart(plan: Plan, key: str, rows: pd.DataFrame) -> list[str]:
    """Where more than one copy is asked for: at how many sites, zones or providers there is one."""
    dataset, sites = plan.scenario.datasets[key], plan.scenario.sites
    if dataset.min_copies == 1:
        return []
    names = labels.sites(plan.scenario) if dataset.copies_apart == "site" else {}
    stands = rows.loc[rows["state"] != datasets.LEFT, "site"].astype(str)
    domains = {failure_domain(site, sites[site], dataset.copies_apart) for site in stands}
    known = sorted(names.get(domain, domain) for domain in domains if domain is not None)
    words = {"domains": f"{dataset.copies_apart}s", "least": f"{dataset.min_copies}", "count": f"{len(known)}"}
    return [say("data.apart", name=str(rows["name"].iloc[0]), places=fmt.shortened(known), **words)]


def _span(plan: Plan) -> str:
    return fmt.span(plan.scenario.horizon.plan_hours)


def _money(plan: Plan, usd: float) -> str:
    return fmt.money(usd, plan.scenario.display_currency)
