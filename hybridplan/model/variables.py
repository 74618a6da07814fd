"""How variables are made: every one in a finite box, whole ones decided, relaxed or fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cvxpy as cp
import numpy as np

from hybridplan.model.periods import Array


@dataclass
class Wholes:
    """How whole numbers are treated in one model, and those that were made."""

    how: str | Mapping[str, Array]
    variables: dict[str, cp.Expression] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """True where whole numbers are given."""
        return not isinstance(self.how, str)


def variable(name: str, upper: Array) -> cp.Variable | cp.Constant:
    """A variable in [0, 2 x upper]; CVXPY knows no empty variables, so an empty one is a constant.

    The rows already keep it below ``upper``. A box at ``upper`` itself would bind together with a row and take a part
    of its dual, so that shadow prices were wrong; a box at 0 (closed) stays.
    """
    if upper.size == 0:
        return cp.Constant(upper)
    return cp.Variable(upper.shape, name=name, bounds=[np.zeros(upper.shape), 2.0 * upper])


def whole_variable(made: Wholes, name: str, upper: Array) -> cp.Variable | cp.Constant:
    """A whole number in [0, upper], as ``made`` treats them."""
    if upper.size == 0:
        return cp.Constant(upper)
    found: cp.Variable | cp.Constant
    if not isinstance(made.how, str):
        found = cp.Constant(made.how[name])
    else:
        box = [np.zeros(upper.shape), upper]
        found = cp.Variable(upper.shape, name=name, bounds=box, integer=made.how == "decided")
    made.variables[name] = found
    return found
