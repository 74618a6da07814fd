"""Drafts: what each visitor is working on, saved after every change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from hybridplan.errors import StoreError
from hybridplan.store import texts
from hybridplan.store.database import Database, Taken
from hybridplan.store.engine import hashed
from hybridplan.store.schema import DRAFTS, STORE
from hybridplan.store.texts import Document


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

    The database is opened at first use, and tried again at the next one after a failure.
    """

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(url)

    def put(self, key: str, document: Document, opened: Document, rev: int | None) -> int:
        """Save a draft and return its new revision.

        ``rev`` is the revision this change was made on; None for a new draft. Raises :class:`DraftConflict` where
        the draft has another revision by now, and leaves it as it is.
        """
        if texts.is_token(key):
            raise StoreError("this is the token of a share link, which changes nothing")
        row = {"document": texts.to_json(document), "opened": texts.to_json(opened), "updated_at": texts.now()}
        try:
            with self._database.transaction(writes=True) as connection:
                if rev is None:
                    connection.execute(insert(DRAFTS).values(key_hash=hashed(key), rev=1, **row))
                    return 1
                mine = (DRAFTS.c.key_hash == hashed(key)) & (DRAFTS.c.rev == rev)
                if connection.execute(update(DRAFTS).where(mine).values(rev=rev + 1, **row)).rowcount != 1:
                    raise DraftConflict("this draft was changed elsewhere")
                return rev + 1
        except Taken as error:
            raise StoreError("this draft exists already") from error

    def get(self, key: str) -> Draft | None:
        """The draft of a key; None where there is none (never saved, or deleted by age)."""
        with self._database.transaction(writes=False) as connection:
            row = connection.execute(select(DRAFTS).where(DRAFTS.c.key_hash == hashed(key))).one_or_none()
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
        with self._database.transaction(writes=True) as connection:
            return connection.execute(delete(DRAFTS).where(DRAFTS.c.updated_at < oldest)).rowcount

    def probe(self) -> None:
        """Raise :class:`StoreError` where the database cannot be written now; changes nothing."""
        with self._database.transaction(writes=True) as connection:
            connection.execute(select(STORE.c.version).with_for_update()).all()

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        self._database.close()
