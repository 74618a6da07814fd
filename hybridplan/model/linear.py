"""Runs one problem: compile with CVXPY, solve with HiGHS or Clarabel, keep what the bound needs."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any, Final, Literal, Protocol

import cvxpy as cp
import highspy
import numpy as np
import scipy.sparse as sp
from cvxpy import settings as cs

from hybridplan.model.periods import Array

SolverName = Literal["highs", "clarabel"]
Outcome = Literal["optimal", "feasible", "infeasible", "no_plan", "failed"]

HIGHS_OPTIONS: Final = {
    # Process-global in HiGHS: one value, set here and nowhere else.
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}
CLARABEL_OPTIONS: Final = {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10}
_LESS_REGULAR: Final = {"static_regularization_constant": 1e-10}
_NEVER_UNBOUNDED: Final = {"tol_infeas_abs": 1e-14, "tol_infeas_rel": 1e-14}
"""Every column has a finite box; large prices look as if there were none."""
CONE_TRIES: Final[tuple[tuple[bool, dict[str, float]], ...]] = (
    (False, {}),
    (True, {}),
    (True, _LESS_REGULAR),
    (False, {**_LESS_REGULAR, **_NEVER_UNBOUNDED}),
    (True, {**_LESS_REGULAR, **_NEVER_UNBOUNDED, "equilibrate_max_scaling": 1e6, "equilibrate_min_scaling": 1e-6}),
)
"""Ways to solve a problem with cones, each tried where those before left no proven plan: whether right sides and costs
are measured in their typical size (very large or small numbers mislead an interior point), and further options."""
MIP_GAP: Final = 1e-4
MIP_GAP_SMALL: Final = 1e-6
"""Relative gap at which the search for whole numbers ends: the small one for up to MIP_SMALL of them."""
MIP_SMALL: Final = 500
MIP_GAP_ABSOLUTE: Final = 1e-9
MIP_OPTIONS: Final = {
    "mip_rel_gap": MIP_GAP_SMALL,
    "mip_abs_gap": MIP_GAP_ABSOLUTE,
    "mip_feasibility_tolerance": 1e-9,
}
FEASIBLE: Final = 2
"""HiGHS's code for "a feasible point is known"."""


@dataclass(frozen=True)
class Compiled:
    """min c'x + offset subject to A x = b (first ``equalities`` rows), A x <= b, and b - A x in second-order cones (the
    last rows, ``cones`` gives their sizes); lower <= x <= upper; ``whole`` columns are integers."""

    cost: Array
    matrix: sp.csc_matrix
    right: Array
    equalities: int
    lower: Array
    upper: Array
    offset: float
    columns: dict[str, slice] = field(default_factory=dict)
    """Columns of each variable, by name; elements in column-major order."""
    cones: tuple[int, ...] = ()
    whole: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """One solver run. Variables and constraints of the problem hold values where a point is known."""

    outcome: Outcome
    solver: str
    version: str
    seconds: float
    compiled: Compiled | None = None
    multipliers: Array | None = None
    """One per row of ``compiled``: free for equalities, >= 0 for inequalities."""
    message: str = ""
    bound: float | None = None
    """With whole numbers: the solver's own bound on the objective."""
    gap_target: float | None = None
    objective: float | None = None
    """At the point that was found, by the compiled costs; None where nobody worked it out."""


class Keeper(Protocol):
    """Solves compiled problems one after the other and keeps what helps with the next: see hybridplan.model.hot."""

    def prepared(self, compiled: Compiled) -> Compiled:
        """The problem that is solved in place of ``compiled``."""
        ...

    def answer(self, compiled: Compiled, seconds: float) -> dict[str, Any]:
        """Solve, and give the answer in the form in which CVXPY reads one of HiGHS."""
        ...


