"""Promises: what goes on after each failure, who takes over, what stands by, and what that costs."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis.wording import say
from hybridplan.plan import Plan
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, plan_promises, resilience_forms, resilience_left, resilience_standby
from hybridplan.ui.views.resilience_empty import lacks_failures, lacks_promises
from hybridplan.ui.workspace import Workspace


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section. Where nothing is promised it still says what each failure leaves."""
    if plan.tables is None or lacks_failures(ws, plan.scenario):
        return
    is_empty = lacks_promises(ws, plan.scenario)
    if not is_empty:
        parts.bullets(plan_promises.said(plan))
        st.caption(safe(say("promise.how")))
    resilience_left.show(plan)
    if not is_empty:
        resilience_standby.takes_over(plan)
        resilience_standby.stands_by(plan, plan.tables)
        resilience_forms.show(plan.scenario)
