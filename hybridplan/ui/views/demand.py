"""Demand: workloads, what each SKU does for them, profiles and windows, and the horizon with its growth."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import demand as demand_table
from hybridplan.analysis import labels
from hybridplan.charts import demand as demand_chart
from hybridplan.charts.series import Key
from hybridplan.io.importing import Kind
from hybridplan.ui import session
from hybridplan.ui.editors.block_tools import block_tools
from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.columns import Column
from hybridplan.ui.editors.data_tables import WORK_DATA
from hybridplan.ui.editors.demand_tables import BLOCKS, ROUTE_COSTS, THROUGHPUT, WINDOWS, WORKLOADS
from hybridplan.ui.editors.failure_tables import PROMISES
from hybridplan.ui.editors.fields import Field, draw
from hybridplan.ui.editors.profile_editor import misfit_notice, profile_editor
from hybridplan.ui.editors.rows import section
from hybridplan.ui.editors.sections import drawer, issues_under, table_drawer, table_section
from hybridplan.ui.editors.throughput_picker import throughput_picker
from hybridplan.ui.editors.typical_weeks import typical_weeks_tool
from hybridplan.ui.editors.workload_views import JOBS, LATENCY, SCALING
from hybridplan.ui.importing import import_panel
from hybridplan.ui.views.empty import first_steps
from hybridplan.ui.views.parts import block_choice, chart, look

_KINDS: Final[tuple[Kind, ...]] = ("demand", "trace", "workloads")
_ZONE: Final = Field(
    ("horizon", "time_zone"),
    Column("time_zone", "Time zone for display", hint="IANA name, e.g. Europe/Berlin.", default="UTC"),
)


def show() -> None:
    """The page."""
    ws = session.workspace()
    if not section(ws.document, "workloads"):
        first_steps("There is no workload yet, so there is nothing to plan for. Load the demo, or add a row below.")
    if not ws.read_only:
        drawer("Import demand or a request trace", ":material/upload_file:", lambda: import_panel(_KINDS))
    misfit_notice()
    _stacked()
    table_section(WORKLOADS, empty="There is no workload yet: add a row.")
    _latency_and_data()
    _profiles()
    table_section(
        WINDOWS, empty="There is no window. Deferrable work needs one: a volume to be done between two times."
    )
    _jobs()
    table_section(
        THROUGHPUT,
        empty="There is no throughput yet: a workload can only run on SKUs that are listed here.",
        note="What one accelerator does for a workload. Figures marked as estimates make every result an estimate.",
    )
    if not ws.read_only:
        drawer("Fill throughput from the catalogue by model", ":material/speed:", throughput_picker)
    drawer(
        "Extra cost by route",
        ":material/alt_route:",
        lambda: table_section(ROUTE_COSTS, empty="No route has an extra cost."),
    )
    table_section(
        BLOCKS,
        empty="There is no block: add the time to plan for.",
        note="A block is a run of periods of one length. Growth: give a later block a demand factor above 1.",
    )
    if not ws.read_only:
        drawer("Add, fill or remove a block (growth)", ":material/trending_up:", block_tools)
        drawer("Typical weeks from a year", ":material/calendar_view_week:", typical_weeks_tool)
    draw(_ZONE)
    issues_under("horizon.time_zone")


def _latency_and_data() -> None:
    table_drawer(
        LATENCY,
        "Latency: who must be faster, what is timed, and the queue",
        ":material/timer:",
        empty="There is no rigid workload, so nothing waits in a queue.",
        note="Rigid work, and any other work with a latency objective. Waiting grows with load: with a queue the plan "
        "assigns more accelerators than are busy.",
    )
    table_drawer(
        PROMISES,
        "Promises: what goes on after a failure, how it is kept, and how soon",
        ":material/shield:",
        empty="There is no rigid workload, and work in windows can wait for repair.",
        note="Which failures: see Assumptions. One at a time, and users at a lost site stay and are served elsewhere.",
    )
    table_drawer(
        WORK_DATA,
        "Data: datasets that work needs, results that are kept, and their backup",
        ":material/database:",
        empty="There is no workload yet.",
        note="Datasets and their copies: see Inventory. Keeping data needs a storage price of the site.",
    )


def _jobs() -> None:
    table_drawer(
        JOBS,
        "Jobs: gangs, one site, order, most at one time",
        ":material/account_tree:",
        empty="There is no deferrable workload.",
        note="Deferrable work. A gang is one replica (its size is in the table of throughput): all of its accelerators "
        "run together, or none.",
    )
    table_drawer(
        SCALING,
        "Scaling points: speed by number of accelerators",
        ":material/show_chart:",
        empty="There is no point, so twice the accelerators do twice the work. Add points where they do less.",
        note="Deferrable work. Between 0 and the points the work done is interpolated in straight lines. The "
        "interconnect is the one in the table of pools (All fields).",
    )


def _stacked() -> None:
    scenario = session.workspace().scenario
    if scenario is None:
        st.info("The chart of all demand comes back when the errors are mended.", icon=":material/edit_note:")
        return
    if not scenario.workloads:
        return
    block_id = block_choice(labels.blocks(scenario), "demand")
    block = scenario.horizon.blocks[block_id]
    rows = demand_table.in_accelerators(scenario, block_id)
    if rows.empty:
        return
    times = labels.wall_clock(scenario, block, rows["period_start"])
    figure = demand_chart.stacked(
        rows.assign(time=times).rename(columns={"workload": "series", "accelerators": "value"}),
        Key(labels.workloads(scenario)),
        look(),
        period_hours=block.period_hours,
        clock=labels.clock_name(scenario, block),
    )
    chart(figure, f"demand:{block_id}", "Accelerators needed by workload over time")
    st.caption(
        "Each workload on the fastest SKU that your pools have; work in windows spread evenly. The plan may choose "
        "other SKUs and hours."
    )


def _profiles() -> None:
    st.subheader("Demand over time", anchor=False)
    works = section(session.workspace().document, "workloads")
    rigid = {
        key: key
        for key, work in works.items()
        if isinstance(work, dict) and work.get("flexibility", "rigid") != "deferrable"
    }
    profile_editor(
        "demand_units_per_hour",
        rigid,
        label="Demand",
        question="How much of {name} is asked for?",
        unit_of=lambda key: f"{text_of(works[key].get('unit', 'accelerator-hours'))} per hour",
        empty="There is no profile in this block yet. Type values, or set or shape all periods with a tool.",
    )
