"""What a plan would be billed if the vendor applied its spend commitments, hour by hour in a fixed order.

Commitments for fewer pools come first (an instance plan before a general one). Of each, the pool with the highest share
saved (1 - rate / price) comes first, of equal ones that with the lowest rate, until the hour's money is spent. The plan
covers what is cheapest over all commitments together, so that a vendor's bill is never below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.model.periods import Array, Periods
from hybridplan.model.spending import Spending
from hybridplan.plan import COVERED_COLUMNS, Plan, PlanTables


@dataclass(frozen=True)
class VendorBill:
    """Money over the horizon, in USD; only of pools that a spend commitment may cover."""

    covered: pd.DataFrame
    """COVERED_COLUMNS, sparse."""
    usage_usd: float
    """What is left on demand."""
    commitment_usd: float
    """All spend commitments, used or not."""
    used_usd: dict[str, float]
    """Part of each commitment that is spent, by its id."""

    @property
    def total_usd(self) -> float:
        """Usage and commitments."""
        return self.usage_usd + self.commitment_usd


def vendor_bill(scenario: Scenario, provisioned: pd.DataFrame, new_usd_per_hour: Mapping[str, float]) -> VendorBill:
    """The bill for what runs.

    ``provisioned``: pool, block, period_start, accelerators_provisioned, as in :class:`PlanTables`.
    ``new_usd_per_hour``: by id, on top of what is committed already; ids that are left out get nothing new.
    """
    spending, running = _opened(scenario, provisioned)
    new = np.array([new_usd_per_hour.get(key, 0.0) for key in spending.ids], dtype=float)
    committed = spending.usd_per_hour + new
    return _bill(scenario, spending, running, committed, spending.in_vendor_order(running, committed))


def of_plan(plan: Plan, tables: PlanTables) -> tuple[VendorBill, VendorBill]:
    """The bill as planned, and as the vendor would write it, for the same accelerators and commitments."""
    spending, running = _opened(plan.scenario, tables.provisioned)
    rows = tables.purchases[tables.purchases["kind"] == "spend_commitment"]
    new = dict(zip(rows["record"].astype(str), rows["quantity"].astype(float), strict=True))
    committed = spending.usd_per_hour + np.array([new.get(key, 0.0) for key in spending.ids], dtype=float)
    covered = _read(plan.scenario, spending, tables.covered)
    planned = _bill(plan.scenario, spending, running, committed, covered)
    return planned, vendor_bill(plan.scenario, tables.provisioned, new)


def _opened(scenario: Scenario, provisioned: pd.DataFrame) -> tuple[Spending, Array]:
    """Rates and service, and accelerators that run, (P, T)."""
    periods = Periods.of(scenario)
    index = pd.MultiIndex.from_arrays([periods.block, periods.start])
    wide = provisioned.pivot(
        index=["block", "period_start"], columns="pool", values="accelerators_provisioned"
    ).reindex(index=index, columns=list(scenario.pools))
    running: Array = wide.fillna(0.0).to_numpy(dtype=float).T.copy()
    return Spending(scenario, periods), running


def _read(scenario: Scenario, spending: Spending, covered: pd.DataFrame) -> Array:
    """Covered accelerators by pair and period, (V, T)."""
    periods = Periods.of(scenario)
    pools = list(scenario.pools)
    pair = {
        (spending.ids[s], pools[p]): v for v, (s, p) in enumerate(zip(spending.commitment, spending.pool, strict=True))
    }
    when = {key: t for t, key in enumerate(zip(periods.block, periods.start, strict=True))}
    found = np.zeros((len(spending.pool), len(periods)))
    v = [pair[key] for key in zip(covered["spend_commitment"], covered["pool"], strict=True)]
    t = [when[key] for key in zip(covered["block"], covered["period_start"], strict=True)]
    found[v, t] = covered["accelerators_covered"].to_numpy(dtype=float)
    return found


def _bill(scenario: Scenario, spending: Spending, running: Array, committed: Array, covered: Array) -> VendorBill:
    periods, pools = Periods.of(scenario), list(scenario.pools)
    coverable = np.unique(spending.pool)
    price = np.array([contracted_price_usd(scenario, pool) for pool in scenario.pools.values()], dtype=float)
    left = running - spending.spread(len(pools)) @ covered
    usage = price[coverable] @ left[coverable] @ (periods.price_factor * periods.weight_hours)
    used = (spending.taken @ covered) @ periods.weight_hours
    v, t = np.nonzero(covered)
    names = [spending.ids[s] for s in spending.commitment[v]], [pools[p] for p in spending.pool[v]]
    columns = *names, periods.block[t], periods.start[t], covered[v, t]
    return VendorBill(
        pd.DataFrame(dict(zip(COVERED_COLUMNS, columns, strict=True))),
        float(usage),
        float(committed @ spending.service_hours),
        dict(zip(spending.ids, used.tolist(), strict=True)),
    )
