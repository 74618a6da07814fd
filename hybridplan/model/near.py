"""Plans that cost at most a little more than the cheapest one and serve no less: each is best in one respect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from typing import Final, Literal

import cvxpy as cp
import numpy as np
from highspy import HighsBasis

from hybridplan.audit.certificate import decided_usd
from hybridplan.errors import SolveFailed
from hybridplan.model.bound import lower_bound
from hybridplan.model.certified import Bound, certified
from hybridplan.model.data import Data
from hybridplan.model.decisions import Whole, scales
from hybridplan.model.formulation import OTHERS, Formulation, formulate
from hybridplan.model.hot import KeptSolver
from hybridplan.model.limits.must_serve import unserved_units
from hybridplan.model.linear import CONE_TRIES, Run, SolverName, run
from hybridplan.model.near_measures import Amount, Measure, rising_curves
from hybridplan.model.periods import Array
from hybridplan.plan import Plan, SolverRun, SolveStatus

ROOM: Final = 1e-7
"""Least slack, so that rounding leaves a plan where none is given."""
_HOLD: Final = 1e-9
"""Room for rounding, relative to an amount that is held or may not be exceeded."""
_HOLD_LOOSELY: Final = 1e-6
"""The same where an interior point or a search for whole numbers found the amount."""
_SHARE_OF_SEARCH: Final = 0.8
"""Part of the time that a search for whole numbers may take; the rest is for what follows."""
_LEAST_SECONDS: Final = 1.0
"""For what follows a search, which is nothing without it."""
_WORKED: Final = "worked:"
"""Before the name of a measure: what it is without idle accelerators."""
_WHOLE: Final = 1e-6
"""A bound on a whole number this close above one does not reach the next."""

Sense = Literal["least", "most"]


@dataclass(frozen=True)
class Answer:
    """The least or most of a measure. Amounts are in the measure's unit; None where they are not known."""

    outcome: str
    """As in :class:`hybridplan.model.linear.Run`."""
    amount: float | None = None
    bound: float | None = None
    """No plan within the slack does better: by weak duality, or (whole numbers) the solver's word."""


