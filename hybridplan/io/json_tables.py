"""Tables in JSON: a list of records, columns of equal length, JSON lines. Values become text as in a CSV file."""

from __future__ import annotations

import json
from typing import Any, Final

from hybridplan.io import strict_json
from hybridplan.io.decode import FileFault

Line = tuple[int, list[str]]
_MAX_UNWRAP: Final = 3


def parse(text: str) -> Any:
    """The JSON values of a text. Raises :class:`FileFault`."""
    try:
        return strict_json.loads(text)
    except strict_json.JsonFault as fault:
        raise FileFault(f"cannot be read as JSON: {fault}") from fault


def is_lines(text: str) -> bool:
    """True for JSON lines: the first line is a whole object, and something follows it."""
    first, _, rest = text.lstrip().partition("\n")
    if not rest.strip() or not first.strip().startswith("{"):
        return False
    try:
        return isinstance(strict_json.loads(first), dict)
    except strict_json.JsonFault:
        return False


def from_lines(text: str) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str, str]]]:
    """Objects by line number, and the lines that are none: (line, text, reason)."""
    found: list[tuple[int, dict[str, Any]]] = []
    bad: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = strict_json.loads(line)
        except strict_json.JsonFault as fault:
            bad.append((number, line[:80], f"cannot be read as JSON: {fault}".replace("line 1, ", "")))
            continue
        if isinstance(value, dict):
            found.append((number, value))
        else:
            bad.append((number, line[:80], "is not a JSON object"))
    return found, bad


def from_document(value: Any) -> list[tuple[int, dict[str, Any]]] | None:
    """The records of a document, numbered from 1; None where it is no table (a nested price list, for instance)."""
    for _ in range(_MAX_UNWRAP):
        if isinstance(value, list):
            objects = [(i, item) for i, item in enumerate(value, start=1) if isinstance(item, dict)]
            return objects if value and len(objects) == len(value) else None
        if not isinstance(value, dict):
            return None
        columns = _columns(value)
        if columns is not None:
            return columns
        if len(value) != 1:
            return None
        value = next(iter(value.values()))
    return None


def table(objects: list[tuple[int, dict[str, Any]]]) -> tuple[list[str], list[Line]]:
    """Columns in the order they first occur, and one line of text cells per object; an absent key is an empty cell."""
    columns = list(dict.fromkeys(key for _, item in objects for key in item))
    return columns, [(number, [_text(item.get(column)) for column in columns]) for number, item in objects]


def _columns(value: dict[str, Any]) -> list[tuple[int, dict[str, Any]]] | None:
    lists = [item for item in value.values() if isinstance(item, list)]
    if len(value) < 2 or len(lists) != len(value) or len({len(item) for item in lists}) != 1 or not lists[0]:
        return None
    if any(isinstance(cell, dict | list) for item in lists for cell in item):
        return None
    return [(row, {key: item[row - 1] for key, item in value.items()}) for row in range(1, len(lists[0]) + 1)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
