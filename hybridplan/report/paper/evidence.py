"""What stands behind the decision: contents, sections with charts and tables, and what the report was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reportlab.platypus import CondPageBreak, Flowable, TableStyle
from reportlab.platypus import Table as Grid

from hybridplan.plan import Plan
from hybridplan.report.content_parts import Report, Section
from hybridplan.report.figures import PENALTIES_HIDDEN
from hybridplan.report.paper import boxes, decision, fonts
from hybridplan.report.paper.charts import drawn
from hybridplan.report.paper.drawing import Drawing
from hybridplan.report.paper.styles import ACCENT, HEIGHT, LINE, WIDTH, Look, text

FACTS: Final = ("facts", "About this report")
_LOOK: Final = Look(9.0)
_HEADING: Final = 40.0
_TABLE_START: Final = 120.0
"""Height of a title and the first rows of a table."""
_TITLES: Final = 50.0
"""Height of the title and the caption of a chart."""
_MOST_WORDS: Final = 150.0
"""Longer words may break across pages."""
_ON_PAPER: Final = {
    PENALTIES_HIDDEN: "Penalties would dwarf the costs: they are left out of the chart, and stand in the tables."
}
"""Sentences about what a reader can click."""


def flowables(plan: Plan, report: Report, moved: Sequence[Section], pages: dict[str, int]) -> list[Flowable]:
    """Everything after page 1. ``pages``: page of each heading by key as of the last pass, filled while drawn."""
    parts: list[Flowable] = []
    if moved:
        parts.append(boxes.Heading(decision.MOVED_TITLE, _LOOK.section, decision.MOVED_KEY, 0, pages))
        for section in moved:
            key = f"{decision.MOVED_KEY}-{section.key}"
            parts += [boxes.Heading(section.title, _LOOK.part, key, 1, pages)] if section.title else []
            parts += [*_words(section), *_shown(plan, section)]
    for section in report.evidence:
        parts += _section(plan, section, pages)
    return [
        *_contents(report, moved, dict(pages)),
        *parts,
        boxes.Heading(FACTS[1], _LOOK.section, FACTS[0], 0, pages),
        *boxes.facts(report.facts, _LOOK),
    ]


def _key(section: Section) -> str:
    return f"evidence-{section.key}"


def _section(plan: Plan, section: Section, pages: dict[str, int]) -> list[Flowable]:
    """A section under its heading, which stands on one page with its words and the start of what follows them."""
    words, shown = _words(section), _shown(plan, section)
    tall = sum(part.wrap(WIDTH, HEIGHT)[1] + part.getSpaceAfter() for part in words)
    first = next((part.height + _TITLES for part in shown[:2] if isinstance(part, Drawing)), _TABLE_START)
    room = CondPageBreak(_HEADING + min(tall, _MOST_WORDS) + (first if shown and tall < _MOST_WORDS else 0.0))
    return [room, boxes.Heading(section.title, _LOOK.section, _key(section), 0, pages), *words, *shown]


def _words(section: Section) -> list[Flowable]:
    lines = tuple(_ON_PAPER.get(line, line) for line in section.paragraphs)
    return boxes.words_of(replace(section, paragraphs=lines), _LOOK)


def _shown(plan: Plan, section: Section) -> list[Flowable]:
    """Charts and tables of a section."""
    parts: list[Flowable] = []
    for chart in section.charts:
        found = drawn(plan, chart)
        parts += boxes.titled_chart(chart, found, _LOOK, section.title) if found is not None else []
    for table in section.tables:
        parts += boxes.titled_table(table, _LOOK, section.title)
    return parts


def _contents(report: Report, moved: Sequence[Section], pages: dict[str, int]) -> list[Flowable]:
    """Titles with the pages they stand on, in two columns; each leads there."""
    entries = [(decision.KEY, decision.TITLE)]
    entries += [(decision.MOVED_KEY, decision.MOVED_TITLE)] if moved else []
    entries += [(_key(section), section.title) for section in report.evidence]
    entries.append(FACTS)
    cells = [_entry(key, title, pages.get(key, 0)) for key, title in entries]
    rows = (len(cells) + 1) // 2
    columns = [cells[:rows], cells[rows:] + [(None, None)] * (2 * rows - len(cells))]
    lines = [[*left, None, *right] for left, right in zip(*columns, strict=True)]
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (1, -1), 0.4, LINE),
            ("LINEBELOW", (3, 0), (4, -1), 0.4, LINE),
            *((side, (0, 0), (-1, -1), size) for side, size in (("LEFTPADDING", 0), ("RIGHTPADDING", 0))),
            *((side, (0, 0), (-1, -1), 2) for side in ("TOPPADDING", "BOTTOMPADDING")),
        ]
    )
    widths = [boxes.COLUMN - 30, 30, boxes.COLUMN_GAP, boxes.COLUMN - 30, 30]
    return [text("Contents", _LOOK.part), Grid(lines, colWidths=widths, style=style, spaceAfter=6)]


def _entry(key: str, title: str, page: int) -> tuple[Flowable, Flowable]:
    words = f'<a href="#{fonts.markup(key)}" color="{ACCENT.hexval().replace("0x", "#")}">{fonts.markup(title)}</a>'
    return boxes.linked(words, _LOOK.cell), text(page, _LOOK.number)