def run(
    problem: cp.Problem,
    time_limit_seconds: float,
    solver: SolverName = "highs",
    attempt: int = 0,
    keeper: Keeper | None = None,
) -> Run:
    """Solve ``problem``; never raises for what a solver does. ``attempt``: which of CONE_TRIES (Clarabel only).

    ``keeper`` solves in place of a new HiGHS instance (problems without whole numbers only); the problem's parameters
    must keep to CVXPY's DPP rules then, else its DPPError is raised, since every value would be compiled anew.
    """
    if not problem.variables():
        return _evaluated(problem)
    try:
        if solver == "highs":
            return _run_highs(problem, time_limit_seconds, keeper)
        return _run_clarabel(problem, time_limit_seconds, *CONE_TRIES[attempt])
    except (cp.SolverError, ValueError, ArithmeticError) as error:
        name = "HiGHS" if solver == "highs" else "Clarabel"
        return Run("failed", name, _version(solver), 0.0, message=str(error))


def _evaluated(problem: cp.Problem) -> Run:
    """A problem without decisions is only looked at; solvers refuse it."""
    offset = float(problem.objective.value)
    nothing = Compiled(np.zeros(0), sp.csc_matrix((0, 0)), np.zeros(0), 0, np.zeros(0), np.zeros(0), offset)
    holds = all(bool(np.all(constraint.violation() <= 1e-9)) for constraint in problem.constraints)
    return Run("optimal" if holds else "infeasible", "none needed", "", 0.0, nothing, np.zeros(0))


@cache
def _version(solver: SolverName) -> str:
    return version("highspy" if solver == "highs" else "clarabel")


@cache
def swallow_banner() -> None:
    """HiGHS greets once per process on the C stdout, where it would spoil JSON; greet it into the void first."""
    sys.stdout.flush()
    with open(os.devnull, "w") as void:
        kept = os.dup(1)
        try:
            os.dup2(void.fileno(), 1)
            highspy.Highs()
        finally:
            os.dup2(kept, 1)
            os.close(kept)


def _run_highs(problem: cp.Problem, time_limit_seconds: float, keeper: Keeper | None) -> Run:
    swallow_banner()
    data, chain, inverse = problem.get_problem_data(cp.HIGHS, enforce_dpp=keeper is not None)
    options = {**HIGHS_OPTIONS, "time_limit": float(time_limit_seconds)}
    whole = len(data[cs.BOOL_IDX]) + len(data[cs.INT_IDX])
    target = None if not whole else MIP_GAP_SMALL if whole <= MIP_SMALL else MIP_GAP
    if target is not None:
        options = {**options, **MIP_OPTIONS, "mip_rel_gap": target}
    compiled = _compiled(problem, data, inverse)
    if keeper is not None and target is None:
        compiled = keeper.prepared(compiled)
        raw = keeper.answer(compiled, time_limit_seconds)
    else:
        given = {"highs_options": options}
        raw = chain.solve_via_data(problem, data, warm_start=False, verbose=False, solver_opts=given)
    status, seconds = raw["model_status"], float(raw["run_time"])
    known = raw["info"].primal_solution_status == FEASIBLE
    outcome: Outcome
    if status == "kOptimal":
        outcome = "optimal"
    elif status in ("kInfeasible", "kUnboundedOrInfeasible"):
        # Every column has a finite box, so unbounded is ruled out.
        outcome = "infeasible"
    elif status == "kTimeLimit":
        outcome = "feasible" if known else "no_plan"
    else:
        return Run("failed", "HiGHS", _version("highs"), seconds, message=status)
    if outcome in ("optimal", "feasible") and target is not None:
        _unpack(problem, raw, chain, inverse)
        bound = float(raw["info"].mip_dual_bound) + compiled.offset
        return Run(outcome, "HiGHS", _version("highs"), seconds, compiled, None, "", bound, target)
    if outcome in ("optimal", "feasible"):
        _unpack(problem, raw, chain, inverse)
        multipliers = -np.asarray(raw["solution"].row_dual, dtype=float)
        return Run(outcome, "HiGHS", _version("highs"), seconds, compiled, multipliers)
    return Run(outcome, "HiGHS", _version("highs"), seconds, compiled, gap_target=target)


