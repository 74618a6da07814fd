"""The server is killed at a random moment of somebody's saves: all that the page called saved is there, whole."""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from journey import settle
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import Error as BrowserError
from store_places import Place, running_cluster

from hybridplan.domain import require
from hybridplan.io import scenario_json
from hybridplan.store import DraftStore, Library, Version, new_key

Killable = Callable[[str], AbstractContextManager[tuple[str, "subprocess.Popen[bytes]"]]]

LONGEST_S = 4.0
"""Between the first save of a round and the kill at most; a save takes some tenths of a second."""
SEED = 20260


class Killed(Exception):
    """The server is gone; what was not said to be saved by now may or may not be there."""


@dataclass
class Said:
    """What the page said: number and name of each version that it called saved; and the name in the draft."""

    versions: dict[int, str] = field(default_factory=dict)
    draft_key: str = ""
    draft_name: str = ""
    asked: str = ""
    """The name that was typed last, whether or not it was answered."""


def new_place(database: str, tmp_path: Path, cluster: Any) -> Place:
    if database == "sqlite":
        path = tmp_path / "killed.sqlite3"
        return Place(f"sqlite:///{path}", path, None, "killed")
    cluster.sql("CREATE DATABASE killed")
    return Place(cluster.url("killed"), None, cluster, "killed")


def is_there(shown: Locator, server: subprocess.Popen[bytes]) -> None:
    """Wait for something that the server must send. Raises :class:`Killed` where it can send nothing any more."""
    deadline = time.monotonic() + 60
    while shown.count() == 0:
        if server.poll() is not None:
            shown.page.wait_for_timeout(200)  # what it sent last may still be on its way to the page
            if shown.count() == 0:
                raise Killed
            return
        assert time.monotonic() < deadline, f"not shown: {shown}"
        shown.page.wait_for_timeout(10)


def save_on(page: Page, server: subprocess.Popen[bytes], said: Said, number: int) -> None:
    """Rename the scenario and save it as the next version, over and over, until the server is killed."""
    menu, main = page.locator('[data-testid="stPopoverBody"]'), page.locator('[data-testid="stMain"]')
    while True:
        said.asked = name = f"Version {number} of round {SEED}"
        field = menu.get_by_label("Name", exact=True)
        field.fill(name)
        field.press("Enter")
        is_there(main.locator("h2").get_by_text(name, exact=True), server)
        said.draft_key, said.draft_name = parse_qs(urlsplit(page.url).query)["d"][0], name
        is_there(menu.get_by_role("button", name=f"Save version {number}", exact=True), server)
        menu.get_by_role("button", name=f"Save version {number}", exact=True).click()
        is_there(menu.get_by_text(f"Saved as version {number} of"), server)
        said.versions[number] = name
        number += 1


def one_round(page: Page, address: str, server: subprocess.Popen[bytes], said: Said, latest: int, wait: float) -> None:
    """Open the entry as a draft, save until the server is killed, which happens ``wait`` seconds later."""
    page.goto(f"{address}/library")
    settle(page)
    page.get_by_role("button", name="Open as a draft").click()
    page.locator("h2").get_by_text("Killed" if latest == 1 else f"Version {latest} of").first.wait_for()
    settle(page)
    page.get_by_role("button", name="Scenario", exact=True).click()
    page.locator('[data-testid="stPopoverBody"]').get_by_role("button", name=f"Save version {latest + 1}").wait_for()
    timer = threading.Timer(wait, server.send_signal, [signal.SIGKILL])
    timer.start()
    try:
        save_on(page, server, said, latest + 1)
    except Killed:
        pass
    except BrowserError:
        assert server.wait(LONGEST_S + 10) == -signal.SIGKILL  # it went while the browser was at work with it
    finally:
        timer.join()
        server.wait(30)


def check_versions(versions: list[Version], library: Library, said: Said) -> None:
    """Every version that was called saved is there with its name; one more may be, whole; and there is no gap."""
    numbers = [version.number for version in reversed(versions)]
    assert numbers == list(range(1, len(numbers) + 1))
    most = max(said.versions, default=1)
    assert numbers[-1] in (most, most + 1)
    for number, name in said.versions.items():
        version = library.get(versions[0].scenario_id, number)
        assert version.document is not None
        assert version.document["name"] == name
    last = library.get(versions[0].scenario_id)
    assert last.document is not None
    assert last.document["name"] in (said.versions.get(last.number, said.asked), "Killed")
    require(last.document)


def check(place: Place, scenario_id: str, said: Said) -> tuple[int, str]:
    """The database after a kill; number and name of its latest version."""
    place.wait_until_left()
    library, drafts = Library(place.url), DraftStore(place.url)
    try:
        versions = library.versions(scenario_id)
        check_versions(versions, library, said)
        assert library.entry(scenario_id).latest.number == versions[0].number
        for version in versions:
            document = library.get(scenario_id, version.number).document
            assert document is not None
            assert saved_hash(document) == version.content_hash
        if said.draft_key:
            draft = drafts.get(said.draft_key)
            assert draft is not None
            assert draft.document["name"] in (said.draft_name, said.asked)
            require(draft.document)
        latest = library.get(scenario_id)
        assert latest.document is not None
        return latest.number, latest.document["name"]
    finally:
        library.close()
        drafts.close()
        if place.path is not None:
            assert place.sql("PRAGMA integrity_check") == [("ok",)]
            assert place.sql("PRAGMA foreign_key_check") == []


def saved_hash(document: dict[str, Any]) -> str:
    """sha256 of the canonical JSON, worked out here once more."""
    import hashlib
    import json

    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def kill_in_rounds(
    browser: Browser, killable: Killable, place: Place, root: Path, rounds: int, say: Callable[[str, object], None]
) -> None:
    """So many times: start the server, save on a page, kill it at a random moment, and look at the database."""
    scenario_id, moments = new_key(), random.Random(SEED + rounds)
    library = Library(place.url)
    document = scenario_json.load(root / "data" / "scenarios" / "reference_sunk.json").to_dict() | {"name": "Killed"}
    library.save_new(document, name="Killed", scenario_id=scenario_id, save_id=new_key())
    library.close()
    latest, name, saves, unsaid = 1, "Killed", 0, 0
    for _ in range(rounds):
        said = Said(versions={latest: name})
        context = browser.new_context()
        with killable(place.url) as (address, server):
            one_round(context.new_page(), address, server, said, latest, moments.uniform(0.2, LONGEST_S))
        context.close()
        latest, name = check(place, scenario_id, said)
        saves, unsaid = saves + len(said.versions) - 1, unsaid + (latest not in said.versions)
    assert saves > 0
    say("measured", f"{rounds} kills of the server on {place.url.split(':')[0]}: {saves} acknowledged saves, 0 lost; "
        f"{unsaid} more had come through unanswered")  # fmt: skip


def test_a_killed_server_loses_nothing_that_was_said_to_be_saved(
    browser: Browser, killable: Killable, root: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    kill_in_rounds(browser, killable, new_place("sqlite", tmp_path, None), root, 5, record_property)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield new_place("sqlite", tmp_path, None)
        return
    with running_cluster() as cluster:
        yield new_place("postgresql", tmp_path, cluster)


@pytest.mark.soak
def test_sixty_kills_of_the_server(
    browser: Browser, killable: Killable, root: Path, any_place: Place, record_property: Callable[[str, object], None]
) -> None:
    kill_in_rounds(browser, killable, any_place, root, 60, record_property)
