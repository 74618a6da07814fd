"""A link to a saved version on this server: its options, saving what is open where that is needed, and the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from hybridplan.errors import StoreError
from hybridplan.store import Link, new_token
from hybridplan.ui import cache, clock, library, links, session, tabs
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.sitemap import PAGES
from hybridplan.ui.views import library_save, parts
from hybridplan.ui.workspace import Workspace

_SHOWS, _EXPIRY, _LABEL, _PAGE, _TAB = "share_shows", "share_expiry", "share_label", "share_page", "share_tab"
_PLACE: Final = "share"
_QR_WIDTH_PX: Final = 220
_WHOLE_PAGE: Final = ""


@dataclass(frozen=True)
class _Wish:
    """A link as it was asked for; the same wish again, after an error, is sent with the same token."""

    entry: str
    version: int | None
    label: str
    author: str
    expires_days: float | None


@dataclass
class _State:
    """The link that was made last, and what went wrong with the last attempt. The token is kept by nobody else."""

    wish: _Wish | None = None
    token: str = ""
    link: Link | None = None
    number: int = 0
    """Version that was open when the link was made."""
    error: str = ""
    was_refused: bool = False
    """True where the save before it was not made."""


def draw(ws: Workspace) -> None:
    """The link that was made to what is open; else the form for one."""
    state = _state()
    made = _made(ws, state)
    if made is None:
        _draw_form(ws, state)
    else:
        _draw_made(ws, made, state)


def draw_link(link: str) -> None:
    """A link with its copy button and its QR code."""
    st.code(link, language=None, wrap_lines=True)
    st.caption(
        "Point at the box, or tap it: its copy button is at the top right. Phones open the link from this picture:"
    )
    st.image(links.qr_code(link), width=_QR_WIDTH_PX, alt="QR code of the link")


def _draw_form(ws: Workspace, state: _State) -> None:
    number = _number(ws)
    if _needs_save(ws):
        parts.paragraph(_save_text(ws, number))
    st.radio("It shows", [f"Version {number}, which never changes", "Always the latest version"], key=_SHOWS)
    left, right = st.columns(2)
    with left:
        names = list(links.EXPIRY)
        st.selectbox("It works for", names, index=names.index(links.USUAL_EXPIRY), key=_EXPIRY)
    with right:
        st.text_input(
            "For whom",
            key=_LABEL,
            max_chars=links.MAX_LABEL,
            placeholder="Optional, shown to who opens it",
        )
    library_save.draw_author(_PLACE)
    _draw_place(ws)
    st.button(
        "Save and make the link" if _needs_save(ws) else "Make the link",
        key="share_make",
        type=main_button(),
        icon=":material/add_link:",
        on_click=_make,
    )
    if state.was_refused:
        library_save.draw_outcome()
    elif state.error:
        st.error(safe(state.error))
    st.caption(_PROMISE)


_PROMISE: Final = (
    "Whoever has the link can see and copy this scenario with all its names, prices and demand, and its plan. "
    "They can change nothing of yours. You can withdraw the link under Library, Links."
)


def _draw_made(ws: Workspace, made: Link, state: _State) -> None:
    shows = "always the latest version" if made.version is None else f"version {made.version}"
    until = f"works until {clock.when(made.expires_at)}" if made.expires_at else "works until you withdraw it"
    whom = f" for {made.label}" if made.label else ""
    st.success(safe(f"The link{whom} is made. It shows {shows} and {until}."), icon=":material/link:")
    page, tab = _draw_place(ws)
    draw_link(links.to_server(st.context.url or "", state.token, page, tab))
    st.caption(
        f"{_PROMISE} The address itself is not kept on the server: copy it now. A lost one is replaced by a new link."
    )
    st.button("Make another link", key="share_another", icon=":material/add_link:", on_click=_forget)


def _draw_place(ws: Workspace) -> tuple[str, str]:
    """Where the link opens: a page ("" for the first), and a tab of it ("" for none)."""
    titles = {"" if entry is PAGES[0] else entry.name: entry.title for entry in PAGES if entry.in_shared_views}
    here = list(titles).index(session.page()) if session.page() in titles else 0
    left, right = st.columns(2)
    with left:
        page = st.selectbox("It opens at", list(titles), index=here, format_func=titles.__getitem__, key=_PAGE)
    sections = {} if ws.scenario is None else tabs.shown(page, ws.scenario)
    if not sections:
        return page, _WHOLE_PAGE
    codes, open_now = list(sections), tabs.open_now(page)
    first = codes.index(open_now) if open_now in sections else 0
    with right:
        name = sections.__getitem__
        return page, st.selectbox("Section", codes, index=first, format_func=name, key=f"{_TAB}:{page}")


def _made(ws: Workspace, state: _State) -> Link | None:
    """The link that was made last, where it is one to what is open as it stands."""
    made, origin = state.link, ws.origin
    if made is None or origin is None or _needs_save(ws):
        return None
    return made if (made.scenario_id, state.number) == (origin.entry, origin.number) else None


def _needs_save(ws: Workspace) -> bool:
    return ws.origin is None or ws.is_changed


def _number(ws: Workspace) -> int:
    """The version that the link is to show, once what is open is saved."""
    saved = ws.origin.number if ws.origin else 0
    return saved + _needs_save(ws)


def _save_text(ws: Workspace, number: int) -> str:
    if ws.origin is None:
        return "What is open is not in the library yet. It is saved there first, as version 1."
    return (
        f"What is open was changed since version {ws.origin.number} was saved. It is saved first, as version {number}."
    )


def _make() -> None:
    """Save what is open where that is needed, and make the link as it was asked for; a second click makes no other."""
    ws, state = session.workspace(), _state()
    state.error, state.was_refused = "", False
    if ws.read_only or _made(ws, state) is not None:
        return
    if _needs_save(ws) and not library_save.try_save(place=_PLACE):
        state.was_refused = True
        return
    origin = ws.origin
    if origin is None:
        return
    wish = _Wish(
        entry=origin.entry,
        version=None if str(session.widget(_SHOWS)).startswith("Always") else origin.number,
        label=" ".join(str(session.widget(_LABEL) or "").split()),
        author=library_save.author(_PLACE),
        expires_days=links.EXPIRY.get(str(session.widget(_EXPIRY)), links.EXPIRY[links.USUAL_EXPIRY]),
    )
    _send(wish, origin.number, state)
    library.keep_plan(ws, cache.library())


def _send(wish: _Wish, number: int, state: _State) -> None:
    if state.wish != wish or state.link is not None:
        state.wish, state.token, state.link = wish, new_token(), None
    try:
        state.link = cache.library().share(
            wish.entry,
            wish.version,
            label=wish.label,
            author=wish.author,
            expires_days=wish.expires_days,
            token=state.token,
        )
        state.number = number
    except StoreError as error:
        state.error = f"The link was not made: {error}. Try again."


def _forget() -> None:
    session.forget_slot("share_link")


def _state() -> _State:
    return session.slot("share_link", _State)
