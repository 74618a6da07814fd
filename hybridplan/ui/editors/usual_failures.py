"""The button beside the failures to survive that adds those that most people want."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.domain.usual_failures import usual_failures
from hybridplan.ui.editors.rows import section
from hybridplan.ui.session import workspace

KEY: Final = "usual-failures"


def usual_failures_button() -> None:
    """Adds every site with pools, every provider that is rented from, and spot, as far as they are not there yet."""
    ws = workspace()
    if ws.read_only:
        return
    found = {} if ws.scenario is None else usual_failures(ws.scenario)
    reason = "Mend the errors first." if ws.scenario is None else "All of them are there."
    pressed = st.button(
        "Add usual failures",
        icon=":material/playlist_add:",
        key=KEY,
        disabled=not found,
        help="Each site with pools, each provider that is rented from, and everything interruptible: one row each, "
        f"what is there already is left as it is.{'' if found else f' {reason}'}",
    )
    if pressed and found:
        records = {key: one.model_dump(mode="json", exclude_defaults=True) for key, one in found.items()}
        policy = section(ws.document, "policy")
        failures = {**section(ws.document, "policy.contingencies"), **records}
        ws.commit({**ws.document, "policy": {**policy, "contingencies": failures}}, "Add usual failures", rebuild=True)
        st.rerun()
