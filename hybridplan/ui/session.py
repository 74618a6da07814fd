"""The visitor's session: the only user of ``st.session_state`` and of the address bar.

One immutable document per scenario; widgets are views of it. The address carries ``?d=`` (the visitor's own draft),
or ``?s=`` or ``?z=`` (a shared view); it is read when it changes and written when the workspace gets another key.
Beside ``s`` or ``z``, ``at`` names a section of the page.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import streamlit as st

from hybridplan.ui import cache, drafting, holders
from hybridplan.ui.opening import Closed, look_again, open_link
from hybridplan.ui.workspace import Copied, Document, Origin, ReadOnly, Workspace

__all__ = ["ReadOnly", "Workspace", "address", "framed", "open_document", "slot", "visitor", "workspace"]

T = TypeVar("T")
Address = dict[str, str]
"""The one parameter of the address bar that says what is open: ``s``, ``z`` or ``d``, or none."""

_NAMES: Final = ("s", "z", "d")
"""The first one counts where an address has several."""
_SECTION: Final = "at"
_WORKSPACE, _ADDRESS, _SEEN, _SHUT, _OPENED = "workspace", "address", "address_seen", "shut", "links_opened"
_PAGE, _VISIT, _ENTERS, _FRAMED, _VISITOR = "page", "visit", "enters", "framed", "visitor"


@dataclass(frozen=True)
class _Shut:
    """An address that shows nothing, and why."""

    named: Address
    closed: Closed


def workspace() -> Workspace:
    """The visitor's workspace; opened from the address, or the demo, at the first call."""
    if _WORKSPACE not in st.session_state:
        _follow_address()
    return cast(Workspace, st.session_state[_WORKSPACE])


def slot(name: str, factory: Callable[[], T]) -> T:
    """View state of this visitor under ``name``: the object that ``factory`` made at the first call."""
    key = f"slot:{name}"
    if key not in st.session_state:
        st.session_state[key] = factory()
    return cast(T, st.session_state[key])


def forget_slot(name: str) -> None:
    """Drop the view state under ``name``; the next :func:`slot` makes it anew."""
    st.session_state.pop(f"slot:{name}", None)


def widget(key: str) -> Any:
    """What the widget with this key holds now, also before it is drawn (for callbacks); None where there is none."""
    return st.session_state.get(key)


def choose(key: str, value: object) -> None:
    """Let the widget with this key show ``value`` when it is drawn next (for callbacks)."""
    st.session_state[key] = value


def visitor() -> str:
    """The name under which this visitor's solves run: the browser tab's id."""
    return holders.session_id() or cast(str, st.session_state.setdefault(_VISITOR, secrets.token_hex(8)))


def address() -> Address:
    """The parameter that links between pages must carry."""
    return dict(cast(Address, st.session_state.get(_ADDRESS, {})))


def open_document(document: Document, *, origin: Origin | None = None, copied: Copied | None = None) -> Workspace:
    """Open another scenario in place of the present one, which stays in its own draft.

    ``origin``: the version in the library that it is, if it is one; ``copied``: what a link showed that it comes from.
    """
    return _replace(drafting.start(document, epoch=_next_epoch(), saved=True, origin=origin, copied=copied))


def explore_copy() -> None:
    """Turn the shared view into a draft of the visitor's own; nothing where that is done, as by a second click."""
    ws, seen = workspace(), workspace().shown
    if not ws.read_only:
        return
    copied = Copied(ws.document, ws.name)
    if seen is not None:
        copied = Copied(ws.document, seen.name, seen.number, seen.author, seen.saved_at)
    copy = drafting.start(ws.document, epoch=_next_epoch(), saved=True, copied=copied)
    copy.plan, copy.wants_solve = ws.plan, ws.plan is None
    copy.copied_plan = None if ws.is_stale else ws.plan
    _replace(copy)


def enter(page: str) -> Workspace | None:
    """Begin a run of ``page``: follow the address, count the visit, and bring the address up to date.

    None where the address is a link that shows nothing: see :func:`closed`.
    """
    enters = st.session_state[_ENTERS] = st.session_state.get(_PAGE) != page
    before = cast(Workspace | None, st.session_state.get(_WORKSPACE))
    if enters and before is not None:
        before.notice = ""
    _follow_address()
    if enters and closed() is None and workspace() is before:
        _look_again()
    if closed() is not None:
        return None
    ws = workspace()
    if enters:
        st.session_state[_PAGE] = page
        st.session_state[_VISIT] = st.session_state.get(_VISIT, 0) + 1
    ws.visit = st.session_state[_VISIT]
    _write_address(ws)
    return ws


