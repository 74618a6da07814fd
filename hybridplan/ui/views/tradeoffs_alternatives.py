"""Alternatives: plans that cost little more than the cheapest, each best in another respect, and what they share."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import caps, key_figures, labels
from hybridplan.analysis.near_results import Alternative, Alternatives
from hybridplan.analysis.sentences import alternatives as words
from hybridplan.analysis.sentences import decision, evidence
from hybridplan.charts import alternatives as chart
from hybridplan.domain import parse
from hybridplan.plan import Plan
from hybridplan.report.figures import pool_key
from hybridplan.ui import session, studying
from hybridplan.ui.downloads import download_plan
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, plan_where
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Document, Workspace

SLACKS: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Per cent that a plan may cost more than the cheapest."""
_MOST_POOLS: Final = 24
"""Pools on the chart; the table has all."""
_OPEN: Final = "alternative-open"
_BEST: Final = "The cheapest plan"
_RULE: Final = "A simple rule"
_OPENED: Final = "The plan before your changes"


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    parts.paragraph("Which other plans are there that cost hardly more, and what do all of them have in common?")
    slack = st.segmented_control(
        "May cost more by",
        SLACKS,
        default=2.0,
        required=True,
        format_func=lambda percent: f"{percent:g} %",
        key="alternatives-slack",
        persist_state="session",
    )
    options: dict[str, Any] = {"slack_percent": 2.0 if slack is None else slack}
    if (opened := _as_opened(ws, plan)) is not None:
        options["today"] = opened
    found = studying.run(
        "alternatives",
        plan.scenario,
        options,
        key="alternatives",
        label="Look for alternatives",
        draw_partial=lambda so_far: _list(plan, so_far, "alternatives-so-far"),
        help="Solves one plan for each other aim, and the least and most of each pool.",
    )
    if isinstance(found, Alternatives) and found.best is not None:
        _draw(found, found.best)


def _as_opened(ws: Workspace, plan: Plan) -> Document | None:
    """The document that was opened, where today's plan is to be that of it; it must differ from what is solved."""
    scenario, _ = parse(ws.opened) if ws.is_changed else (None, [])
    if scenario is None or scenario.content_hash == plan.content_hash:
        return None
    chosen = st.segmented_control(
        "Today is",
        (_RULE, _OPENED),
        default=_OPENED,
        required=True,
        key="alternatives-today",
        persist_state="session",
    )
    return scenario.to_dict() if chosen != _RULE else None


def _draw(found: Alternatives, best: Plan) -> None:
    parts.paragraph(words.headline(found, best))
    parts.bullets(words.line(best.scenario, row) for row in found.alternatives)
    st.caption(safe(words.today(found)))
    for line in words.missing(found):
        st.caption(safe(line))
    _list(best, found, "alternatives")
    _ranges(found, best)
    _open(found, best)


def _list(best: Plan, found: Alternatives, name: str) -> None:
    """Differences in cost and carbon, and the share of each public provider; the cheapest plan first."""
    scenario = best.scenario
    rows = [_row(_BEST, best, 0.0)]
    rows += [_row(words.name(scenario, row), row.plan, row.more_usd) for row in found.alternatives]
    table = pd.DataFrame(rows)
    rate, unit = scenario.display_currency.units_per_usd, key_figures.money_unit(best, "plan")
    table["more"] = table["more_usd"].astype(float) * rate
    table["carbon_more"] = table["carbon"] - table["carbon"].iloc[0]
    columns = {
        "name": Column("Plan"),
        "more": Column(f"Costs more ({unit})", "money"),
        "carbon": Column("Carbon (t CO₂e)", "%.3f"),
        "carbon_more": Column("Carbon, difference (t)", "%+.3f"),
        "owned": Column("On what is owned (%)", "%.1f", "Share of busy accelerator-hours"),
    }
    providers = [str(column) for column in table.columns if column not in (*columns, "more_usd")]
    columns |= {provider: Column(f"At {provider} (%)", "%.1f") for provider in providers}
    parts.table(table, columns, name)


