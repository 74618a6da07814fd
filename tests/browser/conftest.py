"""A server on a free port and a real Chromium; an error in the console, or a request to another host, fails a test."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from journey import OpenPage, settle
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from serving import PLAIN, WARM, free_port, served, started

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Killable = Callable[[str], AbstractContextManager[tuple[str, "subprocess.Popen[bytes]"]]]
PATIENCE_MS = 60_000
# Playwright gives up after 5 s, which a busy machine needs for the first chart of a browser alone.
expect.set_options(timeout=PATIENCE_MS / 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of ``server``, for tests that put something into it, or look at it, past the pages."""
    return tmp_path_factory.mktemp("warm") / "drafts.sqlite3"


@pytest.fixture(scope="session")
def server(root: Path, chromium_path: str, server_database: Path) -> Iterator[str]:
    """The server as ``make run`` starts it."""
    with served(root, WARM, server_database, "/readyz") as address:
        yield address


@pytest.fixture
def restartable(root: Path, chromium_path: str, tmp_path: Path) -> Callable[[], AbstractContextManager[str]]:
    """Starts the server again and again under the same address, with the same database."""
    port = free_port()
    return lambda: served(root, WARM, tmp_path / "drafts.sqlite3", "/readyz", port)


@pytest.fixture
def killable(root: Path, chromium_path: str, tmp_path: Path) -> Killable:
    """Starts the server on a database again and again under the same address; gives its process, to be killed."""
    port = free_port()
    return lambda database_url: started(root, WARM, database_url, tmp_path / "server.log", "/readyz", port)


@pytest.fixture(scope="session")
def plain_server(root: Path, chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``streamlit run app.py``, before anyone has visited it."""
    with served(root, PLAIN, tmp_path_factory.mktemp("plain") / "drafts.sqlite3", "/_stcore/health") as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
    yield launched
    launched.close()


@dataclass
class Complaints:
    """What went wrong in the browser without being seen on the page."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # On a deep link Streamlit's script asks for its endpoints below the page's path first, and then at the root.
        is_probe = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not is_probe:
            self.found.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.found.append(f"request to another host: {request.url}")


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Open an address (a path of the server, or a whole one) in a browser that knows nothing of other tests' visits."""
    complaints, contexts = Complaints(), list[BrowserContext]()

    def opened(address: str = "/", *, width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        page.goto(address if address.startswith("http") else server + address)
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints.found, "\n".join(complaints.found)
