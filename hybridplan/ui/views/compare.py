"""Compare: up to four scenarios or points; inputs that differ first, then figures, costs and moves."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis.compare import MOST
from hybridplan.ui import comparing, session, studying
from hybridplan.ui.views import compare_choice, compare_result, parts


def show() -> None:
    """Draw the page."""
    ws = session.workspace()
    parts.paragraph(
        f"Hold up to {MOST} scenarios against each other. Each is solved and proven; where several plans are equally "
        "cheap, the one closest to the first scenario's plan is shown, so that ties invent no moves."
    )
    compare_choice.draw(ws)
    scenarios, names = comparing.resolved(ws)
    if len(scenarios) < len(comparing.chosen()):
        st.warning("What is open has errors, so it is left out until they are mended.", icon=":material/warning:")
    if len(scenarios) < 2:
        _begin()
        return
    others = [scenario.to_dict() for scenario in scenarios[1:]]
    options = {"others": others, "names": names}
    found = studying.run("compare", scenarios[0], options, key="compare", label="Compare them")
    if found is not None:
        compare_result.draw(found)


def _begin() -> None:
    """The empty state: what is missing, and how to begin."""
    is_shared = session.workspace().read_only  # a shared view has no library
    saved = "" if is_shared else " a version from the library,"
    st.info(
        f"Add a second scenario to begin: a bundled example,{saved} or a point of a frontier on Trade-offs.",
        icon=":material/compare_arrows:",
    )
    if not is_shared:
        st.caption(
            "To compare an idea with what you have: save this version to the library, change the inputs, and add the "
            "saved version here."
        )
    parts.link_to("tradeoffs", "Find points on Trade-offs")
