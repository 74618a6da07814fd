"""The server: ready only when it can work, headers on every answer, and no work lost when it is restarted."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from journey import SOLVED, badge, called, rename, settle
from playwright.sync_api import Browser

from hybridplan.store import DraftStore, Library, new_key, new_token

APP, CONNECTED = '[data-testid="stApp"]', '[data-test-connection-state="CONNECTED"]'


def test_it_says_that_it_is_ready(server: str) -> None:
    with urllib.request.urlopen(f"{server}/readyz") as answer:
        assert json.load(answer) == {"ready": True, "faults": []}


@pytest.mark.parametrize("path", ["/", "/plan", "/readyz", "/_stcore/health"])
def test_every_answer_has_the_security_headers(server: str, path: str) -> None:
    with urllib.request.urlopen(server + path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def answer(address: str, request: str) -> tuple[int, str]:
    """Status and text of the answer to a raw request, which may say what no library would."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=30) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
            if b" 101 " in received:
                break
    return int(received.split(b" ", 2)[1]), received.decode(errors="replace")


@pytest.mark.parametrize("path", ["/", "/plan?s=x", "/_stcore/health", "/readyz", "/static/x.js"])
def test_a_foreign_host_is_refused_in_words(server: str, path: str) -> None:
    """Otherwise a page elsewhere could let its name point here, and read these pages as its own."""
    for host in ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost@evil.example"):
        status, text = answer(server, f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close")
        assert status == 403
        assert "HYBRIDPLAN_ALLOWED_HOSTS" in text
        assert "frame-ancestors 'none'" in text
    assert answer(server, f"GET {path} HTTP/1.1\nHost: localhost:8501\nConnection: close")[0] in (200, 404)


def socket_request(host: str, origin: str) -> str:
    return (
        f"GET /_stcore/stream HTTP/1.1\nHost: {host}\nUpgrade: websocket\nConnection: Upgrade\n"
        "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
        f"Sec-WebSocket-Protocol: streamlit\nOrigin: {origin}"
    )


def test_a_socket_is_opened_for_pages_of_this_server_only(server: str) -> None:
    host = urlsplit(server).netloc
    assert answer(server, socket_request(host, server))[0] == 101
    for origin in ("http://evil.example", "null", f"http://evil.example/{host}", "http://127.0.0.1.evil.example"):
        assert answer(server, socket_request(host, origin))[0] == 403, origin
    assert answer(server, socket_request("evil.example", "http://evil.example"))[0] == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_upload_without_the_token_of_the_page_is_refused(server: str, method: str) -> None:
    request = f"{method} /_stcore/upload_file/session/file HTTP/1.1\nHost: {urlsplit(server).netloc}\n"
    cookie = "Cookie: _streamlit_xsrf=2|a|b|1\nX-Xsrftoken: 2|c|d|1\n"
    for extra in ("", cookie):
        assert answer(server, f"{request}{extra}Content-Length: 0\nConnection: close")[0] == 403


def test_inner_figures_of_the_server_are_not_served(server: str) -> None:
    for path in ("/_stcore/metrics", "/plan/_stcore/metrics"):
        text = answer(server, f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close")[1]
        assert "# TYPE" not in text
        assert "404" in text.split("\n")[0]


def rows(database: Path) -> list[tuple[object, ...]]:
    """Every row of every table."""
    with closing(sqlite3.connect(database)) as raw:
        tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [(table, *row) for table in tables for row in raw.execute(f'SELECT * FROM "{table}"')]


def test_a_hundred_fetches_of_each_address_change_no_row(server: str, server_database: Path) -> None:
    """Chat and mail programs fetch every link that they show, without running its script."""
    library, drafts = Library(f"sqlite:///{server_database}"), DraftStore(f"sqlite:///{server_database}")
    document = {"name": "Fetched"}
    made = library.save_new(document, name="Fetched", scenario_id=new_key(), save_id=new_key())
    token, key = new_token(), new_key()
    library.share(made.scenario_id, 1, token=token)
    drafts.put(key, document, document, None)
    before = rows(server_database)
    for path in ("/", f"/plan?s={token}", f"/?s={token}", f"/?d={key}", "/library", f"/readyz?s={token}"):
        for _ in range(100):
            with urllib.request.urlopen(server + path) as fetched:
                assert fetched.status == 200
    assert rows(server_database) == before
    library.close()
    drafts.close()


def test_a_restart_loses_no_work(browser: Browser, restartable: Callable[[], AbstractContextManager[str]]) -> None:
    """The page that was open connects again by itself, and shows the draft as it was saved last."""
    context = browser.new_context()
    page = context.new_page()
    with restartable() as address:
        page.goto(address)
        settle(page)
        badge(page, SOLVED)
        rename(page, "Before the restart")
        page.wait_for_url(re.compile(r"[?&]d="))
    page.wait_for_selector(f"{APP}:not({CONNECTED})")
    with restartable():
        page.wait_for_selector(APP + CONNECTED)
        settle(page)
        badge(page, SOLVED)
        called(page, "Before the restart")
        page.reload()
        settle(page)
        called(page, "Before the restart")
        rename(page, "After the restart")
        page.reload()
        settle(page)
        called(page, "After the restart")
    context.close()
