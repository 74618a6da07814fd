"""Method: how a plan is found, what is proven about this one, what is assumed, and published cases solved live."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from hybridplan.analysis.sentences import evidence, method
from hybridplan.analysis.sentences import status as status_sentences
from hybridplan.plan import Plan
from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, verification
from hybridplan.ui.views.parts import Column


def show() -> None:
    """Draw the page: it has something to say with and without a plan."""
    ws = session.workspace()
    st.header("What is proven about this plan", anchor=False)
    if ws.plan is None:
        parts.paragraph(status_sentences.no_plan(None, sum(issue.severity == "error" for issue in ws.issues)))
    else:
        if ws.is_stale:
            st.warning(safe(status_sentences.stale_page()), icon=":material/history:")
        _certificate(ws.plan)
    _assumed(ws.plan)
    _formulation()
    st.header("Does it find what others published?", anchor=False)
    verification.show()


def _certificate(plan: Plan) -> None:
    if not plan.status.has_plan:
        parts.paragraph(status_sentences.no_plan(plan))
    parts.bullets(evidence.certificate(plan))
    if not plan.status.has_plan:
        return
    with st.expander("Every amount with all digits (USD)", icon=":material/123:"):
        rows = [(term, "cost", usd) for term, usd in plan.cost_usd.items()]
        rows += [(term, "penalty", usd) for term, usd in plan.penalty_usd.items()]
        rows += [("objective", "sum", plan.objective_usd or 0.0), ("constant", "part of it", plan.constant_usd)]
        frame = pd.DataFrame(rows, columns=["term", "kind", "usd"])
        frame["text"] = [f"{usd!r}" for usd in frame["usd"]]
        columns = {"term": Column("Term"), "kind": Column("Kind"), "text": Column("USD over the horizon")}
        parts.table(frame, columns, "objective-by-term")


def _assumed(plan: Plan | None) -> None:
    st.header("What is assumed", anchor=False)
    lines = evidence.assumptions(plan.scenario if plan is not None else None)
    if plan is not None:
        today = datetime.now(UTC).date()
        lines += [evidence.estimates(plan)] if plan.tables is not None else []
        lines += evidence.prices(plan.scenario, today)
    parts.bullets(lines)
    parts.link_to("assumptions", "See prices and rates with their sources")


def _formulation() -> None:
    st.header("How a plan is found", anchor=False)
    parts.paragraph(method.overview())
    for words, formula in method.formulation():
        parts.paragraph(words)
        # Inline, because a displayed formula is a scrolling box that the keyboard cannot reach.
        st.markdown(rf"$\displaystyle {formula}$")
    parts.bullets(method.solution())
