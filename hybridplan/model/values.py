"""The decisions as plain arrays, and the plan's labelled tables made from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.model import data_tables
from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.plan import (
    ALLOCATION_COLUMNS,
    COVERED_COLUMNS,
    KEPT_COLUMNS,
    PROVISIONED_COLUMNS,
    PURCHASE_COLUMNS,
    REDISPATCH_COLUMNS,
    STANDBY_COLUMNS,
    UNSERVED_HOURLY_COLUMNS,
    UNSERVED_WINDOW_COLUMNS,
    PlanTables,
)


@dataclass
class Values:
    """Numbers of one answer; shapes as in :mod:`hybridplan.model.data`."""

    busy: Array
    """y, accelerators; (K, T)."""
    assigned: Array
    """a, accelerators; (K, T)."""
    effective: Array
    """Accelerators without loss; (K, T)."""
    unserved: Array
    """Work units per hour; (W, T)."""
    unserved_window: Array
    """Work units per occurrence; (V,)."""
    kept: Array
    """Accelerators; (P,)."""
    elastic: Array | None = None
    """n, accelerators, of elastic pools; other rows are not read; None: the least everywhere. (P, T)."""
    standby: Array | None = None
    """Accelerators that stand by, apart from ``assigned``, of failover pairs; None: none. (F, T)."""
    redispatch: Array | None = None
    """Accelerators assigned after a failure, of ``Data.promises.moves``; None: none. (M, T)."""
    reserve: Array | None = None
    """Accelerators provisioned beyond the load for what comes after a failure, of ``Data.reserving``; None: none."""
    bought: Array | None = None
    """Accelerators bought or newly committed, of the records of ``Data.offers``; None: the least that must be. (R,)."""
    covered: Array | None = None
    """Accelerators that spend commitments cover, by pair of commitment and pool; None: as a vendor does. (V, T)."""
    new_spend: Array | None = None
    """USD per hour newly committed, of the spend commitments that may grow; None: the least that must be."""
    private_gbps: Array | None = None
    """Gbit/s of private lines, of the links that offer one."""
    private: Array | None = None
    """GB per hour on them."""
    chosen: Array | None = None
    """1 where a choosable copy of a dataset is made, else 0; None: none is."""
    sync: Array | None = None
    """Share of a copy's data on each of its links; None: the cheapest way to those that stand."""

    def provisioned(self, data: Data) -> Array:
        """n: always-on pools what is kept and up, elastic ones as decided, others the least that holds their load."""
        made = data.provisioning
        least = self.load(data) / data.usable_share[:, None]
        if self.reserve is not None:
            least[data.reserving] += self.reserve
        chosen = least if self.elastic is None else np.where(made.elastic[:, None], self.elastic, least)
        result: Array = np.where(made.always_on[:, None], self.available(data), chosen)
        return result

    def sizes(self, data: Data) -> Array:
        """Accelerators bought or newly committed; the least that must be where nothing was decided; (R,)."""
        return data.offers.least if self.bought is None else self.bought

    def spent(self, data: Data) -> Array:
        """USD per hour newly committed; the least that must be where nothing was decided; (G,)."""
        return data.spending.least if self.new_spend is None else self.new_spend

    def cover(self, data: Data) -> Array:
        """Covered accelerators; as a vendor covers them where nothing was decided; (V, T)."""
        if self.covered is not None:
            return self.covered
        return data.spending.in_vendor_order(self.provisioned(data), data.spending.committed(self.spent(data)))

    def load(self, data: Data) -> Array:
        """What work and standby take of each pool; (P, T)."""
        result: Array = np.asarray(data.incidence(data.pools, "pool") @ self.assigned)
        if self.standby is None:
            return result
        result += np.asarray(data.promises.pair_by_pool @ self.standby)
        return result

    def available(self, data: Data) -> Array:
        """Most that may be provisioned: kept, quota or committed, and what is new, as far as it is up; (P, T)."""
        base: Array = np.where(data.option("owned"), self.kept, data.capacity)[:, None] * data.up_share
        if not data.offers.records:
            return base
        return base + data.offers.by_pool(self.sizes(data), len(data.pools)) * data.standing.maintained


def tables(data: Data, values: Values) -> PlanTables:
    """Label the arrays of an answer by id and period."""
    owned = [p for p, mask in zip(data.pools, data.option("owned"), strict=True) if mask]
    kept = {"pool": owned, "accelerators_kept": values.kept[data.option("owned")]}
    return PlanTables(
        allocation=_allocation(data, values),
        provisioned=_provisioned(data, values),
        unserved_hourly=unserved_hourly(data, values.unserved),
        unserved_windows=unserved_windows(data, values.unserved_window),
        kept=pd.DataFrame(kept, columns=list(KEPT_COLUMNS)),
        standby=_standby(data, values),
        redispatch=_redispatch(data, values),
        purchases=_purchases(data, values),
        private_flows=data_tables.private_flows(data, values),
        copies=data_tables.copies(data, values),
        syncs=data_tables.syncs(data, values),
        covered=_covered(data, values),
    )


