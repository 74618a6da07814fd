"""Drafts: saved, read back, never overwritten silently, and refused in words where the database fails."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridplan.errors import StoreError
from hybridplan.store import DraftConflict, DraftStore, database_url, new_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sub" / "drafts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[DraftStore]:
    opened = DraftStore(f"sqlite:///{path}")
    yield opened
    opened.close()


def test_what_is_put_is_got_back_exactly(store: DraftStore) -> None:
    key, document = new_key(), {"name": "Zürich \u2192 東京", "x": [0.1, 1e-6, None, True], "bad": "12k"}
    assert store.put(key, document, {"name": "before"}, None) == 1
    draft = store.get(key)
    assert draft is not None
    assert (draft.document, draft.opened, draft.rev) == (document, {"name": "before"}, 1)
    assert abs((datetime.now(UTC) - draft.updated_at).total_seconds()) < 60


def test_a_key_that_was_never_saved_has_no_draft(store: DraftStore) -> None:
    assert store.get("x' OR 1=1 --") is None


def test_the_database_does_not_hold_the_key(store: DraftStore, path: Path) -> None:
    key = new_key()
    store.put(key, {}, {}, None)
    assert len(key) >= 22  # 128 bits in base64
    assert key.encode() not in path.read_bytes()


def test_a_change_made_on_an_old_revision_is_refused_and_writes_nothing(store: DraftStore) -> None:
    key = new_key()
    rev = store.put(key, {"n": 1}, {}, None)
    assert store.put(key, {"n": 2}, {}, rev) == rev + 1
    with pytest.raises(DraftConflict):
        store.put(key, {"n": 3}, {}, rev)
    kept = store.get(key)
    assert kept is not None
    assert kept.document == {"n": 2}


def test_a_new_draft_never_takes_an_existing_key(store: DraftStore) -> None:
    key = new_key()
    store.put(key, {"n": 1}, {}, None)
    with pytest.raises(StoreError, match="exists already"):
        store.put(key, {"n": 2}, {}, None)


def test_of_eight_writers_with_a_version_check_no_acknowledged_save_is_lost(store: DraftStore) -> None:
    """Each writer adds 1 to a counter 10 times, reading again after each conflict: 8 x 10 = 80 in the end."""
    key = new_key()
    store.put(key, {"n": 0}, {}, None)

    def add_ten() -> None:
        done = 0
        while done < 10:
            draft = store.get(key)
            assert draft is not None
            try:
                store.put(key, {"n": draft.document["n"] + 1}, {}, draft.rev)
                done += 1
            except DraftConflict:
                continue

    writers = [threading.Thread(target=add_ten) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    draft = store.get(key)
    assert draft is not None
    assert draft.document == {"n": 80}
    assert draft.rev == 81


def test_old_drafts_are_purged_and_young_ones_kept(store: DraftStore, path: Path) -> None:
    old, young = new_key(), new_key()
    store.put(old, {}, {}, None)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE drafts SET updated_at = '2001-01-01T00:00:00+00:00'")
    raw.close()
    store.put(young, {}, {}, None)
    assert store.purge(90) == 1
    assert store.get(old) is None
    assert store.get(young) is not None


@pytest.mark.parametrize("content", [b"this is not a database " * 200, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_garbage_file_is_refused_in_words_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "drafts.sqlite3"
    path.write_bytes(content)
    store = DraftStore(f"sqlite:///{path}")
    for call in (lambda: store.get("k"), lambda: store.put("k", {}, {}, None), store.probe):
        with pytest.raises(StoreError, match="left as it is"):
            call()
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE invoices (id INTEGER)")
    raw.close()
    with pytest.raises(StoreError, match="something else"):
        DraftStore(f"sqlite:///{path}").put("k", {}, {}, None)


def test_a_database_of_a_newer_version_is_refused(store: DraftStore, path: Path) -> None:
    store.put("k", {}, {}, None)
    store.close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE store SET version = 99")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match="version 99"):
        store.get("k")


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="folder of the database"):
        DraftStore(f"sqlite:///{tmp_path / 'file' / 'x' / 'd.sqlite3'}").get("k")


def test_a_database_that_may_not_be_written_is_said_in_words(store: DraftStore, path: Path) -> None:
    store.put("k", {"n": 1}, {}, None)
    store.close()
    read_only = DraftStore(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError, match="may not be written"):
        read_only.put("k", {"n": 2}, {}, 1)
    read_only.close()
    assert store.get("k") is not None


def test_a_value_that_no_file_can_hold_is_refused(store: DraftStore) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        store.put("k", {"x": float("nan")}, {}, None)


def test_the_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", "sqlite:////tmp/somewhere.sqlite3")
    assert database_url() == "sqlite:////tmp/somewhere.sqlite3"
    monkeypatch.delenv("HYBRIDPLAN_DATABASE_URL")
    assert database_url().endswith("hybridplan.sqlite3")


@pytest.mark.parametrize("url", ["nonsense", "sqlite3:/x", "oracle://nowhere/x"])
def test_an_address_that_cannot_be_used_is_said_in_words(url: str) -> None:
    with pytest.raises(StoreError):
        DraftStore(url).get("k")


_WRITER = """
import sys
from hybridplan.store import DraftStore
store, rev, n = DraftStore(sys.argv[1]), None, 0
while True:
    n += 1
    rev = store.put("key", {"n": n, "filler": "x" * 20000}, {}, rev)
    print(n, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [3, 10, 25])
def test_a_kill_in_the_middle_of_saving_loses_no_acknowledged_save(
    store: DraftStore, path: Path, acknowledged: int
) -> None:
    """The writer saves n = 1, 2, 3, ... and prints n once it is saved; at least the last printed n is there."""
    url = f"sqlite:///{path}"
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, url], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    last = 0
    for line in writer.stdout:
        last = int(line)
        if last == acknowledged:
            os.kill(writer.pid, signal.SIGKILL)
    writer.wait(10)
    writer.stdout.close()
    draft = store.get("key")
    assert draft is not None
    assert draft.document["n"] in (last, last + 1)
    assert draft.document["n"] == draft.rev
    assert len(draft.document["filler"]) == 20000
