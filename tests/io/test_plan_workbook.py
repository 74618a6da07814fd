"""The workbook: what a person finds in it, and that its input sheets are the scenario, to the last digit."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from builders import hour, one_site, pool, random_document, rigid
from feature_documents import random_feature_document
from hostile_scenarios import IDS, TEXTS, awkward, long_lists
from hypothesis import given, settings
from hypothesis import strategies as st

import hybridplan as hp
from hybridplan.analysis import planner
from hybridplan.domain import Scenario, require
from hybridplan.errors import Issue
from hybridplan.io import catalogue, scenario_file, scenario_json
from hybridplan.io.exports import plan_excel
from hybridplan.io.importing import ImportOptions, import_file
from hybridplan.io.workbook_inputs import join, split
from hybridplan.io.workbook_scenario import MAX_ISSUES
from hybridplan.io.workbook_text import MAX_CELL, decode, encode, is_exact, size
from hybridplan.plan import Plan, SolverRun, SolveStatus

NOON = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def workbook(scenario: Scenario) -> bytes:
    """The workbook of a scenario without a plan: its inputs are all there."""
    return plan_excel(Plan(scenario, SolveStatus.FAILED, SolverRun("none", "0", 0, 0, 1), pd.DataFrame()), made_at=NOON)


def again(data: bytes) -> Scenario:
    scenario, issues = scenario_file.read(data)
    assert scenario is not None, [str(issue) for issue in issues]
    return scenario


def live_cells(data: bytes) -> list[str]:
    """Cells that are formulas or links."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return [f"{cell.parent.title}!{cell.coordinate}" for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("name", sorted(catalogue.scenario_paths()))
def test_shipped_scenarios_come_back_from_their_workbook(name: str) -> None:
    scenario = scenario_json.load(catalogue.scenario_paths()[name])
    assert again(workbook(scenario)).content_hash == scenario.content_hash


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, len(TEXTS) - 1))
def test_scenarios_of_awkward_text_ids_and_numbers_come_back(seed: int, first: int) -> None:
    scenario = require(awkward(seed, first))
    data = workbook(scenario)
    assert again(data).content_hash == scenario.content_hash


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_random_scenarios_with_every_feature_come_back(seed: int) -> None:
    scenario = require(random_feature_document(seed, whole=True))
    assert again(workbook(scenario)).content_hash == scenario.content_hash


def test_awkward_scenarios_hold_what_they_promise() -> None:
    """Else the round trips would prove little: every text and every odd id occurs in some scenario."""
    text = "".join(scenario_json.dump(require(awkward(seed, 8 * seed))) for seed in range(8))
    assert not [odd for odd in IDS.values() if f'"{odd}"' not in text]
    assert '"=1+1"' in text
    assert '"\'=1"' in text


@pytest.mark.parametrize("first", range(0, len(TEXTS), 8))
def test_no_cell_of_awkward_text_is_a_formula_or_a_link(first: int) -> None:
    assert live_cells(workbook(require(awkward(first + 1, first)))) == []


def test_lists_that_fit_no_cell_go_on_in_further_columns() -> None:
    """900 ids of 80 characters and 899 separators: 72,899 characters, in three cells of at most 32,000."""
    scenario = require(long_lists(1))
    data = workbook(scenario)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Input sites"]
    header = [cell.value for cell in sheet[1]]
    assert [name for name in header if "attributes" in name] == ["attributes", "attributes (2)", "attributes (3)"]
    assert max(len(str(cell.value or "")) for row in sheet.iter_rows() for cell in row) <= MAX_CELL
    assert again(data).content_hash == scenario.content_hash


def test_the_same_plan_and_time_give_the_same_bytes() -> None:
    scenario = require(random_document(5))
    assert workbook(scenario) == workbook(scenario)


@given(st.text() | st.text(alphabet="'\"_x05FDa\ufffe"))
def test_any_text_comes_back_from_its_cell(text: str) -> None:
    cell = encode(text)
    assert decode(cell) == text
    assert not re.search("_x[0-9A-Fa-f]{4}_|[\ufffe\uffff]", cell)


@pytest.mark.parametrize("cell", ["'tis", "'\"half", "'\"1", "text"])
def test_an_apostrophe_that_a_person_typed_is_kept(cell: str) -> None:
    assert decode(cell) == cell


