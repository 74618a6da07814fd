"""Number of providers: no more than may be used, and no fewer than must be."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.providers import is_used, provisioned_hours
from hybridplan.audit.rows import Rows, once, scale_of


def max_providers(ledger: Ledger) -> list[Rows]:
    """Providers of which anything is provisioned <= the most that may be used."""
    most = ledger.scenario.policy.max_providers
    if most is None:
        return []
    used, limit = np.array([is_used(ledger).sum()], dtype=np.float64), np.array([most], dtype=np.float64)
    what = "more providers are used than may be"
    return [once(what, ["max_providers"], ["providers"], used - limit, scale_of(used, limit))]


def min_providers(ledger: Ledger) -> list[Rows]:
    """The hours of the provider in the last place that must count >= those from which one counts; accelerator-hours.

    By the hours that are provisioned with each, the largest first; 0 where there are not so many providers.
    """
    policy = ledger.scenario.policy
    if policy.min_providers == 0:
        return []
    hours = np.sort(np.append(provisioned_hours(ledger), np.zeros(policy.min_providers)))[::-1]
    found = hours[policy.min_providers - 1 : policy.min_providers]
    least = np.array([policy.provider_counts_from_accelerator_hours])
    what = "fewer providers are used than must be, each for long enough"
    return [once(what, ["min_providers"], ["accelerator-hours"], least - found, scale_of(least, found))]
