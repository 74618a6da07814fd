"""Editable tables on a page: a frozen frame, whose edits are mirrored into the document in each run.

The frame and the columns that the browser's grid was built from must not change while someone types, or edits are lost.
They are built anew only when the page is entered, when something else changed what they show, or for other columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st

from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.columns import Column, Table
from hybridplan.ui.editors.frames import Cells, View, applied, edited, view
from hybridplan.ui.editors.names import names_followed
from hybridplan.ui.editors.references import renamed
from hybridplan.ui.editors.rows import Document, Key, rows, section
from hybridplan.ui.editors.wording import change_text
from hybridplan.ui.messages import safe
from hybridplan.ui.session import Workspace, slot, widget, workspace


@dataclass
class _Grid:
    """View state of one table: what it was built for and from, and what it said last."""

    token: tuple[Any, ...] = ()
    number: int = 0
    shown: View | None = None
    config: dict[str, Any] = field(default_factory=dict)
    seen: object = None
    keys: dict[int, Key] = field(default_factory=dict)
    pending: list[Cells] = field(default_factory=list)


@dataclass(frozen=True)
class Lens:
    """A part of the document that a table shows in another form.

    ``get`` makes the small document that the table reads; ``put`` writes it back; ``what`` names changes.
    """

    get: Callable[[Document], Document]
    put: Callable[[Document, Document], Document]
    what: str


def grid(table: Table, *, all_fields: bool = False, lens: Lens | None = None) -> None:
    """Draw a table and mirror what is typed into the workspace; a plain table where the view is read-only."""
    ws = workspace()
    columns = table.shown(all_fields)
    part = lens.get(ws.document) if lens else ws.document
    if ws.read_only:
        plain_table(view(part, table, columns), table.title)
        return
    state = slot(f"grid:{table.name}", _Grid)
    shown = _shown(ws, part, state, table, columns)
    key = grid_key(table, state.number)
    frame = st.data_editor(
        shown.frame,
        key=key,
        on_change=_on_change,
        args=(state, shown, key, lens),
        num_rows="dynamic" if table.grows else "fixed",
        hide_index=True,
        column_config=state.config,
        width="stretch",
        placeholder="",
        alt=table.title,
    )
    _mirror(ws, state, shown, frame, lens)
    if state.pending:
        above = table.keys[0].label.lower()
        st.warning(
            safe(f"{len(state.pending)} row(s) are not saved yet: choose the {above}."), icon=":material/edit_note:"
        )


def grid_key(table: Table, number: int) -> str:
    """Key of the grid's widget when it was built for the ``number``-th time, from 1."""
    return f"grid:{table.name}:{number}"


def plain_table(shown: View, title: str) -> None:
    """The same table, not to be edited."""
    config = {column.field: _plain_config(column) for column in shown.columns}
    st.dataframe(shown.frame, hide_index=True, column_config=config, width="stretch", placeholder="", alt=title)


def _plain_config(column: Column) -> Any:
    common: dict[str, Any] = {"label": column.label, "help": column.hint or None, "width": column.width}
    if column.kind == "flag":
        return st.column_config.CheckboxColumn(**common)
    if column.is_picked:
        return st.column_config.ListColumn(**common)
    if column.labels:
        return st.column_config.SelectboxColumn(**common, options=column.options, format_func=column.text)
    side: Literal["left", "right"] = "right" if column.kind in ("number", "share") else "left"
    return st.column_config.TextColumn(**common, alignment=side)


def _shown(ws: Workspace, part: Document, state: _Grid, table: Table, columns: tuple[Column, ...]) -> View:
    """What the grid is built from: as it was, or built anew where that no longer holds."""
    now = _projection(part, table, columns)
    options = [tuple(section(ws.document, column.section)) for column in columns if column.section]
    options += [column.offered(ws.document) for column in columns if column.offered]
    token = (ws.epoch, ws.visit, [column.field for column in columns], options)
    # A grid that was not drawn in the last run (its drawer was closed, another profile was chosen) has forgotten what
    # was typed into it: drawn again on its old frame it would take that back.
    is_forgotten = widget(grid_key(table, state.number)) is None
    if state.shown is None or is_forgotten or state.token != token or state.seen != now:
        state.shown = view(part, table, columns, state.pending)
        state.config = {c.field: _config(part, table, c, is_first=c is columns[0]) for c in columns}
        state.token, state.seen, state.number = token, now, state.number + 1
        state.keys = {label: row.key for label, row in enumerate(state.shown.rows)}
    return state.shown


