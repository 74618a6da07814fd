"""The chart of one or two frontiers, with a third objective as colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import frontier_points
from hybridplan.analysis.frontier import Aim, Frontier
from hybridplan.analysis.sentences import frontier as words
from hybridplan.charts import frontier as chart
from hybridplan.charts.frontier import Colour, Labels
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import session
from hybridplan.ui.other_scenario import Other
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept

BASE, OTHER = "base", "other"
POINT: Final = "frontier-point"
"""Key of the list of points; a click on the chart chooses from it too."""
_CHART: Final = "frontier"
_PLAIN: Final = ""


@dataclass(frozen=True)
class Drawn:
    """What is drawn: the frontier of the scenario that is open and, once it is there, that of a second one."""

    found: Frontier
    base: Scenario
    other: Other | None = None
    second: Frontier | None = None

    def rows(self) -> pd.DataFrame:
        """The points of both, in the currency and for the span of the first."""
        first = frontier_points.rows(self.found, self.base, BASE)
        if self.second is None or self.other is None:
            return first
        second = frontier_points.rows(self.second, self.other.scenario, OTHER, shown_as=self.base)
        return pd.concat([first, second], ignore_index=True)

    def names(self) -> dict[str, str]:
        """Names of the lines."""
        names = {BASE: self.base.name}
        return names if self.second is None or self.other is None else names | {OTHER: self.other.name}


def draw_chart(plan: Plan, drawn: Drawn, rows: pd.DataFrame, *, is_partial: bool) -> None:
    """Draw it; a click on a point of the first line chooses that point."""
    found, scenario = drawn.found, drawn.base
    colour = None if is_partial else _colour(found, rows)
    solved = rows.dropna(subset=["money"])
    complete = {BASE: found.complete, OTHER: drawn.second is not None and drawn.second.complete}
    ends = {str(name): float(group["cap"].min()) for name, group in solved.groupby("series") if complete[str(name)]}
    figure = chart.curve(
        rows.assign(unserved_percent=0.0) if found.aim == "unserved" else rows,  # it is the axis already
        drawn.names(),
        parts.look(),
        labels=Labels(
            words.question(found.aim), words.axis(scenario, found.aim, found.of), words.money_name(scenario, rows)
        ),
        today=_today(plan, found.aim, found.of),
        ends={} if is_partial else {series: cap for series, cap in ends.items() if cap > 0},
        colour=colour,
    )
    alt = "Cost against a second aim, one mark per plan"
    if is_partial:
        parts.chart(figure, f"{_CHART}-so-far", alt)
    else:
        parts.chart(figure, _CHART, alt, on_select=_clicked)


def _colour(found: Frontier, rows: pd.DataFrame) -> Colour | None:
    """The third objective that the visitor chose; those of the axes, and what is the same everywhere, are left out."""
    codes = [code for code in frontier_points.further(found) if code in rows]
    offered = [code for code in codes if rows[code].dropna().nunique() > 1]
    if not offered:
        return None
    chosen = st.segmented_control(
        "Colour by",
        [_PLAIN, *offered],
        default=_PLAIN,
        required=True,
        format_func=lambda code: words.colour(code) if code else "Nothing",
        key=f"frontier-colour:{found.aim}",
    )
    return Colour(chosen, words.colour(chosen)) if chosen in offered else None


@kept
def _today(plan: Plan, aim: Aim, of: str) -> tuple[float, float] | None:
    return frontier_points.today(plan, aim, of)


def _clicked() -> None:
    """Choose the point that was clicked, where it is one of the scenario that is open."""
    state = session.widget(f"chart:{_CHART}")
    for point in state["selection"]["points"] if state else []:
        series, number = (point.get("customdata") or ("", 0))[:2]
        if series == BASE:
            session.choose(POINT, int(number))
