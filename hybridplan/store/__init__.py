"""The database: drafts that survive a reload, and the scenario library. The only package that imports SQLAlchemy."""

from hybridplan.store.drafts import Draft, DraftConflict, DraftStore
from hybridplan.store.engine import database_url, new_key
from hybridplan.store.entries import (
    Entry,
    Link,
    Note,
    Shared,
    StaleEntry,
    UnknownEntry,
    UnknownLink,
    Version,
    VersionConflict,
)
from hybridplan.store.library import Library
from hybridplan.store.linking import new_token

__all__ = [
    "Draft",
    "DraftConflict",
    "DraftStore",
    "Entry",
    "Library",
    "Link",
    "Note",
    "Shared",
    "StaleEntry",
    "UnknownEntry",
    "UnknownLink",
    "Version",
    "VersionConflict",
    "database_url",
    "new_key",
    "new_token",
]
