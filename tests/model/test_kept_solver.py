"""A solver that keeps its basis gives the optimum and the duals of a cold solve, whatever changed in between."""

from __future__ import annotations

from dataclasses import replace

import cvxpy as cp
import numpy as np
import pytest
from builders import random_document
from cvxpy.error import DPPError

from hybridplan.domain import require
from hybridplan.errors import SolveFailed
from hybridplan.model.bound import lower_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import Formulation, formulate
from hybridplan.model.hot import HotProblem, KeptSolver
from hybridplan.model.linear import Compiled, compile_linear, run
from hybridplan.model.moving import Following


def model_of(seed: int) -> Formulation:
    return formulate(Data(require(random_document(seed))))


def compiled(seed: int = 11) -> Compiled:
    model = model_of(seed)
    return compile_linear(model.problem(model.total_usd))


def cold(problem: Compiled) -> float:
    return HotProblem(problem).solve()


def near(one: float, other: float) -> bool:
    return (one == other) or abs(one - other) <= 1e-7 * max(1.0, abs(other))


def test_right_sides_costs_and_boxes_change_in_place() -> None:
    rng, base = np.random.default_rng(5), compiled()
    kept = HotProblem(base)
    kept.solve()
    for _ in range(20):
        right = base.right.copy()
        right[base.equalities :] *= rng.uniform(0.7, 1.5, size=right[base.equalities :].shape)
        upper = base.upper * rng.uniform(0.5, 1.5, size=base.upper.shape)
        cost = base.cost * rng.uniform(0.5, 2.0, size=base.cost.shape)
        other = replace(base, right=right, cost=cost, upper=upper)
        assert kept.take(other) == "changed"
        assert near(kept.solve(), cold(other))


def test_other_coefficients_are_passed_with_the_basis() -> None:
    rng, base = np.random.default_rng(6), compiled()
    kept = HotProblem(base)
    kept.solve()
    for _ in range(10):
        matrix = base.matrix.copy()
        matrix.data = matrix.data * rng.uniform(0.9, 1.1, size=matrix.data.shape)
        other = replace(base, matrix=matrix)
        assert kept.take(other) == "passed"
        assert near(kept.solve(), cold(other))


def test_another_structure_is_solved_cold() -> None:
    one, other = compiled(11), compiled(12)
    kept = HotProblem(one)
    kept.solve()
    assert kept.take(other) == "cold"
    assert near(kept.solve(), cold(other))


def test_a_cap_as_a_parameter_gives_values_and_duals_of_cold_solves() -> None:
    """What is paid to others is capped at shares of what the cheapest plan pays; impossible caps in between."""
    model = model_of(11)
    cap = cp.Parameter(nonneg=True, value=1e12)
    problem = model.problem(model.total_usd / model.money_scale, model.others_usd <= cap)
    solver = KeptSolver()
    first = run(problem, 30, keeper=solver)
    assert first.outcome == "optimal"
    most = float(model.others_usd.value)
    for share in (1.0, 0.9, -1.0, 0.5, 0.99, 0.95):
        if share < 0:
            cap.value = 0.0
            assert run(problem, 30, keeper=solver).outcome == run(problem, 30).outcome
            continue
        cap.value = share * most
        found = run(problem, 30, keeper=solver)
        mine = float(model.total_usd.value)
        duals = [np.asarray(rule.dual_value) for rule in model.constraints.values()]
        again = run(problem, 30)
        assert found.outcome == again.outcome
        if found.outcome != "optimal":
            continue
        assert near(mine, float(model.total_usd.value))
        assert all(np.isfinite(dual).all() for dual in duals)
        assert found.compiled is not None
        assert found.multipliers is not None
        assert near(lower_bound(found.compiled, found.multipliers) * model.money_scale, mine)
    assert solver.ways[0] == "cold"
    assert set(solver.ways[1:]) == {"changed", "extended"}  # the cap was out of reach at first


def test_a_parameter_that_needs_a_new_compilation_is_refused() -> None:
    """A product of two parameters is not DPP: every value would be compiled anew, in silence."""
    x, a, b = cp.Variable(name="x", bounds=[0, 1]), cp.Parameter(value=1.0), cp.Parameter(value=2.0)
    problem = cp.Problem(cp.Minimize(x), [x >= a * b / 4])
    with pytest.raises(DPPError):
        run(problem, 30, keeper=KeptSolver())
    assert run(cp.Problem(cp.Minimize(x), [x >= a / 4]), 30, keeper=KeptSolver()).outcome == "optimal"


def test_the_time_limit_is_that_of_each_solve() -> None:
    """HiGHS counts all runs of an instance together; a limit for one more run must not."""
    kept = HotProblem(compiled())
    used = 0.0
    while used <= 2.0:
        kept._highs.setBasis()
        kept.solve(seconds=60.0)
        kept._highs.clearSolver()
        used = kept._highs.getRunTime() * 200  # as if every run had taken 200 times as long
    limit = kept._highs.getRunTime()
    assert np.isfinite(kept.solve(seconds=limit))


@pytest.mark.parametrize("seed", range(8))
def test_one_solver_for_many_scenarios(seed: int) -> None:
    """Prices and demand of one scenario moved up and down, each time against a new instance."""
    rng, solver, document = np.random.default_rng(seed), KeptSolver(), random_document(seed)
    for _ in range(4):
        for pool in document["pools"].values():
            pool["price_usd_per_accelerator_hour"] *= float(rng.uniform(0.8, 1.25))
        model = formulate(Data(require(document)))
        problem = model.problem(model.total_usd / model.money_scale)
        kept = run(problem, 30, keeper=solver)
        value = float(model.total_usd.value) if kept.outcome == "optimal" else None
        again = run(problem, 30)
        assert kept.outcome == again.outcome
        assert value is None or near(value, float(model.total_usd.value))


def test_coefficients_that_follow_one_parameter_each_are_filled_in_as_compiled() -> None:
    """y <= load x for three loads: what is filled in equals what CVXPY compiles at the same values."""
    x, y = (cp.Variable(3, name=name, bounds=[np.zeros(3), np.full(3, 9.0)]) for name in "xy")
    load = cp.Parameter(3, nonneg=True, value=np.full(3, 0.5))
    problem = cp.Problem(cp.Minimize(cp.sum(x)), [cp.diag(1.0 - load) @ y <= cp.diag(load) @ x, y >= 1.0])
    following = Following(problem, load)
    for values in ([0.5, 0.5, 0.5], [0.1, 0.7, 0.95]):
        load.value = np.array(values)
        assert np.allclose(following.compiled().matrix.toarray(), compile_linear(problem).matrix.toarray(), atol=1e-12)


def test_coefficients_that_follow_two_parameters_are_refused() -> None:
    x = cp.Variable(2, name="x", bounds=[np.zeros(2), np.ones(2)])
    load = cp.Parameter(2, nonneg=True, value=np.full(2, 0.5))
    both = cp.Problem(cp.Minimize(cp.sum(x)), [(load[0] + load[1]) * x[0] >= 0.1, load[1] * x[1] >= 0.1])
    with pytest.raises(SolveFailed):
        Following(both, load)
