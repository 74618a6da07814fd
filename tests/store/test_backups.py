"""Copies: of one moment while others write, complete or not there, and back into an empty database of either kind."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store_places import BACKENDS, Place
from test_migrations import make_first_release

from hybridplan.errors import StoreError
from hybridplan.store import DraftStore, Library, new_key, restoring

TABLES = ("drafts", "scenarios", "versions", "notes", "plans", "links")


def fill(place: Place) -> dict[str, int]:
    """Every table has rows: 1 draft, 30 scenarios of 3 versions (one in the bin), 30 notes, 2 plans, 1 link."""
    library, drafts = Library(place.url), DraftStore(place.url)
    drafts.put("key of a draft" + "x" * 22, {"n": "draft"}, {}, None)
    for n in range(30):
        document = {"n": n, "text": "Zürich \u2028 東京 \u0000"}
        first = library.save_new(document, name=f"s{n}", tags=["t"], scenario_id=new_key(), save_id=new_key())
        for number in (1, 2):
            library.save(first.scenario_id, {"n": [n, number]}, based_on=number, save_id=new_key())
        library.add_note(first.scenario_id, "pools", "text\nline", "Ana", new_key())
    library.delete(first.scenario_id, 1)
    for solver in ("HiGHS", "Clarabel"):
        library.put_plan("h", "1", solver, bytes(range(256)) * 10)
    place.sql(
        "INSERT INTO links (token_hash, scenario_id, label, author, created_at, opened)"
        f" VALUES ('h', '{first.scenario_id}', '', '', '2026-05-01T00:00:00+00:00', 3)"
    )
    library.close()
    drafts.close()
    return dict(zip(TABLES, (1, 30, 90, 30, 2, 1), strict=True))


def content(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted((tuple(bytes(c) if isinstance(c, memoryview) else c for c in row) for row in rows), key=repr)
        for table in TABLES
        if (rows := place.sql(f"SELECT * FROM {table}")) is not None
    }


@pytest.mark.parametrize("target", BACKENDS)
def test_a_copy_comes_back_whole_in_either_database(
    place: Place, target: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    counts, path = fill(place), tmp_path / "copy"
    library = Library(place.url)
    assert library.backup(path) == counts
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if not file.name.startswith("t_")] == ["copy"]
    there = make_place(target)
    restored = Library(there.url)
    assert restored.restore_from(path) == counts
    assert content(there) == content(place)
    for deleted in (False, True):
        entries = library.scenarios(deleted=deleted)
        assert restored.scenarios(deleted=deleted) == entries
        for entry in entries:
            assert [restored.get(entry.id, n) for n in (1, 2, 3)] == [library.get(entry.id, n) for n in (1, 2, 3)]
            assert restored.notes(entry.id) == library.notes(entry.id)
    assert restored.plan_document("h", "1", "HiGHS") == bytes(range(256)) * 10
    entry = restored.scenarios()[0]
    assert restored.save(entry.id, {}, based_on=3, save_id=new_key()).number == 4
    with pytest.raises(Exception, match="immutable"):
        there.sql("DELETE FROM versions")
    drafts = DraftStore(there.url)
    draft = drafts.get("key of a draft" + "x" * 22)
    assert draft is not None
    assert draft.document == {"n": "draft"}
    for store in (library, restored, drafts):
        store.close()


WRITER = """
import sys
from hybridplan.store import Library, new_key
library, scenario, n = Library(sys.argv[1]), sys.argv[2], 1
while True:
    library.save(scenario, {"n": n + 1}, based_on=n, save_id=new_key())
    n += 1
    print(n, flush=True)
