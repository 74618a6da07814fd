"""Capacity: assigned work fits what is provisioned less what is held back, and that fits what is available."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.elastic import is_elastic
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of


def capacity(ledger: Ledger) -> list[Rows]:
    """Load <= (1 - held_back_share) n; n <= available; n = available where always on, else the least that is needed.

    Load is what is assigned and what is on standby, the least is load / (1 - held_back_share). Nothing else decides n,
    so a rented or reserved pool with more than that is not the plan that was solved. Only elastic pools decide n (for
    them the rule ``provisioning`` holds the load), and pools that provision for what comes after a failure (the rule
    ``failover_capacity`` holds that).

    Available is up_share x kept (owned), committed (reserved) or quota (on demand, interruptible); accelerators.
    """
    pools, always_on = list(ledger.scenario.pools.values()), ledger.axes.always_on[:, None]
    free = np.array([1.0 - pool.held_back_share for pool in pools])[:, None]
    usable, assigned, busy = free * ledger.provisioned, ledger.load, ledger.busy_by_pool
    decided = always_on | ledger.axes.failures.takers[:, None]
    elastic = np.array([is_elastic(pool) for pool in pools], dtype=bool)[:, None]
    n, most = ledger.provisioned, ledger.available

    def rows(what: str, violation: Floats, *terms: Floats) -> Rows:
        return by_period(what, ledger.axes.pools, ["accelerators"] * len(pools), violation, scale_of(*terms))

    return [
        rows(
            "more is assigned than is provisioned and not held back",
            np.where(elastic, 0.0, assigned - usable),
            assigned,
            usable,
        ),
        rows("more is provisioned than is available", n - most, n, most),
        rows(
            "a pool that is always on is not on with all that is available", np.where(always_on, most - n, 0.0), n, most
        ),
        rows(
            "more is provisioned than the load needs",
            np.where(decided | elastic, 0.0, usable - assigned),
            assigned,
            usable,
        ),
        rows(
            "the accelerators available are not what the scenario gives",
            np.abs(ledger.available_said - most),
            ledger.available_said,
            most,
        ),
        rows(
            "the busy accelerators are not the sum of the allocation",
            np.abs(ledger.busy_said - busy),
            ledger.busy_said,
            busy,
        ),
    ]
