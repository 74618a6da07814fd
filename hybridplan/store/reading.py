"""Questions to the library."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from hybridplan.errors import StoreError
from hybridplan.store.entries import Entry, UnknownEntry, Version
from hybridplan.store.schema import SCENARIOS, VERSIONS
from hybridplan.store.texts import NOTE_CHARS, folded, is_identifier

MAX_NUMBER: Final = 2**31 - 1
_FOLDED_CHARS: Final = 3 * NOTE_CHARS
"""Folding turns one character into at most three."""

_HEAD: Final = (
    VERSIONS.c.scenario_id,
    VERSIONS.c.number,
    VERSIONS.c.content_hash,
    VERSIONS.c.note,
    VERSIONS.c.author,
    VERSIONS.c.created_at,
)
"""A version without its document."""


def scenarios(connection: Connection, search: str, tags: Iterable[str], deleted: bool) -> list[Entry]:
    """Entries that hold ``search`` and have every tag, the one that changed last first."""
    wanted = set(tags)
    term = folded(unicodedata.normalize("NFC", search))
    if len(term) > _FOLDED_CHARS or any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in term):
        return []  # no stored text holds that
    statement = _entries().where(SCENARIOS.c.deleted_at.is_not(None) if deleted else SCENARIOS.c.deleted_at.is_(None))
    if term:
        statement = statement.where(_holds(term))
    rows = connection.execute(statement.order_by(SCENARIOS.c.touched.desc(), SCENARIOS.c.id)).all()
    return [found for row in rows if wanted <= set((found := to_entry(row)).tags)]


def entry(connection: Connection, scenario_id: str) -> Entry:
    """One entry, deleted or not. Raises :class:`UnknownEntry`."""
    check_id(scenario_id)
    row = connection.execute(_entries().where(SCENARIOS.c.id == scenario_id)).one_or_none()
    if row is None:
        raise UnknownEntry("the library has no such scenario")
    return to_entry(row)


def check_id(scenario_id: str) -> None:
    """Raise :class:`UnknownEntry` for text that no scenario has as its id, before a driver chokes on it."""
    if not is_identifier(scenario_id):
        raise UnknownEntry("the library has no such scenario")


def versions(connection: Connection, scenario_id: str) -> list[Version]:
    """Versions of a scenario without their documents, the newest first. Raises :class:`UnknownEntry`."""
    entry(connection, scenario_id)
    mine = select(*_HEAD).where(VERSIONS.c.scenario_id == scenario_id)
    return [to_version(row) for row in connection.execute(mine.order_by(VERSIONS.c.number.desc()))]


def document_text(connection: Connection, scenario_id: str, number: int | None) -> tuple[Version, str]:
    """A version (None: the latest) and its document as JSON text. Raises :class:`UnknownEntry`."""
    row = None
    if is_identifier(scenario_id) and (number is None or 1 <= number <= MAX_NUMBER):
        mine = select(*_HEAD, VERSIONS.c.document).where(VERSIONS.c.scenario_id == scenario_id)
        if number is not None:
            mine = mine.where(VERSIONS.c.number == number)
        row = connection.execute(mine.order_by(VERSIONS.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        raise UnknownEntry("the library has no such scenario or version")
    return to_version(row), row.document


def version(connection: Connection, scenario_id: str, number: int | None) -> Version:
    """A version (None: the latest) with its document. Raises :class:`UnknownEntry`."""
    head, text = document_text(connection, scenario_id, number)
    try:
        document = json.loads(text)
    except ValueError as error:
        raise StoreError("this version is damaged in the database") from error
    return Version(**{**vars(head), "document": document})


def saved_with(connection: Connection, save_id: str) -> Version | None:
    """The version that a save made, without its document; None where that save never came to be."""
    row = connection.execute(select(*_HEAD).where(VERSIONS.c.save_id == save_id)).one_or_none()
    return None if row is None else to_version(row)


def to_version(row: Row[*tuple[Any, ...]]) -> Version:
    """A version without its document."""
    when = datetime.fromisoformat(row.created_at)
    return Version(row.scenario_id, row.number, row.content_hash, row.note, row.author, when)


def to_entry(row: Row[*tuple[Any, ...]]) -> Entry:
    """An entry from a row of :func:`_entries`."""
    return Entry(
        id=row.id,
        name=row.name,
        tags=tuple(json.loads(row.tags)),
        created_at=datetime.fromisoformat(row.made_at),
        updated_at=datetime.fromisoformat(row.updated_at),
        deleted_at=datetime.fromisoformat(row.deleted_at) if row.deleted_at else None,
        latest=to_version(row),
        versions=row.latest,
        rev=row.rev,
    )


def _entries() -> Select[Any]:
    """Entries with their latest version; numbers have no gap, so the latest number is also how many there are."""
    return select(
        SCENARIOS.c.id,
        SCENARIOS.c.name,
        SCENARIOS.c.tags,
        SCENARIOS.c.created_at.label("made_at"),
        SCENARIOS.c.updated_at,
        SCENARIOS.c.deleted_at,
        SCENARIOS.c.latest,
        SCENARIOS.c.rev,
        *_HEAD,
    ).join(VERSIONS, (VERSIONS.c.scenario_id == SCENARIOS.c.id) & (VERSIONS.c.number == SCENARIOS.c.latest))


def _holds(term: str) -> ColumnElement[bool]:
    """Name, tags, or the note or author of any version hold ``term``, which is folded already."""
    said = VERSIONS.alias("said")
    of_it = said.c.scenario_id == SCENARIOS.c.id
    noted = select(said.c.number).where(of_it, said.c.search.contains(term, autoescape=True))
    return SCENARIOS.c.search.contains(term, autoescape=True) | noted.exists()
