"""Maintenance as rows: each run of periods in which not all of a pool is up; and back into the profiles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hybridplan.domain import Block
from hybridplan.errors import Issue
from hybridplan.ui.editors.cells import MISSING, text_of
from hybridplan.ui.editors.profiles import Place, Values, block_at, values_at, with_values, without_values
from hybridplan.ui.editors.rows import Document, section

FIELDS: Final = ("pool", "from", "to", "up_share")
Record = dict[str, Any]
Records = dict[str, Record]
"""Rows by id: pool, from and to as ISO 8601 text, share as typed. A row that is not complete lacks fields."""


@dataclass(frozen=True)
class Run:
    """Where a row stands in the profile of its pool: positions by block, and the value in all of them."""

    pool: str
    places: dict[str, range]
    value: Any


def blocks_of(document: Document) -> dict[str, Block]:
    """The blocks that can be read, by start."""
    found = {key: block for key in section(document, "horizon.blocks") if (block := block_at(document, key))}
    return dict(sorted(found.items(), key=lambda item: (item[1].start, item[0])))


def records_of(document: Document) -> Records:
    """The profiles as rows: pools in their order, blocks by start, and each run of equal values that are not 1."""
    zone, blocks = _zone(document), blocks_of(document)
    found: list[Record] = []
    for pool in _pools(document):
        for block_id, block in blocks.items():
            for run, value in _runs(values_at(document, Place("up_share", pool, block_id))[: block.periods]):
                start, end = (_moment(block, at).astimezone(zone).isoformat() for at in (run.start, run.stop))
                found.append({"pool": pool, "from": start, "to": end, "up_share": value})
    return {f"m{number}": record for number, record in enumerate(found, start=1)}


def written(document: Document, records: Mapping[str, Record]) -> tuple[Document, dict[str, Issue]]:
    """The document with these rows as its profiles, and for each row that stands in none of them the reason.

    A profile whose rows say what it says already stays exactly as it is. Of two rows that overlap the first counts.
    """
    blocks, before = blocks_of(document), _by_place(_placed(document, records_of(document))[0])
    runs, faults = _placed(document, records)
    wanted = _by_place(runs)
    for place in dict.fromkeys([*before, *wanted]):
        if before.get(place) != wanted.get(place):
            document = _with_runs(document, place, blocks[place.block], wanted.get(place, {}))
    return document, faults


def _by_place(runs: Sequence[Run]) -> dict[Place, dict[int, Any]]:
    """Values by position of each profile that is not 1 everywhere."""
    found: dict[Place, dict[int, Any]] = {}
    for run in runs:
        for block_id, positions in run.places.items():
            found.setdefault(Place("up_share", run.pool, block_id), {}).update(dict.fromkeys(positions, run.value))
    return found


def row_at(document: Document, records: Mapping[str, Record], pool: str, rest: str) -> int:
    """The number of the row (from 1) that an issue at ``.block.position`` of a pool's profiles is about; 0 for none."""
    block_id, _, position = rest.removeprefix(".").rpartition(".")
    block = blocks_of(document).get(block_id)
    if block is None or not position.isdigit():
        return 0
    moment = _moment(block, int(position))
    for number, record in enumerate(records.values(), start=1):
        start, end = _time(record.get("from")), _time(record.get("to"))
        if record.get("pool") == pool and start and end and start <= moment < end:
            return number
    return 0


def _placed(document: Document, records: Mapping[str, Record]) -> tuple[list[Run], dict[str, Issue]]:
    blocks, runs, faults = blocks_of(document), [], {}
    taken: dict[tuple[str, str, int], str] = {}
    numbers = {name: number for number, name in enumerate(records, start=1)}
    for name, record in records.items():
        run = _run(document, blocks, record)
        if isinstance(run, Issue):
            faults[name] = run
            continue
        cells = [(run.pool, block, at) for block, positions in run.places.items() for at in positions]
        other = next((taken[cell] for cell in cells if cell in taken), None)
        if other is not None:
            mend = "Let one row end where the other begins, or remove one."
            text = f"overlaps row {numbers[other]} of the same pool"
            faults[name] = Issue("from", text, text_of(record["from"]), mend=mend)
            continue
        taken |= dict.fromkeys(cells, name)
        runs.append(run)
    return runs, faults


