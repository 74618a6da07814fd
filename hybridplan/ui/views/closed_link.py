"""The page of a link that shows nothing: the same whether it expired, was withdrawn, or never was."""

from __future__ import annotations

import streamlit as st

from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.opening import Closed
from hybridplan.ui.views import parts

_UNKNOWN = (
    "It may have expired or been withdrawn, what it showed may have been deleted, or the address is not complete. "
    "This page looks the same in all of these cases, so that nobody can find out links by trying."
)
_STEPS = (
    "Check that the address is complete, with nothing behind it: mail and chat programs may cut long ones, or take the "
    "full stop or bracket after one for a part of it.",
    "Ask whoever sent it to you for a new link.",
)


def draw() -> None:
    """Draw the whole page; nothing of a scenario is shown, so that none is taken for the one that was shared."""
    closed = session.closed()
    if closed is None:
        return
    if closed.kind == "unknown":
        _page("This link shows nothing", _UNKNOWN)
    elif closed.kind == "damaged":
        _page("This link cannot be opened", f"The scenario inside it cannot be read: {closed.reason}.")
    else:
        _page_of_absence(closed)
    with st.container(horizontal=True):
        if closed.kind == "away":
            st.button("Try again", key="link_retry", icon=":material/refresh:", on_click=session.try_again)
        st.button(
            "See the example instead",
            key="link_example",
            icon=":material/science:",
            on_click=session.leave_link,
            kwargs={"for_example": True},
        )
        if session.has_work():
            st.button(
                "Back to what I had open",
                key="link_back",
                icon=":material/arrow_back:",
                on_click=session.leave_link,
                kwargs={"for_example": False},
            )


def _page(title: str, text: str) -> None:
    closed = session.closed()
    st.title(safe(title), anchor=False)
    st.warning(safe(text), icon=":material/link_off:")
    mend = (closed.mend,) if closed is not None and closed.mend else ()
    st.header("What you can do", anchor=False)
    parts.bullets([*mend, *_STEPS[: 1 if mend else None]])


def _page_of_absence(closed: Closed) -> None:
    st.title("This link cannot be opened now", anchor=False)
    st.error(
        safe(f"What it shows cannot be read: {closed.reason}. The link itself may be in order."),
        icon=":material/cloud_off:",
    )
    parts.paragraph("Try again in a moment. If that does not help, tell whoever runs this server.")
