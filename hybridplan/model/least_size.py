"""Least or largest size of one purchase with which a plan exists: what its own limit would have to allow."""

from __future__ import annotations

from typing import Final, Literal

import cvxpy as cp
import numpy as np

from hybridplan.domain import Scenario
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.linear import run

Kind = Literal["expansion", "commitment", "spend_commitment", "private_line"]
_UNBOUNDED: Final = 1e9
"""Largest number that an input may hold."""


def size(scenario: Scenario, kind: Kind, record: str, seconds: float, *, largest: bool = False) -> float | None:
    """Accelerators (USD per hour, Gbit/s) of one offer: the least with which a plan exists, or the largest.

    Curved terms stand as straight lines. None where there is no plan, no such offer, or no time.
    """
    straight = scenario.policy.model_copy(update={"queue_form": "tangents"})
    model = formulate(Data(scenario.model_copy(update={"policy": straight})))
    amount = _amount(model, kind, record)
    if amount is None:
        return None
    found = run(model.problem(-amount if largest else amount), seconds, "highs")
    return max(float(np.asarray(amount.value)), 0.0) if found.outcome == "optimal" else None


def roomy(scenario: Scenario, pool: str) -> float:
    """Accelerators that are surely enough of a pool: all work that may run there at its peak, with room to spare."""
    data = Data(scenario, roomy=True)
    place = data.pools.index(pool)
    load = np.maximum(data.queues.load_limit, 1e-3) if data.routes else np.zeros(0)
    peak = np.max(data.busy_limit, axis=1, initial=0.0) / load if data.routes else np.zeros(0)
    replica = data.queues.replica.sum() if data.routes else 0.0
    mine = float(np.sum(peak[data.route_pool == place])) if data.routes else 0.0
    up = data.standing.maintained[place]
    least = float(np.min(up[up > 0], initial=1.0)) * float(data.usable_share[place])
    node = float(scenario.pools[pool].accelerators_per_node)
    return min(2.0 * (mine + replica) / least + 2.0 * node, _UNBOUNDED)


def _amount(model: Formulation, kind: Kind, record: str) -> cp.Expression | None:
    data, decisions = model.data, model.decisions
    if kind in ("expansion", "commitment"):
        offers = data.offers.records
        return decisions.purchases.sizes[offers.index((kind, record))] if (kind, record) in offers else None
    if kind == "spend_commitment":
        growing = [data.spending.ids[s] for s in data.spending.growing]
        return decisions.spend.sizes[growing.index(record)] if record in growing else None
    lines = data.private_lines.links
    return decisions.lines.gbps[lines.index(record)] if record in lines else None
