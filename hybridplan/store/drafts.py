"""Drafts: what each visitor is working on, saved after every change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hybridplan.errors import StoreError
from hybridplan.store.engine import database_url, hashed, open_engine

Document = dict[str, Any]
"""Plain JSON values of a scenario as typed; it may hold values that no scenario accepts."""

_STORE_VERSION: Final = 1
_METADATA: Final = MetaData()
_DRAFTS: Final = Table(
    "drafts",
    _METADATA,
    Column("key_hash", String(64), primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("updated_at", String(32), nullable=False),
)
_STORE: Final = Table("store", _METADATA, Column("version", Integer, primary_key=True))


@dataclass(frozen=True)
class Draft:
    """One draft: the document as typed, the document it began from (what reset returns to), and its revision."""

    document: Document
    opened: Document
    rev: int
    updated_at: datetime


class DraftConflict(StoreError):
    """The draft was changed by someone else since it was read; nothing was written."""


class DraftStore:
    """Reads and writes drafts. Every method raises :class:`StoreError`, in words, where the database does not answer.

    The database is opened at first use, and tried again at the next one after a failure, so that a page works
    without it. It is never made anew over a file that is not ours.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url or database_url()
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def put(self, key: str, document: Document, opened: Document, rev: int | None) -> int:
        """Save a draft and return its new revision.

        ``rev`` is the revision this change was made on; None for a new draft. Raises :class:`DraftConflict` where
        the draft has another revision by now, and leaves it as it is.
        """
        row = {
            "document": _text(document),
            "opened": _text(opened),
            "updated_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self._transaction(writes=True) as connection:
            if rev is None:
                connection.execute(insert(_DRAFTS).values(key_hash=hashed(key), rev=1, **row))
                return 1
            mine = (_DRAFTS.c.key_hash == hashed(key)) & (_DRAFTS.c.rev == rev)
            if connection.execute(update(_DRAFTS).where(mine).values(rev=rev + 1, **row)).rowcount != 1:
                raise DraftConflict("this draft was changed elsewhere")
            return rev + 1

    def get(self, key: str) -> Draft | None:
        """The draft of a key; None where there is none (never saved, or deleted by age)."""
        with self._transaction(writes=False) as connection:
            row = connection.execute(select(_DRAFTS).where(_DRAFTS.c.key_hash == hashed(key))).one_or_none()
        if row is None:
            return None
        try:
            document, opened = json.loads(row.document), json.loads(row.opened)
            return Draft(document, opened, int(row.rev), datetime.fromisoformat(row.updated_at))
        except (ValueError, TypeError) as error:
            raise StoreError("this draft is damaged in the database") from error

    def purge(self, days: float) -> int:
        """Delete drafts that nobody has changed for ``days`` days; returns how many."""
        oldest = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        with self._transaction(writes=True) as connection:
            return connection.execute(delete(_DRAFTS).where(_DRAFTS.c.updated_at < oldest)).rowcount

    def probe(self) -> None:
        """Raise :class:`StoreError` where the database cannot be written now; changes nothing."""
        with self._transaction(writes=True) as connection:
            connection.execute(select(_STORE.c.version)).all()

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        try:
            engine = self._opened()
            with engine.connect().execution_options(writes=writes) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise StoreError(_in_words(str(error.orig))) from error
        except SQLAlchemyError as error:
            raise StoreError(f"the database failed ({type(error).__name__})") from error

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                engine = open_engine(self._url)
                try:
                    with engine.connect().execution_options(writes=True) as connection, connection.begin():
                        _create_or_check(connection)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


def _create_or_check(connection: Connection) -> None:
    """Make the tables in an empty database; refuse one that is not ours, or that a newer version made."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        _METADATA.create_all(connection)
        connection.execute(insert(_STORE).values(version=_STORE_VERSION))
    elif not {"drafts", "store"} <= tables:
        raise StoreError("the database belongs to something else; it was left as it is")
    elif (version := connection.execute(select(_STORE.c.version)).scalar()) != _STORE_VERSION:
        raise StoreError(
            f"the database has version {version}, this program reads {_STORE_VERSION}; it was left as it is"
        )


def _text(document: Document) -> str:
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError("the scenario holds a value that cannot be written") from error


def _in_words(driver_message: str) -> str:
    """What a person needs to know of a driver's message."""
    for sign, words in _IN_WORDS.items():
        if sign in driver_message:
            return words
    return "the database failed"


_IN_WORDS: Final = {
    "not a database": "the database file is damaged or not a database; it was left as it is: restore a copy of it",
    "malformed": "the database file is damaged; it was left as it is: restore a copy of it",
    "readonly": "the database may not be written",
    "unable to open": "the database file cannot be opened",
    "is locked": "the database is busy; try again",
    "is full": "the disk is full",
    "UNIQUE": "this draft exists already",
}
