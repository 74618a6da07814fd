"""What stands by for promised work, and what goes on after each failure; read from the tables as the audit does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridplan.audit.costs.usage import billed_prices
from hybridplan.audit.ledger import open_ledger
from hybridplan.audit.rules.promise import carried
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables

STANDBY_COLUMNS = ("workload", "pool", "most", "accelerator_hours", "rent_usd")
SURVIVAL_COLUMNS = ("workload", "contingency", "promised_share", "left_share", "block", "period_start")


def promised(scenario: Scenario) -> dict[str, float]:
    """Workloads that must go on after a failure, and the share that is promised; empty where nothing can fail."""
    if not scenario.policy.contingencies:
        return {}
    return {key: work.promised_share for key, work in scenario.workloads.items() if work.promised_share > 0}


def standby(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """STANDBY_COLUMNS: most accelerators at one time, accelerator-hours over the horizon, and their rent.

    Rent is what a rented pool bills for them, their part of what is held back included, at the mean price of all that
    is provisioned there; 0 where it is paid anyway.
    Shared and cold promises keep no standby of their own.
    """
    ledger, pools = open_ledger(scenario, tables), list(scenario.pools.values())
    # A pool that shared promises fill after a failure has more than its load: that rent is not standby's.
    billed = np.minimum(ledger.provisioned, ledger.load / (1.0 - np.array([p.held_back_share for p in pools]))[:, None])
    hourly = billed_prices(ledger) * billed
    per_accelerator = np.divide(hourly, ledger.load, out=np.zeros_like(hourly), where=ledger.load > 0)
    hours = ledger.axes.weight_hours
    rows = [
        (
            ledger.axes.workloads[w],
            ledger.axes.pools[p],
            float(ledger.standby[k].max()),
            float(ledger.standby[k] @ hours),
            float((per_accelerator[p] * ledger.standby[k]) @ hours),
        )
        for k, (w, p) in enumerate(zip(ledger.pair_workload.tolist(), ledger.pair_pool.tolist(), strict=True))
        if ledger.standby[k].any()
    ]
    return pd.DataFrame(rows, columns=list(STANDBY_COLUMNS))


def survival(scenario: Scenario, tables: PlanTables) -> pd.DataFrame:
    """SURVIVAL_COLUMNS: the smallest share of what is served that is left after each failure, and when.

    At most 1; 1, and no time, where nothing is served.
    """
    ledger, rows = open_ledger(scenario, tables), list[tuple[object, ...]]()
    blocks = [ledger.axes.blocks[code][0] for code in ledger.axes.block_of.tolist()]
    starts = pd.to_datetime(ledger.axes.starts_us, unit="us", utc=True)
    served = ledger.per_workload(ledger.served)
    for key in scenario.policy.contingencies:
        left = carried(ledger, key)
        for work, share in promised(scenario).items():
            code = ledger.axes.workloads.index(work)
            part = np.divide(left[code], served[code], out=np.ones_like(served[code]), where=served[code] > 0)
            worst = int(np.argmin(part))
            when = (blocks[worst], starts[worst]) if served[code, worst] > 0 else ("", pd.NaT)
            rows.append((work, key, share, min(float(part[worst]), 1.0), *when))
    order = {key: position for position, key in enumerate(scenario.workloads)}
    found = pd.DataFrame(rows, columns=list(SURVIVAL_COLUMNS))
    return found.sort_values("workload", key=lambda ids: ids.map(order), kind="stable").reset_index(drop=True)
