"""Decisions: the variables of the model, each in a finite box taken from the data."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.data import Data
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class Decisions:
    """Variables and the expressions that every component shares. Shapes as in :mod:`hybridplan.model.data`.

    ``unserved`` and ``unserved_window`` count in each workload's unit scale (see ``Data.unit_scale``).
    """

    busy: cp.Variable
    """y, accelerators; (K, T)."""
    unserved: cp.Variable
    """(W, T)."""
    unserved_window: cp.Variable
    """(V,)."""
    kept: cp.Variable
    """Accelerators kept of each avoidable pool, for the whole horizon."""
    busy_by_pool: cp.Expression
    """(P, T)."""
    provisioned: cp.Expression
    """n, accelerators; (P, T). Owned pools are on: what is kept and up. Others: the least that holds the load."""

    @property
    def variables(self) -> tuple[cp.Variable, ...]:
        """All variables that have elements."""
        parts = (self.busy, self.unserved, self.unserved_window, self.kept)
        return tuple(part for part in parts if isinstance(part, cp.Variable))


def scales(data: Data, workloads: list[str]) -> Array:
    """Unit scales of these workloads, as an array."""
    return np.array([data.unit_scale[w] for w in workloads], dtype=float)


def build_decisions(data: Data) -> Decisions:
    """Create the variables of one model; never share them between models."""
    demand = data.demand / scales(data, data.rigid)[:, None]
    volume = np.array([row.volume_units for row in data.windows]) / scales(data, [r.workload for r in data.windows])
    installed = data.capacity[data.avoidable]
    busy = _variable("busy", data.busy_limit)
    kept = _variable("kept", installed)
    by_pool = cp.Constant(np.zeros((len(data.pools), len(data.periods))))
    if data.routes:
        by_pool = data.incidence(data.pools, "pool") @ busy
    return Decisions(
        busy,
        _variable("unserved", demand),
        _variable("unserved_window", volume),
        kept,
        by_pool,
        _provisioned(data, by_pool, kept),
    )


def _variable(name: str, upper: Array) -> cp.Variable | cp.Constant:
    """A variable in [0, 2 x upper]; CVXPY knows no empty variables, so an empty one is a constant.

    The rows already keep it below ``upper``. A box at ``upper`` itself would bind together with a row and take a part
    of its dual, so that shadow prices were wrong; a box at 0 (closed) stays.
    """
    if upper.size == 0:
        return cp.Constant(upper)
    return cp.Variable(upper.shape, name=name, bounds=[np.zeros(upper.shape), 2.0 * upper])


def _provisioned(data: Data, by_pool: cp.Expression, kept: cp.Variable) -> cp.Expression:
    owned = data.option("owned")
    least = sp.diags_array(np.where(owned, 0.0, 1.0 / data.usable_share)) @ by_pool
    fixed = np.where(owned & ~data.avoidable, data.capacity, 0.0)[:, None] * data.up_share
    if not kept.size:
        return least + fixed
    pick = sp.csr_array(np.eye(len(data.pools))[:, data.avoidable])
    spread = cp.reshape(pick @ kept, (len(data.pools), 1), order="C") @ np.ones((1, len(data.periods)))
    return least + fixed + cp.multiply(data.up_share, spread)
