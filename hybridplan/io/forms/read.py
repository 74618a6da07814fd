"""From text cells to the rows of a form: strict, row by row, every fault with its line and column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from hybridplan.domain.checks import issues_of
from hybridplan.domain.record import Identifier
from hybridplan.io.cells import restore
from hybridplan.io.forms.columns import Column
from hybridplan.io.forms.sense import warn_far_from_catalogue, warn_unusual
from hybridplan.io.forms.spec import Form
from hybridplan.io.numbers import Decimal, parse_number
from hybridplan.io.report import Report, count
from hybridplan.io.tables import RawTable
from hybridplan.io.times import parse_time
from hybridplan.units import MAGNITUDE_MAX, MAGNITUDE_MIN

Row = dict[str, Any]

_ALIASES = {"units_per_hour": "value", "demand_units_per_hour": "value"}
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


def own_names(columns: list[str], form: Form) -> list[str]:
    """The header in the form's own names: ``id`` for its key, ``units_per_hour`` for a demand value."""
    names = [_ALIASES.get(name, name) if form.name == "demand" else name for name in columns]
    if form.keys[0] not in names:
        names = [form.keys[0] if name == "id" else name for name in names]
    return names


def read_form(table: RawTable, form: Form, report: Report, decimal: Decimal = ".") -> None:
    """Read a table of one row per record (or per part of a record) into ``report``."""
    header = own_names(table.columns, form)
    if not _has_columns(header, form, table, report):
        return
    known = {column.name: column for column in form.columns}
    keys = [header.index(key) for key in form.keys]
    fields = [(i, known[name]) for i, name in enumerate(header) if name in known]
    _warn_unknown(header, form, report)
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in table.rows:
        names = tuple(clean_id(cells[i]) for i in keys)
        row: Row = dict(zip(form.keys, names, strict=True))
        faults = [
            (key, cells[i], fault) for key, i in zip(form.keys, keys, strict=True) if (fault := _bad_id(cells[i]))
        ]
        for i, column in fields:
            row[column.name], reason = column.read(cells[i], decimal)
            if reason:
                faults.append((column.name, cells[i], reason))
        faults = faults or _invalid(form, row, fields, cells)
        if not faults and names in seen:
            faults = [(form.keys[-1], names[-1], f"stands already in line {seen[names]}")]
        for column_name, value, reason in faults:
            report.reject(line, column_name, value, reason)
        if not faults:
            seen[names] = line
            report.rows.append(row)
            report.used.add(line)
    _warn_same_but_for_case(seen, report)
    warn_unusual(report, form.keys[0])
    if form.name == "pools":
        warn_free_pools(report)
        warn_far_from_catalogue(report)


def read_by_period(table: RawTable, form: Form, report: Report, decimal: Decimal = ".") -> None:
    """Read demand or maintenance in long form: one row per record and period."""
    header = own_names(table.columns, form)
    if not _has_columns(header, form, table, report):
        return
    _warn_unknown(header, form, report)
    key, value_column = form.keys[0], form.columns[1]
    at_key, at_time, at_value = header.index(key), header.index("period_start"), header.index(value_column.name)
    at_unit = header.index("unit") if "unit" in header and len(form.columns) > 2 else None
    most = 1.0 if value_column.name == "up_share" else MAGNITUDE_MAX
    cells_of = (
        (line, cells[at_key], cells[at_time], cells[at_value], "" if at_unit is None else cells[at_unit])
        for line, cells in table.rows
    )
    _read_values(cells_of, key, value_column, most, report, decimal)


def read_wide(table: RawTable, report: Report, decimal: Decimal = ".") -> None:
    """Read demand in wide form: ``period_start`` and one column per workload; an empty cell is no demand given."""
    names = [restore(name) for name in table.columns[1:]]
    bad = [(name, fault) for name in names if (fault := _bad_id(name))]
    for name, fault in bad:
        report.reject(1, name, name, f"as the id of a workload: {fault}")
    if bad:
        return
    value_column = Column("value", "number", required=True)
    cells_of = (
        (line, name, cells[0], cell, "")
        for line, cells in table.rows
        for name, cell in zip(names, cells[1:], strict=True)
        if cell.strip()
    )
    _read_values(cells_of, "workload_id", value_column, MAGNITUDE_MAX, report, decimal, names_of_values=True)
    broken = {reject.line for reject in report.rejected}
    for line, cells in table.rows:
        if line not in report.used and line not in broken:
            report.reject(line, "", ",".join(cells), "gives no demand")