def _purchases(data: Data, values: Values) -> pd.DataFrame:
    sizes = values.sizes(data).tolist()
    rows = [(kind, key, size) for (kind, key), size in zip(data.offers.records, sizes, strict=True)]
    growing = [data.spending.ids[s] for s in data.spending.growing]
    spent = values.spent(data).tolist()
    rows += [("spend_commitment", key, size) for key, size in zip(growing, spent, strict=True)]
    rows += data_tables.bought_lines(data, values)
    return pd.DataFrame(rows, columns=list(PURCHASE_COLUMNS))


def _covered(data: Data, values: Values) -> pd.DataFrame:
    spending = data.spending
    covered = values.cover(data)
    v, t = np.nonzero(covered)
    ids, pools = np.array(spending.ids, dtype=object), np.array(data.pools, dtype=object)
    names = ids[spending.commitment[v]], pools[spending.pool[v]]
    return _frame(COVERED_COLUMNS, *names, data.periods.block[t], data.periods.start[t], covered[v, t])


def _allocation(data: Data, values: Values) -> pd.DataFrame:
    k, t = np.nonzero((values.busy > 0) | (values.assigned > 0))
    workloads = np.array([route.workload for route in data.routes], dtype=object)
    pools = np.array([route.pool for route in data.routes], dtype=object)
    columns = (workloads[k], pools[k], data.periods.block[t], data.periods.start[t])
    numbers = values.busy[k, t], values.assigned[k, t], values.effective[k, t] * data.productivity[k]
    return _frame(ALLOCATION_COLUMNS, *columns, *numbers)


def _standby(data: Data, values: Values) -> pd.DataFrame:
    promises = data.promises
    standby = np.zeros((len(promises.pairs), len(data.periods))) if values.standby is None else values.standby
    k, t = np.nonzero(standby)
    columns = *_names(data, k), data.periods.block[t], data.periods.start[t], standby[k, t]
    return _frame(STANDBY_COLUMNS, *columns, standby[k, t] * promises.units[k])


def _redispatch(data: Data, values: Values) -> pd.DataFrame:
    promises = data.promises
    assigned = np.zeros((len(promises.moves), len(data.periods))) if values.redispatch is None else values.redispatch
    m, t = np.nonzero(assigned)
    k = promises.moving[m]
    failures = np.array([case.contingency for case, _ in promises.moves], dtype=object)[m]
    columns = failures, *_names(data, k), data.periods.block[t], data.periods.start[t], assigned[m, t]
    return _frame(REDISPATCH_COLUMNS, *columns, assigned[m, t] * promises.units[k])


def _names(data: Data, pairs: npt.NDArray[np.intp]) -> tuple[Array, Array]:
    """Workload and pool of failover pairs."""
    names = ([getattr(pair, key) for pair in data.promises.pairs] for key in ("workload", "pool"))
    workloads, pools = (np.array(found, dtype=object)[pairs] for found in names)
    return workloads, pools


def unserved_windows(data: Data, unserved: Array) -> pd.DataFrame:
    """Rows of UNSERVED_WINDOW_COLUMNS from work units of each window, (V,); none where all is done."""
    rows = [(row.workload, row.window, u) for row, u in zip(data.windows, unserved, strict=True) if u > 0]
    return pd.DataFrame(rows, columns=list(UNSERVED_WINDOW_COLUMNS))


def unserved_hourly(data: Data, unserved: Array) -> pd.DataFrame:
    """Rows of UNSERVED_HOURLY_COLUMNS from work units per hour of rigid workloads, (W, T); none where all is served."""
    w, t = np.nonzero(unserved)
    names = np.array(data.rigid, dtype=object)
    return _frame(UNSERVED_HOURLY_COLUMNS, names[w], data.periods.block[t], data.periods.start[t], unserved[w, t])


def _provisioned(data: Data, values: Values) -> pd.DataFrame:
    busy = np.asarray(data.incidence(data.pools, "pool") @ values.busy)
    count, periods = len(data.pools), len(data.periods)
    p, t = np.repeat(np.arange(count), periods), np.tile(np.arange(periods), count)
    return _frame(
        PROVISIONED_COLUMNS,
        np.array(data.pools, dtype=object)[p],
        data.periods.block[t],
        data.periods.start[t],
        values.provisioned(data).ravel(),
        values.available(data).ravel(),
        busy.ravel(),
    )


def _frame(columns: tuple[str, ...], *values: object) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(columns, values, strict=True)))
