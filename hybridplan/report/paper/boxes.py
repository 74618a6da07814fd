"""Boxes and headings: badge, tiles, warnings, columns side by side, headings that stand in the outline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reportlab.platypus import CondPageBreak, Flowable, Paragraph, TableStyle
from reportlab.platypus import Table as Grid

from hybridplan.report.content_parts import Chart, Report, Section, Table, Tile
from hybridplan.report.paper import fonts
from hybridplan.report.paper.styles import BAND, LINE, TEXT, TONES, WIDTH, Look, text
from hybridplan.report.paper.tables import grid

COLUMN_GAP: Final = 16.0
COLUMN: Final = (WIDTH - COLUMN_GAP) / 2
"""Width of one of two columns."""
_TILES: Final = 4
TABLE_START: Final = 100.0
"""Height of a title, a head and a few rows."""


class Heading(Paragraph):  # type: ignore[misc]
    """A heading that links and the outline lead to; ``outline``: its words there, where they are others."""

    def __init__(self, words: str, style: Any, key: str, level: int, pages: dict[str, int], outline: str = "") -> None:
        super().__init__(fonts.markup(words, style.fontName == fonts.BOLD), style)
        self._words, self._key, self._level, self._pages = fonts.clean(outline or words), key, level, pages

    def draw(self) -> None:
        """Note where it stands."""
        self.canv.bookmarkHorizontal(self._key, 0, self.height + 6)
        self.canv.addOutlineEntry(self._words, self._key, self._level, closed=self._level > 0)
        self._pages[self._key] = self.canv.getPageNumber()
        super().draw()


def plain_box(words: Sequence[Paragraph], tone: str, width: float = WIDTH) -> Grid:
    """Paragraphs on the colour of a tone."""
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ("BACKGROUND", (0, 0), (-1, -1), TONES[tone][0]),
            ("LINEBEFORE", (0, 0), (0, -1), 2.5, TONES[tone][1]),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )
    return Grid([[word] for word in words], colWidths=[width], style=style, spaceBefore=3, spaceAfter=5)


def badge(report: Report, look: Look) -> Grid:
    """How proven the answer is: its words on the colour of its tone."""
    style = look.toned[report.tone]
    marks = {"good": "✔", "caution": "△", "bad": "✖"}
    return plain_box([text(f"{marks[report.tone]}  {report.proof}", style)], report.tone)


def warnings(lines: Sequence[str], look: Look) -> list[Flowable]:
    """What must be read first."""
    style = look.toned["caution"]
    return [plain_box([text(line, style) for line in lines], "caution")] if lines else []


def tiles(figures: Sequence[Tile], look: Look) -> list[Flowable]:
    """Key figures side by side, at most four in a row."""
    rows = [figures[start : start + _TILES] for start in range(0, len(figures), _TILES)]
    return [_tile_row(row, look) for row in rows]


def _tile_row(row: Sequence[Tile], look: Look) -> Grid:
    parts = (
        [text(tile.name, look.head) for tile in row],
        [text(tile.value, look.tile_value) for tile in row],
        [text(tile.note, look.cell) for tile in row],
    )
    style = [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("TOPPADDING", (0, 0), (-1, 0), 5),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 5),
        ("BACKGROUND", (0, 0), (-1, -1), BAND),
        *(("LINEBEFORE", (place, 0), (place, -1), 5, "#FFFFFF") for place in range(1, len(row))),
    ]
    return Grid(parts, colWidths=[WIDTH / len(row)] * len(row), style=TableStyle(style), spaceBefore=3, spaceAfter=3)


def linked(words: str, style: Any) -> Paragraph:
    """A paragraph of our own markup, whose texts have gone through :func:`fonts.markup`."""
    return Paragraph(words, style)


def words_of(section: Section, look: Look, most: int | None = None) -> list[Flowable]:
    """Paragraphs and bullets; ``most``: of the bullets."""
    return [
        *(text(words, look.body) for words in section.paragraphs),
        *(text(words, look.bullet, bulletText="•") for words in section.bullets[:most]),
    ]


def side_by_side(left: list[Flowable], right: list[Flowable]) -> Grid:
    """Two columns on one page."""
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return Grid([[left, None, right]], colWidths=[COLUMN, COLUMN_GAP, COLUMN], style=style, spaceBefore=8)


def titled_chart(chart: Chart, drawing: Flowable, look: Look, above: str) -> list[Flowable]:
    """A chart under its question (unless that stands ``above``), and in words what is seen."""
    title = [text(chart.title, look.part)] if chart.title != above else []
    return [*title, drawing, text(chart.alt, look.caption)]


def titled_table(table: Table, look: Look, above: str) -> list[Flowable]:
    """A table under its title, unless that stands ``above``."""
    drawn = grid(table, look)
    if not drawn:
        return []
    title = [text(table.title, look.table_title)] if table.title != above else []
    # Kept together with its whole table a title would leave half of a page blank.
    return [CondPageBreak(TABLE_START), *title, *drawn]


def facts(pairs: Sequence[tuple[str, str]], look: Look) -> list[Flowable]:
    """Name and value of what the report was made from."""
    if not pairs:
        return []
    cells = [[text(name, look.head), text(value, look.cell)] for name, value in pairs]
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("TEXTCOLOR", (0, 0), (-1, -1), TEXT),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return [Grid(cells, colWidths=[130, WIDTH - 130], style=style, splitInRow=1)]