"""


def test_a_copy_that_is_made_while_others_write_is_of_one_moment(
    library: Library, place: Place, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """It holds everything that was acknowledged before it began, and all versions up to the latest."""
    scenario_id = new_key()
    library.save_new({"n": 1}, name="busy", scenario_id=scenario_id, save_id=new_key())
    command = [sys.executable, "-c", WRITER, place.url, scenario_id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        try:
            for n in range(5):
                acknowledged = int(writer.stdout.readline())
                library.backup(tmp_path / f"copy{n}")
                there = make_place("sqlite")
                copy = Library(there.url)
                copy.restore_from(tmp_path / f"copy{n}")
                latest = copy.get(scenario_id)
                assert latest.number >= acknowledged
                assert latest.document == {"n": latest.number}
                assert [v.number for v in copy.versions(scenario_id)] == list(range(latest.number, 0, -1))
                copy.close()
            assert int(writer.stdout.readline()) > acknowledged, "the writer went on"
        finally:
            writer.kill()


def test_a_copy_goes_over_no_file_and_into_no_database_with_content(place: Place, tmp_path: Path) -> None:
    fill(place)
    library, path = Library(place.url), tmp_path / "copy"
    library.backup(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        library.backup(path)
    assert path.read_bytes() == before
    there = content(place)
    with pytest.raises(StoreError, match="not empty"):
        library.restore_from(path)
    assert content(place) == there
    with pytest.raises(StoreError, match="cannot be written"):
        library.backup(tmp_path / "no folder" / "copy")
    with pytest.raises(StoreError, match="cannot be read"):
        library.restore_from(tmp_path / "nothing")
    library.close()


def test_a_database_that_is_not_there_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database yet"):
        Library(f"sqlite:///{tmp_path / 'none.sqlite3'}").backup(tmp_path / "copy")
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(StoreError, match="is empty"):
        Library(f"sqlite:///{tmp_path / 'empty.sqlite3'}").backup(tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.sqlite3"]


@pytest.mark.parametrize("target", BACKENDS)
def test_a_copy_of_the_first_release_is_not_upgraded_and_can_be_restored(
    make_place: Callable[[str], Place], target: str, tmp_path: Path
) -> None:
    old, key, path = make_place("sqlite"), new_key(), tmp_path / "copy"
    make_first_release(old, key)
    assert Library(old.url).backup(path) == {"drafts": 1}
    assert old.sql("SELECT version FROM store") == [(1,)]
    there = make_place(target)
    library, drafts = Library(there.url), DraftStore(there.url)
    before = path.read_bytes()
    assert library.restore_from(path) == {**dict.fromkeys(TABLES, 0), "drafts": 1}
    assert path.read_bytes() == before
    draft = drafts.get(key)
    assert draft is not None
    assert draft.rev == 7
    library.close()
    drafts.close()


def damaged(data: bytes, how: str) -> bytes:
    middle = len(data) // 2
    if how == "cut off":
        return data[:middle]
    if how == "last line is missing":
        return data[: data[:-1].rindex(b"\n") + 1]
    if how == "a letter is another":
        return data.replace(b'"name":"s7"', b'"name":"s8"', 1).replace(b"s17", b"s18", 1)
    if how == "more after the end":
        return data + b"{}\n"
    if how == "a line is missing":
        lines = data.splitlines(keepends=True)
        return b"".join(lines[:5] + lines[6:])
    return {"empty": b"", "text": b"hello\n", "other JSON": b'{"form": "x"}\n', "deep": b"[" * 100_000}[how]


EVERY_FILE = ("cut off", "empty", "text", "other JSON", "deep")
LINES = (*EVERY_FILE, "last line is missing", "a letter is another", "more after the end", "a line is missing")


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {}


@pytest.mark.parametrize("how", LINES)
def test_a_damaged_copy_writes_nothing(
    backend: str, make_place: Callable[[str], Place], copies: dict[str, bytes], how: str, tmp_path: Path
) -> None:
    if backend == "sqlite" and how not in EVERY_FILE:
        return
    if backend not in copies:
        source = make_place(backend)
        fill(source)
        library = Library(source.url)
        library.backup(tmp_path / "whole")
        library.close()
        copies[backend] = (tmp_path / "whole").read_bytes()
    (tmp_path / "copy").write_bytes(damaged(copies[backend], how))
    there = make_place("sqlite")
    library = Library(there.url)
    library.scenarios()
    with pytest.raises(StoreError, match=r"damaged|no copy|cut off"):
        library.restore_from(tmp_path / "copy")
    assert all(rows == [] for rows in content(there).values())
    library.close()


@pytest.mark.parametrize(
    "row",
    [
        ["drafts", {"key_hash": "x"}],
        ["store", {"version": 9}],
        ["drafts"],
        ["sqlite_master", {}],
        "drafts",
        7,
        ["plans", []],
        [[], {}],
    ],
)
def test_a_row_of_no_table_is_refused(tmp_path: Path, row: object) -> None:
    path = tmp_path / "copy"
    path.write_text("\n".join(json.dumps(line) for line in ({"form": restoring.FORM, "version": 2}, row)))
    library = Library(f"sqlite:///{tmp_path / 'd.sqlite3'}")
    with pytest.raises(StoreError, match="line 2 of the copy is damaged"):
        library.restore_from(path)
    library.close()


def test_a_copy_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "copy"
    path.write_text(json.dumps({"form": restoring.FORM, "version": 3}))
    library = Library(f"sqlite:///{tmp_path / 'd.sqlite3'}")
    with pytest.raises(StoreError, match="version 3, this program reads 2"):
        library.restore_from(path)
    library.close()


def test_a_failure_while_copying_leaves_no_file(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.save_new({}, name="week", scenario_id=new_key(), save_id=new_key())
    before = set(tmp_path.iterdir())

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_room)
    with pytest.raises(StoreError, match="no space left"):
        library.backup(tmp_path / "copy")
    assert set(tmp_path.iterdir()) == before