@given(st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:>-]*", fullmatch=True), min_size=1, max_size=4).map(tuple))
def test_names_of_fields_with_dots_in_their_ids_are_taken_apart_exactly(path: tuple[str, ...]) -> None:
    assert split(join(path)) == path


@pytest.mark.parametrize("name", ["", ".", "a.", "a..b", '"a', 'a"b"', '"a"b', '""."'])
def test_what_is_no_name_of_a_field_is_none(name: str) -> None:
    assert split(name) is None or name == '""'


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_a_number_cell_only_where_16_digits_are_enough(value: float) -> None:
    assert is_exact(value) == (repr(float(f"{value:.16G}")) == repr(value) and str(value) != "-0.0")


EVIL = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture(scope="module")
def data() -> bytes:
    """1,500 on demand at 4 USD less a quarter, for one hour: 4,500 USD."""
    document = {
        "schema_version": 1,
        "name": EVIL,
        "horizon": hour(),
        "sites": one_site(electricity_usd_per_kwh=0.21, rates_source="tariff", rates_date="2026-01-01"),
        "pools": {
            "od": pool("on_demand", 2000, 4.0, discount_share=0.25, price_source="list", price_date="2026-05-01")
        },
        "workloads": {"w": rigid([1500.0])},
    }
    return plan_excel(planner.solve(require(document)), made_at=NOON)


def rows_of(data: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))


