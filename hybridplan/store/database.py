"""A database that is opened at first use, and the words for what goes wrong with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from hybridplan.errors import StoreError
from hybridplan.store import migrate
from hybridplan.store.engine import database_url, open_engine
from hybridplan.store.schema import SCHEMA_VERSION


class Taken(StoreError):
    """A row with this key exists already."""


class Database:
    """Transactions on one database. Everything that fails is a :class:`StoreError`, in words.

    The database is opened at first use, and tried again at the next one after a failure, so that a page works
    without it. It is never made anew over a file that is not ours.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = url or database_url()
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back by an exception."""
        with failures_in_words(), begun(self.opened(), writes=writes) as connection:
            yield connection

    def opened(self) -> Engine:
        """The engine, with tables that are up to date."""
        with self._lock, failures_in_words():
            if self._engine is None:
                engine = open_engine(self.url)
                try:
                    _bring_up_to_date(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()


def clock(connection: Connection) -> str:
    """The database's own time, in the form in which times are stored: servers may disagree about theirs."""
    if connection.dialect.name == "sqlite":
        now = func.strftime("%Y-%m-%dT%H:%M:%S+00:00", "now")
    else:
        now = func.to_char(func.timezone("UTC", func.now()), 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')
    return str(connection.execute(select(now)).scalar_one())


@contextmanager
def begun(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """A connection in a transaction. One that does not write cannot; on SQLite one that does waits its turn at once."""
    with engine.connect().execution_options(writes=writes) as connection, connection.begin():
        yield connection


def _bring_up_to_date(engine: Engine) -> None:
    with begun(engine, writes=False) as connection:
        version = migrate.found_version(connection)
    if version != SCHEMA_VERSION:
        with begun(engine, writes=True) as connection:
            migrate.upgrade(connection)


@contextmanager
def failures_in_words() -> Iterator[None]:
    """Turn what SQLAlchemy raises into :class:`StoreError`, or :class:`Taken` for a key that exists already."""
    try:
        yield
    except IntegrityError as error:
        raise Taken(in_words(str(error.orig))) from error
    except DBAPIError as error:
        raise StoreError(in_words(str(error.orig))) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed ({type(error).__name__})") from error
    except OverflowError as error:  # SQLite's driver on a whole number beyond 64 bits
        raise StoreError("a number is too large for the database") from error


def in_words(driver_message: str) -> str:
    """What a person needs to know of a driver's message."""
    for sign, words in _IN_WORDS.items():
        if sign in driver_message:
            return words
    return "the database failed"


_RESTORE: Final = "it was left as it is: restore a copy of it (hybridplan restore)"
_BUSY: Final = "the database is busy; try again"
_READ_ONLY: Final = "the database may not be written"
_FULL: Final = "the disk is full"
_AWAY: Final = "the database server cannot be reached; try again"
_IN_WORDS: Final = {
    "not a database": f"the database file is damaged or not a database; {_RESTORE}",
    "malformed": f"the database file is damaged; {_RESTORE}",
    "readonly": _READ_ONLY,
    "read-only": _READ_ONLY,
    "unable to open": "the database file cannot be opened",
    "is locked": _BUSY,
    "lock timeout": _BUSY,
    "statement timeout": _BUSY,
    "deadlock detected": _BUSY,
    "too many clients": _BUSY,
    "disk I/O error": "the disk of the database failed",
    "is full": _FULL,
    "No space left": _FULL,
    "UNIQUE": "it exists already",
    "duplicate key": "it exists already",
    "versions are immutable": "saved versions cannot be changed",
    "authentication failed": "the database server does not know this user or password",
    "does not exist": "the database server has no such database, user or table",
    "permission denied": "this user of the database may not do that",
    "connection": _AWAY,
}
"""Sign in a driver's message -> words; the first sign that is found decides."""
