"""Cells of tables: text with line ends of our own, since reportlab would break a long word anywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from reportlab.platypus import Flowable

from hybridplan.report.paper import fonts
from hybridplan.report.paper.styles import CELL, MUTED, TEXT, WIDTH

MANY_COLUMNS: Final = 9
_PADDING: Final = 4.0
_TIGHT: Final = 2.6
_LEADING: Final = 9.6
_WORD: Final = 110.0
"""Longer words are broken."""
_SHORT: Final = 11
"""Characters of a cell that stays on one line."""
_LEAST: Final = 22.0
_FEW_LINES: Final = 6
"""With more than that short cells may break too."""
_MOST_LINES: Final = 60
_UNEVEN: Final = 1.12
"""Lines of text are not filled to their end."""


class Cell(Flowable):  # type: ignore[misc]
    """Plain text in a column; ``is_head``: bold and muted."""

    def __init__(self, words: str, *, is_number: bool = False, is_head: bool = False) -> None:
        super().__init__()
        self._words, self._is_number, self._is_head = words, is_number, is_head
        self._lines: list[str] = []

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Sets its lines for this width."""
        self._lines = fonts.wrapped(self._words, width, CELL, most=10_000, bold=self._is_head)
        self.width, self.height = width, _LEADING * len(self._lines)
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Two cells, the first of which fits the height; none where not even one line does."""
        self.wrap(width, height)
        count = int(height / _LEADING)
        if not 0 < count < len(self._lines):
            return []
        parts = self._lines[:count], self._lines[count:]
        return [Cell(" ".join(part), is_number=self._is_number, is_head=self._is_head) for part in parts]

    def draw(self) -> None:
        """Line by line from the top."""
        self.canv.setFillColor(MUTED if self._is_head else TEXT)
        x, align = (self.width, 1.0) if self._is_number else (0.0, 0.0)
        for place, line in enumerate(self._lines):
            y = self.height - _LEADING * place - CELL
            fonts.draw(self.canv, x, y, line, CELL, align=align, bold=self._is_head)


def padding(columns: int) -> float:
    """Between the text of a cell and the edge of its column; less where there are many columns."""
    return _TIGHT if columns >= MANY_COLUMNS else _PADDING


def column_widths(
    labels: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], width: float = WIDTH
) -> list[float]:
    """Points for each column, padding included.

    Every column gets what its numbers, its short cells and the longest words need on one line. Beyond that texts share
    the page so that they need about as many lines as each other, and no more than they must; heads may take one more.
    """
    frame = 2 * padding(len(labels)) + 0.5
    columns = [[row[place] for row in rows] for place in range(len(labels))]
    heads = [fonts.width(label, CELL, bold=True) for label in labels]
    whole = [max(fonts.width(cell, CELL) for cell in cells) for cells in columns]
    least: list[float] = []
    for short, most_lines, whole_heads in ((_SHORT, _FEW_LINES, True), (0, _MOST_LINES, True), (0, _MOST_LINES, False)):
        least = [
            frame
            + max(
                _LEAST,
                min(_WORD, _longest(label, bold=True)) if whole_heads else 0.0,
                *(min(_WORD, _needed(cell, is_number, short)) for cell in cells),
            )
            for label, cells, is_number in zip(labels, columns, numeric, strict=True)
        ]
        if found := _shared(least, whole, heads, frame, width, most_lines):
            return _spread(found, [size + frame for size in whole], width)
    return _capped(least, width)


def _shared(
    least: list[float], whole: list[float], heads: list[float], frame: float, width: float, most_lines: int
) -> list[float]:
    """Widths with which every text takes as few lines as fit the page, all alike; empty where none do."""
    for lines in range(1, most_lines + 1):
        slack = _UNEVEN if lines > 1 else 1.0
        sizes = zip(least, whole, heads, strict=True)
        found = [max(low, frame + max(slack * text / lines, _UNEVEN * head / (lines + 1))) for low, text, head in sizes]
        if sum(found) <= width:
            return found
    return []


def _needed(cell: str, is_number: bool, short: int) -> float:
    """Of one cell: all of it, or its longest piece."""
    return fonts.width(cell, CELL) if is_number or len(cell) <= short else _longest(cell)


def _longest(words: str, bold: bool = False) -> float:
    return max(fonts.width(piece.rstrip(), CELL, bold) for piece in fonts.pieces(words))


def _capped(least: list[float], width: float) -> list[float]:
    """The widest columns made equal until all fit."""
    cap, rest = 0.0, width
    for place, one in enumerate(sorted(least)):
        cap = rest / (len(least) - place)
        if one > cap:
            break
        rest -= one
    return [min(one, cap) for one in least]


def _spread(found: list[float], whole: list[float], width: float) -> list[float]:
    """What is left over goes where texts still break, then to all columns by their width."""
    lacking = [math.sqrt(max(0.0, most - now)) for most, now in zip(whole, found, strict=True)]
    rest = width - sum(found)
    if total := sum(lacking):
        grown = zip(found, lacking, whole, strict=True)
        found = [now + min(max(0.0, most - now), rest * lack / total) for now, lack, most in grown]
    return [now * width / sum(found) for now in found]