def test_the_first_sheet_says_what_it_is_when_it_was_made_and_what_each_sheet_holds(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[0] == "Read me"
    said = dict(rows_of(data, "Read me"))
    assert said["Plan"] == EVIL
    assert said["Made at"] == "2026-06-01 12:30 UTC"
    assert said["Inputs sha256"] == again(data).content_hash
    assert "USD" in said["Money"]
    assert "other sheets are not read" in said["Open it again"]
    assert all(said.get(title) for title in book.sheetnames[1:])


def test_prices_are_listed_with_discount_unit_source_and_date(data: bytes) -> None:
    """4 USD less a quarter is 3."""
    header, *rows = rows_of(data, "Prices")
    found = {(row[0], row[1]): dict(zip(header, row, strict=True)) for row in rows}
    rented = found["on demand", "od"]
    assert (rented["list price"], rented["discount"], rented["price in force"]) == (4, 0.25, 3)
    assert (rented["unit"], rented["source"], rented["date"]) == ("USD per accelerator-hour", "list", "2026-05-01")
    assert found["electricity", "here"]["price in force"] == 0.21


def test_amounts_have_thousands_separated_and_cents(data: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Costs"]
    assert [cell.value for cell in sheet[1]] == [
        "term",
        "kind",
        "meaning",
        "usd (USD over the horizon)",
        "usd_per_year (USD per year)",
    ]
    usage = next(row for row in sheet.iter_rows() if row[0].value == "usage")
    assert (usage[3].value, usage[3].number_format) == (pytest.approx(4500), "#,##0.00")
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "all costs")
    assert total[3] == pytest.approx(4500)


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def column_of(book: Any, sheet: str, column: str) -> int:
    return [cell.value for cell in book[sheet][1]].index(column) + 1


def put(book: Any, sheet: str, column: str, value: Any, row: int = 2) -> None:
    book[sheet].cell(row, column_of(book, sheet, column)).value = value


def test_what_is_saved_by_another_program_is_still_the_same_scenario() -> None:
    for seed in (1, 2):
        scenario = require(awkward(seed, 24))
        assert again(edited(workbook(scenario), lambda book: None)).content_hash == scenario.content_hash


def test_edits_of_inputs_count_and_edits_elsewhere_do_not(data: bytes) -> None:
    def inputs(book: Any) -> None:
        put(book, "Input pools", "price_usd_per_accelerator_hour", 5)
        put(book, "Input pools", "price_date", datetime(2026, 7, 1))
        put(book, "Input pools", "notes", 42)
        put(book, "Input pools", "discount_share", None)
        put(book, "Input demand", "value", 1000)
        book["Input other"].append(["policy.carbon_usd_per_tonne", 80])

    def results(book: Any) -> None:
        book["Costs"]["D2"] = 1
        book["Read me"]["B1"] = "Another name"

    found = again(edited(data, inputs))
    changed = found.pools["od"]
    assert changed.price_usd_per_accelerator_hour == 5
    assert (str(changed.price_date), changed.notes, changed.discount_share) == ("2026-07-01", "42", None)
    assert found.workloads["w"].demand_units_per_hour == {"b": (1000,)}
    assert found.policy.carbon_usd_per_tonne == 80
    assert again(edited(data, results)).content_hash == again(data).content_hash


FAULTS: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "text for a number": (
        lambda book: put(book, "Input pools", "price_usd_per_accelerator_hour", "four"),
        "Input pools, row 2, price_usd_per_accelerator_hour",
        "is not a number",
    ),
    "a number out of range": (
        lambda book: put(book, "Input demand", "value", -1),
        "Input demand, row 2, value",
        "negative",
    ),
    "a choice that is none": (
        lambda book: put(book, "Input pools", "purchase_option", "leased"),
        "Input pools, row 2, purchase_option",
        "owned",
    ),
    "a time without offset": (
        lambda book: put(book, "Input demand", "period_start", datetime(2026, 6, 1)),
        "Input demand, row 2, period_start",
        "no offset",
    ),
    "a hole in the demand": (
        lambda book: put(book, "Input demand", "value", None),
        "Input demand, row 2, value",
        "empty",
    ),
    "a deleted column": (
        lambda book: book["Input pools"].delete_cols(column_of(book, "Input pools", "price_includes_energy")),
        "Input pools, row 1, price_includes_energy",
        "missing",
    ),
    "a renamed column": (lambda book: book["Input sites"].cell(1, 2, "Name"), "Input sites, row 1, name", "missing"),
    "a column twice": (lambda book: book["Input sites"].cell(1, 40, "pue"), "Input sites, row 1, pue", "twice"),
    "a deleted sheet": (lambda book: book.remove(book["Input links"]), "file", "Input links"),
    "an unknown field": (
        lambda book: book["Input other"].append(["policy.colour", 1]),
        "Input other, row 6, field",
        "no field",
    ),
    "a field twice": (lambda book: book["Input other"].append(["name", "x"]), "Input other, row 6, field", "row 3"),
    "an empty name": (lambda book: put(book, "Input other", "value", None, 3), "name", "field required"),
    "a record that does not exist": (
        lambda book: put(book, "Input throughput", "workload_id", "nobody"),
        "Input throughput: workloads.nobody",
        "no record",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_by_sheet_row_and_column(case: str, data: bytes) -> None:
    change, where, why = FAULTS[case]
    scenario, issues = scenario_file.read(edited(data, change))
    assert scenario is None
    assert [issue for issue in issues if issue.path == where and why in issue.message], [str(issue) for issue in issues]


def test_a_formula_that_nobody_calculated_is_not_taken_for_an_empty_cell(data: bytes) -> None:
    """openpyxl writes formulas without results; a discount would go back to its default, 0, unseen."""
    scenario, issues = scenario_file.read(edited(data, lambda book: put(book, "Input pools", "discount_share", "=0.1")))
    assert scenario is None
    assert re.search(r"a formula without its result in cell [A-Z]+2:", issues[0].message)


@pytest.mark.parametrize(("result", "discount"), [(b"<v>0.25</v>", 0.25), (b"", None), (b"<v/>", None)])
def test_a_formula_counts_by_the_result_that_stands_beside_it(
    data: bytes, result: bytes, discount: float | None
) -> None:
    members = members_of(edited(data, lambda book: put(book, "Input pools", "discount_share", "=1/4")))
    (name,) = [name for name, content in members.items() if b"<f>1/4</f>" in content]
    members[name] = re.sub(rb"(<f>1/4</f>)<v ?/>", rb"\1" + result, members[name])
    scenario, _ = scenario_file.read(packed(members))
    assert (None if scenario is None else next(iter(scenario.pools.values())).discount_share) == discount


def test_a_long_blank_behind_a_formula_takes_no_longer_than_it_is(data: bytes) -> None:
    """A search that starts anew at each of two million blanks would not come to an end."""
    members = members_of(edited(data, lambda book: put(book, "Input pools", "discount_share", "=1/4")))
    (name,) = [name for name, content in members.items() if b"<f>1/4</f>" in content]
    members[name] = re.sub(rb"(<f>1/4</f>)<v ?/>", rb"\1" + b" " * 2_000_000 + b"<w/>", members[name])
    scenario_file.read(packed(members))


def test_a_formula_whose_result_is_empty_text_is_an_empty_cell(data: bytes) -> None:
    members = members_of(edited(data, lambda book: put(book, "Input pools", "name", '=""')))
    (name,) = [name for name, content in members.items() if b'<f>""</f>' in content]
    members[name] = re.sub(rb'<c (r="[A-Z]+2")([^<>]*><f>"")', rb'<c \1 t="str"\2', members[name])
    scenario, issues = scenario_file.read(packed(members))
    assert scenario is not None, issues


def test_other_sheets_of_that_name_are_said_not_to_be_read(data: bytes) -> None:
    scenario, issues = scenario_file.read(edited(data, lambda book: book.create_sheet("Input ideas")))
    assert scenario is not None
    assert [issue.path for issue in issues if "not read" in issue.message] == ["Input ideas"]


def test_a_thousand_faults_are_not_all_listed() -> None:
    """500 values, one rule that a set of values breaks as a whole: 501, of which 200 are listed."""

    def spoil(book: Any) -> None:
        for row in range(2, 502):
            put(book, "Input demand", "value", "x", row)

    scenario, issues = scenario_file.read(
        edited(workbook(scenario_json.load(catalogue.scenario_paths()["demo"])), spoil)
    )
    assert scenario is None
    assert len(issues) == MAX_ISSUES + 1
    assert "301 issues more" in issues[-1].message


def test_library_loads_a_workbook_as_it_loads_a_file(tmp_path: Any, data: bytes) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(data)
    assert hp.load(path).name == EVIL
    path.write_bytes(data[:500])
    with pytest.raises(hp.InvalidInput, match="damaged workbook"):
        hp.load(path)


REFERENCES = (b"XFD1048576", b"A1048577", b"ZZZZZZ9", b"A99999999999", b"xfd9", b"A00000001048576", b"IV1000000")
TEXT_CELLS = (b"Input pools", b"=1+1", b"site_id", b"attributes (2)", b"'", b"'&quot;", b"9" * 40_000, b"true")
NUMBERS = (b"999999999", b"-1", b"", b"1e400", b"NaN", b"x" * 100)


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bits flipped, cut off, members damaged, dropped or swapped, references far out, other numbers and texts."""
    kind = rng.choice(("bits", "cut", "bytes", "piece", "member", "swap", "references", "numbers", "texts", "names"))
    if kind == "bits":
        raw = bytearray(data)
        for _ in range(rng.choice([1, 3, 30])):
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        return bytes(raw)
    if kind == "cut":
        return data[: rng.randrange(4, len(data))]
    members = members_of(data)
    name = rng.choice(sorted(members))
    content = bytearray(members[name])

    def some(pattern: bytes, around: tuple[bytes, bytes], choices: tuple[bytes, ...]) -> bytes:
        return re.sub(
            pattern,
            lambda match: around[0] + rng.choice(choices) + around[1] if rng.random() < 0.2 else match[0],
            bytes(content),
        )

    if kind == "bytes":
        for _ in range(rng.choice([1, 5, 50])):
            content[rng.randrange(len(content))] = rng.randrange(256)
    elif kind == "piece":
        start = rng.randrange(len(content))
        del content[start : start + rng.randrange(200)]
    elif kind == "swap":
        content = bytearray(members[rng.choice(sorted(members))])
    elif kind == "names":
        name = "xl/workbook.xml"
        content = bytearray(members[name].replace(b"Input", rng.choice([b"input", b"Output"]), rng.randrange(1, 5)))
    elif kind == "references":
        content = bytearray(some(rb'r="[A-Z]+\d+"', rng.choice([(b'r="', b'"'), (b"r = '", b"'")]), REFERENCES))
    elif kind == "numbers":
        content = bytearray(some(rb"<v>[^<]*</v>", (b"<v>", b"</v>"), NUMBERS))
    elif kind == "texts":
        content = bytearray(some(rb"<t[^>]*>[^<]*</t>", (b"<t>", b"</t>"), TEXT_CELLS))
    members[name] = bytes(content)
    if kind == "member":
        del members[name]
    return packed(members)


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_500_damaged_workbooks_give_issues_or_a_scenario_and_never_raise(start: int, data: bytes) -> None:
    refused = 0
    for seed in range(start, start + 100):
        scenario, issues = scenario_file.read(damaged(data, random.Random(seed)))
        errors = [issue for issue in issues if issue.severity == "error"]
        assert bool(errors) is (scenario is None), seed
        assert len(issues) <= 2 * MAX_ISSUES, seed
        refused += scenario is None
    assert refused >= 20


def sheet_with(cell: bytes) -> bytes:
    return b'<worksheet><sheetData><row r="1"><c ' + cell + b"><v>1</v></c></row></sheetData></worksheet>"


BOMBS: dict[str, tuple[dict[str, bytes], str]] = {
    "far to the right": ({"xl/worksheets/sheet5.xml": sheet_with(b'r="XFD9"')}, "columns"),
    "in single quotes": ({"xl/worksheets/sheet5.xml": sheet_with(b"r = 'XFD9'")}, "columns"),
    "in small letters": ({"xl/worksheets/sheet5.xml": sheet_with(b'r="xfd9"')}, "columns"),
    "far down, with zeros": ({"xl/worksheets/sheet5.xml": sheet_with(b'r="A000001048577"')}, "rows"),
    "a wide rectangle": ({"xl/worksheets/sheet5.xml": sheet_with(b'r="CV100000"')}, "room for more than"),
    "a sheet elsewhere": ({"xl/sharedStrings.xml": sheet_with(b'r="XFD9"')}, "damaged"),
    "unpacks to too much": ({"xl/worksheets/sheet5.xml": b" " * 101_000_000}, "unpacks to more than 100 MB"),
    "also an OpenDocument": ({"content.xml": b"<x/>"}, "not an .xlsx workbook"),
    "also a binary workbook": ({"xl/workbook.bin": b"\0"}, "not an .xlsx workbook"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_read(case: str, data: bytes) -> None:
    members, why = BOMBS[case]
    scenario, issues = scenario_file.read(packed(members_of(data) | members))
    assert scenario is None
    assert [issue.path for issue in issues] == ["file"]
    assert why in issues[0].message


@pytest.mark.parametrize("number", ["1e300", "-1e300", "inf", "1e18", "4294967296"])
@pytest.mark.parametrize("form", ["yyyy-mm-dd", "[h]:mm:ss"])
def test_a_date_or_a_time_beyond_all_calendars_is_an_issue_and_no_crash(number: str, form: str, data: bytes) -> None:
    def date(book: Any) -> None:
        put(book, "Input pools", "price_date", datetime(2026, 1, 1))
        at = [cell.value for cell in book["Input pools"][1]].index("price_date") + 1
        book["Input pools"].cell(2, at).number_format = form

    members = members_of(edited(data, date))
    name = next(name for name, content in members.items() if b"<v>46023</v>" in content)
    spoilt = packed(members | {name: members[name].replace(b"<v>46023</v>", f"<v>{number}</v>".encode())})
    scenario, issues = scenario_file.read(spoilt)
    assert scenario is None
    assert "damaged workbook" in issues[0].message or issues[0].path == "Input pools, row 2, price_date"
    assert import_file(spoilt, "plan.xlsx", "pools", ImportOptions()).rows == []


def test_a_file_larger_than_allowed_and_one_that_is_no_workbook_of_ours_are_refused(data: bytes) -> None:
    def first(content: bytes) -> Issue:
        scenario, issues = scenario_file.read(content)
        assert scenario is None
        return issues[0]

    assert "too large" in first(data + b"\0" * 25_000_000).message
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    assert "whose name begins with Input" in first(buffer.getvalue()).message
    assert "zip archive" in first(packed({"a.csv": b"x"})).message


def test_text_that_fits_no_cell_is_cut_in_results_with_a_note() -> None:
    """Results may hold longer text than a cell does; the cut is said, and inputs are never cut."""
    from hybridplan.io.workbook_sheets import fitting

    long = "😀" * 20_000
    assert size(long) == 40_000
    assert size(fitting(long)) <= MAX_CELL
    assert fitting(long).endswith("(cut here; the JSON export has all of it)")
    assert fitting("short") == "short"
