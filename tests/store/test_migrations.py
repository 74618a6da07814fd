"""Tables: as the migrations leave them, upgraded in place from the first release, by several processes at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from store_places import Place, run_in_processes

from hybridplan.errors import StoreError
from hybridplan.store import DraftStore, Library, migrate, new_key
from hybridplan.store.database import Database
from hybridplan.store.engine import hashed
from hybridplan.store.schema import METADATA, SCHEMA_VERSION

FIRST_RELEASE = (
    "CREATE TABLE drafts (key_hash VARCHAR(64) NOT NULL, rev INTEGER NOT NULL, document TEXT NOT NULL,"
    " opened TEXT NOT NULL, updated_at VARCHAR(32) NOT NULL, PRIMARY KEY (key_hash))",
    "CREATE TABLE store (version INTEGER NOT NULL, PRIMARY KEY (version))",
    "INSERT INTO store (version) VALUES (1)",
)
"""What the first release executed."""

OPENER = """
library, drafts = Library(url), DraftStore(url)
library.save_new({"n": 1}, name="mine", scenario_id=new_key(), save_id=new_key())
drafts.put(new_key(), {}, {}, None)
"""


def make_first_release(place: Place, key: str) -> None:
    for statement in FIRST_RELEASE:
        place.sql(statement)
    place.sql(
        "INSERT INTO drafts (key_hash, rev, document, opened, updated_at) VALUES"
        f" ('{hashed(key)}', 7, '{{\"name\":\"kept\"}}', '{{}}', '2026-05-01T10:00:00+00:00')"
    )


def test_migrations_make_what_the_code_reads(place: Place) -> None:
    opened = Database(place.url)
    with opened.transaction(writes=False) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    opened.close()
    assert place.sql("SELECT version FROM store") == [(SCHEMA_VERSION,)]
    assert place.sql("SELECT version_num FROM alembic_version") == [(f"{SCHEMA_VERSION:04d}",)]


@pytest.mark.parametrize("first", ["drafts", "library"])
def test_a_database_of_the_first_release_is_upgraded_with_its_drafts(place: Place, first: str) -> None:
    key = new_key()
    make_first_release(place, key)
    library, drafts = Library(place.url), DraftStore(place.url)
    if first == "library":
        assert library.scenarios() == []
    draft = drafts.get(key)
    assert draft is not None
    assert (draft.document, draft.rev) == ({"name": "kept"}, 7)
    assert drafts.put(key, {"name": "later"}, {}, 7) == 8
    library.save_new({"n": 1}, name="first", scenario_id=new_key(), save_id=new_key())
    assert place.sql("SELECT version FROM store") == [(SCHEMA_VERSION,)]
    library.close()
    drafts.close()


@pytest.mark.parametrize("start", ["empty", "first release"])
def test_eight_processes_that_open_a_database_first_do_not_clash(place: Place, start: str) -> None:
    if start == "first release":
        make_first_release(place, new_key())
    run_in_processes(8, OPENER, place.url)
    library = Library(place.url)
    assert len(library.scenarios()) == 8
    library.close()


def test_an_upgrade_that_fails_leaves_the_first_release_as_it_was(place: Place) -> None:
    """A table in the way stops the second migration; nothing of it stays."""
    key = new_key()
    make_first_release(place, key)
    place.sql("CREATE TABLE versions (id INTEGER)")
    library = Library(place.url)
    with pytest.raises(StoreError):
        library.scenarios()
    library.close()
    assert place.sql("SELECT version FROM store") == [(1,)]
    place.sql("DROP TABLE versions")
    drafts = DraftStore(place.url)
    assert drafts.get(key) is not None
    drafts.close()


@pytest.mark.parametrize("version", [0, 3, 99])
def test_another_version_is_refused(library: Library, place: Place, version: int) -> None:
    library.scenarios()
    library.close()
    place.sql(f"UPDATE store SET version = {version}")
    for call in (library.scenarios, DraftStore(place.url).probe):
        with pytest.raises(StoreError, match=f"version {version}, this program reads {SCHEMA_VERSION}"):
            call()


def test_a_database_of_something_else_is_refused_and_left_alone(library: Library, place: Place) -> None:
    place.sql("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match="something else"):
        library.scenarios()
    assert place.sql("SELECT count(*) FROM invoices") == [(0,)]
    with pytest.raises(Exception, match="store"):
        place.sql("SELECT * FROM store")


def test_a_migration_that_this_program_does_not_know_is_refused(place: Place) -> None:
    make_first_release(place, new_key())
    place.sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    place.sql("INSERT INTO alembic_version VALUES ('beef')")
    with pytest.raises(StoreError, match="another program"):
        Library(place.url).scenarios()


def test_migrations_are_found_in_any_folder(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic's settings would read %(...)s as a reference."""
    odd = tmp_path / "100 %(here)s ä"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", odd / "migrations")
    monkeypatch.setattr(migrate, "__file__", str(odd / "migrate.py"))
    library = Library(place.url)
    assert library.scenarios() == []
    library.close()
