"""Name, tags, deletion and notes of a scenario: what may change, each change on the revision it was made on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hybridplan.errors import StoreError
from hybridplan.store import reading, texts
from hybridplan.store.database import Database, Taken
from hybridplan.store.entries import Entry, Note, StaleEntry, UnknownEntry
from hybridplan.store.schema import NOTES, SCENARIOS
from hybridplan.store.writing import next_touched


def rename(database: Database, scenario_id: str, name: str, rev: int) -> Entry:
    """Give another name. Raises :class:`StaleEntry`."""
    name = texts.one_line("name", name, texts.NAME_CHARS, needed=True)
    with database.transaction(writes=True) as connection:
        tags = reading.entry(connection, scenario_id).tags
        values = {"name": name, "search": texts.folded(name, *tags), "updated_at": texts.now()}
        return _change(connection, scenario_id, rev, values)


def set_tags(database: Database, scenario_id: str, tags: Iterable[str], rev: int) -> Entry:
    """Replace all tags. Raises :class:`StaleEntry`."""
    kept = texts.tags(tags)
    with database.transaction(writes=True) as connection:
        name = reading.entry(connection, scenario_id).name
        search = texts.folded(name, *kept)
        values = {"tags": json.dumps(kept, ensure_ascii=False), "search": search, "updated_at": texts.now()}
        return _change(connection, scenario_id, rev, values)


def set_deleted(database: Database, scenario_id: str, rev: int, deleted: bool) -> Entry:
    """Delete, or bring back. Raises :class:`StaleEntry`."""
    with database.transaction(writes=True) as connection:
        return _change(connection, scenario_id, rev, {"deleted_at": texts.now() if deleted else None})


def _change(connection: Connection, scenario_id: str, rev: int, values: dict[str, Any]) -> Entry:
    reading.check_id(scenario_id)
    mine = (SCENARIOS.c.id == scenario_id) & (SCENARIOS.c.rev == rev)
    change = update(SCENARIOS).where(mine).values(rev=rev + 1, touched=next_touched(), **values)
    changed = connection.execute(change).rowcount
    found = reading.entry(connection, scenario_id)
    if changed != 1:
        raise StaleEntry(found)
    return found


def add_note(database: Database, scenario_id: str, note_id: str, path: str, text: str, author: str) -> Note:
    """Keep a note; the same ``note_id`` again gives back the first."""
    row = {
        "id": texts.identifier("note id", note_id),
        "path": texts.one_line("path", path, texts.PATH_CHARS),
        "text": texts.many_lines("note", text, texts.NOTE_CHARS, needed=True),
        "author": texts.one_line("name of the author", author, texts.AUTHOR_CHARS),
    }
    try:
        with database.transaction(writes=True) as connection:
            if earlier := _earlier_note(connection, scenario_id, row):
                return earlier
            if reading.entry(connection, scenario_id).deleted_at is not None:
                raise UnknownEntry("this scenario was deleted; bring it back first")
            # Locks the scenario on PostgreSQL, so that two notes do not take one number.
            connection.execute(select(SCENARIOS.c.id).where(SCENARIOS.c.id == scenario_id).with_for_update())
            last = select(func.max(NOTES.c.number)).where(NOTES.c.scenario_id == scenario_id)
            number = (connection.execute(last).scalar() or 0) + 1
            stamp = texts.now()
            connection.execute(insert(NOTES).values(**row, scenario_id=scenario_id, number=number, created_at=stamp))
            return Note(scenario_id=scenario_id, number=number, created_at=datetime.fromisoformat(stamp), **row)
    except Taken:
        with database.transaction(writes=False) as connection:
            earlier = _earlier_note(connection, scenario_id, row)
        if earlier is None:
            raise
        return earlier


def notes(database: Database, scenario_id: str) -> list[Note]:
    """Notes that are not deleted, the oldest first. Raises :class:`UnknownEntry`."""
    with database.transaction(writes=False) as connection:
        reading.entry(connection, scenario_id)
        mine = select(NOTES).where(NOTES.c.scenario_id == scenario_id, NOTES.c.deleted_at.is_(None))
        return [_to_note(row) for row in connection.execute(mine.order_by(NOTES.c.number))]


def delete_note(database: Database, note_id: str) -> None:
    """Hide a note; a second time changes nothing. Raises :class:`UnknownEntry`."""
    with database.transaction(writes=True) as connection:
        mine = NOTES.c.id == note_id
        known = texts.is_identifier(note_id) and connection.execute(select(NOTES.c.id).where(mine)).one_or_none()
        if not known:
            raise UnknownEntry("the library has no such note")
        connection.execute(update(NOTES).where(mine, NOTES.c.deleted_at.is_(None)).values(deleted_at=texts.now()))


def _earlier_note(connection: Connection, scenario_id: str, row: dict[str, str]) -> Note | None:
    found = connection.execute(select(NOTES).where(NOTES.c.id == row["id"])).one_or_none()
    if found is None:
        return None
    if (found.scenario_id, found.path, found.text) != (scenario_id, row["path"], row["text"]):
        raise StoreError("this note id belongs to another note; nothing was written")
    return _to_note(found)


def _to_note(row: Row[*tuple[Any, ...]]) -> Note:
    when = datetime.fromisoformat(row.created_at)
    return Note(row.id, row.scenario_id, row.number, row.path, row.text, row.author, when)
