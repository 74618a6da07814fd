"""Accepted rows into a scenario document: the document is plain JSON values and may be unfinished."""

from __future__ import annotations

import copy
from typing import Any

from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.alignment import ShortTrace
from hybridplan.io.forms import merge
from hybridplan.io.forms.periods import Document, records, section_of
from hybridplan.io.forms.series import apply_periods, apply_trace
from hybridplan.io.forms.spec import FORMS, Form

Row = dict[str, Any]


def apply(document: Document, kind: str, rows: list[Row], *, short_trace: ShortTrace | None = None) -> Document:
    """A new document with ``rows`` merged in; the given one is not changed.

    ``kind`` is the name of a form or what :func:`hybridplan.io.importing.import_file` was asked for (prices, trace,
    ...). A field that a row does not carry is kept; a field whose value is None goes back to its default. Prices go to
    pools of the same provider, region, SKU and purchase option; rates to sites of the same provider and region; links
    to the sites they name. ``short_trace`` says how a trace shorter than the horizon is continued. Raises
    :class:`InvalidInput` where rows do not fit the document, without changing anything.
    """
    result = copy.deepcopy(document)
    if not rows:
        return result
    if kind == "trace":
        apply_trace(result, rows, short_trace)
        return result
    form = _form_of(kind, rows)
    if form is not None and form.by_period:
        apply_periods(result, form, rows, short_trace)
    elif form is not None:
        _merge(result, form, rows)
    elif kind == "prices":
        merge.prices(result, rows)
    elif kind == "sites":
        merge.rates(result, rows)
    elif kind == "links":
        merge.links(result, rows)
    else:
        raise InvalidInput([Issue(kind, "is no kind of table that a scenario holds", mend="Choose another kind.")])
    return result


def _form_of(kind: str, rows: list[Row]) -> Form | None:
    """The form that the rows belong to: by their keys, since one kind covers several forms.

    Rows about a part of a record carry its key too, and perhaps that of another record (the pool of a rate).
    """
    have = set(rows[0])
    fitting = [form for form in FORMS if set(form.keys) <= have]
    named = [form for form in fitting if form.name == kind]
    parts = [form for form in fitting if form.part and form.signature <= have]
    return next(iter(parts or named or fitting), None)


def _merge(document: Document, form: Form, rows: list[Row]) -> None:
    section = section_of(document, form.section)
    unknown = [
        row[form.keys[0]] for row in rows if form.part and row[form.keys[0]] not in records(document, form.section)
    ]
    if unknown:
        raise InvalidInput(
            Issue(
                f"{form.section}.{name}",
                "there is no record with this id",
                name,
                mend=f"Import the {form.section} first.",
            )
            for name in dict.fromkeys(unknown)
        )
    for row in rows:
        fields = {name: value for name, value in row.items() if name not in form.keys}
        if form.part:
            parts = section[row[form.keys[0]]].setdefault(form.part, {})
            last = row[form.keys[1]]
            parts[last] = _updated(parts.get(last), fields) if form.model else next(iter(fields.values()))
        else:
            record_id = row[form.keys[0]]
            section[record_id] = _updated(section.get(record_id), fields)
            if form.name == "workloads":
                section[record_id].setdefault("throughput", {})


def _updated(record: Any, fields: Row) -> Row:
    kept = dict(record) if isinstance(record, dict) else {}
    for name, value in fields.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = value
    return kept
