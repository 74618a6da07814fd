"""How the database is opened: where it is, the settings under which SQLite loses nothing, PostgreSQL's patience."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from hybridplan.errors import StoreError
from hybridplan.settings import DATABASE_URL_VARIABLE

BUSY_TIMEOUT_MS: Final = 5000
_WAL_IS_SAFE_FROM: Final = (3, 51, 3)
"""Older SQLite may lose a WAL checkpoint when two connections race; the rollback journal is not affected."""

_POSTGRESQL_SETTINGS: Final = (
    "SET client_encoding TO 'UTF8'",
    "SET lock_timeout TO '5s'",
    "SET statement_timeout TO '60s'",
    "SET idle_in_transaction_session_timeout TO '300s'",
)


def database_url() -> str:
    """HYBRIDPLAN_DATABASE_URL, or a SQLite file in the user's data directory."""
    named = os.environ.get(DATABASE_URL_VARIABLE, "")
    if named:
        return named
    folder = Path(platformdirs.user_data_dir("hybridplan", appauthor=False))
    return f"sqlite:///{folder / 'hybridplan.sqlite3'}"


def new_key() -> str:
    """A random 128-bit key of a draft; who knows it may change the draft."""
    return secrets.token_urlsafe(16)


def hashed(key: str) -> str:
    """What the database keeps of a key: a copy of the database opens no draft."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def open_engine(url: str) -> Engine:
    """An engine for ``url``; for SQLite the folder is made and every connection is set up to lose nothing.

    Raises :class:`StoreError` where the address cannot be read or the folder cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"{DATABASE_URL_VARIABLE} is not a database address") from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"{DATABASE_URL_VARIABLE} names neither SQLite nor PostgreSQL")
    is_sqlite = parsed.get_backend_name() == "sqlite"
    is_path = bool(parsed.database) and not str(parsed.database).startswith((":memory:", "file:"))
    if is_sqlite and is_path:
        try:
            Path(str(parsed.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of the database cannot be made ({error.strerror})") from error
    try:
        engine = create_engine(parsed, pool_pre_ping=not is_sqlite)
    except Exception as error:  # a driver that is not installed raises what it likes
        hint = "" if is_sqlite else "; PostgreSQL needs: pip install hybridplan[postgres]"
        raise StoreError(f"the database driver is not available ({type(error).__name__}){hint}") from error
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    journal = "WAL" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=FULL", "foreign_keys=ON", f"journal_mode={journal}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _set_up_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL_SETTINGS:
            cursor.execute(statement)
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # A transaction that is to read, as that of a share link, cannot write.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    # A deferred transaction that turns into a writer fails at once with "database is locked", whatever the timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