def _row(name: str, plan: Plan | None, more_usd: float | None) -> dict[str, object]:
    if plan is None:
        return {"name": name}
    busy = plan.quantities.set_index("pool")["busy_accelerator_hours"].astype(float)
    owned = [key for key, pool in plan.scenario.pools.items() if pool.purchase_option == "owned"]
    whole = float(busy.sum())
    shares = caps.by_provider(plan).sort_values("provider")
    providers = dict(zip(shares["provider"].astype(str), shares["share"].astype(float) * 100.0, strict=True))
    return {
        "name": name,
        "more_usd": more_usd,
        "carbon": caps.emitted_tonnes(plan),
        "owned": 100.0 * float(busy[owned].sum()) / whole if whole > 0 else None,
        **providers,
    }


def _open(found: Alternatives, best: Plan) -> None:
    """One alternative as a plan of its own; the scenario that is open stays as it is."""
    st.header("Open one as a plan", anchor=False)
    names = {words.name(best.scenario, row): row for row in found.alternatives if row.plan is not None}
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Alternative", list(names), key="alternative")
        st.button(
            "Open as plan",
            key="open-alternative",
            icon=":material/open_in_new:",
            on_click=session.choose,
            args=(_OPEN, chosen),
        )
    row = names.get(str(session.widget(_OPEN) or ""))
    if row is not None and row.plan is not None:
        _opened(found, best, row, row.plan)


def _opened(found: Alternatives, best: Plan, row: Alternative, plan: Plan) -> None:
    with st.container(border=True):
        st.subheader(safe(words.heading(plan.scenario, found, row)), anchor=False)
        parts.paragraph(words.line(plan.scenario, row))
        parts.bullets(
            text for text in (words.certificate(plan.scenario, row), words.proof(row), *decision.cost(plan)) if text
        )
        st.caption("Your scenario and its own plan stay as they are.")
        download_plan(plan)
        if plan.tables is not None:
            plan_where.where_it_runs(plan, plan.tables)
        _costs(best, plan)
        with st.expander("What was checked", icon=":material/verified:"):
            parts.bullets(evidence.certificate(plan))
        st.button("Close", key="close-alternative", icon=":material/close:", on_click=session.choose, args=(_OPEN, ""))


def _costs(best: Plan, plan: Plan) -> None:
    """Cost by term beside that of the cheapest plan."""
    st.header("Cost by term, against the cheapest plan", anchor=False)
    rate, unit = plan.scenario.display_currency.units_per_usd, key_figures.money_unit(plan, "plan")
    mine, other = ({**one.cost_usd, **one.penalty_usd} for one in (plan, best))
    terms = [term for term in mine if mine[term] or other.get(term, 0.0)]
    rows = pd.DataFrame({"term": [labels.term(term) for term in terms]})
    rows["mine"] = [mine[term] * rate for term in terms]
    rows["other"] = [other.get(term, 0.0) * rate for term in terms]
    rows["more"] = rows["mine"] - rows["other"]
    columns = {
        "term": Column("Term"),
        "mine": Column(f"This plan ({unit})", "money"),
        "other": Column(f"The cheapest ({unit})", "money"),
        "more": Column(f"Difference ({unit})", "money"),
    }
    parts.table(rows, columns, "alternative-costs")


def _ranges(found: Alternatives, best: Plan) -> None:
    """How much of each pool is used in all of these plans."""
    known = [row for row in found.ranges if row.least is not None and row.most is not None]
    if not known:
        return
    st.header("What all of these plans have in common", anchor=False)
    key, look = pool_key(best.scenario), parts.look()
    paint = key.colours(look)
    shown = sorted(known, key=lambda row: -(row.most or 0.0))[:_MOST_POOLS]
    rows = pd.DataFrame([{**vars(row), "name": key.names[row.pool]} for row in shown])
    figure = chart.ranges(
        rows,
        [paint[row.pool] for row in shown],
        look,
        question="How busy is each pool in all of these plans?",
        unit="accelerator-hours",
    )
    parts.chart(figure, "alternative-ranges", "Least and most use of each pool")
    parts.bullets(words.ranges(best.scenario, found))
    table = found.range_table()
    table["name"] = labels.named(table["pool"], key.names)
    columns = {
        "name": Column("Pool"),
        "least": Column("Least (accelerator-hours)", "amount"),
        "most": Column("Most (accelerator-hours)", "amount"),
        "optimum": Column("Cheapest plan (accelerator-hours)", "amount"),
        "least_bound": Column("Proven: not below", "amount"),
        "most_bound": Column("Proven: not above", "amount"),
    }
    parts.table(table, columns, "pool-ranges")
