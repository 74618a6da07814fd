"""The frame around every page: navigation, scenario, solving, and the guard that each page begins with."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from hybridplan.ui import cache, clock, library, opening, report, scenario_menu, session, share, solving, warm
from hybridplan.ui.messages import safe
from hybridplan.ui.sitemap import PAGES, app_folder
from hybridplan.ui.views import closed_link, library_save, shared_view
from hybridplan.ui.workspace import Workspace

_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 13V9h3v4zm4 0V3h3v10zm4 0V6h3v7z" '
    'fill="#0B5FA5"/></svg>'
)
"""The browser tab's icon; written here because Streamlit fetches its own icons for tabs from another host."""

__all__ = ["PAGES", "main", "page_guard"]


def main() -> None:
    """Draw the frame and, inside it, the page that the address names."""
    st.set_page_config(page_title="hybridplan", page_icon=_ICON, layout="wide")
    warm.once()
    pages = _pages()
    page = st.navigation(list(pages.values()), position="hidden")
    ws = session.enter(page.url_path)
    if ws is None:
        closed_link.draw()
        return
    solving.refresh(ws)
    shared_view.open_section(ws)
    drawn = ws.document
    _draw_sidebar(pages, ws)
    _draw_header(page.title, ws)
    with session.framed():
        page.run()
    library.keep_plan(session.workspace(), cache.library())
    if token := session.uncounted():
        opening.count(token)
    if session.workspace() is not ws or ws.document is not drawn:
        st.rerun()  # the frame was drawn before the page changed the scenario


def page_guard() -> None:
    """First line of every page file.

    On a fresh server Streamlit runs a page file that is named in the address by itself, without the frame; then this
    draws the frame, which runs the page inside it, and stops the bare run.
    """
    if not session.is_framed():
        main()
        st.stop()


def _pages() -> dict[str, StreamlitPage]:
    folder = app_folder() / "pages"
    return {
        entry.name: st.Page(
            folder / f"{entry.name}.py",
            title=entry.title,
            icon=entry.icon,
            url_path=None if position == 0 else entry.name,
            default=position == 0,
        )
        for position, entry in enumerate(PAGES)
    }


def _draw_sidebar(pages: dict[str, StreamlitPage], ws: Workspace) -> None:
    with st.sidebar:
        st.markdown("**hybridplan**")
        for entry in PAGES:
            if entry.in_shared_views or not ws.read_only:
                st.page_link(pages[entry.name], query_params=session.address(), width="stretch")


def _draw_header(title: str, ws: Workspace) -> None:
    st.title(title, anchor=False)
    st.header(safe(ws.name), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        solving.draw(ws)
    with st.container(horizontal=True, vertical_alignment="center"):
        scenario_menu.draw(ws)
        share.draw_button()
        report.draw_button()
        st.caption(safe(_saved_text(ws)), width="content")
        if saved := library_save.version_text(ws):
            st.caption(safe(saved), width="content")
    shared_view.draw_banner(ws)
    shared_view.draw_copied(ws)
    library_save.draw_conflict(ws)
    if ws.not_saved:
        st.error(safe(f"Not saved: {ws.not_saved}. Go on working; save the scenario as a file to be safe."))
    if ws.notice:
        st.warning(safe(ws.notice))
    if ws.solve_note:
        st.warning(safe(ws.solve_note))


def _saved_text(ws: Workspace) -> str:
    if ws.read_only:
        return "Shared view"
    if ws.not_saved:
        return "Not saved"
    if ws.saved_at is None:
        return "Not changed yet"
    return f"Saved at {clock.time_of_day(ws.saved_at)}"
