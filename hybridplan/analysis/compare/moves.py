"""Where the work of other entrants runs elsewhere than in the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from hybridplan.analysis import allocation
from hybridplan.analysis.compare.result import HOURLY_COLUMNS, MOVE_COLUMNS, Entrant, Span, per_span
from hybridplan.model.closeness import period_places

_LEAST_SHARE: Final = 1e-6
"""Part of all busy accelerators below which a change is rounding."""
_KEYS: Final = ["block", "period_start", "workload", "pool"]


def by_route(entrants: Sequence[Entrant], span: Span) -> pd.DataFrame:
    """MOVE_COLUMNS: accelerator-hours by workload and pool that differ from the first, largest change first."""
    first, parts = entrants[0], []
    before = _hours(first, span)
    least = _LEAST_SHARE * float(before.sum())
    for other in _with_plans(entrants):
        both = pd.DataFrame({"accelerator_hours_before": before, "accelerator_hours": _hours(other, span)})
        both = both.fillna(0.0).rename_axis(["workload", "pool"]).reset_index()
        both["change"] = both["accelerator_hours"] - both["accelerator_hours_before"]
        both = both.loc[both["change"].abs() > max(least, 0.0)]
        order = both["change"].abs().sort_values(ascending=False, kind="stable").index
        parts.append(both.loc[order].assign(name=other.name))
    return _joined(parts, MOVE_COLUMNS)


def hourly(entrants: Sequence[Entrant]) -> pd.DataFrame:
    """HOURLY_COLUMNS: change in busy accelerators by period, in periods that both have; blocks by id and place."""
    first, parts = entrants[0], []
    for other in _with_plans(entrants):
        now = _busy(other).groupby(_KEYS)["accelerators_busy"].sum()
        before = _busy(first, other).groupby(_KEYS)["accelerators_busy"].sum()
        change = now.sub(before, fill_value=0.0).rename("change_accelerators").reset_index()
        change = change.loc[_is_common(first, other, change)]
        least = _LEAST_SHARE * max(float(now.max() if len(now) else 0.0), float(before.max() if len(before) else 0.0))
        change = change.loc[change["change_accelerators"].abs() > least]
        parts.append(change.assign(name=other.name))
    return _joined(parts, HOURLY_COLUMNS)


def _with_plans(entrants: Sequence[Entrant]) -> list[Entrant]:
    if entrants[0].plan.tables is None:
        return []
    return [other for other in entrants[1:] if other.plan.tables is not None]


def _hours(entrant: Entrant, span: Span) -> pd.Series[float]:
    """Accelerator-hours by workload and pool."""
    plan = entrant.plan
    if plan.tables is None:
        return pd.Series(dtype=float)
    rows = allocation.totals(plan.scenario, plan.tables).set_index(["workload", "pool"])
    hours: pd.Series[float] = rows["accelerator_hours"].astype(float) * per_span(plan, span)
    return hours


def _busy(entrant: Entrant, clock: Entrant | None = None) -> pd.DataFrame:
    """Busy accelerators by period, on the clock of another entrant where one is given."""
    assert entrant.plan.tables is not None
    rows = entrant.plan.tables.allocation[[*_KEYS, "accelerators_busy"]]
    if clock is None:
        return rows
    starts = [start for _, block in clock.plan.scenario.horizon.ordered() for start in block.starts()]
    places = period_places(entrant.plan.scenario, clock.plan.scenario)
    at = [places.get(key, -1) for key in zip(rows["block"], rows["period_start"], strict=True)]
    rows = rows.loc[[place >= 0 for place in at]]
    found = [starts[place] for place in at if place >= 0]
    moved = pd.Series(pd.to_datetime(found, utc=True), index=rows.index)
    return rows.assign(period_start=moved.astype(rows["period_start"].dtype))


def _is_common(first: Entrant, other: Entrant, rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether each row's period is one that the first has too."""
    places = set(period_places(first.plan.scenario, other.plan.scenario).values())
    ordered = [(key, start) for key, block in other.plan.scenario.horizon.ordered() for start in block.starts()]
    common = {(key, pd.Timestamp(start)) for n, (key, start) in enumerate(ordered) if n in places}
    found = [key in common for key in zip(rows["block"], rows["period_start"], strict=True)]
    return pd.Series(found, index=rows.index, dtype=bool)


def _joined(parts: list[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(found, ignore_index=True)[list(columns)]
