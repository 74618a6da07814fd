"""Scenarios that tell a worker what to do, and looking after the processes that do it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hybridplan.domain import Scenario, require
from hybridplan.jobs import JobState, SolvePool

HERE = Path(__file__).parent
PATIENCE_S = 60.0


def scenario(name: str, does: str = "", marks: Path | str = "") -> Scenario:
    blocks = {"b": {"start": "2026-01-05T00:00:00Z", "periods": 1}}
    base = {"horizon": {"blocks": blocks}, "sites": {}, "pools": {}, "workloads": {}}
    return require({"name": name, "description": does, "lesson": str(marks), **base})


def solve(pool: SolvePool, asked: Scenario, visitor: str = "ann", study: str = "plan", **options: Any) -> JobState:
    return pool.wait(pool.submit(asked, visitor, study, options), visitor, PATIENCE_S)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_process(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pids(marks: Path) -> list[int]:
    return [int(line.split()[0]) for line in marks.read_text().splitlines()] if marks.exists() else []
