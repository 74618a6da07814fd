"""From a scenario to forms: CSV text that reads back exactly, and templates to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hybridplan.domain import Scenario
from hybridplan.io.cells import guard
from hybridplan.io.forms.periods import Document, profile_rows, records
from hybridplan.io.forms.spec import Form, form_named


def to_csv(source: Scenario | Document, name: str, *, wide: bool = False) -> str:
    """The form called ``name`` as CSV (UTF-8, comma, '.'), with one line per record; exact on import.

    ``wide`` (demand only): one line per period, one column per workload.
    """
    if wide and name == "demand":
        return _text(*_wide(_document(source)))
    header, rows = to_rows(source, name)
    return _text(header, rows)


def template(name: str) -> str:
    """Header and one example line of a form."""
    form = form_named(name)
    return _text(form.header, [[guard(form.example.get(column, "")) for column in form.header]])


def to_rows(source: Scenario | Document, name: str) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    """Header and guarded text cells of a form."""
    form = form_named(name)
    header, rows = to_values(source, name)
    keys = len(form.keys)
    cells = (
        [*(guard(str(key)) for key in row[:keys]), *(c.write(v) for c, v in zip(form.columns, row[keys:], strict=True))]
        for row in rows
    )
    return header, cells


def to_values(source: Scenario | Document, name: str) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """Header and plain values of a form; None where a field is at its default."""
    form = form_named(name)
    document = _document(source)
    return form.header, (_by_period(form, document) if form.by_period else _records(form, document))


def _document(source: Scenario | Document) -> Document:
    return source.to_dict() if isinstance(source, Scenario) else source


def _records(form: Form, document: Document) -> Iterator[list[Any]]:
    for record_id, record in records(document, form.section).items():
        if not form.part:
            yield [record_id, *(record.get(column.name) for column in form.columns)]
            continue
        parts = record.get(form.part)
        for part_id, part in parts.items() if isinstance(parts, dict) else ():
            values = part if isinstance(part, dict) else {form.columns[0].name: part}
            yield [record_id, str(part_id), *(values.get(column.name) for column in form.columns)]


def _by_period(form: Form, document: Document) -> Iterator[list[Any]]:
    with_unit = len(form.columns) > 2
    workloads = records(document, "workloads")
    for record_id, time, value in profile_rows(document, form.section, form.part):
        yield [record_id, time, value, *([unit_per_hour(workloads[record_id])] if with_unit else [])]


def _wide(document: Document) -> tuple[list[str], Iterator[list[str]]]:
    cells: dict[str, dict[str, str]] = {}
    names: dict[str, None] = {}
    value_column = form_named("demand").columns[1]
    for workload_id, time, value in profile_rows(document, "workloads", "demand_units_per_hour"):
        names[workload_id] = None
        cells.setdefault(time, {})[workload_id] = value_column.write(value)
    header = ["period_start", *(guard(name) for name in names)]
    return header, ([time, *(row.get(name, "") for name in names)] for time, row in cells.items())


def unit_per_hour(workload: dict[str, Any]) -> str:
    """Unit of a demand value: the workload's own work unit, per hour."""
    return f"{workload.get('unit', 'accelerator-hours')} per hour"


def _text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
