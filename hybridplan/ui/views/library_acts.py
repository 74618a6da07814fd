"""What is done to the library from its page, and how it ended, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from hybridplan.errors import StoreError
from hybridplan.store import Entry, Library, Link, StaleEntry, VersionConflict, new_key
from hybridplan.ui import cache, library, session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_save

ENTRY = "library_entry"
"""Key of the choice of an entry."""
_CHANGED = "Somebody changed this entry meanwhile; nothing of it was overwritten. It is shown as it is now; try again."


@dataclass
class Said:
    """How the last action ended; shown until the next one, or until the page is left. ``undo``: a deleted entry."""

    text: str = ""
    is_error: bool = False
    visit: int = -1
    undo: Entry | None = None


def draw_said() -> None:
    """The outcome of the last action; after a deletion with the way back."""
    said = _said()
    if not said.text or said.visit != session.workspace().visit:
        return
    (st.error if said.is_error else st.success)(safe(said.text))
    if said.undo is not None:
        st.button("Undo", key="library_undo", icon=":material/undo:", on_click=undelete, args=(said.undo,))


def rename(entry: Entry, key: str) -> None:
    """Give the entry the name that was typed."""
    name = " ".join(str(session.widget(key) or "").split())
    if name and name != entry.name:
        _act(lambda store: store.rename(entry.id, name, entry.rev), f"Renamed to {name}.")


def set_tags(entry: Entry, key: str) -> None:
    """Give the entry the tags that were chosen."""
    tags = [str(tag) for tag in session.widget(key) or []]
    _act(lambda store: store.set_tags(entry.id, tags, entry.rev), f"Tags of {entry.name} saved.")


def delete(entry: Entry) -> None:
    """Put the entry among the deleted ones."""
    done: list[Entry] = []
    text = f"{entry.name} was deleted. It can be brought back, here or under Deleted."
    if _act(lambda store: done.append(store.delete(entry.id, entry.rev)), text):
        _said().undo = done[0]


def undelete(entry: Entry) -> None:
    """Bring a deleted entry back, and choose it."""
    if _act(lambda store: store.undelete(entry.id, entry.rev), f"{entry.name} is back."):
        session.choose(ENTRY, entry.id)


def restore(entry: Entry, number: int) -> None:
    """Make an old version the newest one."""
    # The same id for the same wish, so that a second try after an error makes no second version.
    slot = f"restore:{entry.id}:{number}:{entry.latest.number}"
    save_id, author = session.slot(slot, new_key), library_save.author()
    _act(
        lambda store: store.restore(entry.id, number, author=author, save_id=save_id, based_on=entry.latest.number),
        f"Version {number} is the newest again, as version {entry.latest.number + 1}.",
    )


def withdraw(link: Link) -> None:
    """Let a link show nothing any more."""
    whom = f" for {link.label}" if link.label else ""
    _act(lambda store: store.revoke(link.id), f"The link{whom} is withdrawn. From now on it shows nothing.")


def add_note(entry: Entry, path_key: str, text_key: str, count: list[str]) -> None:
    """Keep the note that was typed; ``count`` holds its id, and is emptied once it is kept."""
    text, path = str(session.widget(text_key) or ""), str(session.widget(path_key) or "")
    if not text.strip():
        say("Type the note first.", is_error=True)
        return
    author, note_id = library_save.author(), count[0]
    about = library.path_in_words(path)
    if _act(lambda store: store.add_note(entry.id, path, text, author, note_id), f"Note kept on: {about}."):
        count[0] = new_key()


def delete_note(note_id: str) -> None:
    """Delete one note."""
    _act(lambda store: store.delete_note(note_id), "Note deleted.")


def say(text: str, *, is_error: bool = False) -> None:
    """Show ``text`` at the head of the page."""
    said = _said()
    said.text, said.is_error, said.undo = text, is_error, None
    said.visit = session.workspace().visit


def _act(action: Callable[[Library], object], done: str) -> bool:
    """Do it, and say ``done`` or why not; True where it was done. Nothing is done from a shared view."""
    if session.workspace().read_only:
        return False
    try:
        action(cache.library())
    except (StaleEntry, VersionConflict):
        say(_CHANGED, is_error=True)
        return False
    except StoreError as error:
        say(f"Not done: {error}. Try again.", is_error=True)
        return False
    say(done)
    return True


def _said() -> Said:
    return session.slot("library_said", Said)
