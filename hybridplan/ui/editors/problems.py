"""Issues by row: which row and column of a table an issue is about, in the table's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from hybridplan.domain.checks.fields import key_in_path
from hybridplan.errors import Issue
from hybridplan.ui.editors.columns import SCALAR, Table
from hybridplan.ui.editors.data_tables import DATASETS
from hybridplan.ui.editors.demand_tables import BLOCKS, WORKLOADS
from hybridplan.ui.editors.failure_tables import CONTINGENCIES, PROMISES
from hybridplan.ui.editors.ids import NAMELESS, given_twice
from hybridplan.ui.editors.inventory_tables import LINKS, POOLS, SITES
from hybridplan.ui.editors.purchase_tables import TIER_TERMS
from hybridplan.ui.editors.references import broken
from hybridplan.ui.editors.rows import Document, Row, rows, section

_MENDS = {
    "number": "Write a plain number with '.' as the decimal sign.",
    "share": "Write a share from 0 to 1, or a percentage such as 5%.",
    "time": "Write e.g. 2026-06-01T00:00+02:00.",
}
_PLAIN = {
    "input should be a valid number": "is not a number",
    "input should be a valid integer": "is not a whole number",
    "input should be a valid string": "is not text",
    "input should be ": "should be ",
}
"""How the checks of single fields begin, in plainer words."""
_CHECK_VALUE = "Check the value and its unit."
COLUMNS = ("Kind", "Row", "Id", "Column", "What", "Found", "Unit", "How to mend it")


@dataclass(frozen=True)
class RowIssue:
    """An issue with its place in a table: row number (from 1; 0 for the whole table), ids of the row, column label."""

    row: int
    name: str
    column: str
    issue: Issue


def all_issues(document: Document, found: Sequence[Issue]) -> list[Issue]:
    """``found`` and the broken references, which the checks report only once every field is valid."""
    seen = {(issue.path, issue.message, issue.value) for issue in found}
    return [*found, *(i for i in broken(document) if (i.path, i.message, i.value) not in seen)]


def issues_in(table: Table, document: Mapping[str, Any], issues: Iterable[Issue]) -> list[RowIssue]:
    """The issues about this table's rows and fields, in the order of its rows, errors first."""
    found = rows(document, table)
    places = {_path(table, row): number for number, row in enumerate(found, start=1)}
    wholes = {".".join(table.path[: table.path.index("*")]): "", **_wholes(table, document)}
    out = []
    for issue in issues:
        prefix = max((p for p in places if issue.path == p or issue.path.startswith(f"{p}.")), key=len, default=None)
        if prefix is not None:
            number = places[prefix]
            named = _about_row(table, found[number - 1], number, issue, issue.path[len(prefix) + 1 :])
            if named is not None:
                out.append(replace(named, issue=_headed(table, named.issue)))
        elif issue.path in wholes:
            out.append(RowIssue(0, wholes[issue.path], "", issue))
    return sorted(out, key=lambda one: (one.issue.severity != "error", one.row))


def issue_frame(found: Sequence[RowIssue]) -> pd.DataFrame:
    """Issues as a table of text: what is wrong, in which row and column, and how to mend it."""
    cells = [
        [
            one.issue.severity,
            str(one.row or ""),
            one.name,
            one.column,
            one.issue.message,
            one.issue.value,
            one.issue.unit,
            one.issue.mend,
        ]
        for one in found
    ]
    return pd.DataFrame(cells, columns=list(COLUMNS), dtype="str")


def _about_row(table: Table, row: Row, number: int, issue: Issue, rest: str) -> RowIssue | None:
    """The issue in this table's words; None where it is about a field that another table shows."""
    own, name = row.key[-1], " / ".join(row.key)
    field = SCALAR if table.is_scalar else rest.split(".")[0]
    column = next((c for c in table.columns if c.field == field and c.kind != "key"), None)
    if not rest and not table.is_scalar:
        if own.startswith(NAMELESS):
            issue = replace(issue, message="has no id", value="", mend=f"Give the {table.noun} an id.")
        elif twice := given_twice(own):
            mend = f"Give each {table.noun} its own id."
            issue = replace(issue, message=f"the id {twice} is given twice", value=twice, mend=mend)
        return RowIssue(number, name, table.keys[-1].label, issue)
    if rest and field in table.repeated:
        return None
    if column is None:
        is_top = len(table.keys) == 1 and table.grows and (rest.split(".")[0] not in table.elsewhere)
        return RowIssue(number, name, rest, issue) if is_top else None
    mend = _MENDS.get(column.kind, "") if issue.mend.startswith(("Write a", "Add the offset")) else ""
    if column.kind == "share" and issue.mend == _CHECK_VALUE:
        mend = _MENDS["share"]
    if issue.mend == "Add the field.":
        issue = replace(issue, message="is empty", mend="Fill it in." + _list_hint(column.kind))
    return RowIssue(number, name, column.label, replace(issue, message=_plain(issue.message), mend=mend or issue.mend))


def _wholes(table: Table, document: Mapping[str, Any]) -> dict[str, str]:
    """Paths of all rows of one record together (``workloads.train.scaling``), with the id of the record."""
    if len(table.keys) == 1:
        return {}
    first = table.path.index("*")
    start, part = ".".join(table.path[:first]), table.path[first + 1]
    return {f"{start}.{name}.{part}": name for name in section(document, start)}


def _plain(message: str) -> str:
    found = next((begin for begin in _PLAIN if message.startswith(begin)), None)
    return message if found is None else message.replace(found, _PLAIN[found], 1)


def _headed(table: Table, issue: Issue) -> Issue:
    """The issue with headings for fields: ``is above max_new_accelerators`` becomes ``is above New at most``."""
    labels = _OTHERS | _labels(table)

    def written(text: str) -> str:
        return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda found: labels.get(found[0], found[0]), text)

    return replace(issue, message=written(issue.message), mend=written(issue.mend))


def _labels(table: Table) -> dict[str, str]:
    return {column.field: column.label.split(" (")[0] for column in table.columns}


_OTHERS: Final = {
    field: label
    for table in (CONTINGENCIES, SITES, LINKS, DATASETS, PROMISES, WORKLOADS, BLOCKS, TIER_TERMS, POOLS)
    for field, label in _labels(table).items()
}
"""Headings of fields of other tables, which what is wrong in a row may lie in."""


def _list_hint(kind: str) -> str:
    return " A pasted value that is not in the list is not taken." if kind == "choice" else ""


def _path(table: Table, row: Row) -> str:
    keys = iter(row.key)
    return ".".join(key_in_path(next(keys)) if part == "*" else part for part in table.path)
