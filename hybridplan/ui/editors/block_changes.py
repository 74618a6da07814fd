"""Blocks of a document: one more like another, filled from another, or removed, with all that stands on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from hybridplan.domain.record import Identifier
from hybridplan.errors import InvalidInput, Issue
from hybridplan.ui.editors.profiles import block_at, places, values_at, with_values, without_values
from hybridplan.ui.editors.rows import Document, section

FACTORS: Final = ("weight", "demand_factor", "price_factor")
_ID: TypeAdapter[str] = TypeAdapter(Identifier)
_LONGEST_ID: Final = 80


def free_id(document: Document, block: str) -> str:
    """``block-2``, ``block-3``, ...: the first that is not taken."""
    taken = section(document, "horizon.blocks")
    return next(name for n in range(2, len(taken) + 3) if (name := f"{block[:74]}-{n}") not in taken)


def later(document: Document, text: Any, days: int) -> Any:
    """A time ``days`` later on the clock of the horizon's time zone; what is no time stays as it is."""
    try:
        return _on_clock(document, datetime.fromisoformat(text), timedelta(days=days)).isoformat()
    except (TypeError, ValueError, OverflowError):
        return text


def added(document: Document, source: str, new: str, fields: Mapping[str, Any]) -> Document:
    """The document with ``source`` once more as the block ``new``: profiles, windows and maintenance come along.

    ``fields``: start (ISO 8601), label, weight, demand_factor and price_factor of the new block; those not given are
    those of the source. Windows keep their place in the block by the local clock. Raises :class:`InvalidInput` for an
    id that is taken or no id, a time that is none, a block that overlaps another, and factors of 0 or less.
    """
    blocks = section(document, "horizon.blocks")
    record = {**blocks[source], **{key: value for key, value in fields.items() if value is not None}}
    grown = {**document, "horizon": {**section(document, "horizon"), "blocks": {**blocks, new: record}}}
    _check_new(document, grown, new, record)
    return filled(grown, source, new)


def filled(document: Document, source: str, target: str) -> Document:
    """The document with profiles and windows of ``target`` replaced by those of ``source``, where that has some.

    Raises :class:`InvalidInput` where the two blocks differ in their periods: nothing is filled up or cut.
    """
    first, second = block_at(document, source), block_at(document, target)
    if first is None or second is None:
        name = source if first is None else target
        raise InvalidInput([Issue(f"horizon.blocks.{name}", "cannot be read", mend="Mend its start and periods.")])
    if (first.periods, first.period_hours) != (second.periods, second.period_hours):
        found = [f"{one.periods} periods of {one.period_hours:g} hours" for one in (first, second)]
        mend = "Give both as many periods of the same length."
        raise InvalidInput(
            [Issue(f"horizon.blocks.{target}", f"differs from {source} ({found[0]})", found[1], "", mend)]
        )
    out = document
    for place in places(document):
        if place.block == source:
            out = with_values(out, place.in_block(target), values_at(document, place))
    shift = _wall(document, second.start) - _wall(document, first.start)
    end = second.end
    works = {
        key: _with_windows(document, work, source, target, shift, end)
        for key, work in section(out, "workloads").items()
    }
    return {**out, "workloads": works}


def removed(document: Document, block: str) -> Document:
    """The document without this block, its profiles and its windows."""
    blocks = {key: value for key, value in section(document, "horizon.blocks").items() if key != block}
    out = {**document, "horizon": {**section(document, "horizon"), "blocks": blocks}}
    for place in places(document):
        if place.block == block:
            out = without_values(out, place)
    works = {key: _without_windows(work, block) for key, work in section(out, "workloads").items()}
    return {**out, "workloads": works}


def _check_new(document: Document, grown: Document, new: str, record: Mapping[str, Any]) -> None:
    path, issues = f"horizon.blocks.{new}", list[Issue]()
    try:
        _ID.validate_python(new, strict=True)
    except ValidationError:
        mend = "Use letters, digits and . _ : > - only, at most 80, a letter or digit first."
        issues.append(Issue("horizon.blocks", "is no id of a block", new, mend=mend))
    if new in section(document, "horizon.blocks"):
        issues.append(Issue(path, "there is a block with this id already", new, mend="Choose another id."))
    for name in FACTORS:
        value = record.get(name, 1)
        if not isinstance(value, int | float) or not value > 0:
            issues.append(Issue(f"{path}.{name}", "must be above 0", str(value)))
    block = block_at(grown, new)
    if block is None and not issues:
        mend = "Write 2027-03-01T00:00+01:00, with the offset from UTC."
        issues.append(
            Issue(f"{path}.start", "is no time, or outside of 1900 to 2200", str(record.get("start")), "", mend)
        )
    for key in section(document, "horizon.blocks") if block else ():
        other = block_at(document, key)
        if block and other and block.start < other.end and other.start < block.end:
            when = " to ".join(one.astimezone(_zone(document)).isoformat() for one in (other.start, other.end))
            issues.append(
                Issue(f"{path}.start", f"overlaps block {key} ({when})", block.start.isoformat(), "", "Move it.")
            )
    if issues:
        raise InvalidInput(issues)


def _with_windows(document: Document, work: Any, source: str, target: str, shift: timedelta, end: datetime) -> Any:
    windows = section(work, "windows") if isinstance(work, dict) else {}
    mine = {k: v for k, v in windows.items() if isinstance(v, dict) and v.get("block") == source}
    if not mine:
        return work
    kept = {k: v for k, v in windows.items() if not (isinstance(v, dict) and v.get("block") == target)}
    copies = {}
    for key, one in mine.items():
        name = f"{key[: _LONGEST_ID - 1 - len(target)]}-{target}"
        moved = {edge: _moved(document, one.get(edge), shift, end) for edge in ("start", "end")}
        copies[name] = {**one, "block": target, **moved}
    return {**work, "windows": {**kept, **copies}}


def _moved(document: Document, text: Any, shift: timedelta, end: datetime) -> Any:
    """A time of a window in its new block, at most the block's end: clocks may change inside one of the two."""
    try:
        moment = _on_clock(document, datetime.fromisoformat(text), shift)
        return min(moment, end.astimezone(moment.tzinfo)).isoformat()
    except (TypeError, ValueError, OverflowError):
        return text


def _without_windows(work: Any, block: str) -> Any:
    windows = section(work, "windows") if isinstance(work, dict) else {}
    kept = {k: v for k, v in windows.items() if not (isinstance(v, dict) and v.get("block") == block)}
    return work if len(kept) == len(windows) else {**work, "windows": kept}


def _on_clock(document: Document, moment: datetime, by: timedelta) -> datetime:
    """A moment moved on the local clock. In a zone that is UTC the offset that was written stays."""
    zone = _zone(document)
    if zone.key == "UTC":
        return moment + by
    return (_wall(document, moment) + by).replace(tzinfo=zone)


def _wall(document: Document, moment: datetime) -> datetime:
    return moment.astimezone(_zone(document)).replace(tzinfo=None)


def _zone(document: Document) -> ZoneInfo:
    try:
        return ZoneInfo(str(section(document, "horizon").get("time_zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
