"""What all visitors share: drafts, the library, bundled scenarios. Nothing here depends on a visitor."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue, scenario_json
from hybridplan.store import DraftStore, Library, database_url
from hybridplan.ui.workspace import Document, new_document

DEMO: Final = "demo"


def draft_store() -> DraftStore:
    """The store of drafts that the environment names."""
    return _store_at(database_url())


@lru_cache(maxsize=4)
def _store_at(url: str) -> DraftStore:
    return DraftStore(url)


def library() -> Library:
    """The library of saved scenarios, in the same database."""
    return _library_at(database_url())


@lru_cache(maxsize=4)
def _library_at(url: str) -> Library:
    return Library(url)


def bundled() -> dict[str, str]:
    """Name of each bundled scenario by its id, the demo first; empty where no data folder is found."""
    return {key: str(bundled_document(key)["name"]) for key in _paths()}


def bundled_document(key: str) -> Document:
    """The document of one bundled scenario. Raises :class:`KeyError` for an unknown id."""
    path = _paths()[key]
    return copy.deepcopy(_document_at(path, path.stat().st_mtime_ns))


def first_document() -> Document:
    """What a first visit opens: the demo, or an empty scenario where the data folder holds none."""
    return bundled_document(DEMO) if DEMO in _paths() else empty_document()


def empty_document() -> Document:
    """A new scenario whose week begins next Monday (UTC)."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return new_document(today + timedelta(days=7 - today.weekday()))


def _paths() -> dict[str, Path]:
    try:
        return catalogue.scenario_paths()
    except InvalidInput:
        return {}


@lru_cache(maxsize=64)
def _document_at(path: Path, _changed: int) -> Document:
    return scenario_json.load(path).to_dict()
