"""Levers: what a frontier moves in a compiled model, each as a parameter, so that nothing is compiled twice."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Final, Literal, Protocol

import cvxpy as cp
import numpy as np

from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation
from hybridplan.model.limits.promise import Promise, PromiseBandwidth
from hybridplan.model.limits.provider_share import carried
from hybridplan.model.limits.unserved_cap import demanded_units
from hybridplan.model.periods import Array
from hybridplan.model.routes import load_under
from hybridplan.units import of_horizon

LeverName = Literal[
    "carbon_cap",
    "provider_share",
    "unserved_cap",
    "interruptible_share",
    "mean_latency",
    "promise",
    "latency_objective",
]


class Lever(Protocol):
    """Moves one compiled model from one scenario to another that differs in what the lever moves only."""

    @property
    def needs_duals(self) -> bool:
        """Whether :meth:`saved_by` reads the duals of its constraints."""
        ...

    @property
    def amounts(self) -> list[cp.Parameter] | None:
        """The parameters, where right sides are straight lines in them and coefficients stay as they are; else None."""
        ...

    def constraints(self) -> dict[str, cp.Constraint]:
        """What takes the place of the model's constraints of these names."""
        ...

    def move(self, scenario: Scenario) -> Data:
        """Set the parameters to the values of ``scenario``; gives the arrays by which its answer is read."""
        ...

    @property
    def coefficients(self) -> cp.Parameter | None:
        """The parameter, between 0 and 1, where it moves coefficients only and each follows one element of it."""
        ...

    @property
    def changes(self) -> tuple[str, ...]:
        """What in :class:`hybridplan.audit.axes.Axes` does not stay the same."""
        ...

    def closed(self) -> dict[str, Array]:
        """By variable: 1 on its rows that the scenario of the last move rules out; empty: none, ever."""
        ...

    def moving(self, cap: float) -> list[Array]:
        """For each parameter 1 on the elements that follow ``cap``, else 0; none where the cap has no price."""
        ...

    def saved_by(self, constraints: dict[str, cp.Constraint], cap: float) -> float | None:
        """What one more unit of ``cap`` saves, in units of the solved objective, by the duals; None: no price."""
        ...


def lever(name: LeverName, model: Formulation) -> Lever:
    """The lever of this name. Raises :class:`SolveFailed` where the model has nothing for it to move."""
    return LatencyLever(model) if name == "latency_objective" else CapLever(name, model)


class CapLever:
    """The cap of a limit: what it allows beyond the compiled cap is added to the right side of its rows."""

    coefficients: cp.Parameter | None = None
    needs_duals: bool = True

    def __init__(self, name: str, model: Formulation) -> None:
        self._data = model.data
        self.changes: tuple[str, ...] = ("failures",) if name == "promise" else ()
        self._rows = {key: model.rows[key] for key in (name, f"{name}_window") if key in model.rows}
        if not self._rows:
            raise SolveFailed(f"the scenario has no limit {name}")
        self._first = {key: _amounts(key, rows, model.data.scenario) for key, rows in self._rows.items()}
        self._now = dict(self._first)
        self._more = {key: cp.Parameter(len(caps), value=np.zeros(len(caps))) for key, caps in self._first.items()}
        self._per_unit = {key: _PER_UNIT[key](model, rows) for key, rows in self._rows.items()}

    @property
    def amounts(self) -> list[cp.Parameter] | None:
        is_fixed = all(part.is_constant() for part in self._per_unit.values())
        return list(self._more.values()) if is_fixed else None

    def constraints(self) -> dict[str, cp.Constraint]:
        return {key: rows.elastic(self._relief(key)) for key, rows in self._rows.items()}

    def _relief(self, key: str) -> cp.Expression:
        more, per_unit = self._more[key], self._per_unit[key]
        return cp.multiply(more, per_unit) if len(per_unit.shape) == 1 else cp.diag(more) @ per_unit

    def move(self, scenario: Scenario) -> Data:
        for key, rows in self._rows.items():
            self._now[key] = _amounts(key, rows, scenario)
            self._more[key].value = self._now[key] - self._first[key]
        found = copy(self._data)  # No array depends on a cap, but for what is promised.
        found.scenario = scenario
        if "promise" in self._rows:
            found.promises = copy(found.promises)
            found.promises.share = {w: scenario.workloads[w].promised_share for w in found.promises.share}
        return found

    def closed(self) -> dict[str, Array]:
        return {}

    def moving(self, cap: float) -> list[Array]:
        return [np.isclose(now, cap, rtol=1e-12, atol=0.0).astype(float) for now in self._now.values()]

    def saved_by(self, constraints: dict[str, cp.Constraint], cap: float) -> float | None:
        saved = 0.0
        for (key, per_unit), follows in zip(self._per_unit.items(), self.moving(cap), strict=True):
            dual = np.asarray(constraints[key].dual_value, dtype=float)
            value = np.asarray(per_unit.value, dtype=float)
            saved += float(follows @ (dual * value).reshape(len(follows), -1).sum(axis=1))
        return saved


