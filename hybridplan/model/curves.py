"""Curved quantities: waiting accelerators and uneven use, exactly as cones or by straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.model.variables import variable

RATIOS: Final[Array] = np.concatenate([[0.0], np.geomspace(0.02, 19.0, 32)])
"""busy / spare where straight lines touch y^2 / spare: up to a load of 0.95; neighbours differ by a quarter."""
SHARES: Final[Array] = np.linspace(0.0, 1.0, 33)
"""Utilisations where straight lines touch their square."""


@dataclass(frozen=True)
class Curves:
    """Variables above curves; an empty one is a constant.

    ``waiting`` (priced or capped routes, T), accelerators: at least y^2 / spare; with straight lines never above it.
    ``waiting_above``: for the cap; with straight lines never below. ``uneven``: largest (1, T) or squared (B, T)
    utilisation of the pools ``balanced``.
    """

    waiting: cp.Expression
    waiting_above: cp.Expression
    uneven: cp.Expression
    definitions: tuple[cp.Constraint, ...]
    largest: cp.Constraint | None
    """Rows of the largest utilisation, whose duals say how much each pool sets it."""


def balanced(data: Data) -> np.ndarray:
    """Pools whose use should be even: owned and committed ones with capacity."""
    return np.flatnonzero(data.option("owned", "reserved") & (data.capacity > 0))


def build_curves(data: Data, busy: cp.Expression, spare: cp.Expression, busy_by_pool: cp.Expression) -> Curves:
    """Variables and rows of every curved quantity of a scenario."""
    exact = data.scenario.policy.queue_form == "exact"
    rules: list[cp.Constraint] = []
    waiting, above = _waiting(data, "waiting", data.queues.priced), _waiting(data, "waiting_above", data.queues.capped)
    for value, routes, from_below in ((waiting, data.queues.priced, True), (above, data.queues.capped, False)):
        if not value.size:
            continue
        # A cone that is closed to a point leaves an interior-point solver no interior.
        used = np.flatnonzero(data.busy_limit[routes].ravel(order="F") > 0)
        if not used.size:
            continue
        parts = value, busy[routes], spare[data.queues.spare_of(routes)]
        w, y, f = (cp.vec(part, order="F")[used] for part in parts)
        if exact:
            rules.append(_above_square(w, y, f))
        else:
            rules += _tangents(w, y, f, RATIOS) if from_below else _chords(w, y, f, RATIOS)
    uneven, even_rules = _uneven(data, busy_by_pool, exact)
    largest = even_rules[0] if even_rules and _form(data) == "largest" else None
    return Curves(waiting, above, uneven, (*rules, *even_rules), largest)


def _form(data: Data) -> str:
    balance = data.scenario.policy.balance
    return "" if balance is None else balance.form


def _waiting(data: Data, name: str, routes: np.ndarray) -> cp.Expression:
    """At most the busy load x load / (1 - load) at the load limit."""
    load = data.queues.load_limit[routes][:, None]
    return variable(name, data.busy_limit[routes] * load / (1.0 - load))


def _above_square(w: cp.Expression, y: cp.Expression, f: cp.Expression | float) -> cp.Constraint:
    """w f >= y^2 elementwise, as second-order cones: |(2 y, w - f)| <= w + f."""
    return cp.SOC(w + f, cp.vstack([2.0 * y, w - f]), axis=0)


def _tangents(w: cp.Expression, y: cp.Expression, f: cp.Expression | float, ratios: Array) -> list[cp.Constraint]:
    """w >= 2 r y - r^2 f: never above y^2 / f."""
    return [w >= 2.0 * r * y - r * r * f for r in ratios[1:]]


def _chords(w: cp.Expression, y: cp.Expression, f: cp.Expression | float, ratios: Array) -> list[cp.Constraint]:
    """w >= (r + q) y - r q f for neighbouring ratios: never below y^2 / f."""
    return [w >= (r + q) * y - r * q * f for r, q in pairwise(ratios)]


def _uneven(data: Data, busy_by_pool: cp.Expression, exact: bool) -> tuple[cp.Expression, list[cp.Constraint]]:
    pools, form = balanced(data), _form(data)
    if not form or not pools.size:
        return cp.Constant(np.zeros((0, len(data.periods)))), []
    share = sp.diags_array(1.0 / data.capacity[pools]) @ busy_by_pool[pools]
    # What is new makes room for more than is installed.
    room = np.maximum(1.0, data.most_available[pools] / data.capacity[pools][:, None])
    if data.roomy and data.routes:
        take = np.asarray(data.incidence(data.pools, "pool") @ data.busy_limit)[pools]
        room = np.maximum(room, take / data.capacity[pools][:, None])
    if form == "largest":
        theta = variable("largest_use", room.max(axis=0, keepdims=True))
        return theta, [share <= np.ones((len(pools), 1)) @ theta]
    squares = variable("squared_use", room**2)
    w, u = cp.vec(squares, order="F"), cp.vec(share, order="F")
    if exact:
        return squares, [_above_square(w, u, 1.0)]
    return squares, _tangents(w, u, 1.0, SHARES)