def page() -> str:
    """Address of the page that is shown; empty for the first one."""
    return str(st.session_state.get(_PAGE, ""))


def section() -> str:
    """The section that a share link names, in the run that enters its page; else empty."""
    return str(st.query_params.get(_SECTION, "")) if st.session_state.get(_ENTERS) and workspace().read_only else ""


def closed() -> Closed | None:
    """Why the link in the address shows nothing; None where something is shown."""
    shut = cast(_Shut | None, st.session_state.get(_SHUT))
    return None if shut is None else shut.closed


def has_work() -> bool:
    """True where something was open before the address became that of a link that shows nothing."""
    return _WORKSPACE in st.session_state


def try_again() -> None:
    """Open the link in the address once more (for callbacks)."""
    st.session_state.pop(_SHUT, None)


def leave_link(*, for_example: bool) -> None:
    """From a link that shows nothing to the example, or back to what was open before (for callbacks)."""
    shut = cast(_Shut | None, st.session_state.pop(_SHUT, None))
    if shut is not None:
        st.session_state[_SEEN] = shut.named
    if for_example:
        _replace(drafting.start(cache.first_document(), epoch=_next_epoch(), saved=False))


def uncounted() -> str:
    """Token of the link that is open, where this session has not said so yet; else empty."""
    token, said = address().get("s", ""), st.session_state.setdefault(_OPENED, set())
    if not token or token in said or workspace().shown is None:
        return ""
    said.add(token)
    return token


@contextmanager
def framed() -> Iterator[None]:
    """While inside, the page runs within the frame; see ``shell.page_guard``."""
    st.session_state[_FRAMED] = True
    try:
        yield
    finally:
        st.session_state[_FRAMED] = False


def is_framed() -> bool:
    """True while the frame runs the page."""
    return bool(st.session_state.get(_FRAMED, False))


def _follow_address() -> None:
    """Open what the address names, where it was changed by hand or by Back since we last wrote it."""
    named: Address = next(({key: st.query_params[key]} for key in _NAMES if key in st.query_params), {})
    shut = cast(_Shut | None, st.session_state.get(_SHUT))
    if shut is not None and shut.named == named:
        return
    st.session_state.pop(_SHUT, None)
    has_workspace = has_work()
    if has_workspace and (not named or named == st.session_state.get(_SEEN) or named == _own_address(workspace())):
        return
    opened = open_link(named, epoch=_next_epoch())
    if opened.closed is not None:
        st.session_state[_SHUT] = _Shut(named, opened.closed)
        return
    ws = opened.workspace
    if ws is None and not has_workspace:
        ws = drafting.start(cache.first_document(), epoch=0, saved=False)
    if ws is not None:
        _replace(ws)
        st.session_state[_ADDRESS] = {} if opened.reason and not opened.retry else named
    if opened.reason:
        workspace().notice = opened.reason


def _look_again() -> None:
    """On the way to another page of a shared view: its link may show another version by now, or nothing any more."""
    named = address()
    if workspace().shown is None or "s" not in named:
        return
    found = look_again(named["s"], workspace(), epoch=_next_epoch())
    if found.closed is not None:
        del st.session_state[_WORKSPACE]  # there is no way back to it
        st.session_state[_SHUT] = _Shut(named, found.closed)
    elif found.workspace is not None:
        ws = _replace(found.workspace)
        st.session_state[_ADDRESS] = named
        if ws.shown is not None:
            ws.notice = f"Version {ws.shown.number} was saved meanwhile. It is what you see now."


def _write_address(ws: Workspace) -> None:
    wanted = _own_address(ws) or address()
    st.session_state[_ADDRESS] = st.session_state[_SEEN] = wanted
    now = st.query_params.to_dict()
    others = {key: value for key, value in now.items() if key not in _NAMES and (ws.read_only or key != _SECTION)}
    if {**wanted, **others} != now:
        st.query_params.from_dict({**wanted, **others})  # all at once: each change is one step of the browser's Back


def _own_address(ws: Workspace) -> Address:
    return {"d": ws.draft_key} if ws.draft_key else {}


def _replace(ws: Workspace) -> Workspace:
    old = cast(Workspace | None, st.session_state.get(_WORKSPACE))
    if old is not None and old.draft_key and old.draft_key != ws.draft_key:
        holders.release(old.draft_key)
    ws.visit = st.session_state.get(_VISIT, 0)
    st.session_state[_WORKSPACE] = ws
    st.session_state[_ADDRESS] = _own_address(ws)
    return ws


def _next_epoch() -> int:
    old = st.session_state.get(_WORKSPACE)
    return 0 if old is None else cast(Workspace, old).epoch + 1
