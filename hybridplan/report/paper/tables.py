"""Tables: columns as wide as their words, heads repeated on every page, long tables shortened and said to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reportlab.platypus import Flowable, TableStyle
from reportlab.platypus import Table as Grid

from hybridplan.report.content_parts import Table
from hybridplan.report.paper import fonts
from hybridplan.report.paper.cells import MANY_COLUMNS, Cell, column_widths, padding
from hybridplan.report.paper.styles import BAND, HEIGHT, LINE, MUTED, WIDTH, Look, text

MOST_ROWS: Final = 40
"""Rows of one table on paper; the workbook holds all."""
MOST_CHARACTERS: Final = 900
"""Of one cell on paper, so that a row fits a page."""
_FEW_ROWS: Final = 3
_STYLE: Final = (
    ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("TOPPADDING", (0, 0), (-1, -1), 2.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, MUTED),
    ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
    ("BACKGROUND", (0, 0), (-1, 0), BAND),
)


class _Rows(Grid):  # type: ignore[misc]
    """Rows that stay whole: only one that no page holds below the head is split."""

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:
        """See reportlab; an empty list sends the rest to the next page."""
        self.wrap(availWidth, availHeight)
        self.splitInRow = int(sum(self._rowHeights[:2]) > HEIGHT)
        found: list[Flowable] = super().split(availWidth, availHeight)
        return found


def grid(table: Table, look: Look, width: float = WIDTH) -> list[Flowable]:
    """The table without its title, and a sentence where rows or words were left out. Empty where it has no rows."""
    if not table.rows:
        return []
    shown, same = _without_same(replace(table, rows=table.rows[:MOST_ROWS]))
    rows = [tuple(_cell(cell) for cell in row) for row in shown.rows]
    numeric = [column.kind == "number" for column in shown.columns]
    labels = [column.label for column in shown.columns]
    heads = [Cell(label, is_number=one, is_head=True) for label, one in zip(labels, numeric, strict=True)]
    lines = [[Cell(cell, is_number=one) for cell, one in zip(row, numeric, strict=True)] for row in rows]
    widths = column_widths(labels, rows, numeric, width)
    edge = padding(len(labels))
    sides = [(side, (0, 0), (-1, -1), edge) for side in ("LEFTPADDING", "RIGHTPADDING")]
    style = TableStyle([*_STYLE, *sides])
    drawn = _Rows([heads, *lines], colWidths=widths, repeatRows=1, splitInRow=1, hAlign="LEFT", style=style)
    note = f"{same} {_left_out(table)}".strip()
    return [drawn, *([text(note, look.caption)] if note else [])]


def _without_same(table: Table) -> tuple[Table, str]:
    """A wide table without the columns that say the same in all its rows, and these in a sentence."""
    every = range(len(table.columns))
    same = [place for place in every if place and len({row[place] for row in table.rows}) == 1]
    if len(table.columns) < MANY_COLUMNS or len(table.rows) < _FEW_ROWS or not same:
        return table, ""
    kept = [place for place in every if place not in same]
    words = "; ".join(f"{table.columns[place].label}: {table.rows[0][place]}" for place in same)
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows), f"In every row: {words}."


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
