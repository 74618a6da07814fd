"""The scenario library: saved scenarios, their versions, notes, share links and kept plans."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hybridplan.store import backup, changing, keeping, linking, reading, restoring, texts, writing
from hybridplan.store.database import Database
from hybridplan.store.entries import Entry, Link, Note, Shared, Version
from hybridplan.store.texts import Document


class Library:
    """Reads and writes saved scenarios. Every method raises :class:`StoreError`, in words, where it cannot do its work.

    The database is opened at first use, and tried again at the next one after a failure. All methods may be called
    from several threads and processes at once. Ids of scenarios, saves and notes are made by the caller
    (:func:`hybridplan.store.new_key`), so that a call whose answer was lost can be made again: it gives back what the
    first one did.
    """

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(url)

    def save_new(
        self,
        document: Document,
        *,
        name: str,
        note: str = "",
        author: str = "",
        tags: Iterable[str] = (),
        scenario_id: str,
        save_id: str,
    ) -> Version:
        """Save a document as version 1 of a new scenario."""
        save = writing.Save.of(scenario_id, save_id, texts.document_json(document), note, author)
        return writing.save_new(self._database, save, name, tags)

    def save(
        self, scenario_id: str, document: Document, *, based_on: int, note: str = "", author: str = "", save_id: str
    ) -> Version:
        """Save a document as the version after ``based_on``.

        Raises :class:`VersionConflict` where that is not the latest version any more, and :class:`UnknownEntry` where
        the scenario was deleted or never was. Nothing was written then.
        """
        save = writing.Save.of(scenario_id, save_id, texts.document_json(document), note, author)
        return writing.save_next(self._database, save, based_on)

    def restore(self, scenario_id: str, number: int, *, author: str = "", save_id: str, based_on: int) -> Version:
        """Save the document of an earlier version as a new one. Raises like :meth:`save`."""
        with self._database.transaction(writes=False) as connection:
            _, text = reading.document_text(connection, scenario_id, number)
        save = writing.Save.of(scenario_id, save_id, text, f"Version {number} again", author)
        return writing.save_next(self._database, save, based_on)

    def scenarios(self, search: str = "", tags: Iterable[str] = (), deleted: bool = False) -> list[Entry]:
        """Scenarios that have every tag and hold ``search``, the one that changed last first.

        Name, tags, and notes and authors of all versions are searched, upper and lower case alike; no character has
        a special meaning. ``deleted``: those in the bin instead.
        """
        with self._database.transaction(writes=False) as connection:
            return reading.scenarios(connection, search, tags, deleted)

    def entry(self, scenario_id: str) -> Entry:
        """One scenario, deleted or not. Raises :class:`UnknownEntry`."""
        with self._database.transaction(writes=False) as connection:
            return reading.entry(connection, scenario_id)

    def versions(self, scenario_id: str) -> list[Version]:
        """All versions without their documents, the newest first. Raises :class:`UnknownEntry`."""
        with self._database.transaction(writes=False) as connection:
            return reading.versions(connection, scenario_id)

    def get(self, scenario_id: str, number: int | None = None) -> Version:
        """A version (None: the latest) with its document, of a deleted scenario too. Raises :class:`UnknownEntry`."""
        with self._database.transaction(writes=False) as connection:
            return reading.version(connection, scenario_id, number)

    def rename(self, scenario_id: str, name: str, rev: int) -> Entry:
        """Give another name. Raises :class:`StaleEntry` where ``rev`` is not the entry's revision any more."""
        return changing.rename(self._database, scenario_id, name, rev)

    def set_tags(self, scenario_id: str, tags: Iterable[str], rev: int) -> Entry:
        """Replace all tags. Raises :class:`StaleEntry`."""
        return changing.set_tags(self._database, scenario_id, tags, rev)

    def delete(self, scenario_id: str, rev: int) -> Entry:
        """Put into the bin, where :meth:`purge` finds it later. Raises :class:`StaleEntry`."""
        return changing.set_deleted(self._database, scenario_id, rev, True)

    def undelete(self, scenario_id: str, rev: int) -> Entry:
        """Bring back from the bin. Raises :class:`StaleEntry`."""
        return changing.set_deleted(self._database, scenario_id, rev, False)

    def add_note(self, scenario_id: str, path: str, text: str, author: str, note_id: str) -> Note:
        """Note something on the value at ``path`` of a scenario ("" for the whole). Raises :class:`UnknownEntry`."""
        return changing.add_note(self._database, scenario_id, note_id, path, text, author)

    def notes(self, scenario_id: str) -> list[Note]:
        """Notes that are not deleted, the oldest first. Raises :class:`UnknownEntry`."""
        return changing.notes(self._database, scenario_id)

    def delete_note(self, note_id: str) -> None:
        """Delete a note. Raises :class:`UnknownEntry`."""
        changing.delete_note(self._database, note_id)

    def share(
        self,
        scenario_id: str,
        version: int | None,
        *,
        label: str = "",
        author: str = "",
        expires_days: float | None = 90,
        token: str,
    ) -> Link:
        """Make a link that shows a version (None: always the latest) to whoever holds ``token``, and changes nothing.

        It works for ``expires_days`` (None: until it is withdrawn). Raises :class:`UnknownEntry`.
        """
        return linking.share(
            self._database, scenario_id, version, token, label=label, author=author, expires_days=expires_days
        )

    def links(self, scenario_id: str) -> list[Link]:
        """Every link of a scenario, expired and withdrawn ones too, the newest first. Raises :class:`UnknownEntry`."""
        return linking.links(self._database, scenario_id)

    def working_links(self) -> dict[str, int]:
        """How many links of each scenario open something now; scenarios without one are left out."""
        return linking.working(self._database)

    def revoke(self, link_id: str) -> Link:
        """Withdraw a link for good. Raises :class:`UnknownLink`."""
        return linking.revoke(self._database, link_id)

    def shared(self, token: str) -> Shared:
        """What a link shows; writes nothing. Raises :class:`UnknownLink`, one text for all reasons."""
        return linking.shared(self._database, token)

    def count_opening(self, token: str) -> None:
        """Count that a link was opened, at most once a minute; an unknown token changes nothing."""
        linking.count_opening(self._database, token)

    def plan_document(self, content_hash: str, library_version: str, solver: str) -> bytes | None:
        """A kept plan as it was packed; None where there is none (any more)."""
        return keeping.plan_document(self._database, content_hash, library_version, solver)

    def put_plan(self, content_hash: str, library_version: str, solver: str, document: bytes) -> None:
        """Keep a packed plan (compressed JSON) in place of an earlier one of the same key."""
        keeping.put_plan(self._database, content_hash, library_version, solver, document)

    def purge(self, deleted_days: float, plan_days: float) -> dict[str, int]:
        """Remove for good what was deleted, and plans made, longer ago than that; returns rows by table."""
        return keeping.purge(self._database, deleted_days, plan_days)

    def backup(self, path: Path) -> dict[str, int]:
        """Copy the whole database, drafts too, into a new file while others go on writing; returns rows by table."""
        return backup.backup(self._database, path)

    def restore_from(self, path: Path) -> dict[str, int]:
        """Put such a copy into this database, which must be empty; returns rows by table."""
        return restoring.restore(self._database, path)

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        self._database.close()
