"""The periods of a scenario document: their instants, and the columns of values that stand on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from hybridplan.domain import Block

Document = dict[str, Any]


def blocks_of(document: Document) -> dict[str, Block]:
    """Blocks of a document that may be unfinished; those that are no blocks are left out."""
    horizon = document.get("horizon")
    blocks = horizon.get("blocks") if isinstance(horizon, dict) else None
    found = {}
    for key, value in blocks.items() if isinstance(blocks, dict) else ():
        try:
            found[str(key)] = Block.model_validate_json(to_json(value), strict=True)
        except (ValidationError, ValueError):
            continue
    return dict(sorted(found.items(), key=lambda item: (item[1].start.astimezone(UTC), item[0])))


def places(blocks: dict[str, Block]) -> dict[datetime, tuple[str, int]]:
    """Instant (UTC) of each period -> its block and position."""
    return {
        start.astimezone(UTC): (key, position)
        for key, block in blocks.items()
        for position, start in enumerate(block.starts())
    }


def profile_rows(document: Document, section: str, part: str) -> Iterator[tuple[str, str, Any]]:
    """(record, period_start as ISO text, value) of every value of a profile that stands on a period."""
    blocks = blocks_of(document)
    starts = {key: [start.isoformat() for start in block.starts()] for key, block in blocks.items()}
    for record_id, record in records(document, section).items():
        profiles = record.get(part)
        if not isinstance(profiles, dict):
            continue
        for block_id, times in starts.items():
            values = profiles.get(block_id)
            if isinstance(values, list | tuple):
                yield from ((record_id, time, value) for time, value in zip(times, values, strict=False))


def section_of(document: Document, section: str) -> dict[str, Any]:
    """The section itself (``sites``, ``policy.contingencies``), to write into; what is no section is replaced by an
    empty one."""
    found = document
    for name in section.split("."):
        below = found.get(name)
        if not isinstance(below, dict):
            below = found[name] = {}
        found = below
    return found


def records(document: Document, section: str) -> dict[str, dict[str, Any]]:
    """Records of a section that are records at all (a document may be unfinished)."""
    found: Any = document
    for name in section.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, dict)}
