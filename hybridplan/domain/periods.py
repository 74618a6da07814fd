"""Which periods a span of time covers."""

from __future__ import annotations

from datetime import datetime

from hybridplan.domain.horizon import Block


def periods_in_window(block: Block, start: datetime, end: datetime) -> range:
    """Positions of the periods of ``block`` that lie wholly inside [start, end)."""
    edges = [*block.starts(), block.end]
    inside = [i for i in range(block.periods) if start <= edges[i] and edges[i + 1] <= end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)
