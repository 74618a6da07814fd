"""Pools whose workers run the tasks of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pool_parts import HERE

from hybridplan.jobs import SolvePool


@pytest.fixture
def _tasks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))


@pytest.fixture
def make_pool(_tasks_can_be_imported: None) -> Iterator[Callable[..., SolvePool]]:
    made: list[SolvePool] = []

    def make(**options: object) -> SolvePool:
        settings = {"slots": 1, "seconds": 20.0, "memory_gib": 2.0, "task": "pool_tasks:runner"} | options
        made.append(SolvePool(**settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for pool in made:
        pool.close()
