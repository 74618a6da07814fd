"""The frame around every page: navigation, scenario, solving, and the guard that each page begins with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.workspace import Workspace


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in ``pages/``, its title and icon. The file's name is its address."""

    name: str
    title: str
    icon: str


PAGES: Final = (
    PageEntry("overview", "Overview", ":material/space_dashboard:"),
    PageEntry("inventory", "Inventory", ":material/dns:"),
    PageEntry("demand", "Demand", ":material/show_chart:"),
    PageEntry("assumptions", "Assumptions", ":material/tune:"),
    PageEntry("plan", "Plan", ":material/route:"),
    PageEntry("method", "Method", ":material/fact_check:"),
)
"""In the order of the work; the first one is at ``/``."""


def app_folder() -> Path:
    """The folder with ``app.py`` and ``pages/``: the checkout, or the copy inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_app"
    return inside if (inside / "app.py").is_file() else package.parent


def main() -> None:
    """Draw the frame and, inside it, the page that the address names."""
    st.set_page_config(page_title="hybridplan", page_icon=":material/hub:", layout="wide")
    pages = _pages()
    page = st.navigation(list(pages.values()), position="hidden")
    ws = session.enter(page.url_path)
    drawn = ws.document
    _draw_sidebar(pages)
    _draw_header(page.title, ws)
    with session.framed():
        page.run()
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


def _draw_sidebar(pages: dict[str, StreamlitPage]) -> None:
    with st.sidebar:
        st.markdown("**hybridplan**")
        for page in pages.values():
            st.page_link(page, query_params=session.address(), width="stretch")


def _draw_header(title: str, ws: Workspace) -> None:
    st.title(title, anchor=False)
    st.caption(f"**{safe(ws.name)}**")
