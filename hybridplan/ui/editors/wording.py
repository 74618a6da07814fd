"""What a change of a table was, in words for the undo button."""

from __future__ import annotations

from collections.abc import Mapping

from hybridplan.ui.editors.columns import Column, Table
from hybridplan.ui.editors.rows import Document, Key, Row, all_rows


def change_text(table: Table, before: Document, after: Document, renamed: Mapping[str, str]) -> str:
    """One change named exactly, several counted: ``Edit list price of fra-h100``, ``Edit pools (3 changes)``."""
    old = {row.key: row for row in all_rows(before, table)}
    new = {row.key: row for row in all_rows(after, table)}
    if len(renamed) == 1:
        ((was, now),) = renamed.items()
        return f"Rename {was} to {now}"
    added, gone = [key for key in new if key not in old], [key for key in old if key not in new]
    if len(added) == 1 and not gone:
        return f"Add {table.noun} {_name(added[0])}"
    if len(gone) == 1 and not added:
        return f"Remove {table.noun} {_name(gone[0])}"
    changed = [(key, column) for key in new if key in old for column in _changed(table, old[key], new[key])]
    if len(changed) == 1 and not added and not gone:
        key, column = changed[0]
        label = column.label.split(" (")[0]
        return f"Edit {label[:1].lower()}{label[1:]} of {_name(key)}"
    count = max(len(added), len(gone)) + len(changed)
    return f"Edit {table.title.lower()} ({count} changes)"


def _changed(table: Table, old: Row, new: Row) -> list[Column]:
    return [column for column in table.columns if column.kind != "key" and old.get(column) != new.get(column)]


def _name(key: Key) -> str:
    return " / ".join(key)
