"""One entry of the library: what can be done to it, its history, what differs between its versions, its notes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.store import Entry, Version
from hybridplan.ui import cache, clock, library, session
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_acts, library_compare, library_links, library_notes, library_save, parts
from hybridplan.ui.views.parts import Column


def draw(entry: Entry) -> None:
    """Draw all of it; raises :class:`StoreError` where the library does not answer."""
    st.header(safe(entry.name), anchor=False)
    latest = entry.latest
    by = f" by {latest.author}" if latest.author else ""
    tags = f" Tags: {', '.join(entry.tags)}." if entry.tags else ""
    parts.paragraph(f"Version {latest.number}, saved {clock.when(latest.created_at)}{by}.{tags}")
    _draw_actions(entry)
    versions = cache.library().versions(entry.id)
    history, compare, links, notes = st.tabs(["History", "Compare", "Links", "Notes"], key="library_tab")
    with history:
        _draw_history(entry, versions)
    with compare:
        library_compare.draw(entry, versions)
    with links:
        library_links.draw(entry)
    with notes:
        library_notes.draw(entry, versions)


def _draw_actions(entry: Entry) -> None:
    with st.container(horizontal=True):
        _open_button(entry, entry.latest.number, "Open as a draft", "library_open", is_main=True)
        with st.popover("Rename", icon=":material/edit:"):
            key = f"rename:{entry.id}:{entry.rev}"
            st.text_input("New name", value=entry.name, key=key, max_chars=library.MAX_NAME)
            st.button("Rename", key="library_rename", on_click=library_acts.rename, args=(entry, key))
        with st.popover("Tags", icon=":material/label:"):
            _draw_tags(entry)
        st.button(
            "Delete",
            key="library_delete",
            icon=":material/delete:",
            help="It can be brought back",
            on_click=library_acts.delete,
            args=(entry,),
        )


def _draw_tags(entry: Entry) -> None:
    key = f"tags:{entry.id}:{entry.rev}"
    st.multiselect(
        "Tags of this scenario",
        list(entry.tags),
        default=list(entry.tags),
        key=key,
        accept_new_options=True,
        max_selections=library.MAX_TAGS,
        placeholder="Type a tag and press Enter",
    )
    st.button("Save tags", key="library_save_tags", on_click=library_acts.set_tags, args=(entry, key))


def _draw_history(entry: Entry, versions: list[Version]) -> None:
    frame = pd.DataFrame(
        {
            "number": [version.number for version in versions],
            "saved": [clock.when(version.created_at) for version in versions],
            "author": [version.author or fmt.NO_VALUE for version in versions],
            "note": [" ".join(version.note.split()) or fmt.NO_VALUE for version in versions],
        }
    )
    columns = {
        "number": Column("Version", "%d"),
        "saved": Column("Saved"),
        "author": Column("By"),
        "note": Column("Note"),
    }
    parts.table(frame, columns, "versions")
    names = {
        version.number: f"Version {version.number}, saved {clock.when(version.created_at)}" for version in versions
    }
    number = st.selectbox(
        "Version", list(names), format_func=names.__getitem__, key=f"version:{entry.id}:{entry.versions}"
    )
    note = next(version.note for version in versions if version.number == number)
    if note:
        for line in note.splitlines():
            parts.paragraph(line)
    with st.container(horizontal=True):
        _open_button(entry, number, "Open this version", "library_open_version")
        st.button(
            "Restore as the newest version",
            key="library_restore",
            icon=":material/history:",
            disabled=number == entry.latest.number,
            help="A new version with the inputs of this one; nothing is removed",
            on_click=library_acts.restore,
            args=(entry, number),
        )


def _open_button(entry: Entry, number: int, label: str, key: str, *, is_main: bool = False) -> None:
    """Opens the version as a draft and goes to Overview."""
    if st.button(label, key=key, type=main_button(is_main), icon=":material/open_in_new:"):
        if library_save.open_version(entry.id, number, entry.name):
            st.switch_page("pages/overview.py", query_params=session.address())
        st.rerun()
