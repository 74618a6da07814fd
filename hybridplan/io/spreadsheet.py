"""Sheets of an .xlsx workbook, within limits that hold before a sheet is built."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from hybridplan.io.decode import FileFault
from hybridplan.settings import MAX_COLUMNS, MAX_ROWS, MAX_UPLOAD_MB

ZIP: Final = b"PK\x03\x04"
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REFERENCE: Final = re.compile(
    rb"""<(?:\w+:)?[tvf](?:\s[^<>]*)?>[^<]*|\sr\s*=\s*["'](?P<letters>[A-Za-z]*)(?P<digits>\d*)["']"""
)
"""Of a cell (letters and digits) or of a row (digits), as any writer of XML may put it; what a cell says is stepped
over, since it may look like one."""
_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c\s(?P<names>[^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v(?:\s*/>|\s*>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"""
)
"""A cell with a formula and no result, and what its tag says of it."""
_IS_TEXT: Final = re.compile(rb"""\bt\s*=\s*["']str["']""")
"""Of a cell whose formula gave text, which may be empty."""
_CELL: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3}\d{1,7})["']""")
_HIDDEN_SHEET: Final = re.compile(rb"<[^<>\s]*sheetData", re.IGNORECASE)
_OTHER_KINDS: Final = frozenset({"content.xml", "xl/workbook.bin"})
"""Of an OpenDocument or a binary workbook, which the reader would read too, without these limits."""
_MAX_DIGITS: Final = 9
_EXCEL_ROWS: Final = 1_048_576
_MAX_RECTANGLE: Final = 5_000_000
"""Cells of the rectangle around all cells of a sheet of a whole workbook: a reader allocates them, empty or not."""
_UNPACKED_RATIO: Final = 4
"""A workbook may unpack to this many times the upload limit: XML of cells is wordy."""


def read_sheet(data: bytes) -> tuple[list[list[str]], list[str]]:
    """Rows of text cells of the first sheet, and warnings. Raises :class:`FileFault`."""
    _check_size(data, MAX_ROWS.read() + 1, MAX_ROWS.read() * MAX_COLUMNS.read())
    with _reading():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if not names:
            raise FileFault("is a workbook without a sheet")
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    warnings = [f"only the first sheet, {names[0]!r}, was read; there are {len(names)}"] if len(names) > 1 else []
    return [[as_text(cell) for cell in row] for row in rows], warnings


def read_sheets(data: bytes, prefix: str) -> dict[str, list[list[Any]]]:
    """Cells (text, numbers, booleans, dates; "" where empty) of the sheets whose name begins with ``prefix``.

    Row 1 of a sheet comes first, whatever is empty. Raises :class:`FileFault`, also where a formula has no result yet:
    it would be read as an empty cell.
    """
    _check_size(data, _EXCEL_ROWS, _MAX_RECTANGLE, calculated=True)
    found = {}
    with _reading():
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            if name.startswith(prefix):
                sheet = book.get_sheet_by_name(name)
                if sheet.total_height > MAX_ROWS.read() + 1:
                    raise FileFault(
                        f"has more than {MAX_ROWS.read():,.0f} rows ({MAX_ROWS.name}) in the sheet {name!r}"
                    )
                found[name] = sheet.to_python(skip_empty_area=False)
    return found


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (CalamineError, ValueError, OSError, OverflowError, zipfile.BadZipFile) as error:
        raise FileFault("is a damaged workbook, or none at all (only .xlsx is read)") from error
    except BaseException as error:
        # A panic of the reader (a date beyond all calendars) is no Exception, and has no class that can be imported.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise FileFault("is a damaged workbook") from error


def _check_size(data: bytes, most_rows: float, most_cells: float, *, calculated: bool = False) -> None:
    """Refuse a workbook whose cells would not fit, before a reader allocates the rectangle around them.

    Every member is unpacked here once, in pieces: its checksum fails where it says a smaller size than it has.
    ``calculated``: refuse formulas without results too.
    """
    limit = int(MAX_UPLOAD_MB.read() * 1e6 * _UNPACKED_RATIO)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > limit:
                raise FileFault(f"unpacks to more than {limit / 1e6:g} MB")
            sheets = {m.filename for m in members if _SHEET.fullmatch(m.filename)}
            if not sheets or {member.filename.casefold() for member in members} & _OTHER_KINDS:
                raise FileFault("is a zip archive, not an .xlsx workbook; unpack it first")
            for member in members:
                with archive.open(member) as file:
                    content = file.read()
                if member.filename in sheets:
                    _check_cells(content, most_rows, most_cells)
                    if calculated:
                        _check_formulas(content)
                elif _HIDDEN_SHEET.search(content):
                    # A workbook may call any of its members a sheet.
                    raise FileFault("is a damaged workbook")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileFault("is a damaged workbook") from error


def _check_cells(xml: bytes, most_rows: float, most_cells: float) -> None:
    columns: set[bytes] = set()
    last = (0, b"0")
    for match in _REFERENCE.finditer(xml):
        if match["letters"] is None:
            continue
        columns.add(match["letters"])
        # Digits without leading zeros compare as numbers do, once their lengths are equal.
        digits = match["digits"].lstrip(b"0")
        row = (len(digits), digits)
        last = max(last, row)
    last_row = int(last[1] or b"0") if last[0] <= _MAX_DIGITS else 10**_MAX_DIGITS
    last_column = max(map(_column_number, columns), default=0)
    if last_row > most_rows:
        raise FileFault(f"has more than {most_rows - 1:,.0f} rows")
    if last_column > MAX_COLUMNS.read():
        raise FileFault(f"has more than {MAX_COLUMNS.read():,.0f} columns")
    if last_row * last_column > most_cells:
        raise FileFault(f"has a sheet with room for more than {most_cells:,.0f} cells")


def _check_formulas(xml: bytes) -> None:
    for match in _FORMULA.finditer(xml):
        if not _IS_TEXT.search(match["names"]):
            cell = _CELL.search(match["names"])
            where = f" in cell {cell[1].decode().upper()}" if cell else ""
            raise FileFault(
                f"holds a formula without its result{where}: type the value instead, or save the workbook in a program "
                "that calculates it"
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:_MAX_DIGITS].upper():
        number = number * 26 + letter - 64
    return number


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without a point, dates and times as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)
