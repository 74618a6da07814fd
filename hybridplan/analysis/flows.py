"""What flows from workloads to pools, and over the links between sites."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import frames
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables
from hybridplan.units import gb_per_hour


def by_route(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Over the horizon: workload, pool, accelerator_hours, transfer_gb (both ways between two sites; 0 within one)."""
    rows = _rates(scenario, tables)
    scale = frames.weight_hours(scenario, rows)
    table = pd.DataFrame(
        {
            "workload": rows["workload"].astype(str),
            "pool": rows["pool"].astype(str),
            "accelerator_hours": rows["accelerators_busy"].astype(float) * scale,
            "transfer_gb": (rows["in_gb_per_hour"] + rows["out_gb_per_hour"]) * scale,
        }
    )
    return table.groupby(["workload", "pool"], as_index=False).sum()


def by_link(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """Each link: link, transfer_gb (horizon), peak_gb_per_hour, limit_gb_per_hour (NaN: none), peak_share, usd.

    Ingress runs from the workload's origin to the pool's site, egress back; both add up on the same directed link.
    """
    rows = _rates(scenario, tables)
    pair_of = {(link.from_site, link.to_site): key for key, link in scenario.links.items()}
    parts = []
    for start, end, rate in (("origin", "site", "in_gb_per_hour"), ("site", "origin", "out_gb_per_hour")):
        part = rows[["block", "period_start"]].copy()
        part["link"] = [pair_of.get(pair, "") for pair in zip(rows[start], rows[end], strict=True)]
        part["gb_per_hour"] = rows[rate]
        parts.append(part.loc[part["link"] != ""])
    flows = pd.concat(parts).groupby(["link", "block", "period_start"])["gb_per_hour"].sum().reset_index()
    flows["gb"] = flows["gb_per_hour"] * frames.weight_hours(scenario, flows)
    found = flows.groupby("link").agg(transfer_gb=("gb", "sum"), peak_gb_per_hour=("gb_per_hour", "max"))
    out = found.reindex(list(scenario.links)).fillna(0.0).rename_axis("link").reset_index()
    links = list(scenario.links.values())
    out["limit_gb_per_hour"] = [gb_per_hour(link.gbps) if link.gbps else float("nan") for link in links]
    out["peak_share"] = out["peak_gb_per_hour"] / out["limit_gb_per_hour"]
    out["usd"] = out["transfer_gb"] * [link.usd_per_gb for link in links]
    return out


def _rates(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    rows = tables.allocation.copy()
    rows["origin"] = rows["workload"].map(lambda key: scenario.workloads[key].origin_site)
    rows["site"] = rows["pool"].map(lambda key: scenario.pools[key].site)
    away = (rows["origin"] != rows["site"]).astype(float) * rows["units_per_hour"].astype(float)
    ingress = {key: work.ingress_gb_per_unit for key, work in scenario.workloads.items()}
    egress = {key: work.egress_gb_per_unit for key, work in scenario.workloads.items()}
    rows["in_gb_per_hour"] = away * rows["workload"].map(ingress).astype(float)
    rows["out_gb_per_hour"] = away * rows["workload"].map(egress).astype(float)
    return rows
