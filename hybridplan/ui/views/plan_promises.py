"""Promises on the page of the plan: in short; the rest stands on Resilience."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis.sentences import contingencies
from hybridplan.analysis.sentences import promises as promise_sentences
from hybridplan.plan import Plan
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept


def show(plan: Plan) -> None:
    """Nothing where no work is promised."""
    lines = said(plan)
    if not lines:
        return
    st.header("After a failure", anchor=False)
    parts.bullets(lines)
    parts.link_to("resilience", "See failures, standby and drills on Resilience")


@kept
def said(plan: Plan) -> list[str]:
    """What goes on after the worst failure, and what stands by for it; empty where no work is promised."""
    lines = [*promise_sentences.kept(plan), *promise_sentences.standby(plan), *promise_sentences.forms(plan)]
    return [*lines, *contingencies.after_each(plan)] if lines else []
