"""Databases that fail: said in words, nothing lost, and used again once they are back."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from store_places import Place, running_cluster

from hybridplan.errors import StoreError
from hybridplan.store import Library, Version, engine, new_key


def save(library: Library, document: dict[str, Any] | None = None) -> Version:
    return library.save_new(document or {"n": 1}, name="week", scenario_id=new_key(), save_id=new_key())


@pytest.fixture
def on_sqlite(make_place: Callable[[str], Place]) -> Place:
    return make_place("sqlite")


@pytest.fixture
def on_postgresql(make_place: Callable[[str], Place]) -> Place:
    return make_place("postgresql")


def test_a_full_disk_loses_nothing_that_was_there(on_sqlite: Place) -> None:
    library = Library(on_sqlite.url)
    first = save(library)
    opened = library._database.opened()
    opened.dispose()

    @event.listens_for(opened, "connect")
    def no_more_pages(connection: Any, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    for _ in range(2):
        with pytest.raises(StoreError, match="disk is full"):
            library.save(first.scenario_id, {"filler": "x" * 100_000}, based_on=1, save_id=new_key())
    assert library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key()).number == 2
    library.close()
    assert [version.number for version in library.versions(first.scenario_id)] == [2, 1]
    assert on_sqlite.sql("PRAGMA integrity_check") == [("ok",)]
    library.close()


def test_a_database_that_may_not_be_written_is_still_read(library: Library, place: Place) -> None:
    first = save(library)
    library.close()
    url = place.url
    if place.path is None:
        name = place.url.split("@/")[1].split("?")[0]
        place.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    else:
        url = f"sqlite:///file:{place.path}?mode=ro&uri=true"
    read_only = Library(url)
    with pytest.raises(StoreError, match="may not be written"):
        read_only.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key())
    assert read_only.get(first.scenario_id).document == {"n": 1}
    read_only.close()


@pytest.mark.parametrize("content", [b"this is not a database " * 200, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_garbage_file_is_refused_in_words_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbage.sqlite3"
    path.write_bytes(content)
    library = Library(f"sqlite:///{path}")
    for call in (library.scenarios, lambda: save(library), lambda: library.backup(tmp_path / "copy")):
        with pytest.raises(StoreError, match="left as it is: restore a copy"):
            call()
    assert path.read_bytes() == content
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_file_that_was_cut_off_is_refused_in_words(on_sqlite: Place) -> None:
    library = Library(on_sqlite.url)
    first = save(library, {"filler": "x" * 100_000})
    library.close()
    assert on_sqlite.path is not None
    whole = on_sqlite.path.read_bytes()
    on_sqlite.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="damaged"):
        library.get(first.scenario_id)
    library.close()


def test_a_damaged_document_is_said_in_words(library: Library, place: Place) -> None:
    first = save(library)
    table = "versions DISABLE TRIGGER ALL" if place.path is None else ""
    place.sql(f"ALTER TABLE {table}" if table else "DROP TRIGGER versions_no_update")
    place.sql("UPDATE versions SET document = '{\"n\":'")
    with pytest.raises(StoreError, match="this version is damaged"):
        library.get(first.scenario_id)


def test_a_database_that_others_hold_is_busy_and_then_works(on_sqlite: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    library = Library(on_sqlite.url)
    first = save(library)
    assert on_sqlite.path is not None
    other = sqlite3.connect(on_sqlite.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="busy; try again"):
        library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key())
    other.execute("ROLLBACK")
    other.close()
    assert library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key()).number == 2
    library.close()


def test_eight_threads_that_open_one_file_with_the_other_journal_do_not_clash(
    on_sqlite: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newer SQLite is run with a write-ahead log."""
    monkeypatch.setattr(engine, "_WAL_IS_SAFE_FROM", (3, 0, 0))
    libraries = [Library(on_sqlite.url) for _ in range(8)]
    threads = [threading.Thread(target=save, args=(library,)) for library in libraries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(libraries[0].scenarios()) == 8
    for library in libraries:
        library.close()


@pytest.fixture
def own_server() -> Iterator[Any]:
    with running_cluster() as server:
        yield server


def test_a_server_that_stops_is_said_in_words_and_used_again(own_server: Any) -> None:
    library = Library(own_server.url("postgres"))
    first = save(library)
    save_id = new_key()
    own_server.stop()
    with pytest.raises(StoreError, match="cannot be reached; try again"):
        library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=save_id)
    own_server.start_again()
    assert library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=save_id).number == 2
    own_server.crash()
    assert library.get(first.scenario_id).document == {"n": 2}
    library.close()


@pytest.mark.parametrize("moment", ["before the commit", "after it"])
def test_a_connection_that_drops_while_saving_makes_no_second_version(on_postgresql: Place, moment: str) -> None:
    """The caller cannot tell which of the two it was, and sends the same save again."""
    library = Library(on_postgresql.url)
    first = save(library)
    opened, dropped = library._database.opened(), []
    do_commit = opened.dialect.do_commit

    def drop(connection: Any) -> None:
        if dropped:
            return do_commit(connection)
        dropped.append(True)
        if moment == "after it":
            do_commit(connection)
        on_postgresql.sql(f"SELECT pg_terminate_backend({connection.driver_connection.info.backend_pid})")
        return connection.driver_connection.execute("SELECT 1")

    opened.dialect.do_commit = drop  # type: ignore[method-assign]
    save_id = new_key()
    try:
        with pytest.raises(StoreError, match="cannot be reached; try again"):
            library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=save_id)
    finally:
        opened.dialect.do_commit = do_commit  # type: ignore[method-assign]
    assert len(library.versions(first.scenario_id)) == (2 if moment == "after it" else 1)
    assert library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=save_id).number == 2
    assert [version.number for version in library.versions(first.scenario_id)] == [2, 1]
    library.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody@/x?host=/nonexistent", "cannot be reached"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "cannot be reached"),
        ("mysql://x/y", "neither SQLite nor PostgreSQL"),
        ("postgresql+nodriver://x/y", "driver is not available"),
        ("nonsense", "not a database address"),
    ],
)
def test_a_database_that_cannot_be_had_is_said_in_words(url: str, words: str, tmp_path: Path) -> None:
    for call in (Library(url).scenarios, lambda: Library(url).backup(tmp_path / "copy")):
        with pytest.raises(StoreError, match=words):
            call()
    assert list(tmp_path.iterdir()) == []


def test_the_server_says_what_is_wrong_with_the_address(on_postgresql: Place) -> None:
    with pytest.raises(StoreError, match="no such database"):
        Library(on_postgresql.url.replace("@/t_", "@/other_")).scenarios()
