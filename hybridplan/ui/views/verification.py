"""Published cases solved live, and the reference case in its three readings.

The cases run in a process of their own (``python -m hybridplan verify``), never in the server; one run serves all who
ask within ten minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from hybridplan.analysis.sentences import method
from hybridplan.ui import session
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column

_SECONDS: Final = 120
_KEPT_S: Final = 600


@dataclass
class _View:
    """What this visitor asked for."""

    is_wanted: bool = False


@dataclass(frozen=True)
class Verified:
    """Rows of ``hybridplan verify`` (empty where it failed, with the reason), and when they were solved."""

    rows: list[dict[str, Any]]
    error: str
    at: datetime


def show() -> None:
    """The button, the table of cases, and the three readings beside each other."""
    view = session.slot("verification", _View)
    parts.paragraph(
        "Problems whose answers others have published are solved again through the same path as your plan, now, on "
        "this server. It takes a few seconds."
    )
    if st.button("Solve the published cases now", key="verify", icon=":material/fact_check:"):
        view.is_wanted = True
    found = None
    if view.is_wanted:
        with st.spinner("Solving the published cases"):
            found = verified()
        _cases(found)
    _readings(found)


@st.cache_data(ttl=_KEPT_S, max_entries=1, show_spinner=False)
def verified() -> Verified:
    """Run ``hybridplan verify`` in a process of its own, with a time limit; never raises for what it does."""
    now = datetime.now(UTC)
    command = [sys.executable, "-m", "hybridplan", "verify", "--format", "json"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        rows = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Verified([], f"Stopped after {_SECONDS} seconds.", now)
    except (OSError, ValueError):
        return Verified([], "The cases could not be solved on this server.", now)
    return Verified(rows, "", now)


def _cases(found: Verified) -> None:
    if found.error:
        st.error(safe(found.error), icon=":material/error:")
        return
    frame = pd.DataFrame(found.rows)
    failed = int((~frame["passed"].astype(bool)).sum())
    text = f"{len(frame) - failed} of {len(frame)} published figures found again, at {found.at:%H:%M} UTC."
    (st.error if failed else st.success)(safe(text), icon=":material/error:" if failed else ":material/verified:")
    frame["result"] = ["found" if passed else "NOT FOUND" for passed in frame["passed"]]
    columns = {
        "name": Column("Case"),
        "quantity": Column("Figure"),
        "expected": Column("Published", "%.10g"),
        "got": Column("Found here", "%.10g"),
        "unit": Column("Unit"),
        "result": Column("Result"),
        "source": Column("Source"),
    }
    parts.table(frame, columns, "published-cases")


def _readings(found: Verified | None) -> None:
    st.header("The reference case in three readings", anchor=False)
    parts.paragraph("Two pools: private, 100 units at 0.5 USD; public, 200 units at 0.3 USD. Demand 150, one hour.")
    for column, reading in zip(st.columns(3), method.readings(), strict=True):
        with column, st.container(border=True):
            st.subheader(safe(reading.name), anchor=False)
            st.metric("Cost (USD)", f"{reading.cost_usd:g}")
            parts.bullets([f"Private {reading.private:g}, public {reading.public:g} units per hour.", reading.why])
            solved = _solved(found, reading.case)
            st.caption(
                safe(f"Solved here: {solved:.10g} USD" if solved is not None else "By hand; not solved here yet.")
            )
    parts.bullets(method.reading_notes())


def _solved(found: Verified | None, case: str) -> float | None:
    rows = found.rows if found else []
    return next((row["got"] for row in rows if row["name"] == case and row["quantity"] == "objective"), None)
