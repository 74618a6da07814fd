"""Private lines: what is bought beside each link, what it costs, and what it saves."""

from __future__ import annotations

import math

import pandas as pd

from hybridplan.analysis import frames, labels, purchases
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.units import gb_per_hour

COLUMNS = (
    "link",
    "name",
    "gbps",
    "most_gbps",
    "usd",
    "gb",
    "peak_share",
    "saved_usd",
    "net_usd",
    "break_even_gb_per_hour",
    "fixed_usd_per_hour",
)


def occur(scenario: Scenario) -> bool:
    """Whether a private line is on offer anywhere."""
    return any(link.max_private_gbps > 0 for link in scenario.links.values())


def by_link(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """COLUMNS for each link with a private line on offer, over the horizon.

    gbps: bought; usd: its fixed price, private_usd_per_gbps_hour x gbps + private_usd_per_hour, in every hour. gb: data
    on it; peak_share: at its most, of its bandwidth. saved_usd: gb x (price on the link - price on the line); what did
    not fit beside it without the line is not in that. break_even_gb_per_hour: data per hour, in the mean, at which the
    saving pays for the line; NaN where data on it are no cheaper.
    """
    bought = purchases.quantities(plan, "private_line")
    flows = tables.private_flows
    flows = flows.assign(gb=flows["gb_per_hour"].astype(float) * frames.weight_hours(plan.scenario, flows))
    names, hours, rows = labels.links(plan.scenario), plan.scenario.horizon.plan_hours, []
    for key, link in plan.scenario.links.items():
        if not link.max_private_gbps > 0:
            continue
        size, mine = bought.get(key, 0.0), flows.loc[flows["link"] == key]
        fixed = link.private_usd_per_gbps_hour * size + (link.private_usd_per_hour if size > 0 else 0.0)
        price = link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb
        gb, cheaper = float(mine["gb"].sum()), link.usd_per_gb - price
        peak = float(mine["gb_per_hour"].astype(float).max()) if len(mine) else 0.0
        rows.append(
            {
                "link": key,
                "name": names[key],
                "gbps": size,
                "most_gbps": link.max_private_gbps,
                "usd": fixed * hours,
                "gb": gb,
                "peak_share": peak / gb_per_hour(size) if size > 0 else math.nan,
                "saved_usd": gb * cheaper,
                "net_usd": gb * cheaper - fixed * hours,
                "break_even_gb_per_hour": fixed / cheaper if cheaper > 0 and size > 0 else math.nan,
                "fixed_usd_per_hour": fixed,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
