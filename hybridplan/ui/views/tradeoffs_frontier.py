"""Frontier: what each step of a second aim costs; points to look at, to open and to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import frontier_points, labels
from hybridplan.analysis.frontier import MEASURES, Aim, Frontier, available
from hybridplan.analysis.sentences import frontier as words
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import other_scenario, studying
from hybridplan.ui.messages import safe
from hybridplan.ui.other_scenario import Other
from hybridplan.ui.views import frontier_open, parts
from hybridplan.ui.views.frontier_chart import BASE, OTHER, Drawn, draw_chart
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Workspace

_POINTS: Final = (7, 15, 25, 40)
_ALL: Final = ""


@dataclass(frozen=True)
class _Asked:
    """What is set against the cost (``of``: the workload that it is about), and by how many points."""

    against: Aim
    of: str
    points: int

    @property
    def options(self) -> dict[str, str | int]:
        """As the study takes them."""
        return {"against": self.against, "points": self.points, **({"of": self.of} if self.of else {})}


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    parts.paragraph(
        "Each point is the cheapest plan under one limit on a second aim, from no limit to the strictest one."
    )
    base = frontier_open.base(plan)
    asked, other = _ask(ws, base)

    def draw(so_far: Frontier) -> None:
        _draw(ws, plan, Drawn(so_far, base), is_partial=True)

    found = studying.run(
        "frontier",
        base,
        asked.options,
        key="frontier",
        label="Draw the frontier",
        draw_partial=draw,
        help="Solves the plan again under one limit after another, each stricter than what the cheapest plan reaches",
    )
    if not isinstance(found, Frontier):
        return
    _draw(ws, plan, Drawn(found, base, other, _second(asked, other)))


def _ask(ws: Workspace, scenario: Scenario) -> tuple[_Asked, Other | None]:
    aims = available(scenario)
    left, middle, right = st.columns(3)
    with left:
        against = st.selectbox(
            "Set against the cost", aims, format_func=words.name, key="frontier-aim", persist_state="session"
        )
        aim: Aim = against if against in aims else aims[0]
    with middle:
        points = st.select_slider(
            "Points", _POINTS, value=15, key="frontier-points", persist_state="session", help="More take longer"
        )
    with right:
        other = other_scenario.choose(ws, "Second scenario", "frontier-other")
    return _Asked(aim, _workload(scenario, aim), int(points)), other


def _workload(scenario: Scenario, aim: Aim) -> str:
    """The workload that the aim is about; empty: all of them, or none."""
    records = MEASURES[aim].records(scenario)
    if not records:
        return _ALL
    names = labels.workloads(scenario)
    choices = [_ALL, *records] if aim == "latency_objective" else records
    chosen = st.selectbox(
        "Workload", choices, format_func=lambda key: names.get(key, "All, in proportion"), key=f"frontier-of:{aim}"
    )
    return chosen if chosen in choices else choices[0]


def _second(asked: _Asked, other: Other | None) -> Frontier | None:
    """The frontier of the second scenario, once it was asked for; a limit on one workload has none."""
    if other is None:
        return None
    if asked.against not in available(other.scenario) or asked.of:
        st.caption(safe(words.no_second(other.name, is_of_workload=bool(asked.of))))
        return None
    found = studying.run("frontier", other.scenario, asked.options, key="frontier-second", label="Draw the second line")
    return found if isinstance(found, Frontier) else None


def _draw(ws: Workspace, plan: Plan, drawn: Drawn, *, is_partial: bool = False) -> None:
    found, scenario = drawn.found, drawn.base
    rows = drawn.rows()
    if rows["money"].notna().any():
        draw_chart(plan, drawn, rows, is_partial=is_partial)
    if is_partial:
        return
    parts.bullets(words.summary(found, scenario.display_currency))
    if drawn.second is not None and drawn.other is not None:
        parts.paragraph(drawn.other.name)
        parts.bullets(words.summary(drawn.second, scenario.display_currency))
    if rows["money"].notna().any():
        frontier_open.draw(ws, plan, scenario, found)
        _table(drawn, rows)


def _table(drawn: Drawn, rows: pd.DataFrame) -> None:
    found, scenario = drawn.found, drawn.base
    shown = rows.assign(
        scenario=rows["series"].map({BASE: scenario.name, OTHER: drawn.other.name if drawn.other else ""}),
        special=[words.mark(str(code)) for code in rows["mark"]],
    )
    unit, code = words.scale(found.aim, found.of).unit, scenario.display_currency.code
    saves = f"A looser limit saves ({code} per {unit})"
    more = [one for one in frontier_points.further(found) if one in rows]
    columns = {
        "cap": Column(f"Limit ({unit})", "%.5g"),
        "reached": Column(f"Reached ({unit})", "%.5g"),
        "special": Column("Mark"),
        "money": Column(words.money_name(scenario, rows), "money"),
        **({"rate": Column(saves, "money", "Its shadow price at this point")} if rows["rate"].notna().any() else {}),
        **{one: Column(words.colour(one), "%.3g") for one in more},
        "gap": Column("Gap", "%.1e", "Distance to the proven bound"),
        **({} if drawn.second is None else {"scenario": Column("Scenario")}),
    }
    parts.table(shown, columns, "frontier")
