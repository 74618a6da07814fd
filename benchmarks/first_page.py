"""Time until the first page shows the solved demo, in a real Chromium with an empty cache, on a warm server."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from playwright.sync_api import Browser

from benchmarks.browser import BADGE, START_SECONDS, visitors

VISITS = 5


def measure() -> dict[str, float]:
    """``first_page_s``: median over fresh visitors; nothing where there is no Chromium."""
    with visitors("first_page_s") as found:
        if found is None:
            return {}
        address, browser = found
        _visit(browser, address, START_SECONDS)
        seconds = [_visit(browser, address, START_SECONDS) for _ in range(VISITS)]
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