class NearOptimal:
    """All plans of a scenario within a slack of its cheapest: one measure after another is made least or most.

    Compiled once; the next question is another cost on the last basis. Belongs to one thread; drop it after an answer
    that is neither optimal nor infeasible.
    """

    def __init__(
        self,
        best: Plan,
        slack_share: float,
        measures: Mapping[str, Measure],
        *,
        wholes: Whole | Mapping[str, Array] = "decided",
        solver: SolverName | None = None,
    ) -> None:
        """``best``: the cheapest plan; its objective less its constants may rise by ``slack_share``, and no workload
        may be served less. Raises :class:`SolveFailed` where it is no plan.
        """
        if best.certificate is None or best.objective_usd is None or not best.status.has_plan:
            raise SolveFailed("there is no plan to stay close to")
        self.best, self._slack, self._measures = best, slack_share, dict(measures)
        self._model = formulate(Data(best.scenario), wholes)
        self._kind, self._solver_name, self._keeper = self._model.kind, solver, KeptSolver()
        self._amounts = {name: measure(self._model) for name, measure in measures.items()}
        made = [(name, amount, amount.worked) for name, amount in self._amounts.items()]
        # What a plan is held to must not count what would be idle: that would have to be paid.
        self._amounts |= {
            _WORKED + name: Amount(part, one.most, one.scale) for name, one, part in made if part is not None
        }
        count = len(self._amounts)
        self._measured = cp.Variable(count, name="measured", bounds=[np.zeros(count), self._boxes()])
        self._aim, self._by_money = cp.Parameter(count), cp.Parameter(nonneg=True)
        self._upper, self._lower = cp.Parameter(count), cp.Parameter(count)
        self._problem = self._model.problem(self._objective(), *self._rules())
        self._is_exact = self._kind == "linear" and isinstance(wholes, str) and not self._problem.is_mixed_integer()
        self._origin: HighsBasis | None = None
        """That of the cheapest plan, which is feasible whatever is asked."""
        self.solves = 0

    def _boxes(self) -> Array:
        return np.array([2.0 * amount.most + 1.0 for amount in self._amounts.values()])

    def _objective(self) -> cp.Expression:
        return self._aim @ self._measured + self._by_money * (self._model.total_usd / self._model.money_scale)

    def _rules(self) -> list[cp.Constraint]:
        """What the measures mean, the limit on costs, nothing served less, and the amount that is held."""
        model, best, scale = self._model, self.best, self._model.money_scale
        assert best.certificate is not None
        assert best.objective_usd is not None
        decided = decided_usd(best.objective_usd, best.constant_usd)
        cheapest = best.certificate.optimised_usd
        rules: list[cp.Constraint] = [
            self._measured == cp.hstack([amount.expression for amount in self._amounts.values()]),
            self._measured <= self._upper,
            -self._measured <= self._lower,
            model.total_usd / scale <= (cheapest + max(self._slack, ROOM) * decided) / scale,
        ]
        rules += [rule for amount in self._amounts.values() for rule in amount.rules]
        works = [*model.data.rigid, *model.data.deferrable]
        if works:
            allowed = np.array([best.unserved[w].quantity if w in best.unserved else 0.0 for w in works])
            rules.append(
                unserved_units(model.decisions, model.data, works)
                <= (1.0 + _HOLD) * allowed / scales(model.data, works)
            )
        if best.scenario.policy.owned_first:
            least = sum(best.cost_usd.get(term, 0.0) for term in OTHERS) + best.penalty_usd.get("unserved", 0.0)
            rules.append(model.others_usd / scale <= (least + ROOM * decided) / scale)
        return rules

    def ask(self, name: str, sense: Sense, seconds: float) -> Answer:
        """The least or most of a measure over all plans within the slack, with its proof; no plan is made of it."""
        found = self._solve(name, sense, seconds)
        return self._answer(name, sense, found)

    def plan(self, name: str, sense: Sense, seconds: float) -> tuple[Answer, Plan | None]:
        """The same, and of the plans that reach it the cheapest, audited; its certificate is that of its cost.

        With whole numbers the cheapest of those with the same numbers.
        """
        began = perf_counter()
        is_search = self._problem.is_mixed_integer()
        answer = self.ask(name, sense, seconds * (_SHARE_OF_SEARCH if is_search else 1.0))
        if answer.amount is None:
            return answer, None
        left, model = max(seconds - (perf_counter() - began), 0.0), self._model
        held, amount = self._held(name, sense, answer.amount)
        if self._kind == "mixed_integer":
            model, found = self._with_wholes_fixed(name, held, sense, amount, left)
        else:
            found = self._cheapest(held, sense, amount, left)
            if found.outcome not in ("optimal", "feasible"):
                found = self._solve(name, sense, left)
        if found.outcome not in ("optimal", "feasible"):
            return answer, None
        plan = self._certified(model, found, perf_counter() - began)
        if plan is None and (idle := list(rising_curves(model.data))):
            found = self._without_idle(model, idle, max(seconds - (perf_counter() - began), 0.0))
            plan = self._certified(model, found, perf_counter() - began) if found.outcome == "optimal" else None
        return answer, plan

    def _without_idle(self, model: Formulation, idle: list[int], seconds: float) -> Run:
        """The cheapest answer that does the same work everywhere, where the last one pays for accelerators of routes
        ``idle`` that are on beside their curve and do nothing."""
        busy, effective = model.decisions.busy, model.decisions.effective
        others = np.setdiff1d(np.arange(busy.shape[0]), idle)
        done, used = (np.asarray(part.value) for part in (effective[idle], busy[others]))
        rules = [effective[idle] >= done - _HOLD * np.maximum(done, 1.0)]
        if others.size:
            room = _HOLD * np.maximum(used, 1.0)
            rules += [busy[others] >= used - room, busy[others] <= used + room]
        self.solves += 1
        solver: SolverName = "clarabel" if self._kind == "conic" else "highs"
        return run(model.problem(model.total_usd / model.money_scale, *rules), seconds, solver)

    def _held(self, name: str, sense: Sense, amount: float) -> tuple[str, float]:
        """What the cheapest plan that reaches the last answer is held to: a measure, and how much of it."""
        key = _WORKED + name
        if sense == "least" or key not in self._amounts:
            return name, amount
        return key, float(self._measured.value[list(self._amounts).index(key)]) * self._amounts[key].scale

    def _certified(self, model: Formulation, found: Run, took: float) -> Plan | None:
        best = self.best
        assert best.certificate is not None
        proof = best.certificate
        source: Literal["weak duality", "solver"] = "solver" if proof.bound_source == "solver" else "weak duality"
        run_ = SolverRun(found.solver, found.version, found.seconds, took, best.solver.time_limit_seconds)
        plan = Plan(best.scenario, SolveStatus.OPTIMAL, run_, best.routes, kind=self._kind, warnings=best.warnings)
        bound = Bound(proof.bound_usd, source, proof.relaxation_bound_usd)
        plan = certified(plan, model, found, bound, priced=False)
        return plan if plan.status.has_plan else None

    def _solve(self, name: str, sense: Sense, seconds: float) -> Run:
        seconds -= self._begin(seconds)
        aim = np.array([float(other == name) for other in self._amounts])
        self._aim.value, self._by_money.value = aim if sense == "least" else -aim, 0.0
        self._upper.value, self._lower.value = self._boxes(), np.zeros(len(aim))
        self._keeper.start = self._origin
        return self._run(seconds)

    def _begin(self, seconds: float) -> float:
        """Find the basis of the cheapest plan, once; returns how long it took."""
        has_basis = self._kind == "linear" and self._solver_name != "clarabel" and not self._problem.is_mixed_integer()
        if self._origin is not None or not has_basis:
            return 0.0
        self._aim.value, self._by_money.value = np.zeros(len(self._amounts)), 1.0
        self._upper.value, self._lower.value = self._boxes(), np.zeros(len(self._amounts))
        found = self._run(seconds)
        self._origin = self._keeper.basis
        self._keeper.prefer_primal()
        return found.seconds

    def _cheapest(self, name: str, sense: Sense, amount: float, seconds: float) -> Run:
        """Least total cost, with the amount of one measure held."""
        where, value = list(self._amounts).index(name), amount / self._amounts[name].scale
        room = (_HOLD if self._is_exact else _HOLD_LOOSELY) * max(abs(value), 1.0)
        self._aim.value, self._by_money.value = np.zeros(len(self._amounts)), 1.0
        upper, lower = self._boxes(), np.zeros(len(self._amounts))
        if sense == "least":
            upper[where] = value + room
        else:
            lower[where] = -(value - room)
        self._upper.value, self._lower.value = upper, lower
        self._keeper.start = None
        return self._run(seconds)

    def _run(self, seconds: float) -> Run:
        self.solves += 1
        if self._kind != "conic" and self._solver_name != "clarabel":
            return run(self._problem, seconds, keeper=self._keeper)
        found = Run("failed", "Clarabel", "", 0.0)
        for attempt in range(len(CONE_TRIES)):
            found = run(self._problem, seconds, "clarabel", attempt)
            if found.outcome != "failed":
                break
        return found

    def _answer(self, name: str, sense: Sense, found: Run) -> Answer:
        if found.outcome not in ("optimal", "feasible") or found.compiled is None:
            return Answer(found.outcome)
        amount, sign = self._amounts[name], 1.0 if sense == "least" else -1.0
        value = float(self._measured.value[list(self._amounts).index(name)])
        if sense == "most" and amount.reached is not None:
            value = amount.reached()
        if found.multipliers is None or found.bound is not None:
            bound = found.bound
        else:
            bound = lower_bound(found.compiled, found.multipliers)
        if bound is not None and amount.is_whole:
            bound, value = float(ceil(bound - _WHOLE)), float(round(value))
        return Answer(found.outcome, value * amount.scale, None if bound is None else sign * bound * amount.scale)

    def _with_wholes_fixed(
        self, name: str, held: str, sense: Sense, amount: float, seconds: float
    ) -> tuple[Formulation, Run]:
        """The same with the scenario's own whole numbers held at what the search found: tables become exact."""
        chosen = {key: np.round(np.asarray(part.value)) for key, part in self._model.decisions.wholes.items()}
        only = {name: self._measures[name]}
        fixed = NearOptimal(self.best, self._slack, only, wholes=chosen, solver=self._solver_name)
        found = fixed._cheapest(held, sense, amount, max(seconds, _LEAST_SECONDS))
        self.solves += fixed.solves
        return fixed._model, found
