"""One scenario at one setting of a lever after another: compiled once, each solve from the basis of the nearest one."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from highspy import HighsBasis

from hybridplan.audit import AuditReport, audit_ledger
from hybridplan.audit.axes import Axes
from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.aligned import ledger
from hybridplan.model.bound import lower_bound
from hybridplan.model.certified import judged, own_bound
from hybridplan.model.data import Data
from hybridplan.model.extract import read
from hybridplan.model.formulation import formulate
from hybridplan.model.levers import LeverName, lever
from hybridplan.model.linear import Run
from hybridplan.model.moving import MovingProblem
from hybridplan.plan import Certificate, SolveStatus


@dataclass(frozen=True)
class Swept:
    """One solve of a sweep: proven like a plan, without its tables."""

    status: SolveStatus
    report: AuditReport | None = None
    certificate: Certificate | None = None
    usd_per_unit: float | None = None
    """What one more unit of the setting would have saved: its shadow price; None where it has none."""


class Sweep:
    """Answers to a scenario at other settings of one lever.

    Only linear models, without ``owned_first``. Belongs to one thread; drop it after an answer that is neither optimal
    nor infeasible: what such a run leaves behind is not trusted with the next one.
    """

    def __init__(self, scenario: Scenario, name: LeverName) -> None:
        """``scenario``: one at the loosest setting. Raises :class:`SolveFailed` where it cannot be swept."""
        model = formulate(Data(scenario))
        if model.kind != "linear" or scenario.policy.owned_first:
            raise SolveFailed("only linear models are swept")
        self._lever = lever(name, model)
        self._model = replace(model, constraints={**model.constraints, **self._lever.constraints()})
        problem = self._model.problem(self._model.total_usd / model.money_scale)
        self._moving = MovingProblem(
            problem, self._lever.amounts, coefficients=self._lever.coefficients, duals=self._lever.needs_duals
        )
        self._solver, self._axes = self._moving.solver, Axes(scenario)
        self._bases: dict[float, HighsBasis | None] = {}
        """By setting: a solve begins at the basis of the nearest one, which has least to mend."""

    def serve_all(self) -> None:
        """From now on nothing may stay unserved: the scenarios that follow must serve all work."""
        for name in ("unserved", "unserved_window"):
            self._solver.closed[name] = np.ones(1)

    def solve(self, scenario: Scenario, setting: float, time_limit_seconds: float) -> Swept:
        """The cheapest answer to ``scenario``, which differs from the first one in the setting of the lever only."""
        data = self._move(scenario)
        if self._bases:
            self._solver.start = self._bases[self._nearest(setting)]
        found = self._moving.solve(time_limit_seconds)
        status = {"optimal": SolveStatus.OPTIMAL, "infeasible": SolveStatus.INFEASIBLE}.get(found.outcome)
        if status is None:
            return Swept(SolveStatus.NO_PLAN_IN_TIME if found.outcome == "no_plan" else SolveStatus.FAILED)
        self._keep_basis(setting)
        if status is SolveStatus.INFEASIBLE:
            return Swept(status)
        model = replace(self._model, data=data)
        report = audit_ledger(ledger(data, read(model.decisions, data), self._axes_of(scenario)))
        optimised = float(model.total_usd.value) if found.objective is None else found.objective * model.money_scale
        certificate, status = judged(report, optimised, model, own_bound(model, found), status)
        return Swept(status, report, certificate, self._usd_per_unit(found, setting))

    def _usd_per_unit(self, found: Run, setting: float) -> float | None:
        if self._lever.amounts is None:
            saved = self._lever.saved_by(self._model.constraints, setting)
        else:
            follows = np.concatenate(self._lever.moving(setting))
            saved = None if found.multipliers is None else float(found.multipliers @ self._moving.slopes(follows))
        return None if saved is None else saved * self._model.money_scale

    def _axes_of(self, scenario: Scenario) -> Axes:
        """The audit's view of the scenario; what it has worked out stays, but for what the lever changes."""
        axes = copy(self._axes)
        object.__setattr__(axes, "scenario", scenario)
        for name in self._lever.changes:
            axes.__dict__.pop(name, None)
        self._axes = axes
        return axes

    def least(
        self, strict: Scenario, loose: Scenario, settings: tuple[float, float], time_limit_seconds: float
    ) -> float | None:
        """The least setting that leaves an answer, by one solve for the least left side of the row that it moves.

        ``strict`` and ``loose`` differ in the setting only, whose two values are ``settings``; ``loose`` has an answer.
        None where the setting moves more than one right side, or the solve ends otherwise.
        """
        self._move(strict)
        at_strict = self._moving.compiled()
        self._move(loose)
        at_loose = self._moving.compiled()
        (rows,) = np.nonzero(at_strict.right != at_loose.right)
        if len(rows) != 1 or (at_strict.matrix != at_loose.matrix).nnz or rows[0] < at_loose.equalities:
            return None
        (row,) = rows
        per_unit = (at_loose.right[row] - at_strict.right[row]) / (settings[1] - settings[0])
        side = np.asarray(at_loose.matrix[[row]].todense(), dtype=float).ravel()
        found = self._solver.answer(replace(at_loose, cost=side), time_limit_seconds)
        if found["model_status"] != "kOptimal":
            self._bases.clear()
            return None
        lhs = float(side @ found["solution"].col_value)
        least = settings[0] + (lhs - float(at_strict.right[row])) / float(per_unit)
        self._keep_basis(least)
        return least

    def excludes(self, scenario: Scenario) -> float | None:
        """By how much what proved the last answer infeasible proves it of ``scenario`` too; not above 0: it does not.

        None where there is no such proof.
        """
        if self._solver.ray is None:
            return None
        self._move(scenario)
        compiled = self._moving.compiled()
        return lower_bound(replace(compiled, cost=np.zeros_like(compiled.cost), offset=0.0), self._solver.ray)

    def _keep_basis(self, setting: float) -> None:
        if self._solver.ways[-1] in ("cold", "extended"):
            self._bases.clear()  # They belong to another structure.
        self._bases[setting] = self._solver.basis

    def same_as_last(self, setting: float) -> None:
        """The last answer is that of ``setting`` too."""
        self._bases[setting] = self._solver.basis

    def _nearest(self, setting: float) -> float:
        """Where a solve begins. A right side is cheaper to loosen than to tighten."""
        below = [known for known in self._bases if known <= setting] if self._lever.amounts is not None else []
        return max(below) if below else min(self._bases, key=lambda known: abs(known - setting))

    def _move(self, scenario: Scenario) -> Data:
        data = self._lever.move(scenario)
        for name, closed in self._lever.closed().items():
            self._solver.closed[name] = np.tile(closed, len(data.periods))
        return data
