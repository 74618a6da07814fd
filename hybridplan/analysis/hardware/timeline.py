"""When hardware comes and goes: by block what stands in each owned pool, and the dates behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd

from hybridplan.analysis import labels, purchases
from hybridplan.analysis.hardware import expansions as buying
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables

COLUMNS = ("pool", "block", "kept", "bought", "retired", "whole")
EVENT_COLUMNS = ("date", "pool", "event", "accelerators", "name")
_DAYS_PER_YEAR = 365.0


def by_block(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """COLUMNS for every owned pool and block, in their order: accelerators kept of what was there before, bought ones
    that have come, and what has retired by then. whole: False where the bought number is no whole number of nodes."""
    scenario, rows = plan.scenario, list[tuple[object, ...]]()
    kept = dict(tables.kept[["pool", "accelerators_kept"]].itertuples(index=False, name=None))
    for key, pool in scenario.pools.items():
        if pool.purchase_option != "owned":
            continue
        there, new = buying.standing(plan, tables, key), buying.arrived(plan, key)
        for block in there:
            gone = float(kept.get(key, 0.0)) - there[block]
            nodes = new[block] / pool.accelerators_per_node
            rows.append((key, block, there[block], new[block], gone, abs(nodes - round(nodes)) < 1e-6))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def changes(scenario: Scenario) -> bool:
    """Whether what stands in any owned pool may change over the horizon."""
    return bool(scenario.expansions) or any(pool.retires for pool in scenario.pools.values())


def events(plan: Plan, tables: PlanTables) -> pd.DataFrame:
    """EVENT_COLUMNS by date: ``retires``, ``arrives``, and ``refresh`` (the end of life of what is bought).

    A refresh is due life years of 365 days after the start of the block in which it arrives.
    """
    scenario, rows = plan.scenario, list[tuple[datetime, str, str, float, str]]()
    kept, names = dict(tables.kept.itertuples(index=False, name=None)), labels.pools(scenario)
    for key, pool in scenario.pools.items():
        if pool.purchase_option == "owned" and pool.retires is not None and kept.get(key, 0.0) > purchases.DUST:
            rows.append((pool.retires, key, "retires", float(kept[key]), names[key]))
    for one in buying.expansions(plan):
        if not one.whole or not one.arrives:
            continue
        start = scenario.horizon.blocks[one.arrives].start
        rows.append((start, one.pool, "arrives", float(one.whole), one.name))
        rows.append((_later(start, one.terms.life_years), one.pool, "refresh", float(one.whole), one.name))
    return pd.DataFrame(sorted(rows), columns=list(EVENT_COLUMNS))


def _later(start: datetime, years: float) -> datetime:
    return start + timedelta(days=_DAYS_PER_YEAR * years)
