"""Purchases: accelerators that are newly committed or bought, one number per record for the whole horizon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cvxpy as cp
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.domain import Commitment, Expansion, Scenario
from hybridplan.domain.prices import expansion_usd_per_hour
from hybridplan.model.periods import Array, Periods
from hybridplan.model.standing import service
from hybridplan.model.variables import Wholes, variable, whole_variable

_ROUNDING = 1e-9


class Offers:
    """What is on offer; the arrays of shape (R,) follow ``records``: commitments that may grow, then expansions."""

    def __init__(self, scenario: Scenario, periods: Periods) -> None:
        commitments = {k: c for k, c in scenario.commitments.items() if c.max_new_accelerators > 0}
        self._scenario, self._periods = scenario, periods
        self._found: list[Commitment | Expansion] = [*commitments.values(), *scenario.expansions.values()]
        self.records: list[tuple[str, str]] = [
            *(("commitment", key) for key in commitments),
            *(("expansion", key) for key in scenario.expansions),
        ]
        """Kind and id."""

    @cached_property
    def pool(self) -> npt.NDArray[np.intp]:
        """Position of the pool of each offer; (R,)."""
        where = {pool: i for i, pool in enumerate(self._scenario.pools)}
        return np.array([where[found.pool] for found in self._found], dtype=np.intp)

    @cached_property
    def is_bought(self) -> npt.NDArray[np.bool_]:
        """True for expansions; (R,)."""
        return np.array([isinstance(found, Expansion) for found in self._found], dtype=bool)

    @cached_property
    def least(self) -> Array:
        """Accelerators that must be bought or committed; (R,)."""
        return np.array(
            [f.min_accelerators if isinstance(f, Expansion) else f.min_new_accelerators for f in self._found],
            dtype=float,
        )

    @cached_property
    def most(self) -> Array:
        """Accelerators on offer; (R,)."""
        return np.array(
            [f.max_accelerators if isinstance(f, Expansion) else f.max_new_accelerators for f in self._found],
            dtype=float,
        )

    @cached_property
    def node(self) -> Array:
        """Accelerators of a node where only whole ones are bought, else 0; (R,)."""
        pools = self._scenario.pools
        return np.array(
            [
                float(pools[f.pool].accelerators_per_node)
                if isinstance(f, Expansion) and pools[f.pool].whole_nodes
                else 0.0
                for f in self._found
            ],
            dtype=float,
        )

    @cached_property
    def present(self) -> Array:
        """1 in the periods in which what is bought has arrived, or what is committed is in service; (R, T)."""
        if not self._found:
            return np.zeros((0, len(self._periods)))
        order = {key: i for i, (key, _) in enumerate(self._scenario.horizon.ordered())}
        position = np.array([order[key] for key in self._periods.block])
        return np.array(
            [
                (position >= f.lead_time_blocks).astype(float)
                if isinstance(f, Expansion)
                else service(self._scenario, self._periods, f)
                for f in self._found
            ]
        )

    @cached_property
    def usd(self) -> Array:
        """USD over the horizon of one accelerator: its price in every hour in which it is present; (R,)."""
        rates = [
            expansion_usd_per_hour(self._scenario, f) if isinstance(f, Expansion) else f.fee_usd_per_accelerator_hour
            for f in self._found
        ]
        return np.array(rates, dtype=float) * (self.present @ self._periods.weight_hours)

    def by_pool(self, sizes: Array, pools: int) -> Array:
        """Accelerators that ``sizes`` (R,) add to every pool, up or not; (P, T)."""
        found = np.zeros((pools, len(self._periods)))
        np.add.at(found, self.pool, sizes[:, None] * self.present)
        return found


@dataclass(frozen=True)
class Purchases:
    """Decisions on all offers."""

    sizes: cp.Expression
    """Accelerators; (R,)."""
    added: cp.Expression | None
    """Accelerators added to every pool that are up; (P, T); None where nothing is on offer."""
    definitions: tuple[cp.Constraint, ...]


def build_purchases(offers: Offers, maintained: Array, made: Wholes) -> Purchases:
    """Variables of all offers; ``maintained`` is the share that maintenance leaves, (P, T)."""
    if not offers.records:
        return Purchases(cp.Constant(np.zeros(0)), None, ())
    sizes = _sizes(offers, made)
    pools, periods = maintained.shape
    rate = maintained[offers.pool] * offers.present
    cells = offers.pool[:, None] + pools * np.arange(periods)
    columns = np.broadcast_to(np.arange(len(offers.records))[:, None], cells.shape)
    spread = sp.csr_array((rate.ravel(), (cells.ravel(), columns.ravel())), shape=(pools * periods, len(rate)))
    added = cp.reshape(spread @ sizes, (pools, periods), order="F")
    asked = np.flatnonzero(offers.least > 0)
    least = (sizes[asked] >= offers.least[asked],) if asked.size else ()
    return Purchases(sizes, added, least)


def _sizes(offers: Offers, made: Wholes) -> cp.Expression:
    whole = offers.node > 0
    if not whole.any():
        return variable("purchases", offers.most)
    identity = sp.eye_array(len(whole), format="csc")
    limit = np.floor(offers.most[whole] / offers.node[whole] + _ROUNDING)
    sizes = identity[:, whole] @ cp.multiply(offers.node[whole], whole_variable(made, "bought_nodes", limit))
    return sizes if whole.all() else sizes + identity[:, ~whole] @ variable("purchases", offers.most[~whole])


def read_sizes(purchases: Purchases, offers: Offers, dust: float) -> Array:
    """Accelerators of every offer, within its bounds, in whole nodes where it counts them; (R,)."""
    value = purchases.sizes.value
    if value is None or not offers.records:
        return np.zeros(len(offers.records))
    sizes: Array = np.clip(np.asarray(value, dtype=float), offers.least, offers.most)
    sizes[sizes < dust * offers.most] = 0.0
    sizes = np.maximum(sizes, offers.least)
    node = np.where(offers.node > 0, offers.node, 1.0)
    found: Array = np.where(offers.node > 0, np.round(sizes / node) * node, sizes)
    return found