class LatencyLever:
    """Latency objectives, not above the compiled ones: largest loads are parameters, routes out of reach are closed."""

    changes: tuple[str, ...] = ("ruled_out", "load_limit", "load_limit_after", "failures")
    needs_duals: bool = False

    def __init__(self, model: Formulation) -> None:
        self._data, self._decisions = model.data, model.decisions
        self._queued = model.data.queues.queued
        self._count = len(self._queued) + len(model.data.promises.pairs)
        self._load = cp.Parameter(max(self._count, 1), nonneg=True)
        """Largest loads of queued routes, then of failover pairs."""
        self._after = tuple(name for name in ("promise", "promise_bandwidth") if name in model.rows)
        self._closed: dict[str, Array] = {}

    @property
    def amounts(self) -> list[cp.Parameter] | None:
        return None

    @property
    def coefficients(self) -> cp.Parameter | None:
        return self._load if self._count else None

    def constraints(self) -> dict[str, cp.Constraint]:
        found: dict[str, cp.Constraint] = {}
        if self._queued.size:
            load = self._load[: len(self._queued)]
            busy = self._decisions.busy[self._queued]
            spare = self._decisions.spare[self._data.queues.spare_of(self._queued)]
            found["latency"] = cp.diag(1.0 - load) @ busy - cp.diag(load) @ spare <= 0
        for name in self._after:
            limit = Promise() if name == "promise" else PromiseBandwidth()
            rows = limit.rows_of(self._decisions, self._data, *self._busy_after())
            assert rows is not None
            found[name] = rows.constraint()
        return found

    def _busy_after(self) -> tuple[cp.Expression, cp.Expression]:
        promises, of_pairs = self._data.promises, self._load[len(self._queued) :]
        standby, moved = self._decisions.standby, self._decisions.redispatch
        if standby.size:
            standby = cp.diag(of_pairs[promises.standby]) @ standby
        if moved.size:
            moved = cp.diag(of_pairs[promises.moving]) @ moved
        return standby, moved

    def move(self, scenario: Scenario) -> Data:
        found = [load_under(route, scenario.workloads[route.workload]) for route in self._data.routes]
        first = self._data.queues.load_limit
        data = copy(self._data)
        data.scenario, data.queues = scenario, copy(self._data.queues)
        data.queues.load_limit = np.array([load or was for load, was in zip(found, first, strict=True)], dtype=float)
        self._closed = {"busy": np.array([float(load is None) for load in found])}
        loads = data.queues.load_limit[self._queued]
        if data.promises.pairs:
            data.promises, lost = data.promises.under(scenario)
            where = {"standby": data.promises.standby, "redispatch": data.promises.moving}
            self._closed |= {name: lost[pairs].astype(float) for name, pairs in where.items() if pairs.size}
            loads = np.concatenate([loads, data.promises.load_limit])
        self._load.value = loads if self._count else np.ones(1)
        return data

    def closed(self) -> dict[str, Array]:
        return self._closed

    def moving(self, cap: float) -> list[Array]:
        return []

    def saved_by(self, constraints: dict[str, cp.Constraint], cap: float) -> float | None:
        return None


