"""In which blocks something with dates is in service: what is paid and what it gives run over the same blocks."""

from __future__ import annotations

from datetime import datetime

from hybridplan.domain.horizon import Block


def in_service(block: Block, starts: datetime | None, ends: datetime | None) -> bool:
    """Whether the block starts at or after ``starts`` and before ``ends``; absent dates do not limit."""
    return (starts is None or block.start >= starts) and (ends is None or block.start < ends)
