"""Typical weeks into a scenario: new blocks in place of the old ones, with everything that stood on these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hybridplan.analysis import format as fmt
from hybridplan.analysis.typical_weeks.choice import TypicalWeek
from hybridplan.analysis.typical_weeks.pattern import Pattern
from hybridplan.domain import Block

Document = dict[str, Any]


def with_weeks(
    document: Document,
    patterns: Mapping[str, Pattern],
    workloads: tuple[str, ...],
    weeks: tuple[TypicalWeek, ...],
    source: str,
) -> Document:
    """The scenario with these weeks as its blocks.

    ``patterns``: the present blocks by start. Each week follows the latest that starts no later than it (else the
    first): it keeps that one's demand and price factor, and takes over windows, maintenance and the demand of all
    workloads that are not in ``workloads``.
    """
    blocks: dict[str, Any] = {}
    followed: dict[str, tuple[Pattern, TypicalWeek]] = {}
    for week in weeks:
        key = f"week-{week.start:%Y-%m-%d}"
        pattern = _in_force(patterns, week.start)
        blocks[key] = _block(week, pattern.block)
        followed[key] = (pattern, week)
    works = {
        name: _with_windows(_with_demand(record, name, workloads, followed, source), followed)
        for name, record in document["workloads"].items()
    }
    pools = {name: _with_maintenance(record, followed) for name, record in document["pools"].items()}
    horizon = {**document["horizon"], "blocks": blocks}
    return {**document, "horizon": horizon, "workloads": works, "pools": pools}


def pattern_of(blocks: Mapping[str, Block], zone: ZoneInfo) -> dict[str, Pattern]:
    """The blocks in the order of their start."""
    return {key: Pattern(key, block, zone) for key, block in sorted(blocks.items(), key=lambda item: item[1].start)}


def _in_force(patterns: Mapping[str, Pattern], start: datetime) -> Pattern:
    ordered = list(patterns.values())
    return next((one for one in reversed(ordered) if one.block.start <= start), ordered[0])


def _block(week: TypicalWeek, old: Block) -> dict[str, Any]:
    times = f"{week.weight:.4g} {'time' if week.weight == 1 else 'times'}"
    label = (
        f"Busiest week, {fmt.day(week.start.date())}" if week.is_extreme else f"Week of {fmt.day(week.start.date())}"
    )
    out: dict[str, Any] = {"label": f"{label}, {times}", "start": week.start.isoformat(), "periods": week.hours}
    factors = {"weight": week.weight, "demand_factor": old.demand_factor, "price_factor": old.price_factor}
    return {**out, **{name: value for name, value in factors.items() if value != 1.0}}


def _with_demand(
    record: Any, name: str, given: tuple[str, ...], followed: Mapping[str, tuple[Pattern, TypicalWeek]], source: str
) -> Any:
    if record.get("flexibility", "rigid") == "deferrable":
        return record
    if name in given:
        row = given.index(name)
        profiles = {key: [_tidy(v) for v in week.units_per_hour[row]] for key, (_, week) in followed.items()}
        return {**record, "demand_units_per_hour": profiles, **({"demand_source": source[:200]} if source else {})}
    return {**record, "demand_units_per_hour": _profiles(record, "demand_units_per_hour", followed)}


def _with_maintenance(record: Any, followed: Mapping[str, tuple[Pattern, TypicalWeek]]) -> Any:
    return {**record, "up_share": _profiles(record, "up_share", followed)} if record.get("up_share") else record


def _profiles(record: Any, field: str, followed: Mapping[str, tuple[Pattern, TypicalWeek]]) -> dict[str, list[float]]:
    """The record's own profile of the block that each week follows; none where it has none there."""
    out = {}
    for key, (pattern, week) in followed.items():
        if values := (record.get(field) or {}).get(pattern.block_id):
            out[key] = [_tidy(value) for value in pattern.on_week(values, week.start, week.hours)]
    return out


def _with_windows(record: Any, followed: Mapping[str, tuple[Pattern, TypicalWeek]]) -> Any:
    windows = record.get("windows")
    if not windows:
        return record
    out: dict[str, Any] = {}
    for key, (pattern, week) in followed.items():
        out |= pattern.windows_on_week(windows, key, week.start, week.hours)
    return {**record, "windows": out}


def _tidy(value: float) -> float:
    """Twelve digits: a part in a million millions of the total is the price of a file that can be read."""
    return float(f"{value:.12g}")
