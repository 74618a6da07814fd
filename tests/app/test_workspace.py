"""The workspace: what is typed is kept, can be taken back 50 times, and is never lost silently."""

from __future__ import annotations

import copy
import dataclasses
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hybridplan.plan import Plan
from hybridplan.ui.workspace import UNDO_DEPTH, ReadOnly, Workspace, new_document

DOCUMENT = new_document(datetime(2026, 1, 5, tzinfo=UTC))


def named(name: str) -> dict[str, Any]:
    return {**copy.deepcopy(DOCUMENT), "name": name}


def opened(**options: Any) -> Workspace:
    return Workspace(document=DOCUMENT, opened=DOCUMENT, **options)


def test_a_change_is_saved_and_can_be_taken_back_and_done_again() -> None:
    saved: list[str] = []
    ws = opened(save=lambda ws: saved.append(ws.name))
    ws.commit(named("one"), "Rename")
    ws.commit(named("two"), "Rename again")
    assert (ws.name, ws.next_undo) == ("two", "Rename again")
    ws.undo()
    assert (ws.name, ws.next_undo, ws.next_redo) == ("one", "Rename", "Rename again")
    ws.undo()
    ws.undo()
    assert (ws.name, ws.can_undo) == ("New scenario", False)
    ws.redo()
    ws.redo()
    ws.redo()
    assert (ws.name, ws.can_redo) == ("two", False)
    assert saved == ["one", "two", "one", "New scenario", "one", "two"]


def test_a_new_change_ends_what_could_be_done_again() -> None:
    ws = opened()
    ws.commit(named("one"), "a")
    ws.undo()
    ws.commit(named("other"), "b")
    assert not ws.can_redo


def test_the_same_document_is_no_change() -> None:
    saved: list[int] = []
    ws = opened(save=lambda _: saved.append(1))
    ws.commit(named("New scenario"), "nothing")
    assert not ws.can_undo
    assert not saved


def test_undo_reaches_fifty_steps_back() -> None:
    """60 changes from 0; the last 50 can be taken back, to the one called 10."""
    ws = opened()
    for n in range(1, 61):
        ws.commit(named(str(n)), "n")
    for _ in range(UNDO_DEPTH + 5):
        ws.undo()
    assert ws.name == "10"


def test_what_was_committed_is_not_changed_by_its_maker() -> None:
    ws, typed = opened(), named("one")
    ws.commit(typed, "a")
    typed["pools"]["x"] = {}
    typed["name"] = "other"
    assert ws.name == "one"


def test_grids_are_rebuilt_after_undo_and_import_but_not_after_typing() -> None:
    ws = opened(epoch=7)
    ws.commit(named("typed"), "typed")
    assert ws.epoch == 7
    ws.commit(named("imported"), "imported", rebuild=True)
    assert ws.epoch == 8
    ws.undo()
    assert ws.epoch == 9


def test_reset_returns_to_what_was_opened_and_can_be_taken_back() -> None:
    ws = opened()
    ws.commit(named("one"), "a")
    assert ws.is_changed
    ws.reset()
    assert not ws.is_changed
    ws.undo()
    assert ws.name == "one"


def test_a_shared_view_takes_no_change() -> None:
    ws = opened(read_only=True)
    with pytest.raises(ReadOnly):
        ws.commit(named("mine"), "a")
    with pytest.raises(ReadOnly):
        ws.reset()
    ws.undo()
    assert ws.document is DOCUMENT


def test_a_document_with_a_fault_is_kept_as_typed_and_its_fault_is_named() -> None:
    ws = opened()
    ws.commit({**DOCUMENT, "pools": {"p": {"capacity_accelerators": "12k"}}}, "typed")
    assert ws.scenario is None
    assert any("capacity_accelerators" in issue.path for issue in ws.issues)
    assert ws.document["pools"]["p"]["capacity_accelerators"] == "12k"


def test_a_plan_is_stale_while_the_inputs_differ_from_those_it_was_solved_for() -> None:
    ws = opened()
    assert not ws.is_stale
    assert ws.scenario is not None
    ws.plan = cast(Plan, SimpleNamespace(content_hash=ws.scenario.content_hash))
    assert not ws.is_stale
    ws.commit(named("other"), "a")
    assert ws.is_stale
    ws.undo()
    assert not ws.is_stale
    ws.commit({**DOCUMENT, "name": ""}, "a fault")
    assert ws.is_stale


@pytest.mark.parametrize("name", [None, 3, "", "  "])
def test_a_scenario_without_a_name_is_still_called_something(name: object) -> None:
    ws = Workspace(document={**DOCUMENT, "name": name}, opened=DOCUMENT)
    assert ws.name == "Unnamed scenario"


def test_two_workspaces_with_equal_content_are_not_the_same() -> None:
    assert opened() != opened()
    assert dataclasses.is_dataclass(Workspace)
