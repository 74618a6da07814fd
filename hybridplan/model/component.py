"""What a cost term and a limit are.

A component is a frozen object of plain options; variables and data are arguments. A cost term is one elementwise
expression in USD over the horizon. A limit gives left and right side, from which the hard constraint and its elastic
form follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import cvxpy as cp
import numpy as np
import numpy.typing as npt

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array

Sense = Literal["<=", "=="]


class CostTerm(Protocol):
    """One elementwise cost over the horizon."""

    @property
    def name(self) -> str: ...

    @property
    def fields(self) -> tuple[str, ...]:
        """Scenario fields that bring the term into play."""
        ...

    @property
    def is_penalty(self) -> bool: ...

    def expression(self, decisions: Decisions, data: Data) -> cp.Expression | Array:
        """USD over the horizon, elementwise: the objective sums it."""
        ...


@dataclass(frozen=True)
class Rows:
    """A limit applied to a scenario: ``lhs sense rhs``, one element per row.

    ``records`` names the record of each row along the first axis; ``unit_scale`` (same length) turns one unit of the
    right side into the record's own unit; ``by_period`` tells whether the second axis is time; else ``periods`` may
    give the period of each row.
    """

    lhs: cp.Expression
    rhs: cp.Expression | Array
    sense: Sense
    records: tuple[str, ...]
    unit_scale: Array
    unit: str
    by_period: bool = True
    periods: npt.NDArray[np.intp] | None = None

    def constraint(self) -> cp.Constraint:
        """The hard form."""
        return self.lhs <= self.rhs if self.sense == "<=" else self.lhs == self.rhs

    def elastic(self, relief: cp.Expression) -> cp.Constraint:
        """The form with ``relief`` added to the right side (``<=`` rows only)."""
        return self.lhs <= self.rhs + relief


class Limit(Protocol):
    """A rule of the model."""

    @property
    def name(self) -> str: ...

    @property
    def fields(self) -> tuple[str, ...]:
        """Scenario fields that bring the rule into play."""
        ...

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """The rows for this scenario; None where the rule does not occur in it."""
        ...


def in_periods(values: npt.ArrayLike, periods: int) -> Array:
    """Repeat one value per record over all periods: (N,) -> (N, T)."""
    return np.repeat(np.asarray(values, dtype=float)[:, None], periods, axis=1)
