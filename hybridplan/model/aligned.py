"""The decisions of an answer as the audit's ledger, without the way through tables: for many plans in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from hybridplan.audit.axes import Axes
from hybridplan.audit.ledger import Ledger
from hybridplan.model.data import Data
from hybridplan.model.data_tables import for_ledger
from hybridplan.model.periods import Array
from hybridplan.model.values import Values


def ledger(data: Data, values: Values, axes: Axes) -> Ledger:
    """What :func:`hybridplan.audit.ledger.open_ledger` would read from the tables of these values.

    ``axes``: those of the scenario of ``data``.
    """
    works, pools = ({name: code for code, name in enumerate(ids)} for ids in (axes.workloads, axes.pools))
    pairs, (busy, assigned, units, standby, can) = _by_pair(data, values)
    unserved = np.zeros((len(works), len(data.periods)))
    if data.rigid:
        unserved[[works[w] for w in data.rigid]] = values.unserved
    busy_by_pool = np.asarray(data.incidence(data.pools, "pool") @ values.busy)
    return Ledger(
        axes,
        np.array([works[workload] for workload, _ in pairs], dtype=np.int64),
        np.array([pools[pool] for _, pool in pairs], dtype=np.int64),
        busy,
        assigned,
        units,
        standby,
        can,
        values.provisioned(data),
        values.available(data),
        busy_by_pool,
        unserved,
        values.unserved_window.copy(),
        np.where(data.option("owned"), values.kept, np.nan),
        (),
        **_moved(data, values, works, pools),
        **_chosen(data, values, axes),
        **for_ledger(data, values, axes),
    )


def _by_pair(data: Data, values: Values) -> tuple[list[tuple[str, str]], list[Array]]:
    """(workload, pool) of every pair that runs or stands by; busy, assigned, units, standby and what it can serve."""
    promises, width = data.promises, len(data.periods)
    used = np.flatnonzero(np.any((values.busy > 0) | (values.assigned > 0), axis=1)).tolist()
    ready = [] if values.standby is None else np.flatnonzero(np.any(values.standby > 0, axis=1)).tolist()
    running = {(data.routes[k].workload, data.routes[k].pool): k for k in used}
    waiting = {(promises.pairs[k].workload, promises.pairs[k].pool): k for k in ready}
    pairs = list(dict.fromkeys([*running, *waiting]))
    arrays = [np.zeros((len(pairs), width)) for _ in range(5)]
    for row, pair in enumerate(pairs):
        if (k := running.get(pair)) is not None:
            done = values.busy[k], values.assigned[k], values.effective[k] * data.productivity[k]
            for array, found in zip(arrays, done, strict=False):
                array[row] = found
        if values.standby is not None and (k := waiting.get(pair)) is not None:
            arrays[3][row], arrays[4][row] = values.standby[k], values.standby[k] * promises.units[k]
    return pairs, arrays


def _moved(data: Data, values: Values, works: dict[str, int], pools: dict[str, int]) -> dict[str, Any]:
    """Where work is placed after failures."""
    promises = data.promises
    if values.redispatch is None:
        return {}
    used = np.flatnonzero(np.any(values.redispatch > 0, axis=1))
    failures = {key: code for code, key in enumerate(data.scenario.policy.contingencies)}
    moves = [promises.moves[m] for m in used.tolist()]
    pairs = [promises.pairs[k] for _, k in moves]
    assigned = values.redispatch[used]
    return {
        "redispatch_failure": np.array([failures[case.contingency] for case, _ in moves], dtype=np.int64),
        "redispatch_workload": np.array([works[pair.workload] for pair in pairs], dtype=np.int64),
        "redispatch_pool": np.array([pools[pair.pool] for pair in pairs], dtype=np.int64),
        "redispatched": assigned,
        "redispatched_units": assigned * promises.units[promises.moving[used]][:, None],
    }


def _chosen(data: Data, values: Values, axes: Axes) -> dict[str, Any]:
    """What is bought, newly committed or covered, in the order of the audit's records."""
    found = _spent(data, values, axes)
    if not data.offers.records:
        return found
    size = dict(zip(data.offers.records, values.sizes(data).tolist(), strict=True))
    records = axes.records
    return found | {
        "new_committed": np.array([size.get(("commitment", key), 0.0) for key in records.commitments], dtype=float),
        "bought": np.array([size.get(("expansion", key), 0.0) for key in records.expansions], dtype=float),
    }


def _spent(data: Data, values: Values, axes: Axes) -> dict[str, Any]:
    """Spend commitments: both sides keep them in the order of the scenario."""
    spending = data.spending
    if not spending.ids:
        return {}
    new = np.zeros(len(spending.ids))
    new[spending.growing] = values.spent(data)
    pools = np.array([axes.pools.index(pool) for pool in data.pools], dtype=np.int64)
    return {
        "new_spend_usd_per_hour": new,
        "covered_by": spending.commitment.astype(np.int64),
        "covered_pool": pools[spending.pool],
        "covered": values.cover(data),
    }
