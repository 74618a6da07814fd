"""Who takes over for whom, in what order, and how much."""

from __future__ import annotations

import pandas as pd

from hybridplan.plan import Plan


def failover_table(plan: Plan) -> pd.DataFrame:
    """FAILOVER_COLUMNS: promised work, contingencies that take something from it, and the pools that take over.

    lost_pools: ids of its pools that are lost while they serve it, joined by ", ". order: 1 is the shortest round trip
    from the users, then the lower contracted price, then the id. most: in one hour (that of block and period_start,
    when most units are taken over); units: over the horizon, each hour that the plan covers counted as one failure of
    an hour. Raises :class:`InvalidInput` for a plan without tables.
    """
    raise NotImplementedError
