"""Typical weeks from a year: upload, choose how many, see what they get wrong, apply (undoable)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import labels
from hybridplan.analysis.sentences import blocks as sentences
from hybridplan.analysis.typical_weeks import MOST_WEEKS, TypicalWeeks, typical_weeks
from hybridplan.charts import typical_weeks as weeks_chart
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import forms
from hybridplan.io.importing import import_file
from hybridplan.ui.editors.rows import Document
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.session import slot, workspace
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column

_MOST_ISSUES: Final = 20
_SPAN_WEEKS: Final = 520


@dataclass
class _Panel:
    """View state: what was found last, and for which file and options."""

    token: str = ""
    found: TypicalWeeks | None = None
    issues: list[Issue] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    done: str = ""
    applied: Document = field(default_factory=dict)
    """What was applied last: the word about it stands as long as that is what is open."""


def typical_weeks_tool() -> None:
    """Draw the section. Nothing changes before Apply."""
    ws, panel = workspace(), slot("typical-weeks", _Panel)
    st.caption(
        "A year of demand, hour by hour, becomes a few real weeks that stand for all of it. They take the place of the "
        "blocks above. The file is the form of demand: workload, start of the period, value; one column for each "
        "workload does as well."
    )
    st.download_button(
        "Template: demand",
        data=partial(_template),
        file_name="demand-template.csv",
        mime="text/csv",
        key="weeks:template",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )
    if ws.scenario is None:
        st.info("Mend the errors of the scenario first: its blocks are the pattern.", icon=":material/edit_note:")
        return
    upload = st.file_uploader("Demand of a year (CSV, gzip or Excel; up to 25 MB)", key="weeks:file")
    count, extreme, later = _options()
    if panel.done and ws.document == panel.applied:
        st.success(safe(panel.done), icon=":material/check:")
    if upload is None:
        return
    _work_out(panel, ws.scenario, upload.getvalue(), upload.name, count, extreme=extreme, later=later)
    for warning in panel.warnings:
        st.warning(safe(warning), icon=":material/warning:")
    show_issues(panel.issues, title="This year cannot be used")
    if panel.found is not None:
        _preview(panel.found, ws.scenario)
        _apply(panel, panel.found, upload.name)


def _template() -> bytes:
    return forms.template("demand").encode()


def _options() -> tuple[int, bool, int]:
    """How many weeks, whether the busiest is kept, and how many weeks later they start."""
    first, second, third = st.columns(3, vertical_alignment="bottom")
    count = first.number_input("Typical weeks", 1, MOST_WEEKS, 4, key="weeks:count")
    later = second.number_input(
        "Start later by (weeks)",
        -_SPAN_WEEKS,
        _SPAN_WEEKS,
        0,
        key="weeks:later",
        help="52: the same weeks a year after those of the file.",
    )
    extreme = third.toggle("Keep the busiest week", value=True, key="weeks:extreme", help="As it was, once a year.")
    return int(count), extreme, int(later)


def _work_out(
    panel: _Panel, scenario: Scenario, data: bytes, name: str, count: int, *, extreme: bool, later: int
) -> None:
    """Read and choose anew only when the file, an option or the scenario changes."""
    digest = hashlib.sha256(data).hexdigest()
    token = f"{digest}:{name}:{count}:{extreme}:{later}:{scenario.content_hash}"
    if panel.token == token:
        return
    panel.token, panel.found, panel.issues = token, None, []
    result = import_file(data, name, "demand")
    panel.warnings = list(result.warnings)
    if result.rejected:
        more = len(result.rejected) - _MOST_ISSUES
        panel.issues = [
            Issue(f"line {one.line}" if one.line else "file", one.reason, one.value)
            for one in result.rejected[:_MOST_ISSUES]
        ]
        panel.issues += [Issue("file", f"{more:,} more lines are not taken")] if more > 0 else []
        return
    try:
        panel.found = typical_weeks(
            scenario, result.rows, count, extreme=extreme, weeks_later=later, source=f"typical weeks of {name}"
        )
    except InvalidInput as error:
        panel.issues = list(error.issues)


def _preview(found: TypicalWeeks, scenario: Scenario) -> None:
    names = labels.workloads(scenario)
    parts.bullets(sentences.found_weeks(found, names, scenario.horizon.time_zone))
    figure = weeks_chart.load_duration(found.load_duration, parts.look(), unit=found.unit)
    parts.chart(figure, "weeks-duration", "Load-duration curve of the year and of the typical weeks")
    _week_table(found)
    rows = sentences.named_errors(found, names, {key: work.unit for key, work in scenario.workloads.items()})
    for column in ("total", "peak", "curve_mean", "curve_max"):
        rows[f"{column}_percent"] = rows[f"{column}_error_share"] * 100
    columns = {
        "name": Column("Workload"),
        "total_percent": Column("Total (% off)", "%.2g"),
        "year_peak": Column("Highest hour of the year", "%.4g"),
        "weeks_peak": Column("Of the weeks", "%.4g"),
        "unit": Column("Unit"),
        "peak_percent": Column("Highest hour (% off)", "%.2f"),
        "curve_mean_percent": Column("Curve, mean (% of the mean)", "%.2f"),
        "curve_max_percent": Column("Curve, at most (% of the peak)", "%.2f"),
    }
    parts.table(_tidied(rows), columns, "typical-weeks-errors")


def _tidied(rows: pd.DataFrame) -> pd.DataFrame:
    """Errors that are rounding are shown as 0."""
    return rows.assign(
        **{name: rows[name].where(rows[name].abs() > 1e-9, 0.0) for name in rows.columns if name.endswith("_percent")}
    )


def _week_table(found: TypicalWeeks) -> None:
    rows = found.weeks.assign(
        taken=[f"{one:%a %d %b %Y}" for one in found.weeks["taken_from"]],
        begins=[f"{one:%a %d %b %Y}" for one in found.weeks["start"]],
        kept=["yes" if one else "no" for one in found.weeks["is_extreme"]],
    )
    columns = {
        "taken": Column("Real week from"),
        "begins": Column("Starts in the plan"),
        "hours": Column("Hours", "%d"),
        "weight": Column("Occurs (times)", "%.4g"),
        "kept": Column("Busiest week"),
    }
    parts.table(rows, columns, "typical-weeks")


def _apply(panel: _Panel, found: TypicalWeeks, name: str) -> None:
    count = len(found.weeks)
    noun = "1 typical week" if count == 1 else f"{count} typical weeks"
    if not st.button(f"Apply {noun}", type=main_button(), icon=":material/done_all:", key="weeks:apply"):
        return
    ws = workspace()
    panel.done, panel.applied = f"The blocks are now {noun} of {name}. Undo takes them back.", found.document
    ws.commit(found.document, f"Typical weeks of {name}", rebuild=True)
    st.rerun()
