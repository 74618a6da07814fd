"""Decisions: the variables of the model, each in a finite box taken from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.boxes import (
    billed_at_most,
    elastic_limit,
    node_limit,
    redispatch_limit,
    spare_limit,
    standby_by_pool,
    standby_limit,
)
from hybridplan.model.choices.copies import Copies, build_copies
from hybridplan.model.choices.lines import Lines, build_lines
from hybridplan.model.choices.providers import Providers, build_providers
from hybridplan.model.choices.purchases import Purchases, build_purchases
from hybridplan.model.choices.spend import Spend, build_spend
from hybridplan.model.choices.tiers import Tiers, build_tiers
from hybridplan.model.curves import Curves, build_curves
from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes, variable, whole_variable
from hybridplan.model.whole_jobs import WholeJobs, build_whole_jobs

Whole = Literal["decided", "relaxed"]


@dataclass(frozen=True)
class Decisions:
    """Variables and the expressions that every component shares. Shapes as in :mod:`hybridplan.model.data`.

    ``unserved`` and ``unserved_window`` count in each workload's unit scale (see ``Data.unit_scale``).
    """

    busy: cp.Variable
    """y, accelerators; (K, T)."""
    spare: cp.Variable
    """Assigned and idle, accelerators, of the routes ``Data.queues.spare``; (S, T)."""
    effective: cp.Expression
    """What does work, in accelerators without loss; y where more accelerators lose nothing; (K, T)."""
    assigned: cp.Expression
    """a = y + spare, accelerators; (K, T)."""
    standby: cp.Variable
    """Kept ready for a failure, accelerators, of the pairs ``Data.promises.standby``; (S, T)."""
    redispatch: cp.Variable
    """Assigned after a failure, accelerators, of ``Data.promises.moves``; (M, T)."""
    reserve: cp.Variable
    """Provisioned beyond the load for what comes after a failure, accelerators, of the pools ``Data.reserving``."""
    unserved: cp.Variable
    """(W, T)."""
    unserved_window: cp.Variable
    """(V,)."""
    kept: cp.Expression
    """Accelerators kept of each avoidable pool, for the whole horizon."""
    busy_by_pool: cp.Expression
    """(P, T)."""
    assigned_by_pool: cp.Expression
    """Standby included; (P, T)."""
    provisioned: cp.Expression
    """n, accelerators; (P, T). Always-on pools: what is kept and up; elastic ones: decided; others: the least."""
    starts: cp.Variable
    """Accelerators started, of the pools ``Data.provisioning.starting``; (starting, T)."""
    curves: Curves
    jobs: WholeJobs
    purchases: Purchases
    spend: Spend
    tiers: Tiers
    lines: Lines
    copies: Copies
    providers: Providers
    definitions: tuple[cp.Constraint, ...]
    """What makes the variables mean what their names say."""
    wholes: dict[str, cp.Expression]
    """The variables that are whole numbers (also where they are relaxed or fixed), by name."""


def scales(data: Data, workloads: list[str]) -> Array:
    """Unit scales of these workloads, as an array."""
    return np.array([data.unit_scale[w] for w in workloads], dtype=float)


def build_decisions(data: Data, wholes: Whole | Mapping[str, Array] = "decided") -> Decisions:
    """Create the variables of one model; never share them between models.

    ``wholes``: whole numbers are decided, relaxed to any number, or fixed at the values given by name.
    """
    made = Wholes(wholes)
    busy = variable("busy", data.busy_limit)
    spare = variable("spare", spare_limit(data))
    assigned = busy + _spread(data, spare) if spare.size else busy
    effective = _effective(data, busy)
    kept = _kept(data, made)
    standby = variable("standby", standby_limit(data))
    redispatch = variable("redispatch", redispatch_limit(data))
    by_pool, assigned_by_pool = _by_pool(data, busy), _by_pool(data, assigned)
    if standby.size:
        assigned_by_pool = assigned_by_pool + standby_by_pool(data) @ standby
    purchases = build_purchases(data.offers, data.standing.maintained, made)
    most = elastic_limit(data)
    reserve = variable("reserve", most[data.reserving])
    provisioned = _provisioned(data, assigned_by_pool, kept, most, made)
    provisioned = _with_more(data, provisioned, reserve, purchases)
    starts = variable("starts", most[data.provisioning.starting])
    curves = build_curves(data, busy, spare, by_pool)
    jobs = build_whole_jobs(data, busy, spare, effective, made)
    choices = purchases, *_chosen(data, made, provisioned, most, effective)
    parts = curves, jobs, *choices
    definitions = [*_start_rows(data, provisioned, starts), *(rule for part in parts for rule in part.definitions)]
    return Decisions(
        busy,
        spare,
        effective,
        assigned,
        standby,
        redispatch,
        reserve,
        variable("unserved", data.demand / scales(data, data.rigid)[:, None]),
        variable("unserved_window", _volumes(data)),
        kept,
        by_pool,
        assigned_by_pool,
        provisioned,
        starts,
        curves,
        jobs,
        *choices,
        tuple(definitions),
        made.variables,
    )


def _chosen(
    data: Data, made: Wholes, provisioned: cp.Expression, most: Array, effective: cp.Expression
) -> tuple[Spend, Tiers, Lines, Copies, Providers]:
    """What is chosen beside the work; ``most``: accelerators that may be provisioned, (P, T)."""
    copies = build_copies(data, made)
    billed = billed_at_most(data, most)
    spend, tiers = build_spend(data.spending, most), build_tiers(data.price_tiers, provisioned, billed, made)
    providers = build_providers(data.scenario, provisioned, billed, made)
    return spend, tiers, build_lines(data, made, effective, copies), copies, providers


def _volumes(data: Data) -> Array:
    volume = np.array([row.volume_units for row in data.windows], dtype=float)
    return volume / scales(data, [row.workload for row in data.windows])


def spread_reserve(data: Data) -> sp.csr_array:
    """(P, reserving pools) 1 where it is the same pool."""
    where = data.reserving
    shape = len(data.pools), len(where)
    return sp.csr_array((np.ones(len(where)), (where, np.arange(len(where)))), shape=shape)


def _spread(data: Data, spare: cp.Expression) -> cp.Expression:
    """(K, T) spare accelerators on every route."""
    routes = data.queues.spare
    pick = sp.csr_array((np.ones(len(routes)), (routes, np.arange(len(routes)))), shape=(len(data.routes), len(routes)))
    return pick @ spare


def _effective(data: Data, busy: cp.Expression) -> cp.Expression:
    """(K, T) effective accelerators of every route; a variable on routes with a curve."""
    curved = np.array(sorted(data.curves), dtype=np.intp)
    if not curved.size:
        return busy
    output = variable("effective", data.effective_limit[curved])
    straight = np.ones(len(data.routes))
    straight[curved] = 0.0
    shape = (len(data.routes), len(curved))
    pick = sp.csr_array((np.ones(len(curved)), (curved, np.arange(len(curved)))), shape=shape)
    return sp.diags_array(straight) @ busy + pick @ output


def _kept(data: Data, made: Wholes) -> cp.Expression:
    """(avoidable pools,) accelerators; whole nodes where the pool counts nodes."""
    installed, where = data.capacity[data.avoidable], np.flatnonzero(data.avoidable)
    if not installed.size:
        return cp.Constant(installed)
    whole, node = data.provisioning.whole_kept[where], data.provisioning.node[where]
    if not whole.any():
        return variable("kept", installed)
    identity = sp.eye_array(len(where), format="csc")
    limit = np.floor(installed[whole] / node[whole] + 1e-9)
    kept = identity[:, whole] @ cp.multiply(node[whole], whole_variable(made, "kept_nodes", limit))
    return kept if whole.all() else kept + identity[:, ~whole] @ variable("kept", installed[~whole])


def _by_pool(data: Data, by_route: cp.Expression) -> cp.Expression:
    if not data.routes:
        return cp.Constant(np.zeros((len(data.pools), len(data.periods))))
    return data.incidence(data.pools, "pool") @ by_route


def _with_more(data: Data, provisioned: cp.Expression, reserve: cp.Expression, purchases: Purchases) -> cp.Expression:
    """And what is on for a failure, or bought and always on."""
    if reserve.size:
        provisioned = provisioned + spread_reserve(data) @ reserve
    if purchases.added is not None:
        provisioned = provisioned + sp.diags_array(np.where(data.provisioning.always_on, 1.0, 0.0)) @ purchases.added
    return provisioned


def _provisioned(
    data: Data, assigned_by_pool: cp.Expression, kept: cp.Expression, most: Array, wholes: Wholes
) -> cp.Expression:
    made = data.provisioning
    elastic = variable("elastic", most[made.elastic & ~made.whole])
    nodes = whole_variable(wholes, "nodes", node_limit(data))
    least = ~made.always_on & ~made.elastic
    total = sp.diags_array(np.where(least, 1.0 / data.usable_share, 0.0)) @ assigned_by_pool
    fixed = np.where(made.always_on & ~data.avoidable, data.capacity, 0.0)[:, None] * data.up_share
    total = total + fixed
    identity = sp.eye_array(len(data.pools), format="csc")
    if elastic.size:
        total = total + identity[:, made.elastic & ~made.whole] @ elastic
    if nodes.size:
        total = total + identity[:, made.whole] @ sp.diags_array(made.node[made.whole]) @ nodes
    if kept.size and (made.always_on & data.avoidable).any():
        total = total + kept_and_up(data, kept, np.where(made.always_on, 1.0, 0.0))
    return total


def kept_and_up(data: Data, kept: cp.Expression, factor: Array) -> cp.Expression:
    """factor_p x up_share x kept; (P, T). ``factor`` is (P,)."""
    pools, periods = len(data.pools), len(data.periods)
    where = np.flatnonzero(data.avoidable)
    rate = (factor[:, None] * data.up_share)[where]
    cells = where[:, None] + pools * np.arange(periods)
    columns = np.broadcast_to(np.arange(len(where))[:, None], cells.shape)
    spread = sp.csr_array((rate.ravel(), (cells.ravel(), columns.ravel())), shape=(pools * periods, len(where)))
    return cp.reshape(spread @ kept, (pools, periods), order="F")


def _start_rows(data: Data, provisioned: cp.Expression, starts: cp.Expression) -> list[cp.Constraint]:
    """starts >= n[t] - n[t - 1]."""
    if not starts.size:
        return []
    rows = data.provisioning.steps(data.provisioning.starting)
    shape = len(data.pools), len(data.periods)
    change = (rows.now(*shape) - rows.earlier(*shape)) @ cp.vec(provisioned, order="F")
    return [cp.vec(starts, order="C") >= change - rows.given]
