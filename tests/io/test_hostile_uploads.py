"""Uploads that go wrong: each names its row and field, or the fault of the file; none raises, none is read wrongly."""

from __future__ import annotations

import gzip
import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.io.importing import KINDS, ImportOptions, ImportResult, Kind, import_file

POOLS = b"pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour\n"
DEMAND = b"workload_id,period_start,value\n"
LINKS = b"link_id,from_site,to_site,round_trip_ms\n"
PRICES = b"InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region\n"
GOOD = b"good,s,H100,on_demand,8,2.5\n"


@dataclass(frozen=True)
class Case:
    """One upload and where its fault must be reported. Line 0: the file as a whole."""

    data: bytes
    line: int
    column: str = ""
    reason: str = ""
    kind: Kind = "pools"
    name: str = "upload.csv"


def pool(row: str | bytes) -> bytes:
    return POOLS + GOOD + (row if isinstance(row, bytes) else row.encode()) + b"\n"


def price_cell(cell: str) -> bytes:
    return pool(f'bad,s,H100,on_demand,8,"{cell}"')


PRICE = "price_usd_per_accelerator_hour"
BIG = b"x" * 2000


def workbook(cell: str) -> bytes:
    """A workbook of one sheet with one cell, so far out that the rectangle around it would fill the memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        sheet = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return buffer.getvalue()


def archive_of_text() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "x")
    return buffer.getvalue()


CASES: dict[str, Case] = {
    # The file as a whole.
    "empty": Case(b"", 0, reason="empty"),
    "blank lines only": Case(b"\n\r\n \n", 0, reason="empty"),
    "header only": Case(POOLS, 0, reason="no data"),
    "web page": Case(b"<!DOCTYPE html><html><body>Sign in</body></html>", 0, reason="web page"),
    "xml": Case(b'<?xml version="1.0"?><a/>', 0, reason="web page or XML"),
    "pdf": Case(b"%PDF-1.7 ...", 0, reason="PDF"),
    "picture": Case(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, 0, reason="PNG"),
    "program": Case(b"\x7fELF" + bytes(range(200)), 0, reason="program"),
    "binary": Case(bytes(range(1, 256)) * 8, 0, reason="binary"),
    "pickle": Case(b"\x80\x04\x95\x10\x00\x00\x00", 0, reason="pickle"),
    "old excel": Case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, reason="old Excel"),
    "parquet": Case(b"PAR1xxxx", 0, reason="Parquet"),
    "zip of csv": Case(archive_of_text(), 0, reason="zip archive"),
    "zip cut off": Case(archive_of_text()[:40], 0, reason="damaged"),
    "xlsx with a cell far out": Case(workbook("XFD9"), 0, reason="columns", name="x.xlsx"),
    "xlsx with a cell far down": Case(workbook("A1048576"), 0, reason="rows", name="x.xlsx"),
    "gzip cut off": Case(gzip.compress(POOLS + GOOD)[:30], 0, reason="cut off"),
    "gzip damaged": Case(b"\x1f\x8b\x08\x00" + b"\xff" * 40, 0, reason="damaged gzip"),
    "gzip in gzip": Case(gzip.compress(gzip.compress(POOLS)), 0, reason="gzip inside gzip"),
    "gzip bomb": Case(gzip.compress(b"0" * 26_000_000), 0, reason="unpacks to more than 25 MB"),
    "larger than allowed": Case(b"a,b\n" + b"1,2\n" * 6_300_000, 0, reason="larger than 25 MB"),
    "too many columns": Case(b",".join(b"c%d" % i for i in range(300)) + b"\n", 0, reason="more than 200 columns"),
    "300,000 columns": Case(b",".join(b"%dc" % i for i in range(300_000)) + b"\n1\n", 0, reason="columns"),
    "too many rows": Case(b"a,b\n" + b"1,2\n" * 200_001, 0, reason="more than 200,000 rows"),
    "long header": Case(BIG + b",b\n1,2\n", 0, reason="header cell"),
    "header twice": Case(POOLS.strip() + b",sku\n" + GOOD.strip() + b",H200\n", 0, reason="'sku' twice"),
    "header missing": Case(b"1,2,3\n4,5,6\n", 0, reason="header is missing"),
    "half utf-16": Case(b"\xff\xfea\x00b", 0, reason="UTF-16"),
    "json not a table": Case(b'{"a": {"b": 1}}', 0, reason="no table", name="x.json"),
    "json cut off": Case(b'{"a": [1,', 0, reason="not JSON", name="x.json"),
    "json deep": Case(b'{"a":' * 500 + b"1" + b"}" * 500, 0, reason="levels deep", name="x.json"),
    "json key twice": Case(b'[{"a": 1, "a": 2}]', 0, reason="twice", name="x.json"),
    "json NaN": Case(b'[{"a": NaN}]', 0, reason="not a number", name="x.json"),
    "unknown columns": Case(b"colour,weight\nred,3\n", 0, reason="colour, weight"),
    # Lines.
    "one field too few": Case(pool("bad,s,H100,on_demand,8"), 3, reason="too few"),
    "one field too many": Case(pool("bad,s,H100,on_demand,8,2.5,9"), 3, reason="too many"),
    "decimal comma in a comma file": Case(pool("bad,s,H100,on_demand,8,2,5"), 3, reason="too many"),
    "quote not closed": Case(pool('bad,"s,H100,on_demand,8,2.5'), 3, reason="quote is not closed"),
    "text after a quote": Case(pool('bad,"s"x,H100,on_demand,8,2.5'), 3, reason="closing quote"),
    "long cell": Case(pool(b"bad," + BIG + b",H100,on_demand,8,2.5"), 3, "site", "at most 1,000"),
    "NUL": Case(pool("bad,s\0,H100,on_demand,8,2.5"), 3, "site", "NUL"),
    "json line broken": Case(b'{"timestamp": 1, "x": 2}\n{"timestamp": \n', 2, reason="not JSON", name="x.jsonl"),
    # Cells: ids.
    "id empty": Case(pool(",s,H100,on_demand,8,2.5"), 3, "pool_id", "empty"),
    "id twice": Case(pool("good,s,H100,on_demand,8,2.5"), 3, "pool_id", "line 2"),
    "id twice after trimming": Case(pool(" good ,s,H100,on_demand,8,2.5"), 3, "pool_id", "line 2"),
    "id with zero width space": Case(pool("go\u200bod,s,H100,on_demand,8,2.5"), 3, "pool_id", "U+200B"),
    "id with bidi override": Case(pool("a\u202eb,s,H100,on_demand,8,2.5"), 3, "pool_id", "U+202E"),
    "id in fullwidth letters": Case(pool("ｇｏｏｄ,s,H100,on_demand,8,2.5"), 3, "pool_id", "is no id"),
    "id with a space": Case(pool("my pool,s,H100,on_demand,8,2.5"), 3, "pool_id", "is no id"),
    # Cells: numbers.
    "price empty": Case(price_cell(""), 3, PRICE, "empty"),
    "price NaN": Case(price_cell("NaN"), 3, PRICE, "finite"),
    "price infinite": Case(price_cell("inf"), 3, PRICE, "finite"),
    "price 1e309": Case(price_cell("1e309"), 3, PRICE, "too large"),
    "price 1e12": Case(price_cell("1e12"), 3, PRICE, "between 1e-06 and 1e+09"),
    "price 1e-9": Case(price_cell("1e-9"), 3, PRICE, "between 1e-06 and 1e+09"),
    "price negative": Case(price_cell("-2.5"), 3, PRICE, "greater than or equal to 0"),
    "decimal comma": Case(price_cell("2,5"), 3, PRICE, "decimal sign"),
    "thousands": Case(price_cell("1,000"), 3, PRICE, "decimal sign"),
    "european": Case(price_cell("1.234,5"), 3, PRICE, "decimal sign"),
    "currency": Case(price_cell("$2.50"), 3, PRICE, "not a number"),
    "unit in the cell": Case(price_cell("2.5 USD"), 3, PRICE, "not a number"),
    "underscore": Case(price_cell("1_000"), 3, PRICE, "not a number"),
    "hexadecimal": Case(price_cell("0x10"), 3, PRICE, "not a number"),
    "fullwidth digits": Case(price_cell("２.５"), 3, PRICE, "not a number"),
    "arabic digits": Case(price_cell("٢٫٥"), 3, PRICE, "not a number"),
    "unicode minus": Case(price_cell("−2.5"), 3, PRICE, "not a number"),
    "formula": Case(price_cell("=1+1"), 3, PRICE, "not a number"),
    "fraction where whole": Case(
        POOLS.strip() + b",accelerators_per_node\n" + GOOD.strip() + b",4\nbad,s,H100,on_demand,8,2.5,1.5\n",
        3,
        "accelerators_per_node",
        "whole number",
    ),
    "share of 140 %": Case(
        POOLS.strip() + b",held_back_share\n" + GOOD.strip() + b",0.1\nbad,s,H100,on_demand,8,2.5,1.4\n",
        3,
        "held_back_share",
        "less than 1",
    ),
    "unknown choice": Case(pool("bad,s,H100,leased,8,2.5"), 3, "purchase_option", "owned"),
    "date in another order": Case(
        POOLS.strip() + b",price_date\n" + GOOD.strip() + b",2026-01-02\nbad,s,H100,on_demand,8,2.5,13/02/2026\n",
        3,
        "price_date",
        "ISO 8601",
    ),
    "column missing": Case(b"pool_id,site,sku\na,s,H100\n", 1, "capacity_accelerators", "needs this column"),
    # Times and demand.
    "time without offset": Case(DEMAND + b"w,2026-06-01T00:00:00,5\n", 2, "period_start", "no offset", "demand"),
    "time in another order": Case(DEMAND + b"w,06/01/2026 00:00,5\n", 2, "period_start", "ISO 8601", "demand"),
    "no such day": Case(DEMAND + b"w,2026-02-30T00:00:00Z,5\n", 2, "period_start", "calendar", "demand"),
    "week date": Case(DEMAND + b"w,2026-W10-1,5\n", 2, "period_start", "ISO 8601", "demand"),
    "demand negative": Case(DEMAND + b"w,2026-06-01T00:00:00Z,-5\n", 2, "value", "negative", "demand"),
    "demand twice, other offset": Case(
        DEMAND + b"w,2026-06-01T00:00:00Z,5\nw,2026-06-01T02:00:00+02:00,6\n", 3, "period_start", "line 2", "demand"
    ),
    "round trip negative": Case(LINKS + b"l,a,b,-1\n", 2, "round_trip_ms", "greater than or equal", "links"),
    # Vendors' lists.
    "list price 0": Case(PRICES + b"a,H100,8,0,,r\n", 2, "Price", "gap", "prices"),
    "list price in euro": Case(PRICES + "a,H100,8,€20,,r\n".encode(), 2, "Price", "USD", "prices"),
    "list price monthly": Case(PRICES + b"a,H100,1,5110,,r\n", 2, "Price", "median", "prices"),
    "list price placeholder": Case(PRICES + b"a,tpu-v6e-1,1,700.0,700.0,r\n", 2, "Price", "placeholder", "prices"),
    "no accelerators": Case(PRICES + b"a,H100,0,20,,r\n", 2, "AcceleratorCount", "number of accelerators", "prices"),
    "spot dearer": Case(PRICES + b"a,H100,1,2.5,3.5,r\n", 2, "SpotPrice", "dearer", "prices"),
    "no region": Case(PRICES + b"a,H100,1,2.5,,\n", 2, "Region", "empty", "prices"),
}


def check_accounting(result: ImportResult) -> None:
    """Every data line of a known form is accepted or rejected; a file of none leaves no row, and says so."""
    if result.format:
        assert result.lines_accepted + result.lines_rejected == result.lines_read
    else:
        assert result.rows == []
        assert [reject for reject in result.rejected if reject.line == 0]


@pytest.mark.parametrize("name", CASES)
def test_each_names_its_row_and_field_or_the_fault_of_the_file(name: str) -> None:
    case = CASES[name]
    result = import_file(case.data, case.name, case.kind, ImportOptions())
    check_accounting(result)
    found = [(reject.line, reject.column, reject.reason) for reject in result.rejected]
    assert any(
        line == case.line and column == (case.column or column) and case.reason in reason
        for line, column, reason in found
    ), found[:5]
    if case.line == 0:
        assert result.rows == []
    assert case.line not in {1} or result.rows == []


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if case.data.startswith(POOLS) and case.line == 3]
)
def test_the_line_before_a_bad_one_is_read(name: str) -> None:
    result = import_file(CASES[name].data, "pools.csv", "pools")
    assert [row["pool_id"] for row in result.rows] == ["good"]
    assert result.rows[0][PRICE] == 2.5


@pytest.mark.parametrize(("extra", "word"), [(",9", "too many"), ("", "too few")])
def test_no_column_is_shifted_where_every_row_has_the_wrong_number_of_fields(extra: str, word: str) -> None:
    """Other readers take the first of too many fields for the name of the row, and move all others by one."""
    rows = [f"p{n},s,H100,on_demand,8{',2.5' if extra else ''}{extra}\n".encode() for n in range(50)]
    result = import_file(POOLS + b"".join(rows), "pools.csv", "pools")
    assert result.rows == []
    assert [reject.line for reject in result.rejected] == list(range(2, 52))
    assert all(word in reject.reason for reject in result.rejected)


SPELLINGS: dict[str, Callable[[float], str]] = {
    "plain": lambda x: f"{x:.2f}",
    "exponent": lambda x: f"{x:.6e}",
    "decimal comma": lambda x: f"{x:.2f}".replace(".", ","),
    "thousands": lambda x: f"{x:,.2f}",
    "european": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")),
    "spaces": lambda x: f"{x:,.2f}".replace(",", " "),
    "apostrophes": lambda x: f"{x:,.2f}".replace(",", "'"),
    "currency": lambda x: f"${x:.2f}",
    "unit": lambda x: f"{x:.2f} USD",
    "underscores": lambda x: f"{x:_.2f}",
    "hexadecimal": lambda x: float(x).hex(),
    "full width": lambda x: f"{x:.2f}".translate({ord(str(d)): 0xFF10 + d for d in range(10)}),
    "arabic": lambda x: f"{x:.2f}".translate({ord(str(d)): 0x660 + d for d in range(10)}),
    "unicode minus": lambda x: f"\u2212{x:.2f}",
    "percent": lambda x: f"{x:.2f}%",
    "brackets": lambda x: f"({x:.2f})",
}


def test_no_number_of_three_hundred_files_is_read_wrongly() -> None:
    """Whatever the spelling and the delimiter: each price is the one that was meant, or is refused in its row."""
    rng, read = random.Random(300), 0
    for number in range(300):
        spelling = list(SPELLINGS)[number % len(SPELLINGS)]
        delimiter, decimal = rng.choice(",;\t|"), rng.choice(".,")
        prices = [round(rng.choice([1.0, 1e3, 1e6]) * rng.uniform(1, 9), 2) for _ in range(5)]
        cells = [[f"p{n}", "s", "H100", "on_demand", "8", SPELLINGS[spelling](x)] for n, x in enumerate(prices)]
        text = "\n".join(
            delimiter.join(f'"{cell}"' for cell in row) for row in [POOLS.decode().strip().split(","), *cells]
        )
        result = import_file(text.encode(), "pools.csv", "pools", ImportOptions(decimal=decimal))
        check_accounting(result)
        for row in result.rows:
            assert row[PRICE] == pytest.approx(prices[int(row["pool_id"][1:])], rel=1e-6), (spelling, decimal)
        assert len(result.rows) + len(result.rejected) == 5
        read += len(result.rows)
    assert read > 150


@pytest.mark.parametrize("name", ["300,000 columns", "too many rows", "larger than allowed", "gzip bomb", "long cell"])
def test_what_is_too_large_is_refused_before_a_table_is_made_of_it(name: str) -> None:
    tracemalloc.start()
    try:
        import_file(CASES[name].data, CASES[name].name, CASES[name].kind)
        assert tracemalloc.get_traced_memory()[1] < 300e6
    finally:
        tracemalloc.stop()


def test_a_cell_of_five_megabytes_costs_its_line() -> None:
    result = import_file(pool(b"bad," + b"x" * 5_000_000 + b",H100,on_demand,8,2.5"), "pools.csv", "pools")
    assert [row["pool_id"] for row in result.rows] == ["good"]
    assert [reject.line for reject in result.rejected] == [3]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_a_year_of_local_hours_keeps_every_hour_and_its_sum(zone: str, year: int) -> None:
    """8,760 hours, 8,784 in the leap year 2028, though clocks leave out and repeat one (on Lord Howe half a one)."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=n) for n in range(int((datetime(year + 1, 1, 1, tzinfo=UTC) - first).days * 24))]
    lines = [f"w,{hour.astimezone(ZoneInfo(zone)).isoformat()},{n % 7 + 1}\n" for n, hour in enumerate(hours)]
    result = import_file(DEMAND + "".join(lines).encode(), "demand.csv", "demand")
    assert result.rejected == []
    assert len(result.rows) == (8784 if year == 2028 else 8760)
    assert {datetime.fromisoformat(str(row["period_start"])) for row in result.rows} == set(hours)
    assert sum(row["value"] for row in result.rows) == sum(n % 7 + 1 for n in range(len(hours)))


