"""The one reader of outside tables: CSV, TSV, gzip, xlsx, JSON, JSON lines. It infers nothing: every cell is text.

Fields are counted per line by ourselves. A line that cannot be read is rejected with its number, the rest goes on; a
file that is no table, or too large, gives one rejection for line 0. No content raises.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from hybridplan.io import csv_lines, json_tables, spreadsheet
from hybridplan.io.cells import is_number
from hybridplan.io.decode import FileFault, decode, unpack
from hybridplan.io.report import Rejected, shown
from hybridplan.settings import MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS

_INVISIBLE: Final = {"Cf", "Cc", "Cs"}


@dataclass
class RawTable:
    """Text cells with line numbers.

    ``rows`` have exactly as many cells as ``columns``. ``ragged`` holds lines with another number of cells; they stand
    in ``rejected`` too, unless a reader of a known form mends them (see :meth:`mend`). ``document`` is the parsed JSON.
    """

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kind: str = ""
    """What was found, in words: "CSV (comma, utf-8)"."""
    encoding: str = ""
    encoding_is_guess: bool = False
    ragged: dict[int, list[str]] = field(default_factory=dict)
    document: Any = None
    has_header: bool = True
    """False: the first line holds numbers, so it was read as data, and columns are called ``column 1`` and so on."""

    @property
    def is_broken(self) -> bool:
        """True where the file as a whole cannot be read."""
        return any(reject.line == 0 for reject in self.rejected)

    @property
    def lines_read(self) -> int:
        """Number of data lines, read or not; the header and blank lines are none."""
        return len(self.rows) + len({reject.line for reject in self.rejected if reject.line > 0})

    def mend(self, mended: dict[int, list[str]]) -> None:
        """Move ragged lines, mended to the right width, to the rows, in the order of the file."""
        self.rows = sorted([*self.rows, *mended.items()], key=lambda row: row[0])
        self.rejected = [reject for reject in self.rejected if reject.line not in mended]
        self.ragged = {line: cells for line, cells in self.ragged.items() if line not in mended}


def read_table(data: bytes, name: str) -> RawTable:
    """Read any supported table. ``name`` is the file name: it only decides between JSON and CSV where both fit."""
    try:
        return _read(data, name)
    except FileFault as fault:
        return RawTable(rejected=[Rejected(0, "", shown(name), f"the file {fault}")], kind="unreadable")


def _read(data: bytes, name: str) -> RawTable:
    content, zipped = unpack(data)
    suffix = ", gzip" if zipped else ""
    if content.startswith(spreadsheet.ZIP):
        cells, warnings = spreadsheet.read_sheet(content)
        lines = [(i, row) for i, row in enumerate(cells, start=1) if any(cell.strip() for cell in row)]
        return _table(lines, RawTable(warnings=warnings, kind=f"xlsx{suffix}"))
    decoded = decode(content)
    table = RawTable(encoding=decoded.encoding, encoding_is_guess=decoded.is_guess)
    lower = name.lower().removesuffix(".gz")
    first = decoded.text.lstrip()[:1]
    if first == "{" or (first == "[" and (lower.endswith(".json") or decoded.text.rstrip().endswith("]"))):
        return _read_json(decoded.text, lower, table, suffix)
    delimiter = csv_lines.sniff(decoded.text)
    table.kind = f"CSV ({csv_lines.DELIMITERS[delimiter]}, {decoded.encoding}{suffix})"
    return _table(csv_lines.records(decoded.text, delimiter), table)


def _read_json(text: str, name: str, table: RawTable, suffix: str) -> RawTable:
    if name.endswith((".jsonl", ".ndjson")) or json_tables.is_lines(text):
        table.kind = f"JSON lines{suffix}"
        objects, bad = json_tables.from_lines(text)
        table.rejected = [Rejected(line, "", shown(value), reason) for line, value, reason in bad]
    else:
        table.kind = f"JSON{suffix}"
        table.document = json_tables.parse(text)
        objects = json_tables.from_document(table.document) or []
    if len(objects) > MAX_ROWS.read():
        raise FileFault(f"has more than {MAX_ROWS.read():,.0f} rows")
    columns, lines = json_tables.table(objects)
    if len(columns) > MAX_COLUMNS.read():
        raise FileFault(f"has more than {MAX_COLUMNS.read():,.0f} columns")
    table.columns = columns
    # A nested document is read by its own form, so only the cells of JSON lines are limited.
    longest = int(MAX_CELL_CHARS.read()) if table.document is None else None
    for line, cells in lines:
        _take(table, line, cells, longest)
    return table


def _table(lines: Any, table: RawTable) -> RawTable:
    """Fill ``table`` from numbered records, of which the first is the header."""
    header: list[str] | None = None
    most_rows, longest = MAX_ROWS.read(), int(MAX_CELL_CHARS.read())
    seen = empty = 0
    for line, cells in lines:
        if header is None:
            is_data = _is_data(cells)
            header = table.columns = _numbered(cells) if is_data else _header(line, cells)
            table.has_header = not is_data
            if not is_data:
                continue
        if not isinstance(cells, str) and not any(cells):
            empty += 1
            continue
        seen += 1
        if seen > most_rows:
            raise FileFault(f"has more than {most_rows:,.0f} rows")
        if isinstance(cells, str):
            table.rejected.append(Rejected(line, "", "", cells))
        else:
            _take(table, line, cells, longest)
    if header is None:
        raise FileFault("is empty")
    if empty:
        table.warnings.append(f"{empty:,} lines with empty cells only were skipped")
    return table


def _is_data(cells: list[str] | str) -> bool:
    return not isinstance(cells, str) and all(is_number(cell.strip()) for cell in cells[:2])


def _numbered(cells: list[str]) -> list[str]:
    if len(cells) > MAX_COLUMNS.read():
        raise FileFault(f"has more than {MAX_COLUMNS.read():,.0f} columns")
    return [f"column {number}" for number in range(1, len(cells) + 1)]


def _header(line: int, cells: list[str] | str) -> list[str]:
    if isinstance(cells, str):
        raise FileFault(f"has a header (line {line}) that cannot be read: {cells}")
    if len(cells) > MAX_COLUMNS.read():
        raise FileFault(f"has more than {MAX_COLUMNS.read():,.0f} columns")
    longest = int(MAX_CELL_CHARS.read())
    if any(len(cell) > longest for cell in cells):
        raise FileFault(f"has a header cell of more than {longest:,} characters")
    columns = [clean_name(cell) for cell in cells]
    twice = [name for name, times in Counter(columns).items() if times > 1 and name]
    if twice:
        raise FileFault(f"has the column {shown(twice[0])!r} twice, so its cells cannot be told apart")
    return columns


def _take(table: RawTable, line: int, cells: list[str], longest: int | None) -> None:
    """Add a line to the rows, or say why not."""
    width = len(table.columns)
    if len(cells) != width:
        table.ragged[line] = cells
        few = "few" if len(cells) < width else "many"
        reason = f"has {len(cells)} fields where the header has {width}: too {few}, so its cells cannot be told apart"
        table.rejected.append(Rejected(line, "", shown(",".join(cells)[:200]), reason))
        return
    joined = "".join(cells)
    if longest is not None and len(joined) > longest:
        for column, cell in zip(table.columns, cells, strict=True):
            if len(cell) > longest:
                reason = f"has {len(cell):,} characters; at most {longest:,} are read"
                table.rejected.append(Rejected(line, column, shown(cell[:200]), reason))
                return
    if "\0" in joined:
        column = next(column for column, cell in zip(table.columns, cells, strict=True) if "\0" in cell)
        table.rejected.append(Rejected(line, column, "", "contains a NUL character"))
        return
    table.rows.append((line, cells))


def clean_name(cell: str) -> str:
    """A column name without blanks around it and without invisible characters."""
    visible = "".join(c for c in cell if c in " \t" or unicodedata.category(c) not in _INVISIBLE)
    return " ".join(visible.split())
