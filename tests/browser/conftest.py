"""A server on a free port and a real Chromium; an error in the console, or a request to another host, fails a test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from journey import OpenPage, settle
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

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
BOOT_S = 120
PATIENCE_MS = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(root: Path, command: list[str], database: Path, ready: str, port: int | None = None) -> Iterator[str]:
    """Run a server until the block ends; gives its address once it answers under ``ready``."""
    with started(root, command, f"sqlite:///{database}", database.parent / "server.log", ready, port) as (address, _):
        yield address


@contextmanager
def started(
    root: Path, command: list[str], database_url: str, log_file: Path, ready: str, port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As :func:`served`, on any database; gives the process too."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HYBRIDPLAN_DATABASE_URL": database_url}
    with log_file.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *(part.format(port=port) for part in command)],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address + ready, server, log_file)
            yield address, server
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + BOOT_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert server.poll() is None, f"the server ended: {log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"the server does not answer: {log.read_text()[-2000:]}"
            time.sleep(0.2)


WARM = ["uvicorn", "hybridplan.ui.asgi:app", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning"]
PLAIN = ["streamlit", "run", "app.py", "--server.port", "{port}", "--server.headless", "true"]


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
