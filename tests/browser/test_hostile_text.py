"""Names, notes and sources from a link are shown as text: no script runs, no host is asked, nothing is marked up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from journey import SOLVED, OpenPage, badge, settle

from hybridplan.domain import require
from hybridplan.io import share_link
from hybridplan.ui.sitemap import PAGES

HOSTILE = (
    "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>"
    "![x](http://evil.example/p.png) [a](javascript:window.pwned=1) <b>bold</b> $x^2$ :red[r] `c`"
)


@pytest.fixture(scope="module")
def link(root: Path) -> str:
    document = json.loads((root / "data" / "scenarios" / "reference_sunk.json").read_text(encoding="utf-8"))
    records = [*document["sites"].values(), *document["pools"].values(), *document["workloads"].values()]
    for record in records:
        record["name"] = record["notes"] = HOSTILE
    for workload in document["workloads"].values():
        workload["unit"] = HOSTILE
    for pool in document["pools"].values():
        pool["price_source"] = HOSTILE
    document |= {"name": HOSTILE, "description": HOSTILE, "lesson": HOSTILE}
    return share_link.pack(require(document))


@pytest.mark.parametrize("page_name", [page.name for page in PAGES])
def test_text_stays_text(open_page: OpenPage, link: str, page_name: str) -> None:
    path = "" if page_name == PAGES[0].name else page_name
    page = open_page(f"/{path}?z={link}")
    badge(page, SOLVED)
    settle(page)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.pwned") is None
    main = page.locator('[data-testid="stMain"]')
    for markup in ("img[src*='evil']", "img[src='x']", "a[href^='javascript']", "b"):
        assert main.locator(markup).count() == 0, markup
    assert page.locator("h2").first.inner_text().startswith("<img src=x")
    assert page.get_by_test_id("stException").count() == 0
