"""The PDF as its readers get it: pages, outline, links, fonts, hostile text, and plans that are not there."""

from __future__ import annotations

import json
import re
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2.raw as raw
import pytest
from paper_reading import Paper, read, squeezed

import hybridplan as hp
from hybridplan.domain import require
from hybridplan.report.content import content
from hybridplan.report.content_parts import Column, Report, Section, Table
from hybridplan.report.paper import decision
from hybridplan.report.paper import document as document_of
from hybridplan.report.pdf import pdf

SCENARIOS = Path(__file__).resolve().parents[2] / "data" / "scenarios"
MADE_AT = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
SHIPPED = ("reference_sunk", "smart_manufacturing", "smart_city", "serving_congestion")
HOSTILE = (
    "<img src='http://127.0.0.1/p.png'/>",
    "<a href='http://evil.example/'>here</a> <link href='x'>y</link>",
    "<font size=90 color=red>big</font> <b>bold <i>unclosed",
    "&amp; &lt;b&gt; &#60;script&#62;",
    "</para><para><seq id='a'/><onDraw name='x' label='y'/>",
    ") /OpenAction << /S /Launch >> (",
    "javascript:app.alert(1) $x^2$ \\(x\\) %PDF- endobj stream",
    "=HYPERLINK('http://evil.example')",
)
"""Markup of reportlab, entities, and pieces of PDF itself."""


