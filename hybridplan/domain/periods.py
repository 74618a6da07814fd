"""Which periods a span of time covers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hybridplan.domain.horizon import Block


def periods_in_window(block: Block, start: datetime, end: datetime) -> range:
    """Positions of the periods of ``block`` that lie wholly inside [start, end)."""
    first = max(_edge_not_before(block, start), 0)
    last = _edge_not_before(block, end)
    if _edge(block, last) > end:
        last -= 1
    return range(first, max(first, min(last, block.periods)))


def _edge(block: Block, position: int) -> datetime:
    return block.start.astimezone(UTC) + timedelta(hours=block.period_hours * position)


def _edge_not_before(block: Block, moment: datetime) -> int:
    """The first edge between periods at or after ``moment``: a guess by division, then exact comparison."""
    position = int((moment - block.start).total_seconds() / 3600.0 // block.period_hours) - 1
    while _edge(block, position) < moment:
        position += 1
    return position
