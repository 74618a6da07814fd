"""Files to take away: any table as CSV, the whole plan as Excel and JSON. Each is built when it is asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from hybridplan.analysis import result_tables
from hybridplan.io import exports
from hybridplan.plan import Plan
from hybridplan.ui.messages import safe


def download_table(frame: pd.DataFrame, name: str, *, label: str = "CSV") -> None:
    """A button that downloads ``frame`` as ``name``.csv, with all digits that it has."""
    st.download_button(
        safe(label),
        data=lambda: exports.table_csv(frame).encode(),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv:{name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help=safe(f"Download this table ({name}.csv)"),
    )


def download_plan(plan: Plan) -> None:
    """Buttons for the whole plan as an Excel workbook and as JSON."""
    name = f"plan-{plan.content_hash[:8]}"
    with st.container(horizontal=True):
        st.download_button(
            "Whole plan (Excel)",
            data=lambda: exports.plan_excel(plan, result_tables.tables(plan), made_at=datetime.now(UTC)),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="plan:excel",
            on_click="ignore",
            icon=":material/table:",
        )
        st.download_button(
            "Whole plan (JSON)",
            data=lambda: json.dumps(exports.plan_json(plan), indent=2, allow_nan=False).encode(),
            file_name=f"{name}.json",
            mime="application/json",
            key="plan:json",
            on_click="ignore",
            icon=":material/data_object:",
        )
