"""A smaller problem with the same optima: what is decided beforehand is left out, and put back into the answer.

Left out are columns whose box is a point, rows that no point of the box can break, and columns that only cost and take
room beside one row p x_i <= q x_j that asks for them: x_j = (p / q) x_i is cheapest. Which ones they are is found once;
other numbers in the same places leave it valid, or are refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hybridplan.model.linear import Compiled
from hybridplan.model.periods import Array

_ROOM = 1e-9
"""Share of its right side by which a row must be out of reach to be left out."""
Positions = npt.NDArray[np.intp]


class Reduction:
    """What can be left out of a compiled problem without whole numbers and cones."""

    def __init__(self, compiled: Compiled) -> None:
        self._shape, self._equalities = compiled.matrix.shape, compiled.equalities
        point = (compiled.lower == compiled.upper) & (compiled.lower == 0.0)
        self._rows, self._follower, self._leader = _pairs(compiled, point)
        unequal = np.setdiff1d(np.arange(self._equalities, self._shape[0]), self._rows)
        self._dropped = unequal[_out_of_reach(compiled, unequal)]
        keep_column, keep_row = ~point, np.ones(self._shape[0], dtype=bool)
        keep_column[self._follower] = False
        keep_row[self._rows], keep_row[self._dropped] = False, False
        self._point, self._keep = np.flatnonzero(point), np.flatnonzero(keep_column)
        self._kept_rows = np.flatnonzero(keep_row)
        self.reached: Positions = np.zeros(0, dtype=np.intp)
        """Positions, among the rows of the smaller problem, of those that :meth:`takes_in` has just added."""
        self._reach: tuple[sp.csc_matrix, Array, Array] | None = None
        """Coefficients, upper bounds, and the most that each row comes to within them."""
        self._learn(compiled.matrix)

    def takes_in(self, compiled: Compiled) -> bool:
        """Make it hold for ``compiled`` too, where rows that come into reach are all that it must take in; see
        :attr:`reached`. False: it cannot.
        """
        self.reached = np.zeros(0, dtype=np.intp)
        if not self._fits_but_for_rows(compiled):
            return False
        out = self._still_out(compiled)
        if not np.all(out):
            before, added = self._kept_rows, self._dropped[~out]
            self._dropped = self._dropped[out]
            self._kept_rows = np.union1d(before, added)
            self.reached = np.searchsorted(self._kept_rows, added)
            self._learn(self._matrix)
        return True

    def _still_out(self, compiled: Compiled) -> npt.NDArray[np.bool_]:
        """Which of the rows left out are out of reach of ``compiled``; what they can come to is worked out once for the
        same coefficients and boxes."""
        known = self._reach
        if known is None or known[0] is not self._matrix or not np.array_equal(known[1], compiled.upper):
            known = self._reach = (self._matrix, compiled.upper, _highest(compiled))
        return _is_out(known[2][self._dropped], compiled.right[self._dropped])

    def _fits_but_for_rows(self, compiled: Compiled) -> bool:
        if compiled.matrix.shape != self._shape or compiled.equalities != self._equalities:
            return False
        if np.any(compiled.upper[self._point] != 0.0) or np.any(compiled.lower[self._point] != 0.0):
            return False
        if not self._knows(compiled.matrix):
            if not self._has_same_signs(compiled.matrix):
                rows, follower, leader = _pairs(compiled, np.zeros(self._shape[1], dtype=bool))
                pair = np.full((2, self._shape[1]), -1)
                pair[:, follower] = rows, leader
                if not np.array_equal(pair[:, self._follower], np.array([self._rows, self._leader])):
                    return False
            self._learn(compiled.matrix)
        return bool(np.all(compiled.cost[self._follower] >= 0) and np.all(compiled.right[self._rows] == 0))

    def small(self, compiled: Compiled) -> Compiled:
        """The smaller problem; ``compiled`` is the one that was taken in last."""
        return replace(
            compiled,
            cost=self._spread.T @ compiled.cost,
            matrix=self._small,
            right=compiled.right[self._kept_rows],
            equalities=int(np.searchsorted(self._kept_rows, compiled.equalities)),
            lower=compiled.lower[self._keep],
            upper=compiled.upper[self._keep],
            columns={},
        )

    def point(self, small: Array) -> Array:
        """The point of the whole problem that a point of the smaller one stands for."""
        whole: Array = self._spread @ small
        return whole

    def multipliers(self, small: Array, cost: Array) -> Array:
        """Multipliers of all rows from those of the smaller problem; ``cost``: of the whole problem, 0 for a ray."""
        whole = np.zeros(self._shape[0])
        whole[self._kept_rows] = small
        whole[self._rows] = (cost[self._follower] + self._of_followers.T @ whole) / self._below
        return whole

    def _knows(self, matrix: sp.csc_matrix) -> bool:
        known = self._matrix
        return known is matrix or (
            np.array_equal(known.data, matrix.data)
            and np.array_equal(known.indices, matrix.indices)
            and np.array_equal(known.indptr, matrix.indptr)
        )

    def _has_same_signs(self, matrix: sp.csc_matrix) -> bool:
        """Coefficients in the same places and with the same signs make the same pairs."""
        known = self._matrix
        return (
            np.array_equal(known.indptr, matrix.indptr)
            and np.array_equal(known.indices, matrix.indices)
            and np.array_equal(known.data > 0, matrix.data > 0)
            and np.array_equal(known.data < 0, matrix.data < 0)
        )

    def _learn(self, matrix: sp.csc_matrix) -> None:
        """What depends on the coefficients: x = spread @ x of the smaller problem, and its rows."""
        self._matrix, self._of_followers = matrix, matrix[:, self._follower]
        rows, at = matrix.tocsr()[self._rows], np.arange(len(self._rows))
        above = np.asarray(rows[at, self._leader]).ravel() if len(at) else np.zeros(0)
        self._below = -np.asarray(rows[at, self._follower]).ravel() if len(at) else np.ones(0)
        place = np.full(self._shape[1], -1)
        place[self._keep] = np.arange(len(self._keep))
        where = np.concatenate([self._keep, self._follower]), np.concatenate([place[self._keep], place[self._leader]])
        values = np.concatenate([np.ones(len(self._keep)), above / self._below])
        self._spread = sp.csr_matrix((values, where), shape=(self._shape[1], len(self._keep)))
        self._small = sp.csc_matrix((matrix @ self._spread).tocsr()[self._kept_rows])
        self._small.sort_indices()


def _out_of_reach(compiled: Compiled, rows: Positions) -> npt.NDArray[np.bool_]:
    """True for those of these inequalities that no point of the box can break; all lower bounds are 0."""
    return _is_out(_highest(compiled)[rows], compiled.right[rows])


def _highest(compiled: Compiled) -> Array:
    """The most that each row comes to within the boxes."""
    matrix = compiled.matrix
    highest: Array = matrix.maximum(0) @ compiled.upper + matrix.minimum(0) @ compiled.lower
    return highest


def _is_out(highest: Array, right: Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = highest < right - _ROOM * np.abs(right)
    return found


def _pairs(compiled: Compiled, point: npt.NDArray[np.bool_]) -> tuple[Positions, Positions, Positions]:
    """Rows p x_i - q x_j <= 0 whose x_j is asked for by nothing else, with j and i."""
    none = np.zeros(0, dtype=np.intp)
    matrix = sp.csc_matrix(compiled.matrix)
    column_of = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    negative, equal = matrix.data < 0, matrix.indices < compiled.equalities
    minus = np.bincount(column_of[negative], minlength=matrix.shape[1])
    fixed = np.bincount(column_of[equal], minlength=matrix.shape[1])
    asked = (minus == 1) & (fixed == 0) & (compiled.cost >= 0) & (compiled.lower == 0) & ~point
    size = np.bincount(matrix.indices, minlength=matrix.shape[0])
    entry = np.flatnonzero(negative & asked[column_of] & (size[matrix.indices] == 2))
    rows, follower = matrix.indices[entry].astype(np.intp), column_of[entry]
    right = compiled.right[rows] == 0
    rows, follower = rows[right], follower[right]
    if not rows.size:
        return none, none, none
    by_row = np.full(matrix.shape[0], -1)
    by_row[rows] = follower
    other = np.flatnonzero((by_row[matrix.indices] >= 0) & (matrix.data > 0))
    leader = np.full(matrix.shape[0], -1)
    leader[matrix.indices[other]] = column_of[other]
    found = leader[rows]
    usable = (found >= 0) & ~np.isin(found, follower) & ~point[np.maximum(found, 0)]
    return rows[usable], follower[usable], found[usable].astype(np.intp)
