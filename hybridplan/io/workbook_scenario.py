"""A scenario from the input sheets of a workbook that hybridplan wrote, as they are now: edits in them count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import forms
from hybridplan.io.cells import guard
from hybridplan.io.decode import FileFault
from hybridplan.io.forms import Form
from hybridplan.io.forms.columns import LIST_SEPARATOR, Column
from hybridplan.io.forms.read import read_by_period, read_form
from hybridplan.io.report import Report, shown
from hybridplan.io.spreadsheet import ZIP, as_text, read_sheets
from hybridplan.io.tables import RawTable
from hybridplan.io.workbook_inputs import OTHER, OTHER_HEADER, PREFIX, field_at, split, title_of
from hybridplan.io.workbook_text import decode
from hybridplan.io.workbook_versions import expected
from hybridplan.settings import MAX_UPLOAD_MB

MAX_ISSUES: Final = 200
"""No more are listed: a person mends the first ones, and then looks again."""
_FILE: Final = "file"
_MEND: Final = "Correct it in the workbook, and open that again."
_AGAIN: Final = "Use a workbook that hybridplan wrote."

Cells = list[list[Any]]
Document = dict[str, Any]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as an .xlsx file does."""
    return data.startswith(ZIP)


def read_document(data: bytes) -> tuple[Document | None, list[Issue]]:
    """The plain JSON values of a scenario, not yet checked as one, and issues; None where one of them is an error.

    Issues name sheet, row and column. Never raises for content: the sizes are checked before a sheet is read, and all
    input sheets must be there with all their columns, so that nothing goes back to its default unseen. Workbooks of
    earlier versions lack what came later, all of it together.
    """
    if len(data) > MAX_UPLOAD_MB.read() * 1e6:
        mend = f"Files up to {MAX_UPLOAD_MB.read():g} MB are read."
        return None, [Issue(_FILE, "is too large", f"{len(data) / 1e6:.1f}", "MB", mend)]
    try:
        sheets = read_sheets(data, PREFIX)
    except FileFault as fault:
        return None, [
            Issue(_FILE, str(fault), mend=f"{_AGAIN} If it is too large, delete its sheets of results first.")
        ]
    tables = expected(sheets)
    wanted = [*tables, OTHER]
    missing = [title for title in wanted if title not in sheets]
    if missing:
        names = ", ".join(missing) if len(missing) < len(wanted) else f"whose name begins with {PREFIX.strip()}"
        return None, [Issue(_FILE, f"lacks the sheets of inputs: {names}", mend=_AGAIN)]
    document, issues = _other(sheets[OTHER])
    for title, (form, columns) in tables.items():
        document, found = _merged(document, form, columns, sheets[title])
        issues += found
    issues += [
        Issue(title, "is no sheet of inputs and was not read", mend="Remove or rename it.", severity="warning")
        for title in sheets
        if title not in wanted
    ]
    is_broken = any(issue.severity == "error" for issue in issues)
    return (None if is_broken else document), _few(issues)


def _few(issues: list[Issue]) -> list[Issue]:
    ordered = sorted(issues, key=lambda issue: issue.severity)
    rest = len(ordered) - MAX_ISSUES
    if rest <= 0:
        return ordered
    severity = ordered[MAX_ISSUES].severity
    return [*ordered[:MAX_ISSUES], Issue(_FILE, f"has {rest:,} issues more", severity=severity)]


def _merged(document: Document, form: Form, columns: Sequence[str], cells: Cells) -> tuple[Document, list[Issue]]:
    """The document with the records of one sheet, which must have these columns, and the sheet's issues."""
    title = title_of(form)
    if not form.part and "." not in form.section:
        document = {**document, form.section: {}}
    report = Report()
    table, issues = _table(title, form, columns, cells)
    if issues:
        return document, issues
    (read_by_period if form.by_period else read_form)(table, form, report)
    issues = [_issue(title, r.line, r.column, r.value, r.reason) for r in report.rejected]
    issues += [Issue(title, warning, severity="warning") for warning in report.warnings]
    try:
        return forms.apply(document, form.name, report.rows), issues
    except InvalidInput as error:
        found = [Issue(f"{title}: {i.path}", i.message, i.value, i.unit, i.mend, i.severity) for i in error.issues]
        return document, issues + found


