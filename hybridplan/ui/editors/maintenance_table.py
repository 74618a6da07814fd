"""The table of maintenance: rows that stand for runs in the profiles, and rows that cannot stand there yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from hybridplan.errors import Issue
from hybridplan.ui.editors import maintenance
from hybridplan.ui.editors.columns import AutoId, Column, Table
from hybridplan.ui.editors.grid import Lens
from hybridplan.ui.editors.problems import RowIssue
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.session import Workspace, slot

_TIME_HINT: Final = "2026-06-01T22:00+02:00; without an offset, the time zone of the horizon is taken."

_LATE: Final = Issue("from", "fits by now", mend="Change any cell of this table to take it in.")
"""Of a row that could not be taken in when it was typed, and could be since something else changed."""

MAINTENANCE: Final = Table(
    "maintenance",
    "Maintenance",
    "maintenance",
    ("maintenance", "*"),
    (
        Column("row", "Row", "key", basic=False),
        Column("pool", "Pool", "choice", "Of which pool not all is up.", section="pools"),
        Column("from", "From", "time", f"Start of a period. {_TIME_HINT}", width="medium"),
        Column("to", "To", "time", f"End of a period. {_TIME_HINT}", width="medium"),
        Column("up_share", "Still up (share, 0 to 1)", "share", "0: all of it is down. 75%: a quarter is."),
    ),
    auto_id=AutoId(prefix="m"),
)


@dataclass
class _Rows:
    """What the table says, for as long as the profiles are what it made of them.

    Rows that stand in no profile yet (incomplete, overlapping, outside the blocks) live here only.
    """

    workspace: Workspace | None = None
    profiles: object = None
    records: maintenance.Records = field(default_factory=dict)
    faults: dict[str, Issue] = field(default_factory=dict)


def lens(ws: Workspace) -> Lens:
    """The profiles of maintenance as rows of :data:`MAINTENANCE`."""

    def get(document: Document) -> Document:
        return {**document, "maintenance": _current(ws, document).records}

    def put(document: Document, part: Document) -> Document:
        rows = _current(ws, document)
        rows.records = part["maintenance"]
        document, rows.faults = maintenance.written(document, rows.records)
        rows.profiles = _profiles(document)
        return document

    return Lens(get, put, "Edit maintenance")


def issues(ws: Workspace, found: list[Issue]) -> list[RowIssue]:
    """What is wrong in the rows, and in the profiles that they stand for (``found`` are the issues of the document)."""
    rows = _current(ws, ws.document)
    names = list(rows.records)
    labels = {column.field: column.label for column in MAINTENANCE.columns}
    out = []
    for name, fault in rows.faults.items():
        pool = str(rows.records[name].get("pool", ""))
        text = f"{fault.message}; the row is not in the plan yet"
        out.append(RowIssue(names.index(name) + 1, pool, labels[fault.path], replace(fault, message=text)))
    for pool in section(ws.document, "pools"):
        prefix = f"pools.{pool}.up_share"
        for one in found:
            if one.path == prefix or one.path.startswith(f"{prefix}."):
                number = maintenance.row_at(ws.document, rows.records, pool, one.path.removeprefix(prefix))
                out.append(RowIssue(number, pool, labels["up_share"], one))
    # A run of many periods has the same fault in each of them.
    return list({(one.row, one.name, one.issue.message, one.issue.value): one for one in out}.values())


def _current(ws: Workspace, document: Document) -> _Rows:
    """The rows as typed; read from the profiles anew where something else changed these (undo, import, profiles)."""
    rows, profiles = slot("maintenance-rows", _Rows), _profiles(document)
    if rows.workspace is not ws:
        rows.records, rows.faults = {}, {}
    if rows.workspace is not ws or rows.profiles != profiles:
        kept = [record for name, record in rows.records.items() if name in rows.faults]
        found = [*maintenance.records_of(document).values(), *kept]
        rows.records = {f"m{number}": record for number, record in enumerate(found, start=1)}
        now = maintenance.written(document, rows.records)[1]
        late = list(rows.records)[len(found) - len(kept) :]
        rows.faults = {name: now.get(name, _LATE) for name in rows.records if name in now or name in late}
        rows.workspace, rows.profiles = ws, profiles
    return rows


def _profiles(document: Document) -> Any:
    """All that the rows are made from."""
    pools = {key: pool.get("up_share") for key, pool in section(document, "pools").items() if isinstance(pool, dict)}
    return pools, section(document, "horizon")
