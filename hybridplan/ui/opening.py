"""From an address to a workspace: a view that someone shared, or the visitor's own draft."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Literal

from hybridplan.errors import StoreError
from hybridplan.io import share_link
from hybridplan.store import Shared, UnknownLink
from hybridplan.ui import cache, drafting, library
from hybridplan.ui.workspace import Shown, Workspace


@dataclass(frozen=True)
class Closed:
    """A link that shows nothing: ``unknown``, one for all reasons; ``damaged``; or ``away``, which may work later.

    ``reason`` and ``mend``: why, and what to do, in words; empty for ``unknown``.
    """

    kind: Literal["unknown", "damaged", "away"]
    reason: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Opened:
    """What opening an address gave: a workspace, a link that shows nothing, or the reason why a draft is not there.

    ``retry``: the same address may work later.
    """

    workspace: Workspace | None = None
    closed: Closed | None = None
    reason: str = ""
    retry: bool = False


def open_link(named: dict[str, str], *, epoch: int) -> Opened:
    """Open what the address names: ``s`` or ``z``, a shared view, or ``d``, a draft. Writes nothing."""
    if "s" in named:
        return _open_stored(named["s"], epoch)
    if "z" in named:
        return _open_inside(named["z"], epoch)
    if "d" in named:
        return _open_draft(named["d"], epoch)
    return Opened()


def look_again(token: str, ws: Workspace, *, epoch: int) -> Opened:
    """What the link shows that ``ws`` is the view of: nothing any more, another version, or (empty) the same.

    A database that does not answer is no matter: what was opened stays. Writes nothing.
    """
    try:
        found = cache.library().shared(token)
    except UnknownLink:
        return Opened(closed=Closed("unknown"))
    except StoreError:
        return Opened()
    if ws.shown is None or found.version.number != ws.shown.number:
        return Opened(_view(found, epoch))
    ws.shown = _shown(found)
    return Opened()


def count(token: str) -> None:
    """Count that a link was opened; a database that does not answer is no matter."""
    with contextlib.suppress(StoreError):
        cache.library().count_opening(token)


def _open_stored(token: str, epoch: int) -> Opened:
    try:
        found = cache.library().shared(token)
    except UnknownLink:
        return Opened(closed=Closed("unknown"))
    except StoreError as error:
        return Opened(closed=Closed("away", str(error)))
    return Opened(_view(found, epoch))


def _view(found: Shared, epoch: int) -> Workspace:
    document = found.version.document or {}
    ws = Workspace(document=document, opened=document, read_only=True, epoch=epoch, shown=_shown(found))
    ws.plan = library.kept_plan(document, cache.library())
    ws.wants_solve = ws.plan is None
    return ws


def _shown(found: Shared) -> Shown:
    link, version = found.link, found.version
    return Shown(
        name=found.name,
        number=version.number,
        author=version.author,
        saved_at=version.created_at,
        latest=found.latest,
        follows_latest=link.version is None,
        label=link.label,
        expires_at=link.expires_at,
    )


def _open_inside(payload: str, epoch: int) -> Opened:
    document, issues = share_link.unpack(payload)
    if document is None:
        return Opened(closed=Closed("damaged", issues[0].message, issues[0].mend))
    return Opened(Workspace(document=document, opened=document, read_only=True, epoch=epoch, wants_solve=True))


def _open_draft(key: str, epoch: int) -> Opened:
    try:
        draft = drafting.load(key)
    except StoreError as error:
        return Opened(reason=f"Your draft cannot be read now: {error}. Reload the page to try again.", retry=True)
    if draft is None:
        return Opened(reason="There is no draft under this address: it was never saved here, or was deleted by age.")
    return Opened(drafting.resume(key, draft, epoch=epoch))