def _issue(title: str, line: int, column: str, value: str, reason: str) -> Issue:
    return Issue(f"{title}, row {line}, {column or 'all columns'}", reason, value, mend=_MEND)


def _table(title: str, form: Form, columns: Sequence[str], cells: Cells) -> tuple[RawTable, list[Issue]]:
    """The sheet as a table of text cells, as the form's own reader takes them; columns of one list joined."""
    header, places, issues = _header(title, columns, cells)
    if issues:
        return RawTable(), issues
    by_name = {column.name: column for column in form.columns}
    table = RawTable(columns=header)
    for line, row in enumerate(cells[1:], start=2):
        texts = []
        for name in header:
            parts = [_cell(row[at], by_name.get(name)) for at in places[name] if at < len(row)]
            texts.append(LIST_SEPARATOR.join(part for part in parts if part) if len(parts) > 1 else "".join(parts))
        if any(texts):
            table.rows.append((line, texts))
    return table, []


def _header(title: str, wanted: Sequence[str], cells: Cells) -> tuple[list[str], dict[str, list[int]], list[Issue]]:
    """Names of the columns, where each stands, and issues: all wanted must be there, none twice."""
    names = [as_text(cell).strip() for cell in cells[0]] if cells else []
    places: dict[str, list[int]] = {}
    issues = []
    for at, name in enumerate(names):
        if not name and not any(row[at] != "" for row in cells if at < len(row)):
            continue
        base, _, number = name.rpartition(" (")
        is_more = number == f"{len(places.get(base, [])) + 1})" and base in wanted
        if is_more:
            places[base].append(at)
        elif name in places:
            issues.append(_issue(title, 1, shown(name) or "a column without a name", "", "stands twice"))
        else:
            places[name] = [at]
    for name in wanted:
        if name not in places:
            issues.append(Issue(f"{title}, row 1, {name}", "this column is missing", mend=_AGAIN))
    return list(places), places, issues


def _cell(value: Any, column: Column | None) -> str:
    """A cell as its text in our CSV forms."""
    if isinstance(value, str):
        text = decode(value)
        if column is None or column.kind != "text":
            return text
        return guard(text) if text or not value else "'"
    if column is not None and column.kind == "date" and isinstance(value, datetime | date):
        is_day = not isinstance(value, datetime) or value == datetime.combine(value.date(), datetime.min.time())
        return value.isoformat()[:10] if is_day else value.isoformat()
    return as_text(value)


def _other(cells: Cells) -> tuple[Document, list[Issue]]:
    """The fields that no form carries."""
    _, places, issues = _header(OTHER, OTHER_HEADER, cells)
    document: Document = {"horizon": {"blocks": {}}}
    if issues:
        return document, issues
    at_field, at_value = (places[name][0] for name in OTHER_HEADER)
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(cells[1:], start=2):
        name = as_text(row[at_field]).strip()
        if not name and row[at_value] == "":
            continue
        path = split(name)
        column = field_at(path) if path else None
        if path is None or column is None:
            issues.append(_issue(OTHER, line, "field", shown(name), "is no field of a scenario"))
        elif path in seen:
            issues.append(_issue(OTHER, line, "field", shown(name), f"stands already in row {seen[path]}"))
        else:
            seen[path] = line
            text = _cell(row[at_value], column)
            value, reason = column.read(text)
            if reason:
                issues.append(_issue(OTHER, line, name, shown(text), reason))
            elif value is not None:
                _put(document, path, value)
    return document, issues


def _put(document: Document, path: tuple[str, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document.setdefault(key, {})
    document[path[-1]] = value
