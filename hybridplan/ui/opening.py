"""From an address to a workspace: the visitor's own draft, or a view that someone shared."""

from __future__ import annotations

from dataclasses import dataclass

from hybridplan.errors import StoreError
from hybridplan.io import share_link
from hybridplan.ui import drafting
from hybridplan.ui.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """What opening an address gave: a workspace, or the reason why not; ``retry``: the same address may work later."""

    workspace: Workspace | None = None
    reason: str = ""
    retry: bool = False


def open_link(named: dict[str, str], *, epoch: int) -> Opened:
    """Open what the address names: ``z``, a shared view, or ``d``, a draft. Writes nothing."""
    if "z" in named:
        return _open_shared(named["z"], epoch)
    if "d" in named:
        return _open_draft(named["d"], epoch)
    return Opened()


def _open_shared(payload: str, epoch: int) -> Opened:
    document, issues = share_link.unpack(payload)
    if document is None:
        issue = issues[0]
        return Opened(reason=f"This link cannot be opened: {issue.message}. {issue.mend}".strip())
    return Opened(Workspace(document=document, opened=document, read_only=True, epoch=epoch, wants_solve=True))


def _open_draft(key: str, epoch: int) -> Opened:
    try:
        draft = drafting.load(key)
    except StoreError as error:
        return Opened(reason=f"Your draft cannot be read now: {error}. Reload the page to try again.", retry=True)
    if draft is None:
        return Opened(reason="There is no draft under this address: it was never saved here, or was deleted by age.")
    return Opened(drafting.resume(key, draft, epoch=epoch))
