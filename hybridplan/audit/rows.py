"""Single conditions of a rule: how far each is broken, and on which scale that is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.units import MAGNITUDE_MIN

FLOOR: Final = MAGNITUDE_MIN
"""Smallest scale of a row, in the row's own unit: the smallest amount, other than 0, that a scenario may state."""


@dataclass(frozen=True)
class Rows:
    """R records x E conditions of one rule.

    ``violation`` (R, E) in the record's unit is 0 or less where the condition holds, ``scale`` (R, E) is the size of
    the row: the largest of its right-hand side, its terms and ``FLOOR``. ``period`` (R, E) is the code of the
    condition's period, None where it has none. ``what`` says in words what is wrong when it does not hold.
    """

    what: Sequence[str]
    records: Sequence[str]
    units: Sequence[str]
    violation: Floats
    scale: Floats
    period: Ints | None = None


def scale_of(*terms: Floats) -> Floats:
    """Largest absolute value of the terms, elementwise, at least ``FLOOR``; NaN stays NaN."""
    largest: Floats = np.maximum.reduce([np.abs(term) for term in np.broadcast_arrays(*terms)])
    return np.maximum(largest, FLOOR)


def off_whole(values: Floats, size: Floats) -> Floats:
    """Distance of each value to the nearest whole multiple of ``size``, elementwise."""
    return np.abs(values - size * np.round(values / size))


def by_period(
    what: str | Sequence[str], records: Sequence[str], units: Sequence[str], violation: Floats, scale: Floats
) -> Rows:
    """Rows with one condition per record and period of the horizon: (R, T) arrays."""
    said = [what] * len(records) if isinstance(what, str) else what
    period = np.broadcast_to(np.arange(violation.shape[1], dtype=np.int64), violation.shape)
    return Rows(said, records, units, violation, scale, period)


def once(
    what: str | Sequence[str], records: Sequence[str], units: Sequence[str], violation: Floats, scale: Floats
) -> Rows:
    """Rows with one condition per record, of no period: (R,) arrays."""
    said = [what] * len(records) if isinstance(what, str) else what
    return Rows(said, records, units, violation[:, None], scale[:, None])
