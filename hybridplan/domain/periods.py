"""Which periods a span of time covers."""

from __future__ import annotations

from datetime import datetime

from hybridplan.domain.horizon import Block


def periods_in_window(block: Block, start: datetime, end: datetime) -> range:
    """Positions of the periods of ``block`` that lie wholly inside [start, end)."""
    length_s = block.period_hours * 3600.0
    first = (start - block.start).total_seconds() / length_s
    last = (end - block.start).total_seconds() / length_s
    lowest = max(0, -int(-first // 1))
    highest = min(block.periods, int(last // 1))
    return range(lowest, max(lowest, highest))
