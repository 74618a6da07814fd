"""Providers of what is rented: what stands with each of them, and whether it is used at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Floats
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import FLOOR
from hybridplan.domain import Scenario
from hybridplan.domain.features import public_provider


def providers_of_pools(scenario: Scenario) -> list[str]:
    """(P,) the provider that each pool counts for; "" for what is owned or stands at a private site."""
    return [public_provider(pool, scenario.sites[pool.site]) for pool in scenario.pools.values()]


def providers(scenario: Scenario) -> list[str]:
    """(V,) every provider that some pool counts for, by name."""
    return sorted({name for name in providers_of_pools(scenario) if name})


def per_provider(scenario: Scenario, by_pool: Floats) -> Floats:
    """(V,) sums of (P,) values over the pools of each provider."""
    of_pools = np.array(providers_of_pools(scenario), dtype=object)
    return np.array([by_pool[of_pools == name].sum() for name in providers(scenario)], dtype=np.float64)


def provisioned_hours(ledger: Ledger) -> Floats:
    """(V,) g h n: accelerator-hours that are provisioned with each provider, used or not, over the horizon."""
    by_pool: Floats = ledger.provisioned @ ledger.axes.weight_hours
    return per_provider(ledger.scenario, by_pool)


def is_used(ledger: Ledger) -> NDArray[np.bool_]:
    """(V,) True where anything of the provider is provisioned at any time.

    Less than the smallest number that a scenario may state is rounding. Of a reserved pool what is provisioned counts,
    not what is committed.
    """
    # What cannot be told must not look like nothing.
    some: Floats = np.any(~(ledger.provisioned <= FLOOR), axis=1).astype(np.float64)
    return per_provider(ledger.scenario, some) > 0
