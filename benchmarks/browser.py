"""A server and a Chromium for what is measured in the browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

BADGE: Final = "Cheapest for these inputs"
START_SECONDS: Final = 60
ROOT: Final = Path(__file__).resolve().parent.parent


@contextmanager
def visitors(figure: str) -> Iterator[tuple[str, Browser] | None]:
    """The address of a server of its own, and a browser; None, after a word, where there is no Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if (path := shutil.which(name))), None)
    if chromium is None:
        print(f"{figure}: skipped, no Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)")
        yield None
        return
    with _server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield address, browser
        browser.close()


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "hybridplan.ui.asgi:app", "--port", str(port), "--log-level", "error"]
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "HYBRIDPLAN_DATABASE_URL": f"sqlite:///{folder}/drafts.sqlite3"}
        log = Path(folder) / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
        try:
            _wait(f"{address}/_stcore/health", log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(address: str, log: Path) -> None:
    until = perf_counter() + START_SECONDS
    while perf_counter() < until:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")
    raise TimeoutError(f"the server did not answer within {START_SECONDS} s:\n{said}")
