"""Elastic form of the hard rules: by how much must one of them give way so that a plan exists?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import cvxpy as cp
import numpy as np

from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.hot import HotProblem
from hybridplan.model.least_share import ProviderShares
from hybridplan.model.linear import Compiled, compile_linear
from hybridplan.model.one_more import TAKES, fees_usd, in_rooms, one_up, taken
from hybridplan.model.periods import Array
from hybridplan.model.relief_scales import record_of, right_side_per_unit, scale_of, unit_of

_MOST = 1000.0
"""Largest relief, in multiples of its scale: finite, so that every column keeps a box."""


_LAST = 100.0
_DUST = 1e-9
"""Part of a node that is rounding."""
_UNSERVED = ("must_serve", "unserved_cap")
"""Rules that give way by leaving work unserved."""


@dataclass(frozen=True)
class Relief:
    """One rule of one record that may give way, in its own unit."""

    rule: str
    record: str
    unit: str
    scale: float
    """Own units of one unit of the variable: about what the rule allows today."""


class _Kept:
    """A problem that is kept in HiGHS between solves, and taken anew after one that failed."""

    def __init__(self, compiled: Compiled, seconds: float) -> None:
        self._compiled, self._seconds = compiled, seconds
        self._hot: HotProblem | None = None

    def solved(self, right: Array, seconds: float | None = None) -> HotProblem | None:
        """At the optimum with these right sides; None where there is no point.

        Raises :class:`hybridplan.errors.SolveFailed` for any other end.
        """
        hot, self._hot = self._hot or HotProblem(self._compiled, self._seconds), None
        found = hot.solve(right=right, cost=self._compiled.cost, seconds=seconds)
        self._hot = hot
        return hot if np.isfinite(found) else None


class ElasticModel:
    """A scenario in which every hard rule has a relief; one compiled problem, re-solved per question.

    Rules: must_serve (work units over the horizon), unserved_cap (share of the demand), capacity (accelerators in every
    period), parallel_limit (accelerators), link_bandwidth (Gbit/s), interruptible_share (share; of must-serve work),
    budget (USD, or USD a year where so given), carbon_cap (t, or t a year), provider_share (share), promise (share, by
    which it is lower; of work that may not stay unserved at will), site_power (kW of IT), ramp_up and ramp_down
    (accelerators per hour), min_provisioned (accelerators). Residency, attributes and sites have none: they are never
    traded. Curved terms stand as straight lines.
    """

    def __init__(self, scenario: Scenario, time_limit_seconds: float) -> None:
        data = Data(_straight(scenario), roomy=True)
        self._model = formulate(data)
        self.reliefs: list[Relief] = []
        self.wholes: dict[str, Array] = {}
        """Whole numbers of the last answer of :meth:`least`, as ``wholes`` of :func:`formulate`."""
        self.is_least = True
        """Whether its amounts are known to be the least."""
        self._slots: dict[str, list[tuple[int, int]]] = {}
        for name, rows in self._model.rows.items():
            self._add(name, rows)
        count = len(self.reliefs)
        if count == 0:
            raise SolveFailed("no rule of this scenario can give way")
        self._relief = cp.Variable(count, name="relief", bounds=[np.zeros(count), np.full(count, _MOST)])
        # Leaving work unserved is the last resort of a mix.
        self._weight = np.array([_LAST if relief.rule in _UNSERVED else 1.0 for relief in self.reliefs])
        self._allowed = cp.Parameter(count, nonneg=True)
        self._allowed.value = np.zeros(count)
        self._problem = self._build()
        self._compiled = compile_linear(self._problem)
        self._allowed.value = np.arange(1.0, count + 1.0)
        moved = compile_linear(self._problem).right - self._compiled.right
        # Rows that say which reliefs are allowed, and the relief of each.
        self._rows = np.flatnonzero(moved)
        self._relief_of = np.rint(moved[self._rows]).astype(np.intp) - 1
        self._divisible = _Kept(replace(self._compiled, whole=()), time_limit_seconds)
        self._whole = _Kept(self._compiled, time_limit_seconds) if self._compiled.whole else None
        self._shares = ProviderShares(self._model)

    def least(self, allowed: Sequence[int], seconds: float | None = None) -> Array | None:
        """Amounts, in own units, of the least weighted sum of reliefs at ``allowed`` positions; None: impossible.

        Divisible things first: what is impossible with them is with whole ones. Where a search for whole numbers ends
        early, the amounts suffice and may not be the least. Raises :class:`hybridplan.errors.SolveFailed` where nothing
        is found in ``seconds``, if given.
        """
        deadline = monotonic() + (np.inf if seconds is None else seconds)
        right = self._right(allowed)
        used = self._divisible.solved(right, seconds)
        if used is not None and self._whole is not None:
            used = self._whole.solved(right, deadline - monotonic())
        if used is None:
            return None
        self.is_least = not used.stopped_early
        parts = {} if self._whole is None else self._model.decisions.wholes
        self.wholes = {name: _rounded(used, part) for name, part in parts.items() if isinstance(part, cp.Variable)}
        scale = np.array([relief.scale for relief in self.reliefs])
        amounts: Array = np.maximum(used.value("relief"), 0.0) * scale
        for position in allowed:
            if self.reliefs[position].rule == "provider_share":
                # Its relief is in hours or USD: how large a share they are depends on all there are.
                alone = self._compiled if len(allowed) == 1 else None
                amounts[position] = self._shares.least_more(used, alone, deadline)
            elif self.reliefs[position].rule == "capacity":
                amounts[position] = self._in_nodes(self.reliefs[position].record, float(amounts[position]))
        return amounts

    def hopeful(self, seconds: float | None = None) -> list[int] | None:
        """Positions of reliefs of which one alone may suffice, the likeliest first; None where all together do not.

        With divisible things: the multipliers of the optimum with all reliefs prove the problem impossible with any one
        that they do not count, i.e. whose reduced cost is all of its weight. Likely is what that optimum uses, and then
        what the multipliers count most. All are given where only whole things make it impossible.

        Raises :class:`hybridplan.errors.SolveFailed` where time runs out.
        """
        every = range(len(self.reliefs))
        hot = self._divisible.solved(self._right(every), seconds)
        if hot is None:
            return None
        used = hot.value("relief")
        if not np.any(used > _DUST):
            return list(every)
        counted = 1.0 - hot.reduced_cost("relief") / self._weight
        order = np.lexsort((-counted, used <= _DUST))
        return [int(position) for position in order if counted[position] > _DUST]

    def _right(self, allowed: Sequence[int]) -> Array:
        """Right sides that let the reliefs at these positions give way."""
        switch = np.zeros(len(self.reliefs))
        switch[list(allowed)] = _MOST
        right = self._compiled.right.copy()
        right[self._rows] = switch[self._relief_of]
        return right

    def _in_nodes(self, pool: str, amount: float) -> float:
        """Accelerators to add to a pool of which whole nodes are kept: up to the node that holds ``amount`` more."""
        data, p = self._model.data, self._model.data.pools.index(pool)
        if not data.provisioning.whole_kept[p] or amount <= _DUST * data.provisioning.node[p]:
            return amount
        node = float(data.provisioning.node[p])
        kept = np.floor(data.capacity[p] / node + _DUST) * node
        return float(np.ceil((kept + amount) / node - _DUST) * node - data.capacity[p])

    def _add(self, name: str, rows: Rows) -> None:
        data = self._model.data
        for position, row in enumerate(rows.records):
            if name == "promise_bandwidth":
                # A wider link is wider after a failure too.
                link = row.split("/")[0]
                column = self._column("link_bandwidth", link, "Gbit/s", data.scenario.links[link].gbps)
            else:
                # Rules with a row for every period, window or failure have one relief for all of them.
                rule, scale = name.removesuffix("_window"), scale_of(name, rows, position, data)
                column = self._column(rule, record_of(name, row, data), unit_of(rule, rows, data), scale)
            if column is not None:
                self._slots.setdefault(name, []).append((position, column))

    def _column(self, rule: str, record: str, unit: str, scale: float | None) -> int | None:
        """Position of the relief of a rule on a record, made where there is none; None where it has no relief."""
        if scale is None:
            return None
        for position, relief in enumerate(self.reliefs):
            if (relief.rule, relief.record) == (rule, record):
                return position
        self.reliefs.append(Relief(rule, record, unit, scale))
        return len(self.reliefs) - 1

    def _build(self) -> cp.Problem:
        constraints = [self._relief <= self._allowed, *self._model.decisions.definitions]
        for name, rows in self._model.rows.items():
            if name == "failover_capacity":
                constraints.append(rows.elastic(self._more_after(rows)))
            elif name in self._slots or name in TAKES:
                constraints.append(rows.elastic(self._relief_rows(name, rows)))
            else:
                constraints.append(rows.constraint())
        return cp.Problem(cp.Minimize(self._weight @ self._relief), constraints)

    def _relief_rows(self, name: str, rows: Rows) -> cp.Expression:
        shape = tuple(rows.lhs.shape)
        pick = np.zeros((shape[0], len(self.reliefs)))
        for position, column in self._slots.get(name, []):
            pick[position, column] = self.reliefs[column].scale
        given = pick @ self._relief
        per_unit = right_side_per_unit(name, rows, self._model)
        if len(shape) == 2:
            given = cp.reshape(given, (shape[0], 1), order="C") @ np.ones((1, shape[1]))
        room = cp.multiply(per_unit, given)
        return room - self._taken(name, rows) if name in TAKES else room

    def _more_after(self, rows: Rows) -> cp.Expression:
        """What reliefs of capacity add after a failure: where a pool is always on, and to quotas; shape of the rows."""
        counts, up = in_rooms(self._model.data, rows), one_up(self._model.data)
        added = cp.reshape(counts @ self._more_capacity(), (len(counts), 1), order="C")
        return cp.multiply(counts @ up, added @ np.ones((1, up.shape[1])))

    def _more_capacity(self) -> cp.Expression:
        """Accelerators that reliefs of capacity add to every pool; (P,)."""
        data, spread = self._model.data, np.zeros((len(self._model.data.pools), len(self.reliefs)))
        for column, relief in enumerate(self.reliefs):
            if relief.rule == "capacity":
                spread[data.pools.index(relief.record), column] = relief.scale
        return spread @ self._relief

    def _taken(self, name: str, rows: Rows) -> cp.Expression:
        """What reliefs of capacity take by themselves of another limit; shape of the rows."""
        data = self._model.data
        takes = taken(data, name, rows)
        if name == "budget":
            takes = takes + fees_usd(data) / rows.unit_scale[:, None]
        flat = takes.reshape(-1, len(data.pools)) @ self._more_capacity()
        return cp.reshape(flat, takes.shape[:-1], order="C")


def _rounded(hot: HotProblem, part: cp.Variable) -> Array:
    value: Array = np.round(hot.value(part.name())).reshape(part.shape, order="F")
    return value


def _straight(scenario: Scenario) -> Scenario:
    """Curved terms by straight lines: what is asked here is what is possible, and cones keep no basis."""
    policy = scenario.policy.model_copy(update={"queue_form": "tangents"})
    return scenario.model_copy(update={"policy": policy})
