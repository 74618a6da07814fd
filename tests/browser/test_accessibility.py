"""axe-core finds nothing wrong on any page, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from journey import SOLVED, OpenPage, badge, settle

from hybridplan.ui.sitemap import PAGES


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page_name", [page.name for page in PAGES])
def test_no_violation(open_page: OpenPage, page_name: str, dark: bool) -> None:
    page = open_page("/" if page_name == PAGES[0].name else f"/{page_name}", dark=dark)
    badge(page, SOLVED)
    settle(page)
    page.wait_for_timeout(1000)  # charts fade in; half-faded text has too little contrast
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
