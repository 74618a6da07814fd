"""What flows from workloads to pools, and over the links between sites."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.analysis import frames
from hybridplan.audit.costs.link_fixed import link_fixed
from hybridplan.audit.data import Flows
from hybridplan.audit.ledger import open_ledger
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
    """Each link: link, transfer_gb (horizon), peak_gb_per_hour, limit_gb_per_hour (NaN: none), peak_share, usd,
    fixed_usd.

    All that crosses it: data of work to the pool and back, results on their way to a backup, changes of datasets, and
    first copies, once. The limit holds the private line too. usd: for data; fixed_usd: the price of the link as it is
    and of its private line, whatever crosses them.
    """
    ledger = open_ledger(scenario, tables)
    found, hours = Flows(ledger), ledger.axes.weight_hours
    rate, links = found.traffic, list(scenario.links.values())
    once = _first_copies(scenario, tables)
    private = ledger.private_gbps.tolist()
    limits = [
        gb_per_hour(link.gbps + line) if link.gbps else float("nan") for link, line in zip(links, private, strict=True)
    ]
    fixed = {line.record: line.usd for line in link_fixed(ledger)}
    peak = (rate + found.of_first_copies).max(axis=1, initial=0.0)
    out = pd.DataFrame({"link": list(scenario.links), "transfer_gb": rate @ hours, "peak_gb_per_hour": peak})
    out["transfer_gb"] += [once.get(key, 0.0) for key in scenario.links]
    out["limit_gb_per_hour"] = limits
    out["peak_share"] = out["peak_gb_per_hour"] / out["limit_gb_per_hour"]
    first = [once.get(key, 0.0) * link.usd_per_gb for key, link in scenario.links.items()]
    out["usd"] = (rate * found.usd_per_gb) @ hours + np.array(first, dtype=float)
    out["fixed_usd"] = [fixed.get(key, 0.0) for key in scenario.links]
    return out


def _first_copies(scenario: Scenario, tables: PlanTables) -> dict[str, float]:
    """GB of first copies by link."""
    sums: dict[str, float] = {}
    for key, site, link, share in tables.syncs.itertuples(index=False, name=None):
        dataset = scenario.datasets[key]
        if dataset.copies[site].state != "present":
            sums[link] = sums.get(link, 0.0) + dataset.size_gb * float(share)
    return sums


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