def _run(document: Document, blocks: Mapping[str, Block], record: Record) -> Run | Issue:
    """Where a row stands, or why it stands nowhere."""
    for field in FIELDS:
        if record.get(field, MISSING) is MISSING:
            return Issue(field, "is empty", mend="Fill it in.")
    if record["pool"] not in _pools(document):
        mend = "Add the pool, or choose another."
        return Issue("pool", "there is no pool with this id", text_of(record["pool"]), mend=mend)
    moments: list[datetime] = []
    for field in ("from", "to"):
        moment = _time(record[field])
        if moment is None:
            mend = "Write e.g. 2026-06-01T00:00+02:00."
            return Issue(field, "is no time", text_of(record[field]), mend=mend)
        moments.append(moment)
    start, end = moments
    if end <= start:
        return Issue("to", "must be later than the start", text_of(record["to"]))
    for field, moment, is_end in (("from", start, False), ("to", end, True)):
        fault = _off(document, blocks, moment, is_end=is_end)
        if fault:
            return Issue(field, fault[0], text_of(record[field]), mend=fault[1])
    places = {key: found for key, block in blocks.items() if (found := _positions(block, start, end))}
    hours = sum(len(found) * blocks[key].period_hours for key, found in places.items())
    if abs(hours - (end - start).total_seconds() / 3600) > 1e-6:
        mend = "Give each block a row of its own."
        return Issue("to", "there is time between two blocks in it, which is not planned", mend=mend)
    return Run(record["pool"], places, record["up_share"])


def _off(document: Document, blocks: Mapping[str, Block], moment: datetime, *, is_end: bool) -> tuple[str, str] | None:
    """What is wrong with an end of a row, and its mend; None where a period begins (or ends) there."""
    zone = _zone(document)
    for block in blocks.values():
        at = (moment - block.start).total_seconds() / 3600 / block.period_hours
        if abs(at - round(at)) < 1e-6 and 0 <= round(at) - is_end < block.periods:
            return None
        if 0 < at < block.periods:
            near = [_moment(block, place).astimezone(zone) for place in (int(at), int(at) + 1)]
            times = " or ".join(one.isoformat() for one in near)
            return f"is inside a period of {block.period_hours:g} h", f"Write {times}."
    if not blocks:
        return "there is no block to put it in", "Add a block to the horizon."
    spans = [
        f"{key} from {block.start.astimezone(zone).isoformat()} to {block.end.astimezone(zone).isoformat()}"
        for key, block in blocks.items()
    ]
    return "is outside the blocks of the horizon", f"Keep within a block: {'; '.join(spans[:4])}."


def _positions(block: Block, start: datetime, end: datetime) -> range:
    """The periods of a block that lie in [start, end), whose ends are ends of periods."""
    first, last = (round((at - block.start).total_seconds() / 3600 / block.period_hours, 6) for at in (start, end))
    return range(max(0, round(first)), min(block.periods, round(last)))


def _with_runs(document: Document, place: Place, block: Block, wanted: Mapping[int, Any]) -> Document:
    """The document with these values in a profile and 1 elsewhere in it; what is equal already is left alone."""
    old = values_at(document, place)
    length = max(len(old), max(wanted, default=-1) + 1) if old else block.periods
    values = [*old, *[1] * (length - len(old))]
    for at in range(min(length, block.periods)):
        value = wanted.get(at, 1)
        if values[at] != value:
            values[at] = value
    if all(_is_up(value) for value in values) and len(values) == block.periods:
        return _without(document, place)
    return with_values(document, place, values)


def _without(document: Document, place: Place) -> Document:
    """No profile means that all is up; a pool without any loses the field."""
    document = without_values(document, place)
    pools = section(document, "pools")
    if pools[place.record]["up_share"]:
        return document
    record = {key: value for key, value in pools[place.record].items() if key != "up_share"}
    return {**document, "pools": {**pools, place.record: record}}


def _runs(values: Values) -> Iterator[tuple[range, Any]]:
    """Runs of equal values other than 1; text and numbers that look alike are not equal."""
    at = 0
    for _, group in groupby(values, key=lambda value: value if _is_number(value) else repr(value)):
        run = list(group)
        if not _is_up(run[0]):
            yield range(at, at + len(run)), run[0]
        at += len(run)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_up(value: Any) -> bool:
    return _is_number(value) and value == 1


def _pools(document: Document) -> list[str]:
    return [key for key, pool in section(document, "pools").items() if isinstance(pool, dict)]


def _moment(block: Block, at: int) -> datetime:
    return block.start.astimezone(UTC) + timedelta(hours=block.period_hours * at)


def _time(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _zone(document: Document) -> ZoneInfo:
    try:
        return ZoneInfo(str(section(document, "horizon").get("time_zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
