"""What Resilience says where nothing can fail or nothing is promised: what that means, and the fields to fill in."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import promises
from hybridplan.domain import Scenario
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.workspace import Workspace

_PROMISE: Final = (
    "A promise says how much of a workload goes on after one failure: the loss of a site, a zone, a provider, a link, "
    "all that is interruptible, or a group that you name. The plan keeps ready what that takes, and its cost is shown "
    "here."
)
_NO_FAILURE: Final = "No failure is given."
_ADD_FAILURE: Final = "Add one on Assumptions, in the table “Failures to survive”, and solve."
_NO_PROMISE: Final = "No workload has a promise."
_ADD_PROMISE: Final = (
    "On Demand, under “Promises”, fill in “Promised after a failure (share, 0 to 1)”, and solve. Only rigid work can "
    "have a promise: work in windows can wait for repair."
)


def lacks_failures(ws: Workspace, scenario: Scenario) -> bool:
    """Say what a failure is for, where none is given; True then."""
    if scenario.policy.contingencies:
        return False
    _say(ws, _NO_FAILURE, _ADD_FAILURE)
    parts.link_to("assumptions")
    return True


def lacks_promises(ws: Workspace, scenario: Scenario) -> bool:
    """Say what a promise is, where none is given; True then."""
    if promises.promised(scenario):
        return False
    _say(ws, _NO_PROMISE, _ADD_PROMISE)
    parts.link_to("demand")
    return True


def _say(ws: Workspace, missing: str, mend: str) -> None:
    parts.paragraph(_PROMISE)
    st.info(safe(missing if ws.read_only else f"{missing} {mend}"), icon=":material/info:")
