"""A copy of the whole database in one file, taken while others go on writing."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import create_engine, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from hybridplan.errors import StoreError
from hybridplan.store import migrate, texts
from hybridplan.store.database import Database, begun, failures_in_words, in_words
from hybridplan.store.engine import open_engine
from hybridplan.store.schema import KEPT, SCHEMA_VERSION

FORM: Final = "hybridplan backup 1"
ROWS_AT_ONCE: Final = 20


def backup(database: Database, path: Path) -> dict[str, int]:
    """Write a copy to ``path``, which must not exist yet; returns the number of rows of each table.

    SQLite gives a SQLite file, PostgreSQL a file of JSON lines; :func:`hybridplan.store.restoring.restore` reads both
    into either. The file is complete, or it is not there.
    """
    with _in_place(path) as part:
        if _is_sqlite(database.url):
            return _copy_sqlite(database.url, part)
        with part.open("wb") as file:
            counts = _write_lines(database, file)
            file.flush()
            os.fsync(file.fileno())
        return counts


def _is_sqlite(url: str) -> bool:
    try:
        return make_url(url).get_backend_name() == "sqlite"
    except ArgumentError:
        return False


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    """A new file beside ``path``, for its owner only, which becomes ``path`` at the end."""
    if path.exists():
        raise StoreError(f"{path} exists already; nothing was written")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        os.replace(part, path)
        with contextlib.suppress(OSError):  # not every system lets a folder be synced
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise StoreError(f"the copy cannot be written ({(error.strerror or type(error).__name__).lower()})") from error
    finally:
        part.unlink(missing_ok=True)


def _copy_sqlite(url: str, part: Path) -> dict[str, int]:
    """SQLite's own online copy: one moment of the database, whoever writes meanwhile. It is not upgraded for that."""
    file = make_url(url).database
    if file and not file.startswith("file:") and not Path(file).is_file():
        raise StoreError("there is no database yet")
    engine = open_engine(url)
    copy = sqlite3.connect(part)
    try:
        with failures_in_words(), begun(engine, writes=False) as connection:
            if not migrate.found_version(connection):
                raise StoreError("the database is empty")
            source: Any = connection.connection.driver_connection
            source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").close()  # one file, whatever the journal of the original
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise StoreError("the database is damaged: its copy does not pass SQLite's check")
    except sqlite3.Error as error:
        raise StoreError(in_words(str(error))) from error
    finally:
        copy.close()
        engine.dispose()
    return _counted(part)


def _counted(part: Path) -> dict[str, int]:
    engine = create_engine(f"sqlite:///{part}")
    try:
        with failures_in_words(), engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            tables = [table for table in KEPT if table.name in there]
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}
    finally:
        engine.dispose()


def _write_lines(database: Database, file: BinaryIO) -> dict[str, int]:
    """A line that says what this is, one per row, and one with the counts and a hash of all lines before."""
    digest = hashlib.sha256()

    def write(value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        file.write(line)

    write({"form": FORM, "version": SCHEMA_VERSION, "made_at": texts.now()})
    counts = {table.name: 0 for table in KEPT}
    # Every statement of such a transaction sees the same moment.
    engine = database.opened().execution_options(isolation_level="REPEATABLE READ")
    with failures_in_words(), begun(engine, writes=False) as connection:
        for table in KEPT:
            in_order = select(table).order_by(*table.primary_key.columns)
            rows = connection.execute(in_order, execution_options={"yield_per": ROWS_AT_ONCE})
            for row in rows.mappings():
                write([table.name, {name: _plain(value) for name, value in row.items()}])
                counts[table.name] += 1
    write({"counts": counts, "sha256": digest.hexdigest()})
    return counts


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value
