"""Saving to the library: nothing is lost, nothing is made twice, and nobody's version is written over."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hybridplan.analysis import planner
from hybridplan.domain import require
from hybridplan.errors import StoreError
from hybridplan.io.plan_document import pack
from hybridplan.store import Library, UnknownEntry, Version
from hybridplan.ui import cache, drafting, library
from hybridplan.ui.workspace import Origin, Workspace, new_document

DOCUMENT = new_document(datetime(2026, 1, 5, tzinfo=UTC))


class Unreliable:
    """A library whose next answers are lost: on the way there, or (the save is made) on the way back."""

    def __init__(self, real: Library) -> None:
        self._real = real
        self.lose = ""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        def called(*args: Any, **options: Any) -> Any:
            if self.lose == "there":
                raise StoreError("the database is busy; try again")
            answer = method(*args, **options)
            if self.lose == "back":
                raise StoreError("the connection was closed")
            return answer

        return called


@pytest.fixture
def store(tmp_path: Path) -> Library:
    return Library(f"sqlite:///{tmp_path / 'library.sqlite3'}")


@pytest.fixture
def shaky(store: Library) -> Any:
    return Unreliable(store)


def draft(name: str = "Mine") -> Workspace:
    return Workspace(document={**DOCUMENT, "name": name}, opened=DOCUMENT)


def renamed(ws: Workspace, name: str) -> None:
    ws.commit({**ws.document, "name": name}, "Rename")


def names(store: Library, entry: str) -> list[str]:
    """Names in the documents of all versions, the oldest first."""
    numbers = sorted(version.number for version in store.versions(entry))
    return [(store.get(entry, number).document or {})["name"] for number in numbers]


def opened_by_someone_else(store: Library, ws: Workspace) -> Workspace:
    assert ws.origin is not None
    version = store.get(ws.origin.entry)
    other = draft()
    other.document = other.opened = version.document or {}
    other.origin = library.origin(version, ws.origin.name)
    return other


def entry_of(ws: Workspace) -> str:
    assert ws.origin is not None
    return ws.origin.entry


def test_the_first_save_makes_an_entry_and_the_next_ones_its_versions(store: Library) -> None:
    ws = draft()
    first = library.save(ws, store, note="As it is", author="Ana")
    assert first is not None
    assert (first.number, first.note, first.author) == (1, "As it is", "Ana")
    assert not ws.is_changed
    renamed(ws, "Mine, later")
    second = library.save(ws, store)
    assert second is not None
    assert (second.scenario_id, second.number) == (first.scenario_id, 2)
    assert names(store, entry_of(ws)) == ["Mine", "Mine, later"]
    assert [found.name for found in store.scenarios()] == ["Mine"]


def test_a_save_as_new_leaves_the_first_entry_alone(store: Library) -> None:
    ws = draft()
    library.save(ws, store)
    first = entry_of(ws)
    renamed(ws, "Other")
    library.save(ws, store, as_new=True)
    assert entry_of(ws) != first
    assert names(store, first) == ["Mine"]
    assert names(store, entry_of(ws)) == ["Other"]


def test_a_save_on_an_old_version_is_refused_and_can_become_a_copy(store: Library) -> None:
    mine = draft()
    library.save(mine, store, author="Me")
    theirs = opened_by_someone_else(store, mine)
    renamed(theirs, "Theirs")
    library.save(theirs, store, author="Ana")
    renamed(mine, "Mine, changed")
    assert library.save(mine, store) is None
    assert mine.conflict is not None
    assert (mine.conflict.number, mine.conflict.author, mine.name) == (2, "Ana", "Mine, changed")
    assert names(store, entry_of(mine)) == ["Mine", "Theirs"]
    shared = entry_of(mine)
    library.save(mine, store, as_new=True)
    assert mine.conflict is None
    assert names(store, entry_of(mine)) == ["Mine, changed"]
    assert names(store, shared) == ["Mine", "Theirs"]


@pytest.mark.parametrize("lost", ["there", "back"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_retry_never_doubles(store: Library, shaky: Any, lost: str, is_new: bool) -> None:
    ws, expected = draft(), ["Mine"]
    if not is_new:
        library.save(ws, store)
        renamed(ws, "Later")
        expected.append("Later")
    shaky.lose = lost
    with pytest.raises(StoreError):
        library.save(ws, shaky)
    shaky.lose = ""
    library.save(ws, shaky)
    assert names(store, entry_of(ws)) == expected
    assert len(store.scenarios()) == 1
    assert ws.attempt is None


@pytest.mark.parametrize("lost", ["there", "back"])
@pytest.mark.parametrize("is_new", [True, False])
def test_what_was_changed_before_a_retry_is_the_next_version(
    store: Library, shaky: Any, lost: str, is_new: bool
) -> None:
    """An answer lost on the way back: that version stands already, and the retry goes on from it without a conflict."""
    ws, expected = draft("One"), ["One"]
    if not is_new:
        library.save(ws, store)
        renamed(ws, "Two")
        expected.append("Two")
    shaky.lose = lost
    with pytest.raises(StoreError):
        library.save(ws, shaky)
    shaky.lose = ""
    renamed(ws, "Three")
    expected = [*(expected if lost == "back" else expected[:-1]), "Three"]
    version = library.save(ws, shaky)
    assert version is not None
    assert names(store, entry_of(ws)) == expected
    assert version.number == len(expected)
    assert len(store.scenarios()) == 1


def test_a_lost_save_as_new_does_not_become_the_base_of_a_version_asked_for_later(store: Library, shaky: Any) -> None:
    ws = draft("One")
    library.save(ws, store)
    first = entry_of(ws)
    shaky.lose = "back"
    with pytest.raises(StoreError):
        library.save(ws, shaky, as_new=True)
    shaky.lose = ""
    renamed(ws, "Two")
    library.save(ws, shaky)
    assert names(store, first) == ["One", "Two"]


def test_a_deleted_entry_takes_no_version_but_a_copy_can_be_saved(store: Library) -> None:
    ws = draft()
    library.save(ws, store)
    store.delete(entry_of(ws), store.entry(entry_of(ws)).rev)
    renamed(ws, "Later")
    with pytest.raises(UnknownEntry):
        library.save(ws, store)
    library.save(ws, store, as_new=True)
    assert names(store, entry_of(ws)) == ["Later"]


@pytest.mark.parametrize("options", [{"note": "n" * 2001}, {"author": "a" * 81}, {"note": "\u202e"}])
def test_limits_are_said_and_the_work_stays(store: Library, options: Any) -> None:
    ws = draft()
    with pytest.raises(StoreError):
        library.save(ws, store, **options)
    assert ws.origin is None
    assert library.save(ws, store) is not None
    assert len(store.scenarios()) == 1


def test_a_document_with_a_fault_is_saved_as_typed(store: Library) -> None:
    ws = Workspace(document={"name": "Half", "pools": {"p": {"capacity_accelerators": "12k"}}}, opened=DOCUMENT)
    library.save(ws, store)
    assert store.get(entry_of(ws)).document == ws.document


@pytest.fixture
def solved(store: Library) -> Workspace:
    """The smallest example, saved and solved."""
    document = cache.bundled_document("reference_sunk")
    ws = Workspace(document=document, opened=document)
    library.save(ws, store)
    ws.plan = planner.solve(require(document))
    return ws


def test_a_kept_plan_comes_back_audited(store: Library, solved: Workspace) -> None:
    library.keep_plan(solved, store)
    found = library.kept_plan(copy.deepcopy(solved.document), store)
    assert found is not None
    assert found.objective_usd == pytest.approx(65, rel=1e-6)
    assert library.kept_plan({**solved.document, "name": "Other"}, store) is None
    assert library.kept_plan({"name": "no scenario"}, store) is None


def test_a_plan_of_changed_inputs_is_not_kept(store: Library, solved: Workspace) -> None:
    pools = copy.deepcopy(solved.document["pools"])
    next(iter(pools.values()))["capacity_accelerators"] = 90
    solved.commit({**solved.document, "pools": pools}, "Less")
    library.keep_plan(solved, store)
    solved.undo()
    assert library.kept_plan(solved.document, store) is None
    library.keep_plan(solved, store)
    assert library.kept_plan(solved.document, store) is not None


def test_a_kept_plan_that_was_damaged_or_tampered_with_is_not_shown(store: Library, solved: Workspace) -> None:
    plan = solved.plan
    assert plan is not None
    for data in (b"", b"garbage", pack(plan)[:-9]):
        store.put_plan(plan.content_hash, library.program_version(), f"HiGHS {plan.solver.version}", data)
        assert library.kept_plan(solved.document, store) is None


def test_the_library_not_answering_keeps_no_plan_and_breaks_nothing(solved: Workspace, shaky: Any) -> None:
    shaky.lose = "there"
    library.keep_plan(solved, shaky)
    assert library.kept_plan(solved.document, shaky) is None


def test_the_names_of_the_solvers_are_those_of_plans(solved: Workspace) -> None:
    assert solved.plan is not None
    assert f"{solved.plan.solver.name} {solved.plan.solver.version}" in library.solvers()


def test_a_draft_remembers_its_version_across_a_reload_and_an_old_draft_has_none() -> None:
    origin = Origin("e" * 22, 4, "Estate", "Ana", datetime(2026, 11, 24, 10, 42, tzinfo=UTC))
    ws = Workspace(document={**DOCUMENT, "name": "Mine"}, opened=DOCUMENT, origin=origin)
    stored = drafting._together(ws)
    assert drafting._apart(stored) == (DOCUMENT, origin, None)
    assert drafting._apart(DOCUMENT) == (DOCUMENT, None, None)


@pytest.mark.parametrize(
    "odd", [None, 3, {}, {"entry": "x"}, {"saved_at": "no time"}, {"more": 1, "saved_at": "2026-01-01"}]
)
def test_what_a_hostile_file_says_about_its_version_is_not_believed(odd: Any) -> None:
    ws = Workspace(document=DOCUMENT, opened={**DOCUMENT, "_library": odd, "_copied": odd})
    assert drafting._together(ws) == DOCUMENT
    assert drafting._apart({**DOCUMENT, "_library": odd, "_copied": odd}) == (DOCUMENT, None, None)


def test_what_notes_are_about_in_words() -> None:
    assert library.path_in_words("") == "The whole scenario"
    assert library.path_in_words(library.version_path(3)) == "Version 3"
    assert library.path_in_words("pools.p.pue") == "pools.p.pue"


def test_who_saved_without_a_name() -> None:
    when = datetime(2026, 11, 24, tzinfo=UTC)
    assert library.said_by(Version("e", 1, "h", "", "Ana", when).author) == "Ana"
    assert library.said_by("") == library.NO_NAME
