"""No provider of public sites carries more than a share of all work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.domain.features import public_provider
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


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
class ProviderShare:
    """Busy accelerator-hours of each public provider <= cap x all busy accelerator-hours; one row per provider."""

    name: str = "provider_share"
    fields: tuple[str, ...] = ("policy.provider_share_cap",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(providers,) rows, in accelerators over a typical period."""
        cap, found = data.scenario.policy.provider_share_cap, routes_of_providers(data)
        if cap is None or cap >= 1.0 or not found:
            return None
        scale = float(np.median(data.periods.weight_hours))
        over = np.array(list(found.values())) - cap
        lhs = over @ (decisions.busy @ (data.periods.weight_hours / scale))
        count, unit = len(found), "accelerator-hours"
        return Rows(lhs, np.zeros(count), "<=", tuple(found), np.full(count, scale), unit, by_period=False)
