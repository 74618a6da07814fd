"""Rows of a document: read from where a table's path leads, and written back there without touching anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hybridplan.ui.editors.cells import MISSING
from hybridplan.ui.editors.columns import SCALAR, Column, Table

Document = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table: its ids, outermost first, and its record (or plain value)."""

    key: Key
    record: Any

    def get(self, column: Column) -> Any:
        """The value of a field that is no key; MISSING where the record has none."""
        if column.field == SCALAR:
            return self.record
        return self.record.get(column.field, MISSING) if isinstance(self.record, Mapping) else MISSING


def rows(document: Mapping[str, Any], table: Table) -> list[Row]:
    """The rows of a table in the order of the document."""
    return [row for row in all_rows(document, table) if table.only is None or table.only(row.record)]


def all_rows(document: Mapping[str, Any], table: Table) -> list[Row]:
    """Every record where the rows of a table stand, also those that it does not show."""
    return list(_walk(document, table.path, ()))


def with_unshown(document: Mapping[str, Any], table: Table, found: Sequence[Row]) -> list[Row]:
    """``found`` and the records that the table does not show, in their order."""
    if table.only is None:
        return list(found)
    shown = {row.key: row for row in found}
    return [shown.get(row.key, row) for row in all_rows(document, table)]


def parents(document: Mapping[str, Any], table: Table) -> set[Key]:
    """Ids of the records below which rows of this table can stand; the empty id for tables at the top."""
    outer = table.path[: table.path.index("*") + 1] if len(table.keys) > 1 else ()
    return {row.key for row in _walk(document, outer, ())}


def section(document: Mapping[str, Any], dotted: str) -> dict[str, Any]:
    """The records under ``dotted`` (``sites``, ``horizon.blocks``); empty where there is no such part."""
    node: Any = document
    for name in dotted.split("."):
        node = node.get(name) if isinstance(node, Mapping) else None
    return dict(node) if isinstance(node, Mapping) else {}


def written(document: Document, path: tuple[str, ...], found: Sequence[Row]) -> Document:
    """The document with exactly these rows under ``path``; parts that do not change are shared with the old one."""
    name, is_keyed = path[0], path[1] == "*"
    part = document.get(name)
    part = part if isinstance(part, dict) else {}
    if not is_keyed:
        return _with(document, name, written(part, path[1:], found))
    if len(path) == 2:
        return _with(document, name, {row.key[-1]: row.record for row in found})
    below: dict[str, list[Row]] = {parent: [] for parent in part}
    for row in found:
        below[row.key[0]].append(Row(row.key[1:], row.record))
    changed = {
        parent: written(part[parent], path[2:], children) if isinstance(part[parent], dict) else part[parent]
        for parent, children in below.items()
    }
    return _with(document, name, changed)


def _with(document: Document, name: str, value: Any) -> Document:
    """``document`` with a part replaced; a part that is empty and was absent stays absent."""
    if value == {} and name not in document:
        return document
    return {**document, name: value}


def _walk(node: Any, path: tuple[str, ...], key: Key) -> Iterable[Row]:
    if not path:
        yield Row(key, node)
    elif isinstance(node, Mapping):
        head, rest = path[0], path[1:]
        if head == "*":
            for name, child in node.items():
                yield from _walk(child, rest, (*key, name))
        elif head in node:
            yield from _walk(node[head], rest, key)