def _projection(document: Document, table: Table, columns: Sequence[Column]) -> list[tuple[Key, list[Any]]]:
    """What the columns show of the document: where it changes by another hand, the grid is built anew."""
    fields = [column for column in columns if column.kind != "key"]
    return [(row.key, [row.get(column) for column in fields]) for row in rows(document, table)]


def _config(document: Document, table: Table, column: Column, *, is_first: bool) -> Any:
    """How the browser's grid shows a column. Nothing is required, clamped or rounded there."""
    common: dict[str, Any] = {
        "label": column.label,
        "help": column.hint or None,
        "disabled": column.locked,
        "pinned": is_first,
        "width": column.width,
    }
    if column.kind == "flag":
        return st.column_config.CheckboxColumn(**common, default=bool(column.default))
    if column.is_picked:
        return st.column_config.MultiselectColumn(
            **common, options=_choices(document, table, column), accept_new_options=not column.section
        )
    if column.kind == "choice" or column.section:
        labelled = column.text if column.labels else None
        return st.column_config.SelectboxColumn(
            **common, options=_choices(document, table, column), format_func=labelled
        )
    if column.kind in ("number", "share"):
        return st.column_config.TextColumn(**common, alignment="right")
    return st.column_config.TextColumn(**common)


def _choices(document: Document, table: Table, column: Column) -> list[str]:
    """What may be chosen, and what stands in the rows already, even where it no longer exists."""
    found = rows(document, table)
    if column.kind == "key":
        present = [row.key[table.keys.index(column)] for row in found]
    else:
        present = [item for row in found for item in _items(column, row.get(column))]
    options = column.options or (
        column.offered(document) if column.offered else tuple(section(document, column.section))
    )
    return list(dict.fromkeys([*options, *(value for value in present if value)]))


def _items(column: Column, value: Any) -> list[str]:
    """What a cell holds: one text, or those of a list."""
    is_list = column.kind == "list" and isinstance(value, list | tuple)
    return [text_of(item) for item in value] if is_list else [text_of(value)]


def _on_change(state: _Grid, shown: View, key: str, lens: Lens | None) -> None:
    """Take an edit in before the page is drawn, so that one run shows it everywhere.

    Nothing from a grid of an earlier page or scenario: a browser that has not heard yet that it is gone still sends
    what was typed there, and Streamlit takes that for a change.
    """
    changes, ws = widget(key), workspace()
    if isinstance(changes, Mapping) and state.shown is shown and state.token[:2] == (ws.epoch, ws.visit):
        _mirror(ws, state, shown, applied(shown.frame, changes), lens)


def _mirror(ws: Workspace, state: _Grid, shown: View, frame: pd.DataFrame, lens: Lens | None) -> None:
    """Take what the grid says into the document, and let references follow ids that changed."""
    table = shown.table
    part = lens.get(ws.document) if lens else ws.document
    zone = str(section(ws.document, "horizon").get("time_zone", "UTC"))
    said = edited(part, shown, frame, state.keys, zone)
    state.keys, state.pending = said.keys, said.pending
    target = ".".join(table.path[: table.path.index("*")])
    is_part = len(table.keys) > 1  # then it is no record of ``target`` that got another id
    changed = said.document if is_part else renamed(said.document, target, said.renamed)
    if target in ("sites", "pools") and not is_part and not lens:
        changed = names_followed(part, changed)
    state.seen = _projection(changed, table, shown.columns)
    if changed != part:
        what = lens.what if lens else change_text(table, part, changed, said.renamed)
        ws.commit(lens.put(ws.document, changed) if lens else changed, what)
