"""Time until the first page shows the solved demo, in a real Chromium with an empty cache, on a warm server."""

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
from statistics import median
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

VISITS = 5
BADGE = "Cheapest for these inputs"
START_SECONDS = 60
ROOT = Path(__file__).resolve().parent.parent


def measure() -> dict[str, float]:
    """``first_page_s``: median over fresh visitors; nothing where there is no Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if (path := shutil.which(name))), None)
    if chromium is None:
        print("first_page_s: skipped, no Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)")
        return {}
    with _server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        _visit(browser, address, START_SECONDS)
        seconds = [_visit(browser, address, START_SECONDS) for _ in range(VISITS)]
        browser.close()
    return {"first_page_s": median(seconds)}


def _visit(browser: Browser, address: str, patience_s: float) -> float:
    context = browser.new_context()
    page = context.new_page()
    began = perf_counter()
    page.goto(address)
    page.get_by_text(BADGE).first.wait_for(timeout=patience_s * 1000)
    taken = perf_counter() - began
    context.close()
    return taken


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
