"""Sizes, colours and paragraph styles of the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from hybridplan.charts.theme import LIGHT
from hybridplan.report.paper import fonts

PAGE: Final = A4
SIDE: Final = 18 * mm
TOP: Final = 20 * mm
FOOT: Final = 17 * mm
WIDTH: Final = PAGE[0] - 2 * SIDE
HEIGHT: Final = PAGE[1] - TOP - FOOT
SMALL: Final = 8.0
"""Size of captions and words in charts."""
CELL: Final = 7.5
"""Size of table cells."""

TEXT: Final = HexColor(LIGHT.text)
MUTED: Final = HexColor(LIGHT.muted)
LINE: Final = HexColor(LIGHT.grid)
ACCENT: Final = HexColor(LIGHT.palette[0])
BAND: Final = HexColor("#F4F6F9")
WHITE: Final = HexColor(LIGHT.background)
TONES: Final = {
    "good": (HexColor("#E3F1EA"), HexColor("#1B5E43")),
    "caution": (HexColor("#FFF1D9"), HexColor("#7A4A00")),
    "bad": (HexColor("#FBE3E6"), HexColor(LIGHT.limit)),
}
"""Background and text of a badge or a box; each pair has a contrast above 4.5 : 1."""


@dataclass(frozen=True)
class Look:
    """Paragraph styles that belong to one size of body text, in points."""

    body_size: float = 9.5

    def _style(self, name: str, size: float, **options: Any) -> ParagraphStyle:
        bold = options.pop("bold", False)
        font = fonts.BOLD if bold else fonts.REGULAR
        base = {"fontName": font, "fontSize": size, "leading": round(size * 1.36, 1), "textColor": TEXT}
        return ParagraphStyle(name, **{**base, **options})

    @cached_property
    def body(self) -> ParagraphStyle:
        """Running text."""
        return self._style("body", self.body_size, spaceAfter=self.body_size * 0.4)

    @cached_property
    def bullet(self) -> ParagraphStyle:
        """A line of a list."""
        return self._style(
            "bullet",
            self.body_size,
            leftIndent=self.body_size * 1.35,
            bulletIndent=1,
            bulletFontName=fonts.REGULAR,
            bulletFontSize=self.body_size,
            bulletColor=ACCENT,
            spaceAfter=self.body_size * 0.28,
        )

    @cached_property
    def title(self) -> ParagraphStyle:
        """Name of the scenario on page 1."""
        return self._style("title", 11.5, bold=True, textColor=ACCENT, spaceAfter=4)

    @cached_property
    def headline(self) -> ParagraphStyle:
        """The answer in one sentence."""
        return self._style("headline", self.body_size + 5, bold=True, leading=(self.body_size + 5) * 1.25, spaceAfter=5)

    @cached_property
    def section(self) -> ParagraphStyle:
        """Heading of a section of evidence."""
        return self._style("section", 14, bold=True, textColor=ACCENT, spaceBefore=16, spaceAfter=6)

    @cached_property
    def part(self) -> ParagraphStyle:
        """Heading of a part of page 1, of a chart and of a table."""
        size = self.body_size + 1
        return self._style("part", size, bold=True, spaceBefore=size * 0.75, spaceAfter=size * 0.3, keepWithNext=1)

    @cached_property
    def table_title(self) -> ParagraphStyle:
        """The same above a table, which may break across pages."""
        return self.part.clone("table_title", keepWithNext=0)

    @cached_property
    def caption(self) -> ParagraphStyle:
        """Under a chart or a table."""
        return self._style("caption", SMALL, textColor=MUTED, spaceBefore=2, spaceAfter=8)

    @cached_property
    def cell(self) -> ParagraphStyle:
        """Cell of a table."""
        return self._style("cell", CELL, leading=9.8)

    @cached_property
    def number(self) -> ParagraphStyle:
        """Cell of a table that holds a number."""
        return self._style("number", CELL, leading=9.8, alignment=2)

    @cached_property
    def head(self) -> ParagraphStyle:
        """Head of a column."""
        return self._style("head", CELL, leading=9.8, bold=True, textColor=MUTED)

    @cached_property
    def number_head(self) -> ParagraphStyle:
        """Head of a column of numbers."""
        return self._style("number_head", CELL, leading=9.8, bold=True, textColor=MUTED, alignment=2)

    @cached_property
    def tile_value(self) -> ParagraphStyle:
        """Value of a key figure."""
        return self._style("tile_value", self.body_size + 3.5, bold=True, leading=(self.body_size + 3.5) * 1.2)

    @cached_property
    def toned(self) -> dict[str, ParagraphStyle]:
        """Text in boxes of a tone."""
        return {
            tone: self._style(f"tone_{tone}", self.body_size - 0.5, textColor=colours[1])
            for tone, colours in TONES.items()
        }


def text(words: object, style: ParagraphStyle, **options: Any) -> Paragraph:
    """A paragraph of plain text; nothing in it is read as markup."""
    return Paragraph(fonts.markup(words, style.fontName == fonts.BOLD), style, **options)
