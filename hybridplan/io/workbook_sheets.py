"""Sheets of a workbook: headers in words with units, number formats, widths; text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final

import xlsxwriter  # type: ignore[import-untyped]

from hybridplan.io.workbook_text import MAX_CELL, size

_MAX_ROWS: Final = 1_000_000
"""Excel holds 1,048,576."""
_NO_DATE: Final = datetime(2000, 1, 1)
_WIDEST, _NARROWEST = 50, 9
_CUT: Final = " ... (cut here; the JSON export has all of it)"
_PRICES: Final = ("price", "fee", "usd_per_unit", "usd_per_gb", "usd_per_kwh", "usd_per_node", "usd_per_accelerator")

Rows = Iterable[Sequence[Any]]


class Book:
    """A workbook that is written sheet by sheet. No cell becomes a formula or a link, whatever its text."""

    def __init__(self, file: BinaryIO, made_at: datetime | None) -> None:
        """``made_at``: stands in the file's properties; the same content and time give the same bytes."""
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }
        self._book = xlsxwriter.Workbook(file, options)
        self._book.set_properties({"created": made_at.replace(tzinfo=None) if made_at else _NO_DATE})
        look = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4"}
        self._head = self._book.add_format(look)
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._bold = self._book.add_format({"bold": True, "valign": "top"})
        self._formats: dict[str, Any] = {}

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def page(self, title: str, rows: Iterable[tuple[str, str]]) -> None:
        """A sheet of two columns of text: a bold name, and what there is to say, wrapped."""
        sheet = self._book.add_worksheet(title)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100, self._wrap)
        for line, (name, text) in enumerate(rows):
            sheet.write_string(line, 0, name, self._bold)
            sheet.write_string(line, 1, fitting(text), self._wrap)

    def table(self, title: str, header: Sequence[str], rows: Rows, *, is_exact: bool = False) -> None:
        """A sheet with a frozen header and a filter. ``is_exact``: for input sheets, whose cells all fit."""
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        widths = [min(max(len(name), _NARROWEST), 24) for name in header]
        names = [name.casefold() for name in header]
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, self._head)
        line = 0
        for line, row in enumerate(rows, start=1):
            if line > _MAX_ROWS:
                sheet.write_string(line, 0, "more rows than Excel holds: use the JSON export")
                break
            for column, value in enumerate(row):
                shown = self._write(sheet, line, column, value, names[column], is_exact)
                widths[column] = max(widths[column], min(shown, _WIDEST))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        if line:
            sheet.autofilter(0, 0, line, len(header) - 1)
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{line + 1}"})

    def _write(self, sheet: Any, line: int, column: int, value: Any, name: str, is_exact: bool) -> int:
        """Text as text, numbers as numbers, nothing where a number is not finite; the width that it takes."""
        if isinstance(value, bool):
            sheet.write_boolean(line, column, value)
        elif isinstance(value, int | float):
            if value != value or abs(value) == float("inf"):
                return 0
            pattern = number_format(name, value)
            sheet.write_number(line, column, value, self._format(pattern))
            return len(f"{value:,.0f}") + len(pattern.partition(".")[2]) + 1
        elif isinstance(value, list | tuple):
            value = ", ".join(str(item) for item in value)
        if isinstance(value, str) and value:
            sheet.write_string(line, column, value if is_exact else fitting(value))
        return len(str(value))

    def _format(self, pattern: str) -> Any:
        if pattern not in self._formats:
            self._formats[pattern] = self._book.add_format({"num_format": pattern})
        return self._formats[pattern]


def number_format(name: str, value: float) -> str:
    """How Excel shows a number of the column ``name``: thousands separated, totals of money with cents, prices with up
    to six decimals. Shares are shown as they are typed, since 0.15 typed into a cell of percents is 0.15 %.
    """
    amount = abs(value)
    if any(word in name for word in _PRICES):
        return "#,##0.00####"
    if "usd" in name:
        return "#,##0.00"
    if amount == int(amount):
        return "#,##0"
    return "#,##0.0###" if amount >= 1e-3 else "0.00E+00"


def fitting(text: str) -> str:
    """The text, or as much of it as a cell holds, with a note that it was cut."""
    if size(text) <= MAX_CELL:
        return text
    # A character may count twice: half of what fits is safe, whatever they are.
    return text[: (MAX_CELL - len(_CUT)) // 2] + _CUT
