"""What differs between two versions, or a version and what is open."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import differences
from hybridplan.errors import StoreError
from hybridplan.store import Entry, Version
from hybridplan.ui import cache, session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Document

_OPEN_NOW: Final = 0
"""Stands for what is open, where versions are chosen by number."""
_COLUMNS: Final = {
    "path": Column("Input"),
    "before": Column("Before"),
    "after": Column("After"),
    "unit": Column("Unit"),
}


def draw(entry: Entry, versions: list[Version]) -> None:
    """Choose two versions, or what is open, and see the inputs that differ."""
    numbers = [version.number for version in versions]
    choices = [*numbers, _OPEN_NOW]
    second = 0
    first = 1 if len(numbers) > 1 else 0
    left, right = st.columns(2)
    with left:
        before = _choice("Before", choices, first, entry)
    with right:
        after = _choice("After", choices, second if len(numbers) > 1 else choices.index(_OPEN_NOW), entry)
    try:
        documents = [_document(entry.id, number) for number in (before, after)]
    except StoreError as error:
        st.error(safe(f"These versions cannot be read now: {error}."))
        return
    draw_table(documents[0], documents[1], f"{_name(before)} and {_name(after).lower()}", name="versions-compared")


def draw_against(entry: str, number: int, document: Document) -> None:
    """What differs between a version that somebody else saved and a document that is open."""
    try:
        theirs = _document(entry, number)
    except StoreError as error:
        st.error(safe(f"Version {number} cannot be read now: {error}."))
        return
    draw_table(theirs, document, f"Version {number} and what you have open", "Theirs", "Yours", name="differences")


def draw_since(entry: Entry, number: int) -> None:
    """What differs between a version and the latest one."""
    latest = entry.latest.number
    try:
        before, after = _document(entry.id, number), _document(entry.id, latest)
    except StoreError as error:
        st.error(safe(f"These versions cannot be read now: {error}."))
        return
    draw_table(before, after, f"Version {number} and version {latest}", name="changed-since-link")


def draw_table(
    before: Document, after: Document, what: str, first: str = "Before", second: str = "After", *, name: str
) -> None:
    """What differs between two documents, as a table that is downloaded as ``name``.csv.

    ``what`` names both for a sentence; ``first`` and ``second`` head the columns with their values.
    """
    found = differences.differences(before, after)
    if not found:
        st.info(safe(f"{what} have the same inputs."), icon=":material/check:")
        return
    count = f"{len(found):,} input{'' if len(found) == 1 else 's'}"
    parts.paragraph(f"{what} differ in {count}.")
    columns = {**_COLUMNS, "before": Column(first), "after": Column(second)}
    parts.table(differences.table(found), columns, name, height=_height(len(found)))


def _choice(label: str, choices: list[int], position: int, entry: Entry) -> int:
    key = f"compare:{label}:{entry.id}:{entry.versions}"
    return st.selectbox(label, choices, index=position, format_func=_name, key=key)


def _name(number: int) -> str:
    return f"Version {number}" if number else "What is open now"


def _document(entry: str, number: int) -> Document:
    if number == _OPEN_NOW:
        return session.workspace().document
    return cache.library().get(entry, number).document or {}


def _height(rows: int) -> int:
    """Pixels for all rows, up to what fits a page."""
    return min(38 + 35 * rows, 560)
