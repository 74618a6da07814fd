"""Which scenarios are compared: the list with what is on it, and what can be added."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis.compare import MOST
from hybridplan.domain import parse
from hybridplan.errors import StoreError
from hybridplan.store import Entry
from hybridplan.ui import cache, comparing, session
from hybridplan.ui.comparing import Chosen
from hybridplan.ui.messages import safe
from hybridplan.ui.workspace import Document, Workspace

_EXAMPLE, _SAVED = "compare-example", "compare-saved"
_SAID = "compare_said"


def draw(ws: Workspace) -> None:
    """The list, and beside it how to add to it."""
    for position, one in enumerate(comparing.chosen()):
        _draw_one(ws, position, one)
    for text in _said():
        st.warning(safe(text), icon=":material/warning:")
    _said().clear()
    if len(comparing.chosen()) < MOST:
        with st.popover("Add to the list", icon=":material/add:"):
            _draw_adding(ws)


def _draw_one(ws: Workspace, position: int, one: Chosen) -> None:
    name = f"{comparing.OPEN}: {ws.name}" if one.scenario is None else one.name
    words = [name, *([one.source] if one.source else []), *(["all others are held against it"] if not position else [])]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(safe(f"{position + 1}. {' · '.join(words)}"), width="stretch")
        if position:
            st.button(
                "Put first",
                key=f"compare_first_{position}",
                type="tertiary",
                icon=":material/vertical_align_top:",
                help=safe(f"Hold the others against {name}"),
                on_click=comparing.put_first,
                args=(position,),
            )
        st.button(
            "Remove",
            key=f"compare_remove_{position}",
            type="tertiary",
            icon=":material/close:",
            help=safe(f"Take {name} off the list"),
            on_click=comparing.remove,
            args=(position,),
        )


def _draw_adding(ws: Workspace) -> None:
    if not any(one.scenario is None for one in comparing.chosen()):
        st.button("Add what is open now", key="compare_add_open", icon=":material/edit_note:", on_click=_add_open)
    examples = cache.bundled()
    if examples:
        st.selectbox("Example", list(examples), format_func=examples.__getitem__, key=_EXAMPLE)
        st.button("Add the example", key="compare_add_example", icon=":material/science:", on_click=_add_example)
    if not ws.read_only:
        _draw_library()


def _draw_library() -> None:
    try:
        entries = cache.library().scenarios()
    except StoreError as error:
        st.caption(safe(f"The library does not answer: {error}."))
        return
    if not entries:
        st.caption("Nothing is saved in the library yet.")
        return
    by_id = {entry.id: entry for entry in entries}
    entry = by_id[st.selectbox("From the library", list(by_id), format_func=lambda key: _entry(by_id[key]), key=_SAVED)]
    numbers = list(range(entry.versions, 0, -1))
    number = st.selectbox("Version", numbers, format_func=_version, key=f"compare-version:{entry.id}:{entry.versions}")
    st.button(
        "Add the version",
        key="compare_add_saved",
        icon=":material/folder_copy:",
        on_click=_add_saved,
        args=(entry.id, entry.name, number),
    )


def _entry(entry: Entry) -> str:
    return entry.name


def _version(number: int) -> str:
    return f"Version {number}"


def _add_open() -> None:
    _say(comparing.add_open())


def _add_example() -> None:
    key = session.widget(_EXAMPLE)
    if key in cache.bundled():
        _add(cache.bundled_document(key), cache.bundled()[key], "example")


def _add_saved(entry: str, name: str, number: int) -> None:
    try:
        version = cache.library().get(entry, number)
    except StoreError as error:
        _say(f"Version {number} cannot be read now: {error}.")
        return
    _add(version.document or {}, f"{name}, version {number}", "library")


def _add(document: Document, name: str, source: str) -> None:
    scenario, issues = parse(document)
    if scenario is None:
        errors = sum(issue.severity == "error" for issue in issues)
        _say(f"{name} has {errors} {'error' if errors == 1 else 'errors'}, so it cannot be solved: open and mend it.")
        return
    before = len(comparing.chosen())
    said = comparing.add(name, scenario, source=source)
    _say(said or ("" if len(comparing.chosen()) > before else f"{name} is on the list already."))


def _say(text: str) -> None:
    if text:
        _said().append(text)


def _said() -> list[str]:
    """What went wrong in the click that began this run."""
    return session.slot(_SAID, list)
