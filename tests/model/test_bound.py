"""The bound holds whoever made the multipliers, and says nothing where it knows nothing."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from builders import random_document

from hybridplan.domain import require
from hybridplan.model.bound import lower_bound
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.hot import HotProblem
from hybridplan.model.linear import Compiled, compile_linear, run


def test_by_hand() -> None:
    """min 2x + 3y, x + y = 4, x <= 3 (row), boxes [0, 10]: optimum 2 x 3 + 3 = 9.

    Multipliers (-3, 1): reduced costs 2 - 3 + 1 = 0 and 3 - 3 = 0, bound = -(-3 x 4 + 1 x 3) = 9.
    Multipliers (-2, 0): reduced 0 and 1 (at 0): bound = 8. A negative one on the inequality counts as 0.
    """
    matrix = sp.csc_matrix(np.array([[1.0, 1.0], [1.0, 0.0]]))
    compiled = Compiled(np.array([2.0, 3.0]), matrix, np.array([4.0, 3.0]), 1, np.zeros(2), np.full(2, 10.0), 0.0)
    assert lower_bound(compiled, np.array([-3.0, 1.0])) == 9.0
    assert lower_bound(compiled, np.array([-2.0, 0.0])) == 8.0
    assert lower_bound(compiled, np.array([-2.0, -5.0])) == 8.0


def test_nan_and_open_boxes_prove_nothing() -> None:
    matrix = sp.csc_matrix(np.array([[1.0]]))
    open_box = Compiled(np.array([-1.0]), matrix, np.array([1.0]), 0, np.zeros(1), np.array([np.inf]), 0.0)
    assert lower_bound(open_box, np.zeros(1)) == -np.inf
    assert lower_bound(open_box, np.array([np.nan])) == -np.inf


def test_random_multipliers_never_exceed_the_optimum() -> None:
    rng = np.random.default_rng(7)
    for seed in range(20):
        model = formulate(Data(require(random_document(seed))))
        found = run(model.problem(model.total_usd), 30)
        assert found.compiled is not None
        assert found.multipliers is not None
        best = float(model.total_usd.value)
        for _ in range(5):
            noise = found.multipliers * rng.uniform(0, 2, size=found.multipliers.shape)
            assert lower_bound(found.compiled, noise) <= best + 1e-7 * max(1.0, abs(best))


def test_a_kept_basis_gives_the_same_optimum_as_a_cold_solve() -> None:
    """Right sides and costs changed in place against a new instance, 20 random changes."""
    rng = np.random.default_rng(3)
    model = formulate(Data(require(random_document(11))))
    compiled = compile_linear(model.problem(model.total_usd))
    hot = HotProblem(compiled)
    hot.solve()
    for _ in range(20):
        cost = compiled.cost * rng.uniform(0.5, 2.0, size=compiled.cost.shape)
        right = compiled.right.copy()
        right[compiled.equalities :] *= rng.uniform(1.0, 1.5, size=right[compiled.equalities :].shape)
        changed = Compiled(
            cost, compiled.matrix, right, compiled.equalities, compiled.lower, compiled.upper, compiled.offset
        )
        cold = HotProblem(changed).solve()
        assert abs(hot.solve(right=right, cost=cost) - cold) <= 1e-7 * max(1.0, abs(cold))
