"""Fill a workload's throughputs from the catalogue by model, estimates marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from hybridplan.io import catalogue
from hybridplan.ui.editors.catalogue_throughput import (
    SERVICE_TIMES,
    WORK_UNITS,
    guess_unit,
    operating_points,
    throughputs,
    with_throughputs,
)
from hybridplan.ui.editors.rows import section
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.session import workspace

_LABELS = {
    "sku": "SKU",
    "throughput": "Throughput (work units per accelerator-hour)",
    "service_ms": "Service time (ms)",
    "prefill": "Reads (prompt tokens per second)",
    "decode": "Writes (output tokens per second)",
    "replica": "Replica size (accelerators)",
    "kind": "Measured or estimate",
    "source": "Source",
    "as_of": "Date",
}


def throughput_picker() -> None:
    """The picker; Apply replaces the throughputs of the SKUs that are shown, undoable."""
    ws = workspace()
    works = section(ws.document, "workloads")
    if not works:
        st.info("Add a workload first.", icon=":material/info:")
        return
    workload, model, point = _choice(works)
    first, second, third = st.columns(3)
    work = works[workload]
    unit_text = str(work.get("unit", "accelerator-hours")) if isinstance(work, dict) else ""
    guess = guess_unit(unit_text)
    unit = first.selectbox(
        "One work unit is one",
        WORK_UNITS,
        WORK_UNITS.index(guess),
        key=f"speed:unit:{workload}",
        help="Tokens are output tokens.",
    )
    times_tokens = isinstance(work, dict) and work.get("latency_point", "request") != "request"
    service = second.selectbox(
        "Service time from",
        SERVICE_TIMES,
        SERVICE_TIMES.index("token rates" if times_tokens else "time to first token"),
        key=f"speed:service:{workload}:{times_tokens}",
        help="Token rates are for work that times its first or last token.",
    )
    only_mine = third.toggle("Only SKUs of my pools", value=True, key="speed:mine")
    found = throughputs(model, *point, unit, service)
    mine = {pool.get("sku") for pool in section(ws.document, "pools").values() if isinstance(pool, dict)}
    found = {sku: record for sku, record in found.items() if not only_mine or sku in mine}
    st.caption(safe(f"The work unit of {workload} is called: {unit_text}. Estimates can be 30 % off and more."))
    if not found:
        st.info("The catalogue has no figure in this unit for these SKUs.", icon=":material/info:")
        return
    st.dataframe(
        _frame(found), hide_index=True, column_config=dict(_LABELS), placeholder="", alt="Throughputs in the catalogue"
    )
    lacking = [sku for sku, record in found.items() if "prefill_tokens_per_second" not in record]
    if times_tokens and lacking:
        text = f"{workload} times tokens, and there are no token rates here for {', '.join(lacking)}: enter them after."
        st.warning(safe(text), icon=":material/edit_note:")
    if st.button(safe(f"Use these for {workload}"), type=main_button(), key="speed:apply"):
        document = with_throughputs(ws.document, workload, model, found)
        ws.commit(document, f"Fill throughput of {workload} from {model}", rebuild=True)


def _choice(works: Mapping[str, Any]) -> tuple[str, str, tuple[str, str]]:
    """Workload, model (the workload's own where the catalogue has it), and (precision, operating point)."""
    first, second, third = st.columns(3)
    chosen = first.selectbox("Workload", list(works), key="speed:workload")
    workload = chosen if chosen in works else next(iter(works))
    models = catalogue.models()
    named = works[workload].get("model") if isinstance(works[workload], dict) else None
    index = models.index(named) if named in models else 0
    model = second.selectbox("Model", models, index, key=f"speed:model:{workload}")
    points = operating_points(model)
    point = third.selectbox("Precision, operating point", points, format_func=", ".join, key=f"speed:point:{model}")
    return workload, model, point


def _frame(found: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [
            {
                "sku": sku,
                "throughput": record["units_per_accelerator_hour"],
                "service_ms": record.get("service_ms", float("nan")),
                "prefill": record.get("prefill_tokens_per_second", float("nan")),
                "decode": record.get("decode_tokens_per_second", float("nan")),
                "replica": record["accelerators_per_replica"],
                "kind": "estimate" if record.get("is_estimate") else "measured",
                "source": record["source"],
                "as_of": record["as_of"],
            }
            for sku, record in found.items()
        ]
    )
    return frame.dropna(axis="columns", how="all")