def _read_values(
    cells_of: Iterable[tuple[int, str, str, str, str]],
    key: str,
    column: Column,
    most: float,
    report: Report,
    decimal: Decimal,
    *,
    names_of_values: bool = False,
) -> None:
    """The common loop, kept lean: forms of a year have hundreds of thousands of values."""
    seen: dict[tuple[str, Any], int] = {}
    good_ids: set[str] = set()
    for line, record, time, cell, unit in cells_of:
        record_id = record.strip()
        if record_id not in good_ids:
            fault = _bad_id(record)
            if fault:
                report.reject(line, key, record, fault)
                continue
            good_ids.add(record_id)
        moment, value = parse_time(time), parse_number(cell, decimal)
        where = record_id if names_of_values else column.name
        if isinstance(moment, str):
            report.reject(line, "period_start", time, moment)
        elif isinstance(value, str):
            report.reject(line, where, cell, value)
        elif fault := _out_of_range(value, most):
            report.reject(line, where, cell, fault)
        elif (record_id, moment) in seen:
            report.reject(line, "period_start", time, f"stands already in line {seen[record_id, moment]}")
        else:
            seen[record_id, moment] = line
            row = {key: record_id, "period_start": moment.isoformat(), column.name: value}
            report.rows.append({**row, "unit": restore(unit)} if unit else row)
            report.used.add(line)


def _out_of_range(value: float, most: float) -> str:
    if value < 0:
        return "is negative"
    if value > most:
        return f"is above {most:g}"
    return f"is below {MAGNITUDE_MIN:g}; check the unit" if 0 < value < MAGNITUDE_MIN else ""


def _has_columns(header: list[str], form: Form, table: RawTable, report: Report) -> bool:
    missing = sorted(form.signature - set(header))
    for name in missing:
        report.reject(1, name, "", f"the form {form.name} needs this column, and the header has none")
    for line, _ in table.rows if missing else ():
        report.reject(line, missing[0], "", "the column is missing")
    return not missing


def _warn_unknown(header: list[str], form: Form, report: Report) -> None:
    unknown = [name or "(no name)" for name in header if name not in form.header]
    if unknown:
        report.warn(f"columns that the form {form.name} does not know were not read: {', '.join(unknown)}")


def clean_id(cell: str) -> str:
    """An id as it is kept: without blanks around it and without the guard against formulas."""
    return restore(cell.strip())


def _bad_id(cell: str) -> str:
    text = clean_id(cell)
    if not text:
        return "is empty"
    try:
        _IDENTIFIER.validate_python(text, strict=True)
    except ValidationError:
        hidden = [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs"}]
        if hidden:
            return f"contains an invisible character (U+{ord(hidden[0]):04X})"
        return "is no id: use letters, digits and . _ : > - only, at most 80, starting with a letter or digit"
    return ""


def _invalid(form: Form, row: Row, fields: list[tuple[int, Column]], cells: list[str]) -> list[tuple[str, str, str]]:
    found = {name: value for name, value in row.items() if name not in form.keys and value is not None}
    text_of = {column.name: cells[i] for i, column in fields}
    if form.model is None:
        column = form.columns[0]
        value = found.get(column.name)
        fault = "is empty" if value is None else _out_of_range(value, MAGNITUDE_MAX)
        return [(column.name, text_of[column.name], fault)] if fault else []
    required = {column.name for column in form.columns if column.required}
    # The parts that other forms carry are not in this row: stand-ins satisfy the record's own check.
    stand_ins: Row = {"throughput": {}} if form.name == "workloads" else {}
    try:
        form.model.model_validate_json(to_json({**stand_ins, **found}), strict=True)
    except ValidationError as error:
        return [
            (name, text_of.get(name, ""), "is empty" if name in required and name not in found else issue.message)
            for issue in issues_of(error)
            for name in [issue.path.split(".")[0]]
        ]
    return []


def _warn_same_but_for_case(seen: dict[tuple[str, ...], int], report: Report) -> None:
    folded: dict[tuple[str, ...], tuple[str, ...]] = {}
    for names in seen:
        other = folded.setdefault(tuple(name.casefold() for name in names), names)
        if other != names:
            report.warn(f"the ids {names[-1]} and {other[-1]} differ in case only; they are two records")


def warn_free_pools(report: Report) -> None:
    """A price of 0 makes an owned pool free to use: allowed, but never unseen."""
    free = [
        str(row.get("pool_id", ""))
        for row in report.rows
        if row.get("purchase_option") == "owned" and row.get("price_usd_per_accelerator_hour") == 0
    ]
    if free:
        names = ", ".join(free[:5]) + (" and more" if len(free) > 5 else "")
        report.warn(
            f"{count(len(free), 'owned pool')} with a price of 0, so free to use: {names}. Check that it is meant"
        )
