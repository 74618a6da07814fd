"""Saving versions: each once, one after the other, and none over another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, func, insert, select, update

from hybridplan.errors import StoreError
from hybridplan.store import reading, texts
from hybridplan.store.database import Database, Taken
from hybridplan.store.entries import UnknownEntry, Version, VersionConflict
from hybridplan.store.schema import SCENARIOS, VERSIONS


@dataclass(frozen=True)
class Save:
    """One save, checked and ready: a repeated one has the same id, scenario and content."""

    scenario_id: str
    save_id: str
    text: str
    content_hash: str
    note: str
    author: str

    @classmethod
    def of(cls, scenario_id: str, save_id: str, text: str, note: str, author: str) -> Save:
        """Check what a save is made of. Raises :class:`StoreError`."""
        return cls(
            texts.identifier("scenario id", scenario_id),
            texts.identifier("save id", save_id),
            text,
            texts.content_hash(text),
            texts.many_lines("note", note, texts.NOTE_CHARS),
            texts.one_line("name of the author", author, texts.AUTHOR_CHARS),
        )


def save_new(database: Database, save: Save, name: str, tags: Iterable[str]) -> Version:
    """Make a scenario with version 1."""
    name = texts.one_line("name", name, texts.NAME_CHARS, needed=True)
    kept = texts.tags(tags)

    def make(connection: Connection) -> Version:
        stamp = texts.now()
        connection.execute(
            insert(SCENARIOS).values(
                id=save.scenario_id,
                name=name,
                tags=json.dumps(kept, ensure_ascii=False),
                search=texts.folded(name, *kept),
                created_at=stamp,
                updated_at=stamp,
                latest=1,
                rev=1,
                touched=next_touched(),
            )
        )
        return _insert(connection, save, 1, stamp)

    return _once(database, save, make)


def save_next(database: Database, save: Save, based_on: int) -> Version:
    """Add a version after ``based_on``. Raises :class:`VersionConflict` where that is not the latest any more."""

    def make(connection: Connection) -> Version:
        stamp, number = texts.now(), based_on + 1
        # The condition decides, in the statement that writes: PostgreSQL waits here for another save of the scenario.
        mine = (SCENARIOS.c.id == save.scenario_id) & SCENARIOS.c.deleted_at.is_(None)
        change = {"latest": number, "updated_at": stamp, "touched": next_touched()}
        if connection.execute(update(SCENARIOS).where(mine, SCENARIOS.c.latest == based_on).values(**change)).rowcount:
            return _insert(connection, save, number, stamp)
        if earlier := _earlier(connection, save):
            return earlier
        found = reading.entry(connection, save.scenario_id)
        if found.deleted_at is not None:
            raise UnknownEntry(f"{found.name!r} was deleted; bring it back first, or save a copy")
        raise VersionConflict(found.latest)

    return _once(database, save, make)


def next_touched() -> ScalarSelect[int]:
    """One more than any scenario has. Two changes at one moment may share it; both are last then."""
    others = SCENARIOS.alias("others")
    return select(func.coalesce(func.max(others.c.touched), 0) + 1).scalar_subquery()


def _once(database: Database, save: Save, make: Callable[[Connection], Version]) -> Version:
    try:
        with database.transaction(writes=True) as connection:
            return _earlier(connection, save) or make(connection)
    except Taken:
        # The same save, sent twice, came through on another connection meanwhile; or the id belongs to something else.
        with database.transaction(writes=False) as connection:
            earlier = _earlier(connection, save)
        if earlier is None:
            raise
        return earlier


def _earlier(connection: Connection, save: Save) -> Version | None:
    """What this save made when it was sent before: its answer may have been lost."""
    found = reading.saved_with(connection, save.save_id)
    if found and (found.scenario_id, found.content_hash) != (save.scenario_id, save.content_hash):
        raise StoreError("this save id belongs to another save; nothing was written")
    return found


def _insert(connection: Connection, save: Save, number: int, stamp: str) -> Version:
    version = Version(
        scenario_id=save.scenario_id,
        number=number,
        content_hash=save.content_hash,
        note=save.note,
        author=save.author,
        created_at=datetime.fromisoformat(stamp),
    )
    row = {**vars(version), "created_at": stamp, "document": save.text}
    search = texts.folded(save.note, save.author)
    connection.execute(insert(VERSIONS).values(**row, save_id=save.save_id, search=search))
    return version
