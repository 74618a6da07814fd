"""The first sheet of an .xlsx workbook as text cells, within limits that hold before the sheet is built."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from hybridplan.io.decode import FileFault
from hybridplan.settings import MAX_COLUMNS, MAX_ROWS, MAX_UPLOAD_MB

ZIP: Final = b"PK\x03\x04"
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REFERENCE: Final = re.compile(rb'\sr="([A-Z]{0,4})(\d{1,9})"')
"""Of a cell (letters and digits) or of a row (digits)."""
_UNPACKED_RATIO: Final = 4
"""A workbook may unpack to this many times the upload limit: XML of cells is wordy."""


def read_sheet(data: bytes) -> tuple[list[list[str]], list[str]]:
    """Rows of text cells of the first sheet, and warnings. Raises :class:`FileFault`."""
    _check_size(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if not names:
            raise FileFault("is a workbook without a sheet")
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise FileFault("is a damaged workbook, or none at all (only .xlsx is read)") from error
    warnings = [f"only the first sheet, {names[0]!r}, was read; there are {len(names)}"] if len(names) > 1 else []
    return [[_text(cell) for cell in row] for row in rows], warnings


def _check_size(data: bytes) -> None:
    """Refuse a workbook whose cells would not fit, before a reader allocates the rectangle around them.

    Every member is unpacked here once, in pieces: its checksum fails where it says a smaller size than it has.
    """
    limit = int(MAX_UPLOAD_MB.read() * 1e6 * _UNPACKED_RATIO)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > limit:
                raise FileFault(f"unpacks to more than {limit / 1e6:g} MB")
            sheets = {m.filename for m in members if _SHEET.fullmatch(m.filename)}
            if not sheets:
                raise FileFault("is a zip archive, not an .xlsx workbook; unpack it first")
            for member in members:
                with archive.open(member) as file:
                    content = file.read()
                if member.filename in sheets:
                    _check_cells(content)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileFault("is a damaged workbook") from error


def _check_cells(xml: bytes) -> None:
    columns: set[bytes] = set()
    last = (0, b"0")
    for match in _REFERENCE.finditer(xml):
        columns.add(match[1])
        # Digits without leading zeros compare as numbers do, once their lengths are equal.
        row = (len(match[2]), match[2])
        last = max(last, row)
    if int(last[1]) > MAX_ROWS.read() + 1:
        raise FileFault(f"has more than {MAX_ROWS.read():,.0f} rows")
    if max(map(_column_number, columns), default=0) > MAX_COLUMNS.read():
        raise FileFault(f"has more than {MAX_COLUMNS.read():,.0f} columns")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)
