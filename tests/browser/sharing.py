"""Steps and entries that the journeys of share links have in common."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from journey import settle
from playwright.sync_api import Locator, Page

from hybridplan.store import Library, new_key, new_token
from hybridplan.ui import cache


def stored_link(
    database: Path,
    *,
    versions: int = 1,
    version: int | None = 1,
    label: str = "",
    document: dict[str, Any] | None = None,
) -> str:
    """Token of a link to a scenario that is saved without the pages; a small one where none is given."""
    store, entry = Library(f"sqlite:///{database}"), new_key()
    document = document or {**cache.bundled_document("reference_sunk"), "name": "Estate"}
    store.save_new(document, name=document["name"], author="Ana", scenario_id=entry, save_id=new_key())
    for number in range(1, versions):
        document = {**document, "name": f"Estate {number + 1}"}
        store.save(entry, document, based_on=number, save_id=new_key())
    token = new_token()
    store.share(entry, version, label=label, token=token)
    store.close()
    return token


def withdraw(database: Path, label: str) -> None:
    """Withdraw the link with this label."""
    store = Library(f"sqlite:///{database}")
    for entry in store.scenarios():
        for link in store.links(entry.id):
            if link.label == label:
                store.revoke(link.id)
    store.close()


def expire(database: Path, label: str) -> None:
    """Put the end of the link with this label into the past."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE links SET expires_at = '2020-01-01T00:00:00+00:00' WHERE label = ?", (label,))


def share(page: Page) -> Locator:
    """Open the share dialog."""
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    settle(page)
    return dialog
