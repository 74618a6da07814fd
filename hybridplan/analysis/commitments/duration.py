"""Demand-duration: for how many hours how much runs of what a commitment can pay for."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis.commitments import use
from hybridplan.analysis.commitments.holdings import Holding, holdings
from hybridplan.plan import Plan, PlanTables

COLUMNS = ("from_hour", "to_hour", "covered", "beyond")


def curve(plan: Plan, tables: PlanTables, one: Holding) -> pd.DataFrame:
    """COLUMNS: hours of service by what runs, most first, from_hour to to_hour, weights included.

    covered: accelerators that a commitment pays for (all commitments of the same pool together); beyond: the rest of
    the pools that it can pay for.
    """
    rows = use.by_period(plan, tables, one)
    covered = rows["covered"].astype(float)
    if one.kind == "commitment":
        others = [other for other in holdings(plan) if other.kind == one.kind and other.pools[0] == one.pools[0]]
        for other in others:
            if other.record != one.record:
                mine = use.by_period(plan, tables, other)
                keys = ["block", "period_start"]
                added = rows[keys].merge(mine[[*keys, "covered"]], on=keys, how="left")["covered"]
                covered = covered + added.astype(float).fillna(0.0)
    whole = rows["coverable"].astype(float)
    table = pd.DataFrame({"covered": covered, "beyond": (whole - covered).clip(lower=0.0), "whole": whole})
    table["hours"] = rows["weight_hours"].astype(float)
    table = table.sort_values(["whole", "covered"], ascending=False, kind="stable")
    ends = table["hours"].cumsum()
    return table.assign(from_hour=ends - table["hours"], to_hour=ends)[list(COLUMNS)].reset_index(drop=True)


def levels(plan: Plan, one: Holding) -> dict[str, float]:
    """Accelerators committed in the pool, as held now and with what is new, at their most at any time; by code ``now``
    and ``planned``. Empty for a spend commitment: what it covers depends on the pool."""
    if one.kind != "commitment":
        return {}
    mine = [other for other in holdings(plan) if other.kind == one.kind and other.pools[0] == one.pools[0]]
    blocks = [key for key, hours in one.hours.items() if hours > 0]
    found = {}
    for code, sizes in (("now", [other.existing for other in mine]), ("planned", [other.size for other in mine])):
        sums = [
            sum(size for size, other in zip(sizes, mine, strict=True) if other.hours[block] > 0) for block in blocks
        ]
        found[code] = max(sums, default=0.0)
    return found if found["planned"] > found["now"] else {"now": found["now"]}
