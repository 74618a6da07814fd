"""Sensitivity: which assumption matters, what other values of a number do, where it changes, what limits are worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from hybridplan.analysis.sensitivity.tornado import Tornado
from hybridplan.analysis.sentences import sensitivity as say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, sensitivity_figures, tradeoffs_values
from hybridplan.ui.workspace import Workspace

_TABLE_PX: Final = 420


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section: one question at a time."""
    chosen = st.segmented_control(
        "Ask",
        list(_QUESTIONS),
        default="Tornado",
        required=True,
        key="sensitivity",
        persist_state="session",
        label_visibility="collapsed",
    )
    _QUESTIONS.get(chosen or "Tornado", _tornado)(plan.scenario, plan)


def _tornado(scenario: Scenario, plan: Plan) -> None:
    parts.paragraph(
        "Every main assumption alone, a little lower and a little higher, with the plan solved anew each time: the "
        "longer the bar, the more the cost hangs on it."
    )
    share = st.slider("Move each assumption by (%)", 5, 50, 20, step=5, key="tornado_share", persist_state="session")
    options = {"low": -share / 100.0, "high": share / 100.0}
    found = studying.run(
        "tornado", scenario, options, key="tornado", label="Work out the tornado", draw_partial=_partial(scenario)
    )
    if isinstance(found, Tornado):
        parts.bullets(say.tornado(found, scenario.display_currency))
        if found.bars:
            _bars(found, scenario, "tornado")
            table, columns = sensitivity_figures.tornado_table(found, scenario)
            parts.table(table, columns, "tornado", height=_TABLE_PX)


def _partial(scenario: Scenario) -> Callable[[Any], None]:
    def draw(found: Any) -> None:
        if isinstance(found, Tornado) and found.bars:
            _bars(found, scenario, "tornado-so-far")

    return draw


def _bars(found: Tornado, scenario: Scenario, key: str) -> None:
    fig = sensitivity_figures.tornado_chart(found, scenario, parts.look())
    parts.chart(fig, key, say.tornado_question())
    if len(found.bars) > sensitivity_figures.MOST_BARS:
        st.caption(safe(say.tornado_rest(len(found.bars), sensitivity_figures.MOST_BARS)))


def _prices(scenario: Scenario, plan: Plan) -> None:
    parts.paragraph(
        "What one unit more of each binding limit saves, and one unit less costs, by solving again with both; and how "
        "far each price holds. What the unit itself costs is already taken off."
    )
    found = studying.run("price_ranges", scenario, key="price_ranges", label="Work out prices and ranges")
    if found is not None:
        parts.bullets(say.price_ranges(found, scenario))
        if found.ranges:
            parts.table(*sensitivity_figures.ranges_table(found, scenario), "prices-of-limits")


_QUESTIONS: Final[dict[str, Callable[[Scenario, Plan], None]]] = {
    "Tornado": _tornado,
    "Other values": tradeoffs_values.sweep,
    "Break-even": tradeoffs_values.break_even,
    "Prices of limits": _prices,
}
