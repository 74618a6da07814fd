"""Times from text: ISO 8601; without an offset only where a time zone was chosen, and never a guessed one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_ISO: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<clock>\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?"
    r"\s?(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(20\d{2})-?([01]\d)(?:-?([0-3]\d))?(?!\d)", re.ASCII)


@lru_cache(maxsize=65536)
def parse_time(text: str, zone: str | None = None) -> datetime | str:
    """An instant, in the offset that was written; or the reason why ``text`` is none.

    ``zone`` is the IANA zone of times without offset; None refuses them. A local time that the zone skips or repeats
    (change of the clocks) is refused, since it names no one instant.
    """
    match = _ISO.fullmatch(text.strip())
    if match is None:
        return "is not a time like 2026-06-01T00:00:00+02:00 (ISO 8601)" if text.strip() else "is empty"
    clock, offset = match["clock"] or "00:00", match["offset"]
    naive = _naive(f"{match['day']}T{clock[:15].replace(',', '.')}")
    if naive is None:
        return "is not a date of the calendar"
    if offset:
        return _with_offset(naive, offset)
    if zone is None:
        return "has no offset from UTC; write it like 2026-06-01T00:00:00+02:00"
    return _in_zone(naive, zone)


def is_naive(text: str) -> bool:
    """True for a time that is written without an offset."""
    cell = text.rstrip()
    # An offset ends in Z, in UTC, or has its sign where a date has none.
    return bool(cell) and cell[-1] not in "ZC" and not ({"+", "-"} & set(cell[11:]))


def zone_fault(zone: str) -> str | None:
    """Why ``zone`` is no time zone; None where it is one."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return f"{zone!r} is not a known time zone; use an IANA name such as Europe/Berlin"
    return None


def date_in_name(name: str) -> date | None:
    """The date in a file name such as ``prices_2026-05-20.csv``; the first of the month where it names only a month."""
    for match in _DATE_IN_NAME.finditer(name):
        try:
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            continue
    return None


def _naive(text: str) -> datetime | None:
    head, dot, fraction = text.partition(".")
    try:
        return datetime.fromisoformat(head + dot + fraction.ljust(6, "0")[:6] if dot else head)
    except ValueError:
        return None


def _with_offset(naive: datetime, offset: str) -> datetime | str:
    sign = offset if offset not in {"Z", "UTC"} else "+00:00"
    try:
        moment = datetime.fromisoformat(naive.isoformat() + sign)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return "has an impossible offset from UTC"
    return moment


def _in_zone(naive: datetime, zone: str) -> datetime | str:
    if zone == "UTC":
        return naive.replace(tzinfo=UTC)
    moment = naive.replace(tzinfo=ZoneInfo(zone))
    try:
        back = moment.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        later = moment.replace(fold=1).utcoffset()
    except OverflowError:
        return "is out of range"
    if back != naive:
        return f"does not exist in {zone} (the clocks skip it)"
    if later != moment.utcoffset():
        return f"occurs twice in {zone} (the clocks go back); add its offset from UTC"
    return moment


def hour_of(moment: datetime) -> datetime:
    """Start of the hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def iso(moment: datetime) -> str:
    """ISO text in UTC."""
    return moment.astimezone(UTC).isoformat()


HOUR: Final = timedelta(hours=1)
EPOCH_OF_RELATIVE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the start of a trace that counts seconds from its own, unknown start."""
