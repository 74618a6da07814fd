"""What a page says where there is nothing yet: what is missing, and one step that helps."""

from __future__ import annotations

import streamlit as st

from hybridplan.ui import cache, session
from hybridplan.ui.messages import safe


def first_steps(text: str) -> None:
    """Say what is missing, and offer the demo (not in a shared view, where nothing else may be opened)."""
    st.info(safe(text), icon=":material/info:")
    if not session.workspace().read_only and st.button("Load the demo", icon=":material/science:", key="empty:demo"):
        session.open_document(cache.first_document())
        st.rerun()
