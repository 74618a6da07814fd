"""The one reader: the same table in every container, and what it says about its lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.io.importing import import_file
from hybridplan.io.tables import RawTable, read_table

ROWS = [["name", "price", "note"], ["a", "1.5", "x, y"], ["b", "2", 'say "hi"'], ["c", "", "two\nlines"]]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


def as_workbook(rows: list[list[object]], sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for number in range(1, sheets):
        book.create_sheet(f"s{number}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells(table: RawTable) -> list[list[str]]:
    return [table.columns, *(row for _, row in table.rows)]


CONTAINERS = {
    "csv": (as_csv(ROWS), "t.csv"),
    "semicolon": (as_csv(ROWS, ";"), "t.csv"),
    "tab": (as_csv(ROWS, "\t"), "t.tsv"),
    "bar": (as_csv(ROWS, "|"), "t.txt"),
    "gzip": (gzip.compress(as_csv(ROWS)), "t.csv.gz"),
    "two gzip members": (gzip.compress(as_csv(ROWS[:2])) + gzip.compress(as_csv(ROWS[2:])), "t.csv.gz"),
    "xlsx": (as_workbook([list(row) for row in ROWS]), "t.xlsx"),
    "json records": (json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(), "t.json"),
    "json columns": (
        json.dumps({name: [row[i] for row in ROWS[1:]] for i, name in enumerate(ROWS[0])}).encode(),
        "t.json",
    ),
    "json in an envelope": (
        json.dumps({"data": [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]}).encode(),
        "t.json",
    ),
    "json lines": (
        "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]).encode(),
        "t.jsonl",
    ),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_same_table_comes_out_of_every_container(container: str) -> None:
    data, name = CONTAINERS[container]
    table = read_table(data, name)
    assert cells(table) == ROWS
    assert table.rejected == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(ending: str) -> None:
    table = read_table(f"a,b{ending}1,2{ending}{ending}3,4{ending}".encode(), "t.csv")
    assert table.rows == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_separators_of_unicode_end_no_line() -> None:
    table = read_table("a,b\n1\u2028x\x0by,2\n".encode(), "t.csv")
    assert table.rows == [(2, ["1\u2028x\x0by", "2"])]


def test_cells_of_a_workbook_are_text() -> None:
    data = as_workbook([["a", "b", "c", "d"], [1, 0.1, True, datetime(2026, 6, 1, 12)]], sheets=2)
    table = read_table(data, "t.xlsx")
    assert table.rows == [(2, ["1", "0.1", "true", "2026-06-01T12:00:00"])]
    assert any("only the first sheet" in warning for warning in table.warnings)


def test_a_form_may_come_as_a_workbook() -> None:
    header = ["pool_id", "site", "sku", "purchase_option", "capacity_accelerators", "price_usd_per_accelerator_hour"]
    data = as_workbook([list(header), ["p", "s", "H100", "owned", 8, 1.5], [None] * 6, ["q", "s", "H100", "owned", 8]])
    result = import_file(data, "pools.xlsx", "pools")
    assert [row["pool_id"] for row in result.rows] == ["p"]
    assert [(reject.line, reject.column) for reject in result.rejected] == [(4, "price_usd_per_accelerator_hour")]


def test_lines_that_hold_only_delimiters_are_skipped_and_counted() -> None:
    table = read_table(b"a,b\n,\n1,2\n,\n", "t.csv")
    assert table.rows == [(3, ["1", "2"])]
    assert table.warnings == ["2 lines with empty cells only were skipped"]


def test_numbers_in_json_keep_their_digits() -> None:
    table = read_table(b'[{"a": 0.1, "b": 1e-7, "c": 12345678901234567890, "d": null, "e": true}]', "t.json")
    assert table.rows == [(1, ["0.1", "1e-07", "12345678901234567890", "", "true"])]


PRINTED = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufeff"
)
TEXT = st.text(PRINTED, max_size=12)


@given(
    body=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
)
def test_whatever_the_csv_module_writes_is_read_back(body: list[list[str]], delimiter: str) -> None:
    """With a header that names three columns; lines of empty cells only are skipped by design."""
    kept = [row for row in body if any(row)]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["one", "two", "three"], *kept])
    table = read_table(buffer.getvalue().encode(), "t.csv")
    if kept:
        assert cells(table) == [["one", "two", "three"], *kept]
