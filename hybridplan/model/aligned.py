"""The decisions of an answer as the audit's ledger, without the way through tables: for many plans in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from hybridplan.audit.axes import Axes
from hybridplan.audit.ledger import Ledger
from hybridplan.model.data import Data
from hybridplan.model.data_tables import for_ledger
from hybridplan.model.values import Values


def ledger(data: Data, values: Values, axes: Axes) -> Ledger:
    """What :func:`hybridplan.audit.ledger.open_ledger` would read from the tables of these values.

    ``axes``: those of the scenario of ``data``.
    """
    works, pools = ({name: code for code, name in enumerate(ids)} for ids in (axes.workloads, axes.pools))
    standby = np.zeros_like(values.busy) if values.standby is None else values.standby
    used = np.flatnonzero(np.any((values.busy > 0) | (values.assigned > 0) | (standby > 0), axis=1))
    routes = [data.routes[k] for k in used]
    unserved = np.zeros((len(works), len(data.periods)))
    if data.rigid:
        unserved[[works[w] for w in data.rigid]] = values.unserved
    busy = values.busy[used]
    busy_by_pool = np.asarray(data.incidence(data.pools, "pool") @ values.busy)
    return Ledger(
        axes,
        np.array([works[route.workload] for route in routes], dtype=np.int64),
        np.array([pools[route.pool] for route in routes], dtype=np.int64),
        busy,
        values.assigned[used],
        values.effective[used] * data.productivity[used, None],
        standby[used],
        standby[used] * (data.productivity * data.queues.load_limit)[used, None],
        values.provisioned(data),
        values.available(data),
        busy_by_pool,
        unserved,
        values.unserved_window.copy(),
        np.where(data.option("owned"), values.kept, np.nan),
        (),
        **_chosen(data, values, axes),
        **for_ledger(data, values, axes),
    )


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
