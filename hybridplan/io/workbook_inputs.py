"""The inputs of a workbook: one sheet per form, and one for the fields that no form carries."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo

from hybridplan.domain import Scenario
from hybridplan.domain.record import Record
from hybridplan.io import forms
from hybridplan.io.forms import Form
from hybridplan.io.forms.columns import LIST_SEPARATOR, Column, kind_of
from hybridplan.io.workbook_text import MAX_CELL, encode, is_exact

PREFIX: Final = "Input "
OTHER: Final = f"{PREFIX}other"
OTHER_HEADER: Final = ("field", "value")
_PLAIN_KEY: Final = re.compile(r"[^.\"]+")
_KEY: Final = re.compile(r'"([^"]*)"|([^."]+)')

Path = tuple[str, ...]


class InputSheet(NamedTuple):
    """Title, header and rows of cells: text, numbers, booleans, None where a field is at its default."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def title_of(form: Form) -> str:
    """Name of the sheet of a form."""
    return f"{PREFIX}{form.name}"


def input_sheets(scenario: Scenario) -> Iterator[InputSheet]:
    """Every input sheet. Read back by :mod:`hybridplan.io.workbook_scenario` they are the same scenario."""
    document = scenario.to_dict()
    for form in forms.FORMS:
        _, rows = forms.to_values(document, form.name)
        if any(column.kind == "list" for column in form.columns):
            yield InputSheet(title_of(form), *_with_lists(form, list(rows)))
        else:
            yield InputSheet(title_of(form), form.header, (list(map(_cell, row)) for row in rows))
    yield InputSheet(OTHER, OTHER_HEADER, ((path, _cell(value)) for path, value in _others(document)))


def _with_lists(form: Form, rows: list[Sequence[Any]]) -> tuple[list[str], list[list[Any]]]:
    """A list that no cell holds goes on in further columns: ``attributes``, ``attributes (2)`` and so on."""
    header: list[str] = []
    cells: list[list[Any]] = [[] for _ in rows]
    lists = {column.name for column in form.columns if column.kind == "list"}
    for position, name in enumerate(form.header):
        values = [_pieces(row[position]) if name in lists else [_cell(row[position])] for row in rows]
        width = max(map(len, values), default=1)
        header += [name, *(f"{name} ({number})" for number in range(2, width + 1))]
        for row, value in zip(cells, values, strict=True):
            row += value + [None] * (width - len(value))
    return header, cells


def _pieces(items: Sequence[str] | None) -> list[str | None]:
    """The items joined with |, in as many pieces as it takes."""
    pieces: list[str] = []
    for item in items or ():
        if pieces and len(pieces[-1]) + len(item) < MAX_CELL:
            pieces[-1] += LIST_SEPARATOR + item
        else:
            pieces.append(item)
    return [*pieces] or [None]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return encode(value)
    return value if not isinstance(value, float) or is_exact(value) else repr(value)


def _others(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(field, value) of all that no form carries: name, horizon, policy, finance, currency."""
    return _leaves((), document, {tuple(form.section.split(".")) for form in forms.FORMS})


def _leaves(path: Path, value: Any, carried: Container[Path]) -> Iterator[tuple[str, Any]]:
    if path in carried:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves((*path, name), inner, carried)
    else:
        yield join(path), value


def join(path: Path) -> str:
    """``horizon.blocks.week.start``; an id with a dot stands in double quotes: ``horizon.blocks."w.1".start``."""
    return ".".join(key if _PLAIN_KEY.fullmatch(key) else json.dumps(key) for key in path)


def split(text: str) -> Path | None:
    """The path of a field's name; None where it is none."""
    keys = []
    position = 0
    while True:
        match = _KEY.match(text, position)
        if match is None:
            return None
        keys.append(match[2] if match[1] is None else match[1])
        position = match.end()
        if position == len(text):
            return tuple(keys)
        if text[position] != ".":
            return None
        position += 1


@lru_cache(maxsize=1)
def other_fields() -> dict[Path, Column]:
    """How each field of the sheet is read, by path; ``*`` stands for any id.

    Failures to survive have a sheet of their own; workbooks of before have them here, and are still read.
    """
    carried = {form.section for form in forms.FORMS}
    fields = {name: info for name, info in Scenario.model_fields.items() if name not in carried}
    return dict(_fields_of((), fields))


def field_at(path: Path) -> Column | None:
    """The field at a path, None where there is none."""
    for pattern, column in other_fields().items():
        if len(pattern) == len(path) and all(part in ("*", key) for part, key in zip(pattern, path, strict=True)):
            return column
    return None


def _fields_of(path: Path, fields: dict[str, FieldInfo]) -> Iterator[tuple[Path, Column]]:
    for name, info in fields.items():
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        yield from _fields_at((*path, name), info.annotation, default)


def _fields_at(path: Path, annotation: Any, default: Any) -> Iterator[tuple[Path, Column]]:
    if get_origin(annotation) is dict:
        yield from _fields_at((*path, "*"), get_args(annotation)[1], None)
        return
    record = _record_in(annotation)
    if record is not None:
        yield from _fields_of(path, record.model_fields)
    elif get_args(annotation) and all(isinstance(part, int) for part in get_args(annotation)):
        yield path, Column(path[-1], "integer")
    else:
        yield path, Column(path[-1], kind_of(annotation)[0], default=default)


def _record_in(annotation: Any) -> type[Record] | None:
    """The record that an annotation is, or may be (``Budget | None``)."""
    candidates = [annotation, *get_args(annotation)]
    return next((part for part in candidates if isinstance(part, type) and issubclass(part, Record)), None)
