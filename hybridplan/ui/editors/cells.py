"""Between a value of a document and the text of a cell. What cannot be read stays as typed, and is listed."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hybridplan.ui.editors.columns import Column

_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}", re.ASCII)
"""Commas that can only be thousands: a point follows, or there are two. ``1,234`` alone could be 1.234 in German."""
_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)
_LONGEST_NUMBER: Final = 40


class Missing:
    """The field is not in the record."""


MISSING: Final = Missing()


def text_of(value: Any) -> str:
    """A value of a document as the text of a cell, exact; "" for nothing."""
    if value is None or isinstance(value, Missing) or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = repr(value)
        return text.removesuffix(".0")
    if isinstance(value, list | tuple):
        return ", ".join(text_of(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value)


def cell_of(column: Column, value: Any) -> Any:
    """What a cell shows: a truth value for flags, else text; None where empty. Absent fields show their default."""
    shown = column.default if isinstance(value, Missing) else value
    if column.kind == "flag":
        return bool(shown)
    return text_of(shown) or None


def value_of(column: Column, cell: Any, zone: str = "UTC") -> Any:
    """The value that a cell means, or :data:`MISSING` where it is empty; text that cannot be read stays text."""
    if column.kind == "flag":
        return bool(cell) if isinstance(cell, bool) or text_of(cell) else MISSING
    text = text_of(cell).strip()
    if not text:
        return MISSING
    if column.kind in ("number", "share"):
        return number(text, is_share=column.kind == "share")
    if column.kind == "list":
        return [part for item in re.split(r"[,;\n]", text) if (part := item.strip())]
    if column.kind == "time":
        return time(text, zone)
    return text


def number(text: str, *, is_share: bool = False) -> int | float | str:
    """A number written with '.' as the decimal sign; the text itself where it is none, or could mean two numbers.

    A leading $, a trailing USD and commas that can only be thousands are understood; for shares also ``5%``.
    """
    bare = text.strip().replace("\u00a0", " ").removeprefix("$").removesuffix("USD").strip()
    percent = is_share and bare.endswith("%")
    bare = bare.removesuffix("%").strip() if percent else bare
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if len(bare) > _LONGEST_NUMBER or not _PLAIN.fullmatch(bare):
        return text
    value: int | float = int(bare) if _WHOLE.fullmatch(bare) else float(bare)
    if not math.isfinite(value):
        return text
    return value / 100 if percent else value


def time(text: str, zone: str) -> str:
    """ISO 8601 with an offset; a time without one is taken in ``zone``. The text itself where it is no time."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, KeyError, OSError):
        return text
    return moment.isoformat()
