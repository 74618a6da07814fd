"""The Share button and its dialog: a link to this server, or one with everything inside."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.io.share_link import MAX_URL_CHARS, WARN_URL_CHARS
from hybridplan.ui import dialogs, links, session, tabs
from hybridplan.ui.scenario_menu import save_button
from hybridplan.ui.views import share_form
from hybridplan.ui.workspace import Workspace

_TO_SERVER: Final = "A link to this server"
_WITH_EVERYTHING: Final = "A link with everything inside"
_CAPTIONS: Final = (
    "Short. It shows a saved version, and can be withdrawn.",
    "Long. The data is in the link itself; it opens on any hybridplan and cannot be withdrawn.",
)


def draw_button() -> None:
    """The Share button; and the dialog, from the click until it is closed or the page is left."""
    st.button("Share", key="share", icon=":material/share:", on_click=dialogs.show, args=("share",))
    if dialogs.is_open("share"):
        _dialog()


@st.dialog("Share this scenario", width="medium", on_dismiss=dialogs.close)
def _dialog() -> None:
    ws = session.workspace()
    if ws.shown is not None:
        _draw_passing_on()
    elif ws.scenario is None:
        st.warning("The scenario has errors, so its link would open without an answer. Mend them first.")
    elif ws.read_only:
        _draw_with_everything(ws)
    else:
        chosen = st.radio(
            "Kind of link",
            (_TO_SERVER, _WITH_EVERYTHING),
            captions=_CAPTIONS,
            key="share_kind",
            label_visibility="collapsed",
        )
        if chosen == _WITH_EVERYTHING:
            _draw_with_everything(ws)
        else:
            share_form.draw(ws)


def _draw_passing_on() -> None:
    st.write(
        "You may pass on the link that you opened. It works for as long as it works for you. "
        "To make a link of your own, explore a copy first."
    )
    token = session.address().get("s", "")
    page = session.page()
    share_form.draw_link(links.to_server(st.context.url or "", token, page, tabs.open_now(page)))


def _draw_with_everything(ws: Workspace) -> None:
    link = links.with_everything(ws, st.context.url or "")
    if len(link) > MAX_URL_CHARS:
        st.error(
            f"This scenario makes a link of {len(link):,} characters; above {MAX_URL_CHARS:,} servers refuse it. "
            "Send the file instead: it opens under Scenario, Open a scenario file."
        )
        save_button(ws, key="share_file")
        return
    st.write("Anyone with this link sees the scenario and its answer, and can explore a copy.")
    st.code(link, language=None, wrap_lines=True, height=160)
    st.caption(f"{len(link):,} characters. Point at the box, or tap it: its copy button is at the top right.")
    if len(link) > WARN_URL_CHARS:
        st.warning(f"Mail and chat programs may cut links above {WARN_URL_CHARS:,} characters. The file is safer:")
        save_button(ws, key="share_file")
    st.caption(
        "The link contains the data itself: all names, prices and demand. Whoever holds it can read and pass it on, "
        "and it cannot be revoked. Later changes of yours do not reach it."
    )
