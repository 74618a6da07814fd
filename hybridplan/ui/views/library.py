"""Library: saved scenarios with their versions; find, open, compare, note, delete and bring back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.errors import StoreError
from hybridplan.store import Entry
from hybridplan.ui import cache, clock, library, session
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_acts, library_entry, library_save, parts, shared_view
from hybridplan.ui.views.parts import Column

_SAVED, _DELETED = "Saved", "Deleted"


def show() -> None:
    """Draw the page; of a shared view it is no part."""
    if session.workspace().read_only:
        shared_view.draw_no_library()
        return
    parts.paragraph(
        "Scenarios that you and others keep on this server. Each save makes a new version; no version ever changes. "
        "Opening one makes a draft of your own."
    )
    library_acts.draw_said()
    chosen = st.segmented_control(
        "Show", [_SAVED, _DELETED], default=_SAVED, required=True, key="library_view", label_visibility="collapsed"
    )
    try:
        if chosen == _DELETED:
            _draw_deleted(cache.library().scenarios(deleted=True))
        else:
            _draw_saved()
    except StoreError as error:
        _draw_failure(error)


def _draw_failure(error: StoreError) -> None:
    st.error(
        safe(
            f"The library does not answer: {error}. Editing and solving go on without it; "
            "save the scenario as a file to be safe."
        ),
        icon=":material/cloud_off:",
    )
    st.button("Try again", key="library_retry", icon=":material/refresh:")


def _draw_saved() -> None:
    everything = cache.library().scenarios()
    if not everything:
        _draw_empty()
        return
    search, tags = _draw_filter(everything)
    found = cache.library().scenarios(search, tags) if search or tags else everything
    if not found:
        st.info("No saved scenario has all of that. Change the search or the tags.", icon=":material/search_off:")
        return
    _draw_table(found)
    entry = _choose(found)
    library_entry.draw(entry)


def _draw_empty() -> None:
    st.info("Nothing is saved yet. What is open can be the first.", icon=":material/folder_open:")
    st.button(
        "Save what is open",
        key="library_first",
        type=main_button(),
        icon=":material/library_add:",
        on_click=library_save.save_now,
        kwargs={"as_new": True},
    )
    library_save.draw_outcome()


def _draw_filter(entries: Sequence[Entry]) -> tuple[str, list[str]]:
    left, right = st.columns(2)
    with left:
        search = st.text_input(
            "Search", key="library_search", placeholder="Name, tag, note or author", max_chars=library.MAX_NAME
        )
    known = sorted({tag for entry in entries for tag in entry.tags}, key=str.casefold)
    if not known:
        return search.strip(), []
    with right:
        tags = st.multiselect("Tags", known, key="library_tags", placeholder="All tags")
    return search.strip(), list(tags)


def _draw_table(entries: Sequence[Entry]) -> None:
    working = cache.library().working_links()
    frame = pd.DataFrame(
        {
            "name": [entry.name for entry in entries],
            "tags": [", ".join(entry.tags) for entry in entries],
            "versions": [entry.versions for entry in entries],
            "saved": [clock.when(entry.latest.created_at) for entry in entries],
            "author": [entry.latest.author or fmt.NO_VALUE for entry in entries],
            "note": [" ".join(entry.latest.note.split()) or fmt.NO_VALUE for entry in entries],
            "links": [working.get(entry.id, 0) for entry in entries],
        }
    )
    columns = {
        "name": Column("Name"),
        "tags": Column("Tags"),
        "versions": Column("Versions", "%d"),
        "saved": Column("Last saved"),
        "author": Column("By"),
        "note": Column("Last note"),
        "links": Column("Working links", "%d"),
    }
    parts.table(frame, columns, "library")


def _choose(entries: Sequence[Entry]) -> Entry:
    """The entry that the rest of the page is about: the one that was saved or opened last, else the first."""
    by_id = {entry.id: entry for entry in entries}
    origin, followed = session.workspace().origin, session.slot("library_followed", lambda: [""])
    here = origin.entry if origin is not None and origin.entry in by_id else ""
    chosen = session.widget(library_acts.ENTRY)
    if chosen not in by_id or (here and here != followed[0]):
        session.choose(library_acts.ENTRY, here or (chosen if chosen in by_id else entries[0].id))
    followed[0] = here
    names = _names(entries)
    chosen = st.selectbox("Saved scenario", list(by_id), format_func=names.__getitem__, key=library_acts.ENTRY)
    return by_id[chosen]


def _names(entries: Sequence[Entry]) -> dict[str, str]:
    """What each entry is called in the list of choices, by its id: no two alike, since Streamlit tells them apart by
    these texts.
    """
    names: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for entry in entries:
        name = f"{entry.name} (saved {clock.when(entry.latest.created_at)})"
        taken[name] += 1
        names[entry.id] = name if taken[name] == 1 else f"{name}, number {taken[name]} of these in the table"
    return names


def _draw_deleted(entries: Sequence[Entry]) -> None:
    if not entries:
        st.info("Nothing is deleted.", icon=":material/delete:")
        return
    parts.paragraph("Deleted scenarios keep all their versions until the server's operator removes them for good.")
    for entry in entries:
        with st.container(border=True):
            when = clock.when(entry.deleted_at) if entry.deleted_at else ""
            count = f"{entry.versions} version{'' if entry.versions == 1 else 's'}"
            st.markdown(f"**{safe(entry.name)}**")
            st.caption(safe(f"{count}, deleted {when}"))
            st.button(
                "Bring back",
                key=f"undelete:{entry.id}",
                icon=":material/restore_from_trash:",
                on_click=library_acts.undelete,
                args=(entry,),
            )
