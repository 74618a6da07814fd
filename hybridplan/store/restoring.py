"""A backup back into an empty database: all of it, or nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, insert, select

from hybridplan.errors import StoreError
from hybridplan.store.backup import FORM, ROWS_AT_ONCE
from hybridplan.store.database import Database, Taken, in_words
from hybridplan.store.schema import KEPT, SCHEMA_VERSION

_Row = tuple[str, dict[str, Any]]
"""Name of a table and one row of it."""
_TABLES: Final = {table.name: table for table in KEPT}
_MAX_LINE: Final = 200_000_000
_SQLITE: Final = b"SQLite format 3\x00"


def restore(database: Database, path: Path) -> dict[str, int]:
    """Put a backup, of SQLite or of PostgreSQL, into ``database``; returns the number of rows of each table.

    Raises :class:`StoreError` where the database holds anything, or the file is damaged or no backup; nothing was
    written then.
    """
    try:
        with path.open("rb") as file:
            is_sqlite = file.read(len(_SQLITE)) == _SQLITE
            file.seek(0)
            with _sqlite_rows(path) if is_sqlite else _lines(file) as rows:
                return _insert(database, rows)
    except Taken as error:
        raise StoreError("the copy is damaged: its rows do not fit together; nothing was written") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({(error.strerror or type(error).__name__).lower()})") from error


def _insert(database: Database, rows: Iterator[_Row]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    with database.transaction(writes=True) as connection:
        _refuse_unless_empty(connection)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            for name, table in _TABLES.items():
                if mine := [row for of, row in batch if of == name]:
                    connection.execute(insert(table), mine)
                    counts[name] += len(mine)
    return {name: counts[name] for name in _TABLES}


def _refuse_unless_empty(connection: Connection) -> None:
    for table in KEPT:
        if connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None:
            raise StoreError(f"the database is not empty (it has {table.name}); nothing was written")


@contextmanager
def _sqlite_rows(path: Path) -> Iterator[Iterator[_Row]]:
    """Rows of a SQLite file, through a copy that is upgraded where it is of an earlier version."""
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken.sqlite3"
        try:
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(taken)) as copy,
            ):
                source.backup(copy)
                if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise StoreError("the copy is damaged; nothing was written")
        except sqlite3.Error as error:
            raise StoreError(f"the copy cannot be read: {in_words(str(error))}") from error
        old = Database(f"sqlite:///{taken}")
        try:
            with old.transaction(writes=False) as connection:
                yield _all_rows(connection)
        finally:
            old.close()


def _all_rows(connection: Connection) -> Iterator[_Row]:
    for table in KEPT:
        rows = connection.execute(select(table), execution_options={"yield_per": ROWS_AT_ONCE})
        for row in rows.mappings():
            yield table.name, dict(row)


@contextmanager
def _lines(file: BinaryIO) -> Iterator[Iterator[_Row]]:
    yield _read_lines(file)


def _read_lines(file: BinaryIO) -> Iterator[_Row]:
    """Rows of a file of JSON lines; raises :class:`StoreError` at its end where its counts or its hash do not fit."""
    digest = hashlib.sha256()
    counts = dict.fromkeys(_TABLES, 0)
    number = 0
    while line := file.readline(_MAX_LINE):
        number += 1
        before = digest.hexdigest()
        digest.update(line)
        value = _parsed(line, number)
        if number == 1:
            _check_head(value)
        elif isinstance(value, dict):
            if value != {"counts": counts, "sha256": before} or file.readline(1):
                break
            return
        else:
            row = _to_row(value, number)
            counts[row[0]] += 1
            yield row
    raise StoreError("the copy is damaged or cut off; nothing was written")


def _parsed(line: bytes, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        what = "this is no copy of a database" if number == 1 else f"line {number} of the copy is damaged"
        raise StoreError(f"{what}; nothing was written") from error


def _check_head(head: Any) -> None:
    if not isinstance(head, dict) or head.get("form") != FORM:
        raise StoreError("this is no copy of a database; nothing was written")
    if head.get("version") != SCHEMA_VERSION:
        raise StoreError(f"the copy has version {head.get('version')}, this program reads {SCHEMA_VERSION}")


def _to_row(value: Any, number: int) -> _Row:
    damaged = StoreError(f"line {number} of the copy is damaged; nothing was written")
    try:
        name, row = value
        known = {column.name for column in _TABLES[name].columns} == set(row)
        if not known:
            raise damaged
        return name, {key: _from_plain(cell) for key, cell in row.items()}
    except (TypeError, ValueError, KeyError, AttributeError, binascii.Error) as error:
        raise damaged from error


def _from_plain(cell: Any) -> Any:
    return base64.b64decode(cell["base64"], validate=True) if isinstance(cell, dict) else cell
