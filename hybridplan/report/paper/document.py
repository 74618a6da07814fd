"""The document around the pages: header, page numbers, metadata, outline, language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from reportlab.platypus import BaseDocTemplate, Flowable, NextPageTemplate, PageBreak, PageTemplate

from hybridplan.analysis import format as fmt
from hybridplan.report.paper import fonts
from hybridplan.report.paper.decision import frame
from hybridplan.report.paper.styles import LINE, MUTED, PAGE, SIDE, WIDTH

_SIZE: Final = 7.5
_LANGUAGE: Final = "en"


@dataclass(frozen=True)
class About:
    """What the document says of itself."""

    title: str
    subject: str
    creator: str
    made_at: datetime
    inputs: str
    """Hash of the inputs."""

    @property
    def moment(self) -> str:
        """When it was made, in words."""
        at = self.made_at.astimezone(UTC)
        return f"{fmt.day(at.date())}, {at:%H:%M} UTC"


def bind(first: list[Flowable], rest: list[Flowable], about: About, total: int) -> tuple[bytes, int]:
    """The file and its number of pages; ``total``: that number as of an earlier pass."""

    def on_first(canvas: Any, _: Any) -> None:
        _describe(canvas, about)
        _head(canvas, about, "Capacity and cost plan")
        _foot(canvas, about, total)

    def on_later(canvas: Any, _: Any) -> None:
        _head(canvas, about, about.title)
        _foot(canvas, about, total)

    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=PAGE,
        pageTemplates=[
            PageTemplate("first", [frame()], onPage=on_first),
            PageTemplate("later", [frame()], onPage=on_later),
        ],
        invariant=1,
        pageCompression=1,
        lang=_LANGUAGE,
        displayDocTitle=True,
        initialFontName=fonts.REGULAR,
        title=fonts.clean(about.title),
        author="hybridplan",
        subject=fonts.clean(about.subject),
        creator=about.creator,
        producer=about.creator,
    )
    document.build([NextPageTemplate("later"), *first, PageBreak(), *rest])
    return out.getvalue(), document.page


def _describe(canvas: Any, about: About) -> None:
    """The date of the plan, not of the run that wrote the file, so that the same report gives the same bytes."""
    stamp = f"D:{about.made_at.astimezone(UTC):%Y%m%d%H%M%S}+00'00'"
    canvas.setDateFormatter(lambda *_: stamp)
    canvas.showOutline()


def _head(canvas: Any, about: About, title: str) -> None:
    y = PAGE[1] - SIDE + 4
    date = fonts.width(about.moment, _SIZE)
    canvas.saveState()
    canvas.setFillColor(MUTED)
    fonts.draw(canvas, SIDE, y, fonts.shortened(title, WIDTH - date - 20, _SIZE), _SIZE)
    fonts.draw(canvas, SIDE + WIDTH, y, about.moment, _SIZE, align=1.0)
    _rule(canvas, y - 5)
    canvas.restoreState()


def _foot(canvas: Any, about: About, total: int) -> None:
    y = SIDE - 18
    canvas.saveState()
    canvas.setFillColor(MUTED)
    fonts.draw(canvas, SIDE, y, f"hybridplan report, {about.moment}, inputs {about.inputs[:12]}", _SIZE)
    fonts.draw(canvas, SIDE + WIDTH, y, f"Page {canvas.getPageNumber()} of {total}", _SIZE, align=1.0)
    _rule(canvas, y + 11)
    canvas.restoreState()


def _rule(canvas: Any, y: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.6)
    canvas.line(SIDE, y, SIDE + WIDTH, y)
