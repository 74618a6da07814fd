"""Documents to frames and back.

Only cells that differ from the frame that was shown change anything: all else is kept exactly, whatever its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from hybridplan.ui.editors.cells import MISSING, cell_of, text_of, value_of
from hybridplan.ui.editors.columns import SCALAR, Column, Table
from hybridplan.ui.editors.ids import NAMELESS, free_id, unique_id
from hybridplan.ui.editors.rows import Document, Key, Row, all_rows, parents, rows, with_unshown, written

Cells = dict[str, Any]


@dataclass(frozen=True)
class View:
    """What a grid was built from: its table and columns, the rows as they were then, and their frame."""

    table: Table
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    frame: pd.DataFrame

    @property
    def keyed(self) -> list[Column]:
        """The key columns that are shown; an id that names itself may be left out."""
        return [column for column in self.columns if column.kind == "key"]

    def known(self, label: int) -> Row | None:
        """The row that was shown under this label; None for one that was added."""
        return self.rows[label] if label < len(self.rows) else None

    def is_changed(self, column: Column, label: int, cells: Cells) -> bool:
        """True where a cell no longer says what was shown."""
        before, now = self.frame.at[label, column.field], cells.get(column.field)
        if column.kind == "flag":
            return bool(before) is not bool(now)
        return text_of(before).strip() != text_of(now).strip()

    def is_blank(self, cells: Cells) -> bool:
        """True where nobody typed anything: no text, and no flag that means more than an absent one."""
        return all(
            bool(cells.get(column.field)) in (bool(column.default), False)
            if column.kind == "flag"
            else not text_of(cells.get(column.field)).strip()
            for column in self.columns
        )


@dataclass(frozen=True)
class Edited:
    """What a grid says.

    - ``document``: with the grid's rows in it. ``keys``: ids by the row's label in the grid.
    - ``renamed``: old id -> new id of rows whose own id changed.
    - ``pending``: rows that have no place in the document, since the record above them is not named.
    """

    document: Document
    keys: dict[int, Key]
    renamed: dict[str, str]
    pending: list[Cells]


def view(document: Mapping[str, Any], table: Table, columns: Sequence[Column], pending: Sequence[Cells] = ()) -> View:
    """The rows of ``document`` as a frame of text, truth values and picked lists; ``pending`` rows stand at the end."""
    found = tuple(rows(document, table))
    keyed = [column for column in columns if column.kind == "key"]
    data: dict[str, pd.Series[Any]] = {}
    for column in columns:
        if column.kind == "key":
            place = keyed.index(column)
            cells = [_shown_id(row.key[place]) for row in found]
        else:
            cells = [cell_of(column, row.get(column)) for row in found]
        cells += [row.get(column.field) for row in pending]
        if column.kind == "flag":
            data[column.field] = pd.Series([bool(cell) for cell in cells], dtype="bool")
        elif column.is_picked:
            data[column.field] = pd.Series([_picked(cell) for cell in cells], dtype="object")
        else:
            data[column.field] = pd.Series(cells, dtype="str")
    frame = pd.DataFrame(data, index=pd.RangeIndex(len(found) + len(pending)))
    return View(table, tuple(columns), found, frame)


def edited(document: Document, shown: View, frame: pd.DataFrame, keys: Mapping[int, Key], zone: str = "UTC") -> Edited:
    """Put what a grid returned into the document.

    ``frame`` is what the grid returned: rows keep their label, new ones have higher labels. ``keys`` are the ids of the
    rows as last put into the document. Times without an offset are taken in ``zone``.
    """
    records = cast(list[Cells], frame.to_dict("records"))
    typed = {int(label): cells for label, cells in zip(frame.index, records, strict=True)}
    filled = {label: cells for label, cells in typed.items() if shown.known(label) or not shown.is_blank(cells)}
    named = _ids(document, shown, filled)
    pending = [cells for label, cells in filled.items() if label not in named]
    current = {row.key: row.record for row in all_rows(document, shown.table)}
    out = [
        Row(named[label], _record(shown, label, cells, current.get(keys.get(label, ()), MISSING), zone))
        for label, cells in filled.items()
        if label in named
    ]
    renamed = {keys[label][-1]: key[-1] for label, key in named.items() if label in keys and keys[label][-1] != key[-1]}
    out = with_unshown(document, shown.table, out)
    return Edited(written(document, shown.table.path, out), named, renamed, pending)


def applied(frame: pd.DataFrame, changes: Mapping[str, Any]) -> pd.DataFrame:
    """``frame`` with what the browser's grid reports: edited cells by position, deleted positions, added rows."""
    out = frame.astype("object")
    for position, cells in changes.get("edited_rows", {}).items():
        for name, cell in cells.items():
            if name in out.columns and int(position) < len(out):
                out.at[int(position), name] = cell
    added = [{name: row.get(name) for name in out.columns} for row in changes.get("added_rows", [])]
    rows = pd.DataFrame(added, columns=out.columns, index=range(len(frame), len(frame) + len(added)), dtype="object")
    gone = [int(position) for position in changes.get("deleted_rows", []) if int(position) < len(out)]
    return pd.concat([out.drop(index=gone), rows])


def _picked(cell: Any) -> list[str] | None:
    """The items of a list, each by itself."""
    items = value_of(Column("items", "Items", "list"), cell)
    return None if items is MISSING else items


def _shown_id(identifier: str) -> str | None:
    return None if identifier.startswith(NAMELESS) else identifier


def _ids(document: Document, shown: View, typed: Mapping[int, Cells]) -> dict[int, Key]:
    """The ids of every row that has a place. Ids that were not touched come first, so that they stay what they are."""
    out: dict[int, Key] = {}
    for label, cells in typed.items():
        row = shown.known(label)
        if row is not None and not any(shown.is_changed(column, label, cells) for column in shown.keyed):
            out[label] = row.key
    taken, places = set(out.values()), parents(document, shown.table)
    for label, cells in typed.items():
        if label in out:
            continue
        parts = [text_of(cells.get(column.field)).strip() for column in shown.keyed]
        depth = len(shown.table.keys)
        outer, own = tuple(parts[: depth - 1]), parts[depth - 1] if len(parts) == depth else ""
        if outer not in places:
            continue
        siblings = {key[-1] for key in taken if key[:-1] == outer}
        key = (*outer, unique_id(own, siblings) if own else free_id(shown.table, cells, siblings, label + 1))
        out[label] = key
        taken.add(key)
    return {label: out[label] for label in typed if label in out}


def _record(shown: View, label: int, cells: Cells, before: Any, zone: str) -> Any:
    """The record of a row: this grid's fields as typed or as shown, all other fields as they are now."""
    old = shown.known(label)
    fields: dict[Column, Any] = {}
    for column in shown.columns:
        if column.kind == "key":
            continue
        if old is not None and (column.locked or not shown.is_changed(column, label, cells)):
            fields[column] = old.get(column)
        else:
            fields[column] = value_of(column, cells.get(column.field), zone)
    if shown.table.is_scalar:
        value = next(new for column, new in fields.items() if column.field == SCALAR)
        return None if value is MISSING else value
    if not isinstance(before, dict) and all(new is MISSING for new in fields.values()) and before is not MISSING:
        return before
    record = dict(before) if isinstance(before, dict) else dict(shown.table.new)
    for column, new in fields.items():
        is_absent_flag = old is None and column.kind == "flag" and bool(new) is bool(column.default)
        if new is MISSING or is_absent_flag:
            record.pop(column.field, None)
        else:
            record[column.field] = new
    return record