@pytest.mark.parametrize("text", ["NA", "nan", "None", "TRUE", "001", "1", "null"])
def test_ids_are_text_whatever_they_look_like(text: str) -> None:
    result = import_file(pool(f"{text},s,H100,on_demand,8,2.5"), "pools.csv", "pools")
    assert [row["pool_id"] for row in result.rows] == ["good", text]


def test_ids_that_differ_in_case_are_two_records_and_are_warned_about() -> None:
    result = import_file(pool("GOOD,s,H100,on_demand,8,2.5"), "pools.csv", "pools")
    assert len(result.rows) == 2
    assert any("differ in case" in warning for warning in result.warnings)


ENCODED = POOLS.decode().replace("site", "name,site", 1) + ("a1,Zürich – 北京,s,H100,on_demand,8,2.5\n")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "double"]
)
def test_encodings_are_read_right(encoding: str) -> None:
    text = ENCODED
    if encoding == "gb18030":
        text = text.replace("Zürich – ", "南京市第一数据中心机房")
    data = ("\ufeff\ufeff" + text).encode() if encoding == "double" else text.encode(encoding)
    result = import_file(data, "pools.csv", "pools")
    assert result.rejected == []
    assert not any("\ufeff" in column for column in result.columns)
    assert result.rows[0]["name"].endswith("北京")
    guessed = encoding in {"utf-16-le", "utf-16-be", "gb18030"}
    assert any(known.name == "encoding" for known in result.assumptions) is guessed


