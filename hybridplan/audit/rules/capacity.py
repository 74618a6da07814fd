"""Capacity: assigned work fits what is provisioned less what is held back, and that fits what is available."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.axes import Floats
from hybridplan.audit.elastic import is_elastic
from hybridplan.audit.failover import largest_needs
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, by_period, scale_of
from hybridplan.domain import Scenario


def capacity(ledger: Ledger) -> list[Rows]:
    """Load <= (1 - held_back_share) n; n <= available; n = available where always on, else the least that is needed.

    Load is what is assigned and what is on standby. The least is the larger of load / (1 - held_back_share) and the
    largest need after a failure (which the rule ``failover_capacity`` holds), for which what is held back is released.
    Nothing else decides n, so a rented or reserved pool with more than that is not the plan that was solved. Only
    elastic pools decide n (for them the rule ``provisioning`` holds the load), and pools that take over work after a
    failure, where some rule or price rewards more.

    Available is up_share x kept (owned), committed (reserved) or quota (on demand, interruptible); accelerators.
    """
    pools, always_on = list(ledger.scenario.pools.values()), ledger.axes.always_on[:, None]
    free = np.array([1.0 - pool.held_back_share for pool in pools])[:, None]
    usable, assigned, busy = free * ledger.provisioned, ledger.load, ledger.busy_by_pool
    needed = np.maximum(assigned, free * largest_needs(ledger))
    decided = always_on | (ledger.axes.failures.takers & _more_may_pay(ledger.scenario))[:, None]
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
            "more is provisioned than the load needs, also after a failure",
            np.where(decided | elastic, 0.0, usable - needed),
            needed,
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


def _more_may_pay(scenario: Scenario) -> bool:
    """Whether anything can reward what is provisioned and not needed: hours from which a provider counts, the whole of
    which a provider may have a share, or a price that falls for all accelerators from some number on."""
    policy = scenario.policy
    is_part_of_rent = policy.provider_share_cap is not None and policy.provider_share_of == "rented_usd"
    falls = any(pool.price_tiers and pool.tier_form == "volume" for pool in scenario.pools.values())
    return policy.min_providers > 0 or is_part_of_rent or falls
