"""Share links: a token that shows one stored version, or always the latest, and can change nothing.

The database keeps the sha256 of a token only: neither a copy of it nor a list of links opens any of them. Whether a
link has expired is told by the clock of the database, so that servers with different clocks agree.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from hybridplan.errors import StoreError
from hybridplan.store import reading, texts
from hybridplan.store.database import Database, Taken, clock
from hybridplan.store.engine import hashed
from hybridplan.store.entries import Link, LinkState, Shared, UnknownEntry, UnknownLink, Version
from hybridplan.store.schema import LINKS, SCENARIOS, VERSIONS

MAX_EXPIRY_DAYS: Final = 3650.0
_COUNTED_EVERY: Final = timedelta(minutes=1)
"""Openings of one link within this time count as one, so that nobody fills the database by reloading."""


def new_token() -> str:
    """A random 256-bit view token. It is longer than any id, so that no call takes one for the other."""
    return secrets.token_urlsafe(32)


def share(
    database: Database,
    scenario_id: str,
    version: int | None,
    token: str,
    *,
    label: str,
    author: str,
    expires_days: float | None,
) -> Link:
    """Make a link; the same token again gives back what the first call made."""
    if not texts.is_token(token):
        raise StoreError("this is no token of a share link: make one with new_token()")
    row: dict[str, Any] = {
        "token_hash": hashed(token),
        "scenario_id": scenario_id,
        "version": version,
        "label": texts.one_line("label", label, texts.NAME_CHARS),
        "author": texts.one_line("name of the author", author, texts.AUTHOR_CHARS),
    }
    age = _age(expires_days)
    try:
        with database.transaction(writes=True) as connection:
            return _earlier(connection, row) or _insert(connection, row, age)
    except Taken:
        with database.transaction(writes=False) as connection:
            earlier = _earlier(connection, row)
        if earlier is None:
            raise
        return earlier


def links(database: Database, scenario_id: str) -> list[Link]:
    """Every link of a scenario, the newest first. Raises :class:`UnknownEntry`."""
    with database.transaction(writes=False) as connection:
        reading.entry(connection, scenario_id)
        now = clock(connection)
        mine = select(LINKS).where(LINKS.c.scenario_id == scenario_id)
        found = connection.execute(mine.order_by(LINKS.c.created_at.desc(), LINKS.c.token_hash))
        return [_to_link(row, now) for row in found]


def working(database: Database) -> dict[str, int]:
    """How many links of each scenario open something now; scenarios without one are left out."""
    with database.transaction(writes=False) as connection:
        now = clock(connection)
        count = (
            select(LINKS.c.scenario_id, func.count().label("number")).where(_works(now)).group_by(LINKS.c.scenario_id)
        )
        return {row.scenario_id: row.number for row in connection.execute(count)}


def revoke(database: Database, link_id: str) -> Link:
    """Withdraw a link for good; a second time changes nothing. Raises :class:`UnknownLink`."""
    with database.transaction(writes=True) as connection:
        now = clock(connection)
        mine = LINKS.c.token_hash == link_id
        known = texts.is_hash(link_id) and connection.execute(select(LINKS.c.opened).where(mine)).one_or_none()
        if not known:
            raise UnknownLink
        connection.execute(update(LINKS).where(mine, LINKS.c.revoked_at.is_(None)).values(revoked_at=now))
        return _to_link(connection.execute(select(LINKS).where(mine)).one(), now)


def shared(database: Database, token: str) -> Shared:
    """What a token shows. Writes nothing; raises :class:`UnknownLink`, whatever the reason."""
    if not texts.is_token(token):
        raise UnknownLink
    with database.transaction(writes=False) as connection:
        now = clock(connection)
        # One question for all reasons, so that neither the answer nor its time tells which it is.
        wanted = _with_version().where(LINKS.c.token_hash == hashed(token), _works(now))
        row = connection.execute(wanted).one_or_none()
    if row is None:
        raise UnknownLink
    try:
        document = json.loads(row.document)
    except ValueError as error:
        raise StoreError("this version is damaged in the database") from error
    made = datetime.fromisoformat(row.version_created_at)
    head = (row.scenario_id, row.number, row.content_hash, row.note, row.version_author, made)
    return Shared(_to_link(row, now), row.name, Version(*head, document=document), row.latest)


def count_opening(database: Database, token: str) -> None:
    """Count that a link was opened; once a minute at most. An unknown token changes nothing."""
    if not texts.is_token(token):
        return
    with database.transaction(writes=True) as connection:
        now = clock(connection)
        before = (datetime.fromisoformat(now) - _COUNTED_EVERY).isoformat(timespec="seconds")
        is_due = LINKS.c.last_opened_at.is_(None) | (LINKS.c.last_opened_at <= before)
        mine = (LINKS.c.token_hash == hashed(token)) & LINKS.c.revoked_at.is_(None)
        change = update(LINKS).where(mine, is_due, LINKS.c.expires_at.is_(None) | (LINKS.c.expires_at > now))
        connection.execute(change.values(opened=LINKS.c.opened + 1, last_opened_at=now))


def _age(days: float | None) -> timedelta | None:
    if days is None:
        return None
    if not 0 < days <= MAX_EXPIRY_DAYS:
        raise StoreError(f"a link works for more than 0 and at most {MAX_EXPIRY_DAYS:g} days, or until it is withdrawn")
    return timedelta(days=days)


def _insert(connection: Connection, row: dict[str, Any], age: timedelta | None) -> Link:
    found = reading.entry(connection, row["scenario_id"])
    if found.deleted_at is not None:
        raise UnknownEntry(f"{found.name!r} was deleted; bring it back first")
    if row["version"] is not None and not 1 <= row["version"] <= found.versions:
        raise UnknownEntry("the library has no such version")
    now = clock(connection)
    expires = None if age is None else (datetime.fromisoformat(now) + age).isoformat(timespec="seconds")
    connection.execute(insert(LINKS).values(**row, created_at=now, expires_at=expires, opened=0))
    return _to_link(connection.execute(select(LINKS).where(LINKS.c.token_hash == row["token_hash"])).one(), now)


def _earlier(connection: Connection, row: dict[str, Any]) -> Link | None:
    """What this token was made for before: the answer to the first call may have been lost."""
    found = connection.execute(select(LINKS).where(LINKS.c.token_hash == row["token_hash"])).one_or_none()
    if found is None:
        return None
    if any(getattr(found, name) != value for name, value in row.items()):
        raise StoreError("this token belongs to another link; nothing was written")
    return _to_link(found, clock(connection))


def _works(now: str) -> ColumnElement[bool]:
    """Neither withdrawn nor expired, and its scenario is not in the bin."""
    of_it = SCENARIOS.alias("of_it")
    there = select(of_it.c.id).where(of_it.c.id == LINKS.c.scenario_id, of_it.c.deleted_at.is_(None))
    in_time = LINKS.c.expires_at.is_(None) | (LINKS.c.expires_at > now)
    return LINKS.c.revoked_at.is_(None) & in_time & there.exists()


def _with_version() -> Any:
    """Links with their scenario and the version that they show."""
    shown = func.coalesce(LINKS.c.version, SCENARIOS.c.latest)
    return (
        select(
            *LINKS.c,
            SCENARIOS.c.name,
            SCENARIOS.c.latest,
            VERSIONS.c.number,
            VERSIONS.c.content_hash,
            VERSIONS.c.document,
            VERSIONS.c.note,
            VERSIONS.c.author.label("version_author"),
            VERSIONS.c.created_at.label("version_created_at"),
        )
        .join(SCENARIOS, SCENARIOS.c.id == LINKS.c.scenario_id)
        .join(VERSIONS, (VERSIONS.c.scenario_id == SCENARIOS.c.id) & (VERSIONS.c.number == shown))
    )


def _to_link(row: Row[Any], now: str) -> Link:
    return Link(
        id=row.token_hash,
        scenario_id=row.scenario_id,
        version=row.version,
        label=row.label,
        author=row.author,
        created_at=datetime.fromisoformat(row.created_at),
        expires_at=_moment(row.expires_at),
        revoked_at=_moment(row.revoked_at),
        last_opened_at=_moment(row.last_opened_at),
        opened=row.opened,
        state=_state(row, now),
    )


def _state(row: Row[Any], now: str) -> LinkState:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "active"


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
