"""Page 1: the decision. What does not fit is set smaller first, then moved to the evidence, and the page says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, Spacer

from hybridplan.plan import Plan
from hybridplan.report.content_parts import Report, Section
from hybridplan.report.paper import boxes, fonts, money_chart
from hybridplan.report.paper.styles import FOOT, HEIGHT, PAGE, SIDE, WIDTH, Look, text
from hybridplan.report.paper.tables import grid

KEY: Final = "decision"
TITLE: Final = "The decision"
MOVED_TITLE: Final = "More on the decision"
MOVED_KEY: Final = "decision-more"
_ASIDE: Final = ("limits", "next", "sure")
"""Keys of the sections that stand last, in two columns."""
_BESIDE_CHART: Final = "rules"
"""Key of the section that the chart of costs goes with, where there is room for it."""


@dataclass(frozen=True)
class Squeeze:
    """How much of the decision stands on page 1: size of its text, and what goes to the evidence."""

    size: float
    chart: bool = False
    """The chart of costs, which stands in the evidence in any case."""
    bullets: int = 1000
    """Of each section."""
    warnings: int = 1000
    tables: bool = True
    paragraphs: bool = True


LADDER: Final = (
    *(Squeeze(size, chart=True) for size in (9.5, 9.0, 8.75, 8.5)),
    *(Squeeze(size) for size in (9.5, 9.0, 8.5)),
    *(Squeeze(8.5, bullets=n, warnings=max(n, 3)) for n in (5, 4, 3)),
    *(Squeeze(8.5, bullets=n, warnings=n, tables=False) for n in (3, 2)),
    *(Squeeze(8.5, bullets=n, warnings=n, tables=False, paragraphs=False) for n in (1, 0)),
)
"""Tried in turn until the page holds it all."""


def squeeze(plan: Plan, report: Report) -> Squeeze:
    """The first step of the ladder that fits on one page; the last one where none does."""
    return next((step for step in LADDER if _fits(flowables(plan, report, step, {}))), LADDER[-1])


def _fits(parts: list[Flowable]) -> bool:
    canvas = Canvas(BytesIO(), pagesize=PAGE, initialFontName=fonts.REGULAR)
    frame().addFromList(parts, canvas)
    return not parts


def frame() -> Frame:
    """Where text stands on a page."""
    return Frame(SIDE, FOOT, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id="text")


def flowables(plan: Plan, report: Report, step: Squeeze, pages: dict[str, int]) -> list[Flowable]:
    """The page. ``pages``: page of each heading by key, filled while it is drawn."""
    look = Look(step.size)
    parts: list[Flowable] = [
        text(report.title, look.title),
        boxes.Heading(report.headline, look.headline, KEY, 0, pages, TITLE),
        boxes.badge(report, look),
        *boxes.warnings(report.warnings[: step.warnings], look),
        *boxes.tiles(report.tiles, look),
    ]
    aside = [one for one in report.decision if one.key in _ASIDE and not (one.charts or one.tables)]
    for section in report.decision:
        if section not in aside:
            parts += _section(plan, section, step, look, pages)
    parts += _abreast([_section(plan, section, step, look, pages) for section in aside])
    if moved(report, step):
        parts.append(text(f"What does not fit here stands on the next page, under “{MOVED_TITLE}”.", look.caption))
    return parts


def _abreast(blocks: list[list[Flowable]]) -> list[Flowable]:
    """Blocks in two columns, in their order, the columns as equally tall as they can be."""
    blocks = [block for block in blocks if block]
    if not blocks:
        return []
    tall = [sum(part.wrap(boxes.COLUMN, HEIGHT)[1] + part.getSpaceAfter() for part in block) for block in blocks]
    cut = min(range(1, len(blocks) + 1), key=lambda place: max(sum(tall[:place]), sum(tall[place:])))
    left, right = ([part for block in side for part in block] for side in (blocks[:cut], blocks[cut:]))
    return [boxes.side_by_side(left, right)]


def _section(plan: Plan, section: Section, step: Squeeze, look: Look, pages: dict[str, int]) -> list[Flowable]:
    shown = boxes.words_of(section if step.paragraphs else replace(section, paragraphs=()), look, step.bullets)
    for table in section.tables if step.tables else ():
        shown += grid(table, look)
    if section.key == _BESIDE_CHART and step.chart and (chart := money_chart.by_term(plan, WIDTH)) is not None:
        shown += [Spacer(1, 6), chart]
    return [boxes.Heading(section.title, look.part, f"{KEY}-{section.key}", 1, pages), *shown] if shown else []


def moved(report: Report, step: Squeeze) -> list[Section]:
    """What page 1 leaves to the evidence: under its own titles, in its own order."""
    found = [Section("warnings", "", bullets=report.warnings[step.warnings :])]
    found += [
        Section(
            section.key,
            section.title,
            () if step.paragraphs else section.paragraphs,
            section.bullets[step.bullets :],
            section.charts,
            () if step.tables else section.tables,
        )
        for section in report.decision
    ]
    return [one for one in found if one.paragraphs or one.bullets or one.charts or one.tables]
