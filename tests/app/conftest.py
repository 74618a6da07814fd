"""The pages in Streamlit's own test runner, with the real planner in this process instead of a worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.analysis import studies
from hybridplan.domain import Scenario
from hybridplan.jobs import JobState, Request
from hybridplan.plan import Plan

TIMEOUT_S = 60
_SOLVED: dict[str, object] = {}
_BY_NUMBERS: dict[str, Plan] = {}
"""Plans by all that a scenario holds besides its words: many tests give the same scenario another name."""


def solved(request: Request) -> object:
    """What a worker would answer."""
    if (request.study, request.options) != (studies.PLAN, "{}"):
        return studies.run(request.study, request.scenario, json.loads(request.options))
    words = {"name", "description", "lesson"}
    numbers = json.dumps({key: value for key, value in request.scenario.to_dict().items() if key not in words})
    if numbers not in _BY_NUMBERS:
        found = studies.run(request.study, request.scenario, {})
        assert isinstance(found, Plan)
        _BY_NUMBERS[numbers] = found
    return replace(_BY_NUMBERS[numbers], scenario=request.scenario)


class PoolInProcess:
    """Answers as the pool does; solves at once, or holds the answer back while ``is_slow``."""

    def __init__(self) -> None:
        self.is_slow = False
        self.failure = ""
        self.partial: object = None
        """Result so far of what is held back."""
        self.submitted: list[str] = []
        self.cancelled: set[str] = set()
        self.is_present: Callable[[str], bool] = lambda _: True
        self._results: dict[str, object] = {}
        self._waiting: dict[str, Request] = {}
        self._overtaken: set[str] = set()
        self.visitor = ""
        """Who asked last."""

    def submit(
        self, scenario: Scenario, visitor: str, study: str = "plan", options: Mapping[str, Any] | None = None
    ) -> str:
        request = Request.of(scenario, study, options)
        self.submitted.append(request.key)
        self.cancelled.discard(visitor)
        self._overtaken = (self._overtaken | set(self._waiting)) - {request.key}
        self._waiting = {request.key: request}
        self.visitor = visitor
        if not self.is_slow and not self.failure:
            self.finish()
        return request.key

    def finish(self) -> None:
        for key, request in self._waiting.items():
            if key not in _SOLVED:
                _SOLVED[key] = solved(request)
            self._results[key] = _SOLVED[key]
        self._waiting.clear()

    def state(self, key: str, visitor: str) -> JobState:
        if visitor in self.cancelled or key in self._overtaken:
            return JobState("cancelled")
        if key in self._results:
            return JobState("done", result=self._results[key])
        if self.failure:
            return JobState("failed", error=self.failure)
        if key not in self._waiting:
            return JobState("unknown")
        return JobState("running", message="Working", seconds=3.0, partial=self.partial)

    def wait(self, key: str, visitor: str, timeout_s: float) -> JobState:
        return self.state(key, visitor)

    def result(self, key: str) -> Plan | None:
        found = self.found(key)
        return found if isinstance(found, Plan) else None

    def found(self, key: str) -> object:
        return self._results.get(key)

    def cancel(self, visitor: str, key: str = "") -> None:
        if not key or key in self._waiting:
            self.cancelled.add(visitor)
            self._waiting.clear()


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> PoolInProcess:
    made = PoolInProcess()
    for user in ("moving", "solving", "studying", "warm"):
        monkeypatch.setattr(f"hybridplan.ui.{user}.get_pool", lambda: made)
    return made


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{tmp_path / 'drafts.sqlite3'}")


@pytest.fixture
def app(root: Path) -> AppTest:
    """The app before its first run; set ``query_params`` to open a link."""
    return AppTest.from_file(str(root / "app.py"), default_timeout=TIMEOUT_S)
