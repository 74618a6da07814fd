"""Notes on an entry: on the whole scenario, on a version, or on one input."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import differences
from hybridplan.store import Entry, Version, new_key
from hybridplan.ui import cache, clock, library, session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_acts, library_save, parts


def draw(entry: Entry, versions: list[Version]) -> None:
    """Every note, the newest first, and the fields for another one; raises :class:`StoreError`."""
    notes = cache.library().notes(entry.id)
    if not notes:
        st.info("No notes yet.", icon=":material/sticky_note_2:")
    for note in reversed(notes):
        with st.container(border=True):
            st.markdown(f"**{safe(library.path_in_words(note.path))}**")
            for line in note.text.splitlines():
                parts.paragraph(line)
            by = f" by {note.author}" if note.author else ""
            st.caption(safe(f"{clock.when(note.created_at)}{by}"))
            st.button(
                "Delete this note",
                key=f"delete_note:{note.id}",
                type="tertiary",
                icon=":material/delete:",
                on_click=library_acts.delete_note,
                args=(note.id,),
            )
    _draw_new(entry, versions)


def _draw_new(entry: Entry, versions: list[Version]) -> None:
    pending = session.slot(f"note:{entry.id}", lambda: [new_key()])
    path_key, text_key = f"note_path:{entry.id}", f"note_text:{pending[0]}"
    inputs = differences.paths(cache.library().get(entry.id).document or {})
    choices = ["", *(library.version_path(version.number) for version in versions), *inputs]
    st.selectbox(
        "What the note is about",
        choices,
        format_func=library.path_in_words,
        key=path_key,
        help="The scenario, a version, or one input of the latest version: type a part of its name to find it",
    )
    st.text_area("Note", key=text_key, max_chars=library.MAX_NOTE, height=100)
    library_save.draw_author("note")
    st.button(
        "Keep this note",
        key="library_add_note",
        icon=":material/add_comment:",
        on_click=library_acts.add_note,
        args=(entry, path_key, text_key, pending),
    )
