"""The report as its reader opens it: downloaded from the page, then from disk, with every request recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from journey import SOLVED, OpenPage, badge, settle
from playwright.sync_api import Browser, Page

import hybridplan as hp
from hybridplan.domain import require
from hybridplan.report.files import files

HOSTILE = (
    "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1> <b>b</b> --> "
    "<a href='http://evil.example/'>x</a>"
)
MADE_AT = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
LONGEST_NAME = "A very long name of a pool without any blank_" + "x" * 60

Open = Callable[..., Page]


@pytest.fixture
def from_disk(browser: Browser) -> Iterator[Open]:
    """Opens a file as a double click does; a request, an error in the console or of a script fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: Path, *, width: int = 1440, dark: bool = False) -> Page:
        look = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=look, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda found: complaints.append(found.text) if found.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if allowed(sent.url, path) else complaints.append(sent.url[:200]))
        page.goto(path.as_uri())
        page.wait_for_load_state()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def allowed(url: str, path: Path) -> bool:
    """The file itself, and data inside it."""
    return url == path.as_uri() or url.startswith(("data:", "blob:"))


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of an industry, with hostile and long names in it."""
    document = hp.load(root / "data" / "scenarios" / "smart_manufacturing.json").to_dict()
    document["name"] = HOSTILE
    for number, pool in enumerate(document["pools"].values()):
        pool["name"] = f"{LONGEST_NAME if number == 0 else HOSTILE}{number}"
    for work in document["workloads"].values():
        work["unit"] = HOSTILE
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(files(hp.solve(require(document)), made_at=MADE_AT)["html"].build())
    return path


def charts(page: Page) -> int:
    """Charts that are drawn; each is an SVG of some size."""
    return page.locator(".plot").filter(has=page.locator("svg.main-svg .xy, svg.main-svg .cartesianlayer")).count()


def test_the_report_of_the_page_opens_from_disk(open_page: OpenPage, from_disk: Open, tmp_path: Path) -> None:
    page = open_page("/")
    badge(page, SOLVED)
    settle(page)
    headline = page.locator("h2").filter(has_text="All demand is served").inner_text()
    page.get_by_role("button", name="Report", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="HTML report").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".html"
    report = from_disk(path)
    assert report.locator(".headline").inner_text() == headline
    assert charts(report) == report.locator(".plot").count() == 4


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_is_readable_by_everyone(from_disk: Open, made: Path, width: int, dark: bool) -> None:
    """Nothing is wider than the window, and axe-core finds nothing wrong."""
    page = from_disk(made, width=width, dark=dark)
    assert charts(page) == page.locator(".plot").count() > 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.pwned") is None
    assert page.locator("b, img").count() == page.locator(".identity b").count()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_charts_follow_the_look_of_the_page(from_disk: Open, made: Path) -> None:
    """Words on charts are dark on light, and light on dark when the reader's system changes."""
    page = from_disk(made)
    word = page.locator(".plot .xtick text").first

    def lightness() -> int:
        colour: str = word.evaluate("element => getComputedStyle(element).fill")
        return sum(int(part) for part in colour.strip("rgb()").split(","))

    before = lightness()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert lightness() > before + 100


def test_the_decision_is_the_first_page_on_paper(from_disk: Open, made: Path) -> None:
    """On A4 the contents begin on the second page."""
    import pypdfium2

    pages = pypdfium2.PdfDocument(from_disk(made).pdf(prefer_css_page_size=True))
    texts = [pages[number].get_textpage().get_text_bounded() for number in range(2)]
    assert "How sure this is" in texts[0]
    assert "Inputs (sha256)" in texts[0]
    assert "What was planned" not in texts[0]
    assert "What was planned" in texts[1]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_dialog_is_readable_by_everyone(open_page: OpenPage, dark: bool) -> None:
    page = open_page("/method", dark=dark, width=390)
    badge(page, SOLVED)
    page.get_by_role("button", name="Report", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Everything (ZIP)").wait_for()
    settle(page)
    page.wait_for_timeout(1000)  # the dialog fades in; half-faded text has too little contrast
    found = Axe().run(page, context='[role="dialog"]')
    assert found.violations_count == 0, found.generate_report()
