"""Elastic form of the hard rules: by how much must one of them give way so that a plan exists?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import cvxpy as cp
import numpy as np

from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.hot import HotProblem
from hybridplan.model.least_share import ProviderShares, most_carried
from hybridplan.model.limits.unserved_cap import demanded_units
from hybridplan.model.linear import compile_linear
from hybridplan.model.one_more import TAKES, enlarged, fees_usd, one_up, taken
from hybridplan.model.periods import Array
from hybridplan.units import MAGNITUDE_MIN, of_horizon

_MOST = 1000.0
"""Largest relief, in multiples of its scale: finite, so that every column keeps a box."""


_LAST = 100.0
_DUST = 1e-9
"""Part of a node that is rounding."""
_UNSERVED = ("must_serve", "unserved_cap")
"""Rules that give way by leaving work unserved."""
_OF_POOLS = {
    "ramp_up": "ramp_up_accelerators_per_hour",
    "ramp_down": "ramp_down_accelerators_per_hour",
    "min_provisioned": "min_provisioned_accelerators",
}
"""Rules whose scale is a field of the pool."""
_OF_HORIZON = ("budget", "carbon_cap")
"""Rules on a sum over the horizon, which may be given per year."""


@dataclass(frozen=True)
class Relief:
    """One rule of one record that may give way, in its own unit."""

    rule: str
    record: str
    unit: str
    scale: float
    """Own units of one unit of the variable: about what the rule allows today."""


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
        self._slots: dict[str, list[tuple[int, int]]] = {}
        for name, rows in self._model.rows.items():
            self._add(name, rows)
        count = len(self.reliefs)
        if count == 0:
            raise SolveFailed("no rule of this scenario can give way")
        self._relief = cp.Variable(count, name="relief", bounds=[np.zeros(count), np.full(count, _MOST)])
        self._allowed = cp.Parameter(count, nonneg=True)
        self._allowed.value = np.zeros(count)
        self._problem = self._build()
        self._compiled = compile_linear(self._problem)
        self._hot = HotProblem(self._compiled, time_limit_seconds)
        self._shares = ProviderShares(self._model)

    def least(self, allowed: Sequence[int], seconds: float | None = None) -> Array | None:
        """Amounts, in own units, of the least weighted sum of reliefs at ``allowed`` positions; None: impossible.

        Raises :class:`hybridplan.errors.SolveFailed` where time (``seconds``, if given) runs out.
        """
        deadline = monotonic() + (np.inf if seconds is None else seconds)
        switch = np.zeros(len(self.reliefs))
        switch[list(allowed)] = _MOST
        self._allowed.value = switch
        right = compile_linear(self._problem).right
        if not np.isfinite(self._hot.solve(right=right, cost=self._compiled.cost, seconds=seconds)):
            return None
        scale = np.array([relief.scale for relief in self.reliefs])
        amounts: Array = np.maximum(self._hot.value("relief"), 0.0) * scale
        for position in allowed:
            if self.reliefs[position].rule == "provider_share":
                # Its relief is in hours or USD: how large a share they are depends on all there are.
                alone = self._compiled if len(allowed) == 1 else None
                amounts[position] = self._shares.least_more(self._hot, alone, deadline)
            elif self.reliefs[position].rule == "capacity":
                amounts[position] = self._in_nodes(self.reliefs[position].record, float(amounts[position]))
        return amounts

    def _in_nodes(self, pool: str, amount: float) -> float:
        """Accelerators to add to a pool of which whole nodes are kept: up to the node that holds ``amount`` more."""
        data, p = self._model.data, self._model.data.pools.index(pool)
        if not data.provisioning.whole_kept[p] or amount <= _DUST * data.provisioning.node[p]:
            return amount
        node = float(data.provisioning.node[p])
        kept = np.floor(data.capacity[p] / node + _DUST) * node
        return float(np.ceil((kept + amount) / node - _DUST) * node - data.capacity[p])

    def _add(self, name: str, rows: Rows) -> None:
        data, known = self._model.data, dict[str, int]()
        for position, row in enumerate(rows.records):
            scale = _scale(name, rows, position, data)
            if scale is None:
                continue
            if name == "promise_bandwidth":
                # A wider link is wider after a failure too.
                first = [(r.rule, r.record) for r in self.reliefs].index(("link_bandwidth", row.split("/")[0]))
                self._slots.setdefault(name, []).append((position, first))
                continue
            # Rules with a row for every period, or window, have one relief for all of them.
            record = _record(name, row, data)
            column = known.setdefault(record, len(self.reliefs))
            self._slots.setdefault(name, []).append((position, column))
            if column < len(self.reliefs):
                continue
            rule = name.removesuffix("_window")
            self.reliefs.append(Relief(rule, record, _unit(rule, rows, data), scale))

    def _build(self) -> cp.Problem:
        constraints = [self._relief <= self._allowed, *self._model.decisions.definitions]
        for name, rows in self._model.rows.items():
            if name in self._slots or name in TAKES:
                constraints.append(rows.elastic(self._relief_rows(name, rows)))
            else:
                constraints.append(rows.constraint())
        # Leaving work unserved is the last resort of a mix.
        weight = np.array([_LAST if relief.rule in _UNSERVED else 1.0 for relief in self.reliefs])
        return cp.Problem(cp.Minimize(weight @ self._relief), constraints)

    def _relief_rows(self, name: str, rows: Rows) -> cp.Expression:
        shape = tuple(rows.lhs.shape)
        pick = np.zeros((shape[0], len(self.reliefs)))
        for position, column in self._slots.get(name, []):
            pick[position, column] = self.reliefs[column].scale
        given = pick @ self._relief
        per_unit = _right_side_per_unit(name, rows, self._model)
        if len(shape) == 2:
            given = cp.reshape(given, (shape[0], 1), order="C") @ np.ones((1, shape[1]))
        room = cp.multiply(per_unit, given)
        return room - self._taken(name, rows) if name in TAKES else room

    def _taken(self, name: str, rows: Rows) -> cp.Expression:
        """What reliefs of capacity take by themselves of another limit; shape of the rows."""
        data, spread = self._model.data, np.zeros((len(self._model.data.pools), len(self.reliefs)))
        for column, relief in enumerate(self.reliefs):
            if relief.rule == "capacity":
                spread[data.pools.index(relief.record), column] = relief.scale
        takes = taken(data, name, rows)
        if name == "budget":
            takes = takes + fees_usd(data) / rows.unit_scale[:, None]
        flat = takes.reshape(-1, len(data.pools)) @ spread
        return cp.reshape(flat @ self._relief, takes.shape[:-1], order="C")


def _record(name: str, row: str, data: Data) -> str:
    """The record of a relief: one for all windows of a workload, all providers, or all failures of a promise."""
    if name.startswith("interruptible_share"):
        return data.owner[row]
    if name == "promise":
        return row.split("/")[0]
    return "policy" if name == "provider_share" else row


def _straight(scenario: Scenario) -> Scenario:
    """Curved terms by straight lines: what is asked here is what is possible, and cones keep no basis."""
    policy = scenario.policy.model_copy(update={"queue_form": "tangents"})
    return scenario.model_copy(update={"policy": policy})


def _scale(name: str, rows: Rows, position: int, data: Data) -> float | None:
    """About what the rule allows today, in its own unit; None where it has no relief."""
    record = rows.records[position]
    works = data.scenario.workloads
    if name == "must_serve":
        return max(float(demanded_units(data, [record])[0]), 1e-6)
    if name == "capacity":
        if data.option("reserved")[position] and enlarged(data.scenario, record) is None:
            return None
        mine = data.route_pool == data.pools.index(record)
        peak = float(np.sum(np.max(data.busy_limit[mine], axis=1, initial=0.0)))
        return max(float(data.capacity[position]), peak) or None
    if name == "parallel_limit":
        return works[record].parallel_limit_accelerators
    if name == "link_bandwidth":
        return data.scenario.links[record].gbps
    if name == "site_power":
        return data.scenario.sites[record].it_power_limit_kw
    if name.startswith("interruptible_share"):
        work = works[data.owner[record]]
        return 1.0 if work.must_serve and work.interruptible_share_cap < 1.0 else None
    if name == "promise_bandwidth":
        return data.scenario.links[record.split("/")[0]].gbps
    if name == "promise":
        work = works[record.split("/")[0]]
        return 1.0 if work.must_serve or work.unserved_share_cap is not None else None
    if name in _OF_POOLS:
        return float(getattr(data.scenario.pools[record], _OF_POOLS[name]))
    if name in ("provider_share", "unserved_cap"):
        return 1.0
    if name in _OF_HORIZON:
        limit = float(np.asarray(rows.rhs)[position] * rows.unit_scale[position])
        usual = max(_usual_usd(data), 1.0) if name == "budget" else max(_usual_tonnes(data), MAGNITUDE_MIN)
        return max(limit, usual) / _year_share(name, data)
    return None


def _peak(data: Data) -> Array:
    """Accelerators that work could use at most at one time; (P,)."""
    peak = np.zeros(len(data.pools))
    np.add.at(peak, data.route_pool, np.max(data.busy_limit, axis=1, initial=0.0))
    return peak


def _usual_tonnes(data: Data) -> float:
    """About what all capacity that work could use emits over the horizon."""
    used = np.where(data.provisioning.always_on, data.capacity, np.minimum(_peak(data), data.capacity))
    return float(used @ (data.busy_kw * data.carbon_per_kwh())) * data.scenario.horizon.plan_hours


def _usual_usd(data: Data) -> float:
    """About what all capacity that work could use costs over the horizon: a budget may be far below it.

    Rented at the middle price: one that nobody would pay must not set the scale.
    """
    peak = _peak(data)
    owned, paid = data.option("owned"), data.price[~data.option("owned") & (data.price > 0)]
    rented = float(np.median(paid)) * float(np.minimum(peak, data.capacity)[~owned].sum()) if paid.size else 0.0
    fees = sum(c.fee_usd_per_accelerator_hour * c.accelerators for c in data.scenario.commitments.values())
    fees += float(data.offers.usd @ data.offers.least) / data.scenario.horizon.plan_hours
    fixed = float(data.price[owned] @ data.capacity[owned]) + fees
    return (fixed + rented) * data.scenario.horizon.plan_hours


def _per(name: str, data: Data) -> Literal["horizon", "year"]:
    """For which time the budget or the cap on carbon is given."""
    policy = data.scenario.policy
    limit = policy.carbon_cap if name == "carbon_cap" else policy.budget
    return "horizon" if limit is None else limit.per


def _year_share(name: str, data: Data) -> float:
    """Units of the horizon per unit of the budget, or of the cap on carbon, as it is given."""
    return of_horizon(1.0, _per(name, data), data.scenario.horizon.plan_hours)


def _unit(rule: str, rows: Rows, data: Data) -> str:
    if rule in ("interruptible_share", "provider_share", "unserved_cap", "promise"):
        return "share"
    return f"{rows.unit} per year" if rule in _OF_HORIZON and _per(rule, data) == "year" else rows.unit


def _right_side_per_unit(name: str, rows: Rows, model: Formulation) -> Array:
    """How far one own unit of relief moves each compiled right side; shape of the rows."""
    data = model.data
    if name == "capacity":
        usable: Array = data.usable_share[:, None] * one_up(data)
        return usable
    if name == "interruptible_share":
        hourly: Array = data.demand[[data.rigid.index(r) for r in rows.records]] / rows.unit_scale[:, None]
        return hourly
    if name == "promise":
        demand: Array = data.demand[[data.rigid.index(r.split("/")[0]) for r in rows.records]]
        return demand / rows.unit_scale[:, None]
    if name == "interruptible_share_window":
        return np.array([row.volume_units for row in data.windows]) / rows.unit_scale
    per_unit = 1.0 / rows.unit_scale
    if name == "unserved_cap":
        per_unit = per_unit * demanded_units(data, list(rows.records))
    if name in _OF_HORIZON:
        per_unit = per_unit * _year_share(name, data)
    if name == "provider_share":
        per_unit = per_unit * most_carried(data)
    shape = tuple(rows.lhs.shape)
    repeated: Array = per_unit if len(shape) == 1 else np.repeat(per_unit[:, None], shape[1], axis=1)
    return repeated
