"""The server: ready only when it can work, headers on every answer, and no work lost when it is restarted."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from journey import SOLVED, badge, called, rename, settle
from playwright.sync_api import Browser

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
