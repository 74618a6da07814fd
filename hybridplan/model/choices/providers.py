"""Public providers: which of them are used at all, and which are used enough to count."""

from __future__ import annotations

from dataclasses import dataclass, field

import cvxpy as cp
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Scenario
from hybridplan.domain.features import charged_providers, limits_providers, public_provider, public_providers
from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes, whole_variable


class PublicProviders:
    """Providers of public and edge sites at which something may be rented, V of them in the order of their pools."""

    def __init__(self, scenario: Scenario) -> None:
        self.names: tuple[str, ...] = tuple(public_providers(scenario))
        sites = scenario.sites
        of_pool = [public_provider(pool, sites[pool.site]) for pool in scenario.pools.values()]
        rented = [(self.names.index(name), p) for p, name in enumerate(of_pool) if name]
        self.provider: npt.NDArray[np.intp] = np.array([v for v, _ in rented], dtype=np.intp)
        """Provider of each pool that is rented from one; in the order of ``pool``."""
        self.pool: npt.NDArray[np.intp] = np.array([p for _, p in rented], dtype=np.intp)
        """Positions of these pools."""
        self._pools = len(of_pool)
        self.is_limited = limits_providers(scenario)
        """Whether only some of them may be used."""
        charged = charged_providers(scenario)
        fees = [scenario.policy.provider_fixed_usd_per_hour[name] if name in charged else 0.0 for name in self.names]
        self.usd: Array = np.array(fees, dtype=float) * scenario.horizon.plan_hours
        """USD over the horizon of using each at all; (V,)."""
        self.decided: npt.NDArray[np.intp] = np.flatnonzero((self.usd > 0) | self.is_limited)
        """Positions of providers that are used or not by a choice of its own; (U,)."""
        self.is_asked = scenario.policy.min_providers > 0
        """Whether some of them must be used."""

    @property
    def of_pools(self) -> sp.csr_array:
        """(V, P) 1 where the pool is rented from the provider."""
        where = (self.provider, self.pool)
        return sp.csr_array((np.ones(len(self.pool)), where), shape=(len(self.names), self._pools))


@dataclass(frozen=True)
class Providers:
    """Decisions on public providers; an empty variable is a constant."""

    known: PublicProviders
    used: cp.Expression
    """1 where anything of the provider may be provisioned; of ``known.decided``, (U,)."""
    counted: cp.Expression
    """1 where the provider is used enough to count for the fewest that must be; (V,), empty where none must."""
    definitions: tuple[cp.Constraint, ...] = field(default=())


def build_providers(scenario: Scenario, provisioned: cp.Expression, most: Array, made: Wholes) -> Providers:
    """Variables of all providers, and that what is provisioned makes one used: n[p,t] <= box x used.

    ``provisioned`` is n and ``most`` its largest values, (P, T). There is no variable where nothing asks for it.
    """
    known = PublicProviders(scenario)
    used = whole_variable(made, "providers_used", np.ones(len(known.decided)))
    counted = whole_variable(made, "providers_counted", np.ones(len(known.names) if known.is_asked else 0))
    rules: tuple[cp.Constraint, ...] = ()
    mine = np.flatnonzero(np.isin(known.provider, known.decided))
    if mine.size:
        # With the choice fixed the box must not bind, or it would take the dual of another row.
        box = (2.0 if made.is_fixed else 1.0) * most[known.pool[mine]]
        choice = used[np.searchsorted(known.decided, known.provider[mine])][:, None] @ np.ones((1, box.shape[1]))
        rules = (provisioned[known.pool[mine]] <= cp.multiply(box, choice),)
    return Providers(known, used, counted, rules)
