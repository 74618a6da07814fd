"""How far the value of one more accelerator holds: re-solves with more and more of it, from the last basis."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import cvxpy as cp
import numpy as np
import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.data import Data
from hybridplan.model.formulation import formulate
from hybridplan.model.hot import HotProblem
from hybridplan.model.linear import compile_linear
from hybridplan.model.one_more import TAKES, in_rooms, own_cost_usd, taken
from hybridplan.plan import RANGE_COLUMNS

HOLDS = 0.99
"""The value holds while the mean saving per added accelerator is at least this share of the first one's."""
DUST_USD = 1e-6
_DOUBLINGS = 12


def ranges(scenario: Scenario, prices: pd.DataFrame, most: int = 4, seconds: float = np.inf) -> pd.DataFrame:
    """For the ``most`` pools with the highest shadow price: what one more really saves, and how far that holds.

    ``prices`` is ``Plan.shadow_prices``. Returns RANGE_COLUMNS: usd_per_unit, the shadow price (at a kink it is more
    than one more saves); usd_saved_by_one, from a re-solve with one more, net of its own rent and idle power; and
    valid_to_accelerators, the largest size tried (doubling the addition, then halving the step) at which the mean
    saving per added accelerator is within 1 % of that. Pools where one more saves nothing are left out, and those for
    which there was no time within ``seconds``.
    """
    deadline = monotonic() + seconds
    mine = prices[(prices["limit"] == "one_more_accelerator") & (prices["usd_per_unit"] > 0)]
    top = mine.sort_values("usd_per_unit", ascending=False).head(most)
    if top.empty or seconds <= 0:
        return pd.DataFrame(columns=list(RANGE_COLUMNS))
    rows = list[tuple[str, float, float, float]]()
    try:
        study = _Study(scenario, deadline)
        for pool, price in zip(top["record"], top["usd_per_unit"], strict=True):
            rows.append((pool, price, *study.one_more(pool)))
    except SolveFailed:
        pass
    table = pd.DataFrame(rows, columns=list(RANGE_COLUMNS))
    return table[table["usd_saved_by_one"] > DUST_USD].reset_index(drop=True)


class _Study:
    """The scenario's model with an addition to every pool's capacity as a parameter."""

    def __init__(self, scenario: Scenario, deadline: float) -> None:
        self.data = data = Data(scenario, roomy=True)
        model = formulate(data)
        self.addition = cp.Parameter(len(data.pools), nonneg=True, value=np.zeros(len(data.pools)))
        rows = model.rows["capacity"]
        usable = data.usable_share[:, None] * data.up_share
        spread = cp.reshape(self.addition, (len(data.pools), 1), order="C") @ np.ones((1, len(data.periods)))
        constraints = {**model.constraints, "capacity": rows.elastic(cp.multiply(usable, spread))}
        for name in TAKES:
            if (limit := model.rows.get(name)) is not None:
                takes = taken(data, name, limit)
                added = takes.reshape(-1, len(data.pools)) @ self.addition
                constraints[name] = limit.elastic(-cp.reshape(added, takes.shape[:-1], order="C"))
        if (after := model.rows.get("failover_capacity")) is not None:
            # What is always on is there after a failure too.
            counts = in_rooms(data, after)
            added = cp.reshape(counts @ self.addition, (len(counts), 1), order="C") @ np.ones((1, len(data.periods)))
            constraints["failover_capacity"] = after.elastic(cp.multiply(counts @ data.up_share, added))
        self.scale = model.money_scale
        rules = [*constraints.values(), *model.decisions.definitions]
        self.problem = cp.Problem(cp.Minimize(model.total_usd / self.scale), rules)
        compiled = compile_linear(self.problem)
        self.right = compiled.right
        self.hot = HotProblem(compiled)
        self.deadline = deadline
        self.base = self.hot.solve(seconds=self._left()) * self.scale
        self.own = own_cost_usd(data)

    def _left(self) -> float:
        """Seconds until the deadline; raises :class:`SolveFailed` where it has passed."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise SolveFailed("no time is left")
        return left

    def one_more(self, pool: str) -> tuple[float, float]:
        """USD that one more accelerator saves, and the size up to which that holds. Raises :class:`SolveFailed`."""
        position = self.data.pools.index(pool)
        now = float(self.data.capacity[position])
        self.addition.value = np.eye(len(self.data.pools))[position]
        one = compile_linear(self.problem).right - self.right

        def saving(added: float) -> float:
            """What ``added`` accelerators save; right sides are affine in them."""
            cost = self.hot.solve(right=self.right + added * one, seconds=self._left()) * self.scale
            return float(self.base - cost - self.own[position] * added)

        first = saving(1.0)
        return first, now + _largest(saving, first)


def _largest(saving: Callable[[float], float], first: float) -> float:
    """Largest addition tried whose mean saving is within 1 % of the first one's."""
    good, step = 1.0, 1.0
    for _ in range(_DOUBLINGS):
        if saving(good + step) < HOLDS * first * (good + step):
            break
        good, step = good + step, 2.0 * step
    while step > 1.0:
        step /= 2.0
        if saving(good + step) >= HOLDS * first * (good + step):
            good += step
    return good
