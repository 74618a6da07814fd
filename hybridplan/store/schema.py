"""The tables, as the newest migration leaves them; a test compares both."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION: Final = 2
"""Number of the newest migration; the table ``store`` holds that of a database."""

METADATA: Final = MetaData()

_HASH: Final = String(64)
_ID: Final = String(64)
_TIME: Final = String(32)
"""UTC, ISO 8601 with seconds. Shown, and compared with an age; what came first is told by numbers."""


def _scenario() -> Column[str]:
    return Column("scenario_id", _ID, ForeignKey("scenarios.id"), nullable=False)


STORE: Final = Table("store", METADATA, Column("version", Integer, primary_key=True))

DRAFTS: Final = Table(
    "drafts",
    METADATA,
    Column("key_hash", _HASH, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("updated_at", _TIME, nullable=False),
)

SCENARIOS: Final = Table(
    "scenarios",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("updated_at", _TIME, nullable=False),
    Column("deleted_at", _TIME),
    Column("latest", Integer, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("touched", Integer, nullable=False),
)
"""``tags``: JSON list. ``search``: name and tags as they are searched. ``touched``: counts up with every change in the
library, so that the order of the list does not hang on a clock."""

VERSIONS: Final = Table(
    "versions",
    METADATA,
    Column("scenario_id", _ID, ForeignKey("scenarios.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", _HASH, nullable=False),
    Column("document", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("save_id", _ID, nullable=False),
    UniqueConstraint("save_id", name="versions_save_id"),
)
"""Triggers abort every UPDATE, and every DELETE of a scenario that is not in ``purging``."""

PURGING: Final = Table("purging", METADATA, Column("scenario_id", _ID, primary_key=True))
"""Scenarios whose versions may be deleted. Filled and emptied again within one transaction of a purge."""

NOTES: Final = Table(
    "notes",
    METADATA,
    Column("id", _ID, primary_key=True),
    _scenario(),
    Column("number", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("deleted_at", _TIME),
    UniqueConstraint("scenario_id", "number", name="notes_number"),
)

PLANS: Final = Table(
    "plans",
    METADATA,
    Column("content_hash", _HASH, primary_key=True),
    Column("library_version", _ID, primary_key=True),
    Column("solver", String(200), primary_key=True),
    Column("document", LargeBinary, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("size", Integer, nullable=False),
)
"""A cache: every row may be deleted at any time."""

LINKS: Final = Table(
    "links",
    METADATA,
    Column("token_hash", _HASH, primary_key=True),
    _scenario(),
    Column("version", Integer),
    Column("label", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", _TIME, nullable=False),
    Column("expires_at", _TIME),
    Column("revoked_at", _TIME),
    Column("last_opened_at", _TIME),
    Column("opened", Integer, nullable=False),
    Index("links_scenario", "scenario_id"),
)
"""``version``: null for the latest."""

KEPT: Final = (DRAFTS, SCENARIOS, VERSIONS, NOTES, PLANS, LINKS)
"""What a backup holds, each table after those that its rows name."""
