"""Tables: columns as wide as their words, heads repeated on every page, long tables shortened and said to be."""

from __future__ import annotations

from typing import Final

from reportlab.platypus import Flowable, TableStyle
from reportlab.platypus import Table as Grid

from hybridplan.report.content_parts import Table
from hybridplan.report.paper import fonts
from hybridplan.report.paper.cells import PADDING, Cell, column_widths
from hybridplan.report.paper.styles import BAND, LINE, MUTED, WIDTH, Look, text

MOST_ROWS: Final = 40
"""Rows of one table on paper; the workbook holds all."""
MOST_CHARACTERS: Final = 600
"""Of one cell on paper, so that a row fits a page."""
_STYLE: Final = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 2.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, MUTED),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
        ("BACKGROUND", (0, 0), (-1, 0), BAND),
    ]
)


def grid(table: Table, look: Look, width: float = WIDTH) -> list[Flowable]:
    """The table without its title, and a sentence where rows or words were left out. Empty where it has no rows."""
    if not table.rows:
        return []
    rows = [tuple(_cell(cell) for cell in row) for row in table.rows[:MOST_ROWS]]
    numeric = [column.kind == "number" for column in table.columns]
    labels = [column.label for column in table.columns]
    heads = [Cell(label, is_number=one, is_head=True) for label, one in zip(labels, numeric, strict=True)]
    lines = [[Cell(cell, is_number=one) for cell, one in zip(row, numeric, strict=True)] for row in rows]
    widths = column_widths(labels, rows, numeric, width)
    drawn = Grid([heads, *lines], colWidths=widths, repeatRows=1, splitInRow=1, hAlign="LEFT", style=_STYLE)
    return [drawn, *([text(note, look.caption)] if (note := _left_out(table)) else [])]


def _cell(words: str) -> str:
    return words if len(words) <= MOST_CHARACTERS else words[:MOST_CHARACTERS].rstrip() + " …"


def _left_out(table: Table) -> str:
    """What the paper does not show of a table, in a sentence; empty where it shows all."""
    parts = []
    if (total := len(table.rows)) > MOST_ROWS:
        rest = total - MOST_ROWS
        parts.append(
            f"These are the first {MOST_ROWS} of {total:,} rows; the other {rest:,} are in the Excel workbook."
        )
    if any(len(cell) > MOST_CHARACTERS for row in table.rows[:MOST_ROWS] for cell in row):
        parts.append("Texts that end in … are whole in the Excel workbook.")
    return " ".join(parts)
