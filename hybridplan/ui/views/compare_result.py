"""What a comparison found: sentences, inputs that differ, figures, costs by term, and where work runs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.analysis.compare import Comparison, Entrant
from hybridplan.analysis.compare.result import CHANGE
from hybridplan.analysis.sentences import compared_figures
from hybridplan.analysis.sentences.comparing import SAME, both_names
from hybridplan.charts import compare as charts
from hybridplan.charts.series import Key
from hybridplan.report.figures import pool_key
from hybridplan.ui.downloads import download_table
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column

_BY: Final = {"pool": "By pool", "workload": "By workload"}


def draw(found: Comparison) -> None:
    """Draw all of it; what is drawn of one pair at a time has a choice where there are several."""
    parts.paragraph(" ".join(found.sentences[0]))
    _inputs(found)
    st.header("In words", anchor=False)
    for name, lines in list(zip(found.names, found.sentences, strict=True))[1:]:
        st.subheader(safe(name), anchor=False)
        parts.bullets(lines)
    _figures(found)
    solved = [one for one in found.entrants[1:] if one.plan.status.has_plan]
    if solved and found.entrants[0].plan.status.has_plan:
        other = _other(solved)
        _waterfall(found, other)
        _moves(found, other)
    with st.expander("All digits", icon=":material/table_chart:"):
        for name in ("inputs", "figures", "promises", "waterfall", "moves", "hourly"):
            download_table(getattr(found, name), f"compare-all-{name}", label=name.capitalize())


def _other(solved: Sequence[Entrant]) -> Entrant:
    names = [one.name for one in solved]
    if len(names) == 1:
        return solved[0]
    chosen = st.selectbox("Costs and moves of", names, key="compare-other")
    return next((one for one in solved if one.name == chosen), solved[0])


def _inputs(found: Comparison) -> None:
    st.header("Inputs that differ", anchor=False)
    if found.inputs.empty:
        st.info("All of them have the same inputs.", icon=":material/check:")
        return
    rows = found.inputs.assign(matters=["yes" if one else "no" for one in found.inputs["matters"]])
    columns = {"what": Column("Input"), **{name: Column(name) for name in found.names}}
    columns |= {"unit": Column("Unit"), "matters": Column("Can change a plan")}
    parts.table(rows, columns, "compare-inputs", height=_height(len(rows)))


def _figures(found: Comparison) -> None:
    st.header("Figures", anchor=False)
    rows = compared_figures.rows(found)
    columns = {"figure": Column("Figure"), found.names[0]: Column(found.names[0])}
    for name in found.names[1:]:
        columns |= {
            name: Column(name),
            f"{CHANGE}{name}": Column("Change" if len(found.names) == 2 else f"Change: {name}"),
        }
    parts.table(rows, columns, "compare-key-figures", height=_height(len(rows)))


def _waterfall(found: Comparison, other: Entrant) -> None:
    st.header("What the difference is made of", anchor=False)
    objective = found.figures.loc[found.figures["figure"] == "objective"].set_index("name")["value"].astype(float)
    known = found.waterfall["usd"].astype(float).abs() > SAME * abs(float(objective[found.names[0]]))
    rows = found.waterfall.loc[(found.waterfall["name"] == other.name) & known]
    if rows.empty:
        st.info("Every term costs the same.", icon=":material/check:")
        return
    currency = found.entrants[0].plan.scenario.display_currency
    terms = [labels.term(str(term)) for term in rows["term"]]
    table = pd.DataFrame({"name": terms, "value": rows["usd"].astype(float) * currency.units_per_usd})
    start = float(objective[found.names[0]]) * currency.units_per_usd
    hours = found.entrants[0].plan.scenario.horizon.plan_hours
    unit = f"{currency.code} {'per year' if found.span == 'year' else f'for {fmt.span(hours)}'}"
    figure = charts.waterfall(table, (found.names[0], other.name), start, parts.look(), unit=unit)
    parts.chart(figure, "compare-waterfall", f"Cost of {other.name} from that of {found.names[0]}, by term")
    parts.table(table, {"name": Column("Term"), "value": Column(f"Adds ({unit})", "money")}, "compare-terms")


def _moves(found: Comparison, other: Entrant) -> None:
    st.header("Where work runs elsewhere", anchor=False)
    moves = found.moves.loc[found.moves["name"] == other.name]
    hourly = found.hourly.loc[found.hourly["name"] == other.name]
    if moves.empty and hourly.empty:
        st.info(safe(f"No work runs elsewhere than in {found.names[0]}."), icon=":material/check:")
        return
    if len(hourly):
        _over_time(found.entrants[0], other, hourly)
    else:
        st.caption("The scenarios plan other hours, so there is nothing to draw hour by hour.")
    scenarios = found.entrants[0].plan.scenario, other.plan.scenario
    names, works = both_names(labels.pools, *scenarios), both_names(labels.workloads, *scenarios)
    shown = moves.assign(workload=labels.named(moves["workload"], works), pool=labels.named(moves["pool"], names))
    columns = {
        "workload": Column("Workload"),
        "pool": Column("Pool"),
        "accelerator_hours_before": Column("Before (accelerator-hours)", "%.1f"),
        "accelerator_hours": Column("Now (accelerator-hours)", "%.1f"),
        "change": Column("Change", "%+.1f"),
    }
    parts.table(shown, columns, "compare-moves", height=_height(len(shown)))


def _over_time(first: Entrant, other: Entrant, hourly: pd.DataFrame) -> None:
    scenario = other.plan.scenario
    by = st.segmented_control(
        "Show",
        list(_BY),
        default="pool",
        required=True,
        format_func=_BY.__getitem__,
        key="compare-by",
        label_visibility="collapsed",
    )
    block = parts.block_choice(labels.blocks(scenario), "compare")
    series = by or "pool"
    rows = hourly.loc[hourly["block"] == block].rename(columns={"change_accelerators": "value", series: "series"})
    if rows.empty:
        st.caption("Nothing runs elsewhere in this block.")
        return
    key = _key(first, other, series)
    hours, clock = clock_of(scenario, block)
    every = pd.DataFrame({"period_start": pd.to_datetime(scenario.horizon.blocks[block].starts(), utc=True)})
    times = list(on_clock(scenario, block, every)["time"])
    table = on_clock(scenario, block, rows)[["time", "series", "value"]]
    figure = charts.over_time(table, times, key, parts.look(), period_hours=hours, clock=clock)
    parts.chart(figure, f"compare-time-{series}", f"Busy accelerators of {other.name} less those of {first.name}")


def _key(first: Entrant, other: Entrant, series: str) -> Key:
    scenarios = first.plan.scenario, other.plan.scenario
    if series == "workload":
        return Key(both_names(labels.workloads, *scenarios))
    options = [pool_key(scenario).options for scenario in scenarios]
    return Key(both_names(labels.pools, *scenarios), {**options[0], **options[1]})


def _height(rows: int) -> int:
    """Pixels for all rows, up to what fits a page."""
    return min(38 + 35 * rows, 560)