def _amounts(key: str, rows: Rows, scenario: Scenario) -> Array:
    """The cap of each row, in its own unit."""
    return np.array([_AMOUNT[key](scenario, record) for record in rows.records], dtype=float)


def _tonnes(scenario: Scenario, _record: str) -> float:
    cap = scenario.policy.carbon_cap
    return np.nan if cap is None else of_horizon(cap.tonnes, cap.per, scenario.horizon.plan_hours)


def _share(scenario: Scenario, _record: str) -> float:
    cap = scenario.policy.provider_share_cap
    return np.nan if cap is None else cap


def _of_workload(field: str) -> Callable[[Scenario, str], float]:
    return lambda scenario, record: float(getattr(scenario.workloads[record], field))


def _of_window(scenario: Scenario, record: str) -> float:
    """``record``: workload:window; ids may hold colons."""
    owner = next(w for w, work in scenario.workloads.items() for name in work.windows if f"{w}:{name}" == record)
    return scenario.workloads[owner].interruptible_share_cap


def _unpromised(scenario: Scenario, record: str) -> float:
    """``record``: workload/contingency."""
    return 1.0 - scenario.workloads[record.partition("/")[0]].promised_share


_AMOUNT: Final[dict[str, Callable[[Scenario, str], float]]] = {
    "carbon_cap": _tonnes,
    "provider_share": _share,
    "unserved_cap": _of_workload("unserved_share_cap"),
    "interruptible_share": _of_workload("interruptible_share_cap"),
    "interruptible_share_window": _of_window,
    "mean_latency": _of_workload("mean_latency_cap_ms"),
    "promise": _unpromised,
}


def _all_carried(model: Formulation, rows: Rows) -> cp.Expression:
    found = carried(model.decisions, model.data)
    assert found is not None
    return found.whole / found.scale * np.ones(len(rows.records))


def _demand_in_horizon(model: Formulation, rows: Rows) -> cp.Expression:
    return cp.Constant(demanded_units(model.data, list(rows.records)) / rows.unit_scale)


def _served_in_period(model: Formulation, rows: Rows) -> cp.Expression:
    where = [model.data.rigid.index(record.partition("/")[0]) for record in rows.records]
    return model.data.demand[where] / rows.unit_scale[:, None] - model.decisions.unserved[where]


def _served_in_window(model: Formulation, rows: Rows) -> cp.Expression:
    volume = np.array([row.volume_units for row in model.data.windows])
    return volume / rows.unit_scale - model.decisions.unserved_window


def _units_per_cap(model: Formulation, rows: Rows) -> cp.Expression:
    data, works = model.data, model.data.scenario.workloads
    scale = np.array([data.unit_scale[w] * (works[w].mean_latency_cap_ms or np.nan) for w in rows.records])
    capped = [route.workload if route.workload in rows.records else "" for route in data.routes]
    pick = np.array([[float(w == name) for name in capped] for w in rows.records])
    return (pick * data.productivity / scale[:, None]) @ model.decisions.busy


_PER_UNIT: Final[dict[str, Callable[[Formulation, Rows], cp.Expression]]] = {
    "carbon_cap": lambda model, rows: cp.Constant(1.0 / rows.unit_scale),
    "provider_share": _all_carried,
    "unserved_cap": _demand_in_horizon,
    "interruptible_share": _served_in_period,
    "interruptible_share_window": _served_in_window,
    "mean_latency": _units_per_cap,
    "promise": _served_in_period,
}
"""By limit: what one more unit of its cap adds to the right side of each row, as compiled; shape of the rows."""
