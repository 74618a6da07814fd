"""Single values of the document as form fields: typed freely, checked by the document's own checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from hybridplan.ui.editors.cells import MISSING, cell_of, text_of, value_of
from hybridplan.ui.editors.columns import Column
from hybridplan.ui.editors.rows import Document
from hybridplan.ui.session import Workspace, slot, workspace


@dataclass(frozen=True)
class Field:
    """One value: where it stands, and how it is called and read (see Column).

    ``whole``: the record above it goes when the value is cleared.
    """

    path: tuple[str, ...]
    column: Column
    whole: bool = False


@dataclass
class _State:
    token: object = None
    number: int = 0
    base: Any = None
    seen: Any = None


def form(fields: Sequence[Field], *, columns: int = 3) -> None:
    """The fields side by side; on a narrow screen below each other."""
    for first in range(0, len(fields), columns):
        for place, field in zip(st.columns(columns), fields[first : first + columns], strict=False):
            with place:
                draw(field)


def draw(field: Field) -> None:
    """One field; what is typed goes into the document at once. Shown, not editable, where the view is read-only."""
    ws = workspace()
    state = slot(f"field:{'.'.join(field.path)}", _State)
    now = value_at(ws.document, field.path)
    if state.token != (ws.epoch, ws.visit) or state.seen != now:
        state.token, state.seen, state.base, state.number = (ws.epoch, ws.visit), now, now, state.number + 1
    typed = _widget(field.column, cell_of(field.column, state.base), field_key(field, state.number), ws.read_only)
    if ws.read_only:
        return
    is_same = text_of(typed).strip() == text_of(cell_of(field.column, state.base)).strip()
    _take(ws, field, state, state.base if is_same else value_of(field.column, typed))


def field_key(field: Field, number: int) -> str:
    """Key of the field's widget when it was built for the ``number``-th time, from 1."""
    return f"field:{'.'.join(field.path)}:{number}"


def value_at(document: Document, path: Sequence[str]) -> Any:
    """The value under ``path``; MISSING where there is none."""
    node: Any = document
    for name in path:
        if not isinstance(node, dict) or name not in node:
            return MISSING
        node = node[name]
    return node


def with_value(document: Document, path: Sequence[str], value: Any, *, whole: bool = False) -> Document:
    """The document with ``value`` under ``path``; MISSING removes it (with ``whole``, the record above it too)."""
    name, rest = path[0], path[1:]
    if value is MISSING and (not rest or (whole and len(rest) == 1)):
        return {key: part for key, part in document.items() if key != name}
    if not rest:
        return {**document, name: value}
    part = document.get(name)
    return {**document, name: with_value(part if isinstance(part, dict) else {}, rest, value, whole=whole)}


def _take(ws: Workspace, field: Field, state: _State, value: Any) -> None:
    state.seen = value
    if value is value_at(ws.document, field.path) or value == value_at(ws.document, field.path):
        return
    label = field.column.label.split(" (")[0]
    document = with_value(ws.document, field.path, value, whole=field.whole)
    ws.commit(document, f"Edit {label[:1].lower()}{label[1:]}")


def _widget(column: Column, shown: Any, key: str, disabled: bool) -> Any:
    if column.kind == "flag":
        return st.toggle(column.label, value=bool(shown), key=key, help=column.hint or None, disabled=disabled)
    if column.kind == "choice":
        options = list(dict.fromkeys([*column.options, *([shown] if shown else [])]))
        index = options.index(shown) if shown else None
        return st.selectbox(
            column.label,
            options,
            index,
            key=key,
            help=column.hint or None,
            disabled=disabled,
            format_func=column.text,
        )
    return st.text_input(column.label, shown or "", key=key, help=column.hint or None, disabled=disabled)