def _unpack(problem: cp.Problem, raw: Any, chain: Any, inverse: Any) -> None:
    """Give the variables their values. That an answer may be inaccurate is found by the audit, not by a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        problem.unpack_results(raw, chain, inverse)


def _run_clarabel(problem: cp.Problem, time_limit_seconds: float, scaled: bool, more: dict[str, float]) -> Run:
    options = {**CLARABEL_OPTIONS, **more, "time_limit": float(time_limit_seconds), "max_threads": 1}
    data, chain, inverse = problem.get_problem_data(cp.CLARABEL, solver_opts=options)
    sides, money = (_typical(data[cs.B]), _typical(data[cs.C])) if scaled else (1.0, 1.0)
    given = {**data, cs.B: data[cs.B] / sides, cs.C: data[cs.C] / money}
    raw = chain.solve_via_data(problem, given, warm_start=False, verbose=False, solver_opts=options)
    raw = _in_own_units(raw, sides, money)
    status, seconds = str(raw.status), float(raw.solve_time)
    if status in ("Solved", "AlmostSolved"):
        _unpack(problem, raw, chain, inverse)
        compiled = _compiled(problem, data, inverse)
        return Run("optimal", "Clarabel", _version("clarabel"), seconds, compiled, np.asarray(raw.z, dtype=float))
    if status == "PrimalInfeasible":
        return Run("infeasible", "Clarabel", _version("clarabel"), seconds)
    outcome: Outcome = "no_plan" if status == "MaxTime" else "failed"
    return Run(outcome, "Clarabel", _version("clarabel"), seconds, message=status)


def _typical(values: Array) -> float:
    """Geometric mean of what is not 0."""
    sizes = np.abs(values[values != 0])
    return float(np.exp(np.mean(np.log(sizes)))) if sizes.size else 1.0


def _in_own_units(raw: Any, sides: float, money: float) -> Any:
    """The answer to a problem whose right sides and costs were divided by these two: cones keep their scale."""
    names = "status", "solve_time", "iterations"
    same = {name: getattr(raw, name) for name in names}
    x, z, s = (np.asarray(getattr(raw, name), dtype=float) for name in "xzs")
    return SimpleNamespace(**same, x=x * sides, z=z * money, s=s * sides, obj_val=raw.obj_val * sides * money)


def compile_linear(problem: cp.Problem, *, enforce_dpp: bool = False) -> Compiled:
    """The problem as HiGHS sees it, with the values its parameters have now; nothing is solved.

    ``enforce_dpp``: see :func:`run`.
    """
    data, _, inverse = problem.get_problem_data(cp.HIGHS, enforce_dpp=enforce_dpp)
    return _compiled(problem, data, inverse)


def _compiled(problem: cp.Problem, data: dict[str, Any], inverse: Any) -> Compiled:
    cost = np.asarray(data[cs.C], dtype=float)
    columns = _columns(data[cs.PARAM_PROB])
    lower, upper = _boxes(problem, columns, cost.size)
    return Compiled(
        cost,
        sp.csc_matrix(data[cs.A]),
        np.asarray(data[cs.B], dtype=float),
        int(data["dims"].zero),
        lower,
        upper,
        float(np.sum(inverse[-1][cs.OFFSET])),
        columns,
        tuple(data["dims"].soc),
        tuple(int(i) for i in [*data.get(cs.BOOL_IDX, ()), *data.get(cs.INT_IDX, ())]),
    )


def _columns(compiled: Any) -> dict[str, slice]:
    first = compiled.var_id_to_col
    return {v.name(): slice(first[v.id], first[v.id] + v.size) for v in compiled.variables}


def _boxes(problem: cp.Problem, columns: dict[str, slice], count: int) -> tuple[Array, Array]:
    """Box of every column, from the variables themselves: compilation may have turned bounds into rows."""
    bounds = {variable.name(): variable.attributes["bounds"] for variable in problem.variables()}
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    for name, span in columns.items():
        lower[span], upper[span] = (np.asarray(side, dtype=float).flatten(order="F") for side in bounds[name])
    return lower, upper
