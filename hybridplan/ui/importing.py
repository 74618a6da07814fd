"""Import panel: upload, say what the file leaves open, see what is taken and what is not, apply (undoable)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import forms
from hybridplan.io.importing import ImportOptions, ImportResult, Kind, import_file
from hybridplan.ui.downloads import download_table
from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.import_options import aliases, controls, mapping, units_in_one
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.session import slot, workspace

_KIND_LABELS: Final[dict[Kind, str]] = {
    "pools": "Pools, commitments, purchases, or a node list",
    "prices": "Prices for the pools",
    "sites": "Sites, or rates of regions",
    "links": "Links: round trips, transfer prices",
    "workloads": "Workloads, throughput, windows, scaling",
    "demand": "Demand by period",
    "trace": "A request trace or sampled rate",
    "datasets": "Datasets and their copies",
    "contingencies": "Failures to survive",
}
_TEMPLATES: Final[dict[Kind, tuple[str, ...]]] = {
    "pools": (
        "pools",
        "price_tiers",
        "commitments",
        "spend_commitments",
        "spend_rates",
        "expansions",
        "maintenance",
    ),
    "prices": (),
    "sites": ("sites",),
    "links": ("links",),
    "workloads": ("workloads", "throughput", "windows", "scaling", "route_costs"),
    "demand": ("demand",),
    "trace": (),
    "datasets": ("datasets", "copies"),
    "contingencies": ("contingencies",),
}
_MOST_SHOWN: Final = 200
_REJECTED: Final = {"line": "Line", "column": "Column", "value": "Value", "reason": "Why it is not taken"}


@dataclass
class _Panel:
    """View state: the last reading, for what it was made, and what happened to it."""

    token: str = ""
    result: ImportResult | None = None
    done: str = ""
    issues: list[Issue] = field(default_factory=list)


def import_panel(kinds: Sequence[Kind]) -> None:
    """The panel for files of these kinds. Nothing changes before Apply."""
    panel = slot(f"import:{kinds[0]}", _Panel)
    kind = st.selectbox(
        "What is in the file", kinds, format_func=_KIND_LABELS.__getitem__, key=f"import-kind:{kinds[0]}"
    )
    _templates(kind)
    upload = st.file_uploader(
        "File (CSV, TSV, gzip, Excel, JSON or JSON lines; up to 25 MB)", key=f"import-file:{kind}"
    )
    if upload is None:
        return
    result = _result(panel, kind, upload.getvalue(), upload.name)
    if panel.done:
        st.success(safe(panel.done), icon=":material/check:")
    _summary(result)
    _accepted(result)
    _rejected(result)
    rows = result.rows
    if kind == "trace" and rows:
        size = units_in_one(result, workspace().document)
        rows = [{**row, "value": float(row["value"]) / size, "unit": ""} for row in rows]
    _apply(panel, result, rows, upload.name)
    show_issues(panel.issues, title="The rows do not fit the scenario")


def _templates(kind: Kind) -> None:
    with st.container(horizontal=True):
        for name in _TEMPLATES[kind]:
            st.download_button(
                safe(f"Template: {'failures' if name == 'contingencies' else name.replace('_', ' ')}"),
                data=partial(_template, name),
                file_name=f"{name}-template.csv",
                mime="text/csv",
                key=f"import-template:{name}",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def _template(name: str) -> bytes:
    return forms.template(name).encode()


def _result(panel: _Panel, kind: Kind, data: bytes, name: str) -> ImportResult:
    """The file as read with the options chosen; read again only when one of them changes."""
    digest = hashlib.sha256(data).hexdigest()
    chosen = controls(kind, workspace().document)
    token, first = _read(kind, data, name, ImportOptions(**chosen), digest)
    answers: dict[str, Any] = {}
    if first.needs_mapping or _is_mapped(kind, name):
        answers["mapping"] = mapping(kind, name, first)
    if first.unknown_skus:
        answers["aliases"] = aliases(first.unknown_skus)
    result = first
    if any(answers.values()):
        token, result = _read(kind, data, name, ImportOptions(**chosen, **answers), digest)
    if panel.token != token:
        panel.token, panel.done, panel.issues = token, "", []
    return result


def _is_mapped(kind: Kind, name: str) -> bool:
    """True where a mapping was chosen for this file before."""
    return bool(slot(f"import-mapping:{kind}:{name}", dict[str, str]))


def _read(kind: Kind, data: bytes, name: str, options: ImportOptions, digest: str) -> tuple[str, ImportResult]:
    """What was read, and under which token it is kept."""
    readings = slot("import-readings", dict[str, ImportResult])
    token = f"{digest}:{kind}:{name}:{options!r}"
    if token not in readings:
        while len(readings) > 1:
            readings.pop(next(iter(readings)))
        readings[token] = import_file(data, name, kind, options)
    return token, readings[token]


def _summary(result: ImportResult) -> None:
    read, taken, refused = st.columns(3)
    read.metric("Lines read", f"{result.lines_read:,}")
    taken.metric("Lines taken", f"{result.lines_accepted:,}")
    refused.metric("Lines not taken", f"{result.lines_rejected:,}")
    known = f"Recognised as: {result.format}" if result.format else "Not recognised"
    st.caption(safe(f"{known}. Read as {result.dialect or 'no table'}."))
    for warning in result.warnings:
        st.warning(safe(warning), icon=":material/warning:")
    if result.assumptions:
        st.markdown("**Assumed, because the file does not say**")
        rows = [(one.name.replace("_", " "), one.value, one.why) for one in result.assumptions]
        st.dataframe(
            pd.DataFrame(rows, columns=["What", "Taken as", "Why"], dtype="str"), hide_index=True, alt="Assumptions"
        )


def _accepted(result: ImportResult) -> None:
    if not result.rows:
        return
    frame = pd.DataFrame([{key: text_of(value) for key, value in row.items()} for row in result.rows[:_MOST_SHOWN]])
    more = f", the first {_MOST_SHOWN} shown" if len(result.rows) > _MOST_SHOWN else ""
    st.markdown(f"**{safe(_rows(len(result.rows)))} to take in{safe(more)}**")
    st.dataframe(frame, hide_index=True, placeholder="", alt="Rows to take in")


def _rejected(result: ImportResult) -> None:
    if not result.rejected:
        return
    rows = [(str(one.line or "file"), one.column, one.value, one.reason) for one in result.rejected]
    frame = pd.DataFrame(rows, columns=list(_REJECTED.values()), dtype="str")
    more = f", the first {_MOST_SHOWN} shown" if len(frame) > _MOST_SHOWN else ""
    st.markdown(f"**Not taken, with the reason: {len(frame):,}{safe(more)}**")
    st.dataframe(frame.head(_MOST_SHOWN), hide_index=True, alt="Lines that are not taken")
    download_table(frame, "rejected-lines", label="All of them as CSV")


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _apply(panel: _Panel, result: ImportResult, rows: list[dict[str, Any]], name: str) -> None:
    if not st.button(
        f"Apply {_rows(len(rows))}",
        type=main_button(),
        icon=":material/done_all:",
        disabled=not rows,
        key=f"import-apply:{result.kind}",
    ):
        return
    ws = workspace()
    try:
        document = forms.apply(
            ws.document, result.kind, rows, short_trace=slot("import-short", dict[str, Any]).get(result.kind)
        )
    except InvalidInput as error:
        panel.issues = list(error.issues)
        return
    panel.issues = []
    if document == ws.document:
        panel.done = "Nothing changed: the scenario already says the same, or has no record that these rows are about."
    else:
        panel.done = f"Took {_rows(len(rows))} from {name}. Undo takes them back."
        ws.commit(document, f"Import {name}", rebuild=True)
    st.rerun()
