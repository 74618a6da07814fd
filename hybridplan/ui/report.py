"""The Report button and its dialog: files to hand over, each built when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import status
from hybridplan.errors import HybridplanError
from hybridplan.plan import Plan
from hybridplan.report.files import File, Kind, files
from hybridplan.ui import dialogs, session, solving
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.workspace import Workspace

_LOG: Final = logging.getLogger(__name__)
_OFFERED: Final[dict[Kind, tuple[str, str, str]]] = {
    "html": (
        "HTML report",
        "One page to decide by, then the evidence, with charts to point at. Opens in any browser without a network; "
        "about 5 MB, more for long plans.",
        ":material/article:",
    ),
    "pdf": ("PDF", "The same for paper, meetings and records.", ":material/picture_as_pdf:"),
    "xlsx": (
        "Excel workbook",
        "Inputs, allocation, costs, prices and certificate as tables, with all digits.",
        ":material/table:",
    ),
    "csv": (
        "Hourly costs (CSV)",
        "Billed, effective, list and contracted cost by hour in FOCUS columns, for cost tools.",
        ":material/payments:",
    ),
    "json": ("Scenario (JSON)", "The inputs alone, to open or solve them again.", ":material/data_object:"),
    "zip": ("Everything (ZIP)", "All of these files in one archive.", ":material/folder_zip:"),
}
"""What the button says, what the file is for, and an icon."""


def draw_button() -> None:
    """The Report button; and the dialog, from the click until it is closed or the page is left."""
    st.button("Report", key="report", icon=":material/summarize:", on_click=dialogs.show, args=("report",))
    if dialogs.is_open("report"):
        _dialog()


def origin(ws: Workspace) -> str:
    """Which saved version the plan answers, in words; empty where it answers none."""
    if ws.is_stale:
        return ""
    if ws.shown is not None:
        return _version(ws.shown.number, ws.shown.name, ws.shown.saved_at)
    if ws.origin is None:
        return ""
    since = ", changed since" if ws.is_changed else ""
    return f"{_version(ws.origin.number, ws.origin.name, ws.origin.saved_at)}{since}"


def _version(number: int, name: str, saved_at: datetime) -> str:
    return f"Version {number} of {name}, saved {fmt.day(saved_at.astimezone(UTC).date())}"


@st.dialog("Report and files", width="medium", on_dismiss=dialogs.close)
def _dialog() -> None:
    ws = session.workspace()
    plan = ws.plan
    if ws.solving:
        st.info("Solving now. The files for the new answer are here when it is ready.", icon=":material/hourglass_top:")
    if plan is None:
        _unsolved(ws)
        return
    if ws.is_stale and not ws.solving:
        st.warning(
            "The inputs have changed since this plan was solved. These files hold the inputs that were solved, and "
            "their answer. For a report of what you see now, solve first.",
            icon=":material/history:",
        )
        _solve_button(ws)
    if not plan.status.has_plan:
        st.warning("There is no plan. The report says why, and shows no figure as an answer.", icon=":material/block:")
    _files(plan, origin(ws))


def _unsolved(ws: Workspace) -> None:
    if ws.solving:
        return
    errors = sum(issue.severity == "error" for issue in ws.issues)
    st.warning(safe(status.no_plan(None, errors)), icon=":material/edit_note:")
    _solve_button(ws)


def _solve_button(ws: Workspace) -> None:
    if ws.scenario is not None:
        st.button("Solve first", key="report_solve", icon=":material/play_arrow:", on_click=_solve)


def _solve() -> None:
    solving.begin(session.workspace())


def _files(plan: Plan, came_from: str) -> None:
    made = files(plan, made_at=datetime.now(UTC), origin=came_from)
    for kind, file in made.items():
        label, purpose, icon = _OFFERED[kind]
        with st.container(gap="xxsmall"):
            st.download_button(
                safe(label),
                data=_guarded(file),
                file_name=file.name,
                mime=file.mime,
                key=f"report:{kind}",
                on_click="ignore",
                icon=icon,
                type=main_button(kind == "html"),
                width="stretch",
            )
            st.caption(safe(purpose))
    st.caption(
        "Each file is built when you ask for it: seconds for a week, half a minute for a year of hours. "
        "They hold all names and prices."
    )


def _guarded(file: File) -> Callable[[], bytes]:
    """The builder; where it fails the button says so, and the log has the cause."""

    def build() -> bytes:
        try:
            return file.build()
        except Exception as error:
            _LOG.exception("%s could not be built", file.name.rsplit(".", 1)[-1])
            raise HybridplanError("This file could not be built.") from error

    return build
