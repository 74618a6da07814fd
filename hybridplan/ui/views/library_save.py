"""Saving to the library from every page: the form in the scenario menu, and the choices after a conflict."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.errors import StoreError
from hybridplan.ui import cache, clock, library, session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_compare
from hybridplan.ui.workspace import ReadOnly, Workspace

_COMPARE: Final = "conflict_compare"


def version_text(ws: Workspace) -> str:
    """Which version the draft belongs to, and whether it was changed since; empty where it belongs to none."""
    if ws.read_only or ws.origin is None:
        return ""
    since = "; changed since" if ws.is_changed else ""
    return f"Version {ws.origin.number}, saved {clock.when(ws.origin.saved_at)}{since}"


def author(place: str = "") -> str:
    """The name that the visitor typed, for as long as the session lasts; may be empty.

    ``place``: take it from the field there first; a click may come before the field has handed its text over.
    """
    field = session.slot("author", _Field)
    typed = session.widget(f"author:{place}:{field.count}") if place else None
    return field.text if typed is None else " ".join(str(typed).split())


def draw_author(place: str) -> None:
    """The field for the visitor's name; the same name on every page."""
    field = session.slot("author", _Field)
    key = f"author:{place}:{field.count}"
    st.text_input(
        "Your name",
        value=field.text,
        key=key,
        max_chars=library.MAX_AUTHOR,
        placeholder="Optional, shown beside what you save",
        on_change=_take_author,
        args=(key,),
    )


def draw_form(ws: Workspace) -> None:
    """Note, name and buttons that save the scenario to the library; how the last save ended."""
    st.markdown("**Save to the library**")
    note = session.slot("save_note", _Field)
    st.text_area(
        "Note (what changed, and why)",
        key=f"save_note:{note.count}",
        max_chars=library.MAX_NOTE,
        height=68,
        placeholder="Optional",
    )
    draw_author("menu")
    with st.container(horizontal=True):
        if ws.origin is not None:
            st.button(
                f"Save version {ws.origin.number + 1}",
                key="save_version",
                icon=":material/save:",
                help=f"The next version of {safe(ws.origin.name)}; earlier versions stay as they are",
                on_click=save_now,
            )
        st.button(
            "Save as a new entry" if ws.origin else "Save to the library",
            key="save_new",
            icon=":material/library_add:",
            on_click=save_now,
            kwargs={"as_new": True},
        )
    draw_outcome()


def save_now(*, as_new: bool = False) -> None:
    """Save what is open, with the note and the name as they are typed (for callbacks)."""
    try_save(as_new=as_new)


def draw_conflict(ws: Workspace) -> None:
    """Under the frame: that somebody else saved a version, and what can be done; nothing where nobody did."""
    if ws.read_only or ws.conflict is None:
        return
    theirs = ws.conflict
    with st.container(border=True):
        st.warning(safe(_conflict_text(ws)), icon=":material/call_split:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Keep mine as a copy",
                key="conflict_copy",
                icon=":material/library_add:",
                on_click=save_now,
                kwargs={"as_new": True},
            )
            st.button(f"Open version {theirs.number}", key="conflict_open", on_click=_open_theirs)
            st.button("Not now", key="conflict_close", type="tertiary", on_click=_close)
            compares = st.toggle(f"Compare with version {theirs.number}", key=_COMPARE)
        st.caption(
            "Opening theirs leaves your changes in the draft that you have open now: Back in the browser returns to it."
        )
        if compares:
            library_compare.draw_against(theirs.entry, theirs.number, ws.document)


def _conflict_text(ws: Workspace) -> str:
    theirs = ws.conflict
    assert theirs is not None  # callers have looked
    mine = f"; yours is based on version {ws.origin.number}" if ws.origin else ""
    return (
        f"Not saved: {library.said_by(theirs.author)} saved version {theirs.number} of {theirs.name} "
        f"({clock.when(theirs.saved_at)}){mine}. Nothing of yours is lost."
    )


def draw_outcome() -> None:
    """How the last save to the library ended."""
    ws, said = session.workspace(), session.slot("save_outcome", _Field)
    if ws.conflict is not None:
        st.warning(safe(f"{_conflict_text(ws)} The choices are on the page, above its content."))
    elif said.text:
        (st.error if said.is_error else st.success)(safe(said.text))


class _Field:
    """A text that stays as long as the session, and how often it was set from outside its field."""

    def __init__(self) -> None:
        self.text = ""
        self.count = 0
        self.is_error = False


def _take_author(key: str) -> None:
    field = session.slot("author", _Field)
    field.text = " ".join(str(session.widget(key) or "").split())
    field.count += 1


def try_save(*, as_new: bool = False, place: str = "") -> bool:
    """:func:`save_now`, with the name as it is typed at ``place``; True where it was saved."""
    ws, note, said = session.workspace(), session.slot("save_note", _Field), session.slot("save_outcome", _Field)
    typed = str(session.widget(f"save_note:{note.count}") or "")
    said.text = ""
    try:
        version = library.save(ws, cache.library(), note=typed, author=author(place), as_new=as_new)
    except (StoreError, ReadOnly) as error:
        said.is_error = True
        said.text = f"Not saved to the library: {error}. What you typed is still here; try again."
        return False
    if version is None or ws.origin is None:
        return False
    said.is_error = False
    said.text = f"Saved as version {version.number} of {ws.origin.name}."
    note.count += 1  # an empty field for the next note
    return True


def _open_theirs() -> None:
    theirs = session.workspace().conflict
    if theirs is not None:
        open_version(theirs.entry, theirs.number, theirs.name)


def open_version(entry: str, number: int, name: str) -> bool:
    """Open a version as a draft that is based on it, with its kept plan where it has one; False and a message where
    the library does not answer.
    """
    said = session.slot("save_outcome", _Field)
    try:
        version = cache.library().get(entry, number)
    except StoreError as error:
        said.is_error, said.text = True, f"Not opened: {error}. Try again."
        session.workspace().notice = said.text
        return False
    said.text = ""
    document = version.document or {}
    ws = session.open_document(document, origin=library.origin(version, name))
    plan = library.kept_plan(document, cache.library())
    if plan is not None:
        ws.plan, ws.wants_solve, ws.kept_plan = plan, False, plan.content_hash
    return True


def _close() -> None:
    session.workspace().conflict = None
