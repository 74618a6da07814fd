"""The pages in Streamlit's own test runner, with the real planner in this process instead of a worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.analysis import planner
from hybridplan.domain import Scenario
from hybridplan.jobs import JobState
from hybridplan.plan import Plan

TIMEOUT_S = 60
_SOLVED: dict[str, Plan] = {}


class PoolInProcess:
    """Answers as the pool does; solves at once, or holds the answer back while ``is_slow``."""

    def __init__(self) -> None:
        self.is_slow = False
        self.failure = ""
        self.submitted: list[str] = []
        self.cancelled: set[str] = set()
        self.is_present: Callable[[str], bool] = lambda _: True
        self._plans: dict[str, Plan] = {}
        self._waiting: dict[str, Scenario] = {}

    def submit(self, scenario: Scenario, visitor: str) -> str:
        key = scenario.content_hash
        self.submitted.append(key)
        self.cancelled.discard(visitor)
        self._waiting[key] = scenario
        if not self.is_slow and not self.failure:
            self.finish()
        return key

    def finish(self) -> None:
        for key, scenario in self._waiting.items():
            if key not in _SOLVED:
                _SOLVED[key] = planner.solve(scenario)
            self._plans[key] = _SOLVED[key]
        self._waiting.clear()

    def state(self, key: str, visitor: str) -> JobState:
        if visitor in self.cancelled:
            return JobState("cancelled")
        if key in self._plans:
            return JobState("done", result=self._plans[key])
        if self.failure:
            return JobState("failed", error=self.failure)
        return JobState("running", message="Working", seconds=3.0) if key in self._waiting else JobState("unknown")

    def wait(self, key: str, visitor: str, timeout_s: float) -> JobState:
        return self.state(key, visitor)

    def result(self, key: str) -> Plan | None:
        return self._plans.get(key)

    def cancel(self, visitor: str) -> None:
        self.cancelled.add(visitor)
        self._waiting.clear()


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> PoolInProcess:
    made = PoolInProcess()
    for user in ("solving", "warm"):
        monkeypatch.setattr(f"hybridplan.ui.{user}.get_pool", lambda: made)
    return made


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{tmp_path / 'drafts.sqlite3'}")


@pytest.fixture
def app(root: Path) -> AppTest:
    """The app before its first run; set ``query_params`` to open a link."""
    return AppTest.from_file(str(root / "app.py"), default_timeout=TIMEOUT_S)
