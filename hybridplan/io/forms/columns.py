"""Columns of our own forms: derived from the records' fields, so that a form can never lag behind the scenario."""

from __future__ import annotations

import re
import types
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from hybridplan.domain.record import Record
from hybridplan.io.cells import guard, restore
from hybridplan.io.numbers import Decimal, parse_number
from hybridplan.io.times import parse_time

CellKind = Literal["text", "number", "integer", "boolean", "date", "time", "list"]

LIST_SEPARATOR: Final = "|"
_EMPTY_TEXT: Final = "'"
"""Stands for text that is empty on purpose, where an empty cell would mean the default."""
_WHOLE: Final = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_BOOLEANS: Final = {"true": True, "false": False}
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Column:
    """One column of a form: the field's name, how its cell is read, and whether it must be filled."""

    name: str
    kind: CellKind
    required: bool = False
    choices: tuple[str, ...] = ()
    default: Any = None

    def write(self, value: Any) -> str:
        """The cell of a JSON value (None: empty)."""
        if value is None:
            return ""
        if self.kind == "list" and isinstance(value, list | tuple):
            return guard(LIST_SEPARATOR.join(str(item) for item in value))
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return repr(value)
        text = str(value)
        return guard(text) if text or not self.default else _EMPTY_TEXT

    def read(self, cell: str, decimal: Decimal = ".") -> tuple[Any, str]:
        """(JSON value, "") of a cell, or (None, reason). An empty cell is None: the default."""
        if cell == "" or (self.kind != "text" and not cell.strip()):
            return None, ""
        if self.kind == "text":
            return ("" if cell == _EMPTY_TEXT else restore(cell)), ""
        return _READERS[self.kind](restore(cell.strip()), decimal)


@lru_cache(maxsize=32)
def columns_of(model: type[Record], without: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """A column for each field of a record, except those that other forms carry."""
    columns = []
    for name, info in model.model_fields.items():
        if name in without:
            continue
        kind, choices = kind_of(info.annotation)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        columns.append(Column(name, kind, info.is_required(), choices, default))
    return tuple(columns)


def kind_of(annotation: Any) -> tuple[CellKind, tuple[str, ...]]:
    """How the cell of a field of this type is read, and the texts that it may hold ((): any)."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return kind_of(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return kind_of(next(part for part in get_args(annotation) if part is not type(None)))
    if origin is Literal:
        return "text", tuple(str(choice) for choice in get_args(annotation))
    if origin is tuple:
        return "list", ()
    if annotation.__name__ == "AwareDatetime" or annotation is datetime:
        return "time", ()
    kinds: dict[Any, CellKind] = {bool: "boolean", int: "integer", float: "number", date: "date", str: "text"}
    return kinds[annotation], ()


def _read_number(cell: str, decimal: Decimal) -> tuple[Any, str]:
    value = parse_number(cell, decimal)
    return (None, value) if isinstance(value, str) else (value, "")


def _read_integer(cell: str, decimal: Decimal) -> tuple[Any, str]:
    return (int(cell), "") if _WHOLE.fullmatch(cell) else (None, "is not a whole number")


def _read_boolean(cell: str, decimal: Decimal) -> tuple[Any, str]:
    value = _BOOLEANS.get(cell.casefold())
    return (None, "is neither true nor false") if value is None else (value, "")


def _read_date(cell: str, decimal: Decimal) -> tuple[Any, str]:
    if not _DATE.fullmatch(cell):
        return None, "is not a date like 2026-06-01 (ISO 8601)"
    try:
        return date.fromisoformat(cell).isoformat(), ""
    except ValueError:
        return None, "is not a date of the calendar"


def _read_time(cell: str, decimal: Decimal) -> tuple[Any, str]:
    moment = parse_time(cell)
    return (None, moment) if isinstance(moment, str) else (moment.isoformat(), "")


def _read_list(cell: str, decimal: Decimal) -> tuple[Any, str]:
    return [item.strip() for item in cell.split(LIST_SEPARATOR) if item.strip()], ""


_READERS: Final = {
    "number": _read_number,
    "integer": _read_integer,
    "boolean": _read_boolean,
    "date": _read_date,
    "time": _read_time,
    "list": _read_list,
}
