"""At most, and at least, so many public providers are used."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions

_ONE = ("policy",)


@dataclass(frozen=True)
class MaxProviders:
    """Sum over public providers of used <= the most that may be; one is used where n > 0 anywhere of its pools."""

    name: str = "max_providers"
    fields: tuple[str, ...] = ("policy.max_providers",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row, in providers; None where there are no more than may be used."""
        most, choices = data.scenario.policy.max_providers, decisions.providers
        if most is None or not choices.known.is_limited:
            return None
        lhs = cp.reshape(cp.sum(choices.used), (1,), order="C")
        return Rows(lhs, np.array([float(most)]), "<=", _ONE, np.ones(1), "providers", by_period=False)


@dataclass(frozen=True)
class MinProviders:
    """Sum over public providers of counted >= the fewest that must be used."""

    name: str = "min_providers"
    fields: tuple[str, ...] = ("policy.min_providers",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row, in providers."""
        fewest, choices = data.scenario.policy.min_providers, decisions.providers
        if not choices.known.is_asked:
            return None
        lhs = cp.reshape(-cp.sum(choices.counted), (1,), order="C")
        return Rows(lhs, np.array([-float(fewest)]), "<=", _ONE, np.ones(1), "providers", by_period=False)


@dataclass(frozen=True)
class ProviderHours:
    """Sum over a provider's pools of g h n >= the accelerator-hours from which it counts x counted."""

    name: str = "provider_hours"
    fields: tuple[str, ...] = ("policy.provider_counts_from_accelerator_hours",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(V,) rows, in accelerators over a typical period."""
        known, counted = decisions.providers.known, decisions.providers.counted
        if not counted.size:
            return None
        scale = float(np.median(data.periods.weight_hours))
        least = data.scenario.policy.provider_counts_from_accelerator_hours / scale
        lhs = least * counted - known.of_pools @ (decisions.provisioned @ (data.periods.weight_hours / scale))
        count, unit = len(known.names), "accelerator-hours"
        return Rows(lhs, np.zeros(count), "<=", known.names, np.full(count, scale), unit, by_period=False)
