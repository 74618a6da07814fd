"""Share links on the pages: the dialog that hands one out, and the banner over a view that one opened."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from hybridplan.io.share_link import MAX_URL_CHARS, WARN_URL_CHARS, pack
from hybridplan.ui import session
from hybridplan.ui.scenario_menu import save_button
from hybridplan.ui.sitemap import PAGES
from hybridplan.ui.workspace import Workspace


def draw_button() -> None:
    """The Share button; it opens the dialog."""
    if st.button("Share", key="share", icon=":material/share:"):
        _dialog()


def draw_banner(ws: Workspace) -> None:
    """Over a shared view: what it is, and the way to a copy of one's own."""
    if not ws.read_only:
        return
    st.info(
        "Shared view: you see a scenario that someone sent you, solved again here. You cannot change theirs.",
        icon=":material/visibility:",
    )
    st.button("Explore a copy", key="explore_copy", icon=":material/edit:", on_click=session.explore_copy)


def link_to(ws: Workspace, address: str) -> str:
    """The share link of the scenario, to the first page of the server that ``address`` (any page of it) names."""
    parts = urlsplit(address)
    folder, _, last = parts.path.rpartition("/")
    is_page = not last or any(last == page.name for page in PAGES)
    path = f"{folder}/" if is_page else f"{parts.path}/"
    return urlunsplit((parts.scheme, parts.netloc, path, f"z={pack(ws.scenario or ws.document)}", ""))


@st.dialog("Share this scenario")
def _dialog() -> None:
    ws = session.workspace()
    if ws.scenario is None:
        st.warning("The scenario has errors, so its link would open without an answer. Mend them first.")
        return
    link = link_to(ws, st.context.url or "")
    if len(link) > MAX_URL_CHARS:
        st.error(
            f"This scenario makes a link of {len(link):,} characters; above {MAX_URL_CHARS:,} servers refuse it. "
            "Send the file instead: it opens under Scenario, Open a scenario file."
        )
        save_button(ws, key="share_file")
        return
    st.write("Anyone with this link sees the scenario and its answer, and can explore a copy.")
    st.code(link, language=None, wrap_lines=True, height=160)
    st.caption(f"{len(link):,} characters. The copy button is at the top right of the box.")
    if len(link) > WARN_URL_CHARS:
        st.warning(f"Mail and chat programs may cut links above {WARN_URL_CHARS:,} characters. The file is safer:")
        save_button(ws, key="share_file")
    st.caption(
        "The link contains the data itself: all names, prices and demand. Whoever holds it can read and pass it on, "
        "and it cannot be revoked. Later changes of yours do not reach it."
    )
