"""Profiles: one value per period of a block. What is not a number stays as it is, to be mended by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
from pydantic import ValidationError
from pydantic_core import to_json

from hybridplan.domain import Block
from hybridplan.ui.editors.rows import Document, section

Values = list[Any]
Field = Literal["demand_units_per_hour", "up_share"]

HOURS_PER_DAY: Final = 24.0
_PLACES: Final = {"demand_units_per_hour": "workloads", "up_share": "pools"}


@dataclass(frozen=True)
class Place:
    """Where a profile stands: of which record, which field, in which block."""

    field: Field
    record: str
    block: str

    @property
    def section(self) -> str:
        """The section of the record."""
        return _PLACES[self.field]

    def in_block(self, block: str) -> Place:
        """The same field of the same record in another block."""
        return replace(self, block=block)

    @property
    def path(self) -> str:
        """As issues name it."""
        return f"{self.section}.{self.record}.{self.field}.{self.block}"


@dataclass(frozen=True)
class Misfit:
    """A profile with more or fewer values than its block has periods."""

    place: Place
    values: int
    periods: int


def values_at(document: Document, place: Place) -> Values:
    """The values as typed; empty where there is no profile."""
    record = section(document, place.section).get(place.record)
    found = section(record, place.field).get(place.block) if isinstance(record, dict) else None
    return list(found) if isinstance(found, list | tuple) else []


def with_values(document: Document, place: Place, values: Sequence[Any]) -> Document:
    """The document with this profile in place of the old one."""
    records = section(document, place.section)
    record = dict(records[place.record])
    record[place.field] = {**section(record, place.field), place.block: list(values)}
    return {**document, place.section: {**records, place.record: record}}


def without_values(document: Document, place: Place) -> Document:
    """The document without this profile."""
    records = section(document, place.section)
    record = dict(records[place.record])
    record[place.field] = {key: value for key, value in section(record, place.field).items() if key != place.block}
    return {**document, place.section: {**records, place.record: record}}


def block_at(document: Document, block: str) -> Block | None:
    """The block as a record; None where its fields are invalid."""
    try:
        return Block.model_validate_json(to_json(section(document, "horizon.blocks").get(block)), strict=True)
    except ValidationError:
        return None


def misfits(document: Document) -> list[Misfit]:
    """Every profile whose length is not the number of periods of its block."""
    periods = {key: block.periods for key in section(document, "horizon.blocks") if (block := block_at(document, key))}
    out = []
    for place in places(document):
        count = len(values_at(document, place))
        if place.block in periods and count != periods[place.block]:
            out.append(Misfit(place, count, periods[place.block]))
    return out


def fitted(document: Document, found: Sequence[Misfit]) -> Document:
    """Profiles that are too short repeated from their start, those too long cut at their end."""
    for misfit in found:
        values = repeated(values_at(document, misfit.place), misfit.periods)
        document = with_values(document, misfit.place, values)
    return document


def repeated(values: Sequence[Any], periods: int) -> Values:
    """``values`` from the start again and again, cut at ``periods``; nothing where there is nothing to repeat."""
    return [values[i % len(values)] for i in range(periods)] if values else []


def scaled(values: Sequence[Any], factor: float) -> Values:
    """Every number times ``factor``, to 10 significant digits, so that 3 x 1.1 is 3.3."""
    return [_tidy(value * factor) if _is_number(value) else value for value in values]


def shifted(values: Sequence[Any], periods: int) -> Values:
    """Everything ``periods`` later (earlier where negative); what falls off one end comes in at the other."""
    if not values:
        return []
    cut = -periods % len(values)
    return [*values[cut:], *values[:cut]]


def day_repeated(values: Sequence[Any], day: int, period_hours: float) -> Values:
    """Day number ``day`` (from 1) on every day. Raises :class:`ValueError` where that is no whole run of periods."""
    per_day = HOURS_PER_DAY / period_hours
    if per_day != int(per_day):
        raise ValueError(f"a day is no whole number of periods of {period_hours:g} hours")
    first = (day - 1) * int(per_day)
    pattern = values[first : first + int(per_day)]
    if len(pattern) < per_day:
        raise ValueError(f"there is no complete day {day}")
    return repeated(pattern, len(values))


def shaped(hourly: Sequence[float], periods: int, period_hours: float, mean: float) -> Values:
    """The shape of an hourly series, repeated over the periods and scaled so that their mean is ``mean``."""
    width = max(1, round(period_hours))
    raw = [sum(hourly[(int(i * period_hours) + j) % len(hourly)] for j in range(width)) / width for i in range(periods)]
    total = sum(raw)
    return [_tidy(value * mean * periods / total) if total else 0.0 for value in raw]


def starts(document: Document, block: str, periods: int) -> list[str]:
    """A name for each period: its number, and its start where the block is valid."""
    found = block_at(document, block)
    moments = clock(document, found)[0] if found else []
    width = len(str(periods))
    return [
        f"{i + 1:0{width}d}" + (f"  {moments[i]:%a %d %b %H:%M}" if i < len(moments) else "") for i in range(periods)
    ]


def clock(document: Document, block: Block) -> tuple[list[pd.Timestamp], str]:
    """Starts of the periods as local time, at the offset in force when the block starts, and the clock's name."""
    try:
        zone = ZoneInfo(str(section(document, "horizon").get("time_zone", "UTC")))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    first = block.start.astimezone(zone)
    is_steady = first.utcoffset() == block.end.astimezone(zone).utcoffset()
    step = pd.Timedelta(hours=block.period_hours)
    begin = pd.Timestamp(first.replace(tzinfo=None))
    return [begin + step * i for i in range(block.periods)], zone.key if is_steady else f"UTC{first:%z}"


def mean_and_peak(values: Sequence[Any]) -> tuple[float, float]:
    """Mean and largest of the numbers; zeros where there are none."""
    numbers = [float(value) for value in values if _is_number(value) and not math.isnan(value)]
    return (sum(numbers) / len(numbers), max(numbers)) if numbers else (0.0, 0.0)


def numbers_of(values: Sequence[Any]) -> list[float]:
    """The values as numbers; NaN for what is none."""
    return [float(value) if _is_number(value) else float("nan") for value in values]


def places(document: Document) -> Iterator[Place]:
    """Where every profile of the document stands, of demand and of maintenance."""
    fields: tuple[Field, ...] = ("demand_units_per_hour", "up_share")
    for field in fields:
        for record_id, record in section(document, _PLACES[field]).items():
            if isinstance(record, dict):
                for block in section(record, field):
                    yield Place(field, record_id, block)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tidy(value: float) -> float:
    return float(f"{value:.10g}")
