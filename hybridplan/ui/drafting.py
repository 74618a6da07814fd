"""Autosave: every change of a workspace goes to the draft store at once, and a failure is said, never hidden."""

from __future__ import annotations

from datetime import UTC, datetime

from hybridplan.errors import StoreError
from hybridplan.store import Draft, DraftConflict, new_key
from hybridplan.ui import cache, holders
from hybridplan.ui.workspace import Document, Workspace


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


def start(document: Document, *, epoch: int, saved: bool) -> Workspace:
    """A workspace on ``document``; ``saved``: as a draft at once, so that a reload brings it back."""
    ws = Workspace(document=document, opened=document, save=save, epoch=epoch, wants_solve=True)
    if saved:
        save(ws)
    return ws


def resume(key: str, draft: Draft, *, epoch: int) -> Workspace:
    """A workspace on a saved draft; as a copy, saved at its first change, where another live tab holds the draft."""
    ws = Workspace(document=draft.document, opened=draft.opened, save=save, epoch=epoch, wants_solve=True)
    if holders.claim(key):
        ws.draft_key, ws.draft_rev, ws.saved_at = key, draft.rev, draft.updated_at
    else:
        ws.notice = "This draft is open in another window. This is a copy: changes here do not reach the other one."
    return ws


def _put(ws: Workspace, key: str | None) -> tuple[str, int]:
    rev = ws.draft_rev if key else None
    key = key or new_key()
    return key, cache.draft_store().put(key, ws.document, ws.opened, rev)