def test_western_text_that_is_not_utf_8_is_read_as_such_and_reported() -> None:
    data = ENCODED.replace(" – 北京", " Größe Señor").encode("latin-1")
    result = import_file(data, "pools.csv", "pools")
    assert result.rows[0]["name"] == "Zürich Größe Señor"
    assert [known.value for known in result.assumptions if known.name == "encoding"] == ["cp1252"]


@pytest.mark.parametrize(("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_delimiters_are_found_and_shown(delimiter: str, word: str) -> None:
    data = (POOLS + GOOD).replace(b",", delimiter.encode())
    result = import_file(data, "pools.csv", "pools")
    assert len(result.rows) == 1
    assert word in result.dialect


def test_a_decimal_comma_is_read_only_when_it_is_said() -> None:
    data = (POOLS + GOOD).replace(b",", b";").replace(b"2.5", b"2,5")
    assert import_file(data, "pools.csv", "pools").rows == []
    result = import_file(data, "pools.csv", "pools", ImportOptions(decimal=","))
    assert result.rows[0][PRICE] == 2.5


def test_one_quote_that_is_not_closed_costs_one_line() -> None:
    lines = [b"p%d,s,H100,on_demand,8,2.5\n" % i for i in range(500)]
    lines[250] = b'"p250,s,H100,on_demand,8,2.5\n'
    result = import_file(POOLS + b"".join(lines), "pools.csv", "pools")
    assert len(result.rows) == 499
    assert [reject.line for reject in result.rejected] == [252]


def test_a_quoted_cell_may_hold_line_breaks_and_lines_are_still_counted() -> None:
    data = POOLS.strip() + b",notes\n" + GOOD.strip() + b',"one\ntwo"\nbad,s,H100,on_demand,8,x,\n'
    result = import_file(data, "pools.csv", "pools")
    assert result.rows[0]["notes"] == "one\ntwo"
    assert [(reject.line, reject.column) for reject in result.rejected] == [(4, PRICE)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(data=st.binary(max_size=600), name=st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xlsx", "a.csv.gz"]))
def test_random_bytes_never_raise(kind: Kind, data: bytes, name: str) -> None:
    check_accounting(import_file(data, name, kind))


HEADERS = [
    POOLS,
    DEMAND,
    PRICES,
    LINKS,
    b"TIMESTAMP,ContextTokens,GeneratedTokens\n",
    b"sn,gpu,model\n",
    b"period_start,w\n",
]
CELLS = st.sampled_from(
    ["", "0", "1", "-1", "1e400", "NaN", "H100", '"', ",", "\n", "2026-06-01T00:00:00Z", "x", "\0", "9" * 30]
)


@settings(max_examples=150)
@given(header=st.sampled_from(HEADERS), cells=st.lists(CELLS, max_size=40), kind=st.sampled_from(KINDS))
def test_random_cells_below_a_known_header_never_raise(header: bytes, cells: list[str], kind: Kind) -> None:
    width = header.count(b",") + 1
    body = "".join(cell + ("\n" if i % width == width - 1 else ",") for i, cell in enumerate(cells))
    check_accounting(import_file(header + body.encode(), "a.csv", kind))


NAMES = st.sampled_from(["pricing", "spot_advisor", "CPU", "RAM", "storage", "GPU", "metadata", "data", "a"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100)
@given(value=VALUES, kind=st.sampled_from(KINDS))
def test_random_json_never_raises(value: object, kind: Kind) -> None:
    check_accounting(import_file(json.dumps(value).encode(), "a.json", kind))
