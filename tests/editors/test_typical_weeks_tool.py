"""Demand: typical weeks from an uploaded year, previewed, applied and taken back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from hybridplan.domain import parse
from hybridplan.ui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
DRAWER = "drawer:Typical weeks from a year"
MONDAY = datetime.fromisoformat("2026-01-05T00:00:00+01:00")


def year(*levels: float) -> bytes:
    """Weeks of equal hours of the chat of the demo, in the wide form."""
    values = [level for level in levels for _ in range(168)]
    lines = [f"{(MONDAY + timedelta(hours=h)).isoformat()},{value}" for h, value in enumerate(values)]
    return "\n".join(["period_start,chat-70b", *lines]).encode()


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/demand.py").run()
    app.session_state[DRAWER] = True
    return app.run()


def workspace(app: AppTest) -> Workspace:
    found: Workspace = app.session_state["workspace"]
    return found


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in [*app.markdown, *app.success, *app.error]).replace("\\", "")


def test_weeks_are_previewed_applied_and_taken_back() -> None:
    """10, 60, 12, 10: the busiest week (60) is kept, and one other stands for three."""
    app = opened()
    app.number_input(key="weeks:count").set_value(2)
    app.file_uploader(key="weeks:file").upload("year.csv", year(10, 60, 12, 10), "text/csv").run()
    assert not app.exception
    assert "2 weeks stand for 672 hours" in said(app)
    assert "as high as in the year" in said(app)
    titles = [
        json.loads(one.proto.spec)["layout"]["title"]["text"].replace("<br>", " ") for one in app.get("plotly_chart")
    ]
    assert "How closely do typical weeks follow the year?" in titles
    before = workspace(app).document
    app.button(key="weeks:apply").click().run()
    assert not app.exception
    assert "The blocks are now 2 typical weeks of year.csv" in said(app)
    document = workspace(app).document
    assert sorted(block.get("weight", 1) for block in document["horizon"]["blocks"].values()) == [1, 3]
    scenario, issues = parse(document)
    assert scenario is not None, issues
    assert len(scenario.workloads["forecasting"].windows) == 2 * 28
    app.button(key="undo").click().run()
    assert workspace(app).document == before
    assert "The blocks are now" not in said(app)


def test_a_year_that_cannot_be_used_says_why() -> None:
    app = opened()
    upload = year(10, 60).replace(b"chat-70b", b"pretraining")
    app.file_uploader(key="weeks:file").upload("year.csv", upload, "text/csv").run()
    assert not app.exception
    assert "This year cannot be used" in said(app)
    assert any("deferrable" in frame.value.to_csv() for frame in app.dataframe)
    assert "weeks:apply" not in [button.key for button in app.button]
