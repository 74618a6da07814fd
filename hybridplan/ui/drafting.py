"""Autosave: every change of a workspace goes to the draft store at once, and a failure is said, never hidden."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from hybridplan.errors import StoreError
from hybridplan.store import Draft, DraftConflict, new_key
from hybridplan.ui import cache, holders
from hybridplan.ui.workspace import Copied, Document, Origin, Workspace

_BELONGS: Final = "_library"
"""Beside the fields of the document that a draft was opened with: the version in the library that it belongs to.

Drafts saved before there was a library have no such field; no scenario has a field of this name.
"""
_COPY_OF: Final = "_copied"
"""In the same way: what a link showed, where the draft began as a copy of it."""


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


def start(
    document: Document, *, epoch: int, saved: bool, origin: Origin | None = None, copied: Copied | None = None
) -> Workspace:
    """A workspace on ``document``; ``saved``: as a draft at once, so that a reload brings it back.

    ``origin``: the version in the library that the document is; ``copied``: what a link showed, which it is a copy of.
    """
    ws = Workspace(
        document=document, opened=document, save=save, epoch=epoch, wants_solve=True, origin=origin, copied=copied
    )
    if saved:
        save(ws)
    return ws


def resume(key: str, draft: Draft, *, epoch: int) -> Workspace:
    """A workspace on a saved draft; as a copy, saved at its first change, where another live tab holds the draft."""
    opened, origin, copied = _apart(draft.opened)
    ws = Workspace(document=draft.document, opened=opened, save=save, epoch=epoch, wants_solve=True)
    ws.origin, ws.copied = origin, copied
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
    kept = _plain(ws.opened)
    if ws.origin is not None:
        kept[_BELONGS] = {**vars(ws.origin), "saved_at": ws.origin.saved_at.isoformat()}
    if (copied := ws.copied) is not None:
        stamp = copied.saved_at.isoformat() if copied.saved_at else None
        # Until the first save to the library the document that was opened is that of the link: kept once is enough.
        document = None if copied.document == ws.opened else copied.document
        kept[_COPY_OF] = {**vars(copied), "saved_at": stamp, "document": document}
    return kept


def _apart(stored: Document) -> tuple[Document, Origin | None, Copied | None]:
    opened = _plain(stored)
    return opened, _origin(stored.get(_BELONGS)), _copied(stored.get(_COPY_OF), opened)


def _plain(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in (_BELONGS, _COPY_OF)}


def _origin(found: Any) -> Origin | None:
    """What a draft says it belongs to; None where it says nothing that can be read."""
    try:
        return Origin(**{**found, "saved_at": datetime.fromisoformat(found["saved_at"])})
    except (TypeError, KeyError, ValueError):
        return None


def _copied(found: Any, opened: Document) -> Copied | None:
    """What a draft says it is a copy of; None where it says nothing that can be read."""
    try:
        stamp = datetime.fromisoformat(found["saved_at"]) if found["saved_at"] else None
        document = opened if found["document"] is None else found["document"]
        return Copied(**{**found, "saved_at": stamp, "document": document})
    except (TypeError, KeyError, ValueError):
        return None
