"""What the library gives back, and why it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hybridplan.errors import StoreError
from hybridplan.store.texts import Document


@dataclass(frozen=True)
class Version:
    """One saved state of a scenario; it never changes. ``document`` is None in lists."""

    scenario_id: str
    number: int
    content_hash: str
    note: str
    author: str
    created_at: datetime
    document: Document | None = None


@dataclass(frozen=True)
class Entry:
    """A scenario of the library. ``versions``: how many; ``rev``: counts changes of name, tags and deletion."""

    id: str
    name: str
    tags: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    latest: Version
    versions: int
    rev: int


@dataclass(frozen=True)
class Note:
    """A remark on a scenario, or on the value at ``path`` in it ("" for the scenario)."""

    id: str
    scenario_id: str
    number: int
    path: str
    text: str
    author: str
    created_at: datetime


LinkState = Literal["active", "expired", "revoked"]


@dataclass(frozen=True)
class Link:
    """A share link as its owner sees it. ``version`` None: it always shows the latest.

    ``id`` is the hash of its token: it names the link and opens nothing. ``opened`` counts at most once a minute.
    """

    id: str
    scenario_id: str
    version: int | None
    label: str
    author: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_opened_at: datetime | None
    opened: int
    state: LinkState


@dataclass(frozen=True)
class Shared:
    """What a share link shows: a version with its document, of the scenario called ``name``.

    ``latest``: number of the latest version of that scenario.
    """

    link: Link
    name: str
    version: Version
    latest: int


class UnknownLink(StoreError):
    """Nothing is behind this token: never made, expired, withdrawn, or its scenario was deleted. One text for all."""

    def __init__(self) -> None:
        super().__init__("this link opens nothing: it was never made here, has expired, or was withdrawn")


class UnknownEntry(StoreError):
    """The library has no such scenario, version or note, or it was deleted; nothing was written."""


class VersionConflict(StoreError):
    """Somebody saved a version since the one that this save is based on; nothing was written."""

    def __init__(self, latest: Version) -> None:
        self.latest = latest
        who = latest.author or "somebody"
        when = latest.created_at.isoformat(sep=" ", timespec="minutes").removesuffix("+00:00")
        super().__init__(f"{who} saved version {latest.number} at {when} UTC; nothing was written")


class StaleEntry(StoreError):
    """Somebody changed the name, the tags or the deletion meanwhile; nothing was written."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__(f"{entry.name!r} was changed meanwhile; nothing was written")
