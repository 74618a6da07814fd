"""Trade-offs: its tabs, and what it says where there is no plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from test_answer_pages import impossible, opened, short, solved, texts

from hybridplan.ui import cache
from hybridplan.ui.views import tradeoffs


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Codes of the sections that are drawn, of all there are."""
    drawn: list[str] = []

    def section(code: str) -> Callable[..., None]:
        return lambda ws, plan: drawn.append(code)

    monkeypatch.setattr(tradeoffs, "SECTIONS", {code: section(code) for code in tradeoffs.SECTIONS})
    return drawn


def test_only_the_section_that_is_open_is_worked_out(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = counted(monkeypatch)
    app.run()
    app.switch_page("pages/tradeoffs.py").run()
    assert not app.exception
    assert set(drawn) == {"frontier"}
    app.session_state["tradeoffs-section"] = "What to buy"
    drawn.clear()
    app.run()
    assert set(drawn) == {"buy"}


def test_there_is_nothing_to_trade_before_there_is_a_plan(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = counted(monkeypatch)
    opened(app, short(), "tradeoffs")
    assert not app.exception
    assert drawn == []
    assert app.info
    solved(app)
    assert drawn


def test_an_impossible_scenario_says_why_instead(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = counted(monkeypatch)
    solved(opened(app, impossible(), "tradeoffs"))
    assert not app.exception
    assert drawn == []
    assert "must be served" in texts(app)


def test_a_scenario_without_pools_or_workloads_says_how_to_begin(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plan is proven, but no question can be asked of it."""
    drawn = counted(monkeypatch)
    solved(opened(app, cache.empty_document(), "tradeoffs"))
    assert not app.exception
    assert drawn == []
    assert "at least one pool and one workload" in texts(app)
