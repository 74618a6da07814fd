"""The visitor's session: the only user of ``st.session_state`` and of the address bar.

One immutable document per scenario; widgets are views of it. The address carries ``?d=`` (the visitor's own draft) or
``?z=`` (a shared view); it is read when it changes and written when the workspace gets another key.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import streamlit as st

from hybridplan.ui import cache, drafting, holders
from hybridplan.ui.opening import open_link
from hybridplan.ui.workspace import Document, Origin, ReadOnly, Workspace

__all__ = ["ReadOnly", "Workspace", "address", "framed", "open_document", "slot", "visitor", "workspace"]

T = TypeVar("T")
Address = dict[str, str]
"""The one parameter of the address bar that says what is open: ``d`` or ``z``, or none."""

_WORKSPACE, _ADDRESS, _SEEN = "workspace", "address", "address_seen"
_PAGE, _VISIT, _FRAMED, _VISITOR = "page", "visit", "framed", "visitor"


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


def widget_state(key: str) -> object:
    """What the widget ``key`` holds now, for callbacks, which run before it is drawn; None where there is none."""
    return st.session_state.get(key)


def forget_slot(name: str) -> None:
    """Drop the view state under ``name``; the next :func:`slot` makes it anew."""
    st.session_state.pop(f"slot:{name}", None)


def widget(key: str) -> Any:
    """The present value of the widget with this key; None where there is none (for callbacks)."""
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


def open_document(document: Document, *, saved: bool = True, origin: Origin | None = None) -> Workspace:
    """Open another scenario in place of the present one, which stays in its own draft.

    ``origin``: the version in the library that it is, if it is one.
    """
    return _replace(drafting.start(document, epoch=_next_epoch(), saved=saved, origin=origin))


def explore_copy() -> None:
    """Turn the shared view into a draft of the visitor's own."""
    ws = workspace()
    copied = drafting.start(ws.document, epoch=_next_epoch(), saved=True)
    copied.plan, copied.wants_solve = ws.plan, ws.plan is None
    _replace(copied)


def enter(page: str) -> Workspace:
    """Begin a run of ``page``: follow the address, count the visit, and bring the address up to date."""
    _follow_address()
    ws = workspace()
    if st.session_state.get(_PAGE) != page:
        if _PAGE in st.session_state:
            ws.notice = ""
        st.session_state[_PAGE] = page
        st.session_state[_VISIT] = st.session_state.get(_VISIT, 0) + 1
    ws.visit = st.session_state[_VISIT]
    _write_address(ws)
    return ws


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
    named: Address = {key: st.query_params[key] for key in ("z", "d") if key in st.query_params}
    has_workspace = _WORKSPACE in st.session_state
    if has_workspace and (not named or named == st.session_state.get(_SEEN) or named == _own_address(workspace())):
        return
    opened = open_link(named, epoch=_next_epoch())
    ws = opened.workspace
    if ws is None and not has_workspace:
        ws = drafting.start(cache.first_document(), epoch=0, saved=False)
    if ws is not None:
        _replace(ws)
        st.session_state[_ADDRESS] = {} if opened.reason and not opened.retry else named
    if opened.reason:
        workspace().notice = opened.reason


def _write_address(ws: Workspace) -> None:
    wanted = _own_address(ws) or address()
    st.session_state[_ADDRESS] = st.session_state[_SEEN] = wanted
    for key in ("z", "d"):
        if key in wanted:
            if st.query_params.get(key) != wanted[key]:
                st.query_params[key] = wanted[key]
        elif key in st.query_params:
            del st.query_params[key]


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
