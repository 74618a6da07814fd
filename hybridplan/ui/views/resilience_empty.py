"""What Resilience says where nothing can fail or nothing is promised: what that means, and the fields to fill in."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import promises
from hybridplan.domain import Scenario
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts

_PROMISE: Final = (
    "A promise says how much of a workload goes on after one failure: the loss of a site, a zone, a provider, a link, "
    "all that is interruptible, or a group that you name. The plan keeps what that takes, and its cost is shown here."
)
_NO_FAILURE: Final = "No failure is given yet. Add one on Assumptions, in the table “Failures to survive”."
_NO_PROMISE: Final = (
    "No workload has a promise yet. On Demand, in the table of workloads, fill in “Promised after a failure (share, 0 "
    "to 1)”; “All fields” above the table shows the column. Rigid work only."
)


def lacks_failures(scenario: Scenario) -> bool:
    """Say what a failure is, where none is given; True then."""
    if scenario.policy.contingencies:
        return False
    parts.paragraph(_PROMISE)
    st.info(safe(_NO_FAILURE), icon=":material/info:")
    parts.link_to("assumptions")
    return True


def lacks_promises(scenario: Scenario) -> bool:
    """Say what a promise is, where none is given; True then."""
    if promises.promised(scenario):
        return False
    parts.paragraph(_PROMISE)
    st.info(safe(_NO_PROMISE), icon=":material/info:")
    parts.link_to("demand")
    return True
