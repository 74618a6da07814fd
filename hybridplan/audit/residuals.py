"""The worst condition of each rule and record, and what it says in words."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from hybridplan.audit.axes import Axes
from hybridplan.audit.rows import Rows

TOLERANCE: Final = 1e-6
"""Largest violation of a condition that passes, relative to the condition's scale."""

RESIDUAL_COLUMNS: Final = ("rule", "record", "block", "period_start", "violation", "scale", "relative", "unit")


class Residual(NamedTuple):
    """The worst condition of one rule and record; ``period`` is -1 where it has none."""

    rule: str
    record: str
    what: str
    unit: str
    period: int
    violation: float
    scale: float
    relative: float

    @property
    def holds(self) -> bool:
        """False for NaN too."""
        return bool(self.relative <= TOLERANCE)

    @property
    def rank(self) -> float:
        """For finding the worst: NaN is worse than anything."""
        return float("inf") if np.isnan(self.relative) else self.relative


def ranked(rows: Rows) -> float:
    """Largest relative violation, infinite where one is no number; minus infinity without conditions."""
    if rows.violation.size == 0:
        return float("-inf")
    largest = float(np.max(np.maximum(rows.violation, 0.0) / rows.scale))
    return float("inf") if np.isnan(largest) else largest


def worst(rule: str, groups: list[Rows]) -> list[Residual]:
    """One residual per record of the rule, over all groups of its conditions."""
    found: dict[str, Residual] = {}
    for group in groups:
        for residual in _worst_of(rule, group):
            known = found.get(residual.record)
            if known is None or residual.rank > known.rank:
                found[residual.record] = residual
    return list(found.values())


def _worst_of(rule: str, rows: Rows) -> list[Residual]:
    if rows.violation.size == 0:
        return []
    # A condition that holds with room to spare is not broken by a negative amount.
    violation = np.maximum(rows.violation, 0.0)
    relative = violation / rows.scale
    at = np.argmax(np.where(np.isnan(relative), np.inf, relative), axis=1)
    pick = np.arange(len(at)), at
    period = np.full(len(at), -1) if rows.period is None else rows.period[pick]
    columns = rows.records, rows.what, rows.units, period.tolist()
    numbers = violation[pick].tolist(), rows.scale[pick].tolist(), relative[pick].tolist()
    return [Residual(rule, *row) for row in zip(*columns, *numbers, strict=True)]


def frame(axes: Axes, residuals: list[Residual]) -> pd.DataFrame:
    """Table with RESIDUAL_COLUMNS; block is "" and period_start NaT where a condition has no period."""
    period = np.array([r.period for r in residuals], dtype=np.int64)
    starts = np.append(axes.starts_us, np.iinfo(np.int64).min)[period]
    blocks = [axes.blocks[axes.block_of[t]][0] if t >= 0 else "" for t in period.tolist()]
    return pd.DataFrame(
        {
            "rule": [r.rule for r in residuals],
            "record": [r.record for r in residuals],
            "block": blocks,
            "period_start": pd.DatetimeIndex(starts.astype("datetime64[us]")).tz_localize("UTC"),
            "violation": [r.violation for r in residuals],
            "scale": [r.scale for r in residuals],
            "relative": [r.relative for r in residuals],
            "unit": [r.unit for r in residuals],
        }
    )


def in_words(axes: Axes, residual: Residual) -> str:
    """One sentence: where, what is wrong, by how much."""
    when = ""
    if residual.period >= 0:
        start = np.datetime_as_string(axes.starts_us[residual.period].astype("datetime64[us]"), unit="m")
        when = f" at {str(start).replace('T', ' ')} UTC"
    amount = f"off by {residual.violation:.6g} {residual.unit} ({residual.relative:.2g} of {residual.scale:.6g})"
    return f"{residual.rule}, {residual.record}{when}: {residual.what}; {amount}"
