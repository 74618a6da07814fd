"""The database: drafts that survive a reload, and the scenario library. The only package that imports SQLAlchemy."""

from hybridplan.store.drafts import Draft, DraftConflict, DraftStore
from hybridplan.store.engine import database_url, new_key
from hybridplan.store.entries import Entry, Note, StaleEntry, UnknownEntry, Version, VersionConflict
from hybridplan.store.library import Library

__all__ = [
    "Draft",
    "DraftConflict",
    "DraftStore",
    "Entry",
    "Library",
    "Note",
    "StaleEntry",
    "UnknownEntry",
    "Version",
    "VersionConflict",
    "database_url",
    "new_key",
]
