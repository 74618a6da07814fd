"""What goes on after each failure: workload by failure, and hour by hour after one of them."""

from __future__ import annotations

from typing import Final, Literal

import pandas as pd
import streamlit as st

from hybridplan.analysis import drills, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.left_after import left_after
from hybridplan.charts import Figure, theme
from hybridplan.charts import left_after as charts
from hybridplan.plan import Plan
from hybridplan.ui.views import parts
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column

How = Literal["worst", "horizon"]
_SHOWN: Final[dict[How, str]] = {"worst": "In the worst hour", "horizon": "Over all that is planned"}
_QUESTIONS: Final[dict[How, str]] = {
    "worst": "How much goes on after each failure, in the worst hour?",
    "horizon": "How much goes on if a failure lasts all the time?",
}


def show(plan: Plan) -> None:
    """Draw the section."""
    st.header("What goes on after each failure", anchor=False)
    chosen: How | None = st.segmented_control(
        "Show",
        list(_SHOWN),
        default="worst",
        required=True,
        format_func=_SHOWN.__getitem__,
        key="left:how",
        persist_state="session",
        label_visibility="collapsed",
    )
    how: How = chosen or "worst"
    nothing = not promises.promised(plan.scenario)
    keep = st.toggle(
        "Work without a promise runs on where it can", nothing, key=f"left:keep:{nothing}", persist_state="session"
    )
    figure = _matrix(plan, how, keep, parts.look())
    parts.chart(figure, f"left-{how}", "Share of each workload that goes on, by failure")
    st.caption(
        "Share of what is served when nothing has failed; below it (≥) what is promised. ✗: not kept. Work that can "
        "wait is not drawn. "
        + ("Work without a promise gets what promised work leaves free." if keep else "Work without a promise stops.")
    )
    parts.table(_rows(plan, keep), _columns(plan), "after-each-failure")
    _by_hour(plan, keep)


def _columns(plan: Plan) -> dict[str, Column]:
    return {
        "name": Column("Workload"),
        "failure": Column("Failure"),
        "promised": Column("Promised (%)", "%.1f", "Of what is served; empty: no promise"),
        "worst": Column("Goes on in the worst hour (%)", "%.1f", "Of what is served"),
        "when": Column(f"Worst hour ({labels.zone(plan.scenario).key})"),
        "horizon": Column("Goes on over all that is planned (%)", "%.1f", "If the failure lasted all the time"),
        "kept": Column("Promise"),
    }


@kept
def _found(plan: Plan, keep: bool) -> pd.DataFrame:
    return left_after(plan, keep_unpromised=keep)


@kept
def _rows(plan: Plan, keep: bool) -> pd.DataFrame:
    rows, zone = _found(plan, keep), labels.zone(plan.scenario)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        failure=labels.named(rows["contingency"], labels.contingencies(plan.scenario)),
        promised=(rows["promised_share"] * 100).where(rows["promised_share"] > 0),
        worst=rows["worst_share"] * 100,
        when=[parts.short_clock(start, zone) for start in rows["period_start"]],
        horizon=rows["horizon_share"] * 100,
        kept=[_word(float(p), bool(k)) for p, k in zip(rows["promised_share"], rows["is_kept"], strict=True)],
    )


def _word(promised: float, is_kept: bool) -> str:
    return fmt.NO_VALUE if promised <= 0 else "kept" if is_kept else "not kept"


@kept
def _matrix(plan: Plan, how: How, keep: bool, look: theme.Theme) -> Figure:
    rows = _rigid(plan, _found(plan, keep))
    return charts.matrix(
        rows.assign(share=rows[f"{how}_share"]),
        labels.workloads(plan.scenario),
        labels.contingencies(plan.scenario),
        look,
        question=_QUESTIONS[how],
    )


def _rigid(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Without work that can wait: it stops after a failure, whatever fails."""
    works = plan.scenario.workloads
    return rows.loc[[works[str(key)].flexibility == "rigid" for key in rows["workload"]]]


def _by_hour(plan: Plan, keep: bool) -> None:
    """One failure, hour by hour."""
    scenario = plan.scenario
    names = labels.contingencies(scenario)
    st.subheader("Hour by hour", anchor=False)
    left, right = st.columns(2)
    with left:
        chosen = st.selectbox(
            "Failure", list(names), format_func=names.__getitem__, key="left:failure", persist_state="session"
        )
    with right:
        block = parts.block_choice(labels.blocks(scenario), "left")
    failure = chosen if chosen in names else next(iter(names))
    if _served(plan, failure, block, keep)["share"].isna().all():
        parts.paragraph("Nothing is served here that has to go on at once.")
        return
    figure = _hours(plan, failure, block, keep, parts.look())
    parts.chart(figure, "left-by-hour", "Share of each workload that goes on, hour by hour")


@kept
def _served(plan: Plan, failure: str, block: str, keep: bool) -> pd.DataFrame:
    """Rows of one block for the chart; no share where nothing is served."""
    table = _rigid(plan, drills.left_by_hour(plan, failure, keep_unpromised=keep))
    table = table.loc[table["block"] == block]
    return table.assign(share=table["share"].clip(upper=1.0).where(table["served"] > 0))


@kept
def _hours(plan: Plan, failure: str, block: str, keep: bool, look: theme.Theme) -> Figure:
    scenario, table = plan.scenario, _served(plan, failure, block, keep)
    hours, clock = clock_of(scenario, block)
    return charts.by_hour(
        on_clock(scenario, block, table),
        labels.workloads(scenario),
        look,
        question=f"How much goes on after the {labels.contingencies(scenario)[failure]}",
        period_hours=hours,
        clock=clock,
    )