def document(name: str = "reference_sunk") -> dict[str, Any]:
    """A shipped scenario as plain values."""
    found: dict[str, Any] = json.loads((SCENARIOS / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def solved(name: str = "reference_sunk") -> hp.Plan:
    return hp.solve(hp.load(SCENARIOS / f"{name}.json"))


def report_of(plan: hp.Plan) -> Report:
    return content(plan, made_at=MADE_AT)


@cache
def paper(name: str) -> Paper:
    return read(pdf(solved(name), report_of(solved(name))))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_decision_stands_on_one_page(name: str) -> None:
    """Page 1 has the headline, the badge, every key figure and every part; page 2 starts with the contents."""
    report, found = report_of(solved(name)), paper(name)
    first = squeezed(found.pages[0])
    figures = [words for tile in report.tiles for words in (tile.name, tile.value, tile.note)]
    titles = [section.title for section in report.decision]
    for words in (report.title, report.headline, report.proof, *report.warnings, *figures, *titles):
        assert squeezed(words) in first
    assert "Contents" in found.pages[1]
    assert "Contents" not in found.pages[0]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_the_report_says_is_lost(name: str) -> None:
    """Every sentence and every cell is in the file, whatever page it went to; the first shipped ones need no cuts."""
    report, found = report_of(solved(name)), paper(name)
    for section in (*report.decision, *report.evidence):
        cells = [cell for table in section.tables for row in table.rows for cell in row]
        for words in (*section.bullets, *(chart.alt for chart in section.charts), *cells):
            assert found.holds(words), words


@pytest.mark.parametrize("name", SHIPPED)
def test_every_section_is_in_the_outline_and_in_the_contents(name: str) -> None:
    report, found = report_of(solved(name)), paper(name)
    titles = {title: page for title, _, page in found.outline}
    for section in (*report.decision, *report.evidence):
        assert squeezed(section.title) in squeezed(found.pages[titles[section.title] - 1])
    assert [page for page, _ in found.links] == [2] * len(found.links)
    assert sorted(target for _, target in found.links) == sorted(page for _, level, page in found.outline if level == 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_pages_are_numbered_and_carry_name_and_date(name: str) -> None:
    found, report = paper(name), report_of(solved(name))
    assert len(found.pages) <= 25
    for number, page in enumerate(found.pages, start=1):
        assert f"Page {number} of {len(found.pages)}" in page
        assert "26 Nov 2026, 10:15 UTC" in page
        assert report.title in page


@pytest.mark.parametrize("name", SHIPPED)
def test_fonts_are_embedded_and_charts_are_vectors(name: str) -> None:
    found = paper(name)
    assert found.fonts
    assert all(found.fonts.values())
    assert raw.FPDF_PAGEOBJ_PATH in found.kinds
    assert raw.FPDF_PAGEOBJ_IMAGE not in found.kinds
    assert found.smallest >= 7


def test_the_file_describes_itself_and_not_the_machine() -> None:
    meta = paper("reference_sunk").meta
    assert meta["Title"] == "Reference: owned cost sunk"
    assert meta["Author"] == "hybridplan"
    assert meta["Creator"] == meta["Producer"]
    assert re.fullmatch(r"hybridplan [\d.]+", meta["Creator"])
    assert meta["CreationDate"] == meta["ModDate"] == "D:20261126101500+00'00'"
    assert b"/Lang (en)" in pdf(solved(), report_of(solved()))


def test_the_same_report_gives_the_same_bytes() -> None:
    first, second = (pdf(solved(), report_of(solved())) for _ in range(2))
    assert first == second
    later = content(solved(), made_at=MADE_AT.replace(minute=16))
    assert pdf(solved(), later) != first


def with_names(names: tuple[str, ...]) -> hp.Plan:
    """The reference with each of ``names`` in every field that takes free text."""
    made = document()
    records = [*made["sites"].values(), *made["pools"].values(), *made["workloads"].values()]
    for place, record in enumerate(records):
        record["name"] = names[place % len(names)]
    made["workloads"]["demand"] |= {"unit": names[0], "demand_source": names[-1]}
    for pool in made["pools"].values():
        pool["price_source"] = " ".join(names)[:200]
    made |= {"name": names[0], "description": " ".join(names), "lesson": " ".join(names)}
    return hp.solve(require(made))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way out fails."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a request")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(urllib.request, "urlopen", refuse)


@pytest.mark.usefixtures("offline")
def test_hostile_text_is_only_text() -> None:
    """It shows as it was typed; it makes no link, image, script or request."""
    plan = with_names(HOSTILE)
    report = report_of(plan)
    report = replace(report, headline=f"{report.headline} {HOSTILE[0]}", proof=HOSTILE[1], warnings=HOSTILE)
    data = pdf(plan, report)
    found = read(data)
    for words in HOSTILE:
        assert squeezed(words) in found.text
    assert 0 not in {target for _, target in found.links}
    assert raw.FPDF_PAGEOBJ_IMAGE not in found.kinds
    active = rb"/(URI|JS|JavaScript|Launch|OpenAction|AA|SubmitForm|GoToR|EmbeddedFile|Image)\b"
    assert not re.findall(active, data)
    assert found.meta["Title"] == HOSTILE[0]


def test_brackets_of_pdf_in_a_title_stay_in_it() -> None:
    report = replace(report_of(solved()), title=HOSTILE[5])
    report = replace(report, evidence=(Section("odd", HOSTILE[5], paragraphs=("x",)), *report.evidence))
    found = read(pdf(solved(), report))
    assert found.meta["Title"] == HOSTILE[5]
    assert HOSTILE[5] in {title for title, _, _ in found.outline}


TYPED = {
    "Kraków € ≤ ₂ – … Ω Ж": "Kraków € ≤ ₂ – … Ω Ж",
    "データ 東京": "データ 東京",
    "数据中心": "数据中心",
    "데이터": "데이터",
    "مركز": "مركز",
    "מרכז": "מרכז",
    "a\x00b\x1bc": "a□b□c",
    "x\ud800y": "x□y",
    "rocket 🚀": "rocket □",
    "right\u202eleft": "right□left",
    "two\nlines\tand\u2028more": "two lines and more",
    "e\u0301": "é",
    "": "",
}
"""What is typed, and what is shown."""


def test_every_character_shows_or_is_replaced_visibly() -> None:
    """In titles, sentences, heads and cells, in bold and not."""
    sections = []
    for place, typed in enumerate(TYPED):
        table = Table("t", f"Table {typed}", (Column(f"Head {typed}", "text"),), ((f"Cell {typed}",),))
        sections.append(Section(f"s{place}", f"Title {typed}", (f"Words {typed}",), (f"Bullet {typed}",), (), (table,)))
    found = read(pdf(solved(), replace(report_of(solved()), evidence=tuple(sections))))
    text = _letters(found.text)
    for shown in TYPED.values():
        for place in ("Table", "Head", "Cell", "Title", "Words", "Bullet"):
            assert _letters(f"{place} {shown}") in text
        assert f"Title {shown}".strip() in {title for title, _, _ in found.outline}
    letters = {c for shown in TYPED.values() for c in shown if "\u0590" <= c <= "\u06ff"}
    assert letters <= set(found.text)


@pytest.mark.parametrize("typed", list(TYPED))
def test_the_metadata_takes_any_name(typed: str) -> None:
    about = document_of.About(typed, typed, "hybridplan", MADE_AT, "0")
    data, _ = document_of.bind([], [], about, 1)
    assert read(data).meta["Title"] == TYPED[typed]


def _letters(words: str) -> str:
    """Without letters that run from right to left, which a reader turns around."""
    return "".join(c for c in squeezed(words) if not "\u0590" <= c <= "\u06ff")


def impossible() -> hp.Plan:
    """Demand of 150 that must be served by 100 private servers alone."""
    made = document()
    del made["pools"]["public"]
    made["workloads"]["demand"]["must_serve"] = True
    return hp.solve(require(made))


def out_of_time() -> hp.Plan:
    return replace(solved(), status=hp.SolveStatus.NO_PLAN_IN_TIME, tables=None, certificate=None, objective_usd=None)


def failed() -> hp.Plan:
    solver = replace(solved().solver, message="numbers <b>too</b> far apart " * 30)
    return replace(out_of_time(), status=hp.SolveStatus.FAILED, solver=solver)


@pytest.mark.parametrize("make", [impossible, out_of_time, failed])
def test_without_a_plan_the_page_says_why(make: Callable[[], hp.Plan]) -> None:
    plan = make()
    assert not plan.status.has_plan
    report = report_of(plan)
    first = squeezed(read(pdf(plan, report)).pages[0])
    for words in (report.headline, report.proof, *(line for one in report.decision for line in one.bullets)):
        assert squeezed(words) in first


def test_a_decision_that_is_too_long_moves_to_the_evidence_whole() -> None:
    """60 lines of 240 characters in each of two parts: page 1 says where the rest is, and every line is once there."""
    lines = tuple(f"Line {number:03d} " + "word " * 48 for number in range(60))
    other = tuple(line.replace("Line", "Reason") for line in lines)
    report = report_of(solved())
    report = replace(
        report,
        warnings=other[:20],
        decision=(
            *report.decision,
            Section("a", "Long part", bullets=lines),
            Section("b", "Other part", bullets=other),
        ),
    )
    found = read(pdf(solved(), report))
    assert squeezed(report.headline) in squeezed(found.pages[0])
    assert squeezed("Contents") in squeezed(found.pages[1])
    assert squeezed(decision.MOVED_TITLE) in squeezed(found.pages[0])
    assert decision.MOVED_TITLE in {title for title, _, _ in found.outline}
    for number in range(60):
        assert found.text.count(f"Line{number:03d}") == 1
        assert found.text.count(f"Reason{number:03d}") == 1 + (number < 20)


def test_long_words_and_long_cells_are_broken_and_long_tables_say_what_is_left_out() -> None:
    """41 rows of which 40 are shown; a cell of 2,000 characters ends in … after 900; 200 letters in one word."""
    rows = tuple((f"row-{number}", "w" * 200, "long " * 400, "1,234,567.89") for number in range(41))
    labels = ("Row", "Word " + "x" * 150, "Text")
    columns = (*(Column(label, "text") for label in labels), Column("USD", "number"))
    report = replace(
        report_of(solved()), evidence=(Section("t", "Tables", tables=(Table("t", "Long", columns, rows),)),)
    )
    found = read(pdf(solved(), report)).text
    assert found.count("w" * 200) == 40
    assert squeezed("These are the first 40 of 41 rows; the other 1 are in the Excel workbook.") in found
    assert squeezed("Texts that end in … are whole in the Excel workbook.") in found
    assert squeezed("1,234,567.89") in found


def test_a_wide_table_says_once_what_is_the_same_in_all_rows() -> None:
    """Of ten columns two never change: they go into a sentence. The first column, and narrow tables, stay whole."""
    labels = [f"Head{number}" for number in range(10)]
    rows = tuple(("one", *(f"cell{row}x{n}" if n < 8 else f"same{n}" for n in range(1, 10))) for row in range(4))
    columns = tuple(Column(label, "text") for label in labels)
    wide, narrow = Table("w", "Wide", columns, rows), Table("n", "Narrow", columns[:2], (("narrow", "alike"),) * 4)
    report = replace(report_of(solved()), evidence=(Section("t", "Tables", tables=(wide, narrow)),))
    found = read(pdf(solved(), report)).text
    assert squeezed("In every row: Head8: same8; Head9: same9.") in found
    assert (found.count("same8"), found.count("Head9"), found.count("alike")) == (1, 1, 4)
    assert all(cell in found for row in rows for cell in row)


def test_a_week_with_thirty_pools_and_long_names() -> None:
    """Every pool is named in full where the chart has room for two lines, and the file stays below 1 MB."""
    made = document()
    names = {f"p{number}": f"Pool number {number} of a rather long list of pools" for number in range(30)}
    public = made["pools"].pop("public") | {"capacity_accelerators": 20}
    made["pools"] |= {key: public | {"name": name} for key, name in names.items()}
    made["horizon"]["blocks"]["hour"] = {"label": "Week", "start": "2026-01-05T00:00:00+00:00", "periods": 168}
    made["workloads"]["demand"]["demand_units_per_hour"]["hour"] = [150 + 4 * (hour % 24) for hour in range(168)]
    plan = hp.solve(require(made))
    data = pdf(plan, report_of(plan))
    found = read(data)
    assert len(data) < 1_000_000
    assert all(squeezed(name) in found.text for name in names.values())


def test_charts_fit_a_page_however_many_pools_and_workloads_there_are() -> None:
    """61 pools and 41 workloads: the charts show 40 and 20 of them and say so; the tables show the first 40."""
    made = document()
    public = made["pools"]["public"] | {"capacity_accelerators": 20}
    made["pools"] |= {f"p{number}": public | {"name": f"Pool {number}"} for number in range(59)}
    work = made["workloads"]["demand"] | {"demand_units_per_hour": {"hour": [5]}}
    made["workloads"] |= {
        f"w{number}": work | {"name": f"Work {number}", "latency_objective_ms": 100.0 + number} for number in range(40)
    }
    plan = hp.solve(require(made))
    found = read(pdf(plan, report_of(plan))).text
    assert squeezed("the 40 busiest of 61 pools") in found
    assert squeezed("the 20 strictest of 41 workloads") in found
