"""Autosave: every change of a workspace goes to the draft store at once, and a failure is said, never hidden."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from hybridplan.errors import StoreError
from hybridplan.store import Draft, DraftConflict, new_key
from hybridplan.ui import cache, holders
from hybridplan.ui.workspace import Document, Origin, Workspace

_BELONGS: Final = "_library"
"""Beside the fields of the document that a draft was opened with: the version in the library that it belongs to.

Drafts saved before there was a library have no such field; no scenario has a field of this name.
"""


def save(ws: Workspace) -> None:
    """Save ``ws`` as a draft; where someone else changed that draft, save it as a new one and say so."""
    try:
        try:
            key, rev = _put(ws, ws.draft_key)
        except DraftConflict:
            key, rev = _put(ws, None)
            ws.notice = "This draft was changed in another window. Your work goes on here as a copy; nothing is lost."
    except StoreError as error:
        ws.not_saved = str(error)
        return
    ws.draft_key, ws.draft_rev, ws.not_saved = key, rev, ""
    ws.saved_at = datetime.now(UTC)
    holders.claim(key)


def load(key: str) -> Draft | None:
    """The draft of ``key``, or None. Raises :class:`StoreError` where the database does not answer."""
    return cache.draft_store().get(key)


def start(document: Document, *, epoch: int, saved: bool, origin: Origin | None = None) -> Workspace:
    """A workspace on ``document``; ``saved``: as a draft at once, so that a reload brings it back.

    ``origin``: the version in the library that the document is.
    """
    ws = Workspace(document=document, opened=document, save=save, epoch=epoch, wants_solve=True, origin=origin)
    if saved:
        save(ws)
    return ws


def resume(key: str, draft: Draft, *, epoch: int) -> Workspace:
    """A workspace on a saved draft; as a copy, saved at its first change, where another live tab holds the draft."""
    opened, origin = _apart(draft.opened)
    ws = Workspace(document=draft.document, opened=opened, save=save, epoch=epoch, wants_solve=True, origin=origin)
    if holders.claim(key):
        ws.draft_key, ws.draft_rev, ws.saved_at = key, draft.rev, draft.updated_at
    else:
        ws.notice = "This draft is open in another window. This is a copy: changes here do not reach the other one."
    return ws


def _put(ws: Workspace, key: str | None) -> tuple[str, int]:
    rev = ws.draft_rev if key else None
    key = key or new_key()
    return key, cache.draft_store().put(key, ws.document, _together(ws), rev)


def _together(ws: Workspace) -> Document:
    opened = {name: value for name, value in ws.opened.items() if name != _BELONGS}
    if (origin := ws.origin) is None:
        return opened
    return {**opened, _BELONGS: {**vars(origin), "saved_at": origin.saved_at.isoformat()}}


def _apart(stored: Document) -> tuple[Document, Origin | None]:
    opened = {name: value for name, value in stored.items() if name != _BELONGS}
    return opened, _origin(stored.get(_BELONGS))


def _origin(found: Any) -> Origin | None:
    """What a draft says it belongs to; None where it says nothing that can be read."""
    try:
        return Origin(**{**found, "saved_at": datetime.fromisoformat(found["saved_at"])})
    except (TypeError, KeyError, ValueError):
        return None
