"""The smaller problem has the optimum, the point and the duals of the whole one, and says when it no longer does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from builders import random_document

from hybridplan.domain import require
from hybridplan.io.catalogue import scenario_paths
from hybridplan.io.scenario_json import load
from hybridplan.model.bound import lower_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.hot import HotProblem, KeptSolver
from hybridplan.model.linear import Compiled, compile_linear
from hybridplan.model.reduce import Reduction


def by_hand(most: float = 10.0) -> Compiled:
    """Least 5 y + s - 9 z: y + z = 4; y <= s (s asked for by nothing else); y + s + z <= 6; y <= ``most``; w is shut.

    Columns y, s, z, w. With s = y: 6 y - 9 z, 2 y + z <= 6, y + z = 4; z is at most 3, so y = 1 and s = 1.
    """
    rows = [[1, 0, 1, 1], [1, -1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]]
    cost, right = np.array([5.0, 1.0, -9.0, 0.0]), np.array([4.0, 0.0, 6.0, most])
    upper = np.array([8.0, 20.0, 3.0, 0.0])
    return Compiled(cost, sp.csc_matrix(np.array(rows, dtype=float)), right, 1, np.zeros(4), upper, 0.0)


def test_what_is_left_out_and_put_back() -> None:
    """w has no room, s follows y, y <= 10 cannot be broken (y is at most 8): two columns and two rows are left.

    y = 1, s = 1, z = 3: 5 + 1 - 27 = -21. One more s costs 1 and nothing else asks for it: the dual of y <= s is 1.
    """
    whole = by_hand()
    reduction = Reduction(whole)
    small = reduction.small(whole)
    assert small.matrix.shape == (2, 2)
    found = KeptSolver().answer(whole, 10.0)
    assert found["solution"].col_value == pytest.approx([1.0, 1.0, 3.0, 0.0])
    assert -found["solution"].row_dual[1] == pytest.approx(1.0)
    assert lower_bound(whole, -found["solution"].row_dual) == pytest.approx(-21.0)


def test_a_row_that_comes_into_reach_is_taken_in_with_the_basis() -> None:
    """y <= 1 binds, y <= 0.5 leaves no plan (z is at most 3 of the 4)."""
    solver = KeptSolver()
    solver.answer(by_hand(), 10.0)
    tight = by_hand(1.0)
    found = solver.answer(tight, 10.0)
    assert solver.ways == ["cold", "extended"]
    assert float(tight.cost @ found["solution"].col_value) == pytest.approx(-21.0)
    assert solver.answer(by_hand(0.5), 10.0)["model_status"] == "kInfeasible"
    assert solver.ray is not None
    nothing = replace(by_hand(0.5), cost=np.zeros(4))
    assert lower_bound(nothing, solver.ray) > 0


def test_columns_that_open_and_followers_that_are_asked_for_are_refused() -> None:
    whole = by_hand()
    opened = replace(whole, upper=np.array([8.0, 20.0, 3.0, 2.0]))
    wanted = replace(whole, cost=np.array([5.0, -1.0, -9.0, 0.0]))
    asked = whole.matrix.tolil()
    asked[2, 1] = -1.0
    for other in (opened, wanted, replace(whole, matrix=sp.csc_matrix(asked))):
        assert not Reduction(whole).takes_in(other)
        found = KeptSolver().answer(other, 10.0)
        assert float(other.cost @ found["solution"].col_value) == pytest.approx(HotProblem(other).solve())


@pytest.mark.parametrize("seed", range(12))
def test_random_scenarios_have_the_same_optimum_bound_and_balance(seed: int) -> None:
    """Every right side and cost moves, one after the other; each answer is compared with a solve of its own."""
    model = formulate(Data(require(random_document(seed))))
    base, rng, solver = compile_linear(model.problem(model.total_usd)), np.random.default_rng(seed), KeptSolver()
    for _ in range(6):
        right = base.right * rng.uniform(0.5, 1.3, size=base.right.shape)
        other = replace(base, right=right, cost=base.cost * rng.uniform(0.5, 2.0, size=base.cost.shape))
        found, alone = solver.answer(other, 30.0), HotProblem(other).solve()
        if found["model_status"] == "kInfeasible":
            assert alone == np.inf
            continue
        x, duals = found["solution"].col_value, -found["solution"].row_dual
        size = max(1.0, abs(alone))
        assert abs(float(other.cost @ x) + other.offset - alone) <= 1e-7 * size
        assert abs(lower_bound(other, duals) - alone) <= 1e-6 * size
        over = other.matrix @ x - other.right
        assert np.all(np.abs(over[: other.equalities]) <= 1e-6 * np.maximum(1.0, np.abs(right[: other.equalities])))
        assert np.all(over[other.equalities :] <= 1e-6 * np.maximum(1.0, np.abs(right[other.equalities :])))


@pytest.mark.parametrize("name", ["demo", "financial_risk", "smart_city"])
def test_shipped_scenarios_shrink_and_keep_their_optimum(name: str) -> None:
    model = formulate(Data(load(scenario_paths()[name])))
    whole = compile_linear(model.problem(model.total_usd))
    small = Reduction(whole).small(whole)
    assert small.matrix.shape[0] < 0.7 * whole.matrix.shape[0]
    assert HotProblem(small).solve() == pytest.approx(HotProblem(whole).solve(), rel=1e-9)
