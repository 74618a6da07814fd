"""No public provider carries more than a share of all work, or of all that is paid for what is rented."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.domain.features import public_provider
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array
from hybridplan.model.rented import rented_usd


def routes_of_providers(data: Data) -> dict[str, Array]:
    """Public providers that some work may run at; 1 on their routes, else 0; (K,) each."""
    pools, sites = data.scenario.pools, data.scenario.sites
    of_route = [public_provider(pools[route.pool], sites[pools[route.pool].site]) for route in data.routes]
    names = dict.fromkeys(name for name in of_route if name)
    return {name: np.array([float(other == name) for other in of_route]) for name in names}


def largest_share(data: Data, busy: Array) -> float:
    """Share of a public provider in all busy accelerator-hours, of the one with most; 0 where nothing is busy."""
    by_route, found = busy @ data.periods.weight_hours, routes_of_providers(data)
    whole = float(by_route.sum())
    return max((float(at @ by_route) / whole for at in found.values()), default=0.0) if whole > 0 else 0.0


@dataclass(frozen=True)
class Carried:
    """What the share of a provider is a share of: busy accelerator-hours, or USD paid for what is rented."""

    names: tuple[str, ...]
    by_provider: cp.Expression
    """(V,)."""
    whole: cp.Expression
    """(); what counts for no provider is part of it."""
    scale: float
    """A typical amount."""
    unit: str


def carried(decisions: Decisions, data: Data) -> Carried | None:
    """By what ``policy.provider_share_of`` says; None where nothing can count for a provider."""
    hours = float(np.median(data.periods.weight_hours))
    if data.scenario.policy.provider_share_of == "rented_usd":
        names = decisions.providers.known.names
        if not names:
            return None
        prices = data.price[data.price > 0]
        price = float(np.median(prices)) if prices.size else 1.0
        return Carried(names, *rented_usd(decisions, data), hours * price, "USD")
    found = routes_of_providers(data)
    if not found:
        return None
    by_route = decisions.busy @ data.periods.weight_hours
    by_provider = np.array(list(found.values())) @ by_route
    return Carried(tuple(found), by_provider, cp.sum(by_route), hours, "accelerator-hours")


@dataclass(frozen=True)
class ProviderShare:
    """What each public provider carries <= cap x what all carry; one row per provider.

    Of busy accelerator-hours, or of the USD paid for all that is rented.
    """

    name: str = "provider_share"
    fields: tuple[str, ...] = ("policy.provider_share_cap", "policy.provider_share_of")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(providers,) rows, in accelerators, or typical USD, over a typical period."""
        cap = data.scenario.policy.provider_share_cap
        if cap is None or cap >= 1.0:
            return None
        found = carried(decisions, data)
        if found is None:
            return None
        lhs = found.by_provider / found.scale - (cap / found.scale) * found.whole
        count = len(found.names)
        return Rows(lhs, np.zeros(count), "<=", found.names, np.full(count, found.scale), found.unit, by_period=False)
